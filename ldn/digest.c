#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cpl_vsi.h>

#include "rank.h"
#include "sha256.h"

/* Read and hashed at a time: small enough to stay in the processor's own cache. */
enum { PIECE = 128 << 10 };

typedef struct digest_file {
	char *path;
	bool local; /* the system's file, not one of GDAL's */
	uint64_t size, done;
	struct stat seen;
	int64_t seen_time; /* of GDAL's files */
	pthread_mutex_t lock;
	int descriptor;
	VSILFILE *stream;
	sha256 hash;
	bool held;   /* the unfinished hash is this rank's now */
	bool passed; /* and was handed on */
	char hex[65];
} digest_file;

struct digest {
	digest_file **files;
	size_t count;
	size_t taken; /* hashes that came from the rank before */
	double from, to; /* this rank's part of each */
	pthread_t ahead; /* hashes the first file until the workers come */
	digest_file *ahead_file;
	atomic_bool ahead_runs;
};

/* What goes from rank to rank. */
typedef struct relay {
	size_t index;
	uint64_t done;
	sha256 hash;
} relay;

digest *digest_new(void)
{
	digest *all = memory_new(1, sizeof *all);
	all->from = rank_number() == 0 ? 0 : 1;
	all->to = 1;
	return all;
}

void digest_part(digest *all, double from, double to)
{
	all->from = from;
	all->to = to;
}

void digest_free(digest *all)
{
	if (all)
		digest_ahead_end(all);
	for (size_t i = 0; all && i < all->count; i++) {
		digest_file *file = all->files[i];
		if (file->descriptor >= 0)
			close(file->descriptor);
		if (file->stream)
			VSIFCloseL(file->stream);
		pthread_mutex_destroy(&file->lock);
		free(file->path);
		free(file);
	}
	if (all)
		free(all->files);
	free(all);
}

bool digest_add(digest *all, const char *path, failure *why)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->files[i]->path, path) == 0)
			return true;
	digest_file *file = memory_new(1, sizeof *file);
	file->path = text_copy(path);
	file->descriptor = -1;
	file->held = rank_number() == 0;
	pthread_mutex_init(&file->lock, NULL);
	all->files = memory_grow(all->files, all->count + 1, sizeof *all->files);
	all->files[all->count++] = file;
	sha256_start(&file->hash);
	if (stat(path, &file->seen) == 0) {
		file->local = true;
		file->size = S_ISREG(file->seen.st_mode) ? (uint64_t)file->seen.st_size : 0;
		return true;
	}
	VSIStatBufL found;
	if (VSIStatL(path, &found) != 0)
		return failure_system(why, _("cannot be read"), path);
	file->size = VSI_ISREG(found.st_mode) ? (uint64_t)found.st_size : 0;
	file->seen_time = (int64_t)found.st_mtime;
	return true;
}

bool digest_holds(const digest *all, const char *path)
{
	struct stat found;
	if (stat(path, &found) != 0)
		return false;
	for (size_t i = 0; i < all->count; i++)
		if (all->files[i]->local && all->files[i]->seen.st_dev == found.st_dev && all->files[i]->seen.st_ino == found.st_ino)
			return true;
	return false;
}

static bool file_open(digest_file *file, failure *why)
{
	if (file->descriptor >= 0 || file->stream)
		return true;
	if (file->local) {
		file->descriptor = open(file->path, O_RDONLY | O_CLOEXEC);
		return file->descriptor >= 0 || failure_system(why, _("cannot be read"), file->path);
	}
	file->stream = VSIFOpenL(file->path, "rb");
	return file->stream || failure_gdal(why, _("cannot be read"), file->path);
}

static bool file_changed(const digest_file *file, failure *why)
{
	return failure_set(why, _("%s: changed while it was being read; run again when nothing writes to it"), file->path);
}

static bool file_read(digest_file *file, uint64_t goal, failure *why)
{
	if (!file_open(file, why))
		return false;
	void *piece = memory_grow(NULL, PIECE, 1);
	bool fine = true;
	while (fine && file->done < goal) {
		size_t want = goal - file->done < PIECE ? (size_t)(goal - file->done) : PIECE;
		ssize_t got = file->local ? pread(file->descriptor, piece, want, (off_t)file->done) : (ssize_t)VSIFReadL(piece, 1, want, file->stream);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			fine = failure_system(why, _("cannot be read"), file->path);
		else if (got == 0)
			fine = file_changed(file, why);
		else
			sha256_add(&file->hash, piece, (size_t)got);
		file->done += fine ? (uint64_t)got : 0;
	}
	free(piece);
	return fine;
}

/* Hash up to `goal` bytes of a file whose lock is held; the last rank ends the hash. */
static bool file_advance(digest_file *file, uint64_t goal, failure *why)
{
	if (file->done < goal && !file_read(file, goal, why))
		return false;
	if (file->done == file->size && rank_number() + 1 == rank_count() && !file->hex[0])
		sha256_end(&file->hash, file->hex);
	return true;
}

/* Where a share of a file ends. */
static uint64_t share_end(const digest_file *file, double share)
{
	return share >= 1 ? file->size : (uint64_t)((double)(file->size / PIECE) * share) * PIECE;
}

bool digest_advance(digest *all, double share, failure *why)
{
	for (size_t i = 0; i < all->count; i++) {
		digest_file *file = all->files[i];
		if (pthread_mutex_trylock(&file->lock) != 0)
			continue;
		uint64_t goal = share_end(file, share >= 1 ? all->to : all->from + share * (all->to - all->from));
		bool fine = !file->held || file_advance(file, goal, why);
		pthread_mutex_unlock(&file->lock);
		if (!fine)
			return false;
	}
	return true;
}

/* --- before the workers come --- */

static void *ahead_work(void *given)
{
	digest *all = given;
	digest_file *file = all->ahead_file;
	failure none = {0}; /* whoever comes to the place next meets the same */
	while (all->ahead_runs && file->done < file->size && file_advance(file, file->done + PIECE < file->size ? file->done + PIECE : file->size, &none))
		continue;
	return NULL;
}

void digest_ahead(digest *all, const char *path, int64_t threads)
{
	struct stat found;
	failure none = {0};
	if (all->count > 0 || stat(path, &found) != 0 || !S_ISREG(found.st_mode) || !digest_add(all, path, &none) || threads < 2 || rank_count() > 1)
		return;
	all->ahead_file = all->files[0];
	all->ahead_runs = true;
	all->ahead_runs = pthread_create(&all->ahead, NULL, ahead_work, all) == 0;
}

void digest_ahead_end(digest *all)
{
	if (atomic_exchange(&all->ahead_runs, false))
		pthread_join(all->ahead, NULL);
}

/* --- between ranks --- */

static void relay_take(digest *all, bool wait)
{
	relay baton;
	while (all->taken < all->count && rank_take(&baton, sizeof baton, wait)) {
		digest_file *file = all->files[baton.index];
		pthread_mutex_lock(&file->lock);
		file->done = baton.done;
		file->hash = baton.hash;
		file->held = true;
		pthread_mutex_unlock(&file->lock);
		all->taken++;
	}
}

/* whatever: also what is not hashed to the end of this rank's part, since that failed. */
static void relay_pass(digest *all, bool whatever)
{
	for (size_t i = 0; i < all->count; i++) {
		digest_file *file = all->files[i];
		if (file->passed || (pthread_mutex_trylock(&file->lock) != 0))
			continue;
		bool ready = whatever || (file->held && file->done == share_end(file, all->to));
		relay baton;
		memset(&baton, 0, sizeof baton);
		baton.index = i;
		baton.done = file->done;
		baton.hash = file->hash;
		file->held = file->held && !ready;
		file->passed = ready;
		pthread_mutex_unlock(&file->lock);
		if (ready)
			rank_pass(&baton, sizeof baton);
	}
}

void digest_exchange(digest *all)
{
	if (rank_number() > 0)
		relay_take(all, false);
	if (rank_number() + 1 < rank_count())
		relay_pass(all, false);
}

/* The rest of the hashes, rank after rank; a rank that fails hands on what it has, so that nobody waits for it. */
static void relay_finish(digest *all, failure *why)
{
	if (rank_number() > 0)
		relay_take(all, true);
	(void)digest_advance(all, 1, why);
	if (rank_number() + 1 < rank_count())
		relay_pass(all, true);
}

static bool file_check(const digest_file *file, failure *why)
{
	if (!file->local) {
		VSIStatBufL now;
		if (VSIStatL(file->path, &now) != 0 || (VSI_ISREG(now.st_mode) && (uint64_t)now.st_size != file->size) ||
			(int64_t)now.st_mtime != file->seen_time)
			return file_changed(file, why);
		return true;
	}
	struct stat now;
	const struct stat *seen = &file->seen;
	if (stat(file->path, &now) != 0 || now.st_size != seen->st_size || now.st_ino != seen->st_ino || now.st_dev != seen->st_dev ||
		now.st_mtim.tv_sec != seen->st_mtim.tv_sec || now.st_mtim.tv_nsec != seen->st_mtim.tv_nsec)
		return file_changed(file, why);
	return true;
}

bool digest_check(digest *all, failure *why)
{
	digest_ahead_end(all);
	relay_finish(all, why);
	for (size_t i = 0; i < all->count && why->code == OUTCOME_DONE; i++)
		file_check(all->files[i], why);
	if (rank_count() == 1)
		return why->code == OUTCOME_DONE;
	/* The last rank has the sums; rank 0 writes them. */
	char (*sums)[65] = memory_new(all->count, sizeof *sums);
	for (size_t i = 0; i < all->count; i++)
		memcpy(sums[i], all->files[i]->hex, sizeof *sums);
	size_t *lengths;
	unsigned char **every = rank_gather(sums, all->count * sizeof *sums, &lengths);
	for (size_t i = 0; every && i < all->count; i++)
		memcpy(all->files[i]->hex, every[rank_count() - 1] + i * sizeof *sums, sizeof *sums);
	for (int r = 0; every && r < rank_count(); r++)
		free(every[r]);
	free(every);
	free(lengths);
	free(sums);
	return why->code == OUTCOME_DONE;
}

size_t digest_count(const digest *all)
{
	return all->count;
}

const char *digest_path(const digest *all, size_t index)
{
	return all->files[index]->path;
}

uint64_t digest_bytes(const digest *all, size_t index)
{
	return all->files[index]->size;
}

const char *digest_hex(const digest *all, size_t index)
{
	return all->files[index]->hex;
}
