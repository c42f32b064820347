/* The bytes of a TIFF's directories (TIFF 6.0; BigTIFF where offsets need 64 bits), laid out before the data. */
#pragma once

#include <stdint.h>

#include "failure.h"

typedef struct tiff_entry {
	uint16_t tag, type; /* type: 1 byte, 2 text, 3 short, 4 long, 12 double, 16 long8 */
	uint64_t count;
	const void *values; /* in this machine's order, kept by the caller until tiff_header */
} tiff_entry;

typedef struct tiff_directory {
	tiff_entry entries[32]; /* sorted by tag when written */
	size_t count;
} tiff_directory;

enum { TIFF_BYTE = 1, TIFF_TEXT = 2, TIFF_SHORT = 3, TIFF_LONG = 4, TIFF_DOUBLE = 12, TIFF_LONG8 = 16 };

void tiff_add(tiff_directory *directory, uint16_t tag, uint16_t type, uint64_t count, const void *values);

/* Header, `ghost` text (may be ""), and all directories with their values, chained; *size bytes, free them. big: BigTIFF. Called once to learn the
 * size and again when the values (offsets of tiles) are known: the size is the same. */
unsigned char *tiff_header(tiff_directory *directories, size_t count, bool big, const char *ghost, size_t *size);

/* Metadata as GDAL keeps it in a TIFF. GDAL's versions write it in different orders; here it stands as it is given. */
typedef struct tiff_note {
	const char *name, *text; /* "DESCRIPTION" names a band */
	int band;                /* from 0; -1: of the whole file */
} tiff_note;
enum { TIFF_NOTES = 42112 };
/* The text of the tag TIFF_NOTES; free it. */
char *tiff_notes(const tiff_note *notes, size_t count);

/* Copies of the entries of a classic little-endian TIFF in memory that carry the place: GeoTIFF tags, software and no-data. *kept is
 * what to free when the directory is done with. False if it is not such a TIFF. */
bool tiff_borrow(const unsigned char *bytes, size_t size, tiff_directory *into, void **kept);
