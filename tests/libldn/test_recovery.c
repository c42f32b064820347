#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ldn/recovery.h"
#include "ldn/spectral.h"

#include "series.h"

#define YEARS 15
#define PIXELS 500

static int years[YEARS];

/* Year-major index values with gaps and ties. */
static void make(uint64_t seed, double *series, double gaps)
{
	seed = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15);
	for (size_t i = 0; i < (size_t)YEARS * PIXELS; i++)
		series[i] = series_uniform(&seed) < gaps ? (double)NAN : floor(series_uniform(&seed) * 40) / 40 - 0.1;
}

static ldn_recovery_years when(int disturbance, int restoration)
{
	return (ldn_recovery_years){years, YEARS, disturbance, restoration};
}

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* A block of pixels gives what the pixels give one by one, in any order. */
static void a_block_is_its_pixels(void **state)
{
	static double series[YEARS * PIXELS], target[PIXELS], block[PIXELS];
	ldn_recovery_years at = when(2003, 2005);
	uint64_t seed = 3;

	(void)state;
	make(1, series, 0.2);
	for (size_t i = 0; i < PIXELS; i++)
		target[i] = series_uniform(&seed) < 0.1 ? (double)NAN : series_uniform(&seed) - 0.05;
	for (int m = 0; m < LDN_METRICS; m++)
		for (int peer = 0; peer < 2; peer++) {
			const ldn_recovery_rule *rule = peer ? &ldn_recovery_peer : &ldn_recovery_default;
			assert_int_equal(ldn_recovery(rule, (ldn_metric)m, &at, series, target, 1, PIXELS, block), LDN_OK);
			for (size_t i = PIXELS; i-- > 0;) {
				double one[YEARS], alone;
				for (size_t k = 0; k < YEARS; k++)
					one[k] = series[k * PIXELS + i];
				assert_int_equal(ldn_recovery(rule, (ldn_metric)m, &at, one, &target[i], 0, 1, &alone), LDN_OK);
				assert_true(same(alone, block[i]));
			}
		}
}

/* Ratios forget the unit; differences carry it. */
static void scaling_the_index_scales_what_it_should(void **state)
{
	static double series[YEARS * PIXELS], scaled[YEARS * PIXELS], a[PIXELS], b[PIXELS];
	ldn_recovery_years at = when(2003, 2005);
	double target = 0.5, scaled_target = 512;

	(void)state;
	make(2, series, 0.1);
	for (size_t i = 0; i < (size_t)YEARS * PIXELS; i++)
		scaled[i] = 1024 * series[i];
	for (int m = 0; m < LDN_METRICS; m++) {
		ldn_recovery(&ldn_recovery_peer, (ldn_metric)m, &at, series, &target, 0, PIXELS, a);
		ldn_recovery(&ldn_recovery_peer, (ldn_metric)m, &at, scaled, &scaled_target, 0, PIXELS, b);
		for (size_t i = 0; i < PIXELS; i++)
			assert_true(same(m == LDN_DIR || m == LDN_YRYR ? 1024 * a[i] : a[i], b[i]));
	}
}

static void turning_index_and_sense_leaves_the_share_made_good(void **state)
{
	static double series[YEARS * PIXELS], turned[YEARS * PIXELS], a[PIXELS], b[PIXELS];
	ldn_recovery_years at = when(2003, 2005);
	ldn_recovery_rule rule = ldn_recovery_default;

	(void)state;
	rule.disturbance_sign = 1;
	make(3, series, 0.1);
	for (size_t i = 0; i < (size_t)YEARS * PIXELS; i++)
		turned[i] = -series[i];
	ldn_recovery(&ldn_recovery_default, LDN_RRI, &at, series, NULL, 0, PIXELS, a);
	ldn_recovery(&rule, LDN_RRI, &at, turned, NULL, 0, PIXELS, b);
	for (size_t i = 0; i < PIXELS; i++)
		assert_true(same(a[i], b[i]));
}

/* Reached, watched in vain, or not known: one of three, and a longer series only ever turns "not yet" into a number. */
static void years_to_recovery_are_reached_awaited_or_unknown(void **state)
{
	static double series[YEARS * PIXELS], y2r[PIXELS], watched[PIXELS], later[PIXELS];
	ldn_recovery_years at = when(2003, 2005), shorter = at;
	double target = 0.95;

	(void)state;
	make(4, series, 0.4);
	shorter.n_years = YEARS - 4;
	ldn_recovery(&ldn_recovery_default, LDN_Y2R, &shorter, series, &target, 0, PIXELS, y2r);
	ldn_recovery(&ldn_recovery_default, LDN_WATCHED, &shorter, series, NULL, 0, PIXELS, watched);
	ldn_recovery(&ldn_recovery_default, LDN_Y2R, &at, series, &target, 0, PIXELS, later);
	for (size_t i = 0; i < PIXELS; i++) {
		assert_true(isnan(y2r[i]) == isnan(watched[i]));
		assert_true(isnan(y2r[i]) || y2r[i] == LDN_NOT_REACHED || (y2r[i] >= 0 && y2r[i] <= watched[i]));
		if (y2r[i] >= 0)
			assert_true(later[i] == y2r[i]);
		else if (later[i] >= 0)
			assert_true(later[i] > 6);
	}
}

static void faults_name_the_year(void **state)
{
	int year, gap[] = {2001, 2002, 2004, 2005};
	ldn_recovery_rule rule = ldn_recovery_default;
	ldn_recovery_years at = {gap, 4, 2001, 2002};

	(void)state;
	assert_int_equal(ldn_recovery_check(&rule, LDN_DIR, &at, &year), LDN_RECOVERY_AFTER_END);
	assert_int_equal(year, 2007);
	rule.timestep = 1;
	assert_int_equal(ldn_recovery_check(&rule, LDN_DIR, &at, &year), LDN_RECOVERY_YEAR_ABSENT);
	assert_int_equal(year, 2003);
	assert_int_equal(ldn_recovery_check(&rule, LDN_Y2R, &at, &year), LDN_RECOVERY_YEAR_ABSENT);
	assert_int_equal(year, 2003);
	rule.timestep = 0;
	assert_int_equal(ldn_recovery_check(&rule, LDN_DIR, &at, NULL), LDN_RECOVERY_FINE);
	assert_int_equal(ldn_recovery_check(&rule, LDN_RRI, &at, NULL), LDN_RECOVERY_TIMESTEP);
	rule.timestep = LDN_TIMESTEP_LAST;
	assert_int_equal(ldn_recovery_check(&rule, LDN_R80P, &at, NULL), LDN_RECOVERY_FINE);
	assert_int_equal(ldn_recovery_check(&rule, LDN_DIR, &at, NULL), LDN_RECOVERY_AFTER_END);
	rule.percent = 100.5;
	assert_int_equal(ldn_recovery_check(&rule, LDN_R80P, &at, NULL), LDN_RECOVERY_PERCENT);
	at.restoration = INT_MAX;
	for (int m = 0; m < LDN_METRICS; m++)
		assert_int_not_equal(ldn_recovery(&rule, (ldn_metric)m, &at, NULL, NULL, 0, 0, NULL), LDN_OK);
}

static void medians_and_summaries_do_not_depend_on_the_order(void **state)
{
	static double series[YEARS * PIXELS], shuffled[YEARS * PIXELS];
	size_t n = (size_t)YEARS * PIXELS;
	uint64_t seed = 8;

	(void)state;
	make(5, series, 0.1);
	series[17] = INFINITY, series[18] = -INFINITY, series[19] = LDN_NOT_REACHED, series[20] = -0.0, series[21] = 0.0;
	for (int round = 0; round < 20; round++) {
		memcpy(shuffled, series, sizeof series);
		for (size_t i = n - 1; i > 0; i--) {
			size_t j = series_random(&seed) % (i + 1);
			double v = shuffled[i];
			shuffled[i] = shuffled[j];
			shuffled[j] = v;
		}
		static double a[YEARS * PIXELS], b[YEARS * PIXELS];
		memcpy(a, series, sizeof a);
		memcpy(b, shuffled, sizeof b);
		double m = ldn_median(a, n), k = ldn_median(b, n);
		assert_true(same(m, k));
		ldn_summary s = ldn_summarise(LDN_Y2R, a, n), t = ldn_summarise(LDN_Y2R, b, n);
		assert_memory_equal(&s, &t, sizeof s);
		assert_int_equal(s.infinite, 2);
		assert_int_equal(s.not_reached, 1);
		assert_int_equal(s.pixels, s.missing + s.infinite + s.not_reached + s.used);
		assert_true(s.min <= s.median && s.median <= s.max && s.min <= s.mean && s.mean <= s.max);
	}
}

static void empty_and_hopeless_summaries_are_unknown(void **state)
{
	double gone[] = {NAN, INFINITY, NAN};
	ldn_summary s = ldn_summarise(LDN_RRI, NULL, 0), t = ldn_summarise(LDN_RRI, gone, 3);

	(void)state;
	assert_true(s.pixels == 0 && s.used == 0 && isnan(s.mean) && isnan(s.median));
	assert_true(t.missing == 2 && t.infinite == 1 && t.used == 0 && isnan(t.max));
	assert_true(isnan(ldn_median(gone, 0)));
	gone[1] = -9999;
	assert_int_equal(ldn_summarise(LDN_RRI, gone, 3).used, 1); /* only Y2R knows the value as "not reached" */
}

/* Window by window against the plain definition. */
static void window_means_are_what_they_say(void **state)
{
	enum { WIDE = 17, HIGH = 11 };
	static double image[WIDE * HIGH], out[WIDE * HIGH], part[WIDE * HIGH];
	uint64_t seed = 11;

	(void)state;
	for (size_t i = 0; i < WIDE * HIGH; i++)
		image[i] = series_uniform(&seed) < 0.15 ? (double)NAN : series_uniform(&seed);
	for (size_t size = 1; size <= 25; size += 2)
		for (int skip = 0; skip < 2; skip++) {
			int half = (int)size / 2;
			assert_int_equal(ldn_window_mean(image, WIDE, HIGH, size, skip, 0, HIGH, out), LDN_OK);
			assert_int_equal(ldn_window_mean(image, WIDE, HIGH, size, skip, 4, 3, part), LDN_OK);
			for (int y = 0; y < HIGH; y++)
				for (int x = 0; x < WIDE; x++) {
					double sum = 0, count = 0;
					for (int v = y - half; v <= y + half; v++)
						for (int u = x - half; u <= x + half; u++) {
							bool there = u >= 0 && v >= 0 && u < WIDE && v < HIGH;
							double value = there ? image[v * WIDE + u] : (double)NAN;
							sum += skip && isnan(value) ? 0 : value;
							count += !skip || !isnan(value);
						}
					assert_true(same(out[y * WIDE + x], count > 0 ? sum / count : (double)NAN));
					if (y >= 4 && y < 7)
						assert_true(same(part[(y - 4) * WIDE + x], out[y * WIDE + x]));
				}
		}
	assert_int_equal(ldn_window_mean(image, WIDE, HIGH, 4, true, 0, HIGH, out), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_window_mean(image, WIDE, HIGH, 3, true, 9, 3, out), LDN_ERROR_ARGUMENT);
}

static void every_index_knows_its_bands_and_its_name(void **state)
{
	double value[LDN_BANDS] = {0.03, 0.05, 0.04, 0.3, 0.19, 0.09}, out;

	(void)state;
	for (size_t k = 0; k < LDN_INDICES; k++) {
		const ldn_index *index = &ldn_indices[k];
		const double *all[LDN_BANDS], *needed[LDN_BANDS];
		assert_ptr_equal(ldn_index_find(index->name), index);
		for (int b = 0; b < LDN_BANDS; b++) {
			all[b] = &value[b];
			needed[b] = index->bands & 1u << b ? &value[b] : NULL;
			/* the formula speaks of the bands it needs */
			assert_true(!needed[b] || strstr(index->formula, ldn_band_letters[b]));
		}
		assert_int_equal(ldn_index_compute(index, all, 1, &out), LDN_OK);
		double with_all = out;
		assert_int_equal(ldn_index_compute(index, needed, 1, &out), LDN_OK);
		assert_true(same(out, with_all) && isfinite(out));
		for (int b = 0; b < LDN_BANDS; b++) {
			const double *less[LDN_BANDS];
			memcpy(less, needed, sizeof less);
			less[b] = NULL;
			assert_int_equal(ldn_index_compute(index, less, 1, &out), needed[b] ? LDN_ERROR_ARGUMENT : LDN_OK);
		}
	}
	assert_ptr_equal(ldn_index_find("ndvi"), ldn_index_find("NDVI"));
	assert_null(ldn_index_find("NDV"));
	assert_null(ldn_index_find(""));
	assert_int_equal(ldn_index_compute(NULL, (const double *const[LDN_BANDS]){0}, 1, &out), LDN_ERROR_ARGUMENT);
}

static void zeros_in_every_band_are_missing(void **state)
{
	double red[] = {0, 0, 0.1, NAN}, nir[] = {0, 0.3, 0, 0};
	double *const bands[LDN_BANDS] = {[LDN_RED] = red, [LDN_NIR] = nir};
	double *const alone[LDN_BANDS] = {[LDN_NIR] = nir};

	(void)state;
	ldn_bands_mark_missing(bands, 4);
	assert_true(isnan(red[0]) && isnan(nir[0]) && red[1] == 0 && nir[2] == 0 && nir[3] == 0);
	ldn_bands_mark_missing(alone, 4);
	assert_true(nir[2] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_its_pixels),
		cmocka_unit_test(scaling_the_index_scales_what_it_should),
		cmocka_unit_test(turning_index_and_sense_leaves_the_share_made_good),
		cmocka_unit_test(years_to_recovery_are_reached_awaited_or_unknown),
		cmocka_unit_test(faults_name_the_year),
		cmocka_unit_test(medians_and_summaries_do_not_depend_on_the_order),
		cmocka_unit_test(empty_and_hopeless_summaries_are_unknown),
		cmocka_unit_test(window_means_are_what_they_say),
		cmocka_unit_test(every_index_knows_its_bands_and_its_name),
		cmocka_unit_test(zeros_in_every_band_are_missing),
	};
	for (int k = 0; k < YEARS; k++)
		years[k] = 2001 + k;
	return cmocka_run_group_tests_name("recovery", tests, NULL, NULL);
}
