/* The rasters a run reads: files and bands on one grid, read by several workers at once, missing values made one.
 *
 * A *range* is a run of bands added together: the years of a stack, or the one band of a map. Missing is what the band declares (a
 * value, NaN, a mask or alpha band), the value the user declares, or, when asked, cells where all bands of the file are 0. */
#pragma once

#include <stdint.h>

#include "digest.h"
#include "grid.h"
#include "season.h"

typedef struct range {
	size_t first, count;
} range;

typedef struct reading {
	bool has_missing; /* this value is missing too, whatever the files declare */
	double missing;
	bool zero_is_missing; /* a cell whose bands of a file are all 0 is missing */
	bool annual_mean; /* several bands of one year become their mean, over the values that are there, rounded to a whole number */
	season season;    /* of a stack only what lies in these days */
	double scale; /* real numbers times this, rounded, become whole numbers; 0: real numbers must be whole already */
	const char *align; /* resampling by which other grids are brought to the first: NULL refuses them */
} reading;

typedef struct sources sources;

sources *sources_new(const reading *how, digest *files);
void sources_free(sources *all);
/* Read bands added from now on in another way (alignment stays). */
void sources_reading(sources *all, const reading *how);

/* Add a file's band (from 1), or all its bands for 0, without alpha. The first file gives the grid; another grid is a failure that names the exact
 * difference, unless alignment was asked for. */
bool sources_add(sources *all, const char *name, int band, range *added, failure *why);

/* Add a stack of years: files of one band each (or `band` of each), or one file of many bands; years from `list` ("2001-2017"; may be NULL),
 * else from file names, band names or the files' metadata. The bands are put in the order of years, several of one year refused or averaged
 * (annual_mean). years holds up to limit. */
bool sources_add_stack(sources *all, const char *const *names, size_t count, int band, const char *list, int *years, size_t limit,
	range *added, failure *why);

const grid *sources_grid(const sources *all);
/* Read only this window from now on; windows below count from its corner. */
void sources_cut(sources *all, window cut);
/* Width and height of the blocks in which the files are stored, the largest among them; height of compressed strips included. */
void sources_blocks(const sources *all, int *width, int *height);
/* Bytes a cell kept beside what the caller asked for. */
size_t sources_bytes(const sources *all);
const char *sources_band_name(const sources *all, size_t band);
/* All bands. */
range sources_everything(const sources *all);
/* Is one of these bands of real numbers? */
bool sources_real(const sources *all, range which);

/* The piece that is best read at a time, from its corner (x, y) within a window: of a range that is plain (uncompressed, read without GDAL) one
 * column of its blocks, so high that all its bands stay in the processor's own cache; else all of the window, since reading part of a
 * compressed block costs all of it. The height is the same for all pieces of a row, but at the window's lower edge. */
void sources_piece(const sources *all, range which, window part, window *piece);

/* Make ready for `workers` threads. */
bool sources_open(sources *all, int workers, failure *why);

/* Read a window of a range, band-major: band k of the range at out[k * stride]. Missing: LDN_NODATA, for float and double NaN.
 * Fails for a file that is truncated or corrupt, and for a value that does not fit. */
bool sources_read_int16(sources *all, int worker, range which, window part, int16_t *out, size_t stride, failure *why);
bool sources_read_int32(sources *all, int worker, range which, window part, int32_t *out, size_t stride, failure *why);
bool sources_read_float(sources *all, int worker, range which, window part, float *out, size_t stride, failure *why);
bool sources_read_double(sources *all, int worker, range which, window part, double *out, size_t stride, failure *why);
