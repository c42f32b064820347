/* State, tile by tile. Percentile classes are decided in integers: a cut is a whole multiple of 1 / (10 * margin_divisor). */
#include "ldn/state.h"
#include "ldn/trend.h"

#include "lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CUTS 9
#define MARGIN_DIVISOR_MAX 20 /* keeps count * cut inside 32 bits */

typedef struct state_plan {
	const ldn_state_rule *rule;
	const ldn_state_result *result;
	ldn_span baseline, recent;
} state_plan;

/* A tile's sums and sorted baseline values (missing ones last). */
typedef struct state_tile {
	int16_t sorted[LDN_YEARS_MAX][LDN_LANES];
	int32_t baseline_sum[LDN_LANES], baseline_count[LDN_LANES];
	int32_t recent_sum[LDN_LANES], recent_count[LDN_LANES];
	int16_t class_baseline[LDN_LANES], class_recent[LDN_LANES];
} state_tile;

LDN_INLINE void load_row(int16_t *row, const int16_t *from, size_t lanes)
{
	if (lanes < LDN_LANES)
		for (size_t i = 0; i < LDN_LANES; i++)
			row[i] = LDN_NODATA;
	memcpy(row, from, (lanes < LDN_LANES ? lanes : LDN_LANES) * sizeof *row);
}

LDN_INLINE void add_row(const int16_t *row, int32_t *sum, int32_t *count)
{
	for (size_t i = 0; i < LDN_LANES; i++) {
		int32_t valid = -(int32_t)(row[i] != LDN_NODATA);
		sum[i] += row[i] & valid;
		count[i] -= valid;
	}
}

LDN_INLINE void tile_sums(state_tile *tile, const state_plan *plan, const int16_t *series, size_t n, size_t first, size_t lanes)
{
	int16_t row[LDN_LANES];

	memset(tile->baseline_sum, 0, sizeof tile->baseline_sum);
	memset(tile->baseline_count, 0, sizeof tile->baseline_count);
	memset(tile->recent_sum, 0, sizeof tile->recent_sum);
	memset(tile->recent_count, 0, sizeof tile->recent_count);
	for (size_t k = 0; k < plan->baseline.count; k++) {
		load_row(tile->sorted[k], series + (plan->baseline.first + k) * n + first, lanes);
		add_row(tile->sorted[k], tile->baseline_sum, tile->baseline_count);
	}
	for (size_t k = 0; k < plan->recent.count; k++) {
		load_row(row, series + (plan->recent.first + k) * n + first, lanes);
		add_row(row, tile->recent_sum, tile->recent_count);
	}
}

LDN_INLINE void exchange(int16_t *a, int16_t *b)
{
	for (size_t i = 0; i < LDN_LANES; i++) {
		int16_t low = a[i] < b[i] ? a[i] : b[i], high = a[i] < b[i] ? b[i] : a[i];
		a[i] = low;
		b[i] = high;
	}
}

/* Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M): the same exchanges for every lane. */
LDN_INLINE void sort_rows(int16_t (*rows)[LDN_LANES], size_t n)
{
	size_t top = 1;

	if (n < 2)
		return;
	while (top * 2 < n)
		top *= 2;
	for (size_t p = top; p > 0; p /= 2) {
		size_t q = top, r = 0, d = p;
		for (;;) {
			for (size_t i = 0; i + d < n; i++)
				if ((i & p) == r)
					exchange(rows[i], rows[i + d]);
			if (q == p)
				break;
			d = q - p;
			q /= 2;
			r = p;
		}
	}
}

/* Where cut k = 1..9 lies in the lengthened list of m + 2 values: between entries at and at + 1, tenths beyond at. */
typedef struct cut_place {
	size_t at;
	int32_t tenths;
} cut_place;

LDN_INLINE cut_place cut_position(size_t m, size_t k, ldn_percentile percentile)
{
	size_t position = (m + 1) * k;

	return (cut_place){position / 10, percentile == LDN_PERCENTILE_LINEAR ? (int32_t)(position % 10) : 0};
}

/* Entry of the lengthened list times divisor: 0 and m + 1 are the values beyond the ends. */
LDN_INLINE int32_t long_entry(const int16_t (*sorted)[LDN_LANES], size_t m, size_t entry, size_t lane, int32_t divisor)
{
	int32_t low = sorted[0][lane], high = sorted[m - 1][lane];

	if (entry == 0)
		return divisor * low - (high - low);
	if (entry == m + 1)
		return divisor * high + (high - low);
	return divisor * sorted[entry - 1][lane];
}

/* Ten times divisor times the cut. */
LDN_INLINE int32_t cut_value(const int16_t (*sorted)[LDN_LANES], size_t m, cut_place place, size_t lane, int32_t divisor)
{
	int32_t a = long_entry(sorted, m, place.at, lane, divisor);
	int32_t b = long_entry(sorted, m, place.at + 1 < m + 2 ? place.at + 1 : m + 1, lane, divisor);

	return 10 * a + place.tenths * (b - a);
}

/* Classes of lanes whose baseline has no gap: the same places for all. */
LDN_INLINE void tile_classes(state_tile *tile, size_t m, const ldn_state_rule *rule)
{
	int32_t divisor = rule->margin_divisor, scale = 10 * divisor;

	for (size_t i = 0; i < LDN_LANES; i++)
		tile->class_baseline[i] = tile->class_recent[i] = 1;
	for (size_t k = 1; k <= CUTS; k++) {
		cut_place place = cut_position(m, k, rule->percentile);
		for (size_t i = 0; i < LDN_LANES; i++) {
			int32_t cut = cut_value((const int16_t (*)[LDN_LANES])tile->sorted, m, place, i, divisor);
			tile->class_baseline[i] += scale * tile->baseline_sum[i] > tile->baseline_count[i] * cut;
			tile->class_recent[i] += scale * tile->recent_sum[i] > tile->recent_count[i] * cut;
		}
	}
}

/* The same for one lane with gaps. */
static void lane_classes(state_tile *tile, size_t lane, const ldn_state_rule *rule)
{
	int32_t divisor = rule->margin_divisor, scale = 10 * divisor;
	size_t m = (size_t)tile->baseline_count[lane];

	tile->class_baseline[lane] = tile->class_recent[lane] = 1;
	for (size_t k = 1; k <= CUTS && m > 0; k++) {
		int32_t cut = cut_value((const int16_t (*)[LDN_LANES])tile->sorted, m, cut_position(m, k, rule->percentile), lane, divisor);
		tile->class_baseline[lane] += scale * tile->baseline_sum[lane] > tile->baseline_count[lane] * cut;
		tile->class_recent[lane] += scale * tile->recent_sum[lane] > tile->recent_count[lane] * cut;
	}
}

LDN_CLONES
static void tile_percentiles(state_tile *tile, const state_plan *plan, const int16_t *series, size_t n, size_t first, size_t lanes)
{
	size_t m = plan->baseline.count;

	tile_sums(tile, plan, series, n, first, lanes);
	for (size_t k = 0; k < m; k++)
		for (size_t i = 0; i < LDN_LANES; i++)
			tile->sorted[k][i] = tile->sorted[k][i] == LDN_NODATA ? INT16_MAX : tile->sorted[k][i];
	sort_rows(tile->sorted, m);
	tile_classes(tile, m, plan->rule);
}

LDN_INLINE int16_t change_to_3(int16_t change, int class_change)
{
	if (change < -10)
		return LDN_NODATA;
	return (int16_t)((change >= class_change) - (change <= -class_change));
}

static void write_percentiles(const state_plan *plan, state_tile *tile, size_t first, size_t lanes)
{
	const ldn_state_rule *rule = plan->rule;
	const ldn_state_result *r = plan->result;

	for (size_t i = 0; i < lanes; i++) {
		int32_t bs = tile->baseline_sum[i], bc = tile->baseline_count[i], rs = tile->recent_sum[i], rc = tile->recent_count[i];
		int16_t change, base = LDN_NODATA, recent = LDN_NODATA;
		if (bc > 0 && bc < (int32_t)plan->baseline.count)
			lane_classes(tile, i, rule);
		if (bc > 0)
			base = tile->class_baseline[i];
		if (bc > 0 && rc > 0)
			recent = tile->class_recent[i];
		if (bc == 0)
			change = rule->missing_is_unchanged ? 0 : LDN_NODATA;
		else if (rc == 0)
			change = LDN_NODATA;
		else if (abs(rs * bc - bs * rc) <= rule->same_mean * rc * bc)
			change = 0;
		else
			change = (int16_t)(recent - base);
		if (r->change)
			r->change[first + i] = change;
		if (r->class_baseline)
			r->class_baseline[first + i] = base;
		if (r->class_recent)
			r->class_recent[first + i] = recent;
		if (r->z)
			r->z[first + i] = NAN;
		if (r->state)
			r->state[first + i] = change_to_3(change, rule->class_change);
	}
}

static void write_means(const state_plan *plan, const state_tile *tile, size_t first, size_t lanes)
{
	const ldn_state_result *r = plan->result;

	for (size_t i = 0; r->mean_baseline && i < lanes; i++)
		r->mean_baseline[first + i] = tile->baseline_count[i] ? tile->baseline_sum[i] / (double)tile->baseline_count[i] : NAN;
	for (size_t i = 0; r->mean_recent && i < lanes; i++)
		r->mean_recent[first + i] = tile->recent_count[i] ? tile->recent_sum[i] / (double)tile->recent_count[i] : NAN;
}

/* Z of the recent mean; 0 or infinite for a flat baseline, NaN where a period has no value. */
static double lane_z(const state_tile *tile, size_t lane, ldn_span baseline, ldn_span recent, bool *flat)
{
	double m = tile->baseline_count[lane], sum = tile->baseline_sum[lane], squares = 0, spread, difference;

	*flat = false;
	if (m == 0 || tile->recent_count[lane] == 0)
		return NAN;
	for (size_t k = 0; k < baseline.count; k++) {
		double v = tile->sorted[k][lane];
		squares += v == LDN_NODATA ? 0 : v * v;
	}
	spread = m * squares - sum * sum; /* whole numbers below 2^53: m^2 times the variance, exact */
	difference = tile->recent_sum[lane] * m - sum * tile->recent_count[lane];
	*flat = !(spread > 0);
	if (*flat)
		return difference > 0 ? INFINITY : difference < 0 ? -INFINITY : 0;
	return (tile->recent_sum[lane] / (double)tile->recent_count[lane] - sum / m) / (sqrt(spread) / m / sqrt((double)recent.count));
}

static void write_z(const state_plan *plan, const state_tile *tile, size_t first, size_t lanes)
{
	const ldn_state_rule *rule = plan->rule;
	const ldn_state_result *r = plan->result;

	for (size_t i = 0; i < lanes; i++) {
		bool flat;
		double z = lane_z(tile, i, plan->baseline, plan->recent, &flat);
		int16_t level;
		if (flat && rule->flat_is_nodata)
			z = NAN;
		level = (int16_t)((z > rule->z_limits[0]) + (z > rule->z_limits[1]) - (z < -rule->z_limits[0]) - (z < -rule->z_limits[1]));
		if (isnan(z))
			level = LDN_NODATA;
		if (r->change)
			r->change[first + i] = level;
		if (r->class_baseline)
			r->class_baseline[first + i] = LDN_NODATA;
		if (r->class_recent)
			r->class_recent[first + i] = LDN_NODATA;
		if (r->z)
			r->z[first + i] = z;
		if (r->state)
			r->state[first + i] = change_to_3(level, 2);
	}
}

static bool span_fits(ldn_span span)
{
	return span.count > 0 && span.count <= LDN_YEARS_MAX;
}

ldn_status ldn_state_int16(const ldn_profile *profile, const int16_t *series, size_t n, ldn_span baseline, ldn_span recent,
			   const ldn_state_result *result)
{
	state_plan plan = {.result = result, .baseline = baseline, .recent = recent};
	state_tile tile;

	if (!profile || !result || (!series && n) || !span_fits(baseline) || !span_fits(recent))
		return LDN_ERROR_ARGUMENT;
	plan.rule = &profile->state;
	if (plan.rule->margin_divisor < 1 || plan.rule->margin_divisor > MARGIN_DIVISOR_MAX)
		return LDN_ERROR_ARGUMENT;
	for (size_t first = 0; first < n; first += LDN_LANES) {
		size_t lanes = n - first < LDN_LANES ? n - first : LDN_LANES;
		if (plan.rule->test == LDN_STATE_PERCENTILES) {
			tile_percentiles(&tile, &plan, series, n, first, lanes);
			write_percentiles(&plan, &tile, first, lanes);
		} else {
			tile_sums(&tile, &plan, series, n, first, lanes);
			write_z(&plan, &tile, first, lanes);
		}
		write_means(&plan, &tile, first, lanes);
	}
	return LDN_OK;
}

void ldn_state_to_3(const int16_t *change, size_t n, int class_change, int16_t *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = change_to_3(change[i], class_change);
}
