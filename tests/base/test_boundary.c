#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "base/boundary.h"
#include "base/canonical.h"

static json_t *json_of(const char *text)
{
	json_error_t at;
	json_t *json = json_loads(text, 0, &at);
	if (!json)
		fail_msg("%s: %s", at.text, text);
	return json;
}

static boundary *read_text(const char *text)
{
	json_auto_t *json = json_of(text);
	g_autoptr(GError) error = NULL;
	boundary *b = boundary_read(json, &error);
	if (!b)
		fail_msg("%s: %s", text, error->message);
	return b;
}

#define POLYGON(rings) "{\"type\":\"Polygon\",\"coordinates\":[" rings "]}"
#define PARTS(polygons) "{\"type\":\"MultiPolygon\",\"coordinates\":[" polygons "]}"

static double area_of(const char *text)
{
	g_autoptr(boundary) b = read_text(text);
	return boundary_area(b);
}

static void assert_share(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance * fabs(expected)))
		fail_msg("%.17g, expected %.17g", value, expected);
}

static void the_same_land_has_the_same_form_however_it_is_written(void **state)
{
	(void)state;
	static const char *const same[] = {
		PARTS("[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]],[[3,3],[3,3.5],[3.5,3],[3,3]]],[[[6,0],[7,0],[7,1],[6,0]]]"),
		PARTS("[[[7,1],[7,0],[6,0],[7,1]]],[[[4,4],[4,0],[-0.0,0],[0,4],[4,4]],[[3,3],[3.5,3],[3,3.5],[3,3]],[[2,2],[2,2],[1,2],[1,1],[2,1],[2,2]]]"),
		PARTS("[[[0,4,100],[0,0,90],[4,0],[4,4],[0,4]],[[2,1],[1,1],[1,2],[2,2],[2,1]],[[3,3.5],[3.5,3],[3,3],[3,3.5]]],[[[7,0],[7,1],[6,0],[7,0]]]"),
	};
	g_autoptr(boundary) first = read_text(same[0]);
	g_autofree char *name = boundary_sha256(first);
	for (gsize i = 1; i < G_N_ELEMENTS(same); i++) {
		g_autoptr(boundary) other = read_text(same[i]);
		g_autofree char *its = boundary_sha256(other);
		assert_string_equal(its, name);
		assert_true(boundary_area(other) == boundary_area(first));
	}
	g_autoptr(boundary) moved = read_text(PARTS("[[[0,0],[4,0],[4,4],[0,4.0000001],[0,0]]]"));
	g_autofree char *other_name = boundary_sha256(moved);
	assert_string_not_equal(other_name, name);
}

static void the_form_is_geojson_that_reads_as_itself(void **state)
{
	(void)state;
	static const char *const texts[] = {
		POLYGON("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]"),
		PARTS("[[[0,0],[4,0],[4,4],[0,0]]],[[[6,0],[7,0],[7,1],[6,0]]]"),
		POLYGON("[[179,10],[-179,10],[-179,11],[179,11],[179,10]]"),
	};
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(boundary) b = read_text(texts[i]);
		json_auto_t *geometry = boundary_geojson(b);
		g_autofree char *text = canonical_text(geometry, NULL, NULL);
		g_autoptr(boundary) again = read_text(text);
		json_auto_t *twice = boundary_geojson(again);
		assert_true(json_equal(geometry, twice));
		g_autoptr(GBytes) bytes = boundary_bytes(b);
		gsize length;
		const void *data = g_bytes_get_data(bytes, &length);
		g_autoptr(boundary) back = boundary_from_bytes(data, length);
		json_auto_t *thrice = boundary_geojson(back);
		assert_true(json_equal(geometry, thrice));
		for (gsize cut = 0; cut < length; cut++)
			assert_null(boundary_from_bytes(data, cut));
	}
	static const guint8 parts_out_of_order[] = {1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0};
	assert_null(boundary_from_bytes(parts_out_of_order, sizeof parts_out_of_order));
}

static void holes_and_parts_count(void **state)
{
	(void)state;
	double outer = area_of(POLYGON("[[10,10],[11,10],[11,11],[10,11],[10,10]]")), hole = area_of(POLYGON("[[10.2,10.2],[10.4,10.2],[10.4,10.4],[10.2,10.2]]"));
	assert_share(area_of(POLYGON("[[10,10],[11,10],[11,11],[10,11],[10,10]],[[10.2,10.2],[10.4,10.2],[10.4,10.4],[10.2,10.2]]")), outer - hole, 1e-13);
	assert_share(area_of(PARTS("[[[10,10],[11,10],[11,11],[10,11],[10,10]]],[[[20.2,10.2],[20.4,10.2],[20.4,10.4],[20.2,10.2]]]")), outer + hole, 1e-13);
}

static void what_crosses_the_antimeridian_is_the_same_cut_or_not(void **state)
{
	(void)state;
	static const char cut[] = PARTS("[[[179,10],[180,10],[180,11],[179,11],[179,10]]],[[[-180,10],[-179,10],[-179,11],[-180,11],[-180,10]]]");
	static const char *const whole[] = {POLYGON("[[179,10],[-179,10],[-179,11],[179,11],[179,10]]"), POLYGON("[[-179,11],[179,11],[179,10],[-179,10],[-179,11]]")};
	g_autoptr(boundary) expected = read_text(cut);
	g_autofree char *name = boundary_sha256(expected);
	for (gsize i = 0; i < G_N_ELEMENTS(whole); i++) {
		g_autoptr(boundary) b = read_text(whole[i]);
		g_autofree char *its = boundary_sha256(b);
		assert_string_equal(its, name);
	}
	assert_share(boundary_area(expected), 2 * area_of(POLYGON("[[0,10],[1,10],[1,11],[0,11],[0,10]]")), 1e-13);
	/* A hole on the far side follows its outside. */
	double holed = area_of(POLYGON("[[178,10],[-178,10],[-178,12],[178,12],[178,10]],[[-179.5,10.5],[-179,10.5],[-179,11],[-179.5,11],[-179.5,10.5]]"));
	assert_share(holed, 4 * area_of(POLYGON("[[0,10],[1,10],[1,12],[0,12],[0,10]]")) - area_of(POLYGON("[[0,10.5],[0.5,10.5],[0.5,11],[0,11],[0,10.5]]")), 1e-12);
}

static void a_ring_round_a_pole_encloses_the_nearer_one(void **state)
{
	(void)state;
	double cap = area_of(POLYGON("[[-180,70],[180,70],[180,90],[-180,90],[-180,70]]"));
	assert_share(area_of(POLYGON("[[-120,70],[0,70],[120,70],[-120,70]]")), cap, 1e-13);
	assert_share(area_of(POLYGON("[[120,-70],[0,-70],[-120,-70],[120,-70]]")), cap, 1e-13);
	double hole = area_of(POLYGON("[[10,80],[20,80],[20,85],[10,85],[10,80]]"));
	assert_share(area_of(POLYGON("[[-120,70],[0,70],[120,70],[-120,70]],[[10,80],[20,80],[20,85],[10,85],[10,80]]")), cap - hole, 1e-12);
	assert_share(area_of(POLYGON("[[120,70],[0,70],[-120,70],[120,70]],[[10,80],[20,80],[20,85],[10,85],[10,80]]")), cap - hole, 1e-12);
	assert_share(area_of(POLYGON("[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]")), 510065621724088, 1e-14);
}

typedef struct refusal {
	const char *geometry, *says;
} refusal;

static void what_is_no_boundary_is_refused_with_place_and_reason(void **state)
{
	(void)state;
	static const refusal refusals[] = {
		{"{\"type\":\"Point\",\"coordinates\":[1,2]}", "not a Polygon"},
		{"[]", "not a Polygon"},
		{"{\"type\":\"Polygon\"}", "no rings"},
		{"{\"type\":\"MultiPolygon\",\"coordinates\":[[]]}", "/coordinates/0: a polygon has no rings"},
		{POLYGON("[[0,0],[1,1],[0,0]]"), "/coordinates/0: a ring has fewer than four positions"},
		{POLYGON("[[0,0],[1,0],[1],[0,0]]"), "/coordinates/0/2: a position is not a pair of numbers"},
		{POLYGON("[[0,0],[181,0],[1,1],[0,0]]"), "/coordinates/0/1: a position is off the Earth"},
		{PARTS("[[[0,0],[1,0],[1,1],[0,0]]],[[[0,0],[1,0],[1,-90.5],[0,0]]]"), "/coordinates/1/0/2: a position is off the Earth"},
		{POLYGON("[[0,0],[1,0],[1,1],[0,1]]"), "/coordinates/0: a ring does not end where it begins"},
		{POLYGON("[[0,0],[2,2],[2,0],[0,2],[0,0]]"), "crosses itself, at longitude 1, latitude 1"},
		{POLYGON("[[0,0],[0,0],[0,0],[0,0]]"), "has no area, at longitude 0, latitude 0"},
		{POLYGON("[[0,0],[1,1],[2,2],[0,0]]"), "crosses itself"},
		{POLYGON("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[9,9],[9,8],[8,8],[9,9]]"), "a hole lies outside its polygon, at longitude 9"},
		{POLYGON("[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[8,1],[8,8],[1,8],[1,1]],[[2,2],[3,2],[3,3],[2,2]]"), "a hole lies in another hole"},
		{PARTS("[[[0,0],[9,0],[9,9],[0,9],[0,0]]],[[[1,1],[2,1],[2,2],[1,1]]]"), "one part lies within another"},
		{PARTS("[[[0,0],[2,0],[2,2],[0,2],[0,0]]],[[[1,1],[3,1],[3,3],[1,3],[1,1]]]"), "crosses itself"},
		{POLYGON("[[0,0],[4,0],[4,4],[2,0],[0,4],[0,0]]"), "itself, at longitude 2, latitude 0"},
		{POLYGON("[[0,0],[1,0],[2,0],[1,0],[1,1],[0,1],[0,0]]"), "itself"},
		{POLYGON("[[179,0],[-179,1],[-179,0],[179,1],[179,0]]"), "crosses itself, at longitude 180, latitude 0.5"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
		json_auto_t *json = json_of(refusals[i].geometry);
		g_autoptr(GError) error = NULL;
		assert_null(boundary_read(json, &error));
		if (!error || !strstr(error->message, refusals[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", refusals[i].geometry, error ? error->message : "", refusals[i].says);
		assert_null(boundary_read(json, NULL));
	}
}

static void more_positions_than_the_bound_are_refused(void **state)
{
	(void)state;
	json_auto_t *ring = json_array();
	for (int i = 0; i <= BOUNDARY_POSITIONS; i++)
		json_array_append_new(ring, json_pack("[f,f]", 1e-4 * (i % BOUNDARY_POSITIONS), 0.0));
	json_auto_t *geometry = json_pack("{s:s, s:[O]}", "type", "Polygon", "coordinates", ring);
	g_autoptr(GError) error = NULL;
	assert_null(boundary_read(geometry, &error));
	assert_non_null(strstr(error->message, "more than 100000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_land_has_the_same_form_however_it_is_written),
		cmocka_unit_test(the_form_is_geojson_that_reads_as_itself),
		cmocka_unit_test(holes_and_parts_count),
		cmocka_unit_test(what_crosses_the_antimeridian_is_the_same_cut_or_not),
		cmocka_unit_test(a_ring_round_a_pole_encloses_the_nearer_one),
		cmocka_unit_test(what_is_no_boundary_is_refused_with_place_and_reason),
		cmocka_unit_test(more_positions_than_the_bound_are_refused),
	};
	return cmocka_run_group_tests_name("boundary", tests, NULL, NULL);
}
