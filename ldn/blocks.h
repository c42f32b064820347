/* A raster in rectangles, worked on by several threads. Memory is bounded by the blocks under way, one a thread; nothing may depend on the order. */
#pragma once

#include "grid.h"

/* Tiles of the output are 512 cells wide and high; blocks are made of whole tiles. */
#define TILE 512

typedef struct blocks {
	int width, first_row, end_row; /* this rank's rows [first_row, end_row) of a raster so wide */
	int block_width, block_height; /* multiples of TILE */
	int across, down;
	int threads; /* how many are worth using */
} blocks;

/* This rank's part of the rows, as shares from the top: [from, to); ranks meet where one ends and the next begins. */
typedef struct row_share {
	double from, to;
} row_share;

/* The row at which a share of the rows ends: a multiple of TILE, or the last. */
int row_at(int height, double share);

/* Plan: blocks whose cells times bytes_a_cell, one for each thread, fit into memory; as wide as the input's own blocks where that fits. edge > 0
 * asks for blocks of about so many cells a side. Fewer threads are planned when there are fewer blocks or too little memory.
 * Fails when not even one thread has room for a tile. */
bool blocks_plan(blocks *plan, int width, int height, row_share mine, int input_width, size_t bytes_a_cell, int64_t memory, int threads, int edge, failure *why);
size_t blocks_count(const blocks *plan);
window blocks_window(const blocks *plan, size_t index);
/* Cells of the largest block. */
size_t blocks_cells(const blocks *plan);

/* Work on every block; the first failure, or Ctrl-C, stops the others after their block. worker counts from 0 to threads - 1. `rest` is called by each
 * worker when no block is left; `spare` by who has done that while others have not, as long as it finds something small to do. Both may be NULL. */
typedef struct block_work {
	const char *doing; /* for the progress bar */
	bool (*work)(void *context, int worker, size_t index, window part, failure *why);
	bool (*rest)(void *context, int worker, failure *why);
	bool (*spare)(void *context, failure *why);
	void *context;
} block_work;
bool blocks_run(const blocks *plan, const block_work *job, failure *why);
