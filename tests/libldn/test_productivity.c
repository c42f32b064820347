#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ldn/productivity.h"

#include "series.h"

static void anything_but_a_class_makes_the_combination_no_data(void **state)
{
	static const int16_t values[] = {-32768, -30000, -2, -1, 0, 1, 2, 15, 32767};

	(void)state;
	for (size_t t = 0; t < 9; t++)
		for (size_t s = 0; s < 9; s++)
			for (size_t p = 0; p < 9; p++) {
				int16_t lpd5, lpd3;
				bool known = values[t] >= -1 && values[t] <= 1 && values[s] >= -1 && values[s] <= 1 && values[p] >= -1 &&
					     values[p] <= 0;
				ldn_productivity(ldn_profile_get(LDN_PRAIS4), &values[t], &values[s], &values[p], 1, &lpd5, &lpd3);
				assert_int_equal(lpd5 != LDN_NODATA, known);
				assert_int_equal(lpd3 != LDN_NODATA, known);
			}
}

static void three_classes_are_those_of_the_five(void **state)
{
	(void)state;
	for (int i = 0; i < LDN_COMBINATIONS; i++) {
		int16_t five = ldn_lpd5_table[i], three;
		ldn_lpd5_to_3(&five, 1, &three);
		assert_int_equal(three, ldn_lpd3_table[i]);
	}
}

/* The method marks three combinations in which version 2 of the guidance differs from PRAIS 4. */
static void version_two_differs_in_three_combinations(void **state)
{
	int differ = 0;

	(void)state;
	for (int i = 0; i < LDN_COMBINATIONS; i++)
		differ += ldn_lpd3_table[i] != ldn_gpg2_table[i];
	assert_int_equal(differ, 3);
	assert_true(ldn_productivity_own_three(ldn_profile_get(LDN_GPG2)));
	assert_false(ldn_productivity_own_three(ldn_profile_get(LDN_PRAIS4)));
	assert_false(ldn_productivity_own_three(ldn_profile_get(LDN_TE)));
	assert_int_equal(ldn_gpg2_table[(1 * 3 + 1) * 2 + 0], -1); /* stable, stable, degraded */
	assert_int_equal(ldn_gpg2_table[(1 * 3 + 0) * 2 + 1], 0);  /* stable, degraded, stable */
	assert_int_equal(ldn_gpg2_table[(0 * 3 + 1) * 2 + 1], 0);  /* degraded, stable, stable */
}

static void faowocat_does_not_depend_on_the_block(void **state)
{
	enum { YEARS = 15, PIXELS = 150 };
	int16_t *series = series_make(40, YEARS, PIXELS), whole[PIXELS], single, column[YEARS];
	int years[YEARS];

	(void)state;
	for (int k = 0; k < YEARS; k++)
		years[k] = 2001 + k;
	assert_int_equal(ldn_faowocat(ldn_profile_get(LDN_TE), NULL, &ldn_faowocat_default, series, years, YEARS, PIXELS, NULL, whole), LDN_OK);
	for (size_t i = 0; i < PIXELS; i++) {
		for (size_t k = 0; k < YEARS; k++)
			column[k] = series[k * PIXELS + i];
		assert_int_equal(ldn_faowocat(ldn_profile_get(LDN_TE), NULL, &ldn_faowocat_default, column, years, YEARS, 1, NULL, &single),
				 LDN_OK);
		assert_int_equal(single, whole[i]);
		assert_true(single == LDN_NODATA || (single >= 0 && single <= 5));
	}
	free(series);
}

static void a_desert_is_stable_in_faowocat(void **state)
{
	int16_t series[15], greatest = 2500, lpd;
	int years[15];

	(void)state;
	for (int k = 0; k < 15; k++) {
		series[k] = (int16_t)(2400 - 100 * k);
		years[k] = 2001 + k;
	}
	assert_int_equal(ldn_faowocat(ldn_profile_get(LDN_TE), NULL, &ldn_faowocat_default, series, years, 15, 1, NULL, &lpd), LDN_OK);
	assert_int_equal(lpd, 1);
	assert_int_equal(ldn_faowocat(ldn_profile_get(LDN_TE), NULL, &ldn_faowocat_default, series, years, 15, 1, &greatest, &lpd), LDN_OK);
	assert_int_equal(lpd, 4);
}

static void jrc_classes_follow_the_tables_of_the_scheme(void **state)
{
	(void)state;
	for (int16_t steadiness = 0; steadiness <= 4; steadiness++)
		for (int16_t level = 1; level <= 3; level++)
			for (int16_t change = 1; change <= 3; change++) {
				static const int first[] = {0, 0, 9, 12, 15};
				double low = 49.9, high = 50;
				int16_t long_term, below, above, plain;
				int expected = first[steadiness] + (steadiness == 1 || steadiness == 4 ? 3 * (level - 1) + change : level);
				if (steadiness == 4 && level == 3)
					expected = 22;
				ldn_jrc_long_term(&steadiness, &level, &change, 1, &long_term);
				ldn_jrc_lpd5(&long_term, &low, 50, 1, &below);
				ldn_jrc_lpd5(&long_term, &high, 50, 1, &above);
				ldn_jrc_lpd5(&long_term, NULL, 50, 1, &plain);
				if (steadiness == 0) {
					assert_int_equal(long_term, LDN_NODATA);
					assert_int_equal(plain, LDN_NODATA);
					continue;
				}
				assert_int_equal(long_term, expected);
				assert_int_equal(below, plain);
				assert_true(above >= below && above - below <= 1 && plain >= 1 && above <= 5);
			}
}

static void every_profile_is_found_by_its_name(void **state)
{
	static const char *const names[] = {"prais4", "te", "gpg2"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		const ldn_profile *profile = ldn_profile_find(names[i]);
		assert_ptr_equal(profile, ldn_profile_get((ldn_profile_name)i));
		assert_int_equal(profile->id, i);
	}
	assert_null(ldn_profile_find("PRAIS4"));
	assert_null(ldn_profile_find(NULL));
	assert_null(ldn_profile_get((ldn_profile_name)7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anything_but_a_class_makes_the_combination_no_data),
		cmocka_unit_test(three_classes_are_those_of_the_five),
		cmocka_unit_test(version_two_differs_in_three_combinations),
		cmocka_unit_test(faowocat_does_not_depend_on_the_block),
		cmocka_unit_test(a_desert_is_stable_in_faowocat),
		cmocka_unit_test(jrc_classes_follow_the_tables_of_the_scheme),
		cmocka_unit_test(every_profile_is_found_by_its_name),
	};
	return cmocka_run_group_tests_name("productivity", tests, NULL, NULL);
}
