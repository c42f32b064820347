/* The FAO-WOCAT scheme of land productivity dynamics, as in Trends.Earth gee/productivity.py productivity_faowocat. */
#include "ldn/productivity.h"

#include "lanes.h"

#include <string.h>

const ldn_faowocat_rule ldn_faowocat_default = {
	.window = 3,
	.with_mtid = true,
	.low = 0.4,
	.high = 0.7,
	.desert = 0.25,
	.percentile = LDN_PERCENTILE_LINEAR,
};

/* The valid values of one pixel, in rising order, and their sums over all, the first and the last years. */
typedef struct pixel {
	int32_t sorted[LDN_YEARS_MAX];
	int32_t n, sum;
	int32_t first_n, first_sum, last_n, last_sum;
} pixel;

static void pixel_take(pixel *p, const int16_t *column, size_t stride, const int *years, size_t n_years, int window)
{
	memset(p, 0, sizeof *p);
	for (size_t k = 0; k < n_years; k++) {
		int32_t value = column[k * stride], at = p->n;
		if (value == LDN_NODATA)
			continue;
		while (at > 0 && p->sorted[at - 1] > value) {
			p->sorted[at] = p->sorted[at - 1];
			at--;
		}
		p->sorted[at] = value;
		p->n++;
		p->sum += value;
		if (years[k] - years[0] < window) {
			p->first_n++;
			p->first_sum += value;
		}
		if (years[n_years - 1] - years[k] < window) {
			p->last_n++;
			p->last_sum += value;
		}
	}
}

/* 1 + number of P10..P90 of all years that sum / n exceeds, in whole numbers. */
static int decile(const pixel *p, int32_t sum, int32_t n, ldn_percentile percentile)
{
	int class = 1;

	for (int32_t k = 1; k <= 9; k++) {
		int32_t position = (p->n - 1) * k, at = position / 10;
		int32_t tenths = percentile == LDN_PERCENTILE_LINEAR ? position % 10 : 0;
		int32_t next = at + 1 < p->n ? at + 1 : at;
		int32_t cut = 10 * p->sorted[at] + tenths * (p->sorted[next] - p->sorted[at]);
		class += 10 * sum > n * cut;
	}
	return class;
}

/* Trend -1, 0, 1 and MTID class 1, 2 to steadiness. */
static const int8_t steadiness_mtid[3][2] = {{1, 2}, {2, 3}, {3, 4}};

static int pixel_steadiness(const ldn_faowocat_rule *rule, const pixel *p, int trend, int s)
{
	if (rule->with_mtid) {
		/* MTID = n mean(last) - sum, times the last count: a whole number. */
		int64_t mtid = (int64_t)p->n * p->last_sum - (int64_t)p->sum * p->last_n;
		return steadiness_mtid[trend + 1][mtid > 0];
	}
	if (trend)
		return trend < 0 ? 1 : 4;
	if (s == 0 || s == LDN_NODATA)
		return rule->zero_s_is_stable ? 2 : 0;
	return s < 0 ? 2 : 3;
}

static int pixel_biomass(const ldn_faowocat_rule *rule, const pixel *p)
{
	double mean = p->first_sum / (double)p->first_n / 10000;

	return mean <= rule->low ? 1 : mean <= rule->high ? 2 : 3;
}

static int pixel_emerging(const ldn_faowocat_rule *rule, const pixel *p)
{
	int moved = decile(p, p->last_sum, p->last_n, rule->percentile) - decile(p, p->first_sum, p->first_n, rule->percentile);

	return moved <= -2 ? 1 : moved >= 2 ? 3 : 2;
}

static int16_t code_to_lpd(int code)
{
	return (int16_t)(code <= 8 ? 1 : code <= 14 ? 2 : code <= 21 ? 3 : code <= 30 ? 4 : 5);
}

static int16_t pixel_lpd(const ldn_faowocat_rule *rule, const pixel *p, int trend, int s)
{
	int steadiness;

	if (p->first_n == 0 || p->last_n == 0 || trend == LDN_NODATA)
		return 0;
	steadiness = pixel_steadiness(rule, p, trend, s);
	if (steadiness == 0)
		return 0;
	return code_to_lpd(9 * (steadiness - 1) + 3 * (pixel_emerging(rule, p) - 1) + pixel_biomass(rule, p));
}

ldn_status ldn_faowocat(const ldn_profile *profile, const ldn_kendall *table, const ldn_faowocat_rule *rule, const int16_t *series,
			const int *years, size_t n_years, size_t n, const int16_t *greatest, int16_t *lpd)
{
	int16_t tile[LDN_YEARS_MAX * LDN_LANES], trend[LDN_LANES], s[LDN_LANES];
	ldn_trend_result result = {.trend = trend, .s = s};
	ldn_profile plain;

	if (!profile || !rule || rule->window < 1 || n_years == 0 || n_years > LDN_YEARS_MAX || !years || ((!series || !lpd) && n))
		return LDN_ERROR_ARGUMENT;
	/* The scheme knows no dead band of the slope, and |S| at the threshold is significant. */
	plain = *profile;
	plain.trend.stable_slope = -1;
	plain.trend.first_limit_is_stable = false;
	for (size_t first = 0; first < n; first += LDN_LANES) {
		size_t lanes = n - first < LDN_LANES ? n - first : LDN_LANES;
		ldn_status status;
		for (size_t k = 0; k < n_years; k++)
			memcpy(tile + k * lanes, series + k * n + first, lanes * sizeof *tile);
		status = ldn_trend_int16(&plain, table, tile, years, n_years, lanes, &result);
		if (status)
			return status;
		for (size_t i = 0; i < lanes; i++) {
			pixel p;
			pixel_take(&p, tile + i, lanes, years, n_years, rule->window);
			lpd[first + i] = p.n ? pixel_lpd(rule, &p, trend[i], s[i]) : LDN_NODATA;
			if (p.n && greatest && greatest[first + i] <= rule->desert * 10000)
				lpd[first + i] = 4;
		}
	}
	return LDN_OK;
}
