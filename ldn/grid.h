/* Where the cells of a raster lie: size, geotransform, reference system; comparing grids, cutting windows, areas of cells. */
#pragma once

#include <gdal.h>

#include "failure.h"

typedef struct grid {
	int width, height;
	double transform[6];
	char *reference;   /* WKT, "" when unknown */
	bool referenced;   /* has a geotransform of its own */
	bool geographic;   /* degrees */
	bool assumed;      /* the file says degrees but not of which ellipsoid, as CF allows: WGS 84 is taken */
	bool equal_area;   /* projected with cells of one area: areas are right */
	double metres;     /* per unit of a projected system */
	bool points;       /* AREA_OR_POINT=Point */
} grid;

/* The grid of a dataset. Fails for a grid that is rotated (neither axis along the rows), has cells of no size, or no cells. */
bool grid_of(GDALDatasetH dataset, const char *name, grid *out, failure *why);
void grid_free(grid *which);
grid grid_copy(const grid *which);

/* The exact difference between two grids as a sentence in text, or false when they agree: same size, same reference system, corners within a
 * thousandth of a cell. */
bool grid_differs(const grid *first, const char *first_name, const grid *other, const char *other_name, char *text, size_t size);

/* A rectangle of cells. */
typedef struct window {
	int x, y, width, height;
} window;

/* The grid of a window of another. */
grid grid_window(const grid *whole, window cut);

/* Square metres of one cell in each of `rows` rows from `first`. For a grid without reference system: cells of area 1. */
bool grid_areas(const grid *which, int first, int rows, double *area, failure *why);

/* A sentence for the manifest and the terminal: how areas are counted, or why they are only approximate. */
const char *grid_area_note(const grid *which);

/* Cell coordinates (columns and rows from the upper left, fractional) of a longitude and latitude; tries the other side of the date line. */
bool grid_locate(const grid *which, double longitude, double latitude, double *column, double *row, failure *why);
/* Longitude and latitude of a place in cell coordinates. */
bool grid_lonlat(const grid *which, double column, double row, double *longitude, double *latitude, failure *why);
