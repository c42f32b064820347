/* Drought: standardised precipitation index and its classes, strategic objective 3 (docs/method.md, "Drought").
 *
 * Sources: McKee et al. 1993 (SPI); Thom 1958 (gamma fit by maximum likelihood, closed form); UNCCD PRAIS 4 manual SO 3 (classes);
 * Trends.Earth gdal/drought.py (profile te).
 */
#ifndef LDN_DROUGHT_H
#define LDN_DROUGHT_H

#include "ldn/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LDN_DROUGHT_CLASSES 5 /* 0 none, 1 mild, 2 moderate, 3 severe, 4 extreme */

/* A gamma distribution with a share of dry years. */
typedef struct ldn_gamma {
	double shape, scale;
	double dry;      /* share of zero totals */
} ldn_gamma;

/* Fits n totals (n >= 1; NaN skipped, zero counted as dry, negative refused). LDN_ERROR_DOMAIN: fewer than two different positive totals;
 * LDN_ERROR_ARGUMENT: a negative one. */
LDN_API ldn_status ldn_gamma_fit(const double *totals, size_t n, ldn_gamma *gamma);

/* H(x) = dry + (1 - dry) G(x). */
LDN_API double ldn_gamma_cdf(const ldn_gamma *gamma, double x);

/* The standard normal quantile of 0 < p < 1; -infinity at 0, infinity at 1, NaN outside. */
LDN_API double ldn_normal_quantile(double p);

/* SPI of each total: for SPI-12 of December the totals are the calendar years'. totals: n_years x n, year-major, NaN missing. The
 * distribution is fitted on rows [reference_first, reference_first + reference_count). spi: n_years x n, held to -8.2 .. 8.2; NaN where
 * the total is missing or the pixel's rain cannot be fitted. scratch: ldn_spi_scratch_size(reference_count) bytes, aligned for double. */
LDN_API size_t ldn_spi_scratch_size(size_t reference_count);
LDN_API ldn_status ldn_spi(const double *totals, size_t n_years, size_t n, size_t reference_first, size_t reference_count, double *spi,
			   void *scratch, size_t scratch_size);

/* SPI to int16 x 1000, rounded half away from zero; NaN -> LDN_NODATA. */
LDN_API void ldn_spi_scale(const double *spi, size_t n, int16_t *out);

/* Classes 0..4 of SPI x 1000; LDN_NODATA stays. In place allowed. */
LDN_API void ldn_drought_class(const ldn_profile *profile, const int16_t *spi, size_t n, int16_t *out);

/* The worst (least) SPI x 1000 of a period's years, n_years rows from `spi` (year-major): all the years given, or as many first ones as the
 * profile uses (te: three). A missing year is passed over, or spoils the pixel (te). */
LDN_API ldn_status ldn_drought_worst(const ldn_profile *profile, const int16_t *spi, size_t n_years, size_t n, int16_t *worst);

#ifdef __cplusplus
}
#endif
#endif
