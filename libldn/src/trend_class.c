#include "trend_tile.h"

#include "ldn/drought.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define YEARS_SPAN_MAX 500 /* keeps every sum of the int16 kernel inside 32 bits */

static ldn_status years_check(trend_plan *plan, const int *years, size_t n_years)
{
	if (!years || n_years == 0 || n_years > LDN_YEARS_MAX)
		return LDN_ERROR_ARGUMENT;
	for (size_t k = 0; k < n_years; k++) {
		if (k && years[k] <= years[k - 1])
			return LDN_ERROR_ARGUMENT;
		if ((long)years[k] - years[0] > YEARS_SPAN_MAX)
			return LDN_ERROR_ARGUMENT;
		plan->x[k] = years[k] - years[0];
	}
	plan->n_years = n_years;
	plan->year_first = years[0];
	return LDN_OK;
}

static ldn_status plan_table(trend_plan *plan)
{
	const ldn_trend_rule *rule = plan->rule;

	if ((long)plan->n_years < rule->table_first || (long)plan->n_years > rule->table_last)
		return LDN_ERROR_DOMAIN;
	plan->thresholds = rule->table[plan->n_years - (size_t)rule->table_first];
	for (int level = 0; level < 3; level++)
		if (plan->thresholds[level] == INT16_MAX)
			return LDN_ERROR_DOMAIN;
	return LDN_OK;
}

static ldn_status plan_exact(trend_plan *plan)
{
	if (!plan->table)
		return LDN_ERROR_ARGUMENT;
	for (int level = 0; level < 3; level++)
		plan->z_limits[level] = -ldn_normal_quantile(plan->rule->limits[level] / 2);
	for (size_t n = 0; n <= plan->n_years; n++)
		for (int level = 0; level < 3; level++) {
			int critical = n <= plan->exact_years ? ldn_kendall_critical(plan->table, n, plan->rule->limits[level]) : 0;
			plan->critical[n][level] = (int16_t)critical;
		}
	return LDN_OK;
}

ldn_status ldn_trend_plan(trend_plan *plan, const ldn_profile *profile, const ldn_kendall *table, const int *years, size_t n_years,
			  const ldn_trend_result *result)
{
	ldn_status status;

	if (!profile || !result)
		return LDN_ERROR_ARGUMENT;
	plan->rule = &profile->trend;
	plan->table = table;
	plan->result = result;
	plan->exact_years = 0;
	plan->thresholds = NULL;
	status = years_check(plan, years, n_years);
	if (status)
		return status;
	plan->s_years = n_years;
	if (plan->rule->s_years_max > 0 && n_years > (size_t)plan->rule->s_years_max)
		plan->s_years = (size_t)plan->rule->s_years_max;
	/* The table was built for some number of years; beyond it, or beyond 60, p comes from the normal distribution. */
	while (table && plan->exact_years < n_years && plan->exact_years < LDN_EXACT_YEARS_MAX &&
	       !isnan(ldn_kendall_p(table, plan->exact_years + 1, 1)))
		plan->exact_years++;
	if (plan->exact_years < n_years && plan->exact_years < LDN_EXACT_YEARS_MAX &&
	    (plan->rule->test == LDN_TREND_EXACT || (result->p && plan->rule->test != LDN_TREND_TAU_Z)))
		return LDN_ERROR_ARGUMENT;
	plan->wants_class = result->level || result->trend;
	plan->wants_line = result->slope || result->offset ||
			   (plan->wants_class && (plan->rule->sign_of_slope || plan->rule->stable_slope >= 0));
	plan->wants_ties = plan->rule->test != LDN_TREND_TAU_Z &&
			   (result->z || result->p || (plan->wants_class && plan->rule->test == LDN_TREND_EXACT));
	if (plan->wants_class && plan->rule->test == LDN_TREND_TABLE)
		return plan_table(plan);
	if (plan->wants_class && plan->rule->test == LDN_TREND_EXACT)
		return plan_exact(plan);
	return LDN_OK;
}

typedef struct pixel {
	int valid, s_valid;
	int s;
	int pairs, tied_pairs; /* among the years that enter S */
	double slope, tie_sum;
} pixel;

/* tau_b * 3 sqrt(n(n-1)) / sqrt(2(2n+5)); 0 where all values are one. */
static double pixel_tau_z(const trend_plan *plan, const pixel *p)
{
	double n = plan->rule->years_asked_in_z ? (double)plan->s_years : p->s_valid, untied = p->pairs - p->tied_pairs;

	if (untied <= 0)
		return 0;
	return p->s / sqrt(untied * (double)p->pairs) * 3 * sqrt(n * (n - 1)) / sqrt(2 * (2 * n + 5));
}

static double pixel_z(const trend_plan *plan, const pixel *p)
{
	if (p->s_valid < 2)
		return NAN;
	if (plan->rule->test == LDN_TREND_TAU_Z)
		return pixel_tau_z(plan, p);
	return ldn_kendall_z(p->s, ldn_kendall_variance((size_t)p->s_valid, p->tie_sum));
}

static double pixel_p(const trend_plan *plan, const pixel *p)
{
	if (p->s_valid < 2)
		return NAN;
	if (plan->rule->test != LDN_TREND_TAU_Z && p->tied_pairs == 0 && (size_t)p->s_valid <= plan->exact_years)
		return ldn_kendall_p(plan->table, (size_t)p->s_valid, p->s);
	return ldn_normal_p(pixel_z(plan, p));
}

/* The level without its sign: how many of the three limits are reached. */
static int pixel_magnitude(const trend_plan *plan, const pixel *p)
{
	const ldn_trend_rule *rule = plan->rule;
	int size = abs(p->s), magnitude = 0;
	double value;

	switch (rule->test) {
	case LDN_TREND_TABLE:
		if (rule->first_limit_is_stable && size <= plan->thresholds[0])
			return 0;
		return (size >= plan->thresholds[0]) + (size >= plan->thresholds[1]) + (size >= plan->thresholds[2]);
	case LDN_TREND_EXACT:
		if (p->tied_pairs == 0 && (size_t)p->s_valid <= plan->exact_years) {
			const int16_t *critical = plan->critical[p->s_valid];
			return (size >= critical[0]) + (size >= critical[1]) + (size >= critical[2]);
		}
		/* The level says what p says; p itself is worked out only where |Z| is too near its limit to tell. */
		value = fabs(pixel_z(plan, p));
		for (int level = 0; level < 3; level++) {
			double limit = plan->z_limits[level];
			if (fabs(value - limit) < 1e-9 * limit)
				magnitude += ldn_normal_p(value) <= rule->limits[level];
			else
				magnitude += value > limit;
		}
		return magnitude;
	case LDN_TREND_TAU_Z:
		value = fabs(pixel_tau_z(plan, p));
		for (int level = 0; level < 3; level++)
			magnitude += value > rule->limits[level];
		return magnitude;
	}
	return 0;
}

static int16_t pixel_level(const trend_plan *plan, const pixel *p)
{
	const ldn_trend_rule *rule = plan->rule;
	int magnitude, sign;

	if (p->valid == 0 || p->valid < rule->valid_years_min)
		return LDN_NODATA;
	if (fabs(p->slope) <= rule->stable_slope)
		return 0;
	magnitude = pixel_magnitude(plan, p);
	if (rule->sign_of_slope)
		sign = (p->slope > 0) - (p->slope < 0);
	else
		sign = (p->s > 0) - (p->s < 0);
	return (int16_t)(sign * magnitude);
}

LDN_INLINE int16_t level_to_3(int16_t level, int significant_level)
{
	int16_t sign = (int16_t)((level >= significant_level) - (level <= -significant_level));

	return level == LDN_NODATA ? LDN_NODATA : sign;
}

static pixel tile_pixel(const trend_tile *tile, size_t i)
{
	pixel p = {
		.valid = tile->valid[i],
		.s_valid = tile->s_valid[i],
		.s = tile->rising[i] - tile->falling[i],
		.pairs = tile->s_valid[i] * (tile->s_valid[i] - 1) / 2,
		.slope = tile->slope[i],
		.tie_sum = tile->tie_sum[i],
	};

	p.tied_pairs = p.pairs - tile->rising[i] - tile->falling[i];
	return p;
}

/* Levels of a tile whose pixels all have the same three limits of |S|. */
LDN_INLINE void tile_levels(const trend_plan *plan, const trend_tile *restrict tile, const int16_t *limits, int16_t *restrict level)
{
	const ldn_trend_rule *rule = plan->rule;
	const int16_t c1 = limits[0], c2 = limits[1], c3 = limits[2], lowest = rule->first_limit_is_stable ? (int16_t)(c1 + 1) : 0;
	const int32_t least = rule->valid_years_min > 1 ? rule->valid_years_min : 1;
	int32_t way[LDN_LANES];

	for (size_t i = 0; i < LDN_LANES; i++) {
		double slope = tile->slope[i];
		int32_t s = tile->rising[i] - tile->falling[i];
		int32_t steep = fabs(slope) > rule->stable_slope; /* also where the slope is missing: no data then */
		way[i] = rule->sign_of_slope ? (slope > 0) - (slope < 0) : (s > 0) - (s < 0);
		way[i] &= -steep;
	}
	for (size_t i = 0; i < LDN_LANES; i++) {
		int16_t s = (int16_t)(tile->rising[i] - tile->falling[i]), size = (int16_t)(s < 0 ? -s : s);
		int16_t magnitude = (int16_t)((size >= c1) + (size >= c2) + (size >= c3));
		magnitude = size >= lowest ? magnitude : 0;
		level[i] = (int16_t)(magnitude * way[i]);
		level[i] = tile->valid[i] >= least ? level[i] : LDN_NODATA;
	}
}

/* Levels of a tile: those that the common limits decide at once, the others (gaps, ties, other tests) one by one. */
LDN_CLONES
static void tile_classes(const trend_plan *plan, const trend_tile *tile, size_t lanes, int16_t *level)
{
	const ldn_trend_test test = plan->rule->test;
	const bool common = test == LDN_TREND_TABLE || (test == LDN_TREND_EXACT && plan->s_years <= plan->exact_years);
	int32_t alone[LDN_LANES], pairs = (int32_t)(plan->s_years * (plan->s_years - 1) / 2);

	if (common)
		tile_levels(plan, tile, test == LDN_TREND_TABLE ? plan->thresholds : plan->critical[plan->s_years], level);
	if (test == LDN_TREND_TABLE)
		return;
	for (size_t i = 0; i < LDN_LANES; i++)
		alone[i] = !common | (tile->rising[i] + tile->falling[i] != pairs);
	for (size_t i = 0; i < lanes; i++)
		if (alone[i]) {
			pixel p = tile_pixel(tile, i);
			level[i] = pixel_level(plan, &p);
		}
}

static void write_statistics(const trend_plan *plan, const trend_tile *tile, size_t first, size_t lanes)
{
	const ldn_trend_result *r = plan->result;

	for (size_t i = 0; i < lanes; i++) {
		pixel p = tile_pixel(tile, i);
		if (r->z)
			r->z[first + i] = pixel_z(plan, &p);
		if (r->p)
			r->p[first + i] = pixel_p(plan, &p);
		if (r->tau)
			r->tau[first + i] = p.pairs ? p.s / (double)p.pairs : NAN;
	}
}

void ldn_trend_write(const trend_plan *plan, const trend_tile *tile, size_t first, size_t lanes)
{
	const ldn_trend_result *r = plan->result;
	int16_t level[LDN_LANES];

	if (r->slope)
		memcpy(r->slope + first, tile->slope, lanes * sizeof *r->slope);
	if (r->offset)
		memcpy(r->offset + first, tile->offset, lanes * sizeof *r->offset);
	for (size_t i = 0; r->valid && i < lanes; i++)
		r->valid[first + i] = (int16_t)tile->valid[i];
	for (size_t i = 0; r->s && i < lanes; i++)
		r->s[first + i] = tile->s_valid[i] > 1 ? (int16_t)(tile->rising[i] - tile->falling[i]) : LDN_NODATA;
	if (r->z || r->p || r->tau)
		write_statistics(plan, tile, first, lanes);
	if (!plan->wants_class)
		return;
	tile_classes(plan, tile, lanes, level);
	if (r->level)
		memcpy(r->level + first, level, lanes * sizeof *level);
	if (r->trend)
		ldn_trend_to_3(level, lanes, plan->rule->significant_level, r->trend + first);
}

void ldn_trend_to_3(const int16_t *level, size_t n, int significant_level, int16_t *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = level_to_3(level[i], significant_level);
}

void ldn_trend_to_5(const int16_t *level, size_t n, int significant_level, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		int16_t l = level[i];
		if (l != LDN_NODATA)
			l = (int16_t)(3 + (l > 0) - (l < 0) + (l >= significant_level) - (l <= -significant_level));
		out[i] = l;
	}
}
