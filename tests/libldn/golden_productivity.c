/* Operations of .ldnt files on trend, state, performance, productivity and drought. */
#include "golden.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/drought.h"
#include "ldn/performance.h"
#include "ldn/productivity.h"

/* The profile that a row names, with whatever of its fields the row overrides. */
static bool profile_of(const golden_record *in, ldn_profile *profile)
{
	const ldn_profile *named = ldn_profile_find(golden_word(in, "profile", "prais4"));

	if (!named)
		return false;
	*profile = *named;
	if (!strcmp(golden_word(in, "percentile", "linear"), "lower"))
		profile->state.percentile = LDN_PERCENTILE_LOWER;
	profile->state.flat_is_nodata = golden_number(in, "flat_is_nodata", 0) > 0;
	return true;
}

static const ldn_kendall *table_for(size_t n_years, void **memory)
{
	*memory = malloc(ldn_kendall_size(n_years));
	return ldn_kendall_build(*memory, ldn_kendall_size(n_years), n_years);
}

/* The years of a series: the list given, or n from first_year. */
static int *years_of(const golden_record *in, size_t n)
{
	size_t count;
	int *years = golden_ints(in, "years", &count);
	int first = (int)golden_number(in, "first_year", 2000);

	if (years && count == n)
		return years;
	free(years);
	years = calloc(n + 1, sizeof *years);
	for (size_t k = 0; years && k < n; k++)
		years[k] = first + (int)k;
	return years;
}

static bool run_kendall_p(const golden_record *in, golden_record *out)
{
	size_t n = (size_t)golden_number(in, "n", 0);
	void *memory;
	const ldn_kendall *table = table_for(n, &memory);

	golden_put(out, "p", ldn_kendall_p(table, n, (int)golden_number(in, "s", 0)));
	free(memory);
	return true;
}

static bool run_kendall_critical(const golden_record *in, golden_record *out)
{
	size_t n = (size_t)golden_number(in, "n", 0);
	void *memory;
	const ldn_kendall *table = table_for(n, &memory);
	const char *names[] = {"s_10", "s_05", "s_01"};
	double limits[] = {0.10, 0.05, 0.01};

	for (int i = 0; i < 3; i++) {
		int s = ldn_kendall_critical(table, n, limits[i]);
		golden_put(out, names[i], s > (int)(n * (n - 1) / 2) ? NAN : s);
	}
	free(memory);
	return true;
}

static bool run_te_thresholds(const golden_record *in, golden_record *out)
{
	int n = (int)golden_number(in, "n", 0);
	const char *names[] = {"te_90", "te_95", "te_99"};

	if (n < LDN_TE_KENDALL_FIRST || n > LDN_TE_KENDALL_LAST)
		return false;
	for (int i = 0; i < 3; i++) {
		int16_t s = ldn_te_kendall[n - LDN_TE_KENDALL_FIRST][i];
		golden_put(out, names[i], s == INT16_MAX ? NAN : s);
	}
	return true;
}

static void put_trend(golden_record *out, const ldn_trend_result *r)
{
	golden_put(out, "slope", *r->slope);
	golden_put(out, "offset", *r->offset);
	golden_put(out, "valid", *r->valid);
	golden_put(out, "s", *r->s);
	golden_put(out, "z", *r->z);
	golden_put(out, "p", *r->p);
	golden_put(out, "tau", *r->tau);
	golden_put(out, "level", *r->level);
	golden_put(out, "trend", *r->trend);
}

/* values: a series; with climate and method restrend or efficiency, its correction first. */
static bool run_trend(const golden_record *in, golden_record *out)
{
	size_t n, n_climate;
	int16_t *series = golden_int16(in, "values", &n), *climate = golden_int16(in, "climate", &n_climate);
	int *years = years_of(in, n);
	double *corrected = calloc(n + 1, sizeof *corrected);
	double slope, offset, z, p, tau;
	int16_t valid, s, level, trend, five;
	ldn_trend_result r = {.slope = &slope, .offset = &offset, .valid = &valid, .s = &s, .z = &z, .p = &p, .tau = &tau,
			      .level = &level, .trend = &trend};
	const char *method = golden_word(in, "method", "plain");
	ldn_status status = LDN_ERROR_ARGUMENT;
	ldn_profile profile;
	void *memory;
	const ldn_kendall *table = table_for(n, &memory);

	if (series && corrected && profile_of(in, &profile)) {
		ldn_series_mark_missing(series, n, profile.missing_also);
		if (!strcmp(method, "plain"))
			status = ldn_trend_int16(&profile, table, series, years, n, 1, &r);
		else if (climate && n_climate == n) {
			ldn_series_mark_missing(climate, n, profile.missing_also);
			status = !strcmp(method, "restrend") ? ldn_restrend(series, climate, n, 1, corrected)
							     : ldn_use_efficiency(series, climate, n, 1, corrected);
			if (!status)
				status = ldn_trend_double(&profile, table, corrected, years, n, 1, &r);
		}
	}
	if (!status) {
		put_trend(out, &r);
		ldn_trend_to_5(&level, 1, profile.trend.significant_level, &five);
		golden_put(out, "five", five);
	}
	free(series);
	free(climate);
	free(years);
	free(corrected);
	free(memory);
	return !status;
}

/* The test by the normal distribution with ties, as statistics packages give it. */
static bool run_mann_kendall(const golden_record *in, golden_record *out)
{
	size_t n;
	int16_t *series = golden_int16(in, "values", &n);
	double sum = 0, z, tau;
	int s = 0;
	double variance;

	if (!series || n < 2)
		return false;
	for (size_t i = 0; i < n; i++) {
		long others = -1;
		for (size_t j = 0; j < n; j++) {
			others += series[i] == series[j];
			s += j > i ? (series[j] > series[i]) - (series[j] < series[i]) : 0;
		}
		sum += (double)(others * (2 * others + 7));
	}
	variance = ldn_kendall_variance(n, sum);
	z = ldn_kendall_z(s, variance);
	tau = s / (n * (n - 1.0) / 2);
	golden_put(out, "s", s);
	golden_put(out, "variance", variance);
	golden_put(out, "z", z);
	golden_put(out, "p", ldn_normal_p(z));
	golden_put(out, "tau", tau);
	free(series);
	return true;
}

static bool run_sen(const golden_record *in, golden_record *out)
{
	size_t n;
	int16_t *series = golden_int16(in, "values", &n);
	int *years = years_of(in, n);
	size_t size = ldn_sen_scratch_size(n);
	void *scratch = malloc(size);
	double slope, intercept;
	ldn_status status = ldn_sen_int16(series, years, n, 1, &slope, &intercept, scratch, size);

	golden_put(out, "slope", slope);
	golden_put(out, "intercept", intercept);
	free(series);
	free(years);
	free(scratch);
	return !status;
}

static bool run_state(const golden_record *in, golden_record *out)
{
	size_t n;
	int16_t *series = golden_int16(in, "values", &n);
	size_t recent = (size_t)golden_number(in, "recent", 3);
	double mean_baseline, mean_recent, z;
	int16_t change, base, last, state;
	ldn_state_result r = {.change = &change, .class_baseline = &base, .class_recent = &last, .mean_baseline = &mean_baseline,
			      .mean_recent = &mean_recent, .z = &z, .state = &state};
	ldn_profile profile;
	ldn_status status = LDN_ERROR_ARGUMENT;

	if (series && n > recent && profile_of(in, &profile))
		status = ldn_state_int16(&profile, series, 1, (ldn_span){0, n - recent}, (ldn_span){n - recent, recent}, &r);
	if (!status) {
		golden_put(out, "change", change);
		golden_put(out, "class_baseline", base);
		golden_put(out, "class_recent", last);
		golden_put(out, "mean_baseline", mean_baseline);
		golden_put(out, "mean_recent", mean_recent);
		golden_put(out, "z", z);
		golden_put(out, "state", state);
	}
	free(series);
	return !status;
}

/* means: whole-number means of the pixels of one unit, the first of them asked about. */
static bool run_performance(const golden_record *in, golden_record *out)
{
	size_t n;
	int16_t *means = golden_int16(in, "means", &n), *performance = calloc(n + 1, sizeof *performance);
	uint32_t *key = calloc(n + 1, sizeof *key);
	int32_t *index = calloc(n + 1, sizeof *index);
	double quantile, ratio[1];
	ldn_profile profile;
	ldn_rank rank;

	if (!means || !performance || !key || !index || !profile_of(in, &profile))
		return false;
	ldn_mean_keys(means, n, (ldn_span){0, 1}, key);
	ldn_rank_begin(&rank);
	do
		ldn_rank_add(&rank, index, key, n);
	while (ldn_rank_advance(&rank, profile.performance.quantile));
	quantile = ldn_rank_value(&rank, 1);
	ldn_performance(&profile, key, index, &quantile, 1, 1, performance, ratio);
	golden_put(out, "quantile", quantile);
	golden_put(out, "ratio", ratio[0]);
	golden_put(out, "performance", performance[0]);
	free(means);
	free(performance);
	free(key);
	free(index);
	return true;
}

/* A whole map: series is year-major over all pixels, unit one code a pixel; the quotients come as the peer stores them. */
static bool run_performance_map(const golden_record *in, golden_record *out)
{
	size_t years = (size_t)golden_number(in, "years", 1), total, n;
	int16_t *series = golden_int16(in, "series", &total);
	int *unit = golden_ints(in, "unit", &n);
	size_t size = ldn_units_size(n + 1);
	ldn_units *units = ldn_units_init(malloc(size), size, n + 1);
	uint32_t *key = calloc(n + 1, sizeof *key);
	int32_t *code = calloc(n + 1, sizeof *code), *index = calloc(n + 1, sizeof *index);
	int16_t *performance = calloc(n + 1, sizeof *performance);
	double *ratio = calloc(n + 1, sizeof *ratio), *quantile;
	ldn_rank *ranks;
	ldn_profile profile;
	bool again = true;

	if (!series || total != years * n || !units || !profile_of(in, &profile))
		return false;
	for (size_t i = 0; i < n; i++)
		code[i] = unit[i];
	ldn_mean_keys(series, n, (ldn_span){0, years}, key);
	ldn_units_index(units, code, n, index);
	ranks = calloc(ldn_units_count(units) + 1, sizeof *ranks);
	quantile = calloc(ldn_units_count(units) + 1, sizeof *quantile);
	for (size_t u = 0; u < ldn_units_count(units); u++)
		ldn_rank_begin(&ranks[u]);
	while (again) {
		again = false;
		ldn_rank_add(ranks, index, key, n);
		for (size_t u = 0; u < ldn_units_count(units); u++)
			again |= ldn_rank_advance(&ranks[u], profile.performance.quantile) == LDN_RANK_AGAIN;
	}
	for (size_t u = 0; u < ldn_units_count(units); u++)
		quantile[u] = ldn_rank_value(&ranks[u], years);
	ldn_performance(&profile, key, index, quantile, n, years, performance, ratio);
	for (size_t i = 0; i < n; i++)
		ratio[i] = isnan(ratio[i]) ? LDN_NODATA : trunc(ratio[i] * 10000);
	golden_put_list(out, "ratio_x10000", ratio, n);
	golden_put_int16(out, "performance", performance, n);
	/* The class must not depend on whether the quotient was asked for. */
	for (size_t i = 0; i < n; i++)
		code[i] = performance[i];
	ldn_performance(&profile, key, index, quantile, n, years, performance, NULL);
	for (size_t i = 0; i < n; i++)
		again |= code[i] != performance[i];
	free(series);
	free(unit);
	free(units);
	free(key);
	free(code);
	free(index);
	free(performance);
	free(ratio);
	free(quantile);
	free(ranks);
	return !again;
}

static bool run_unit(const golden_record *in, golden_record *out)
{
	int16_t soil = (int16_t)golden_number(in, "soil", LDN_NODATA), cover = (int16_t)golden_number(in, "cover", LDN_NODATA);
	int32_t unit;

	ldn_unit_codes(&soil, &cover, 1, &unit);
	golden_put(out, "unit", unit);
	return true;
}

static const int8_t *table_named(const char *name)
{
	if (!strcmp(name, "gpg1"))
		return ldn_gpg1_table;
	if (!strcmp(name, "gpg2"))
		return ldn_gpg2_table;
	return !strcmp(name, "lpd5") ? ldn_lpd5_table : ldn_lpd3_table;
}

static bool run_combine(const golden_record *in, golden_record *out)
{
	int16_t t = (int16_t)golden_number(in, "trend", LDN_NODATA), s = (int16_t)golden_number(in, "state", LDN_NODATA);
	int16_t p = (int16_t)golden_number(in, "performance", LDN_NODATA), class;

	ldn_combine(table_named(golden_word(in, "table", "lpd3")), &t, &s, &p, 1, &class);
	golden_put(out, "class", class);
	return true;
}

/* From the significance level, the change of class and the performance, as a peer stores them, to both classes. */
static bool run_productivity(const golden_record *in, golden_record *out)
{
	int16_t level = (int16_t)golden_number(in, "level", 0), change = (int16_t)golden_number(in, "change", 0);
	int16_t performance = (int16_t)golden_number(in, "performance", 0), trend, state, lpd5, lpd3, three;
	ldn_profile profile;

	if (!profile_of(in, &profile))
		return false;
	ldn_trend_to_3(&level, 1, profile.trend.significant_level, &trend);
	ldn_state_to_3(&change, 1, profile.state.class_change, &state);
	ldn_productivity(&profile, &trend, &state, &performance, 1, &lpd5, &lpd3);
	ldn_lpd5_to_3(&lpd5, 1, &three);
	golden_put(out, "trend", trend);
	golden_put(out, "state", state);
	golden_put(out, "lpd5", lpd5);
	golden_put(out, "lpd3", lpd3);
	golden_put(out, "lpd3_of_lpd5", three);
	return true;
}

static bool run_lpd5_to_3(const golden_record *in, golden_record *out)
{
	int16_t five = (int16_t)golden_number(in, "lpd5", 0), three;

	ldn_lpd5_to_3(&five, 1, &three);
	golden_put(out, "lpd3", three);
	return true;
}

static bool run_faowocat(const golden_record *in, golden_record *out)
{
	size_t n;
	int16_t *series = golden_int16(in, "values", &n), greatest = (int16_t)golden_number(in, "greatest", 10000), lpd;
	int *years = years_of(in, n);
	ldn_faowocat_rule rule = ldn_faowocat_default;
	ldn_profile profile;
	void *memory;
	const ldn_kendall *table = table_for(n, &memory);
	ldn_status status = LDN_ERROR_ARGUMENT;

	rule.with_mtid = golden_number(in, "mtid", 1) > 0;
	if (series && profile_of(in, &profile)) {
		rule.percentile = profile.state.percentile;
		status = ldn_faowocat(&profile, table, &rule, series, years, n, 1, &greatest, &lpd);
	}
	if (!status)
		golden_put(out, "lpd", lpd);
	free(series);
	free(years);
	free(memory);
	return !status;
}

static bool run_jrc_lpd5(const golden_record *in, golden_record *out)
{
	int16_t steadiness = (int16_t)golden_number(in, "steadiness", 0), level = (int16_t)golden_number(in, "level", 0);
	int16_t change = (int16_t)golden_number(in, "change", 0), long_term, lpd5, plain;
	double scaling = golden_number(in, "scaling", NAN);

	ldn_jrc_long_term(&steadiness, &level, &change, 1, &long_term);
	ldn_jrc_lpd5(&long_term, &scaling, 50, 1, &lpd5);
	ldn_jrc_lpd5(&long_term, NULL, 50, 1, &plain);
	golden_put(out, "long_term", long_term);
	golden_put(out, "lpd5", lpd5);
	golden_put(out, "lpd5_change_only", plain);
	return true;
}

static bool run_jrc_steadiness(const golden_record *in, golden_record *out)
{
	const golden_field *values = golden_find(in, "values");
	int16_t steadiness;
	int *years;
	ldn_status status;

	if (!values || !values->count)
		return false;
	years = years_of(in, values->count);
	status = ldn_jrc_steadiness(values->numbers, years, values->count, 1, &steadiness);
	golden_put(out, "steadiness", steadiness);
	free(years);
	return !status;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Quantile q of the values chosen (keep NULL: all) that are not missing. */
static double quantile_of(const double *values, const int *group, int wanted, size_t n, double q)
{
	double *list = calloc(n + 1, sizeof *list), answer;
	size_t count = 0;

	for (size_t i = 0; list && i < n; i++)
		if (!isnan(values[i]) && (!group || group[i] == wanted))
			list[count++] = values[i];
	if (count)
		qsort(list, count, sizeof *list, by_size);
	answer = ldn_quantile_sorted(list, count, q);
	free(list);
	return answer;
}

static void put_classes(golden_record *out, const char *name, const int16_t *class, size_t n)
{
	double *list = calloc(n + 1, sizeof *list);

	for (size_t i = 0; list && i < n; i++)
		list[i] = class[i] == LDN_NODATA ? NAN : class[i];
	golden_put_list(out, name, list, n);
	free(list);
}

/* The JRC scheme over a whole map: series year-major, eft the ecosystem type (1, 2 ...) of each pixel. */
static bool run_jrc_map(const golden_record *in, golden_record *out)
{
	const golden_field *series = golden_find(in, "series");
	size_t years = (size_t)golden_number(in, "years", 1), n;
	int *eft = golden_ints(in, "eft", &n), *year = years_of(in, years);
	double *first, *last, *late, *scaling, cuts[11], p90[64];
	int16_t *steadiness, *level, *change, *long_term, *lpd5;
	int32_t *type;

	if (!series || !eft || years < 5 || series->count != years * n)
		return false;
	first = calloc(4 * n, sizeof *first);
	last = first + n;
	late = first + 2 * n;
	scaling = first + 3 * n;
	steadiness = calloc(5 * n, sizeof *steadiness);
	level = steadiness + n;
	change = steadiness + 2 * n;
	long_term = steadiness + 3 * n;
	lpd5 = steadiness + 4 * n;
	type = calloc(n, sizeof *type);
	ldn_jrc_steadiness(series->numbers, year, years, n, steadiness);
	ldn_span_mean(series->numbers, n, (ldn_span){0, 3}, first);
	ldn_span_mean(series->numbers, n, (ldn_span){years - 3, 3}, last);
	ldn_span_mean(series->numbers, n, (ldn_span){years - 5, 5}, late);
	for (int k = 0; k <= 10; k++)
		cuts[k] = quantile_of(first, NULL, 0, n, k / 10.0);
	ldn_jrc_level(first, n, cuts, 4, 1, level);
	ldn_jrc_change(first, last, n, cuts, change);
	for (size_t i = 0; i < n; i++)
		type[i] = eft[i] > 0 && eft[i] <= 64 ? eft[i] - 1 : -1;
	for (int t = 0; t < 64; t++)
		p90[t] = quantile_of(late, eft, t + 1, n, 0.9);
	ldn_jrc_scaling(late, type, p90, n, scaling);
	ldn_jrc_long_term(steadiness, level, change, n, long_term);
	put_classes(out, "steadiness", steadiness, n);
	put_classes(out, "level", level, n);
	put_classes(out, "change", change, n);
	put_classes(out, "long_term", long_term, n);
	golden_put_list(out, "scaling", scaling, n);
	ldn_jrc_lpd5(long_term, scaling, 50, n, lpd5);
	put_classes(out, "lpd5", lpd5, n);
	ldn_jrc_lpd5(long_term, NULL, 50, n, lpd5);
	put_classes(out, "lpd5_change_only", lpd5, n);
	free(eft);
	free(year);
	free(first);
	free(steadiness);
	free(type);
	return true;
}

static bool run_drought_class(const golden_record *in, golden_record *out)
{
	int16_t spi = (int16_t)golden_number(in, "spi", 0), class;
	ldn_profile profile;

	if (!profile_of(in, &profile))
		return false;
	ldn_drought_class(&profile, &spi, 1, &class);
	golden_put(out, "class", class);
	return true;
}

static bool run_drought_worst(const golden_record *in, golden_record *out)
{
	size_t n;
	int16_t *spi = golden_int16(in, "spi", &n), worst;
	ldn_profile profile;
	ldn_status status = LDN_ERROR_ARGUMENT;

	if (spi && profile_of(in, &profile))
		status = ldn_drought_worst(&profile, spi, n, 1, &worst);
	if (!status)
		golden_put(out, "worst", worst);
	free(spi);
	return !status;
}

static bool run_gamma_cdf(const golden_record *in, golden_record *out)
{
	ldn_gamma gamma = {golden_number(in, "shape", 1), golden_number(in, "scale", 1), golden_number(in, "dry", 0)};

	golden_put(out, "p", ldn_gamma_cdf(&gamma, golden_number(in, "x", 0)));
	return true;
}

static bool run_normal_quantile(const golden_record *in, golden_record *out)
{
	golden_put(out, "z", ldn_normal_quantile(golden_number(in, "p", 0)));
	return true;
}

static bool run_gamma_fit(const golden_record *in, golden_record *out)
{
	const golden_field *totals = golden_find(in, "totals");
	ldn_gamma gamma;

	if (!totals || ldn_gamma_fit(totals->numbers, totals->count, &gamma))
		return false;
	golden_put(out, "shape", gamma.shape);
	golden_put(out, "scale", gamma.scale);
	golden_put(out, "dry", gamma.dry);
	return true;
}

const golden_operation golden_productivity[] = {
	{"kendall-p", run_kendall_p},
	{"kendall-critical", run_kendall_critical},
	{"te-thresholds", run_te_thresholds},
	{"trend", run_trend},
	{"mann-kendall", run_mann_kendall},
	{"sen", run_sen},
	{"state", run_state},
	{"performance", run_performance},
	{"performance-map", run_performance_map},
	{"unit", run_unit},
	{"combine", run_combine},
	{"productivity", run_productivity},
	{"lpd5-to-3", run_lpd5_to_3},
	{"faowocat", run_faowocat},
	{"jrc-lpd5", run_jrc_lpd5},
	{"jrc-steadiness", run_jrc_steadiness},
	{"jrc-map", run_jrc_map},
	{"drought-class", run_drought_class},
	{"drought-worst", run_drought_worst},
	{"gamma-cdf", run_gamma_cdf},
	{"gamma-fit", run_gamma_fit},
	{"normal-quantile", run_normal_quantile},
	{NULL, NULL},
};
