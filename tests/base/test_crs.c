#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "base/crs.h"

#define EPSG(code) crs_by_uri("http://www.opengis.net/def/crs/EPSG/0/" #code)

static void assert_near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.9f is not within %g of %.9f", value, tolerance, expected);
}

static void names_are_those_of_ogc_and_others_are_not_offered(void **state)
{
	(void)state;
	guint n = 0;
	for (const crs *c; (c = crs_numbered(n)); n++)
		assert_ptr_equal(crs_by_uri(crs_uri(c)), c);
	assert_int_equal(n, 123);
	assert_string_equal(crs_uri(crs_numbered(0)), "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
	assert_string_equal(crs_code(EPSG(32760)), "EPSG:32760");
	assert_null(EPSG(27700));
	assert_null(EPSG(32661));
	assert_null(crs_by_uri("EPSG:4326"));
	assert_null(crs_by_uri(""));
}

static void latitude_comes_first_where_the_system_says_so(void **state)
{
	(void)state;
	double xy[] = { 104.25, 49.5 };
	assert_true(crs_project(EPSG(4326), xy, 1));
	assert_true(xy[0] == 49.5 && xy[1] == 104.25);
	assert_true(crs_unproject(EPSG(4326), xy, 1));
	assert_true(xy[0] == 104.25 && xy[1] == 49.5);
	assert_true(crs_is_latitude_first(EPSG(4326)) && !crs_is_latitude_first(crs_by_uri(CRS_84)));
}

/* Expected values by the formulas. Web Mercator (EPSG Guidance Note 7-2, 1024): x = a lambda, y = a ln tan(pi/4 + phi/2). UTM: on the central meridian the
 * easting is 500 km and the northing 0.9996 times the meridian's arc, 5540847.042 m at 50 degrees on GRS 80/WGS 84. */
static void coordinates_are_those_of_the_definitions(void **state)
{
	(void)state;
	double mercator[] = { 104.25, 49.5 }, utm[] = { 105, 50 }, south[] = { 105, 0 };
	crs_project(EPSG(3857), mercator, 1);
	assert_near(mercator[0], 6378137 * 104.25 * G_PI / 180, 1e-6);
	assert_near(mercator[1], 6378137 * log(tan(G_PI / 4 + 49.5 * G_PI / 360)), 1e-6);
	crs_project(EPSG(32648), utm, 1);
	assert_near(utm[0], 500000, 1e-6);
	assert_near(utm[1], 0.9996 * 5540847.042, 1e-3);
	crs_project(EPSG(32748), south, 1);
	assert_near(south[1], 10000000, 1e-6);
}

static void there_and_back_is_the_same_place(void **state)
{
	(void)state;
	for (guint n = 0; crs_numbered(n); n++) {
		double middle = n < 3 ? 10 : -183 + 6.0 * ((n - 3) % 60 + 1), xy[] = { middle + 2, 40, middle - 2.5, -33 };
		assert_true(crs_project(crs_numbered(n), xy, 2));
		assert_true(crs_unproject(crs_numbered(n), xy, 2));
		assert_near(xy[0], middle + 2, 1e-9), assert_near(xy[1], 40, 1e-9), assert_near(xy[2], middle - 2.5, 1e-9), assert_near(xy[3], -33, 1e-9);
	}
}

static void what_lies_beyond_a_system_is_said_to_and_does_no_harm_to_the_rest(void **state)
{
	(void)state;
	double xy[] = { -165, 0, 105, 50 };
	assert_false(crs_project(EPSG(32648), xy, 2)); /* a quarter of the Earth away on the equator, where the projection goes to infinity */
	assert_true(isnan(xy[0]) && isnan(xy[1]));
	assert_near(xy[2], 500000, 1e-6);
	json_auto_t *far = json_pack("{s:s, s:[f,f]}", "type", "Point", "coordinates", -165.0, 0.0), *near = json_pack("{s:s, s:[[f,f],[f,f]]}", "type", "LineString", "coordinates", 105.0, 50.0, 105.0, 0.0);
	assert_null(crs_project_geometry(EPSG(32648), far));
	json_auto_t *there = crs_project_geometry(EPSG(32648), near), *back = crs_unproject_geometry(EPSG(32648), there);
	assert_string_equal(json_string_value(json_object_get(back, "type")), "LineString");
	assert_near(json_number_value(json_array_get(json_array_get(json_object_get(back, "coordinates"), 0), 1)), 50, 1e-9);
}

static void a_rectangle_becomes_the_one_that_encloses_it(void **state)
{
	(void)state;
	double lonlat[4];
	assert_true(crs_unproject_box(EPSG(4326), (double[]) { 10, 170, 20, -170 }, lonlat));
	assert_true(lonlat[0] == 170 && lonlat[1] == 10 && lonlat[2] == -170 && lonlat[3] == 20);
	assert_true(crs_unproject_box(EPSG(3857), (double[]) { 0, 0, 111319.490793, 111325.142866 }, lonlat));
	assert_near(lonlat[0], 0, 1e-9), assert_near(lonlat[1], 0, 1e-9), assert_near(lonlat[2], 1, 1e-9), assert_near(lonlat[3], 1, 1e-9);
	/* the parallel bends towards the pole: its northernmost point lies on the central meridian, not at a corner */
	assert_true(crs_unproject_box(EPSG(32648), (double[]) { 300000, 5400000, 700000, 5500000 }, lonlat));
	double corner[] = { 300000, 5500000 };
	crs_unproject(EPSG(32648), corner, 1);
	assert_true(lonlat[3] >= corner[1]);
	double middle[] = { 500000, 5400000 };
	crs_unproject(EPSG(32648), middle, 1);
	assert_true(lonlat[1] <= middle[1] && lonlat[0] < 102.4 && lonlat[2] > 107.6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_ogc_and_others_are_not_offered),
		cmocka_unit_test(latitude_comes_first_where_the_system_says_so),
		cmocka_unit_test(coordinates_are_those_of_the_definitions),
		cmocka_unit_test(there_and_back_is_the_same_place),
		cmocka_unit_test(what_lies_beyond_a_system_is_said_to_and_does_no_harm_to_the_rest),
		cmocka_unit_test(a_rectangle_becomes_the_one_that_encloses_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
