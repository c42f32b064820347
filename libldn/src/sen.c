/* Theil-Sen slope and intercept. */
#include "ldn/trend.h"

#include <math.h>

/* The k-th smallest (from 0) of n values; the list is left partly ordered, everything before k at or below it. */
static double select_kth(double *list, size_t n, size_t k)
{
	size_t low = 0, high = n - 1;

	while (low < high) {
		double pivot = list[low + (high - low) / 2];
		size_t i = low, j = high;
		while (i <= j) {
			while (list[i] < pivot)
				i++;
			while (list[j] > pivot)
				j--;
			if (i <= j) {
				double swap = list[i];
				list[i++] = list[j];
				list[j] = swap;
				if (j == 0)
					break;
				j--;
			}
		}
		if (k <= j)
			high = j;
		else if (k >= i)
			low = i;
		else
			return list[k];
	}
	return list[k];
}

static double median(double *list, size_t n)
{
	double upper = select_kth(list, n, n / 2), lower;

	if (n % 2)
		return upper;
	lower = list[0];
	for (size_t i = 1; i < n / 2; i++)
		lower = list[i] > lower ? list[i] : lower;
	return (lower + upper) / 2;
}

static void pixel_sen(double *x, double *y, size_t n, double *slopes, double *slope, double *intercept)
{
	size_t count = 0;
	double b;

	if (n < 2) {
		if (slope)
			*slope = NAN;
		if (intercept)
			*intercept = NAN;
		return;
	}
	for (size_t i = 0; i + 1 < n; i++)
		for (size_t j = i + 1; j < n; j++)
			slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
	b = median(slopes, count);
	if (slope)
		*slope = b;
	if (intercept)
		*intercept = median(y, n) - b * median(x, n);
}

size_t ldn_sen_scratch_size(size_t n_years)
{
	return (n_years * (n_years ? n_years - 1 : 0) / 2 + 1) * sizeof(double);
}

static ldn_status check(const int *years, size_t n_years, const void *scratch, size_t scratch_size)
{
	if (!years || n_years == 0 || n_years > LDN_YEARS_MAX)
		return LDN_ERROR_ARGUMENT;
	for (size_t k = 1; k < n_years; k++)
		if (years[k] <= years[k - 1])
			return LDN_ERROR_ARGUMENT;
	return scratch && scratch_size >= ldn_sen_scratch_size(n_years) ? LDN_OK : LDN_ERROR_SCRATCH;
}

ldn_status ldn_sen_int16(const int16_t *series, const int *years, size_t n_years, size_t n, double *slope, double *intercept,
			 void *scratch, size_t scratch_size)
{
	double x[LDN_YEARS_MAX], y[LDN_YEARS_MAX];
	ldn_status status = check(years, n_years, scratch, scratch_size);

	for (size_t i = 0; !status && i < n; i++) {
		size_t valid = 0;
		for (size_t k = 0; k < n_years; k++)
			if (series[k * n + i] != LDN_NODATA) {
				x[valid] = years[k];
				y[valid++] = series[k * n + i];
			}
		pixel_sen(x, y, valid, scratch, slope ? slope + i : NULL, intercept ? intercept + i : NULL);
	}
	return status;
}

ldn_status ldn_sen_double(const double *series, const int *years, size_t n_years, size_t n, double *slope, double *intercept,
			  void *scratch, size_t scratch_size)
{
	double x[LDN_YEARS_MAX], y[LDN_YEARS_MAX];
	ldn_status status = check(years, n_years, scratch, scratch_size);

	for (size_t i = 0; !status && i < n; i++) {
		size_t valid = 0;
		for (size_t k = 0; k < n_years; k++)
			if (!isnan(series[k * n + i])) {
				x[valid] = years[k];
				y[valid++] = series[k * n + i];
			}
		pixel_sen(x, y, valid, scratch, slope ? slope + i : NULL, intercept ? intercept + i : NULL);
	}
	return status;
}
