/* Recovery of disturbed land: how far, how fast, how long, against the land's own past or against undisturbed land.
 *
 * y(a) is a yearly spectral index in year a, r the first year of restoration, d the first year of disturbance, k the time step, T the target.
 *   dIR    y(r+k) - y(r)                                  change since restoration began
 *   YrYr   (y(r+k) - y(r)) / k                            the same a year
 *   R80P   y(r+k) / (P/100 T)                             share of P % of the target reached
 *   RRI    (max(y(r+k-1), y(r+k)) - y(r)) / (y(d) - y(r)) share of the loss made good
 *   Y2R    least n >= 0 with y(r+n) >= P/100 T            years to recovery, to the last year of the series
 *
 * Series are year-major: pixel i in row j at [j * n + i], missing NaN; a row's year stands in `years`, strictly rising. A missing operand
 * gives NaN, unless said otherwise.
 *
 * Sources: Kennedy et al. 2012, Remote Sens. Environ. 122:117-133 (RRI); Pickell et al. 2016, Int. J. Remote Sens. 37:5738-5761 (R80P, Y2R);
 * White et al. 2017, Remote Sens. Environ. 194:303-321; the names and edge cases of PEOPLE-ER/Spectral-Recovery. docs/method.md, "Recovery".
 */
#ifndef LDN_RECOVERY_H
#define LDN_RECOVERY_H

#include <limits.h>
#include <stdbool.h>

#include "ldn/state.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ldn_metric {
	LDN_DIR = 0,
	LDN_YRYR,
	LDN_R80P,
	LDN_RRI,
	LDN_Y2R,
	LDN_WATCHED  /* years from r to the last valid year: where Y2R was not reached, it takes longer than this */
} ldn_metric;
#define LDN_METRICS 6

typedef struct ldn_metric_row {
	const char *name;  /* "R80P" */
	const char *title;
	bool needs_target;
} ldn_metric_row;
LDN_API extern const ldn_metric_row ldn_metrics[LDN_METRICS];

/* Y2R of a pixel that was watched and did not get there: a value, not missing data. */
#define LDN_NOT_REACHED (-9999.0)

/* k of R80P that means the last year of the series. */
#define LDN_TIMESTEP_LAST INT_MAX

typedef struct ldn_recovery_rule {
	int timestep;          /* k: 5 */
	double percent;        /* P, above 0 to 100: 80 */
	int disturbance_sign;  /* RRI of an index that disturbance raises (1) takes the least value and turns the loss; -1 */
	double loss_min;       /* RRI where less was lost is NaN: 0.1 for an index of -1..1. -infinity: no such rule */
	bool mean_end;         /* dIR ends at the mean of r+k-1 and r+k (of the valid ones), against noise; false */
	bool positive_target;  /* R80P and Y2R against a target at or below 0, or none, are NaN; true. Else: what the formula gives, and no target at
	                        * all is never reached */
} ldn_recovery_rule;

/* What to use; and what Spectral-Recovery does, to reproduce its numbers. */
LDN_API extern const ldn_recovery_rule ldn_recovery_default;
LDN_API extern const ldn_recovery_rule ldn_recovery_peer;

/* The rows of one series of yearly images, and the two years. */
typedef struct ldn_recovery_years {
	const int *years;
	size_t n_years;         /* 1..LDN_YEARS_MAX (trend.h) */
	int disturbance;        /* d: needed by RRI only */
	int restoration;        /* r */
} ldn_recovery_years;

/* Why a metric cannot be computed for these years, or LDN_OK. */
typedef enum ldn_recovery_fault {
	LDN_RECOVERY_FINE = 0,
	LDN_RECOVERY_TIMESTEP,       /* k < 0; RRI: k < 1 */
	LDN_RECOVERY_PERCENT,        /* P outside 0..100, or 0 */
	LDN_RECOVERY_AFTER_END,      /* r + k lies after the last year */
	LDN_RECOVERY_YEAR_ABSENT     /* a year it needs is no row: *year (may be NULL) says which; of AFTER_END too */
} ldn_recovery_fault;
LDN_API ldn_recovery_fault ldn_recovery_check(const ldn_recovery_rule *rule, ldn_metric metric, const ldn_recovery_years *when, int *year);

/* One metric of n pixels. target: T of pixel i at target[i * target_step], step 0 for one number; may be NULL for metrics that need none.
 * LDN_ERROR_ARGUMENT when ldn_recovery_check finds a fault, or a target is needed and NULL. */
LDN_API ldn_status ldn_recovery(const ldn_recovery_rule *rule, ldn_metric metric, const ldn_recovery_years *when, const double *series,
				const double *target, size_t target_step, size_t n, double *out);

/* --- targets --------------------------------------------------------------------------------------------------------------------- */

/* Median of values without the NaN among them (an even count: mean of the middle two); NaN if none is left. Reorders values. */
LDN_API double ldn_median(double *values, size_t n);

/* Per pixel, the median over the rows of a span, NaN skipped: the historic target of a pixel. LDN_ERROR_ARGUMENT: an empty span, or one
 * longer than LDN_YEARS_MAX. */
LDN_API ldn_status ldn_median_years(const double *series, size_t n, ldn_span rows, double *median);

/* Mean of the size x size block centred on each cell of rows [first, first + rows) of an image, row-major, `width` x `height`. size is odd.
 * skip_missing: the mean of what is there; else a NaN in the block, or a block that leaves the image, gives NaN. out: width x rows. */
LDN_API ldn_status ldn_window_mean(const double *image, size_t width, size_t height, size_t size, bool skip_missing, size_t first,
				   size_t rows, double *out);

/* --- summary of a polygon -------------------------------------------------------------------------------------------------------- */

typedef struct ldn_summary {
	size_t pixels, missing, infinite, not_reached, used; /* not_reached: LDN_NOT_REACHED, asked for Y2R only */
	double mean, median, min, max, deviation;            /* of those used; population standard deviation. NaN for none */
} ldn_summary;

/* Sorts values, so that the sums do not depend on the order in which they came. */
LDN_API ldn_summary ldn_summarise(ldn_metric metric, double *values, size_t n);

#ifdef __cplusplus
}
#endif
#endif
