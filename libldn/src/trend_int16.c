/* The trend of int16 series, tile by tile, all sums in integers. */
#include "span_sums.h"
#include "trend_tile.h"

#include <math.h>
#include <string.h>

/* Years x lanes. A missing value stands as the least int16 in `low` (it is LDN_NODATA already) and as the greatest in `high`: then neither
 * low > high nor high < low ever holds for a pair with a missing member, and no mask is needed. */
typedef struct int16_tile {
	int16_t low[LDN_YEARS_MAX][LDN_LANES], high[LDN_YEARS_MAX][LDN_LANES];
	bool whole; /* nothing missing */
} int16_tile;

LDN_INLINE void tile_load(int16_tile *restrict tile, const int16_t *restrict series, size_t n_years, size_t n, size_t first, size_t lanes)
{
	int16_t missing[LDN_LANES], any = 0;

	for (size_t i = 0; i < LDN_LANES; i++)
		missing[i] = 0;
	for (size_t k = 0; k < n_years; k++) {
		int16_t *restrict low = tile->low[k];
		ldn_load_row(low, series + k * n + first, lanes);
		for (size_t i = 0; i < LDN_LANES; i++)
			missing[i] |= low[i] == LDN_NODATA;
	}
	for (size_t i = 0; i < LDN_LANES; i++)
		any |= missing[i];
	tile->whole = !any;
	for (size_t k = 0; any && k < n_years; k++)
		for (size_t i = 0; i < LDN_LANES; i++)
			tile->high[k][i] = tile->low[k][i] == LDN_NODATA ? INT16_MAX : tile->low[k][i];
}

/* Counts of rising and falling pairs, in vectors of the width the machine has: arithmetic and comparison work lane by lane, and a true
 * comparison is -1. Written out because the counts must stay in registers over all pairs. */
typedef int16_t lanes_128 __attribute__((vector_size(16)));

#define SIGNS_OF(name, vector, attribute)												\
	LDN_INLINE attribute vector name##_load(const int16_t *from)									\
	{																\
		vector lanes;														\
		memcpy(&lanes, from, sizeof lanes);											\
		return lanes;														\
	}																\
	LDN_INLINE attribute void name##_part(const int16_tile *tile, size_t n_years, size_t at, bool whole, trend_tile *out)		\
	{																\
		vector rising = {0}, falling = {0};											\
		for (size_t i = 0; i + 1 < n_years; i++) {										\
			vector low = name##_load(&tile->low[i][at]), high = whole ? low : name##_load(&tile->high[i][at]);		\
			for (size_t j = i + 1; j < n_years; j++) {									\
				vector later = name##_load(&tile->low[j][at]);								\
				rising -= later > high;											\
				falling -= (whole ? later : name##_load(&tile->high[j][at])) < low;					\
			}														\
		}															\
		memcpy(&out->rising[at], &rising, sizeof rising);									\
		memcpy(&out->falling[at], &falling, sizeof falling);									\
	}																\
	static attribute void name(const int16_tile *tile, size_t n_years, trend_tile *out)						\
	{																\
		for (size_t at = 0; at < LDN_LANES; at += sizeof(vector) / sizeof(int16_t)) {						\
			if (tile->whole)												\
				name##_part(tile, n_years, at, true, out);								\
			else														\
				name##_part(tile, n_years, at, false, out);								\
		}															\
	}

SIGNS_OF(tile_signs_128, lanes_128, )
#ifdef LDN_AVX2
typedef int16_t lanes_256 __attribute__((vector_size(32)));
SIGNS_OF(tile_signs_256, lanes_256, LDN_AVX2)
#endif

static void tile_signs(const int16_tile *tile, size_t n_years, trend_tile *out)
{
#ifdef LDN_AVX2
	if (LDN_HAS_AVX2()) {
		tile_signs_256(tile, n_years, out);
		return;
	}
#endif
	tile_signs_128(tile, n_years, out);
}

typedef struct line_sums {
	int32_t n[LDN_LANES], x[LDN_LANES], xx[LDN_LANES], y[LDN_LANES], xy[LDN_LANES];
} line_sums;

LDN_INLINE void sums_whole(const int16_tile *restrict tile, const int *restrict x, size_t n_years, line_sums *restrict sums)
{
	int32_t sx = x[0], sxx = x[0] * x[0];

	for (size_t i = 0; i < LDN_LANES; i++) {
		sums->y[i] = tile->low[0][i];
		sums->xy[i] = x[0] * tile->low[0][i];
	}
	for (size_t k = 1; k < n_years; k++) {
		const int16_t *restrict value = tile->low[k];
		sx += x[k];
		sxx += x[k] * x[k];
		for (size_t i = 0; i < LDN_LANES; i++) {
			sums->y[i] += value[i];
			sums->xy[i] += x[k] * value[i];
		}
	}
	for (size_t i = 0; i < LDN_LANES; i++) {
		sums->n[i] = (int32_t)n_years;
		sums->x[i] = sx;
		sums->xx[i] = sxx;
	}
}

LDN_INLINE void sums_with_gaps(const int16_tile *restrict tile, const int *restrict x, size_t n_years, line_sums *restrict sums)
{
	for (size_t k = 0; k < n_years; k++) {
		const int16_t *restrict value = tile->low[k];
		int32_t year = x[k], square = x[k] * x[k];
		for (size_t i = 0; i < LDN_LANES; i++) {
			int32_t valid = -(int32_t)(value[i] != LDN_NODATA), y = value[i] & valid;
			sums->n[i] -= valid;
			sums->x[i] += year & valid;
			sums->xx[i] += square & valid;
			sums->y[i] += y;
			sums->xy[i] += year * y;
		}
	}
}

LDN_INLINE void tile_line_of(const int16_tile *restrict tile, const trend_plan *restrict plan, trend_tile *restrict out)
{
	line_sums sums;

	if (tile->whole) {
		sums_whole(tile, plan->x, plan->n_years, &sums);
	} else {
		memset(&sums, 0, sizeof sums);
		sums_with_gaps(tile, plan->x, plan->n_years, &sums);
	}
	for (size_t i = 0; i < LDN_LANES; i++) {
		/* All products are whole numbers below 2^53: the quotient is rounded once. */
		double n = sums.n[i], x = sums.x[i], y = sums.y[i];
		double denominator = n * sums.xx[i] - x * x;
		double slope = (n * sums.xy[i] - x * y) / (denominator > 0 ? denominator : 1);
		out->valid[i] = sums.n[i];
		out->slope[i] = n > 0 ? slope : NAN;
		out->offset[i] = (y - slope * x) / n - slope * plan->year_first;
	}
}

/* How many of the years that enter S are valid. */
LDN_INLINE void tile_s_valid_of(const int16_tile *tile, const trend_plan *plan, trend_tile *out)
{
	if (plan->s_years == plan->n_years) {
		memcpy(out->s_valid, out->valid, sizeof out->s_valid);
		return;
	}
	memset(out->s_valid, 0, sizeof out->s_valid);
	for (size_t k = 0; k < plan->s_years; k++)
		for (size_t i = 0; i < LDN_LANES; i++)
			out->s_valid[i] += tile->low[k][i] != LDN_NODATA;
}

LDN_CLONES
static void tile_lines(int16_tile *tile, const trend_plan *plan, const int16_t *series, size_t n, size_t first, size_t lanes, trend_tile *out)
{
	tile_load(tile, series, plan->n_years, n, first, lanes);
	tile_line_of(tile, plan, out);
	tile_s_valid_of(tile, plan, out);
}

/* Sum over groups of t equal values of t(t-1)(2t+5). Each member of a group sees e = t - 1 others: the group's part is t e (2e + 7). */
static double lane_tie_sum(const int16_tile *tile, size_t n_years, size_t lane)
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
static void tile_ties(const int16_tile *tile, const trend_plan *plan, size_t lanes, trend_tile *out)
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
	int16_tile tile;
	ldn_status status = ldn_trend_plan(&plan, profile, table, years, n_years, result);

	if (status)
		return status;
	if (!series && n)
		return LDN_ERROR_ARGUMENT;
	memset(&out, 0, sizeof out);
	for (size_t first = 0; first < n; first += LDN_LANES) {
		size_t lanes = n - first < LDN_LANES ? n - first : LDN_LANES;
		tile_lines(&tile, &plan, series, n, first, lanes, &out);
		tile_signs(&tile, plan.s_years, &out);
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
