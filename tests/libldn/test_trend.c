#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "ldn/trend.h"

#include "series.h"

#define PIXELS 333

/* Room for every output of a block, and its table. */
typedef struct outputs {
	double slope[PIXELS], offset[PIXELS], z[PIXELS], p[PIXELS], tau[PIXELS];
	int16_t valid[PIXELS], s[PIXELS], level[PIXELS], trend[PIXELS];
} outputs;

static ldn_trend_result result_of(outputs *o)
{
	return (ldn_trend_result){o->slope, o->offset, o->valid, o->s, o->z, o->p, o->tau, o->level, o->trend};
}

static const char *const profiles[] = {"te", "prais4", "gpg2"};
static int years[LDN_YEARS_MAX];
static char table_memory[320000];
static const ldn_kendall *table;

static int set_up(void **state)
{
	(void)state;
	for (int k = 0; k < LDN_YEARS_MAX; k++)
		years[k] = 1990 + k + k / 5; /* with gaps */
	table = ldn_kendall_build(table_memory, sizeof table_memory, LDN_EXACT_YEARS_MAX);
	return table ? 0 : -1;
}

static outputs *run(const char *profile, const int16_t *series, size_t n_years, size_t n)
{
	outputs *o = calloc(1, sizeof *o);
	ldn_trend_result r;

	assert_non_null(o);
	r = result_of(o);
	assert_int_equal(ldn_trend_int16(ldn_profile_find(profile), table, series, years, n_years, n, &r), LDN_OK);
	return o;
}

static int sign(double x)
{
	return (x > 0) - (x < 0);
}

/* One pixel the slow way, in doubles, straight from the definitions. */
typedef struct naive {
	double n, s, pairs, tied, tie_sum, slope, offset;
} naive;

static naive naive_of(const int16_t *column, size_t stride, size_t n_years)
{
	naive a = {0};
	double x = 0, y = 0, xx = 0, xy = 0;

	for (size_t i = 0; i < n_years; i++) {
		double group = 0;
		if (column[i * stride] == LDN_NODATA)
			continue;
		a.n++;
		x += years[i];
		y += column[i * stride];
		for (size_t j = 0; j < n_years; j++) {
			if (column[j * stride] == LDN_NODATA)
				continue;
			group += column[i * stride] == column[j * stride];
			if (j > i) {
				a.pairs++;
				a.s += sign(column[j * stride] - column[i * stride]);
				a.tied += column[i * stride] == column[j * stride];
			}
		}
		a.tie_sum += (group - 1) * (2 * group + 5); /* each of the t members adds (t-1)(2t+5) */
	}
	for (size_t i = 0; i < n_years; i++)
		if (column[i * stride] != LDN_NODATA) {
			xx += (years[i] - x / a.n) * (years[i] - x / a.n);
			xy += (years[i] - x / a.n) * (column[i * stride] - y / a.n);
		}
	a.slope = xx > 0 ? xy / xx : 0;
	a.offset = y / a.n - a.slope * x / a.n;
	return a;
}

static void kernels_agree_with_the_definitions_worked_out_slowly(void **state)
{
	static const size_t lengths[] = {1, 2, 3, 4, 7, 15, 16, 20, 33, 47, 60};

	(void)state;
	for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
		size_t n_years = lengths[l];
		int16_t *series = series_make(17 + n_years, n_years, PIXELS);
		outputs *o = run("prais4", series, n_years, PIXELS);
		for (size_t i = 0; i < PIXELS; i++) {
			naive a = naive_of(series + i, PIXELS, n_years);
			double variance = (a.n * (a.n - 1) * (2 * a.n + 5) - a.tie_sum) / 18, p = 1;
			assert_int_equal(o->valid[i], (int)a.n);
			assert_int_equal(o->s[i], a.n < 2 ? LDN_NODATA : (int)a.s);
			if (a.n == 0)
				continue;
			assert_true(fabs(o->slope[i] - a.slope) <= 1e-9 * fabs(a.slope) + 1e-10);
			assert_true(fabs(o->offset[i] - a.offset) <= 1e-9 * fabs(a.offset) + 1e-6);
			if (a.n < 2)
				continue;
			if (a.s != 0)
				assert_true(fabs(o->z[i] - (a.s - sign(a.s)) / sqrt(variance)) < 1e-12);
			p = a.tied == 0 ? ldn_kendall_p(table, (size_t)a.n, (int)a.s) : erfc(fabs(o->z[i]) / sqrt(2));
			assert_true(fabs(o->p[i] - p) < 1e-12);
			if (a.n < 4)
				assert_int_equal(o->level[i], LDN_NODATA);
			else
				assert_int_equal(o->level[i], sign(a.s) * ((p <= 0.10) + (p <= 0.05) + (p <= 0.01)));
		}
		free(o);
		free(series);
	}
}

/* Trends.Earth's rule as it stands, statement by statement. */
static int te_level(const naive *a, size_t n_years)
{
	const int16_t *k = ldn_te_kendall[n_years - LDN_TE_KENDALL_FIRST];
	int level = LDN_NODATA;

	for (int i = 0; i < 3; i++)
		if (a->slope > 0 && fabs(a->s) >= k[i])
			level = i + 1;
	for (int i = 0; i < 3; i++)
		if (a->slope < 0 && fabs(a->s) >= k[i])
			level = -(i + 1);
	if (fabs(a->s) <= k[0])
		level = 0;
	if (fabs(a->slope) <= 10)
		level = 0;
	return level;
}

static void te_follows_the_peer_rule_by_rule(void **state)
{
	(void)state;
	for (size_t n_years = 4; n_years <= 50; n_years += 3) {
		int16_t *series = series_make(5 + n_years, n_years, PIXELS);
		outputs *o = run("te", series, n_years, PIXELS);
		for (size_t i = 0; i < PIXELS; i++) {
			naive a = naive_of(series + i, PIXELS, n_years);
			int expected = a.n ? te_level(&a, n_years) : LDN_NODATA;
			assert_int_equal(o->level[i], expected);
			assert_int_equal(o->trend[i], expected == LDN_NODATA ? LDN_NODATA : (expected >= 2) - (expected <= -2));
		}
		free(o);
		free(series);
	}
}

static void te_lets_only_fifty_years_into_s_and_knows_no_series_of_sixty(void **state)
{
	size_t n_years = 55;
	int16_t *series = series_make(3, n_years, PIXELS);
	outputs *whole = run("te", series, n_years, PIXELS), *fifty = run("te", series, 50, PIXELS);
	outputs *o = calloc(1, sizeof *o);
	ldn_trend_result r = {.level = o->level};

	(void)state;
	assert_memory_equal(whole->s, fifty->s, sizeof whole->s);
	assert_int_equal(ldn_trend_int16(ldn_profile_get(LDN_TE), NULL, series, years, 60, 0, &r), LDN_ERROR_DOMAIN);
	assert_int_equal(ldn_trend_int16(ldn_profile_get(LDN_TE), NULL, series, years, 3, 0, &r), LDN_ERROR_DOMAIN);
	free(whole);
	free(fifty);
	free(o);
	free(series);
}

static void negating_a_series_negates_its_trend(void **state)
{
	(void)state;
	for (size_t f = 0; f < 3; f++) {
		int16_t *series = series_make(99, 19, PIXELS), *negative = malloc(19 * PIXELS * sizeof *negative);
		outputs *a, *b;
		assert_non_null(negative);
		for (size_t i = 0; i < 19 * PIXELS; i++)
			negative[i] = series[i] == LDN_NODATA ? LDN_NODATA : (int16_t)-series[i];
		a = run(profiles[f], series, 19, PIXELS);
		b = run(profiles[f], negative, 19, PIXELS);
		for (size_t i = 0; i < PIXELS; i++) {
			if (a->valid[i] == 0)
				continue;
			assert_true(a->slope[i] == -b->slope[i]);
			assert_int_equal(a->level[i], a->level[i] == LDN_NODATA ? b->level[i] : -b->level[i]);
			assert_true(a->valid[i] < 2 || a->s[i] == -b->s[i]);
			assert_true(a->valid[i] < 2 || (a->p[i] == b->p[i] && a->z[i] == -b->z[i]));
		}
		free(a);
		free(b);
		free(series);
		free(negative);
	}
}

static void turning_the_years_round_turns_the_trend_round(void **state)
{
	int16_t *series = series_make(4, 21, PIXELS), *turned = malloc(21 * PIXELS * sizeof *turned);
	int saved[LDN_YEARS_MAX];
	outputs *a, *b;

	(void)state;
	assert_non_null(turned);
	memcpy(saved, years, sizeof saved);
	for (int k = 0; k < LDN_YEARS_MAX; k++)
		years[k] = 1990 + k;
	for (size_t k = 0; k < 21; k++)
		memcpy(turned + k * PIXELS, series + (20 - k) * PIXELS, PIXELS * sizeof *series);
	a = run("prais4", series, 21, PIXELS);
	b = run("prais4", turned, 21, PIXELS);
	for (size_t i = 0; i < PIXELS; i++) {
		if (a->valid[i] < 2)
			continue;
		assert_int_equal(a->s[i], -b->s[i]);
		assert_true(fabs(a->slope[i] + b->slope[i]) <= 1e-12 * fabs(a->slope[i]));
		assert_int_equal(a->level[i], a->level[i] == LDN_NODATA ? LDN_NODATA : -b->level[i]);
	}
	memcpy(years, saved, sizeof saved);
	free(a);
	free(b);
	free(series);
	free(turned);
}

static void scaling_and_shifting_leave_s_p_and_the_class(void **state)
{
	int16_t *series = series_make(8, 17, PIXELS), *other = malloc(17 * PIXELS * sizeof *other);
	outputs *a, *b;

	(void)state;
	assert_non_null(other);
	for (size_t i = 0; i < 17 * PIXELS; i++)
		other[i] = series[i] == LDN_NODATA ? LDN_NODATA : (int16_t)(2 * series[i] + 7);
	a = run("prais4", series, 17, PIXELS);
	b = run("prais4", other, 17, PIXELS);
	assert_memory_equal(a->s, b->s, sizeof a->s);
	assert_memory_equal(a->p, b->p, sizeof a->p);
	assert_memory_equal(a->level, b->level, sizeof a->level);
	for (size_t i = 0; i < PIXELS; i++)
		assert_true(a->valid[i] == 0 || fabs(2 * a->slope[i] - b->slope[i]) <= 1e-12 * fabs(b->slope[i]));
	free(a);
	free(b);
	free(series);
	free(other);
}

static void a_block_cut_in_pieces_gives_the_same_bytes(void **state)
{
	static const size_t cuts[] = {1, 7, 31, 32, 33, 100, 332};

	(void)state;
	for (size_t f = 0; f < 3; f++) {
		int16_t *series = series_make(21, 18, PIXELS);
		outputs *whole = run(profiles[f], series, 18, PIXELS);
		for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++)
			for (size_t first = 0; first < PIXELS; first += cuts[c]) {
				size_t n = PIXELS - first < cuts[c] ? PIXELS - first : cuts[c];
				int16_t *piece = malloc(18 * n * sizeof *piece);
				outputs *o;
				assert_non_null(piece);
				for (size_t k = 0; k < 18; k++)
					memcpy(piece + k * n, series + k * PIXELS + first, n * sizeof *piece);
				o = run(profiles[f], piece, 18, n);
				assert_memory_equal(o->slope, whole->slope + first, n * sizeof *o->slope);
				assert_memory_equal(o->offset, whole->offset + first, n * sizeof *o->offset);
				assert_memory_equal(o->p, whole->p + first, n * sizeof *o->p);
				assert_memory_equal(o->z, whole->z + first, n * sizeof *o->z);
				assert_memory_equal(o->s, whole->s + first, n * sizeof *o->s);
				assert_memory_equal(o->level, whole->level + first, n * sizeof *o->level);
				free(o);
				free(piece);
			}
		free(whole);
		free(series);
	}
}

static void doubles_and_whole_numbers_give_the_same_trend(void **state)
{
	(void)state;
	for (size_t f = 0; f < 3; f++) {
		int16_t *series = series_make(31, 20, PIXELS);
		double *wide = malloc(20 * PIXELS * sizeof *wide);
		outputs *a = run(profiles[f], series, 20, PIXELS), *b = calloc(1, sizeof *b);
		ldn_trend_result r = result_of(b);
		assert_non_null(wide);
		for (size_t i = 0; i < 20 * PIXELS; i++)
			wide[i] = series[i] == LDN_NODATA ? NAN : series[i];
		assert_int_equal(ldn_trend_double(ldn_profile_find(profiles[f]), table, wide, years, 20, PIXELS, &r), LDN_OK);
		assert_memory_equal(a->s, b->s, sizeof a->s);
		assert_memory_equal(a->valid, b->valid, sizeof a->valid);
		assert_memory_equal(a->level, b->level, sizeof a->level);
		assert_memory_equal(a->trend, b->trend, sizeof a->trend);
		for (size_t i = 0; i < PIXELS; i++)
			assert_true(a->valid[i] == 0 || fabs(a->slope[i] - b->slope[i]) <= 1e-9 * fabs(a->slope[i]) + 1e-12);
		free(a);
		free(b);
		free(series);
		free(wide);
	}
}

/* All orders of n values, counted by their S. */
static void count_orders(int *order, int placed, int n, double *by_inversions)
{
	if (placed == n) {
		int inversions = 0;
		for (int i = 0; i < n; i++)
			for (int j = i + 1; j < n; j++)
				inversions += order[i] > order[j];
		by_inversions[inversions]++;
		return;
	}
	for (int v = 0; v < n; v++) {
		bool used = false;
		for (int i = 0; i < placed; i++)
			used |= order[i] == v;
		if (used)
			continue;
		order[placed] = v;
		count_orders(order, placed + 1, n, by_inversions);
	}
}

static void exact_p_counts_every_order_of_the_values(void **state)
{
	(void)state;
	for (int n = 2; n <= 8; n++) {
		double by_inversions[32] = {0}, total = 0, beyond = 0;
		int order[8], pairs = n * (n - 1) / 2;
		count_orders(order, 0, n, by_inversions);
		for (int v = 0; v <= pairs; v++)
			total += by_inversions[v];
		for (int v = 0; pairs - 2 * v > 0; v++) {
			beyond += 2 * by_inversions[v];
			assert_true(fabs(ldn_kendall_p(table, (size_t)n, pairs - 2 * v) - beyond / total) < 1e-14);
			assert_true(fabs(ldn_kendall_p(table, (size_t)n, 2 * v - pairs) - beyond / total) < 1e-14);
		}
		assert_true(ldn_kendall_p(table, (size_t)n, 0) == 1);
	}
}

static void beyond_sixty_years_the_normal_distribution_takes_over(void **state)
{
	int16_t series[70], s, level;
	double p, z;
	ldn_trend_result r = {.s = &s, .p = &p, .z = &z, .level = &level};

	(void)state;
	for (int k = 0; k < 70; k++)
		series[k] = (int16_t)(k * 37 % 71);
	assert_int_equal(ldn_trend_int16(ldn_profile_get(LDN_PRAIS4), table, series, years, 70, 1, &r), LDN_OK);
	assert_true(fabs(p - erfc(fabs(z) / sqrt(2))) < 1e-15);
	for (int k = 0; k < 70; k++)
		series[k] = (int16_t)k;
	assert_int_equal(ldn_trend_int16(ldn_profile_get(LDN_PRAIS4), table, series, years, 70, 1, &r), LDN_OK);
	assert_int_equal(s, 70 * 69 / 2);
	assert_int_equal(level, 3);
}

static void the_widest_values_do_not_overflow(void **state)
{
	int16_t series[LDN_YEARS_MAX * 2];
	int far[LDN_YEARS_MAX];
	outputs *o = calloc(1, sizeof *o);
	ldn_trend_result r = result_of(o);

	(void)state;
	for (int k = 0; k < LDN_YEARS_MAX; k++) {
		series[2 * k] = k % 2 ? 32767 : -32767;
		series[2 * k + 1] = (int16_t)(k < 64 ? -32767 : 32767);
		far[k] = k == LDN_YEARS_MAX - 1 ? 1500 + 500 : 1500 + 3 * k;
	}
	assert_int_equal(ldn_trend_int16(ldn_profile_get(LDN_PRAIS4), table, series, far, LDN_YEARS_MAX, 2, &r), LDN_OK);
	assert_int_equal(o->s[0], 64);
	assert_int_equal(o->s[1], 64 * 64);
	assert_true(o->slope[1] > 0);
	free(o);
}

static void wrong_arguments_are_refused(void **state)
{
	const ldn_profile *prais4 = ldn_profile_get(LDN_PRAIS4);
	int16_t series[4] = {1, 2, 3, 4}, level;
	int falling[] = {2000, 2002, 2001, 2003}, far[] = {1000, 2000, 2001, 2002};
	ldn_trend_result r = {.level = &level};

	(void)state;
	assert_int_equal(ldn_trend_int16(prais4, table, series, falling, 4, 1, &r), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_trend_int16(prais4, table, series, far, 4, 1, &r), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_trend_int16(prais4, NULL, series, years, 4, 1, &r), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_trend_int16(prais4, table, series, years, 0, 1, &r), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_trend_int16(prais4, table, series, years, LDN_YEARS_MAX + 1, 1, &r), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_trend_int16(prais4, table, NULL, years, 4, 1, &r), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_trend_int16(prais4, table, NULL, years, 4, 0, &r), LDN_OK);
	assert_null(ldn_kendall_build(table_memory, 8, 20));
	assert_int_equal(ldn_sen_int16(series, years, 4, 1, NULL, NULL, NULL, 0), LDN_ERROR_SCRATCH);
}

static void theil_sen_is_the_median_of_all_slopes(void **state)
{
	int16_t *series = series_make(77, 16, PIXELS);
	double slope[PIXELS], scratch[16 * 15 / 2 + 1];

	(void)state;
	assert_int_equal(ldn_sen_int16(series, years, 16, PIXELS, slope, NULL, scratch, sizeof scratch), LDN_OK);
	for (size_t i = 0; i < PIXELS; i++) {
		size_t below = 0, above = 0, pairs = 0;
		for (size_t a = 0; a < 16; a++)
			for (size_t b = a + 1; b < 16; b++) {
				double rise, run_;
				if (series[a * PIXELS + i] == LDN_NODATA || series[b * PIXELS + i] == LDN_NODATA)
					continue;
				rise = series[b * PIXELS + i] - series[a * PIXELS + i];
				run_ = years[b] - years[a];
				pairs++;
				below += rise / run_ < slope[i];
				above += rise / run_ > slope[i];
			}
		assert_true(pairs ? below <= pairs / 2 && above <= pairs / 2 : isnan(slope[i]));
	}
	free(series);
}

static void a_residual_knows_nothing_of_rain_any_more(void **state)
{
	int16_t *series = series_make(55, 18, PIXELS), *rain = series_make(56, 18, PIXELS);
	double *residual = malloc(18 * PIXELS * sizeof *residual);

	(void)state;
	assert_non_null(residual);
	assert_int_equal(ldn_restrend(series, rain, 18, PIXELS, residual), LDN_OK);
	for (size_t i = 0; i < PIXELS; i++) {
		double sum = 0, with_rain = 0, size = 0;
		for (size_t k = 0; k < 18; k++) {
			double r = residual[k * PIXELS + i];
			assert_int_equal(isnan(r), series[k * PIXELS + i] == LDN_NODATA || rain[k * PIXELS + i] == LDN_NODATA);
			if (isnan(r))
				continue;
			sum += r;
			with_rain += r * rain[k * PIXELS + i];
			size += fabs(r * rain[k * PIXELS + i]) + fabs(r);
		}
		assert_true(fabs(sum) <= 1e-9 * size + 1e-6 && fabs(with_rain) <= 1e-9 * size + 1e-6);
	}
	free(series);
	free(rain);
	free(residual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_agree_with_the_definitions_worked_out_slowly),
		cmocka_unit_test(te_follows_the_peer_rule_by_rule),
		cmocka_unit_test(te_lets_only_fifty_years_into_s_and_knows_no_series_of_sixty),
		cmocka_unit_test(negating_a_series_negates_its_trend),
		cmocka_unit_test(turning_the_years_round_turns_the_trend_round),
		cmocka_unit_test(scaling_and_shifting_leave_s_p_and_the_class),
		cmocka_unit_test(a_block_cut_in_pieces_gives_the_same_bytes),
		cmocka_unit_test(doubles_and_whole_numbers_give_the_same_trend),
		cmocka_unit_test(exact_p_counts_every_order_of_the_values),
		cmocka_unit_test(beyond_sixty_years_the_normal_distribution_takes_over),
		cmocka_unit_test(the_widest_values_do_not_overflow),
		cmocka_unit_test(wrong_arguments_are_refused),
		cmocka_unit_test(theil_sen_is_the_median_of_all_slopes),
		cmocka_unit_test(a_residual_knows_nothing_of_rain_any_more),
	};
	return cmocka_run_group_tests_name("trend", tests, set_up, NULL);
}
