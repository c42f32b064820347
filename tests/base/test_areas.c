/* Two ways to the area of one ring: libldn's quadrature (ldn/area.h) and the platform's Fourier series (base/authalic.h) agree, so that what
 * ldn vector and ldn site say and what the platform adds up is one number. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/authalic.h"
#include "ldn/area.h"

enum { POINTS = 40 };

static double chance(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(*seed >> 11) / 9007199254740992.0;
}

static double both(size_t n, const double *lon, const double *lat, double *other)
{
	double xy[2 * POINTS];
	for (size_t i = 0; i < n; i++)
		xy[2 * i] = lon[i], xy[2 * i + 1] = lat[i];
	*other = authalic_ring(xy, n);
	return ldn_area_ring(n, lon, lat);
}

/* Star-shaped rings of a hundred metres to half a hemisphere, from pole to pole. */
static void both_ways_agree_to_1e_9_on_rings_of_all_sizes(void **state)
{
	uint64_t seed = 4;
	double worst = 0;
	(void)state;
	for (int turn = 0; turn < 3000; turn++) {
		double lon[POINTS], lat[POINTS], size = pow(10, -3 + 4.6 * chance(&seed)), x = -180 + 360 * chance(&seed), y = -90 + 180 * chance(&seed), other;
		size_t n = 3 + (size_t)(chance(&seed) * (POINTS - 3));
		for (size_t i = 0; i < n; i++) {
			double angle = 2 * M_PI * (double)i / (double)n, far = size * (0.2 + 0.8 * chance(&seed));
			lon[i] = x + 2 * far * cos(angle);
			lat[i] = fmax(-90, fmin(90, y + far * sin(angle)));
		}
		double area = both(n, lon, lat, &other);
		if (fabs(area) >= 1e4) /* the digits of smaller ones are lost in their coordinates */
			worst = fmax(worst, fabs(area - other) / fabs(area));
	}
	print_message("# worst relative difference %.2g\n", worst);
	assert_true(worst < 1e-9);
}

static void a_rectangle_is_a_band_of_cells(void **state)
{
	(void)state;
	for (double south = -90; south < 89; south += 7.3) {
		double lon[] = {10, 10.5, 10.5, 10}, lat[] = {south, south, south + 0.7, south + 0.7};
		double cell = ldn_area_cell(south, south + 0.7, 0.5);
		assert_true(fabs(ldn_area_ring(4, lon, lat) / cell - 1) < 1e-14);
	}
	double lon[] = {-180, 180, 180, -180}, lat[] = {-90, -90, 90, 90};
	assert_true(fabs(ldn_area_ring(4, lon, lat) / 510065621724088.44 - 1) < 1e-10); /* the whole ellipsoid: twice F(90) of ldn/area.h */
}

/* A slanted side, cut into ten thousand steps of cells. */
static void a_triangle_is_the_limit_of_its_cells(void **state)
{
	double lon[] = {20, 23, 20}, lat[] = {60, 60, 65}, sum = 0;
	(void)state;
	for (int i = 0; i < 10000; i++)
		sum += ldn_area_cell(60 + i * 5e-4, 60 + (i + 1) * 5e-4, 3 * (1 - (i + 0.5) / 10000));
	assert_true(fabs(ldn_area_ring(3, lon, lat) / sum - 1) < 1e-8);
}

static void the_way_round_is_the_sign_and_the_closing_point_is_free(void **state)
{
	double lon[] = {20, 21, 20, 20}, lat[] = {-30, -30, -29, -30}, back_lon[] = {20, 20, 21}, back_lat[] = {-30, -29, -30};
	(void)state;
	assert_true(ldn_area_ring(3, lon, lat) > 0);
	assert_true(ldn_area_ring(4, lon, lat) == ldn_area_ring(3, lon, lat));
	assert_true(fabs(ldn_area_ring(3, back_lon, back_lat) + ldn_area_ring(3, lon, lat)) < 1e-3);
	assert_true(ldn_area_ring(2, lon, lat) == 0);
	lat[1] = NAN;
	assert_true(isnan(ldn_area_ring(3, lon, lat)));
}

/* The date line is nothing to a ring that runs on. */
static void a_ring_moved_along_its_parallel_keeps_its_area(void **state)
{
	(void)state;
	double at0[] = {-1, 1, 0}, at180[] = {179, 181, 180}, lat[] = {50, 50.5, 52};
	assert_true(fabs(ldn_area_ring(3, at0, lat) / ldn_area_ring(3, at180, lat) - 1) < 1e-14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways_agree_to_1e_9_on_rings_of_all_sizes), cmocka_unit_test(a_rectangle_is_a_band_of_cells), cmocka_unit_test(a_triangle_is_the_limit_of_its_cells),
		cmocka_unit_test(the_way_round_is_the_sign_and_the_closing_point_is_free), cmocka_unit_test(a_ring_moved_along_its_parallel_keeps_its_area)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
