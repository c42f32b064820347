#include "ldn/carbon.h"

#include <math.h>
#include <stdalign.h>
#include <string.h>

#include "ldn/landcover.h"

#include "lanes.h"

/* What happens to the stock between two of the seven classes: a number, or the climate's f, or 1 / f. */
enum { F = -1, INVERSE_F = -2 };

static const double use_factor[8][8] = {
	[LDN_COVER_TREE] = {0, 1, 1, F, 1, 0.1, 0.1, 1},
	[LDN_COVER_GRASS] = {0, 1, 1, F, 1, 0.1, 0.1, 1},
	[LDN_COVER_CROP] = {0, INVERSE_F, INVERSE_F, 1, 1 / 0.71, 0.1, 0.1, 1},
	[LDN_COVER_WETLAND] = {0, 1, 1, 0.71, 1, 0.1, 0.1, 1},
	[LDN_COVER_ARTIFICIAL] = {0, 2, 2, 2, 2, 1, 1, 1},
	[LDN_COVER_OTHER] = {0, 2, 2, 2, 2, 1, 1, 1},
	[LDN_COVER_WATER] = {0, 1, 1, 1, 1, 1, 1, 1},
};

/* f of cropland by IPCC climate zone code (Trends.Earth gee/soc.py); zone 0 is the rule's. */
static const double zone_factor[LDN_CARBON_ZONES] = {0, 0.69, 0.80, 0.69, 0.80, 0.69, 0.80, 0.69, 0.80, 0.64, 0.48, 0.48, 0.58};

void ldn_carbon_factors_default(const ldn_carbon_rule *rule, double crop_factor, ldn_carbon_factors *factors)
{
	factors->steps = rule->change_years;
	for (int zone = 0; zone < LDN_CARBON_ZONES; zone++) {
		double f = !isnan(crop_factor) ? crop_factor : zone == 0 ? rule->zone0_factor : zone_factor[zone];
		for (int from = 0; from < 8; from++)
			for (int to = 0; to < 8; to++) {
				double use = use_factor[from][to];
				double known = use == F ? f : use == INVERSE_F ? 1.0 / f : use;
				factors->factor[zone][from][to] = from == 0 || to == 0 ? NAN : known;
			}
	}
}

/* What a running change is, between one year and the next. */
struct change {
	double step; /* t/ha lost a year */
	int32_t age; /* years it has run */
};

size_t ldn_carbon_scratch(size_t n)
{
	return n > SIZE_MAX / sizeof(struct change) ? 0 : n * sizeof(struct change);
}

static inline double factor_of(const ldn_carbon_factors *factors, uint8_t zone, uint8_t from, uint8_t to)
{
	return factors->factor[zone < LDN_CARBON_ZONES ? zone : 0][from & 7][to & 7];
}

ldn_status ldn_carbon_annual(const ldn_carbon_factors *factors, size_t n, size_t years, const uint8_t *cover, const double *reference,
	const uint8_t *zone, double *stock, void *scratch, size_t scratch_bytes)
{
	if (years < 2)
		return LDN_ERROR_ARGUMENT;
	if (n > SIZE_MAX / sizeof(struct change) || scratch_bytes < ldn_carbon_scratch(n)
		|| (uintptr_t)scratch % alignof(struct change) != 0)
		return LDN_ERROR_SCRATCH;

	struct change *change = scratch;
	for (size_t i = 0; i < n; i++) {
		uint8_t from = cover[i], to = cover[n + i];
		int known = from != LDN_COVER_NONE && to != LDN_COVER_NONE;
		stock[i] = known ? reference[i] : NAN;
		/* A step of no change is one that began before the series: it counts from 2. */
		change[i].step = (stock[i] - stock[i] * factor_of(factors, zone[i], from, to)) / factors->steps;
		change[i].age = from != to ? 1 : 2;
		stock[n + i] = stock[i] - change[i].step;
	}
	for (size_t k = 1; k + 1 < years; k++) {
		const uint8_t *next = cover + (k + 1) * n, *here = cover + k * n;
		const double *now = stock + k * n;
		double *then = stock + (k + 1) * n;
		for (size_t i = 0; i < n; i++) {
			struct change *c = &change[i];
			if (next[i] != LDN_COVER_NONE && here[i] != LDN_COVER_NONE) {
				if (next[i] != here[i]) {
					c->age = 1;
					c->step = (now[i] - now[i] * factor_of(factors, zone[i], here[i], next[i])) / factors->steps;
				} else {
					c->age++;
				}
			}
			if (c->age > factors->steps)
				c->step = 0.0;
			then[i] = now[i] - c->step;
		}
	}
	return LDN_OK;
}

void ldn_carbon_two_dates(const ldn_carbon_rule *rule, const ldn_carbon_factors *factors, size_t n, int years, const uint8_t *from,
	const uint8_t *to, const double *reference, const uint8_t *zone, double *end, double *percent)
{
	int after = years - years / 2, steps = after < factors->steps ? after : factors->steps;
	for (size_t i = 0; i < n; i++) {
		double stock = reference[i];
		double step = (stock - stock * factor_of(factors, zone[i], from[i], to[i])) / factors->steps;
		for (int k = 0; k < steps; k++) /* year by year, so that the rounding of te falls where the peer's does */
			stock -= step;
		end[i] = rule->two_dates_whole ? round(stock) : stock;
		double p = reference[i] != 0.0 ? (end[i] - reference[i]) / reference[i] * 100.0 : NAN;
		if (percent)
			percent[i] = rule->two_dates_whole ? round(p) : p;
	}
}

void ldn_carbon_percent(const ldn_carbon_rule *rule, size_t n, const double *start, const double *end, double *percent)
{
	for (size_t i = 0; i < n; i++) {
		double p = start[i] != 0.0 ? (end[i] - start[i]) / start[i] * 100.0 : NAN;
		percent[i] = rule->truncate_percent ? trunc(p) : p;
	}
}

/* The class of a change of so many hundredths of unit; NaN compares false everywhere. Ten yearly steps of 1 % are ten per cent,
 * whatever the last bits of their sum say: within 1e-9 per cent a change is exactly its limit. */
static inline int16_t class_of(const ldn_carbon_rule *rule, double change, double unit)
{
	const double slack = rule->limits_inclusive ? 1e-9 * unit : -1e-9 * unit;
	int worse = change <= rule->degraded_percent * unit + slack, better = change >= rule->improved_percent * unit - slack;
	return worse ? LDN_DEGRADED : better ? LDN_IMPROVED : isnan(change) ? LDN_NODATA : LDN_STABLE;
}

static inline int16_t class_of_percent(const ldn_carbon_rule *rule, double percent)
{
	if (percent < rule->lowest_percent)
		return percent < INT16_MIN ? LDN_NODATA : (int16_t)percent;
	return class_of(rule, percent, 1.0);
}

/* Multiplied out instead of divided. */
static inline int16_t class_of_stocks(const ldn_carbon_rule *rule, double start, double end)
{
	return start > 0.0 ? class_of(rule, 100.0 * (end - start), start) : LDN_NODATA;
}

void ldn_carbon_class(const ldn_carbon_rule *rule, size_t n, const double *percent, const uint8_t *water, int16_t *classes)
{
	for (size_t i = 0; i < n; i++)
		classes[i] = rule->water_is_nodata && water && water[i] ? LDN_NODATA : class_of_percent(rule, percent[i]);
}

void ldn_carbon_class_stocks(const ldn_carbon_rule *rule, size_t n, const double *start, const double *end, const uint8_t *water,
	int16_t *classes)
{
	for (size_t i = 0; i < n; i++)
		classes[i] = rule->water_is_nodata && water && water[i] ? LDN_NODATA : class_of_stocks(rule, start[i], end[i]);
}

void ldn_carbon_from_int16(size_t n, const int16_t *in, double *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = in[i] == LDN_NODATA ? (double)NAN : in[i];
}

void ldn_carbon_to_int16(size_t n, const double *in, int16_t *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = in[i] > (double)INT16_MIN - 1.0 && in[i] < (double)INT16_MAX + 1.0 ? (int16_t)in[i] : LDN_NODATA;
}

void ldn_carbon_class_int16(const ldn_carbon_rule *rule, size_t n, const int16_t *percent, const uint8_t *water, int16_t *classes)
{
	for (size_t i = 0; i < n; i++) {
		int missing = percent[i] == LDN_NODATA || (rule->water_is_nodata && water && water[i]);
		classes[i] = missing ? LDN_NODATA : class_of_percent(rule, percent[i]);
	}
}

/* Limits of whole per cents, which is what every profile has: the same comparison in whole numbers, whose products are exact. */
LDN_CLONES static void class_whole_stocks(int32_t degraded, int32_t improved, int32_t beyond, size_t n, const int16_t *start, const int16_t *end,
	int16_t *classes)
{
	for (size_t i = 0; i < n; i++) {
		int32_t from = start[i], change = 100 * (end[i] - from);
		int16_t calm = change >= improved * from + beyond ? LDN_IMPROVED : LDN_STABLE;
		int16_t known = change <= degraded * from - beyond ? LDN_DEGRADED : calm;
		classes[i] = from <= 0 || end[i] == LDN_NODATA ? LDN_NODATA : known;
	}
}

static int is_whole(double percent)
{
	return fabs(percent) <= 1000.0 && percent == trunc(percent);
}

void ldn_carbon_class_stocks_int16(const ldn_carbon_rule *rule, size_t n, const int16_t *start, const int16_t *end, const uint8_t *water,
	int16_t *classes)
{
	if (is_whole(rule->degraded_percent) && is_whole(rule->improved_percent))
		class_whole_stocks((int32_t)rule->degraded_percent, (int32_t)rule->improved_percent, !rule->limits_inclusive, n, start, end, classes);
	else
		for (size_t i = 0; i < n; i++)
			classes[i] = start[i] == LDN_NODATA || end[i] == LDN_NODATA ? LDN_NODATA : class_of_stocks(rule, start[i], end[i]);
	if (rule->water_is_nodata && water)
		for (size_t i = 0; i < n; i++)
			classes[i] = water[i] ? LDN_NODATA : classes[i];
}
