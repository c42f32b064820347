/* A piece of land on the cells of a stack: how much of each cell it covers, and its yearly values. */
#pragma once

#include "images.h"
#include "polygons.h"

typedef struct parcel {
	polygons shape;
	window box;          /* cells around the land, with a margin for pictures, inside the grid */
	size_t n;            /* cells of the box */
	double *fraction;    /* [n] 0..1 */
	double *area;        /* [box.height] square metres of a cell */
	ldn_footprint footprint;
	double centre;       /* latitude of its middle, for pictures */
} parcel;

/* The land of a vector file's polygons, united. Fails when the images do not reach it. */
bool parcel_read(const char *path, const grid *onto, int margin, parcel *out, failure *why);
void parcel_free(parcel *which);

/* How images become one value a year. */
typedef struct yearly_rule {
	quality_kind quality;
	const ldn_index *index; /* NULL: the images hold the index itself */
	int least;              /* clear observations a cell needs in a year */
	double cover;           /* share of the land that must have a value for the year to have a mean */
} yearly_rule;

/* A parcel's values: year k of cell i at [k * n + i], NaN missing. */
typedef struct yearly {
	size_t count;   /* years */
	int *years;
	double *values; /* [count * n] */
	double *mean;   /* [count] over the land, cells weighted by the area that is inside; NaN where too little of it has a value */
	double *seen;   /* [count] share of the land with a value */
	size_t *images; /* [count] images of the year with any clear cell inside */
} yearly;

/* The years in which there are images in season; 0 if none. Free it. */
size_t yearly_years(const images *all, int **years);
/* Median of a year's clear observations, cell by cell. years, count: as yearly_years gave. Free with yearly_free. */
bool yearly_read(const images *all, const yearly_rule *rule, const parcel *land, const int *years, size_t count, yearly *out, failure *why);
void yearly_free(yearly *which);

/* The same of one band and year, for pictures: out[n]. */
bool yearly_band(const images *all, const yearly_rule *rule, const parcel *land, int year, int role, double *out, failure *why);
