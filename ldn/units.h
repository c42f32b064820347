/* Performance over a whole raster: each cell's mean against the 90th percentile of its unit, exact whatever the size.
 *
 * First pass: units_gather takes a block's means (as keys) and units and keeps them, 7 bytes a cell, in memory or in a scratch file. units_settle finds the
 * quantiles, reading what was kept twice more. Then units_recall gives a block back to be classed. */
#pragma once

#include "ldn/performance.h"
#include "session.h"

typedef struct units units;

/* Options that say what a unit is: one raster of codes, or soil and land cover. All may be NULL: the whole region is one unit. */
typedef struct units_source {
	const char *codes, *soil, *cover;
	const char *role; /* what the codes are, in the manifest; NULL: units */
	bool zeros;       /* means of exactly 0 take part in a unit's quantile */
} units_source;

/* Before session_start: adds the maps. */
units *units_new(session *run, const units_source *from, failure *why);
void units_free(units *all);
/* After session_start: space for what is kept. years: of the mean. */
bool units_ready(units *all, size_t years, failure *why);

/* Bytes a cell that a block of the first pass needs here. */
#define UNITS_BYTES_A_CELL 13

/* Keep a block: key[n] (ldn_mean_keys) and a byte of the caller's own for each cell. */
bool units_gather(units *all, int worker, size_t index, window part, const uint32_t *key, const uint8_t *own, failure *why);
/* Between the passes; ranks agree here. */
bool units_settle(units *all, failure *why);
/* A block again: keys, positions of units in units_quantiles (-1: none), own bytes. */
bool units_recall(const units *all, size_t index, window part, uint32_t *key, int32_t *unit, uint8_t *own, failure *why);

const double *units_quantiles(const units *all);
/* The code of a unit by its position. */
int32_t units_code(const units *all, size_t position);
/* The table of units: code, cells, quantile; rows by code. */
result_table *units_table(const units *all, const char *title);
