#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>

#include <cmocka.h>
#include <geodesic.h>

#include "base/authalic.h"

static const double a = 6378137.0, flattening = 1 / 298.257223563, radian = 0.017453292519943295769;

static void assert_near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.17g, expected %.17g within %g", value, expected, tolerance);
}

/* Snyder (1987), eq. 3-12: the area from the equator to a parallel, a radian wide; written out without the series. */
static double from_equator(double latitude)
{
	double b = a * (1 - flattening), e = sqrt(flattening * (2 - flattening)), s = sin(latitude * radian);
	return 0.5 * b * b * (atanh(e * s) / e + s / (1 - e * e * s * s));
}

static void rectangle(double xy[8], double west, double south, double east, double north)
{
	const double corners[8] = {west, south, east, south, east, north, west, north};
	for (int i = 0; i < 8; i++)
		xy[i] = corners[i];
}

static void the_whole_globe_has_its_published_area(void **state)
{
	(void)state;
	double xy[8];
	rectangle(xy, -180, -90, 180, 90);
	assert_near(authalic_ring(xy, 4) / 1e6, 510065621.724, 0.001);
	authalic_slab slab = authalic_slab_of(-90, 90);
	assert_near(slab.zone * 360 / 1e6, 510065621.724, 0.001);
}

static void rectangles_have_the_area_of_the_closed_formula(void **state)
{
	(void)state;
	static const double boxes[][4] = {{10, 20, 11, 21}, {-180, 60, 180, 90}, {-3, -90, 8, -89.5}, {100, -0.5, 100.25, 0.75}, {0, 45, 0.001, 45.001}, {0, -90, 360, 0}};
	for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
		const double *b = boxes[i];
		double xy[8], expected = (b[2] - b[0]) * radian * (from_equator(b[3]) - from_equator(b[1]));
		rectangle(xy, b[0], b[1], b[2], b[3]);
		/* The formula subtracts two areas of up to 4e13 square metres. */
		assert_near(authalic_ring(xy, 4), expected, 1e-14 * fabs(expected) + (b[2] - b[0]) * radian * 0.02);
		assert_near(authalic_slab_of(b[1], b[3]).zone * (b[2] - b[0]), expected, 1e-14 * fabs(expected) + (b[2] - b[0]) * radian * 0.02);
	}
}

/* The integral of the area element itself, by Gauss and Legendre's three points on a thousand pieces. */
static double integral(double south, double north, double width_south, double width_north)
{
	static const double at[3] = {-0.77459666924148337704, 0, 0.77459666924148337704}, weight[3] = {5.0 / 9, 8.0 / 9, 5.0 / 9};
	double b = a * (1 - flattening), e2 = flattening * (2 - flattening), half = (north - south) / 2000;
	kept_sum sum = {0, 0};
	for (int i = 0; i < 1000; i++)
		for (int k = 0; k < 3; k++) {
			double share = (i + 0.5 + 0.5 * at[k]) / 1000, phi = (south + share * (north - south)) * radian, s = sin(phi), d = 1 - e2 * s * s;
			double width = width_south + share * (width_north - width_south);
			kept_sum_add(&sum, weight[k] * half * radian * width * radian * b * b * cos(phi) / (d * d));
		}
	return kept_sum_value(&sum);
}

static void triangles_and_trapezoids_have_the_area_of_the_integral(void **state)
{
	(void)state;
	static const double shapes[][4] = {{0, 1, 1, 0}, {40, 41, 0.3, 2}, {-80, -10, 5, 0}, {60, 89, 0, 20}, {-90, 90, 10, 30}, {12.5, 12.6, 1, 1.5}, {70, 70.0001, 0.001, 0}};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		double south = shapes[i][0], north = shapes[i][1], w = shapes[i][2], v = shapes[i][3];
		double expected = integral(south, north, w, v), xy[8] = {7, south, 7 + w, south, 7 + v, north, 7, north};
		authalic_slab slab = authalic_slab_of(south, north);
		double by_slab = 0.5 * (w + v) * slab.zone + (v - w) * slab.moment;
		assert_near(by_slab, expected, 1e-13 * expected);
		assert_near(authalic_ring(xy, 4), expected, 1e-13 * expected + 0.003 * fmax(w, v));
	}
}

/* Edges straight in longitude and latitude, cut into pieces so short that geodesics hardly leave them: the polygon areas of Karney (2013). */
static void polygons_have_the_area_geographiclib_finds_on_dense_edges(void **state)
{
	(void)state;
	static const double ring[] = {12.1, 44.9, 14.3, 45.2, 13.9, 47.8, 12.9, 46.1, 11.0, 47.0};
	enum { PIECES = 20000, POINTS = 5 };
	struct geod_geodesic globe;
	struct geod_polygon polygon;
	geod_init(&globe, a, flattening);
	geod_polygon_init(&polygon, 0);
	for (int i = 0; i < POINTS; i++)
		for (int k = 0; k < PIECES; k++) {
			const double *p = ring + 2 * i, *q = ring + 2 * ((i + 1) % POINTS);
			geod_polygon_addpoint(&globe, &polygon, p[1] + (q[1] - p[1]) * k / PIECES, p[0] + (q[0] - p[0]) * k / PIECES);
		}
	double theirs, length;
	geod_polygon_compute(&globe, &polygon, 0, 1, &theirs, &length);
	/* What is left between the chords falls with the square of the pieces: measured, 0.2 square metres of 45,000 km2. */
	assert_near(authalic_ring(ring, POINTS), theirs, 1);
}

static void a_ring_has_the_same_area_either_way_round_and_wherever_it_begins(void **state)
{
	(void)state;
	double ring[] = {100.1, 45.1, 100.3, 45.0, 100.7, 45.6, 100.2, 45.9}, back[8], turned[8];
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 2; k++) {
			back[2 * i + k] = ring[2 * (3 - i) + k];
			turned[2 * i + k] = ring[2 * ((i + 2) % 4) + k];
		}
	double area = authalic_ring(ring, 4);
	assert_true(area > 0);
	assert_near(authalic_ring(back, 4), -area, 1e-6);
	assert_near(authalic_ring(turned, 4), area, 1e-6);
}

/* The table in authalic.c against the formula of its header. */
static void the_series_is_the_one_of_the_header(void **state)
{
	(void)state;
	double n = flattening / (2 - flattening), b = a * (1 - flattening), x = n * n, sum = 0;
	double t[9];
	for (int m = 0; m < 9; m++)
		t[m] = pow(-n, m) * (1 + m + (1 - m) * x) / pow(1 - x, 3);
	for (int k = 0; k < 8; k++)
		sum += (k % 2 ? -1 : 1) * b * b * pow(1 + n, 4) * (t[k] + t[k + 1]) / (2 * k + 1);
	assert_near(authalic_slab_of(0, 90).zone, sum * radian, 1e-15 * sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_globe_has_its_published_area),
		cmocka_unit_test(rectangles_have_the_area_of_the_closed_formula),
		cmocka_unit_test(triangles_and_trapezoids_have_the_area_of_the_integral),
		cmocka_unit_test(polygons_have_the_area_geographiclib_finds_on_dense_edges),
		cmocka_unit_test(a_ring_has_the_same_area_either_way_round_and_wherever_it_begins),
		cmocka_unit_test(the_series_is_the_one_of_the_header),
	};
	return cmocka_run_group_tests_name("authalic", tests, NULL, NULL);
}
