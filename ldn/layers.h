/* The dates of a file's layers: a stack that keeps one band of the spectrum in each file has a layer a date, and says the dates apart. */
#pragma once

#include <stdio.h>

#include "failure.h"

typedef struct layer_date {
	int year, month, day; /* month 0: of the whole year */
} layer_date;

typedef struct layers {
	layer_date *dates; /* [count] of layer 1, 2, ... */
	size_t count;
	const char *said; /* by what: a path, or an option */
} layers;

/* Is a file of a stack a list of dates, by its name? */
bool layers_named(const char *path);

/* A CSV file with a heading and a line a layer: column "date" (2013-05-27, or as in the names of images), and column "layer" or "band", the layer's
 * number, where lines are in another order. Names the line of the first fault. Free with layers_free. */
bool layers_read(const char *path, layers *out, failure *why);
bool layers_parse(const char *path, FILE *file, layers *out, failure *why); /* of an open file */
/* The same from a list of years ("2001-2017", "2001,2003-2005"). */
bool layers_of_years(const char *years, layers *out, failure *why);
void layers_free(layers *which);
