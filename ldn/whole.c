#include "whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return text_copy(".");
	return text_format("%.*s", slash == path ? 1 : (int)(slash - path), path);
}

/* A name beside the final one that nobody has. */
static char *name_beside(const char *path, unsigned attempt)
{
	return text_format("%s.%ld-%u.tmp", path, (long)getpid(), attempt);
}

static int nameless(const char *path)
{
	autofree char *folder = folder_of(path);
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
}

static int named(const char *path, char **name)
{
	for (unsigned attempt = 0; attempt < 100; attempt++) {
		*name = name_beside(path, attempt);
		int descriptor = open(*name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (descriptor >= 0) {
			interrupt_remove(*name);
			return descriptor;
		}
		free(*name);
		*name = NULL;
		if (errno != EEXIST)
			break;
	}
	return -1;
}

bool whole_open(whole *file, const char *path, failure *why)
{
	struct stat found;
	*file = (whole){.path = text_copy(path)};
	if (stat(path, &found) == 0 && !S_ISREG(found.st_mode)) {
		file->descriptor = -1;
		return failure_set(why, _("%s: exists and is not a regular file; choose another name"), path);
	}
	file->descriptor = nameless(path);
	if (file->descriptor < 0)
		file->descriptor = named(path, &file->temporary);
	return file->descriptor >= 0 || failure_system(why, _("cannot be written"), path);
}

bool whole_finish(whole *file, failure *why)
{
	for (unsigned attempt = 0; !file->temporary && attempt < 100; attempt++) {
		char from[64], *name = name_beside(file->path, attempt);
		snprintf(from, sizeof from, "/proc/self/fd/%d", file->descriptor);
		if (linkat(AT_FDCWD, from, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0)
			file->temporary = name;
		else
			free(name);
		if (!file->temporary && errno != EEXIST)
			break;
	}
	bool fine = file->temporary || failure_system(why, _("cannot be written"), file->path);
	if (close(file->descriptor) != 0 && fine)
		fine = failure_system(why, _("cannot be written"), file->path);
	file->descriptor = -1;
	if (fine && rename(file->temporary, file->path) != 0)
		fine = failure_system(why, _("cannot be given its name"), file->path);
	if (!fine) {
		whole_abandon(file);
		return false;
	}
	interrupt_keep(file->temporary);
	free(file->temporary);
	free(file->path);
	*file = (whole){.descriptor = -1};
	return true;
}

void whole_abandon(whole *file)
{
	if (file->descriptor >= 0)
		close(file->descriptor);
	if (file->temporary) {
		unlink(file->temporary);
		interrupt_keep(file->temporary);
	}
	free(file->temporary);
	free(file->path);
	*file = (whole){.descriptor = -1};
}

bool bytes_write(int descriptor, const void *bytes, size_t size, uint64_t offset, const char *path, failure *why)
{
	const char *next = bytes;
	while (size > 0) {
		ssize_t put = pwrite(descriptor, next, size, (off_t)offset);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			if (put == 0)
				errno = ENOSPC;
			return failure_system(why, _("cannot be written"), path);
		}
		next += put;
		size -= (size_t)put;
		offset += (uint64_t)put;
	}
	return true;
}

bool whole_write(const char *path, const void *bytes, size_t size, failure *why)
{
	whole file;
	if (whole_open(&file, path, why) && bytes_write(file.descriptor, bytes, size, 0, path, why))
		return whole_finish(&file, why);
	whole_abandon(&file);
	return false;
}

/* --- scratch --- */

struct store {
	unsigned char *memory; /* the first `held` bytes */
	uint64_t held;
	int descriptor; /* the rest, at its own offset */
	char *path;
};

store *store_new(uint64_t size, uint64_t memory, const char *path, failure *why)
{
	store *space = memory_new(1, sizeof *space);
	space->path = text_copy(path);
	space->descriptor = -1;
	space->held = size < memory ? size : memory;
	void *pages = space->held ? mmap(NULL, (size_t)space->held, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) : MAP_FAILED;
	if (pages != MAP_FAILED) {
		madvise(pages, (size_t)space->held, MADV_HUGEPAGE); /* touched all over, from several threads: few large faults */
		space->memory = pages;
	} else {
		space->held = 0;
	}
	if (space->held == size)
		return space;
	space->descriptor = nameless(path);
	char *name = NULL;
	if (space->descriptor < 0 && (space->descriptor = named(path, &name)) >= 0) {
		unlink(name);
		interrupt_keep(name);
		free(name);
	}
	if (space->descriptor >= 0)
		return space;
	failure_system(why, _("no scratch file can be made beside it"), path);
	store_free(space);
	return NULL;
}

void store_free(store *space)
{
	if (!space)
		return;
	if (space->descriptor >= 0)
		close(space->descriptor);
	if (space->memory)
		munmap(space->memory, (size_t)space->held);
	free(space->path);
	free(space);
}

/* How much of a piece lies in memory. */
static size_t store_part(const store *space, uint64_t offset, size_t size)
{
	uint64_t left = offset < space->held ? space->held - offset : 0;
	return left < size ? (size_t)left : size;
}

bool store_put(store *space, uint64_t offset, const void *bytes, size_t size, failure *why)
{
	size_t part = store_part(space, offset, size);
	if (part)
		memcpy(space->memory + offset, bytes, part);
	return part == size || bytes_write(space->descriptor, (const char *)bytes + part, size - part, offset + part, space->path, why);
}

bool store_get(const store *space, uint64_t offset, void *bytes, size_t size, failure *why)
{
	size_t part = store_part(space, offset, size);
	if (part)
		memcpy(bytes, space->memory + offset, part);
	offset += part;
	size -= part;
	for (char *next = (char *)bytes + part; size > 0;) {
		ssize_t got = pread(space->descriptor, next, size, (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failure_system(why, _("its scratch file cannot be read"), space->path);
		if (got == 0) { /* never put: zeros, as in memory */
			memset(next, 0, size);
			return true;
		}
		next += got;
		offset += (uint64_t)got;
		size -= (size_t)got;
	}
	return true;
}
