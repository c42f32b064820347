/* SDG indicator 15.3.1 from its three sub-indicators, its status over periods, corrections by experts, change in extent.
 *
 * Classes are int16: LDN_DEGRADED, LDN_STABLE, LDN_IMPROVED; every other value counts as no data.
 * Every function may write onto one of its inputs.
 */
#ifndef LDN_INDICATOR_H
#define LDN_INDICATOR_H

#include "ldn/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One out, all out: any degraded -> degraded; else any improved -> improved; else stable. How missing values count is the mode's
 * (profile.h): strict, or any degraded. */
LDN_API void ldn_indicator_combine(ldn_one_out_mode mode, size_t n, const int16_t *productivity, const int16_t *landcover,
	const int16_t *carbon, int16_t *indicator);

/* Status after a reporting period against the baseline (PRAIS4 manual SO 1-4, figure 4), 7 classes: 1 persistent degradation, 2 recent
 * degradation, 3 baseline degradation, 4 stable, 5 baseline improvement, 6 recent improvement, 7 persistent improvement; either no
 * data: no data. */
typedef enum ldn_status_class {
	LDN_PERSISTENT_DEGRADATION = 1,
	LDN_RECENT_DEGRADATION,
	LDN_BASELINE_DEGRADATION,
	LDN_STATUS_STABLE,
	LDN_BASELINE_IMPROVEMENT,
	LDN_RECENT_IMPROVEMENT,
	LDN_PERSISTENT_IMPROVEMENT
} ldn_status_class;

LDN_API void ldn_indicator_status(size_t n, const int16_t *baseline, const int16_t *period, int16_t *status);

/* 7 classes to 3: 1-3 degraded, 4 stable, 5-7 improved. */
LDN_API void ldn_indicator_status_simple(const ldn_indicator_rule *rule, size_t n, const int16_t *status, int16_t *classes);

/* Corrections of false positives and negatives (PRAIS4 manual SO 1-4 step 2). For each present class a target, or none. */
#define LDN_RECODE_NONE ((int16_t)-9999)
#define LDN_RECODE_BASELINE 1 /* the bits of a period mask */
#define LDN_RECODE_PERIOD_1 2
#define LDN_RECODE_PERIOD_2 4

/* 16 i + 4 j + k over the option lists degraded -> none, no data, 0, 1; stable -> none, no data, -1, 1; improved -> none, no data, -1, 0
 * (Trends.Earth schemas, error_recode.py). LDN_ERROR_ARGUMENT: a target that is not in its list. */
LDN_API ldn_status ldn_recode_code(int16_t degraded_to, int16_t stable_to, int16_t improved_to, int *code);
/* targets[0..2] of a code 0..63: what degraded, stable and improved become. */
LDN_API ldn_status ldn_recode_targets(int code, int16_t targets[3]);

/* Recode where the cell's polygon names this period (one LDN_RECODE_ bit). code outside 0..63 or no bit: unchanged. The value before
 * recoding decides, so there are no chains; no data is never recoded. out may be in. */
LDN_API void ldn_indicator_recode(size_t n, const int16_t *in, const int16_t *code, const int16_t *periods, int period, int16_t *out);

/* Change in extent (PRAIS4 SO 1-4 stage 4): degraded area by status minus degraded area of the baseline; shares are percent of total
 * land, which has inland water taken out. total 0: shares are NaN. Areas in any one unit. */
typedef struct ldn_extent {
	double degraded_baseline, degraded_status, change;
	double share_baseline, share_status, share_change;
} ldn_extent;
LDN_API ldn_extent ldn_indicator_extent(double degraded_baseline, double degraded_status, double total_land);

#ifdef __cplusplus
}
#endif
#endif
