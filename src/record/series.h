/* Time series of sites as tables: what Earth Engine, AppEEARS or a field crew export as CSV, brought to one value a year. Pure: text in, series out. */
#pragma once

#include <glib.h>

#include "record/kind.h"

typedef enum series_column {
	SERIES_SITE, SERIES_DATE, SERIES_VALUE, SERIES_REFERENCE, SERIES_RAIN, SERIES_CELLS,
	SERIES_COLUMNS
} series_column;
extern const char *const series_column_names[SERIES_COLUMNS]; /* "site", "date", "value", "reference", "rain", "cells" */

typedef struct series_options {
	char **columns; /* "value=ndvi_max": a column by its heading, before all guesses; NULL-terminated, or NULL */
	const char *index; /* name of the index; NULL: as the heading says, else NDVI */
	double scale;   /* of values and reference */
} series_options;

/* A year of a site: medians of the year's values; rain: the year's, or the sum over its dates; cells: the least. NaN missing. */
typedef struct series_year {
	int year;
	double value, reference, rain, cells;
	guint rows;
} series_year;

typedef struct site_series {
	char *site;    /* as the table names it */
	guint row;     /* where it first occurs, from 1 with the heading */
	GArray *years; /* series_year, rising */
} site_series;

typedef struct series_table {
	char *headings[SERIES_COLUMNS]; /* which heading was taken for what; NULL none */
	char *index;
	GPtrArray *sites; /* site_series, as they first occur */
	guint rows, missing; /* with the heading; rows without a value */
} series_table;

/* NULL with an error for what is no such table at all (not CSV, no column of dates or of values). Every bad row is a fault, whose pointer is the line: "17". */
series_table *series_table_read(const char *text, gsize length, const series_options *options, GPtrArray *faults, GError **error);
void series_table_free(series_table *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(series_table, series_table_free)
/* The series of a site as the table names it, or NULL. */
const site_series *series_table_find(const series_table *t, const char *site);

/* The year of a date: 2013, 2013-04-12 (also with a time, / or _ or nothing between), 2013102 and A2013102 (day of the year), Apr 12, 2013, the milliseconds
 * since 1970 that Earth Engine writes, or any of these as the last part of an image's name. 0 for what is none, or could be read in two ways (04/12/2013). */
int series_date_year(const char *text);

/* year,value,reference,rain,cells: what `ldn site --series` reads. Free with g_free. */
char *site_series_csv(const site_series *s);
