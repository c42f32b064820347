/* What the int16 and the double kernel hand over for classing: one tile of pixels. Private to the library. */
#ifndef LDN_TREND_TILE_H
#define LDN_TREND_TILE_H

#include "ldn/trend.h"
#include "lanes.h"

/* A call's rule, made ready once for all its tiles. */
typedef struct trend_plan {
	const ldn_trend_rule *rule;
	const ldn_kendall *table;
	const ldn_trend_result *result;
	size_t n_years;
	size_t s_years;       /* how many first years enter S */
	size_t exact_years;   /* up to so many valid years the exact distribution is at hand */
	int x[LDN_YEARS_MAX]; /* years since the first */
	int year_first;
	bool wants_ties;      /* the sums over groups of equal values are needed */
	bool wants_class;
	bool wants_line;      /* the slope is asked for, or the rule looks at it */
	const int16_t *thresholds;              /* TABLE: the three of this number of years */
	double z_limits[3];                     /* EXACT: |Z| at which the normal p meets the limits */
	int16_t critical[LDN_YEARS_MAX + 1][3]; /* EXACT: least |S| of each level by number of valid years */
} trend_plan;

typedef struct trend_tile {
	int32_t valid[LDN_LANES];
	int32_t s_valid[LDN_LANES]; /* valid years among those that enter S */
	int16_t rising[LDN_LANES], falling[LDN_LANES];
	double slope[LDN_LANES], offset[LDN_LANES];
	double tie_sum[LDN_LANES];
} trend_tile;

/* Checks the arguments and makes the plan. */
ldn_status ldn_trend_plan(trend_plan *plan, const ldn_profile *profile, const ldn_kendall *table, const int *years, size_t n_years,
			  const ldn_trend_result *result);

/* Writes the first `lanes` pixels of the tile to the result arrays at `first`. */
void ldn_trend_write(const trend_plan *plan, const trend_tile *tile, size_t first, size_t lanes);

#endif
