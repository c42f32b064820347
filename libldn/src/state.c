/* State, tile by tile. Percentile classes are decided in integers: a cut is a whole multiple of 1 / (10 * margin_divisor). */
#include "ldn/state.h"
#include "ldn/trend.h"

#include "span_sums.h"

#include <math.h>
#include <stdlib.h>

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

LDN_INLINE void tile_sums(state_tile *tile, const state_plan *plan, const int16_t *series, size_t n, size_t first, size_t lanes)
{
	for (size_t k = 0; k < plan->baseline.count; k++)
		ldn_load_row(tile->sorted[k], series + (plan->baseline.first + k) * n + first, lanes);
	ldn_span_sums(series, n, plan->baseline, first, lanes, tile->baseline_sum, tile->baseline_count);
	ldn_span_sums(series, n, plan->recent, first, lanes, tile->recent_sum, tile->recent_count);
}

LDN_INLINE void exchange(int16_t *restrict a, int16_t *restrict b)
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

/* Ten times divisor times the cut between entries of the lengthened list: divisor x value inside, beyond the ends by the range. */
LDN_INLINE int32_t entry_inside(int16_t value, int32_t divisor)
{
	return divisor * value;
}

LDN_INLINE int32_t entry_below(int16_t low, int16_t high, int32_t divisor)
{
	return divisor * low - (high - low);
}

LDN_INLINE int32_t entry_above(int16_t low, int16_t high, int32_t divisor)
{
	return divisor * high + (high - low);
}

/* One entry of the list for every lane. */
LDN_INLINE void entries(const int16_t (*sorted)[LDN_LANES], size_t m, size_t entry, int32_t divisor, int32_t *restrict out)
{
	const int16_t *restrict low = sorted[0], *restrict high = sorted[m - 1], *restrict value = sorted[entry && entry <= m ? entry - 1 : 0];

	if (entry == 0)
		for (size_t i = 0; i < LDN_LANES; i++)
			out[i] = entry_below(low[i], high[i], divisor);
	else if (entry > m)
		for (size_t i = 0; i < LDN_LANES; i++)
			out[i] = entry_above(low[i], high[i], divisor);
	else
		for (size_t i = 0; i < LDN_LANES; i++)
			out[i] = entry_inside(value[i], divisor);
}

/* Classes of all lanes as if no baseline had a gap: the cuts then lie at the same places for all. */
LDN_INLINE void tile_classes(state_tile *restrict tile, size_t m, const ldn_state_rule *rule)
{
	int32_t divisor = rule->margin_divisor, scale = 10 * divisor;
	int32_t a[LDN_LANES], b[LDN_LANES], baseline[LDN_LANES], recent[LDN_LANES], baseline_sum[LDN_LANES], recent_sum[LDN_LANES];

	for (size_t i = 0; i < LDN_LANES; i++) {
		baseline_sum[i] = scale * tile->baseline_sum[i];
		recent_sum[i] = scale * tile->recent_sum[i];
		baseline[i] = recent[i] = 1;
	}
	for (size_t k = 1; k <= CUTS; k++) {
		cut_place place = cut_position(m, k, rule->percentile);
		entries((const int16_t (*)[LDN_LANES])tile->sorted, m, place.at, divisor, a);
		entries((const int16_t (*)[LDN_LANES])tile->sorted, m, place.at + 1, divisor, b);
		for (size_t i = 0; i < LDN_LANES; i++) {
			int32_t cut = 10 * a[i] + place.tenths * (b[i] - a[i]);
			baseline[i] += baseline_sum[i] > tile->baseline_count[i] * cut;
			recent[i] += recent_sum[i] > tile->recent_count[i] * cut;
		}
	}
	for (size_t i = 0; i < LDN_LANES; i++) {
		tile->class_baseline[i] = (int16_t)baseline[i];
		tile->class_recent[i] = (int16_t)recent[i];
	}
}

static int32_t lane_entry(const state_tile *tile, size_t m, size_t entry, size_t lane, int32_t divisor)
{
	int16_t low = tile->sorted[0][lane], high = tile->sorted[m - 1][lane];

	if (entry == 0)
		return entry_below(low, high, divisor);
	return entry > m ? entry_above(low, high, divisor) : entry_inside(tile->sorted[entry - 1][lane], divisor);
}

/* The classes of one lane with gaps. */
static void lane_classes(state_tile *tile, size_t lane, const ldn_state_rule *rule)
{
	int32_t divisor = rule->margin_divisor, scale = 10 * divisor;
	size_t m = (size_t)tile->baseline_count[lane];

	tile->class_baseline[lane] = tile->class_recent[lane] = 1;
	for (size_t k = 1; k <= CUTS; k++) {
		cut_place place = cut_position(m, k, rule->percentile);
		int32_t a = lane_entry(tile, m, place.at, lane, divisor), b = lane_entry(tile, m, place.at + 1, lane, divisor);
		int32_t cut = 10 * a + place.tenths * (b - a);
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

LDN_INLINE int16_t change_to_3(int16_t change, int16_t class_change)
{
	int16_t sign = (int16_t)((change >= class_change) - (change <= -class_change));

	return change < -10 ? LDN_NODATA : sign;
}

/* Change of class, one tile: no data and the fault of te included. */
LDN_INLINE void tile_changes(const state_tile *restrict tile, const ldn_state_rule *rule, int16_t *restrict base, int16_t *restrict recent,
			     int16_t *restrict change)
{
	const int16_t unseen = rule->missing_is_unchanged ? 0 : LDN_NODATA;
	int32_t same[LDN_LANES];

	for (size_t i = 0; i < LDN_LANES; i++) {
		int32_t bs = tile->baseline_sum[i], bc = tile->baseline_count[i], rs = tile->recent_sum[i], rc = tile->recent_count[i];
		int32_t apart = rs * bc - bs * rc, limit = rule->same_mean * rc * bc;
		same[i] = (apart <= limit) & (apart >= -limit);
	}
	for (size_t i = 0; i < LDN_LANES; i++) {
		int16_t no_base = tile->baseline_count[i] == 0, no_recent = tile->recent_count[i] == 0;
		int16_t moved = (int16_t)(tile->class_recent[i] - tile->class_baseline[i]);
		moved = same[i] ? 0 : moved;
		moved = no_recent ? LDN_NODATA : moved;
		change[i] = no_base ? unseen : moved;
		base[i] = no_base ? LDN_NODATA : tile->class_baseline[i];
		recent[i] = (no_base | no_recent) ? LDN_NODATA : tile->class_recent[i];
	}
}

LDN_CLONES
static void write_percentiles(const state_plan *plan, state_tile *tile, size_t first, size_t lanes)
{
	const ldn_state_rule *rule = plan->rule;
	const ldn_state_result *r = plan->result;
	int16_t base[LDN_LANES], recent[LDN_LANES], change[LDN_LANES], state[LDN_LANES];

	for (size_t i = 0; i < lanes; i++)
		if (tile->baseline_count[i] != (int32_t)plan->baseline.count && tile->baseline_count[i] > 0)
			lane_classes(tile, i, rule);
	tile_changes(tile, rule, base, recent, change);
	for (size_t i = 0; i < LDN_LANES; i++)
		state[i] = change_to_3(change[i], (int16_t)rule->class_change);
	if (r->change)
		memcpy(r->change + first, change, lanes * sizeof *change);
	if (r->class_baseline)
		memcpy(r->class_baseline + first, base, lanes * sizeof *base);
	if (r->class_recent)
		memcpy(r->class_recent + first, recent, lanes * sizeof *recent);
	if (r->state)
		memcpy(r->state + first, state, lanes * sizeof *state);
	for (size_t i = 0; r->z && i < lanes; i++)
		r->z[first + i] = NAN;
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
		out[i] = change_to_3(change[i], (int16_t)class_change);
}
