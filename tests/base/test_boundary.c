#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "base/boundary_parts.h"
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
	json_auto_t *line = json_array();
	for (int i = 0; i <= BOUNDARY_POSITIONS; i++)
		json_array_append_new(line, json_pack("[f,f]", 1e-4 * (i % BOUNDARY_POSITIONS), 0.0));
	json_auto_t *geometry = json_pack("{s:s, s:[O]}", "type", "Polygon", "coordinates", line);
	g_autoptr(GError) error = NULL;
	assert_null(boundary_read(geometry, &error));
	assert_non_null(strstr(error->message, "more than 100000"));
}

/* What pairs_of counts, counted by looking at every pair. */
static double pairs_one_by_one(const json_t *line)
{
	gsize n = json_array_size(line) - 1;
	double pairs = 0;
	for (gsize i = 0; i < n; i++)
		for (gsize k = i + 1; k < n; k++) {
			gboolean meet = TRUE;
			for (gsize axis = 0; axis < 2; axis++) {
				double p[4];
				for (gsize c = 0; c < 4; c++)
					p[c] = json_number_value(json_array_get(json_array_get(line, (c < 2 ? i : k) + c % 2), axis));
				meet &= fmin(p[0], p[1]) <= fmax(p[2], p[3]) && fmin(p[2], p[3]) <= fmax(p[0], p[1]);
			}
			pairs += meet;
		}
	return pairs;
}

static GPtrArray *polygons_of_ring(const json_t *line)
{
	GPtrArray *polygons = polygons_new();
	polygon *one = polygon_new();
	ring *r = ring_new();
	for (gsize i = 0; i < json_array_size(line); i++)
		ring_add(r, json_number_value(json_array_get(json_array_get(line, i), 0)), json_number_value(json_array_get(json_array_get(line, i), 1)));
	g_ptr_array_add(one, r);
	g_ptr_array_add(polygons, one);
	return polygons;
}

/* A comb whose teeth slant by so many degrees. */
static json_t *comb(int teeth, double slant)
{
	json_t *line = json_array();
	for (int i = 0; i < teeth; i++) {
		json_array_append_new(line, json_pack("[f,f]", 10 + 0.5 * i / teeth, 10.0));
		json_array_append_new(line, json_pack("[f,f]", 10 + 0.5 * (i + 0.5) / teeth + slant, 11.0));
	}
	json_array_append_new(line, json_pack("[f,f]", 10.5 + slant, 9.0));
	json_array_append_new(line, json_pack("[f,f]", 10.0, 9.0));
	json_array_append_new(line, json_pack("[f,f]", 10.0, 10.0));
	return line;
}

static void pairs_of_edges_are_counted_as_one_by_one(void **state)
{
	(void)state;
	guint seed = 7;
	for (int turn = 0; turn < 30; turn++) {
		json_auto_t *line = json_array();
		for (int i = 0; i < 3 + turn * 5; i++) { /* on a coarse grid, so that many boxes touch */
			seed = seed * 1103515245 + 12345;
			json_array_append_new(line, json_pack("[f,f]", (double)(seed >> 16 & 15), (double)(seed >> 24 & 15)));
		}
		json_array_append(line, json_array_get(line, 0));
		g_autoptr(GPtrArray) polygons = polygons_of_ring(line);
		json_auto_t *once = json_array(); /* as a ring is kept: without repeated points */
		const ring *kept = ((polygon *)polygons->pdata[0])->pdata[0];
		for (guint i = 0; i < kept->len; i++)
			json_array_append_new(once, json_pack("[f,f]", ring_at(kept, i).x, ring_at(kept, i).y));
		assert_true(polygons_tangle(polygons, 0) == pairs_one_by_one(once));
	}
	json_auto_t *slanting = comb(300, 1);
	g_autoptr(GPtrArray) polygons = polygons_of_ring(slanting);
	assert_true(polygons_tangle(polygons, 0) == pairs_one_by_one(slanting));
}

/* 24,000 slanting teeth took a check of half a minute, and one more in the store; 8,000 four seconds. */
static void a_tangle_is_refused_at_once_and_a_straight_comb_is_not(void **state)
{
	(void)state;
	json_auto_t *slanting = json_pack("{s:s, s:[o]}", "type", "Polygon", "coordinates", comb(8000, 1)), *straight = json_pack("{s:s, s:[o]}", "type", "Polygon", "coordinates", comb(8000, 0));
	g_autoptr(GError) error = NULL;
	gint64 begin = g_get_monotonic_time();
	assert_null(boundary_read(slanting, &error));
	assert_true(g_error_matches(error, BOUNDARY_ERROR, BOUNDARY_ERROR_TANGLED));
	assert_non_null(strstr(error->message, "too tangled to be checked"));
	g_autoptr(boundary) b = boundary_read(straight, NULL);
	assert_non_null(b);
	assert_in_range(g_get_monotonic_time() - begin, 0, 10 * G_USEC_PER_SEC);
	/* Twelve thousand holes, each looked for in a ring of forty thousand positions. */
	json_auto_t *rings = json_array();
	json_array_append_new(rings, comb(20000, 0));
	for (int i = 0; i < 12000; i++) {
		double x = 10.05 + 0.004 * (i % 110), y = 9.1 + 0.007 * (i / 110);
		json_array_append_new(rings, json_pack("[[f,f],[f,f],[f,f],[f,f]]", x, y, x, y + 0.003, x + 0.002, y, x, y));
	}
	json_auto_t *sieve = json_pack("{s:s, s:O}", "type", "Polygon", "coordinates", rings);
	g_autoptr(GError) other = NULL;
	assert_null(boundary_read(sieve, &other));
	assert_true(g_error_matches(other, BOUNDARY_ERROR, BOUNDARY_ERROR_TANGLED));
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
		cmocka_unit_test(pairs_of_edges_are_counted_as_one_by_one),
		cmocka_unit_test(a_tangle_is_refused_at_once_and_a_straight_comb_is_not),
	};
	return cmocka_run_group_tests_name("boundary", tests, NULL, NULL);
}
