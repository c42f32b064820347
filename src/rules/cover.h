/* Land cover: what became of what, in the UNCCD's seven classes, on one site or on many together, each hectare once. From measurement records; pure. */
#pragma once

#include "rules/measured.h"

#define COVERS 7
extern const char *const cover_ids[COVERS]; /* terms of land-covers, in their order */

/* What a change means by the UNCCD's matrix; as quantities of a measurement's rows. */
typedef enum cover_meaning { COVER_GAIN, COVER_NEITHER, COVER_LOSS, COVER_MEANINGS } cover_meaning;
extern const char *const cover_meaning_ids[COVER_MEANINGS]; /* terms of measured-quantities */

typedef struct cover_change {
	int from, to; /* places in cover_ids */
	cover_meaning meaning;
	measured_hectares area;
} cover_change;

/* The changes that one measurement gives. */
struct cover_changes {
	int first, last; /* years of the maps compared; 0: not said */
	guint n;
	cover_change rows[];
};

/* From the results of a measurement; NULL where they give none. Free with g_free. */
cover_changes *cover_changes_read(const json_t *results);

/* A matrix, from class down to class across. Begin with {0}. */
typedef struct cover_sum {
	measured_hectares area[COVERS][COVERS]; /* SAY_NOTHING: no such change */
	cover_meaning meaning[COVERS][COVERS];
	double sums[COVER_MEANINGS];
	guint sites;     /* that gave a part of it; 0: it is empty */
	int first, last; /* from the oldest of the first maps to the newest of the last ones; 0: not said */
} cover_sum;

/* Adds the changes of a site's measurement, with what overlaps take off it (site_shown); site NULL: all of it counts. */
void cover_sum_add(cover_sum *sum, const cover_changes *changes, const site_shown *site);
