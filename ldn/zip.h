/* Zip archives from strangers: the directory is checked whole before anything is unpacked, and what is unpacked is bounded by it.
 *
 * Refused: encryption, compression other than "stored" and "deflated", archives in several parts or beyond 4 GiB (Zip64), names that leave the
 * folder, symbolic links, entries that overlap (as in bombs that use one body many times) or lie outside the file, more entries or more bytes
 * unpacked than the limits. Format: PKWARE APPNOTE 6.3.9, sections 4.3 and 4.4. */
#pragma once

#include <stdint.h>

#include "failure.h"

enum { ZIP_ENTRIES_MOST = 1000, ZIP_NAME_MOST = 255 };

typedef struct zip_entry {
	char name[ZIP_NAME_MOST + 1]; /* no control characters */
	uint32_t crc, packed, unpacked, offset; /* offset: of the local header */
	uint16_t method; /* 0 stored, 8 deflated */
} zip_entry;

typedef struct zip {
	const unsigned char *bytes; /* borrowed */
	size_t size;
	zip_entry *entries; /* folders left out */
	size_t count;
} zip;

/* Reads and checks the directory. `thing` names the file in failures. */
bool zip_open(const char *thing, const unsigned char *bytes, size_t size, uint64_t unpacked_most, zip *out, failure *why);
void zip_close(zip *archive);

/* The bytes of an entry, exactly as many as the directory says and with its checksum; free them. NULL with a failure otherwise. */
unsigned char *zip_unpack(const zip *archive, const zip_entry *entry, const char *thing, failure *why);
