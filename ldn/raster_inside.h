/* What raster.c (tiles and overviews) and raster_finish.c (the file) share. */
#pragma once

#include <stdatomic.h>

#include "raster.h"
#include "whole.h"

enum { LEVELS = 10 }; /* the full raster and nine halvings: what a corner at multiples of 512 allows */

typedef struct tile_place {
	uint64_t offset, bytes; /* in the store of compressed tiles */
} tile_place;

typedef struct raster_level {
	int width, height, across, down;
	size_t tiles;
	uint64_t first;    /* of its raw tiles in the store of overviews */
	tile_place *place; /* [layer * tiles + tile] */
	_Atomic uint32_t *missing; /* of the same, of overviews: cells that no block has brought; PRESSED when somebody has taken it */
} raster_level;

struct raster {
	raster_plan plan;
	raster_layer *layers;
	char *path;
	int first_row;
	size_t size; /* of a cell */
	raster_level levels[LEVELS];
	int level_count;
	store *overviews; /* raw tiles */
	store *pressed;   /* tiles as they go into the file, in the order in which they came */
	_Atomic uint64_t pressed_end;
	whole file;
};

typedef struct raster_press {
	struct libdeflate_compressor *engine; /* NULL: stored as they are */
	void *pressed, *scratch;
	size_t room;
	unsigned char *tile;
} raster_press;

/* Cells of an overview for so many of the raster below it. */
static inline int raster_half(int cells)
{
	return (cells + 1) / 2;
}

/* A raster of half the width and height: the most frequent class of each four cells, or their mean. */
void raster_shrink(cell_type type, bool classes, double none, const void *in, int width, int height, void *smaller);

bool raster_press_open(const raster *out, raster_press *press);
void raster_press_close(raster_press *press);
#define PRESSED UINT32_MAX
bool raster_overview_tile(raster *out, raster_press *press, int level, size_t index, failure *why);
