#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ldn/state.h"
#include "ldn/trend.h"

#include "series.h"

#define PIXELS 257
#define YEARS 16

typedef struct outputs {
	int16_t change[PIXELS], base[PIXELS], recent[PIXELS], state[PIXELS];
	double mean_baseline[PIXELS], mean_recent[PIXELS], z[PIXELS];
} outputs;

static const ldn_span baseline = {0, 13}, recent = {13, 3};

static outputs *run(const ldn_profile *profile, const int16_t *series, size_t n)
{
	outputs *o = calloc(1, sizeof *o);
	ldn_state_result r;

	assert_non_null(o);
	r = (ldn_state_result){o->change, o->base, o->recent, o->mean_baseline, o->mean_recent, o->z, o->state};
	assert_int_equal(ldn_state_int16(profile, series, n, baseline, recent, &r), LDN_OK);
	return o;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The class of a mean by the definition, in doubles. *near: a cut is so near that rounding may decide. */
static int naive_class(double *list, size_t m, double mean, bool *near)
{
	int class = 1;

	qsort(list, m, sizeof *list, by_size);
	for (int k = 1; k <= 9; k++) {
		double position = (double)(m - 1) * k / 10, at = floor(position), next = fmin(at + 1, (double)m - 1);
		double cut = list[(size_t)at] + (position - at) * (list[(size_t)next] - list[(size_t)at]);
		class += mean > cut;
		*near |= fabs(mean - cut) < 1e-6;
	}
	return class;
}

static void classes_agree_with_percentiles_worked_out_slowly(void **state)
{
	int16_t *series = series_make(12, YEARS, PIXELS);
	outputs *o = run(ldn_profile_get(LDN_PRAIS4), series, PIXELS);
	int compared = 0;

	(void)state;
	for (size_t i = 0; i < PIXELS; i++) {
		double list[15], low = 1e9, high = -1e9, sum = 0, late = 0, n = 0, late_n = 0;
		size_t m = 0;
		bool near = false;
		int base, last;
		for (size_t k = 0; k < YEARS; k++) {
			double v = series[k * PIXELS + i];
			if (v == LDN_NODATA)
				continue;
			if (k >= 13) {
				late += v;
				late_n++;
				continue;
			}
			list[m++] = v;
			low = fmin(low, v);
			high = fmax(high, v);
			sum += v;
			n++;
		}
		if (n == 0 || late_n == 0) {
			assert_int_equal(o->change[i], LDN_NODATA);
			assert_int_equal(o->state[i], LDN_NODATA);
			continue;
		}
		list[m++] = low - 0.05 * (high - low);
		list[m++] = high + 0.05 * (high - low);
		base = naive_class(list, m, sum / n, &near);
		last = naive_class(list, m, late / late_n, &near);
		assert_true(o->mean_baseline[i] == sum / n && o->mean_recent[i] == late / late_n);
		if (near)
			continue;
		compared++;
		assert_int_equal(o->base[i], base);
		assert_int_equal(o->recent[i], last);
		assert_int_equal(o->change[i], fabs(late / late_n - sum / n) <= 100 ? 0 : last - base);
	}
	assert_true(compared > PIXELS / 2);
	free(o);
	free(series);
}

static void z_agrees_with_the_definition(void **state)
{
	int16_t *series = series_make(13, YEARS, PIXELS);
	outputs *o = run(ldn_profile_get(LDN_GPG2), series, PIXELS);

	(void)state;
	for (size_t i = 0; i < PIXELS; i++) {
		double n = 0, mean = 0, square = 0, late = 0, late_n = 0, z;
		for (size_t k = 0; k < YEARS; k++) {
			double v = series[k * PIXELS + i];
			if (v == LDN_NODATA)
				continue;
			if (k < 13) {
				mean += v;
				n++;
			} else {
				late += v;
				late_n++;
			}
		}
		if (n == 0 || late_n == 0) {
			assert_int_equal(o->state[i], LDN_NODATA);
			continue;
		}
		mean /= n;
		for (size_t k = 0; k < 13; k++)
			if (series[k * PIXELS + i] != LDN_NODATA)
				square += (series[k * PIXELS + i] - mean) * (series[k * PIXELS + i] - mean);
		z = (late / late_n - mean) / (sqrt(square / n) / sqrt(3));
		if (square == 0)
			continue;
		assert_true(fabs(o->z[i] - z) <= 1e-9 * fabs(z) + 1e-9);
		assert_int_equal(o->state[i], (z > 1.96) - (z < -1.96));
	}
	free(o);
	free(series);
}

static void the_order_of_the_years_within_a_period_does_not_matter(void **state)
{
	int16_t *series = series_make(14, YEARS, PIXELS), *mixed = malloc(YEARS * PIXELS * sizeof *mixed);

	(void)state;
	assert_non_null(mixed);
	for (size_t k = 0; k < YEARS; k++) {
		size_t from = k < 13 ? k * 5 % 13 : 13 + (k - 12) % 3;
		memcpy(mixed + k * PIXELS, series + from * PIXELS, PIXELS * sizeof *series);
	}
	for (int f = LDN_PRAIS4; f <= LDN_GPG2; f++) {
		outputs *a = run(ldn_profile_get((ldn_profile_name)f), series, PIXELS);
		outputs *b = run(ldn_profile_get((ldn_profile_name)f), mixed, PIXELS);
		assert_memory_equal(a->change, b->change, sizeof a->change);
		assert_memory_equal(a->base, b->base, sizeof a->base);
		assert_memory_equal(a->state, b->state, sizeof a->state);
		free(a);
		free(b);
	}
	free(series);
	free(mixed);
}

static void a_block_cut_in_pieces_gives_the_same_bytes(void **state)
{
	int16_t *series = series_make(15, YEARS, PIXELS);

	(void)state;
	for (int f = LDN_PRAIS4; f <= LDN_GPG2; f++) {
		const ldn_profile *profile = ldn_profile_get((ldn_profile_name)f);
		outputs *whole = run(profile, series, PIXELS);
		for (size_t first = 0, n; first < PIXELS; first += n) {
			int16_t piece[YEARS * 45];
			outputs *o;
			n = PIXELS - first < 45 ? PIXELS - first : 45;
			for (size_t k = 0; k < YEARS; k++)
				memcpy(piece + k * n, series + k * PIXELS + first, n * sizeof *piece);
			o = run(profile, piece, n);
			assert_memory_equal(o->change, whole->change + first, n * sizeof *o->change);
			assert_memory_equal(o->recent, whole->recent + first, n * sizeof *o->recent);
			assert_memory_equal(o->mean_recent, whole->mean_recent + first, n * sizeof *o->mean_recent);
			assert_memory_equal(o->state, whole->state + first, n * sizeof *o->state);
			free(o);
		}
		free(whole);
	}
	free(series);
}

static void a_pixel_without_values_is_no_data_but_unchanged_in_te(void **state)
{
	int16_t series[YEARS];
	outputs *o;

	(void)state;
	for (int k = 0; k < YEARS; k++)
		series[k] = LDN_NODATA;
	o = run(ldn_profile_get(LDN_PRAIS4), series, 1);
	assert_int_equal(o->state[0], LDN_NODATA);
	free(o);
	o = run(ldn_profile_get(LDN_TE), series, 1);
	assert_int_equal(o->state[0], 0);
	assert_int_equal(o->base[0], LDN_NODATA);
	free(o);
}

static void a_flat_baseline_goes_by_the_sign_of_the_difference(void **state)
{
	int16_t series[YEARS];
	outputs *o;

	(void)state;
	for (int k = 0; k < YEARS; k++)
		series[k] = k < 13 ? 5000 : 4990;
	o = run(ldn_profile_get(LDN_GPG2), series, 1);
	assert_int_equal(o->state[0], -1);
	free(o);
	for (int k = 13; k < YEARS; k++)
		series[k] = 5000;
	o = run(ldn_profile_get(LDN_GPG2), series, 1);
	assert_int_equal(o->state[0], 0);
	free(o);
}

static void the_widest_values_do_not_overflow(void **state)
{
	int16_t series[LDN_YEARS_MAX], change;
	ldn_state_result r = {.change = &change};

	(void)state;
	for (int k = 0; k < LDN_YEARS_MAX; k++)
		series[k] = k % 2 ? 32767 : -32767;
	assert_int_equal(ldn_state_int16(ldn_profile_get(LDN_PRAIS4), series, 1, (ldn_span){0, LDN_YEARS_MAX},
					 (ldn_span){0, LDN_YEARS_MAX}, &r), LDN_OK);
	assert_int_equal(change, 0);
	assert_int_equal(ldn_state_int16(ldn_profile_get(LDN_PRAIS4), series, 1, (ldn_span){0, 0}, recent, &r), LDN_ERROR_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_agree_with_percentiles_worked_out_slowly),
		cmocka_unit_test(z_agrees_with_the_definition),
		cmocka_unit_test(the_order_of_the_years_within_a_period_does_not_matter),
		cmocka_unit_test(a_block_cut_in_pieces_gives_the_same_bytes),
		cmocka_unit_test(a_pixel_without_values_is_no_data_but_unchanged_in_te),
		cmocka_unit_test(a_flat_baseline_goes_by_the_sign_of_the_difference),
		cmocka_unit_test(the_widest_values_do_not_overflow),
	};
	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
