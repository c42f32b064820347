/* Sums by zone and class over a whole raster: the zones of a raster of codes (or one zone: the region), and tables that grow with them.
 * Sums are exact integers (ldn/zonal.h): the same for any threads, blocks and ranks. */
#pragma once

#include "session.h"

/* Codes met on the way, in order of first sight; not the same order in every run, so nothing that is shown depends on it. */
typedef struct zones zones;

/* name: raster of codes, or NULL: everything is zone 0. Before session_start. */
zones *zones_new(session *run, const char *name, failure *why);
/* Zones whose codes a command makes itself: zones_index. */
zones *zones_empty(session *run);
void zones_free(zones *all);
bool zones_given(const zones *all);

/* The positions of a block's cells; -1 outside the region and where the raster has no code. */
bool zones_read(zones *all, int worker, window part, int32_t *zone, failure *why);

/* The same from codes (changed: LDN_NODATA outside the region). */
bool zones_index(zones *all, int worker, window part, int32_t *code, int32_t *zone, failure *why);

/* A table over zones for each thread. bins and bits as in ldn_table. After session_start. */
typedef struct sums {
	zones *zones;
	size_t bins;
	int bits;
	ldn_table *tables; /* [thread] */
	int threads;
} sums;

void sums_begin(sums *which, zones *all, const session *run, size_t bins, int bits);
void sums_free(sums *which);

/* Add a block. zone and key hold its cells; areas from session_grid. values, stock: as in ldn/zonal.h. */
bool sums_add_area(sums *which, const session *run, int worker, window part, const int32_t *zone, const uint16_t *key, failure *why);
bool sums_add_values(sums *which, int worker, window part, const int32_t *zone, const uint16_t *key, const float *values, failure *why);
bool sums_add_stocks(sums *which, const session *run, int worker, window part, const int32_t *zone, const uint16_t *key, const float *stock, failure *why);

/* After the last block: the zones of all ranks in one list (once), then each table's sum over threads and ranks in tables[0], zones in that list's
 * order. Ranks come here together. */
bool zones_join(zones *all, failure *why);
bool sums_join(sums *which, failure *why);

size_t zones_count(const zones *all);           /* after zones_join */
int32_t zones_code(const zones *all, size_t position);
/* Positions sorted by code; zones_count of them; free it. */
size_t *zones_sorted(const zones *all);

/* For other lists of codes that ranks must agree on: every rank's codes become one list, the same everywhere; position_of[i] says where
 * this rank's i-th code stands in it (NULL with one rank). Free both. */
bool codes_join(const int32_t *mine, size_t count, int32_t **codes, size_t *total, int32_t **position_of, failure *why);
