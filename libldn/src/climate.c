/* Climate correction of annual productivity: RESTREND residuals and use efficiency. */
#include "ldn/trend.h"

#include <math.h>

/* Sums of whole numbers below 2^53: exact in doubles. */
static void pixel_residual(const int16_t *y, const int16_t *c, size_t n_years, size_t n, double *residual)
{
	double count = 0, sc = 0, scc = 0, sy = 0, scy = 0, denominator, slope;

	for (size_t k = 0; k < n_years; k++) {
		double rain = c[k * n], value = y[k * n];
		if (c[k * n] == LDN_NODATA || y[k * n] == LDN_NODATA)
			continue;
		count++;
		sc += rain;
		scc += rain * rain;
		sy += value;
		scy += rain * value;
	}
	denominator = count * scc - sc * sc;
	slope = denominator > 0 ? (count * scy - sc * sy) / denominator : 0;
	for (size_t k = 0; k < n_years; k++) {
		if (c[k * n] == LDN_NODATA || y[k * n] == LDN_NODATA)
			residual[k * n] = NAN;
		else
			residual[k * n] = y[k * n] - sy / count - slope * (c[k * n] - sc / count);
	}
}

ldn_status ldn_restrend(const int16_t *series, const int16_t *climate, size_t n_years, size_t n, double *residual)
{
	if (n_years == 0 || n_years > LDN_YEARS_MAX || ((!series || !climate || !residual) && n))
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n; i++)
		pixel_residual(series + i, climate + i, n_years, n, residual + i);
	return LDN_OK;
}

ldn_status ldn_use_efficiency(const int16_t *series, const int16_t *climate, size_t n_years, size_t n, double *efficiency)
{
	if (n_years == 0 || n_years > LDN_YEARS_MAX || ((!series || !climate || !efficiency) && n))
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n_years * n; i++) {
		bool missing = series[i] == LDN_NODATA || climate[i] == LDN_NODATA || climate[i] == 0;
		efficiency[i] = missing ? NAN : series[i] / (climate[i] / 1000.0);
	}
	return LDN_OK;
}
