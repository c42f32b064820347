#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ldn/landtrendr.h"

#include "series.h"

#define YEARS 24
#define SERIES 3000

static int years[YEARS];

/* Levels, falls, recoveries and noise of every kind, some without any noise, with gaps; NBR x 1000. */
static void make(uint64_t seed, double *y, double gaps)
{
	seed = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15);
	double level = 300 + 500 * series_uniform(&seed), value = level, noise = series_uniform(&seed) < 0.2 ? 0 : 60 * series_uniform(&seed);
	double fall = series_uniform(&seed) < 0.6 ? 0.15 : 0, growth = 60 * series_uniform(&seed);

	for (int k = 0; k < YEARS; k++) {
		value -= series_uniform(&seed) < fall ? 400 * series_uniform(&seed) : 0;
		value += value < level ? growth : 0;
		y[k] = floor(value + noise * (series_uniform(&seed) + series_uniform(&seed) - 1)) + 1000;
		if (series_uniform(&seed) < gaps)
			y[k] = NAN;
	}
}

static ldn_segmentation fit(const ldn_landtrendr_rule *rule, const double *y, double *fitted)
{
	ldn_segmentation s;

	assert_int_equal(ldn_landtrendr(rule, years, y, YEARS, 1, &s, fitted), LDN_OK);
	return s;
}

static void vertices_rise_from_first_to_last_year_and_the_fit_runs_between_them(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < SERIES; i++) {
		double y[YEARS], f[YEARS], squares = 0;
		make(i, y, i % 3 == 0 ? 0.2 : 0);
		ldn_segmentation s = fit(&ldn_landtrendr_default, y, f);
		assert_in_range(s.n_vertices, 2, 7);
		assert_int_equal(s.vertex_year[0], years[0]);
		assert_int_equal(s.vertex_year[s.n_vertices - 1], years[YEARS - 1]);
		for (int k = 0; k + 1 < s.n_vertices; k++) {
			int a = s.vertex_year[k], b = s.vertex_year[k + 1];
			assert_true(a < b);
			for (int year = a; year <= b; year++) {
				double share = (double)(year - a) / (b - a);
				double line = s.vertex_value[k] * (1 - share) + s.vertex_value[k + 1] * share;
				assert_true(fabs(f[year - years[0]] - line) < 1e-9 * 2000);
			}
		}
		for (int k = 0; k < YEARS; k++)
			squares += isnan(y[k]) ? 0 : (y[k] - f[k]) * (y[k] - f[k]);
		assert_true(fabs(s.rmse - sqrt(squares / s.n_valid)) < 1e-9);
		assert_true(s.p >= 0 && s.p <= 1);
		assert_true((s.path >= LDN_PATH_SECOND) == (s.p <= 0.05));
	}
}

static void the_negated_series_gives_the_negated_fit(void **state)
{
	ldn_landtrendr_rule turned = ldn_landtrendr_default;

	(void)state;
	turned.disturbance_sign = 1;
	for (uint64_t i = 0; i < SERIES; i++) {
		double y[YEARS], minus[YEARS], f[YEARS], g[YEARS];
		make(i, y, i % 2 ? 0.1 : 0);
		for (int k = 0; k < YEARS; k++)
			minus[k] = -y[k];
		ldn_segmentation s = fit(&ldn_landtrendr_default, y, f), t = fit(&turned, minus, g);
		assert_int_equal(s.n_vertices, t.n_vertices);
		assert_memory_equal(s.vertex_year, t.vertex_year, sizeof s.vertex_year);
		assert_true(s.p == t.p && s.rmse == t.rmse);
		for (int k = 0; k < YEARS; k++)
			assert_true(f[k] == -g[k]);
	}
}

static void another_unit_gives_the_same_fit_in_that_unit(void **state)
{
	ldn_landtrendr_rule other = ldn_landtrendr_default;

	(void)state;
	other.unit = 1.0 / 1024;
	for (uint64_t i = 0; i < SERIES; i++) {
		double y[YEARS], small[YEARS], f[YEARS], g[YEARS];
		make(i, y, i % 2 ? 0.1 : 0);
		for (int k = 0; k < YEARS; k++)
			small[k] = y[k] / 1024;
		ldn_segmentation s = fit(&ldn_landtrendr_default, y, f), t = fit(&other, small, g);
		assert_memory_equal(s.vertex_year, t.vertex_year, sizeof s.vertex_year);
		assert_true(s.p == t.p);
		for (int k = 0; k < YEARS; k++)
			assert_true(f[k] == 1024 * g[k]);
	}
}

static void a_constant_added_shifts_the_fit(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < SERIES; i++) {
		double y[YEARS], more[YEARS], f[YEARS], g[YEARS];
		make(i, y, i % 2 ? 0.1 : 0);
		for (int k = 0; k < YEARS; k++)
			more[k] = y[k] + 500;
		ldn_segmentation s = fit(&ldn_landtrendr_default, y, f), t = fit(&ldn_landtrendr_default, more, g);
		assert_memory_equal(s.vertex_year, t.vertex_year, sizeof s.vertex_year);
		assert_int_equal(s.path, t.path);
		for (int k = 0; k < YEARS; k++)
			assert_true(fabs(f[k] + 500 - g[k]) < 1e-6);
	}
}

/* Years without a value inside the series change nothing but that the fit is told for them too. */
static void a_missing_year_is_as_a_year_not_given(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < SERIES; i++) {
		double y[YEARS], f[YEARS], given[YEARS], g[YEARS];
		int given_years[YEARS];
		size_t n = 0;
		ldn_segmentation s, t;
		make(i, y, 0.3);
		y[0] = y[YEARS - 1] = 1500;
		for (int k = 0; k < YEARS; k++) {
			if (isnan(y[k]))
				continue;
			given[n] = y[k];
			given_years[n++] = years[k];
		}
		s = fit(&ldn_landtrendr_default, y, f);
		assert_int_equal(ldn_landtrendr(&ldn_landtrendr_default, given_years, given, n, 1, &t, g), LDN_OK);
		assert_memory_equal(&s, &t, sizeof s);
		for (size_t k = 0; k < n; k++)
			assert_true(g[k] == f[given_years[k] - years[0]]);
	}
}

/* P(F' >= f) by Simpson's rule over the density of the beta distribution, in logarithms: slow and independent of the library's sum. */
static double tail_by_integral(double q, double e, double f)
{
	enum { STEPS = 20000 };
	double a = e / 2, b = q / 2, end = e / (e + q * f), sum = 0, constant = lgamma(a + b) - lgamma(a) - lgamma(b);

	/* x = end * s^4 takes the infinite slope at 0 away */
	for (int i = 0; i <= STEPS; i++) {
		double s = (double)i / STEPS, x = end * s * s * s * s, weight = i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2;
		if (i > 0 && x < 1)
			sum += weight * exp(constant + (a - 1) * log(x) + (b - 1) * log1p(-x) + log(4 * end) + 3 * log(s));
	}
	return sum / (3 * STEPS);
}

static void p_is_the_upper_tail_of_f(void **state)
{
	int checked = 0;

	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		double y[YEARS];
		make(i, y, 0);
		ldn_segmentation s = fit(&ldn_landtrendr_default, y, NULL);
		int q = 2 * (s.n_vertices - 1), e = s.n_valid - q - 1;
		if (s.path < LDN_PATH_SECOND || isinf(s.f))
			continue;
		double want = tail_by_integral(q, e, s.f);
		assert_true(fabs(s.p - want) <= 1e-6 * want);
		checked++;
	}
	assert_true(checked > 50);
}

static void a_planted_loss_is_found_in_its_year_with_its_size(void **state)
{
	int right = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t seed = (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
		double y[YEARS];
		int when = 5 + (int)(i % 14);
		for (int k = 0; k < YEARS; k++)
			y[k] = (k < when ? 700 : 200 + 15 * (k - when)) + 30 * (series_uniform(&seed) + series_uniform(&seed) - 1);
		ldn_segmentation s = fit(&ldn_landtrendr_default, y, NULL);
		ldn_change loss = ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_GREATEST, NULL);
		ldn_change gain = ldn_segmentation_change(&s, -1, LDN_CHANGE_GAIN, LDN_CHANGE_NEWEST, NULL);
		right += loss.year == years[when] && loss.duration == 1 && fabs(loss.magnitude - 500) < 60;
		assert_true(gain.segment > loss.segment);
	}
	assert_true(right > 970);
}

static void changes_are_chosen_and_filtered_as_asked(void **state)
{
	ldn_segmentation s = {.n_vertices = 6, .vertex_year = {1990, 1995, 1996, 2005, 2008, 2015},
			      .vertex_value = {700, 710, 300, 600, 420, 480}, .rmse = 20};
	ldn_change_filter short_ones = {.magnitude_min = 100, .duration_max = 1, .before_min = -INFINITY};
	ldn_change_filter high_ones = {.magnitude_min = 0, .duration_max = 0, .before_min = 800};
	ldn_change_filter late = {.before_min = -INFINITY, .year_min = 2000};
	ldn_change c = ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_GREATEST, NULL);

	(void)state;
	assert_int_equal(c.segment, 1);
	assert_int_equal(c.year, 1996);
	assert_int_equal(c.duration, 1);
	assert_true(c.before == 710 && c.magnitude == 410 && c.rate == 410 && c.dsnr == 20.5);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_NEWEST, NULL).year, 2006);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_OLDEST, NULL).year, 1996);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_LEAST, NULL).year, 2006);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_SLOWEST, NULL).year, 2006);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_NEWEST, &short_ones).year, 1996);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_NEWEST, &high_ones).segment, -1);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_LOSS, LDN_CHANGE_OLDEST, &late).year, 2006);
	assert_int_equal(ldn_segmentation_change(&s, -1, LDN_CHANGE_GAIN, LDN_CHANGE_FASTEST, NULL).year, 1997);
	assert_int_equal(ldn_segmentation_change(&s, 1, LDN_CHANGE_LOSS, LDN_CHANGE_GREATEST, NULL).year, 1997);
}

static void what_cannot_be_segmented_says_so(void **state)
{
	double y[YEARS], f[YEARS];
	ldn_landtrendr_rule rule = ldn_landtrendr_default;
	ldn_segmentation s;

	(void)state;
	for (int k = 0; k < YEARS; k++)
		y[k] = NAN;
	s = fit(&rule, y, f);
	assert_true(s.path == LDN_PATH_REJECTED && s.n_vertices == 0 && isnan(f[3]));
	y[3] = 500, y[4] = INFINITY, y[9] = 700;
	s = fit(&rule, y, f);
	assert_true(s.path == LDN_PATH_TOO_FEW && s.n_vertices == 2 && s.p == 1 && f[0] == 600 && f[23] == 600 && s.n_valid == 2);
	for (int k = 0; k < YEARS; k++)
		y[k] = 0.1 * k - 7;
	s = fit(&rule, y, f);
	assert_true(s.path == LDN_PATH_NO_VERTEX && fabs(f[0] + 5.85) < 1e-12 && s.vertex_value[0] == s.vertex_value[1]);
	for (int k = 0; k < YEARS; k++)
		y[k] = k % 3 ? 500 + k : 0;
	assert_int_equal(fit(&rule, y, f).path, LDN_PATH_REJECTED);
	rule.background = NAN;
	assert_true(fit(&rule, y, f).path != LDN_PATH_REJECTED);
	rule.max_segments = LDN_SEGMENTS_MAX + 1;
	assert_int_equal(ldn_landtrendr(&rule, years, y, YEARS, 1, &s, f), LDN_ERROR_ARGUMENT);
	rule = ldn_landtrendr_default;
	assert_int_equal(ldn_landtrendr(&rule, (const int[]){2001, 2001}, y, 2, 1, &s, f), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_landtrendr(&rule, years, y, 0, 1, &s, f), LDN_ERROR_ARGUMENT);
	rule.unit = 0;
	assert_int_equal(ldn_landtrendr(&rule, years, y, YEARS, 1, &s, f), LDN_ERROR_ARGUMENT);
}

/* Any settings and any numbers, the largest series: an answer within bounds, and no end without one. */
static void wild_settings_and_values_are_survived(void **state)
{
	static const double wild[] = {0, -1, 1e308, -1e308, 1e-310, 5, 5, 5, NAN, INFINITY, 700};
	int all[LDN_YEARS_MAX];
	double y[LDN_YEARS_MAX * 3], f[LDN_YEARS_MAX * 3];
	uint64_t seed = 77;

	(void)state;
	for (int k = 0; k < LDN_YEARS_MAX; k++)
		all[k] = -30000 + 500 * k;
	for (int i = 0; i < 3000; i++) {
		ldn_landtrendr_rule rule = i % 2 ? ldn_landtrendr_default : ldn_landtrendr_original;
		ldn_segmentation s;
		rule.max_segments = 1 + (int)(series_random(&seed) % LDN_SEGMENTS_MAX);
		rule.overshoot = (int)(series_random(&seed) % 20);
		rule.despike = series_uniform(&seed);
		rule.recovery = 2 * series_uniform(&seed) + 1e-9;
		rule.p_limit = series_uniform(&seed);
		rule.best_model = series_uniform(&seed);
		rule.min_observations = 3 + (int)(series_random(&seed) % 8);
		rule.disturbance_weight = 4 * series_uniform(&seed);
		rule.disturbance_sign = series_random(&seed) % 2 ? 1 : -1;
		for (size_t k = 0; k < LDN_YEARS_MAX; k++)
			y[3 * k] = i % 4 ? 1000 * series_uniform(&seed) : wild[series_random(&seed) % (sizeof wild / sizeof *wild)];
		size_t n = 1 + series_random(&seed) % LDN_YEARS_MAX;
		assert_int_equal(ldn_landtrendr(&rule, all, y, n, 3, &s, f), LDN_OK);
		assert_in_range(s.n_vertices, 0, rule.max_segments + 1 > 3 ? rule.max_segments + 1 : 3);
		assert_true(s.p >= 0 && s.p <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vertices_rise_from_first_to_last_year_and_the_fit_runs_between_them),
		cmocka_unit_test(the_negated_series_gives_the_negated_fit),
		cmocka_unit_test(another_unit_gives_the_same_fit_in_that_unit),
		cmocka_unit_test(a_constant_added_shifts_the_fit),
		cmocka_unit_test(a_missing_year_is_as_a_year_not_given),
		cmocka_unit_test(p_is_the_upper_tail_of_f),
		cmocka_unit_test(a_planted_loss_is_found_in_its_year_with_its_size),
		cmocka_unit_test(changes_are_chosen_and_filtered_as_asked),
		cmocka_unit_test(what_cannot_be_segmented_says_so),
		cmocka_unit_test(wild_settings_and_values_are_survived),
	};
	for (int k = 0; k < YEARS; k++)
		years[k] = 2001 + k;
	return cmocka_run_group_tests_name("landtrendr", tests, NULL, NULL);
}
