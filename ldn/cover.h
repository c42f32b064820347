/* Land cover maps read as positions in a legend. */
#pragma once

#include "ldn/landcover.h"
#include "session.h"

typedef struct cover {
	ldn_legend legend;
	ldn_matrix matrix;
	int multiplier; /* of transition codes */
	cell_class *classes; /* by position, with the legend's names */
} cover;

/* A legend by its name ("esa", NULL too; "unccd") or from a file. */
bool cover_legend_open(ldn_legend *out, const char *name, failure *why);

/* legend: "esa" (ESA CCI codes into the UNCCD's seven classes; NULL too), "unccd" (codes 1..7), or a file; matrix: NULL (the UNCCD's) or a file;
 * compares: false when no transition will be judged, so that a legend of other than seven classes needs no matrix. */
bool cover_open(cover *out, session *run, const char *legend, const char *matrix, bool compares, failure *why);
void cover_free(cover *which);
/* Positions 0..count of a block. */
bool cover_read(const cover *which, session *run, int worker, range maps, window part, uint8_t *position, size_t stride, failure *why);

/* A table of areas by class at two dates, from a joined table with bins from x to (each classes + 1). */
result_table *cover_transitions_table(const cover *which, const ldn_table *sum);
