/* The trend of double series (residuals, use efficiencies), tile by tile. Missing is NaN, which every comparison already leaves out. */
#include "trend_tile.h"

#include <math.h>
#include <string.h>

typedef struct double_tile {
	double y[LDN_YEARS_MAX][LDN_LANES];
} double_tile;

LDN_INLINE void tile_load(double_tile *tile, const double *series, size_t n_years, size_t n, size_t first, size_t lanes)
{
	for (size_t k = 0; k < n_years; k++) {
		for (size_t i = lanes; i < LDN_LANES; i++)
			tile->y[k][i] = NAN;
		memcpy(tile->y[k], series + k * n + first, lanes * sizeof *series);
	}
}

LDN_INLINE void tile_signs(const double_tile *tile, size_t n_years, trend_tile *out)
{
	int64_t rising[LDN_LANES] = {0}, falling[LDN_LANES] = {0};

	for (size_t i = 0; i + 1 < n_years; i++)
		for (size_t j = i + 1; j < n_years; j++)
			for (size_t p = 0; p < LDN_LANES; p++) {
				rising[p] += tile->y[j][p] > tile->y[i][p];
				falling[p] += tile->y[j][p] < tile->y[i][p];
			}
	for (size_t p = 0; p < LDN_LANES; p++) {
		out->rising[p] = (int16_t)rising[p];
		out->falling[p] = (int16_t)falling[p];
	}
}

/* Two passes: the means, then the sums of deviations. */
LDN_INLINE void tile_line(const double_tile *tile, const trend_plan *plan, trend_tile *out)
{
	double n[LDN_LANES] = {0}, x[LDN_LANES] = {0}, y[LDN_LANES] = {0}, xx[LDN_LANES] = {0}, xy[LDN_LANES] = {0};

	memset(out->s_valid, 0, sizeof out->s_valid);
	for (size_t k = 0; k < plan->n_years; k++)
		for (size_t p = 0; p < LDN_LANES; p++) {
			bool valid = !isnan(tile->y[k][p]);
			n[p] += valid;
			x[p] += valid ? plan->x[k] : 0;
			y[p] += valid ? tile->y[k][p] : 0;
			out->s_valid[p] += valid && k < plan->s_years;
		}
	for (size_t p = 0; p < LDN_LANES; p++) {
		x[p] /= n[p];
		y[p] /= n[p];
	}
	for (size_t k = 0; k < plan->n_years; k++)
		for (size_t p = 0; p < LDN_LANES; p++) {
			bool valid = !isnan(tile->y[k][p]);
			double dx = plan->x[k] - x[p];
			xx[p] += valid ? dx * dx : 0;
			xy[p] += valid ? dx * (tile->y[k][p] - y[p]) : 0;
		}
	for (size_t p = 0; p < LDN_LANES; p++) {
		double slope = xx[p] > 0 ? xy[p] / xx[p] : 0;
		out->valid[p] = (int32_t)n[p];
		out->slope[p] = n[p] > 0 ? slope : NAN;
		out->offset[p] = y[p] - slope * (x[p] + plan->year_first);
	}
}

LDN_CLONES
static void tile_compute(double_tile *tile, const trend_plan *plan, const double *series, size_t n, size_t first, size_t lanes,
			 trend_tile *out)
{
	tile_load(tile, series, plan->n_years, n, first, lanes);
	tile_signs(tile, plan->s_years, out);
	tile_line(tile, plan, out);
}

static double lane_tie_sum(const double_tile *tile, size_t n_years, size_t lane)
{
	long sum = 0;

	for (size_t i = 0; i < n_years; i++) {
		long others = -1;
		if (isnan(tile->y[i][lane]))
			continue;
		for (size_t j = 0; j < n_years; j++)
			others += tile->y[i][lane] == tile->y[j][lane];
		sum += others * (2 * others + 7);
	}
	return (double)sum;
}

static void tile_ties(const double_tile *tile, const trend_plan *plan, size_t lanes, trend_tile *out)
{
	for (size_t i = 0; i < lanes; i++) {
		int tied = out->s_valid[i] * (out->s_valid[i] - 1) / 2 - out->rising[i] - out->falling[i];
		out->tie_sum[i] = tied < 3 ? 18.0 * tied : lane_tie_sum(tile, plan->s_years, i);
	}
}

ldn_status ldn_trend_double(const ldn_profile *profile, const ldn_kendall *table, const double *series, const int *years, size_t n_years,
			    size_t n, const ldn_trend_result *result)
{
	trend_plan plan;
	trend_tile out;
	double_tile tile;
	ldn_status status = ldn_trend_plan(&plan, profile, table, years, n_years, result);

	if (status)
		return status;
	if (!series && n)
		return LDN_ERROR_ARGUMENT;
	memset(&out, 0, sizeof out);
	for (size_t first = 0; first < n; first += LDN_LANES) {
		size_t lanes = n - first < LDN_LANES ? n - first : LDN_LANES;
		tile_compute(&tile, &plan, series, n, first, lanes, &out);
		if (plan.wants_ties)
			tile_ties(&tile, &plan, lanes, &out);
		ldn_trend_write(&plan, &out, first, lanes);
	}
	return LDN_OK;
}
