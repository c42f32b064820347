/* The trend of int16 series, tile by tile, all sums in integers. */
#include "tile.h"
#include "trend_tile.h"

#include <math.h>
#include <string.h>

static void tile_count(const ldn_tile *tile, size_t n_years, int32_t *valid)
{
	int32_t sum[LDN_LANES];

	for (size_t i = 0; tile->whole && i < LDN_LANES; i++)
		valid[i] = (int32_t)n_years;
	if (!tile->whole)
		ldn_tile_sums(tile->low[0], n_years, sum, valid);
}

static void tile_line(const ldn_tile *tile, const trend_plan *plan, trend_tile *out)
{
	ldn_line_sums sums;

	ldn_tile_line_sums(tile, plan->x, plan->n_years, &sums);
	ldn_tile_slopes(&sums, out->slope);
	for (size_t i = 0; plan->result->offset && i < LDN_LANES; i++)
		out->offset[i] = (sums.y[i] - out->slope[i] * sums.x[i]) / sums.n[i] - out->slope[i] * plan->year_first;
	memcpy(out->valid, sums.n, sizeof out->valid);
}

static void tile_compute(ldn_tile *tile, const trend_plan *plan, trend_tile *out)
{
	ldn_tile_mark(tile, plan->n_years);
	ldn_tile_signs(tile, plan->s_years, out->rising, out->falling);
	if (plan->wants_line)
		tile_line(tile, plan, out);
	else
		tile_count(tile, plan->n_years, out->valid);
	if (plan->s_years == plan->n_years)
		memcpy(out->s_valid, out->valid, sizeof out->s_valid);
	else
		tile_count(tile, plan->s_years, out->s_valid);
}

/* Sum over groups of t equal values of t(t-1)(2t+5). Each member of a group sees e = t - 1 others: the group's part is t e (2e + 7). */
static double lane_tie_sum(const ldn_tile *tile, size_t n_years, size_t lane)
{
	int16_t value[LDN_YEARS_MAX];
	size_t n = 0;
	long sum = 0;

	for (size_t k = 0; k < n_years; k++) {
		int16_t v = tile->low[k][lane];
		if (v != LDN_NODATA)
			value[n++] = v;
	}
	for (size_t i = 0; i < n; i++) {
		long others = -1;
		for (size_t j = 0; j < n; j++)
			others += value[i] == value[j];
		sum += others * (2 * others + 7);
	}
	return (double)sum;
}

LDN_CLONES
static void tile_ties(const ldn_tile *tile, const trend_plan *plan, size_t lanes, trend_tile *out)
{
	int32_t tied[LDN_LANES], most = 0;

	for (size_t i = 0; i < LDN_LANES; i++) {
		tied[i] = out->s_valid[i] * (out->s_valid[i] - 1) / 2 - out->rising[i] - out->falling[i];
		/* One or two tied pairs can only be pairs, 18 each; three may be a triple, 66. */
		out->tie_sum[i] = 18 * tied[i];
		most = tied[i] > most ? tied[i] : most;
	}
	for (size_t i = 0; most > 2 && i < lanes; i++)
		if (tied[i] > 2)
			out->tie_sum[i] = lane_tie_sum(tile, plan->s_years, i);
}

ldn_status ldn_trend_int16(const ldn_profile *profile, const ldn_kendall *table, const int16_t *series, const int *years, size_t n_years,
			   size_t n, const ldn_trend_result *result)
{
	trend_plan plan;
	trend_tile out;
	ldn_tile tile;
	ldn_status status = ldn_trend_plan(&plan, profile, table, years, n_years, result);

	if (status)
		return status;
	if (!series && n)
		return LDN_ERROR_ARGUMENT;
	memset(&out, 0, sizeof out);
	for (size_t first = 0; first < n; first += LDN_LANES) {
		size_t lanes = n - first < LDN_LANES ? n - first : LDN_LANES;
		ldn_tile_rows_take(series, n, (ldn_span){0, n_years}, first, lanes, tile.low[0]);
		tile_compute(&tile, &plan, &out);
		if (plan.wants_ties)
			tile_ties(&tile, &plan, lanes, &out);
		ldn_trend_write(&plan, &out, first, lanes);
	}
	return LDN_OK;
}

void ldn_series_mark_missing(int16_t *series, size_t count, int16_t also_missing)
{
	for (size_t i = 0; i < count; i++)
		series[i] = series[i] == also_missing ? LDN_NODATA : series[i];
}
