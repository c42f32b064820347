/* Land productivity dynamics: trend, state and performance into one class; the JRC and the FAO-WOCAT schemes (docs/method.md,
 * "Land productivity dynamics").
 *
 * Sources: UNCCD PRAIS 4 manual table 13 and Trends.Earth (LPD-5, LPD-3); Good Practice Guidance 15.3.1 v1 and v2 as in SEPAL sdg_15.3.1;
 * LPDynR 1.0.5 (JRC); Trends.Earth gee/productivity.py productivity_faowocat.
 */
#ifndef LDN_PRODUCTIVITY_H
#define LDN_PRODUCTIVITY_H

#include "ldn/state.h"
#include "ldn/trend.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The 18 combinations, index ((trend + 1) * 3 + state + 1) * 2 + performance + 1. */
#define LDN_COMBINATIONS 18
LDN_API extern const int8_t ldn_lpd5_table[LDN_COMBINATIONS];
LDN_API extern const int8_t ldn_lpd3_table[LDN_COMBINATIONS];
LDN_API extern const int8_t ldn_gpg1_table[LDN_COMBINATIONS];
LDN_API extern const int8_t ldn_gpg2_table[LDN_COMBINATIONS];

/* trend, state -1 0 1, performance -1 0 -> by table; LDN_NODATA where one of the three is missing. Any other value: LDN_NODATA. */
LDN_API void ldn_combine(const int8_t *table, const int16_t *trend, const int16_t *state, const int16_t *performance, size_t n,
			 int16_t *out);

/* LPD-5 and LPD-3 of the profile; either output may be NULL. */
LDN_API void ldn_productivity(const ldn_profile *profile, const int16_t *trend, const int16_t *state, const int16_t *performance, size_t n,
			      int16_t *lpd5, int16_t *lpd3);

/* Does the profile's LPD-3 come of a look-up of its own (gpg2), so that its LPD-5, brought to three classes, says something else? */
LDN_API bool ldn_productivity_own_three(const ldn_profile *profile);

/* Five classes to three: 1, 2 -> -1; 3, 4 -> 0; 5 -> 1. Ready-made rasters: 0 and 15 mean no data, as all else. */
LDN_API void ldn_lpd5_to_3(const int16_t *lpd5, size_t n, int16_t *lpd3);

/* --- JRC scheme ------------------------------------------------------------------------------------------------------------------ */

/* Steadiness 0..4 from the signs of the slope and of MTID = sum of (last valid value - each other value); LDN_NODATA without a value. */
LDN_API ldn_status ldn_jrc_steadiness(const double *series, const int *years, size_t n_years, size_t n, int16_t *steadiness);

/* Mean of the valid values of a span; NaN for none. */
LDN_API ldn_status ldn_span_mean(const double *series, size_t n, ldn_span span, double *mean);

/* Baseline level: the deciles of the whole raster are cuts[0..10] (minimum, P10 .. P90, maximum; intervals open left, closed right, the
 * minimum lowered by 1); the lowest low_tenths tenths -> 1, the top high_tenths -> 3, between -> 2. Defaults 4 and 1. */
LDN_API ldn_status ldn_jrc_level(const double *mean_first, size_t n, const double cuts[11], int low_tenths, int high_tenths,
				 int16_t *level);

/* State change 1..3: class of the first years by those deciles against class of the last years by the same cuts (first cut 0, last the
 * greatest last-years mean + 1). Values at or below 0 in the last years fall in the first class (the peer leaves them raw). */
LDN_API ldn_status ldn_jrc_change(const double *mean_first, const double *mean_last, size_t n, const double cuts[11], int16_t *change);

/* Long-term change 1..22 from steadiness, level and change; LDN_NODATA where one is missing or steadiness is 0, which has no class. */
LDN_API void ldn_jrc_long_term(const int16_t *steadiness, const int16_t *level, const int16_t *change, size_t n, int16_t *long_term);

/* Local net scaling, percent: 100 min(value, p90[type]) / p90[type], rounded to a tenth as LPDynR does; type 0-based, -1 none -> NaN. */
LDN_API void ldn_jrc_scaling(const double *value, const int32_t *type, const double *p90, size_t n, double *scaling);

/* LPD-5 from long-term change and scaling (NULL: without it). threshold 50. LDN_NODATA where something is missing. */
LDN_API void ldn_jrc_lpd5(const int16_t *long_term, const double *scaling, double threshold, size_t n, int16_t *lpd5);

/* --- FAO-WOCAT scheme ------------------------------------------------------------------------------------------------------------ */

typedef struct ldn_faowocat_rule {
	int window;              /* years at each end: 3 */
	bool with_mtid;          /* false: steadiness by the sign of S alone */
	bool zero_s_is_stable;   /* without MTID, S = 0: false leaves the pixel unclassified (Trends.Earth); true takes class 2 of steadiness */
	double low, high;        /* initial biomass limits, NDVI: 0.4, 0.7 */
	double desert;           /* greatest NDVI of the period at or below: class 4. 0.25 */
	ldn_percentile percentile;
} ldn_faowocat_rule;

LDN_API extern const ldn_faowocat_rule ldn_faowocat_default;

/* LPD 1..5, 0 unclassified, LDN_NODATA for no valid year. series int16 NDVI x 10000. greatest: largest NDVI x 10000 of the period per pixel
 * for the desert rule, or NULL to leave that rule out. Significance by Trends.Earth's 95 % thresholds when profile->trend is a table, else
 * by the profile's own test at its significant level. table as in ldn_trend_int16. */
LDN_API ldn_status ldn_faowocat(const ldn_profile *profile, const ldn_kendall *table, const ldn_faowocat_rule *rule, const int16_t *series,
				const int *years, size_t n_years, size_t n, const int16_t *greatest, int16_t *lpd);

#ifdef __cplusplus
}
#endif
#endif
