/* Performance: a pixel's mean productivity against the 90th percentile of its unit (docs/method.md, "Performance").
 *
 * The percentile is exact however many pixels there are, in bounded memory. A mean is a ratio sum / count; it is held as a 32-bit key
 * that sorts as the means sort and differs whenever they differ (LDN_YEARS_MAX years and 2^-16 steps make that so). One ldn_rank per
 * unit counts keys digit by digit:
 *
 *   while reading:   ldn_mean_keys -> keep the keys (memory or a spill file, 4 bytes a pixel), ldn_rank_add to each pixel's unit
 *   twice more:      ldn_rank_advance every unit, then ldn_rank_add over the kept keys again
 *   then:            ldn_rank_advance (returns LDN_RANK_DONE), ldn_rank_value, ldn_performance over the kept keys
 *
 * Ranks of one unit counted apart (threads, MPI) are added by ldn_rank_merge before each advance; the sum does not depend on the order.
 * For MPI, `count` and `bins` may be summed and `above` taken as the minimum by a reduction.
 *
 * Source: Trends.Earth gee/productivity.py productivity_performance; UNCCD PRAIS 4 manual, SO 1-2.
 */
#ifndef LDN_PERFORMANCE_H
#define LDN_PERFORMANCE_H

#include "ldn/state.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- units ----------------------------------------------------------------------------------------------------------------------- */

#define LDN_UNIT_NONE ((int32_t)-32768)

/* Index 1..36 of an ESA CCI land-cover class in the units' order, 0 for one that is not listed (220, no data). */
LDN_API int ldn_esa_index(int esa_class);

/* unit = soil class x 100 + ESA CCI index; LDN_UNIT_NONE where soil is LDN_NODATA or negative or the cover class is not listed. */
LDN_API void ldn_unit_codes(const int16_t *soil, const int16_t *cover, size_t n, int32_t *unit);

/* A table from unit code to a dense index 0, 1, 2 ... in order of first sight, in memory the caller gives. */
typedef struct ldn_units ldn_units;
LDN_API size_t ldn_units_size(size_t capacity);
LDN_API ldn_units *ldn_units_init(void *memory, size_t size, size_t capacity);
LDN_API size_t ldn_units_count(const ldn_units *units);
LDN_API int32_t ldn_units_code(const ldn_units *units, size_t index);
/* The index of a code, -1 when it is not there. */
LDN_API int32_t ldn_units_find(const ldn_units *units, int32_t code);
/* Dense indices of n codes, new codes taken in; -1 for LDN_UNIT_NONE. LDN_ERROR_OVERFLOW when the table is full (index holds -1 there;
 * make a larger table and start that block again). */
LDN_API ldn_status ldn_units_index(ldn_units *units, const int32_t *code, size_t n, int32_t *index);

/* --- means ----------------------------------------------------------------------------------------------------------------------- */

#define LDN_KEY_NONE ((uint32_t)0)          /* no valid year */
#define LDN_KEY_ZERO ((uint32_t)0x80000000) /* a mean of exactly 0 */

/* Keys of the mean over the valid years of a span. Monotone: mean a < mean b exactly when key a < key b. */
LDN_API ldn_status ldn_mean_keys(const int16_t *series, size_t n, ldn_span span, uint32_t *key);

/* The mean a key stands for, the quotient sum / count rounded once; NaN for LDN_KEY_NONE. span_count: the span's number of years. */
LDN_API double ldn_key_mean(uint32_t key, size_t span_count);

/* --- exact quantile -------------------------------------------------------------------------------------------------------------- */

#define LDN_RANK_BINS 2048
#define LDN_RANK_PASSES 3

typedef struct ldn_rank {
	uint64_t count;                /* keys that take part */
	uint64_t below;                /* of them, below the group now being counted */
	uint32_t prefix;               /* leading bits of the key sought */
	uint32_t above;                /* least key above the group (last pass) */
	int pass;                      /* 0, 1, 2; 3 done */
	uint32_t left_out;             /* a key that does not take part: LDN_KEY_ZERO from ldn_rank_begin, LDN_KEY_NONE lets zeros take part */
	uint32_t low, high;            /* done: the keys between which the quantile lies */
	double fraction;               /* done: how far from low to high */
	uint64_t bins[LDN_RANK_BINS];
} ldn_rank;

typedef enum ldn_rank_state { LDN_RANK_DONE = 0, LDN_RANK_AGAIN = 1 } ldn_rank_state;

LDN_API void ldn_rank_begin(ldn_rank *rank);

/* Counts n keys into ranks[index[i]]; index -1, LDN_KEY_NONE and the ranks' left_out (means of exactly 0) do not take part. All ranks must
 * be in the same pass and leave out the same. */
LDN_API void ldn_rank_add(ldn_rank *ranks, const int32_t *index, const uint32_t *key, size_t n);

/* Adds what `from` counted in this pass to `into`. Both begun alike and in the same pass. */
LDN_API void ldn_rank_merge(ldn_rank *into, const ldn_rank *from);

/* An empty copy of `from` for another thread: same pass and group, nothing counted. */
LDN_API void ldn_rank_fork(ldn_rank *to, const ldn_rank *from);

/* Ends a pass: quantile q of type 7 (position (count - 1) q) is sought. LDN_RANK_AGAIN: count all keys once more. A unit without keys runs
 * through the same passes and ends with no value. */
LDN_API ldn_rank_state ldn_rank_advance(ldn_rank *rank, double q);

/* The quantile as a mean; NaN for a unit without keys. */
LDN_API double ldn_rank_value(const ldn_rank *rank, size_t span_count);

/* --- the sub-indicator ----------------------------------------------------------------------------------------------------------- */

/* performance: -1 where mean / quantile[index] <= ratio_limit, else 0; LDN_NODATA where the mean, the unit or its quantile is missing, the
 * quantile is 0, or (by the profile) below 0. ratio (may be NULL): the quotient, NaN there. */
LDN_API ldn_status ldn_performance(const ldn_profile *profile, const uint32_t *key, const int32_t *index, const double *quantile,
				   size_t n, size_t span_count, int16_t *performance, double *ratio);

/* The same from means (doubles, NaN missing). */
LDN_API ldn_status ldn_performance_means(const ldn_profile *profile, const double *mean, const int32_t *index, const double *quantile,
					 size_t n, int16_t *performance, double *ratio);

/* Quantile of type 7 of n rising values; NaN for n = 0. */
LDN_API double ldn_quantile_sorted(const double *values, size_t n, double q);

#ifdef __cplusplus
}
#endif
#endif
