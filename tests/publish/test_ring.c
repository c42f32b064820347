#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "publish/ring.h"

static double area(const GArray *points)
{
	const double *p = (const double *)(void *)points->data;
	gsize n = points->len / 2;
	double sum = 0;
	for (gsize i = 0; i < n; i++)
		sum += p[2 * i] * p[2 * ((i + 1) % n) + 1] - p[2 * ((i + 1) % n)] * p[2 * i + 1];
	return sum / 2;
}

static void the_two_sides_of_a_cut_have_the_area_of_the_whole(void **state)
{
	(void)state;
	g_autoptr(GRand) random = g_rand_new_with_seed(20261124);
	for (int round = 0; round < 500; round++) {
		g_autoptr(GArray) star = g_array_new(FALSE, FALSE, sizeof(double));
		int n = g_rand_int_range(random, 3, 30);
		for (int i = 0; i < n; i++) {
			double r = g_rand_double_range(random, 1, 5), angle = 2 * G_PI * i / n, point[2] = {r * cos(angle), r * sin(angle)};
			g_array_append_vals(star, point, 2);
		}
		int axis = round % 2;
		double limit = g_rand_double_range(random, -6, 6);
		const double *points = (const double *)(void *)star->data;
		g_autoptr(GArray) below = ring_clip(points, (gsize)n, axis, limit, TRUE), above = ring_clip(points, (gsize)n, axis, limit, FALSE);
		assert_true(fabs(area(below) + area(above) - area(star)) < 1e-9);
		for (guint i = (guint)axis; i < below->len; i += 2)
			assert_true(g_array_index(below, double, i) <= limit + 1e-12);
		for (guint i = (guint)axis; i < above->len; i += 2)
			assert_true(g_array_index(above, double, i) >= limit - 1e-12);
	}
}

static void a_ring_beside_the_cut_stays_whole_or_goes(void **state)
{
	(void)state;
	const double square[] = {0, 0, 2, 0, 2, 2, 0, 2};
	g_autoptr(GArray) kept = ring_clip(square, 4, 0, 3, TRUE), gone = ring_clip(square, 4, 0, 3, FALSE);
	assert_int_equal(kept->len, 8);
	assert_int_equal(gone->len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_two_sides_of_a_cut_have_the_area_of_the_whole),
		cmocka_unit_test(a_ring_beside_the_cut_stays_whole_or_goes),
	};
	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
