#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "made_up_site.h"

static double scratch[20000];
static const made_up plain = { .years = 20, .before = 8, .step = 0.1, .memory = 0.3, .share = 1 };

static ldn_impact measured(const int *years, const double *site, const double *reference, const double *rain, size_t n, int since)
{
	ldn_impact impact;
	assert_int_equal(ldn_impact_measure(&ldn_impact_default, years, site, reference, rain, n, since, &impact, scratch, sizeof scratch), LDN_OK);
	return impact;
}

/* Values of the generators' authors' programs for these seeds are public: splitmix64 of 0 begins e220a8397b1dcdaf. */
static void random_numbers_depend_on_the_seed_alone(void **state)
{
	(void)state;
	ldn_random random = ldn_random_from(0), again = ldn_random_from(0);
	assert_true(random.state[0] == 0xE220A8397B1DCDAFu);
	size_t seen[6] = { 0 };
	for (int i = 0; i < 60000; i++) {
		size_t drawn = ldn_random_below(&random, 6);
		assert_int_equal(drawn, ldn_random_below(&again, 6));
		seen[drawn]++;
	}
	for (int i = 0; i < 6; i++) /* 10,000 each, give or take five standard deviations */
		assert_in_range(seen[i], 9544, 10456);
}

/* The truth lies in the interval in 93 to 97 of 100 sites (bench/impact.c, 1,000 runs); of 300 runs, allow three standard deviations around that. */
static void the_interval_holds_a_planted_change_as_often_as_it_says(void **state)
{
	(void)state;
	size_t covered = made_up_covered(&plain, &ldn_impact_default, 300, 11, NULL, scratch, sizeof scratch);
	assert_in_range(covered, 273, 297);
}

static void no_change_is_called_no_change_as_often(void **state)
{
	(void)state;
	made_up truth = plain;
	truth.step = 0;
	ldn_random random = ldn_random_from(12);
	size_t none = 0;
	for (int run = 0; run < 300; run++) {
		int years[20];
		double site[20], reference[20];
		made_up_draw(&truth, &random, years, site, reference);
		none += measured(years, site, reference, NULL, 20, 2008).verdict == LDN_IMPACT_NONE;
	}
	assert_in_range(none, 273, 297);
}

/* Detectable change: found four times out of five, which the definition promises for a known memory; allow 70 to 92 per cent of 200. */
static void a_change_of_the_detectable_size_is_mostly_found(void **state)
{
	(void)state;
	ldn_random random = ldn_random_from(13);
	made_up truth = plain;
	double typical = 0;
	size_t found = 0;
	for (int pass = 0; pass < 2; pass++)
		for (int run = 0; run < 200; run++) {
			int years[20];
			double site[20], reference[20];
			made_up_draw(&truth, &random, years, site, reference);
			ldn_impact impact = measured(years, site, reference, NULL, 20, 2008);
			typical += pass ? 0 : impact.detectable / 200;
			found += pass && impact.verdict == LDN_IMPACT_GAIN;
			if (!pass && run == 199)
				truth.step = typical;
		}
	assert_in_range(found, 140, 184);
}

static void the_effect_is_the_difference_of_the_means_before_and_after(void **state)
{
	(void)state;
	ldn_random random = ldn_random_from(14);
	int years[20];
	double site[20], reference[20], before = 0, after = 0;
	made_up_draw(&plain, &random, years, site, reference);
	for (int k = 0; k < 20; k++)
		*(k < 8 ? &before : &after) += (site[k] - reference[k]) / (k < 8 ? 8 : 12);
	ldn_impact impact = measured(years, site, reference, NULL, 20, 2008);
	assert_true(fabs(impact.effect - (after - before)) < 1e-12);
	assert_int_equal(impact.before, 8);
	assert_int_equal(impact.after, 12);
	assert_int_equal(impact.placebos, 14); /* 2003 to 2017, without 2008 */
	assert_true(impact.placebo_share >= 0 && impact.placebo_share <= 1);
}

static void weather_on_both_cancels_and_size_and_level_pass_through(void **state)
{
	(void)state;
	ldn_random random = ldn_random_from(15);
	int years[20];
	double site[20], reference[20], shocked[20], shocked_reference[20];
	made_up_draw(&plain, &random, years, site, reference);
	for (int k = 0; k < 20; k++) {
		double shock = k == 9 ? -8 : k % 3;
		shocked[k] = 4 * (site[k] + shock) + 5;
		shocked_reference[k] = 4 * (reference[k] + shock) - 1;
	}
	ldn_impact one = measured(years, site, reference, NULL, 20, 2008), other = measured(years, shocked, shocked_reference, NULL, 20, 2008);
	assert_true(fabs(other.effect - 4 * one.effect) < 1e-10);
	assert_true(fabs(other.low - 4 * one.low) < 1e-8 && fabs(other.high - 4 * one.high) < 1e-8);
	assert_int_equal(other.verdict, one.verdict);
	ldn_impact swapped = measured(years, reference, site, NULL, 20, 2008);
	assert_true(fabs(swapped.effect + one.effect) < 1e-12 && fabs(swapped.low + one.high) < 1e-9);
}

static void the_same_input_gives_the_same_bytes_and_another_seed_nearly_the_same(void **state)
{
	(void)state;
	ldn_random random = ldn_random_from(16);
	int years[20];
	double site[20], reference[20];
	made_up_draw(&plain, &random, years, site, reference);
	ldn_impact one = measured(years, site, reference, NULL, 20, 2008), again = measured(years, site, reference, NULL, 20, 2008), other;
	assert_memory_equal(&one, &again, sizeof one);
	ldn_impact_rule rule = ldn_impact_default;
	rule.seed = 7;
	assert_int_equal(ldn_impact_measure(&rule, years, site, reference, NULL, 20, 2008, &other, scratch, sizeof scratch), LDN_OK);
	assert_true(other.low != one.low && fabs(other.low - one.low) < 0.15 * (one.high - one.low));
}

static void too_few_years_are_too_few_and_the_effect_is_still_told(void **state)
{
	(void)state;
	int years[] = { 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023 };
	double site[] = { 1, 1, 1, 1, 1, 1, 2, 2 };
	ldn_impact impact = measured(years, site, NULL, NULL, 8, 2022);
	assert_int_equal(impact.verdict, LDN_IMPACT_TOO_FEW);
	assert_true(fabs(impact.effect - 1) < 1e-12 && isnan(impact.low) && isnan(impact.detectable));
	impact = measured(years, site, NULL, NULL, 8, 2030); /* nothing after */
	assert_int_equal(impact.verdict, LDN_IMPACT_TOO_FEW);
	assert_true(isnan(impact.effect));
	impact = measured(years, site, NULL, NULL, 7, 2019);
	assert_int_equal(impact.verdict, LDN_IMPACT_TOO_FEW);
	site[3] = NAN; /* a year without a value is no year */
	impact = measured(years, site, NULL, NULL, 8, 2020);
	assert_int_equal(impact.before + impact.after, 7);
	assert_int_equal(impact.verdict, LDN_IMPACT_TOO_FEW);
}

static void values_without_noise_have_an_interval_of_no_width(void **state)
{
	(void)state;
	int years[10];
	double site[10], flat[10];
	for (int k = 0; k < 10; k++) {
		years[k] = 2010 + k;
		site[k] = k < 5 ? 0.25 : 0.5;
		flat[k] = 0.25;
	}
	ldn_impact impact = measured(years, site, NULL, NULL, 10, 2015);
	assert_int_equal(impact.verdict, LDN_IMPACT_GAIN);
	assert_true(impact.low == impact.effect && impact.high == impact.effect && fabs(impact.effect - 0.25) < 1e-12);
	impact = measured(years, flat, NULL, NULL, 10, 2015);
	assert_true(fabs(impact.effect) < 1e-12);
}

/* A site alone whose index is 0.0004 a millimetre: wet years after restoration feign an effect, rain beside it takes it away. */
static void rain_explains_what_rain_did(void **state)
{
	(void)state;
	ldn_random random = ldn_random_from(17);
	int years[24];
	double site[24], rain[24];
	for (int k = 0; k < 24; k++) {
		years[k] = 2000 + k;
		rain[k] = (k < 12 ? 250 : 400) + 60 * made_up_normal(&random, 0);
		site[k] = 0.1 + 0.0004 * rain[k] + 0.008 * made_up_normal(&random, 0);
	}
	ldn_impact alone = measured(years, site, NULL, NULL, 24, 2012), beside = measured(years, site, NULL, rain, 24, 2012);
	assert_int_equal(alone.verdict, LDN_IMPACT_GAIN);
	assert_int_equal(beside.verdict, LDN_IMPACT_NONE);
	assert_true(fabs(beside.rain - 0.0004) < 0.0001);
}

static void a_slope_has_an_interval_that_holds_it(void **state)
{
	(void)state;
	ldn_random random = ldn_random_from(18);
	size_t covered = 0;
	for (int run = 0; run < 200; run++) {
		int years[16];
		double site[16], noise = made_up_normal(&random, 0);
		for (int k = 0; k < 16; k++) {
			noise = 0.3 * noise + sqrt(1 - 0.09) * made_up_normal(&random, 0);
			years[k] = 2005 + k;
			site[k] = 0.3 + 0.01 * k + 0.03 * noise;
		}
		ldn_impact impact;
		assert_int_equal(ldn_impact_slope(&ldn_impact_default, years, site, NULL, NULL, 16, &impact, scratch, sizeof scratch), LDN_OK);
		covered += impact.low <= 0.01 && impact.high >= 0.01;
	}
	assert_in_range(covered, 179, 199); /* 95 %, three standard deviations below */
}

static void wrong_arguments_are_refused(void **state)
{
	(void)state;
	int falling[] = { 2001, 2000 }, years[] = { 2000, 2001 };
	double site[] = { 1, 2 };
	ldn_impact impact;
	ldn_impact_rule rule = ldn_impact_default;
	assert_int_equal(ldn_impact_measure(&rule, falling, site, NULL, NULL, 2, 2001, &impact, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_impact_measure(&rule, years, site, NULL, NULL, 0, 2001, &impact, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_impact_measure(&rule, years, site, NULL, NULL, LDN_IMPACT_YEARS_MAX + 1, 2001, &impact, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_impact_measure(&rule, years, site, NULL, NULL, 2, 2001, &impact, scratch, 8), LDN_ERROR_SCRATCH);
	rule.confidence = 1;
	assert_int_equal(ldn_impact_measure(&rule, years, site, NULL, NULL, 2, 2001, &impact, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_numbers_depend_on_the_seed_alone),
		cmocka_unit_test(the_interval_holds_a_planted_change_as_often_as_it_says),
		cmocka_unit_test(no_change_is_called_no_change_as_often),
		cmocka_unit_test(a_change_of_the_detectable_size_is_mostly_found),
		cmocka_unit_test(the_effect_is_the_difference_of_the_means_before_and_after),
		cmocka_unit_test(weather_on_both_cancels_and_size_and_level_pass_through),
		cmocka_unit_test(the_same_input_gives_the_same_bytes_and_another_seed_nearly_the_same),
		cmocka_unit_test(too_few_years_are_too_few_and_the_effect_is_still_told),
		cmocka_unit_test(values_without_noise_have_an_interval_of_no_width),
		cmocka_unit_test(rain_explains_what_rain_did),
		cmocka_unit_test(a_slope_has_an_interval_that_holds_it),
		cmocka_unit_test(wrong_arguments_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
