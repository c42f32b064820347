/* State: how the last years stand against the years before (docs/method.md, "State").
 *
 * Percentile classes (te, prais4; Trends.Earth gee/productivity.py productivity_state, UNCCD PRAIS 4 manual SO 1-2): the baseline values,
 * lengthened by 5 % of their range at both ends, are cut at P10..P90; class = 1 + cuts strictly exceeded. All of it is done in
 * integers, so a mean that equals a cut never exceeds it by rounding. Z (gpg2; SEPAL productivity.py productivity_state):
 * (recent mean - mu) / (sigma / sqrt(recent years asked for)).
 */
#ifndef LDN_STATE_H
#define LDN_STATE_H

#include "ldn/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows [first, first + count) of the series. */
typedef struct ldn_span {
	size_t first, count;
} ldn_span;

typedef struct ldn_state_result {
	int16_t *change;         /* percentiles: recent class - baseline class, -9..9; Z: level -2..2; LDN_NODATA */
	int16_t *class_baseline; /* 1..10; percentiles only (LDN_NODATA under Z) */
	int16_t *class_recent;   /* 1..10 */
	double *mean_baseline;   /* of the valid years; NaN for none */
	double *mean_recent;
	double *z;               /* Z only (NaN under percentiles, and where it has no value) */
	int16_t *state;          /* -1, 0, 1: the sub-indicator; LDN_NODATA */
} ldn_state_result;

/* The state of n pixels. series: int16, year-major, LDN_NODATA missing, at least as many rows as the spans reach; spans may overlap, each
 * 1..LDN_YEARS_MAX rows. Result pointers may be NULL. LDN_ERROR_ARGUMENT for an empty or too long span. */
LDN_API ldn_status ldn_state_int16(const ldn_profile *profile, const int16_t *series, size_t n, ldn_span baseline, ldn_span recent,
				   const ldn_state_result *result);

/* Change of class to -1, 0, 1: at or beyond class_change keeps its sign; below -10 (no data among them) gives LDN_NODATA (Trends.Earth
 * recode_state). In place allowed. */
LDN_API void ldn_state_to_3(const int16_t *change, size_t n, int class_change, int16_t *out);

#ifdef __cplusplus
}
#endif
#endif
