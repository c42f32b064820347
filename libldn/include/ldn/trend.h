/* Trend of annual productivity: straight line, Mann-Kendall, Theil-Sen, significance classes, and the climate corrections.
 *
 * Series are year-major: pixel i in year k at [k * n + i]. int16 series hold NDVI x 10000 (or any integer index), missing LDN_NODATA;
 * double series hold anything, missing NaN. `years` are the calendar years of the rows, strictly rising, gaps allowed, at most
 * LDN_YEARS_MAX of them. Outputs are arrays of n; an output pointer that is NULL is not computed. Inputs and outputs must not overlap.
 *
 * Sources: Mann 1945, Kendall 1975 (S, variance with ties), Sen 1968 (slope); Trends.Earth gee/productivity.py and gee/stats.py (profile
 * te); SEPAL sdg_15.3.1 productivity.py (gpg2). docs/method.md, "Trend".
 */
#ifndef LDN_TREND_H
#define LDN_TREND_H

#include "ldn/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LDN_YEARS_MAX 128
#define LDN_EXACT_YEARS_MAX 60

/* Writes LDN_NODATA over every value of series that equals also_missing (profile->missing_also). */
LDN_API void ldn_series_mark_missing(int16_t *series, size_t count, int16_t also_missing);

/* --- the distribution of S ------------------------------------------------------------------------------------------------------- */

/* Exact two-sided probabilities of S for 2..n_years values without ties, in memory the caller gives and keeps; read-only afterwards,
 * so one table serves all threads. Needed by profiles whose test is LDN_TREND_EXACT, and for p. */
typedef struct ldn_kendall ldn_kendall;

/* Bytes for a table up to n_years (more than LDN_EXACT_YEARS_MAX counts as that). At most 300 kB. */
LDN_API size_t ldn_kendall_size(size_t n_years);

/* Builds the table in memory (aligned as malloc aligns). NULL if size is less than ldn_kendall_size(n_years). */
LDN_API const ldn_kendall *ldn_kendall_build(void *memory, size_t size, size_t n_years);

/* P(|S'| >= |s|) for n values in random order, no ties. n 0 and 1 give 1; NaN when n is beyond the table. */
LDN_API double ldn_kendall_p(const ldn_kendall *table, size_t n, int s);

/* The least S > 0 with ldn_kendall_p <= p among n values; n(n-1)/2 + 1 when there is none. */
LDN_API int ldn_kendall_critical(const ldn_kendall *table, size_t n, double p);

/* Var S = [n(n-1)(2n+5) - tie_sum] / 18, tie_sum = sum over groups of t equal values of t(t-1)(2t+5). */
LDN_API double ldn_kendall_variance(size_t n, double tie_sum);

/* (S -+ 1) / sqrt(variance), 0 for S = 0 or no variance. */
LDN_API double ldn_kendall_z(int s, double variance);

/* 2 (1 - Phi(|z|)). */
LDN_API double ldn_normal_p(double z);

/* --- a block of pixels ----------------------------------------------------------------------------------------------------------- */

typedef struct ldn_trend_result {
	double *slope;    /* per year, ordinary least squares on calendar years; 0 for one valid year, NaN for none */
	double *offset;   /* the line at year 0 */
	int16_t *valid;   /* number of valid years */
	int16_t *s;       /* Mann-Kendall S over valid pairs; LDN_NODATA below two (no pair) */
	double *z;        /* EXACT, TABLE: (S -+ 1) / sqrt(variance with ties); TAU_Z: that rule's Z. NaN below two valid years */
	double *p;        /* two-sided: exact without ties up to 60 years, else from z; TAU_Z: from its Z. NaN below two valid years */
	double *tau;      /* S / (n(n-1)/2). NaN below two valid years */
	int16_t *level;   /* -3..3: sign and significance level by the profile; LDN_NODATA */
	int16_t *trend;   /* -1, 0, 1: the sub-indicator; LDN_NODATA */
} ldn_trend_result;

/* The trend of n pixels over n_years years under profile->trend. table may be NULL unless the rule's test is LDN_TREND_EXACT or p is asked
 * for. LDN_ERROR_ARGUMENT: no years, too many, years not rising, table needed but absent; LDN_ERROR_DOMAIN: the rule's table of
 * thresholds has no row for this number of years. n = 0 does nothing. */
LDN_API ldn_status ldn_trend_int16(const ldn_profile *profile, const ldn_kendall *table, const int16_t *series, const int *years,
				   size_t n_years, size_t n, const ldn_trend_result *result);
LDN_API ldn_status ldn_trend_double(const ldn_profile *profile, const ldn_kendall *table, const double *series, const int *years,
				    size_t n_years, size_t n, const ldn_trend_result *result);

/* Theil-Sen: median of (y_j - y_i) / (x_j - x_i) over valid pairs, x in calendar years; intercept = median(y) - slope * median(x) with
 * x in calendar years. NaN below two valid years. scratch: at least ldn_sen_scratch_size(n_years) bytes, aligned for double. */
LDN_API size_t ldn_sen_scratch_size(size_t n_years);
LDN_API ldn_status ldn_sen_int16(const int16_t *series, const int *years, size_t n_years, size_t n, double *slope, double *intercept,
				 void *scratch, size_t scratch_size);
LDN_API ldn_status ldn_sen_double(const double *series, const int *years, size_t n_years, size_t n, double *slope, double *intercept,
				  void *scratch, size_t scratch_size);

/* --- climate correction ---------------------------------------------------------------------------------------------------------- */

/* RESTREND: residual of y on climate (annual rain, mm), least squares over the years where both are valid; NaN elsewhere. Climate that
 * never varies leaves y minus its mean. residual: n_years x n, feed it to ldn_trend_double. */
LDN_API ldn_status ldn_restrend(const int16_t *series, const int16_t *climate, size_t n_years, size_t n, double *residual);

/* Use efficiency y / (climate / 1000): RUE with annual rain in mm, WUE with annual evapotranspiration as the product gives it (MOD16:
 * kg/m2 x 10, as the peer leaves it). Climate 0 or missing: NaN. efficiency: n_years x n. */
LDN_API ldn_status ldn_use_efficiency(const int16_t *series, const int16_t *climate, size_t n_years, size_t n, double *efficiency);

/* --- recodes --------------------------------------------------------------------------------------------------------------------- */

/* Levels -3..3 to -1, 0, 1: |level| at or above significant_level keeps its sign. In place allowed. */
LDN_API void ldn_trend_to_3(const int16_t *level, size_t n, int significant_level, int16_t *out);

/* Levels to five: 1 degraded, 2 likely degraded, 3 stable, 4 likely improved, 5 improved. LDN_NODATA stays. In place allowed. */
LDN_API void ldn_trend_to_5(const int16_t *level, size_t n, int significant_level, int16_t *out);

#ifdef __cplusplus
}
#endif
#endif
