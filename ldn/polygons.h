/* Polygons of a vector file on the cells of a grid. */
#pragma once

#include <stdint.h>

#include "grid.h"
#include "ldn/coverage.h"
#include "ldn/profile.h"

typedef struct polygon {
	char *name;
	int64_t feature;         /* its id in the file; of a united one: -1 */
	ldn_polygon shape;       /* cells; parts of one polygon are united */
	double *x, *y;
	size_t *ring_first;
	uint32_t *ring_part;
	window box;              /* the cells of the grid it may touch; width 0: none */
} polygon;

typedef struct polygons {
	polygon *items;
	size_t count;
} polygons;

/* Every polygon feature of the file's layer (the first, or `layer`), brought to the grid's reference system, on either side of the date line. Names
 * come from `field`, or the first text field, or are numbers from 1. united: one polygon out of all. Free with polygons_free.
 * Fails for a file without polygons and for coordinates that cannot be brought over. */
bool polygons_read(const char *path, const char *layer, const char *field, bool united, const grid *onto, polygons *out, failure *why);
void polygons_free(polygons *all);

/* The years in some of the fields of polygons read from this path and layer: years[p * count + f] of polygon p, 0 where the field is absent or
 * empty. Whole numbers, text and dates are read; fails for anything else, and for years outside 1800-2200. */
bool polygons_years(const polygons *of, const char *path, const char *layer, const char *const *fields, size_t count, int *years, failure *why);

/* A polygon with what one thread needs to ask for rows of it. */
typedef struct polygon_cursor {
	ldn_coverage coverage;
	void *scratch;
} polygon_cursor;
bool polygon_open(const polygon *which, size_t columns, polygon_cursor *cursor, failure *why);
void polygon_close(polygon_cursor *cursor);
/* inside[i] = 1 if the centre of cell (row, first_column + i) is inside, by the profile's rule for centres on an edge. */
ldn_status polygon_centres(const ldn_zone_rule *rule, polygon_cursor *cursor, int row, int first_column, size_t n, unsigned char *inside);

/* The cell that stands for a polygon without any cell centre inside; false if even that is outside the grid. */
bool polygon_nearest(const polygon *which, const grid *onto, int *column, int *row);
