#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "ldn/drought.h"

#include "series.h"

#define YEARS 40
#define PIXELS 50

/* Rain of a year: the sum of `shape` exponential draws is a gamma variate of that shape. */
static double rain(uint64_t *seed, int shape, double scale)
{
	double sum = 0;

	for (int i = 0; i < shape; i++)
		sum -= log((series_random(seed) + 0.5) / 4294967296.0);
	return sum * scale;
}

static void spi_of_gamma_rain_is_standard_normal(void **state)
{
	double *totals = malloc(YEARS * PIXELS * sizeof *totals), *spi = malloc(YEARS * PIXELS * sizeof *spi), scratch[YEARS];
	double mean = 0, square = 0;
	uint64_t seed = 4;

	(void)state;
	assert_true(totals && spi);
	for (size_t i = 0; i < YEARS * PIXELS; i++)
		totals[i] = rain(&seed, 6, 90);
	assert_int_equal(ldn_spi(totals, YEARS, PIXELS, 0, YEARS, spi, scratch, sizeof scratch), LDN_OK);
	for (size_t i = 0; i < YEARS * PIXELS; i++) {
		mean += spi[i] / (YEARS * PIXELS);
		square += spi[i] * spi[i] / (YEARS * PIXELS);
	}
	assert_true(fabs(mean) < 0.02);
	assert_true(fabs(square - 1) < 0.05);
	free(totals);
	free(spi);
}

static void spi_keeps_the_order_of_the_years_and_forgets_the_unit(void **state)
{
	double totals[YEARS], metres[YEARS], spi[YEARS], other[YEARS], scratch[YEARS];
	uint64_t seed = 9;

	(void)state;
	for (int k = 0; k < YEARS; k++) {
		totals[k] = k % 7 == 0 ? 0 : rain(&seed, 3, 50);
		metres[k] = totals[k] / 1000;
	}
	assert_int_equal(ldn_spi(totals, YEARS, 1, 0, 30, spi, scratch, sizeof scratch), LDN_OK);
	assert_int_equal(ldn_spi(metres, YEARS, 1, 0, 30, other, scratch, sizeof scratch), LDN_OK);
	for (int a = 0; a < YEARS; a++) {
		assert_true(fabs(spi[a] - other[a]) < 1e-9);
		for (int b = 0; b < a; b++)
			assert_true((totals[a] < totals[b]) == (spi[a] < spi[b]));
	}
}

static void what_cannot_be_fitted_has_no_spi(void **state)
{
	double dry[4] = {0, 0, 0, 0}, same[4] = {5, 5, 5, 5}, gaps[4] = {NAN, 300, 500, 400}, wrong[4] = {1, -2, 3, 4}, spi[4], scratch[4];
	ldn_gamma gamma;

	(void)state;
	assert_int_equal(ldn_gamma_fit(dry, 4, &gamma), LDN_ERROR_DOMAIN);
	assert_int_equal(ldn_gamma_fit(same, 4, &gamma), LDN_ERROR_DOMAIN);
	assert_int_equal(ldn_gamma_fit(wrong, 4, &gamma), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_spi(dry, 4, 1, 0, 4, spi, scratch, sizeof scratch), LDN_OK);
	assert_true(isnan(spi[0]));
	assert_int_equal(ldn_spi(gaps, 4, 1, 0, 4, spi, scratch, sizeof scratch), LDN_OK);
	assert_true(isnan(spi[0]) && spi[1] < spi[3] && spi[3] < spi[2]);
	assert_int_equal(ldn_spi(gaps, 4, 1, 2, 3, spi, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_spi(gaps, 4, 1, 0, 4, spi, scratch, 8), LDN_ERROR_SCRATCH);
}

static void the_normal_quantile_undoes_the_distribution(void **state)
{
	(void)state;
	for (double z = -8; z <= 8; z += 0.37) {
		double lower = 0.5 * erfc(fabs(z) / sqrt(2)), back = ldn_normal_quantile(lower);
		assert_true(fabs(back + fabs(z)) < 1e-12);
	}
	assert_true(isinf(ldn_normal_quantile(0)) && isinf(ldn_normal_quantile(1)) && isnan(ldn_normal_quantile(1.5)));
}

static void scaled_spi_is_rounded_and_missing_stays_missing(void **state)
{
	double spi[] = {-1.0004, -1.0006, 0.0005, NAN, 40};
	int16_t scaled[5];

	(void)state;
	ldn_spi_scale(spi, 5, scaled);
	assert_int_equal(scaled[0], -1000);
	assert_int_equal(scaled[1], -1001);
	assert_int_equal(scaled[2], 1);
	assert_int_equal(scaled[3], LDN_NODATA);
	assert_int_equal(scaled[4], 32767);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spi_of_gamma_rain_is_standard_normal),
		cmocka_unit_test(spi_keeps_the_order_of_the_years_and_forgets_the_unit),
		cmocka_unit_test(what_cannot_be_fitted_has_no_spi),
		cmocka_unit_test(the_normal_quantile_undoes_the_distribution),
		cmocka_unit_test(scaled_spi_is_rounded_and_missing_stays_missing),
	};
	return cmocka_run_group_tests_name("drought", tests, NULL, NULL);
}
