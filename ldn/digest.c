#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
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
	char hex[65];
} digest_file;

struct digest {
	digest_file **files;
	size_t count;
};

digest *digest_new(void)
{
	return memory_new(1, sizeof(digest));
}

void digest_free(digest *all)
{
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

/* Hash up to `goal` bytes of a file whose lock is held. */
static bool file_advance(digest_file *file, uint64_t goal, failure *why)
{
	if (file->done >= goal)
		return true;
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
	if (fine && file->done == file->size && !file->hex[0])
		sha256_end(&file->hash, file->hex);
	return fine;
}

static int rank_of(size_t index)
{
	return (int)(index % (size_t)rank_count());
}

static bool mine(size_t index)
{
	return rank_of(index) == rank_number();
}

double digest_share(const digest *all, int rank)
{
	double bytes = 0, its = 0;
	for (size_t i = 0; i < all->count; i++) {
		bytes += (double)all->files[i]->size;
		its += rank_of(i) == rank ? (double)all->files[i]->size : 0;
	}
	return bytes > 0 ? its / bytes : 1.0 / rank_count();
}

bool digest_advance(digest *all, double share, failure *why)
{
	for (size_t i = 0; i < all->count; i++) {
		digest_file *file = all->files[i];
		if (!mine(i) || pthread_mutex_trylock(&file->lock) != 0)
			continue;
		uint64_t goal = share >= 1 ? file->size : (uint64_t)(share * (double)file->size) / PIECE * PIECE;
		bool fine = file_advance(file, goal, why);
		pthread_mutex_unlock(&file->lock);
		if (!fine)
			return false;
	}
	return true;
}

bool digest_finish(digest *all, failure *why)
{
	return digest_advance(all, 1, why);
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
	/* Empty files and folders have the hash of nothing. */
	for (size_t i = 0; i < all->count; i++) {
		digest_file *file = all->files[i];
		if (mine(i) && !file->hex[0] && file->size == 0)
			sha256_end(&file->hash, file->hex);
		if (!file_check(file, why))
			break;
	}
	if (rank_count() == 1)
		return why->code == OUTCOME_DONE;
	char (*sums)[65] = memory_new(all->count, sizeof *sums);
	for (size_t i = 0; i < all->count; i++)
		memcpy(sums[i], all->files[i]->hex, sizeof *sums);
	size_t *lengths;
	unsigned char **every = rank_gather(sums, all->count * sizeof *sums, &lengths);
	for (size_t i = 0; every && i < all->count; i++)
		memcpy(all->files[i]->hex, every[i % (size_t)rank_count()] + i * sizeof *sums, sizeof *sums);
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
