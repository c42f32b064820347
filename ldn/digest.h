/* SHA-256 of every file a run reads, for its manifest, and whether a file changed under the reading.
 *
 * The files are hashed piece by piece while the run goes on: after each block the workers bring every file as far as the blocks have come, so
 * a file that does not fit the memory is fetched from the disk once for both. Of several ranks each hashes its part of every file, and passes
 * the unfinished hash on to the next. */
#pragma once

#include <stdint.h>

#include "failure.h"

typedef struct digest digest;

digest *digest_new(void);
void digest_free(digest *all);

/* Remember a path (once), as it is now. Paths only GDAL can open (/vsi...) are hashed through it. False if it cannot be read. */
bool digest_add(digest *all, const char *path, failure *why);

/* This rank's part of every file, as shares of its bytes: from where the rank before it ends. Without it the first rank's part is the whole. */
void digest_part(digest *all, double from, double to);

/* Add the first of a run's files, if it is one of the system's, before GDAL opens it; of several threads one hashes it meanwhile. */
void digest_ahead(digest *all, const char *path, int64_t threads);
/* No further: workers come. */
void digest_ahead_end(digest *all);

/* Is this file, under whatever name, one of those? */
bool digest_holds(const digest *all, const char *path);

/* Hash until this share (0..1) of this rank's part of every file is done; files another thread is hashing, and those another rank has not yet passed on,
 * are passed over. */
bool digest_advance(digest *all, double share, failure *why);

/* Take over and hand on between ranks what is ready; by the main thread. */
void digest_exchange(digest *all);

/* When the blocks are done, on all ranks: hash what is left, and fail if a file is not what it was when it was added. */
bool digest_check(digest *all, failure *why);

size_t digest_count(const digest *all);
const char *digest_path(const digest *all, size_t index);
uint64_t digest_bytes(const digest *all, size_t index);
const char *digest_hex(const digest *all, size_t index); /* after digest_check; 64 digits */
