/* Recovery metrics of a block of pixels; which years they need stands apart from what they compute. */
#include "ldn/recovery.h"
#include "ldn/trend.h"

#include <math.h>

const ldn_metric_row ldn_metrics[LDN_METRICS] = {
	[LDN_DIR] = {"dIR", "change of the index since restoration began", false},
	[LDN_YRYR] = {"YrYr", "change of the index a year since restoration began", false},
	[LDN_R80P] = {"R80P", "share of a percentage of the target that is reached", true},
	[LDN_RRI] = {"RRI", "share of the loss that is made good", false},
	[LDN_Y2R] = {"Y2R", "years to a percentage of the target; -9999 not reached", true},
	[LDN_WATCHED] = {"watched", "years from restoration to the last valid year", false},
};

const ldn_recovery_rule ldn_recovery_default = {
	.timestep = 5, .percent = 80, .disturbance_sign = -1, .loss_min = 0.1, .positive_target = true};
const ldn_recovery_rule ldn_recovery_peer = {.timestep = 5, .percent = 80, .disturbance_sign = -1, .loss_min = -INFINITY};

#define YEAR_BOUND 1000000 /* years and steps beyond are in no series; sums of those within stay in int */

/* --- which years ----------------------------------------------------------------------------------------------------------------- */

/* The row of a year; n_years if there is none. */
static size_t row_of(const ldn_recovery_years *when, int year)
{
	size_t k = 0;

	while (k < when->n_years && when->years[k] != year)
		k++;
	return k;
}

static int last_year(const ldn_recovery_years *when)
{
	return when->years[when->n_years - 1];
}

static ldn_recovery_fault years_needed(const ldn_recovery_years *when, const int *needed, int count, int *year)
{
	for (int i = 0; i < count; i++)
		if (row_of(when, needed[i]) == when->n_years) {
			*year = needed[i];
			return needed[i] > last_year(when) ? LDN_RECOVERY_AFTER_END : LDN_RECOVERY_YEAR_ABSENT;
		}
	return LDN_RECOVERY_FINE;
}

ldn_recovery_fault ldn_recovery_check(const ldn_recovery_rule *rule, ldn_metric metric, const ldn_recovery_years *when, int *year)
{
	int r = when->restoration, k = rule->timestep, unused;
	bool last = metric == LDN_R80P && k == LDN_TIMESTEP_LAST, step = metric != LDN_Y2R && metric != LDN_WATCHED && !last;

	year = year ? year : &unused;
	*year = r;
	if (r < -YEAR_BOUND || r > YEAR_BOUND)
		return LDN_RECOVERY_YEAR_ABSENT;
	if (step && k < (metric == LDN_RRI ? 1 : 0))
		return LDN_RECOVERY_TIMESTEP;
	if (step && k > YEAR_BOUND)
		return LDN_RECOVERY_AFTER_END;
	if (ldn_metrics[metric].needs_target && !(rule->percent > 0 && rule->percent <= 100))
		return LDN_RECOVERY_PERCENT;
	switch (metric) {
	case LDN_DIR:
		if (rule->mean_end && k > 0)
			return years_needed(when, (const int[]){r, r + k - 1, r + k}, 3, year);
		return years_needed(when, (const int[]){r, r + k}, 2, year);
	case LDN_YRYR:
		return years_needed(when, (const int[]){r, r + k}, 2, year);
	case LDN_R80P:
		return step ? years_needed(when, (const int[]){r + k}, 1, year) : LDN_RECOVERY_FINE;
	case LDN_RRI:
		return years_needed(when, (const int[]){when->disturbance, r, r + k - 1, r + k}, 4, year);
	case LDN_Y2R:
	case LDN_WATCHED:
		for (int a = r; a < r + 1 || a <= last_year(when); a++)
			if (row_of(when, a) == when->n_years) {
				*year = a;
				return a > last_year(when) ? LDN_RECOVERY_AFTER_END : LDN_RECOVERY_YEAR_ABSENT;
			}
	}
	return LDN_RECOVERY_FINE;
}

/* --- the metrics ----------------------------------------------------------------------------------------------------------------- */

/* The rows a metric looks at, and T. */
typedef struct recovery_block {
	const ldn_recovery_rule *rule;
	const double *start, *end, *before_end, *disturbed; /* rows r, r+k, r+k-1, d */
	const double *target;
	size_t target_step, n, rows; /* rows from r to the end of the series */
} recovery_block;

static double block_threshold(const recovery_block *b, size_t i)
{
	double target = b->target[i * b->target_step];

	return b->rule->positive_target && !(target > 0) ? NAN : b->rule->percent / 100 * target;
}

static double greater_valid(double a, double b)
{
	return isnan(a) || b > a ? b : a;
}

static double mean_valid(double a, double b)
{
	return isnan(a) ? b : isnan(b) ? a : (a + b) / 2;
}

static void block_dir(const recovery_block *b, double *out)
{
	bool mean = b->rule->mean_end && b->rule->timestep > 0;

	for (size_t i = 0; i < b->n; i++)
		out[i] = (mean ? mean_valid(b->before_end[i], b->end[i]) : b->end[i]) - b->start[i];
}

static void block_yryr(const recovery_block *b, double *out)
{
	for (size_t i = 0; i < b->n; i++)
		out[i] = (b->end[i] - b->start[i]) / b->rule->timestep;
}

static void block_r80p(const recovery_block *b, double *out)
{
	for (size_t i = 0; i < b->n; i++)
		out[i] = b->end[i] / block_threshold(b, i);
}

static void block_rri(const recovery_block *b, double *out)
{
	double turn = -b->rule->disturbance_sign;

	for (size_t i = 0; i < b->n; i++) {
		double start = turn * b->start[i], loss = turn * b->disturbed[i] - start;
		double best = greater_valid(turn * b->before_end[i], turn * b->end[i]);
		out[i] = loss < b->rule->loss_min ? NAN : (best - start) / loss;
	}
}

static void block_y2r(const recovery_block *b, double *out)
{
	for (size_t i = 0; i < b->n; i++) {
		double threshold = block_threshold(b, i);
		bool valid = false;
		out[i] = LDN_NOT_REACHED;
		for (size_t k = 0; k < b->rows && out[i] == LDN_NOT_REACHED; k++) {
			double y = b->start[k * b->n + i];
			valid = valid || !isnan(y);
			if (y >= threshold)
				out[i] = (double)k;
		}
		if (!valid || (b->rule->positive_target && isnan(threshold)))
			out[i] = NAN;
	}
}

static void block_watched(const recovery_block *b, double *out)
{
	for (size_t i = 0; i < b->n; i++) {
		out[i] = NAN;
		for (size_t k = 0; k < b->rows; k++)
			out[i] = isnan(b->start[k * b->n + i]) ? out[i] : (double)k;
	}
}

static void (*const computations[LDN_METRICS])(const recovery_block *b, double *out) = {
	[LDN_DIR] = block_dir,
	[LDN_YRYR] = block_yryr,
	[LDN_R80P] = block_r80p,
	[LDN_RRI] = block_rri,
	[LDN_Y2R] = block_y2r,
	[LDN_WATCHED] = block_watched,
};

/* NULL for a year that is no row: the check has made sure that the metric does not look there. */
static const double *row_at(const ldn_recovery_years *when, const double *series, size_t n, int year)
{
	size_t k = row_of(when, year);

	return k < when->n_years ? series + k * n : NULL;
}

ldn_status ldn_recovery(const ldn_recovery_rule *rule, ldn_metric metric, const ldn_recovery_years *when, const double *series,
			const double *target, size_t target_step, size_t n, double *out)
{
	int r = when->restoration, end;

	if ((int)metric < 0 || metric >= LDN_METRICS || when->n_years < 1 || when->n_years > LDN_YEARS_MAX)
		return LDN_ERROR_ARGUMENT;
	if (ldn_recovery_check(rule, metric, when, NULL) != LDN_RECOVERY_FINE || (ldn_metrics[metric].needs_target && !target))
		return LDN_ERROR_ARGUMENT;
	end = rule->timestep > YEAR_BOUND || rule->timestep < 0 ? last_year(when) : r + rule->timestep;
	computations[metric](&(recovery_block){
		.rule = rule,
		.start = row_at(when, series, n, r),
		.end = row_at(when, series, n, end),
		.before_end = row_at(when, series, n, end - 1),
		.disturbed = row_at(when, series, n, when->disturbance),
		.target = target,
		.target_step = target_step,
		.n = n,
		.rows = when->n_years - row_of(when, r),
	}, out);
	return LDN_OK;
}
