#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ldn/performance.h"
#include "ldn/trend.h"

#include "series.h"

#define PIXELS 3000
#define YEARS 17
#define UNITS 9

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double naive_mean(const int16_t *column, size_t stride, size_t n_years)
{
	double sum = 0, n = 0;

	for (size_t k = 0; k < n_years; k++)
		if (column[k * stride] != LDN_NODATA) {
			sum += column[k * stride];
			n++;
		}
	return n > 0 ? sum / n : NAN;
}

/* Ranks counted in `parts` pieces, merged, until done. */
static void ranks_run(ldn_rank *ranks, size_t units, const int32_t *index, const uint32_t *key, size_t n, size_t parts, double q)
{
	ldn_rank *other = calloc(units, sizeof *other);
	bool again = true;

	assert_non_null(other);
	for (size_t u = 0; u < units; u++)
		ldn_rank_begin(&ranks[u]);
	while (again) {
		again = false;
		for (size_t part = 0; part < parts; part++) {
			size_t first = n * part / parts, end = n * (part + 1) / parts;
			for (size_t u = 0; u < units; u++)
				ldn_rank_fork(&other[u], &ranks[u]);
			ldn_rank_add(other, index + first, key + first, end - first);
			for (size_t u = 0; u < units; u++)
				ldn_rank_merge(&ranks[u], &other[u]);
		}
		for (size_t u = 0; u < units; u++)
			again |= ldn_rank_advance(&ranks[u], q) == LDN_RANK_AGAIN;
	}
	free(other);
}

static void quantiles_are_those_of_the_sorted_means_whatever_the_pieces(void **state)
{
	static const double shares[] = {0, 0.1, 0.5, 0.9, 0.99, 1};
	int16_t *series = series_make(6, YEARS, PIXELS);
	uint32_t *key = calloc(PIXELS, sizeof *key);
	int32_t *index = calloc(PIXELS, sizeof *index);
	double *list = calloc(PIXELS, sizeof *list);
	ldn_rank *ranks = calloc(UNITS, sizeof *ranks);

	(void)state;
	assert_true(key && index && list && ranks);
	/* Unit 7 has one pixel, unit 8 none, and some pixels belong to none. */
	for (size_t i = 0; i < PIXELS; i++)
		index[i] = i == 5 ? 7 : (int32_t)(i * i % 8) - 1;
	assert_int_equal(ldn_mean_keys(series, PIXELS, (ldn_span){0, YEARS}, key), LDN_OK);
	for (size_t s = 0; s < sizeof shares / sizeof *shares; s++)
		for (size_t parts = 1; parts <= 5; parts += 2) {
			ranks_run(ranks, UNITS, index, key, PIXELS, parts, shares[s]);
			for (int u = 0; u < UNITS; u++) {
				size_t n = 0;
				double expected, found = ldn_rank_value(&ranks[u], YEARS);
				for (size_t i = 0; i < PIXELS; i++) {
					double mean = naive_mean(series + i, PIXELS, YEARS);
					if (index[i] == u && !isnan(mean) && mean != 0)
						list[n++] = mean;
				}
				qsort(list, n, sizeof *list, by_size);
				expected = ldn_quantile_sorted(list, n, shares[s]);
				assert_int_equal(ranks[u].count, n);
				assert_true(n ? expected == found : isnan(found));
			}
		}
	free(series);
	free(key);
	free(index);
	free(list);
	free(ranks);
}

static void a_key_gives_its_mean_back_and_sorts_as_it_does(void **state)
{
	static const size_t lengths[] = {1, 2, 3, 16, 20, LDN_YEARS_MAX};

	(void)state;
	for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
		int16_t *series = series_make(60 + l, lengths[l], 500);
		uint32_t key[500];
		/* The ends of the range, and neighbours that differ by the least there is. */
		for (size_t k = 0; k < lengths[l]; k++) {
			series[k * 500] = 32767;
			series[k * 500 + 1] = -32767;
			series[k * 500 + 2] = (int16_t)(k == 0);
			series[k * 500 + 3] = 0;
			series[k * 500 + 4] = k == lengths[l] - 1 && k ? LDN_NODATA : (int16_t)(k == 0);
		}
		assert_int_equal(ldn_mean_keys(series, 500, (ldn_span){0, lengths[l]}, key), LDN_OK);
		assert_int_equal(key[3], LDN_KEY_ZERO);
		for (size_t i = 0; i < 500; i++) {
			double mean = naive_mean(series + i, 500, lengths[l]), back = ldn_key_mean(key[i], lengths[l]);
			assert_true(isnan(mean) ? isnan(back) && key[i] == LDN_KEY_NONE : mean == back);
			for (size_t j = 0; j < i && !isnan(mean); j++) {
				double other = ldn_key_mean(key[j], lengths[l]);
				assert_true(isnan(other) || (key[i] < key[j]) == (mean < other));
				assert_true(isnan(other) || (key[i] == key[j]) == (mean == other));
			}
		}
		free(series);
	}
}

static void the_class_is_the_quotient_whichever_way_it_is_reached(void **state)
{
	int16_t *series = series_make(16, YEARS, PIXELS), *fast = calloc(PIXELS, sizeof *fast), *slow = calloc(PIXELS, sizeof *slow);
	uint32_t *key = calloc(PIXELS, sizeof *key);
	int32_t *index = calloc(PIXELS, sizeof *index);
	double *ratio = calloc(PIXELS, sizeof *ratio), quantile[] = {4000, 9000.5, -300, 0, NAN, 0};

	(void)state;
	assert_true(fast && slow && key && index && ratio);
	/* Pixel 0: a quotient of exactly one half is degraded. */
	for (size_t k = 0; k < YEARS; k++)
		series[k * PIXELS] = 2000;
	for (size_t i = 0; i < PIXELS; i++)
		index[i] = (int32_t)(i % 6) - (i % 6 == 5 ? 6 : 0);
	ldn_mean_keys(series, PIXELS, (ldn_span){0, YEARS}, key);
	for (int f = LDN_PRAIS4; f <= LDN_TE; f++) {
		const ldn_profile *profile = ldn_profile_get((ldn_profile_name)f);
		assert_int_equal(ldn_performance(profile, key, index, quantile, PIXELS, YEARS, fast, NULL), LDN_OK);
		assert_int_equal(ldn_performance(profile, key, index, quantile, PIXELS, YEARS, slow, ratio), LDN_OK);
		assert_memory_equal(fast, slow, PIXELS * sizeof *fast);
		assert_int_equal(fast[0], LDN_DEGRADED);
		for (size_t i = 0; i < PIXELS; i++) {
			double mean = naive_mean(series + i, PIXELS, YEARS);
			double q = index[i] < 0 ? NAN : quantile[index[i]];
			if (isnan(mean) || isnan(q) || q == 0 || (q < 0 && f == LDN_PRAIS4))
				assert_int_equal(fast[i], LDN_NODATA);
			else
				assert_int_equal(fast[i], mean / q <= 0.5 ? LDN_DEGRADED : LDN_STABLE);
		}
	}
	free(series);
	free(fast);
	free(slow);
	free(key);
	free(index);
	free(ratio);
}

static void units_keep_their_index_and_tell_when_they_are_full(void **state)
{
	int32_t code[] = {305, LDN_UNIT_NONE, 102, 305, LDN_UNIT_NONE, 7, 102, 999}, index[8];
	int32_t expected[] = {0, -1, 1, 0, -1, 2, 1, 3};
	char memory[4096];
	ldn_units *units = ldn_units_init(memory, sizeof memory, 4);

	(void)state;
	assert_int_equal(ldn_units_index(units, code, 8, index), LDN_OK);
	assert_memory_equal(index, expected, sizeof index);
	assert_int_equal(ldn_units_count(units), 4);
	assert_int_equal(ldn_units_code(units, 2), 7);
	assert_int_equal(ldn_units_find(units, 999), 3);
	assert_int_equal(ldn_units_find(units, 998), -1);
	code[0] = 111;
	assert_int_equal(ldn_units_index(units, code, 8, index), LDN_ERROR_OVERFLOW);
	assert_int_equal(index[0], -1);
	assert_null(ldn_units_init(memory, 16, 4));
}

static void unit_codes_join_soil_and_cover(void **state)
{
	int16_t soil[] = {3, 3, 3, LDN_NODATA, -5, 0, 300}, cover[] = {10, 210, 220, 10, 10, 202, LDN_NODATA};
	int32_t unit[7], expected[] = {301, 336, LDN_UNIT_NONE, LDN_UNIT_NONE, LDN_UNIT_NONE, 35, LDN_UNIT_NONE};

	(void)state;
	ldn_unit_codes(soil, cover, 7, unit);
	assert_memory_equal(unit, expected, sizeof unit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_are_those_of_the_sorted_means_whatever_the_pieces),
		cmocka_unit_test(a_key_gives_its_mean_back_and_sorts_as_it_does),
		cmocka_unit_test(the_class_is_the_quotient_whichever_way_it_is_reached),
		cmocka_unit_test(units_keep_their_index_and_tell_when_they_are_full),
		cmocka_unit_test(unit_codes_join_soil_and_cover),
	};
	return cmocka_run_group_tests_name("performance", tests, NULL, NULL);
}
