/* Balance of gains and losses, hierarchy of response, people, extent, areas: what the text goldens do not reach. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ldn/area.h"
#include "ldn/balance.h"
#include "ldn/carbon.h"
#include "ldn/exposure.h"
#include "ldn/indicator.h"

static void land_types_join_layers_and_leave_out_what_any_layer_lacks(void **state)
{
	(void)state;
	const int16_t layers[2 * 5] = {1, 2, LDN_NODATA, 3, 0, 4, 0, 1, 10, 9};
	const int32_t radix[2] = {4, 10}, large[2] = {65536, 65536}, none[2] = {4, 0};
	int32_t type[5];
	assert_int_equal(ldn_balance_types(5, 2, layers, radix, type), LDN_OK);
	const int32_t expected[5] = {14, 20, -1, -1, 9};
	assert_memory_equal(type, expected, sizeof expected);
	assert_int_equal(ldn_balance_types(5, 2, layers, large, type), LDN_ERROR_OVERFLOW);
	assert_int_equal(ldn_balance_types(5, 2, layers, none, type), LDN_ERROR_ARGUMENT);
}

static void one_failing_type_fails_the_country_however_large_the_gains_elsewhere(void **state)
{
	(void)state;
	uint64_t count[4 * 4] = {0};
	ldn_sum sum[4 * 4] = {{0}};
	ldn_table table = {4, 4, LDN_BITS_AREA, count, sum};
	/* Rows of gain/loss keys: losses, neutral, gains, unknown are 0, 1, 2, 3. */
	const uint16_t key[12] = {2, 2, 2, 1, 0, 0, 2, 1, 1, 1, 3, 3};
	const int32_t zone[12] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3};
	int64_t scratch[32];
	ldn_neutrality whole;
	ldn_balance one;
	assert_true(ldn_table_scratch(4) <= sizeof scratch);
	assert_int_equal(ldn_table_add_area(&table, 12, zone, key, 100.0, scratch), LDN_OK);
	assert_int_equal(ldn_balance_neutrality(&table, &whole), LDN_OK);
	assert_int_equal(whole.types, 2);
	assert_int_equal(whole.failing, 1);
	assert_false(whole.achieved);
	assert_true(whole.failing_area == 400 && whole.failing_net == -100 && whole.sum.net == 200);
	assert_int_equal(ldn_balance_of(&table, 0, &one), LDN_OK);
	assert_true(one.net == 300 && one.percent == 75 && one.achieved && one.counted);
	assert_int_equal(ldn_balance_of(&table, 3, &one), LDN_OK);
	assert_true(isnan(one.percent) && one.unknown == 100 && !one.counted);
	assert_int_equal(ldn_balance_of(&table, 4, &one), LDN_ERROR_ARGUMENT);
	table.bins = 3;
	assert_int_equal(ldn_balance_neutrality(&table, &whole), LDN_ERROR_ARGUMENT);
}

static void degraded_land_is_reversed_stressed_land_reduced_the_rest_kept(void **state)
{
	(void)state;
	const int16_t indicator[7] = {-1, 0, 1, 0, 0, LDN_NODATA, 0}, lpd[7] = {3, 4, 5, 3, 4, 3, LDN_NODATA};
	const int16_t risk[7] = {1, 0, 0, 0, 2, 1, LDN_NODATA};
	const int16_t expected[7] = {LDN_REVERSE, LDN_AVOID, LDN_AVOID, LDN_REDUCE, LDN_REDUCE, LDN_NODATA, LDN_AVOID};
	int16_t response[7];
	ldn_balance_hierarchy(7, indicator, lpd, risk, response);
	assert_memory_equal(response, expected, sizeof expected);
	ldn_balance_hierarchy(7, indicator, NULL, NULL, response);
	assert_int_equal(response[3], LDN_AVOID);
}

static void people_stand_in_the_band_of_their_class_and_nowhere_on_water(void **state)
{
	(void)state;
	const int16_t classes[6] = {-1, 0, 1, LDN_NODATA, -1, -1};
	const float people[6] = {5, 6, 7, 8, NAN, 9};
	const uint8_t water[6] = {0, 0, 0, 0, 0, 1};
	float degraded[6], stable[6], improved[6], unknown[6], clean[6];
	ldn_exposure_bands(6, classes, people, water, degraded, stable, improved, unknown);
	float sum = 0;
	for (int i = 0; i < 6; i++)
		sum += degraded[i] + stable[i] + improved[i] + unknown[i];
	assert_true(degraded[0] == 5 && stable[1] == 6 && improved[2] == 7 && unknown[3] == 8 && sum == 26);
	ldn_exposure_people(6, people, NULL, clean);
	assert_true(clean[4] == 0 && clean[5] == 9);
	ldn_exposure_bands(6, classes, people, NULL, degraded, NULL, NULL, NULL);
	assert_true(degraded[5] == 9);
}

static void change_in_extent_is_status_less_baseline_over_land_without_water(void **state)
{
	(void)state;
	ldn_extent e = ldn_indicator_extent(20, 26, 200);
	assert_true(e.change == 6 && e.share_baseline == 10 && e.share_status == 13 && e.share_change == 3);
	assert_true(isnan(ldn_indicator_extent(0, 0, 0).share_status));
}

static void the_zones_of_the_earth_add_up_to_the_ellipsoid(void **state)
{
	(void)state;
	/* Area of the WGS 84 ellipsoid with b = 6356752.3142: 2 pi a^2 + pi b^2 / e ln((1 + e) / (1 - e)). */
	const double a = 6378137.0, b = 6356752.3142, e = sqrt(1 - b * b / (a * a)), pi = 3.14159265358979323846;
	double earth = 2 * pi * a * a + pi * b * b / e * log((1 + e) / (1 - e)), area[180], sum = 0;
	assert_int_equal(ldn_area_rows(90, -1, 360, 0, 180, area), LDN_OK);
	for (int k = 0; k < 180; k++)
		sum += area[k];
	assert_true(fabs(sum / earth - 1) < 1e-14);
	assert_true(fabs(ldn_area_cell(-90, 90, 360) / earth - 1) < 1e-14);
	for (int k = 0; k < 90; k++)
		assert_true(fabs(area[k] / area[179 - k] - 1) < 1e-14);
	double south_up[2];
	assert_int_equal(ldn_area_rows(-90, 1, -360, 0, 2, south_up), LDN_OK);
	assert_true(south_up[0] == area[179] && south_up[1] == area[178]);
	assert_true(isnan(ldn_area_cell(NAN, 1, 1)) && ldn_area_cell(90, 91, 1) == 0);
	assert_int_equal(ldn_area_rows(0, 0, 1, 0, 1, area), LDN_ERROR_ARGUMENT);
	const double projected[6] = {500000, 30, 0, 5e6, 0, -30}, turned[6] = {0, 3, 4, 0, 4, -3};
	assert_true(ldn_area_projected(projected, 1) == 900 && ldn_area_projected(turned, 10) == 2500);
}

static void carbon_refuses_one_year_and_little_scratch(void **state)
{
	(void)state;
	ldn_carbon_factors factors;
	uint8_t cover[4] = {1, 1, 1, 1}, zone[2] = {1, 1};
	double reference[2] = {50, 60}, stock[4], scratch[8];
	ldn_carbon_factors_default(&ldn_profile_get(LDN_PRAIS4)->carbon, NAN, &factors);
	assert_int_equal(ldn_carbon_annual(&factors, 2, 1, cover, reference, zone, stock, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_carbon_annual(&factors, 2, 2, cover, reference, zone, stock, scratch, 8), LDN_ERROR_SCRATCH);
	assert_int_equal(ldn_carbon_annual(&factors, 2, 2, cover, reference, zone, stock, scratch, sizeof scratch), LDN_OK);
	assert_true(stock[2] == 50 && stock[3] == 60);
}

static void a_cut_of_the_block_changes_no_stock(void **state)
{
	(void)state;
	enum { N = 100, YEARS = 24 };
	static uint8_t cover[YEARS * N], part[YEARS * N], zone[N];
	static double reference[N], whole[YEARS * N], cut[YEARS * N], scratch[3 * N];
	ldn_carbon_factors factors;
	uint32_t seed = 7;
	ldn_carbon_factors_default(&ldn_profile_get(LDN_TE)->carbon, NAN, &factors);
	for (int i = 0; i < N; i++) {
		zone[i] = (uint8_t)(i % 13);
		reference[i] = 10 + i;
	}
	for (int i = 0; i < N * YEARS; i++) {
		seed = seed * 1664525 + 1013904223;
		cover[i] = (uint8_t)(seed >> 28 < 14 && i >= N ? cover[i - N] : 1 + (seed >> 24) % 7);
	}
	assert_int_equal(ldn_carbon_annual(&factors, N, YEARS, cover, reference, zone, whole, scratch, sizeof scratch), LDN_OK);
	for (int from = 0; from < N; from += 7) {
		size_t n = N - from < 7 ? (size_t)(N - from) : 7;
		for (size_t k = 0; k < YEARS; k++)
			memcpy(part + k * n, cover + k * N + from, n);
		assert_int_equal(ldn_carbon_annual(&factors, n, YEARS, part, reference + from, zone + from, cut, scratch,
			sizeof scratch), LDN_OK);
		for (size_t k = 0; k < YEARS; k++)
			assert_memory_equal(cut + k * n, whole + k * N + from, n * sizeof *cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(land_types_join_layers_and_leave_out_what_any_layer_lacks),
		cmocka_unit_test(one_failing_type_fails_the_country_however_large_the_gains_elsewhere),
		cmocka_unit_test(degraded_land_is_reversed_stressed_land_reduced_the_rest_kept),
		cmocka_unit_test(people_stand_in_the_band_of_their_class_and_nowhere_on_water),
		cmocka_unit_test(change_in_extent_is_status_less_baseline_over_land_without_water),
		cmocka_unit_test(the_zones_of_the_earth_add_up_to_the_ellipsoid),
		cmocka_unit_test(carbon_refuses_one_year_and_little_scratch),
		cmocka_unit_test(a_cut_of_the_block_changes_no_stock),
	};
	return cmocka_run_group_tests_name("balance", tests, NULL, NULL);
}
