/* Files that are whole or not there, and scratch space that nobody else sees.
 *
 * A file is written without a name (O_TMPFILE), or where the file system has no such thing under a name of its own that is removed on failure and
 * on a second Ctrl-C; it takes its final name when it is complete. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "failure.h"

typedef struct whole {
	int descriptor;
	char *path;
	char *temporary; /* NULL: the file has no name yet */
} whole;

bool whole_open(whole *file, const char *path, failure *why);
bool whole_finish(whole *file, failure *why);
void whole_abandon(whole *file); /* nothing after whole_finish */

/* Write everything or fail; at an offset. */
bool bytes_write(int descriptor, const void *bytes, size_t size, uint64_t offset, const char *path, failure *why);
/* The whole of a small file at once. */
bool whole_write(const char *path, const void *bytes, size_t size, failure *why);

/* Scratch space of at most `size` bytes (UINT64_MAX: not known before): its first `memory` bytes in memory, the rest in a nameless file in the folder
 * of `path`. Pieces may be put and got by several threads at once as long as they do not overlap. */
typedef struct store store;
store *store_new(uint64_t size, uint64_t memory, const char *path, failure *why);
void store_free(store *space);
bool store_put(store *space, uint64_t offset, const void *bytes, size_t size, failure *why);
bool store_get(const store *space, uint64_t offset, void *bytes, size_t size, failure *why);
