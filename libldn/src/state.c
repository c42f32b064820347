/* State, tile by tile. Percentile classes are decided in integers: a cut is a whole multiple of 1 / (10 * margin_divisor). */
#include "ldn/state.h"
#include "ldn/trend.h"

#include "tile.h"

#include <math.h>
#include <string.h>

#define MARGIN_DIVISOR_MAX 20 /* keeps count * cut inside 32 bits */

typedef struct state_plan {
	const ldn_state_rule *rule;
	const ldn_state_result *result;
	ldn_span baseline, recent;
} state_plan;

/* A mean of each lane as sum and count. */
typedef struct tile_mean {
	int32_t sum[LDN_LANES], count[LDN_LANES];
} tile_mean;

/* A tile's means and its baseline values, sorted where classes are asked for (missing ones last). */
typedef struct state_tile {
	ldn_tile_rows baseline_rows, recent_rows;
	tile_mean baseline, recent;
	int16_t class_baseline[LDN_LANES], class_recent[LDN_LANES];
} state_tile;

static void tile_take(state_tile *tile, const state_plan *plan, const int16_t *series, size_t n, size_t first, size_t lanes)
{
	ldn_tile_rows_take(series, n, plan->baseline, first, lanes, tile->baseline_rows[0]);
	ldn_tile_rows_take(series, n, plan->recent, first, lanes, tile->recent_rows[0]);
	ldn_tile_sums(tile->baseline_rows[0], plan->baseline.count, tile->baseline.sum, tile->baseline.count);
	ldn_tile_sums(tile->recent_rows[0], plan->recent.count, tile->recent.sum, tile->recent.count);
}

static void tile_percentiles(state_tile *tile, const state_plan *plan)
{
	const int16_t *sorted = tile->baseline_rows[0];

	ldn_tile_sort(tile->baseline_rows, plan->baseline.count);
	ldn_tile_classes(sorted, plan->baseline.count, plan->rule, tile->baseline.sum, plan->baseline.count, tile->class_baseline);
	ldn_tile_classes(sorted, plan->baseline.count, plan->rule, tile->recent.sum, plan->recent.count, tile->class_recent);
}

/* Entry of one lane's lengthened list, divisor times: 0 and m + 1 lie beyond the ends by the range. */
static int32_t lane_entry(const state_tile *tile, size_t m, size_t entry, size_t lane, int32_t divisor)
{
	int32_t low = tile->baseline_rows[0][lane], high = tile->baseline_rows[m - 1][lane];

	if (entry == 0)
		return divisor * low - (high - low);
	return entry > m ? divisor * high + (high - low) : divisor * tile->baseline_rows[entry - 1][lane];
}

/* The classes of one lane with gaps. */
static void lane_classes(state_tile *tile, size_t lane, const ldn_state_rule *rule)
{
	int32_t divisor = rule->margin_divisor, scale = 10 * divisor;
	size_t m = (size_t)tile->baseline.count[lane];

	tile->class_baseline[lane] = tile->class_recent[lane] = 1;
	for (size_t k = 1; k <= LDN_CUTS; k++) {
		ldn_cut_place place = ldn_cut_position(m, k, rule->percentile);
		int32_t a = lane_entry(tile, m, place.at, lane, divisor), b = lane_entry(tile, m, place.at + 1, lane, divisor);
		int32_t cut = 10 * a + place.tenths * (b - a);
		tile->class_baseline[lane] += scale * tile->baseline.sum[lane] > tile->baseline.count[lane] * cut;
		tile->class_recent[lane] += scale * tile->recent.sum[lane] > tile->recent.count[lane] * cut;
	}
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
		int32_t bs = tile->baseline.sum[i], bc = tile->baseline.count[i], rs = tile->recent.sum[i], rc = tile->recent.count[i];
		int32_t apart = rs * bc - bs * rc, limit = rule->same_mean * rc * bc;
		same[i] = (apart <= limit) & (apart >= -limit);
	}
	for (size_t i = 0; i < LDN_LANES; i++) {
		int16_t no_base = tile->baseline.count[i] == 0, no_recent = tile->recent.count[i] == 0;
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
	int32_t gaps[LDN_LANES], before = (int32_t)plan->baseline.count, after = (int32_t)plan->recent.count;

	for (size_t i = 0; i < LDN_LANES; i++)
		gaps[i] = (tile->baseline.count[i] != before) | (tile->recent.count[i] != after);
	for (size_t i = 0; i < lanes; i++)
		if (gaps[i] && tile->baseline.count[i] > 0)
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
		r->mean_baseline[first + i] = tile->baseline.count[i] ? tile->baseline.sum[i] / (double)tile->baseline.count[i] : NAN;
	for (size_t i = 0; r->mean_recent && i < lanes; i++)
		r->mean_recent[first + i] = tile->recent.count[i] ? tile->recent.sum[i] / (double)tile->recent.count[i] : NAN;
}

/* Z of the recent mean; 0 or infinite for a flat baseline, NaN where a period has no value. */
static double lane_z(const state_tile *tile, size_t lane, ldn_span baseline, ldn_span recent, bool *flat)
{
	double m = tile->baseline.count[lane], sum = tile->baseline.sum[lane], squares = 0, spread, difference;

	*flat = false;
	if (m == 0 || tile->recent.count[lane] == 0)
		return NAN;
	for (size_t k = 0; k < baseline.count; k++) {
		double v = tile->baseline_rows[k][lane];
		squares += v == LDN_NODATA ? 0 : v * v;
	}
	spread = m * squares - sum * sum; /* whole numbers below 2^53: m^2 times the variance, exact */
	difference = tile->recent.sum[lane] * m - sum * tile->recent.count[lane];
	*flat = !(spread > 0);
	if (*flat)
		return difference > 0 ? INFINITY : difference < 0 ? -INFINITY : 0;
	return (tile->recent.sum[lane] / (double)tile->recent.count[lane] - sum / m) / (sqrt(spread) / m / sqrt((double)recent.count));
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
		tile_take(&tile, &plan, series, n, first, lanes);
		if (plan.rule->test == LDN_STATE_PERCENTILES) {
			tile_percentiles(&tile, &plan);
			write_percentiles(&plan, &tile, first, lanes);
		} else {
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
