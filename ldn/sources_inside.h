/* What sources.c (which bands, which grid), sources_years.c (stacks of years) and sources_read.c (their values) share. */
#pragma once

#include <pthread.h>

#include "sources.h"

typedef struct source_file {
	char *name;     /* as given */
	bool other_grid; /* is warped to the first grid */
	size_t same;     /* the first file of this name: they share what is opened and kept */
	size_t sharing;  /* of the first: how many files there are of the name */
	int bands, block_width, block_height;
	bool compressed;
	/* GeoTIFF on a local disk, numbers in this machine's order, uncompressed or DEFLATE: blocks are read without GDAL, which spares a copy and its
	 * lock, and finds damage that it lets pass. */
	bool plain, pixel_interleaved, deflated, differences;
	char *path;
	int descriptor;
	int across, down;  /* blocks */
	uint64_t *offsets; /* of block (x, y) of band b at [(b * down + y) * across + x], one band when pixel-interleaved */
	uint64_t *sizes;   /* of the same when deflated */
} source_file;

typedef struct source_band {
	size_t file;
	int band;
	GDALDataType type;
	bool has_missing, masked, signed_byte;
	double missing;
	reading how; /* as it stood when the band was added */
	char *name;
	struct source_band *members; /* a year's mean: the bands it is taken of; NULL for a band of a file */
	size_t member_count;
} source_band;

struct sources {
	reading how;
	digest *files_read;
	grid whole;
	bool placed;
	window cut;
	source_file *files;
	size_t file_count;
	source_band *bands;
	size_t band_count;
	int workers;
	GDALDatasetH *handles; /* [worker * file_count + file], opened when first needed */
	GDALDatasetH *under;   /* what a warped handle stands on */
	struct source_kept *kept; /* [worker * file_count + file] */
};

/* All bands of a window of a plain file whose bands lie side by side: its single bands are asked for one after the other. */
typedef struct source_kept {
	window part;
	int16_t *values; /* [bands][cells] */
	size_t room;
} source_kept;

/* The dataset of a file for a worker; NULL with a failure. */
GDALDatasetH source_handle(sources *all, int worker, size_t file, failure *why);
/* Add a file's band, or all of them for 0, to those of an open dataset. */
bool source_add(sources *all, GDALDatasetH dataset, const char *name, int band, range *added, failure *why);
/* Open a file, warped to the first grid if its own is another. *under is what to close after it, or NULL. */
GDALDatasetH source_open(const sources *all, const char *name, bool other_grid, GDALDatasetH *under, failure *why);

/* Find the blocks of a file if it is plain; false leaves it to GDAL. */
void plain_find(source_file *file, GDALDatasetH dataset, GDALDataType type);
/* Read int16 values of `count` bands from `first` (from 0) of a plain file. */
bool plain_read(const source_file *file, int first, size_t count, window part, int16_t *out, size_t stride, failure *why);
