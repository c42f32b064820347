/* SHA-256 of every file a run reads, for its manifest, and whether a file changed under the reading.
 *
 * The files are hashed piece by piece while the run goes on: after each block the workers bring every file as far as the blocks have come, so
 * a file that does not fit the memory is fetched from the disk once for both. */
#pragma once

#include <stdint.h>

#include "failure.h"

typedef struct digest digest;

digest *digest_new(void);
void digest_free(digest *all);

/* Remember a path (once), as it is now. Paths only GDAL can open (/vsi...) are hashed through it. False if it cannot be read. */
bool digest_add(digest *all, const char *path, failure *why);

/* Is this file, under whatever name, one of those? */
bool digest_holds(const digest *all, const char *path);

/* Hash until this share (0..1) of every file is done; files another thread is hashing are passed over. With several ranks each hashes its part. */
bool digest_advance(digest *all, double share, failure *why);

/* Hash what is left, one worker or several; returns when nothing is left to take. */
bool digest_finish(digest *all, failure *why);

/* After the workers ended: share the sums between ranks, and fail if a file is not what it was when it was added. */
bool digest_check(digest *all, failure *why);

/* What a rank hashes, of all bytes (0..1). */
double digest_share(const digest *all, int rank);

size_t digest_count(const digest *all);
const char *digest_path(const digest *all, size_t index);
uint64_t digest_bytes(const digest *all, size_t index);
const char *digest_hex(const digest *all, size_t index); /* after digest_check; 64 digits */
