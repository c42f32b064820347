/* Yearly values of a site that somebody else made: a small CSV file with the columns year, value and, where known, reference, rain, cells. */
#pragma once

#include "failure.h"

typedef struct series {
	size_t count;
	int *years;            /* rising */
	double *value;         /* NaN missing, as in all others */
	double *reference, *rain, *cells;
	bool has_reference, has_rain, has_cells; /* in any year */
} series;

/* Names the line of the first fault. Free with series_free. */
bool series_read(const char *path, series *out, failure *why);
void series_free(series *which);
