/* The raster a command writes: a cloud-optimized GeoTIFF, written in one pass.
 *
 * Workers compress the tiles of their blocks and make their share of the overviews; tiles wait in a store until all are there, then the
 * file is put together: directories, overviews from the smallest, full resolution. The bytes depend on the values alone, not on threads or
 * blocks. (GDAL's own COG driver copies a finished raster: two more passes.)
 * Under MPI each rank writes its rows to NAME.N.tif and rank 0 a VRT over them. */
#pragma once

#include <stdint.h>

#include "blocks.h"
#include "grid.h"

typedef enum cell_type { CELL_BYTE, CELL_INT16, CELL_INT32, CELL_FLOAT } cell_type;
size_t cell_size(cell_type type);

/* A value that has a name and a colour: rows of a raster attribute table, and of the palette of a byte raster. Ended by a NULL name. */
typedef struct cell_class {
	int value;
	const char *name;
	uint8_t red, green, blue;
} cell_class;

typedef struct raster_layer {
	const char *name;          /* band name */
	const cell_class *classes; /* NULL: numbers, whose overviews are means; classes keep the most frequent value */
} raster_layer;

typedef struct raster_plan {
	const char *path;
	const grid *grid; /* of the whole raster, all ranks */
	cell_type type;
	double no_data;
	const raster_layer *layers;
	size_t count;
	bool palette;  /* byte, one layer: its classes' colours go into the file's colour table */
	bool compress; /* DEFLATE; else stored as they are */
} raster_plan;

typedef struct raster raster;

/* rows: this rank's, as in the plan of blocks. memory bounds what waits of tiles and overviews; more goes to a scratch file. */
raster *raster_new(const raster_plan *plan, int first_row, int end_row, uint64_t memory, failure *why);

/* A block whose corner is a tile's: layers[k] holds its values, row by row. From any thread. */
bool raster_put(raster *out, window part, const void *const *layers, failure *why);

/* Something to do between blocks: compress one tile of an overview whose blocks are all there. False when there is none, or with a failure. */
bool raster_spare(raster *out, failure *why);

/* All blocks are there: put the file together under its name, with metadata ("KEY=VALUE", ended by NULL) and, where layers have classes, an attribute
 * table with names and colours beside it. Frees the raster, also on failure, when nothing is left under the name. */
bool raster_finish(raster *out, const char *const *metadata, int threads, failure *why);
void raster_abandon(raster *out);

/* Rank 0, when all ranks have finished: the VRT over their parts. */
bool raster_join(const char *path, failure *why);

/* The name a rank's part has, and the VRT's; free them. With one rank: the path itself. */
char *raster_part_name(const char *path, int rank);
char *raster_vrt_name(const char *path);
