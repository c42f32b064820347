/* Sites of a run: polygons with the years of their disturbance and restoration, their cells, and what is gathered over these. */
#pragma once

#include <pthread.h>

#include "session.h"

/* Years of a site, in the order of the fields of the vector file: dist_start, rest_start, ref_start, ref_end. */
enum { SITE_DISTURBED, SITE_RESTORED, SITE_REFERENCE_FIRST, SITE_REFERENCE_LAST, SITE_YEARS };

typedef struct site {
	const char *name;
	const polygon *shape;  /* NULL: the whole region */
	window box;            /* cells it may have */
	int years[SITE_YEARS]; /* 0: not known */
	bool small;            /* no cell centre inside: one cell stands for it */
	int small_column, small_row;
} site;

typedef struct sites {
	polygons polygons;
	site *items;
	size_t count;
} sites;

/* After session_start. years: what holds for all whatever the file says; 0: what the file says. Without a path there is one site, the region. Notes sites that lie
 * outside the raster or have no cell centre. Free with sites_free. */
bool sites_read(const char *path, const char *layer, const char *field, const int years[SITE_YEARS], session *run, sites *out, failure *why);
void sites_free(sites *all);

/* The smallest window that holds what the sites may have in `part`; width 0 if nothing. */
window sites_window(const sites *all, window part);
window site_window(const site *one, window part);

/* Positions, within a window, of the site's cells: centre inside the polygon, and inside the region. *cells is NULL when there are
 * none; free it. */
bool site_cells(const site *one, session *run, int worker, window part, size_t **cells, size_t *count, failure *why);

/* Values that threads and ranks add to lists, in any order. */
typedef struct gathering {
	struct gathered {
		double *values;
		size_t count, room;
	} *items;
	size_t count, total, limit;
	pthread_mutex_t lock;
} gathering;

void gather_begin(gathering *all, size_t lists, const session *run);
void gather_free(gathering *all);
bool gather_add(gathering *all, size_t list, const double *values, size_t count, failure *why);
/* Ranks come here together; rank 0 then has everything. */
bool gather_join(gathering *all, failure *why);
