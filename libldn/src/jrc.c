/* The JRC's scheme of land productivity dynamics, as in LPDynR 1.0.5. */
#include "ldn/productivity.h"

#include <math.h>

/* Signs of the slope and of MTID to steadiness: [slope > 0][MTID > 0]. */
static const int16_t steadiness_of[2][2] = {{2, 1}, {3, 4}};

static int16_t pixel_steadiness(const double *series, const int *years, size_t n_years, size_t n)
{
	double count = 0, x = 0, y = 0, xy = 0, last = NAN, mtid;

	for (size_t k = 0; k < n_years; k++)
		if (!isnan(series[k * n])) {
			count++;
			x += years[k] - years[0];
			y += series[k * n];
			last = series[k * n];
		}
	if (count == 0)
		return LDN_NODATA;
	for (size_t k = 0; k < n_years; k++)
		if (!isnan(series[k * n]))
			xy += (years[k] - years[0] - x / count) * (series[k * n] - y / count);
	mtid = 0;
	for (size_t k = 0; k < n_years; k++)
		if (!isnan(series[k * n]))
			mtid += last - series[k * n];
	/* The slope has the sign of xy: the sum of squares it is divided by is positive. */
	return xy == 0 || mtid == 0 ? 0 : steadiness_of[xy > 0][mtid > 0];
}

ldn_status ldn_jrc_steadiness(const double *series, const int *years, size_t n_years, size_t n, int16_t *steadiness)
{
	if (!years || n_years == 0 || n_years > LDN_YEARS_MAX || ((!series || !steadiness) && n))
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n; i++)
		steadiness[i] = pixel_steadiness(series + i, years, n_years, n);
	return LDN_OK;
}

ldn_status ldn_span_mean(const double *series, size_t n, ldn_span span, double *mean)
{
	if (span.count == 0 || ((!series || !mean) && n))
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n; i++) {
		double sum = 0, count = 0;
		for (size_t k = span.first; k < span.first + span.count; k++)
			if (!isnan(series[k * n + i])) {
				sum += series[k * n + i];
				count++;
			}
		mean[i] = count > 0 ? sum / count : NAN;
	}
	return LDN_OK;
}

static int decile(double value, const double cuts[11])
{
	int class = 1;

	for (int k = 1; k <= 9; k++)
		class += value > cuts[k];
	return class;
}

static bool cuts_rise(const double cuts[11])
{
	for (int k = 0; k < 10; k++)
		if (!(cuts[k] <= cuts[k + 1]))
			return false;
	return true;
}

ldn_status ldn_jrc_level(const double *mean_first, size_t n, const double cuts[11], int low_tenths, int high_tenths, int16_t *level)
{
	if (!cuts || !cuts_rise(cuts) || low_tenths < 0 || high_tenths < 0 || low_tenths + high_tenths > 10)
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n; i++) {
		int class = decile(mean_first[i], cuts);
		level[i] = (int16_t)(class <= low_tenths ? 1 : class > 10 - high_tenths ? 3 : 2);
		if (isnan(mean_first[i]))
			level[i] = LDN_NODATA;
	}
	return LDN_OK;
}

ldn_status ldn_jrc_change(const double *mean_first, const double *mean_last, size_t n, const double cuts[11], int16_t *change)
{
	if (!cuts || !cuts_rise(cuts))
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n; i++) {
		int moved = decile(mean_last[i], cuts) - decile(mean_first[i], cuts);
		change[i] = (int16_t)(moved == 0 ? 1 : moved == 1 || moved == -1 ? 2 : 3);
		if (isnan(mean_first[i]) || isnan(mean_last[i]))
			change[i] = LDN_NODATA;
	}
	return LDN_OK;
}

static int16_t long_term_of(int16_t steadiness, int16_t level, int16_t change)
{
	if (level < 1 || level > 3 || change < 1 || change > 3)
		return LDN_NODATA;
	switch (steadiness) {
	case 1:
		return (int16_t)(3 * (level - 1) + change);
	case 2:
		return (int16_t)(9 + level);
	case 3:
		return (int16_t)(12 + level);
	case 4:
		return (int16_t)(level == 3 ? 22 : 15 + 3 * (level - 1) + change);
	default:
		return LDN_NODATA;
	}
}

void ldn_jrc_long_term(const int16_t *steadiness, const int16_t *level, const int16_t *change, size_t n, int16_t *long_term)
{
	for (size_t i = 0; i < n; i++)
		long_term[i] = long_term_of(steadiness[i], level[i], change[i]);
}

void ldn_jrc_scaling(const double *value, const int32_t *type, const double *p90, size_t n, double *scaling)
{
	for (size_t i = 0; i < n; i++) {
		double top = type[i] < 0 ? NAN : p90[type[i]];
		scaling[i] = nearbyint(1000 * (value[i] > top ? top : value[i]) / top) / 10;
	}
}

/* By long-term change 0..22: below the scaling threshold or without scaling, and at or above it. */
static const int8_t lpd5_below[] = {0, 1, 1, 1, 1, 1, 1, 2, 1, 1, 3, 3, 3, 4, 4, 4, 4, 4, 5, 4, 5, 5, 5};
static const int8_t lpd5_above[] = {0, 2, 2, 1, 2, 2, 1, 3, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5};

void ldn_jrc_lpd5(const int16_t *long_term, const double *scaling, double threshold, size_t n, int16_t *lpd5)
{
	for (size_t i = 0; i < n; i++) {
		bool above = scaling && scaling[i] >= threshold;
		if (long_term[i] < 0 || long_term[i] > 22 || (scaling && isnan(scaling[i])))
			lpd5[i] = LDN_NODATA;
		else
			lpd5[i] = above ? lpd5_above[long_term[i]] : lpd5_below[long_term[i]];
	}
}
