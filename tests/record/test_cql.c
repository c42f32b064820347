/* Filters in CQL2: text and JSON say the same (pairs after OGC 21-065r2, clauses 6 to 8), what is wrong is refused by name, and what is true of a record is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/cql.h"

static const struct {
	const char *text, *json;
} pairs[] = {
	{ "country = 'PER'", "{'op':'=','args':[{'property':'country'},'PER']}" },
	{ "country<>'PER'", "{'op':'<>','args':[{'property':'country'},'PER']}" },
	{ "start_year >= 1990 AND start_year < 2000.5", "{'op':'and','args':[{'op':'>=','args':[{'property':'start_year'},1990]},{'op':'<','args':[{'property':'start_year'},2000.5]}]}" },
	{ "a=1 OR b=2 AND NOT c=3", "{'op':'or','args':[{'op':'=','args':[{'property':'a'},1]},{'op':'and','args':[{'op':'=','args':[{'property':'b'},2]},{'op':'not','args':[{'op':'=','args':[{'property':'c'},3]}]}]}]}" },
	{ "(a=1 OR b=2) AND c=-3", "{'op':'and','args':[{'op':'or','args':[{'op':'=','args':[{'property':'a'},1]},{'op':'=','args':[{'property':'b'},2]}]},{'op':'=','args':[{'property':'c'},-3]}]}" },
	{ "name LIKE 'O''Brien%'", "{'op':'like','args':[{'property':'name'},'O\\u0027Brien%']}" },
	{ "name NOT LIKE 'x_'", "{'op':'not','args':[{'op':'like','args':[{'property':'name'},'x_']}]}" },
	{ "CASEI(name) LIKE casei('Foo%')", "{'op':'like','args':[{'op':'casei','args':[{'property':'name'}]},{'op':'casei','args':['Foo%']}]}" },
	{ "depth between 100.5 and 150", "{'op':'between','args':[{'property':'depth'},100.5,150]}" },
	{ "country IN ('PER', 'MNG')", "{'op':'in','args':[{'property':'country'},['PER','MNG']]}" },
	{ "country NOT IN ('PER')", "{'op':'not','args':[{'op':'in','args':[{'property':'country'},['PER']]}]}" },
	{ "end_year IS NULL", "{'op':'isNull','args':[{'property':'end_year'}]}" },
	{ "\"end_year\" is not null", "{'op':'not','args':[{'op':'isNull','args':[{'property':'end_year'}]}]}" },
	{ "made_on > DATE('2020-01-01')", "{'op':'>','args':[{'property':'made_on'},{'date':'2020-01-01'}]}" },
	{ "T_AFTER(published, TIMESTAMP('2026-01-01T00:00:00Z'))", "{'op':'t_after','args':[{'property':'published'},{'timestamp':'2026-01-01T00:00:00Z'}]}" },
	{ "T_METBY(made_on, INTERVAL('..','2020-12-31'))", "{'op':'t_metBy','args':[{'property':'made_on'},{'interval':['..','2020-12-31']}]}" },
	{ "T_DURING(INTERVAL(start_year, end_year), INTERVAL('1990-01-01', '..'))", "{'op':'t_during','args':[{'interval':[{'property':'start_year'},{'property':'end_year'}]},{'interval':['1990-01-01','..']}]}" },
	{ "S_INTERSECTS(geometry, POINT(36.3 -1.5))", "{'op':'s_intersects','args':[{'property':'geometry'},{'type':'Point','coordinates':[36.3,-1.5]}]}" },
	{ "S_WITHIN(geometry, BBOX(1, 2, 3, 4))", "{'op':'s_within','args':[{'property':'geometry'},{'bbox':[1,2,3,4]}]}" },
	{ "S_CROSSES(LINESTRING(1 2, 3 4), geometry)", "{'op':'s_crosses','args':[{'type':'LineString','coordinates':[[1,2],[3,4]]},{'property':'geometry'}]}" },
	{ "s_intersects(geometry, POLYGON((0 0, 9 0, 9 9, 0 0), (1 1, 2 1, 2 2, 1 1)))", "{'op':'s_intersects','args':[{'property':'geometry'},{'type':'Polygon','coordinates':[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}]}" },
	{ "S_EQUALS(geometry, MULTIPOINT((1 2), (3 4)))", "{'op':'s_equals','args':[{'property':'geometry'},{'type':'MultiPoint','coordinates':[[1,2],[3,4]]}]}" },
	{ "S_EQUALS(geometry, MULTIPOINT(1 2, 3 4))", "{'op':'s_equals','args':[{'property':'geometry'},{'type':'MultiPoint','coordinates':[[1,2],[3,4]]}]}" },
	{ "S_EQUALS(geometry, MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0))))", "{'op':'s_equals','args':[{'property':'geometry'},{'type':'MultiPolygon','coordinates':[[[[0,0],[1,0],[1,1],[0,0]]]]}]}" },
	{ "S_DISJOINT(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING Z(1 2 3, 4 5 6)))",
	  "{'op':'s_disjoint','args':[{'property':'geometry'},{'type':'GeometryCollection','geometries':[{'type':'Point','coordinates':[1,2]},{'type':'LineString','coordinates':[[1,2,3],[4,5,6]]}]}]}" },
	{ "A_CONTAINEDBY(themes, ('a','b'))", "{'op':'a_containedBy','args':[{'property':'themes'},['a','b']]}" },
	{ "TRUE AND NOT FALSE", "{'op':'and','args':[true,{'op':'not','args':[false]}]}" },
	{ "date = 'x'", "{'op':'=','args':[{'property':'date'},'x']}" },
	{ "ACCENTI(name) = ACCENTI('Chárki')", "{'op':'=','args':[{'op':'accenti','args':[{'property':'name'}]},{'op':'accenti','args':['Chárki']}]}" },
	{ "targets.metric = 'hectares'", "{'op':'=','args':[{'property':'targets.metric'},'hectares']}" },
};

static json_t *json_of(const char *text)
{
	g_autofree char *quoted = g_strdelimit(g_strdup(text), "'", '"');
	json_error_t at;
	json_t *json = json_loads(quoted, JSON_DECODE_ANY, &at);
	if (!json)
		fail_msg("%s: %s", text, at.text);
	return json;
}

static void text_and_json_say_the_same(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_autoptr(GError) error = NULL;
		json_auto_t *expected = json_of(pairs[i].json), *parsed = cql_parse(pairs[i].text, &error);
		if (!parsed || !json_equal(parsed, expected)) {
			g_autofree char *got = parsed ? json_dumps(parsed, JSON_ENCODE_ANY) : NULL;
			fail_msg("%s became %s (%s)", pairs[i].text, got, error ? error->message : "");
		}
	}
}

static void what_is_not_a_filter_is_refused_at_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "", "character 1, where the filter ends" }, { "country =", "Expected a value" }, { "country = 'PER", "closing quotation mark" }, { "country PER", "a comparison" },
		{ "(a = 1", "Expected )" }, { "a = 1 b = 2", "AND, OR or the end" }, { "a BETWEEN 1", "with AND between" }, { "a IN (1, ", "Expected a value" },
		{ "S_INTERSECTS(geometry)", "takes 2 arguments" }, { "S_INTERSECTS(geometry, POINT(1))", "Expected a number" }, { "a = 0x10", "decimal number" }, { "a IS 1", "Expected NULL" },
		{ "NOT", "Expected a value" }, { "a = 1 AND", "Expected a value" }, { "S_FOO(geometry, POINT(1 2))", "“s_foo” is not an operator" }, { "a = 1e999", "smaller number" },
		{ "é = = 1", "character 5" }, { "A_EQUALS(commodities, ('gold',))", "Expected a value" },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		json_auto_t *parsed = cql_parse(wrong[i].text, &error);
		g_autoptr(cql) c = parsed ? cql_compile(parsed, kind_by_name("site"), crs_by_uri(CRS_84), &error) : NULL;
		if (c || !error || !strstr(error->message, wrong[i].says))
			fail_msg("“%s” gave: %s", wrong[i].text, error ? error->message : "no error");
	}
	g_autoptr(GString) deep = g_string_new(NULL);
	for (int i = 0; i < 100000; i++)
		g_string_append(deep, "(");
	g_autoptr(GError) error = NULL;
	assert_null(cql_parse(deep->str, &error));
	assert_non_null(strstr(error->message, "too deeply nested"));
}

static void what_the_kind_does_not_have_or_cannot_be_compared_is_named(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "contry = 'PER'", "no property “contry”" }, { "country = 5", "country cannot be compared with a number" }, { "opening_year = 'old'", "opening_year cannot be compared with a text" },
		{ "opening_year LIKE '19%'", "LIKE takes a property that holds text" }, { "country", "country alone is not a condition" }, { "geometry = 'x'", "no property “geometry”" },
		{ "S_INTERSECTS(country, POINT(1 2))", "“country” is not a geometry" }, { "boundary_as_of > 'soon'", "“soon” is not a date" }, { "T_AFTER(country, DATE('2020-01-01'))", "country is not a time" },
		{ "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "not valid" }, { "S_INTERSECTS(geometry, BBOX(0,0,1))", "four or six numbers" },
		{ "S_INTERSECTS(geometry, BBOX(0,50,1,40))", "least values first" }, { "T_AFTER(boundary_as_of, DATE('2020-02-30'))", "“2020-02-30” is not a date" }, { "permits = 'x'", "permits cannot be compared" },
		{ "reference_geometry IS NULL", "no property" }, { "CASEI(opening_year) = 'x'", "CASEI takes a text" },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		json_auto_t *parsed = cql_parse(wrong[i].text, NULL);
		assert_non_null(parsed);
		g_autoptr(cql) c = cql_compile(parsed, kind_by_name("site"), crs_by_uri(CRS_84), &error);
		if (c || !error || !strstr(error->message, wrong[i].says))
			fail_msg("“%s” gave: %s", wrong[i].text, error ? error->message : "no error");
	}
}

static record *site_of(void)
{
	json_auto_t *envelope = json_of("{'kind':'site','id':'erdenet','revision':2,'state':'published','time':'2026-08-24T10:30:00Z','author':'editors','body':{'name':'Érdenet pit',"
		"'country':'MNG','commodities':['copper','molybdenum'],'opening_year':1978,'boundary_as_of':'2020-06','geometry':{'type':'Polygon','coordinates':[[[104,49],[105,49],[105,50],[104,50],[104,49]]]},"
		"'figures':[{'what':'Area','value':120.5,'unit':'ha','source':1},{'what':'Depth','value':30,'source':1}]}}");
	record *r = record_from_json(envelope, NULL);
	assert_non_null(r);
	return r;
}

static shape *place_of(const record *r, gpointer data)
{
	++*(int *)data;
	return shape_read(json_object_get(r->body, "geometry"), NULL);
}

static cql *compiled(const char *text, const char *system)
{
	g_autoptr(GError) error = NULL;
	json_auto_t *parsed = cql_parse(text, &error);
	cql *c = parsed ? cql_compile(parsed, kind_by_name("site"), crs_by_uri(system), &error) : NULL;
	if (!c)
		fail_msg("%s: %s", text, error->message);
	return c;
}

static void a_record_is_found_when_the_filter_is_true_of_it(void **state)
{
	static const char *const hold[] = {
		"country = 'MNG'", "'MNG' = country", "country <> 'PER'", "id = 'erdenet'", "revision = 2", "title LIKE '%pit'", "title LIKE '_rdenet%'", "CASEI(title) LIKE CASEI('éRDENET%')",
		"ACCENTI(CASEI(name)) = ACCENTI(CASEI('erdenet PIT'))", "commodities = 'copper'", "commodities = 'molybdenum'", "commodities IN ('gold', 'copper')", "NOT commodities = 'gold'",
		"A_CONTAINS(commodities, ('copper','molybdenum'))", "A_OVERLAPS(commodities, ('copper','gold'))", "A_EQUALS(commodities, ('molybdenum','copper'))", "A_CONTAINEDBY(commodities, ('molybdenum','copper','gold'))",
		"opening_year BETWEEN 1970 AND 1980", "opening_year = 1978", "opening_year < DATE('1979-01-01')", "T_DURING(opening_year, INTERVAL('1970-01-01','..'))", "operator IS NULL", "country IS NOT NULL",
		"figures.value > 100", "figures.value < 40", "NOT figures.value > 1000", "figures IS NOT NULL", "permits IS NULL",
		"published > '2026-01-01'", "T_BEFORE(published, TIMESTAMP('2026-08-24T10:30:01Z'))", "T_EQUALS(boundary_as_of, INTERVAL('2020-06-01','2020-06-30'))", "boundary_as_of > DATE('2020-05-31')",
		"NOT boundary_as_of > DATE('2020-06-15')", "boundary_as_of <= DATE('2020-06-15')", "T_INTERSECTS(boundary_as_of, DATE('2020-06-15'))", "T_MEETS(boundary_as_of, DATE('2020-07-01'))",
		"S_INTERSECTS(geometry, POINT(104.5 49.5))", "S_INTERSECTS(geometry, BBOX(105, 50, 106, 51))", "S_WITHIN(geometry, BBOX(100, 40, 110, 60))", "S_CONTAINS(geometry, POINT(104.5 49.5))",
		"S_DISJOINT(geometry, POINT(0 0))", "S_TOUCHES(geometry, BBOX(105, 49, 106, 50))", "S_CROSSES(geometry, LINESTRING(103 49.5, 106 49.5))", "S_OVERLAPS(geometry, BBOX(104.5, 49.5, 106, 51))",
		"S_EQUALS(geometry, POLYGON((105 50, 104 50, 104 49, 105 49, 105 50)))", "S_INTERSECTS(geometry, BBOX(100, 40, -170, 60))", "TRUE", "FALSE OR country = 'MNG'", "operator = 'x' OR country = 'MNG'",
	}, *const fail[] = {
		"country = 'PER'", "NOT country = 'MNG'", "title LIKE 'pit'", "title LIKE 'érdenet%'", "title LIKE '\\%'", "commodities = 'gold'", "A_CONTAINS(commodities, ('copper','gold'))", "A_EQUALS(commodities, ('copper'))",
		"opening_year > 1978", "operator = 'x'", "NOT operator = 'x'", "operator <> 'x'", "operator LIKE '%'", "NOT (operator = 'x' OR country = 'PER')", "operator = 'x' AND country = 'MNG'", "figures.value > 1000",
		"T_AFTER(published, DATE('2027-01-01'))", "boundary_as_of = DATE('2020-06-15')", "S_INTERSECTS(geometry, BBOX(0, 0, 1, 1))", "S_WITHIN(geometry, BBOX(104.2, 49, 105, 50))", "FALSE",
		"S_INTERSECTS(geometry, BBOX(170, 40, 100, 60))", "disturbed_from < 1980", "T_DURING(INTERVAL(disturbed_from, disturbed_until), INTERVAL('1970-01-01','..'))",
	};
	(void)state;
	g_autoptr(record) r = site_of();
	for (gsize i = 0; i < G_N_ELEMENTS(hold) + G_N_ELEMENTS(fail); i++) {
		gboolean expected = i < G_N_ELEMENTS(hold);
		const char *text = expected ? hold[i] : fail[i - G_N_ELEMENTS(hold)];
		int asked = 0;
		g_autoptr(cql) c = compiled(text, CRS_84);
		if (cql_matches(c, r, place_of, &asked) != expected)
			fail_msg("%s should %shold", text, expected ? "" : "not ");
		assert_int_equal(asked, cql_needs_place(c));
	}
}

static void geometries_are_read_in_the_system_that_is_named(void **state)
{
	(void)state;
	g_autoptr(record) r = site_of();
	int asked = 0;
	g_autoptr(cql) epsg = compiled("S_INTERSECTS(geometry, POINT(49.5 104.5))", "http://www.opengis.net/def/crs/EPSG/0/4326");
	assert_true(cql_matches(epsg, r, place_of, &asked));
	/* the centre of zone 48 is the meridian of 105 degrees, 500 km from the origin */
	g_autoptr(cql) utm = compiled("S_INTERSECTS(geometry, BBOX(499000, 5430000, 500000, 5431000))", "http://www.opengis.net/def/crs/EPSG/0/32648");
	assert_true(cql_matches(utm, r, place_of, &asked));
	g_autoptr(cql) east = compiled("S_INTERSECTS(geometry, BBOX(510000, 5430000, 511000, 5431000))", "http://www.opengis.net/def/crs/EPSG/0/32648");
	assert_false(cql_matches(east, r, place_of, &asked));
}

static void an_index_is_told_what_every_found_record_has(void **state)
{
	(void)state;
	gsize n;
	double box[4];
	g_autoptr(cql) c = compiled("country IN ('PER','MNG') AND S_WITHIN(geometry, BBOX(1,2,3,4)) AND (commodities = 'gold' OR commodities = 'iron') AND 1978 = disturbed_from AND name = 'x' AND NOT stage = 'closed'", CRS_84);
	const cql_facet *facets = cql_facets(c, &n);
	assert_int_equal(n, 2);
	assert_string_equal(facets[0].path, "country");
	assert_string_equal(facets[0].values[1], "MNG");
	assert_null(facets[0].values[2]);
	assert_string_equal(facets[1].path, "disturbed_from");
	assert_string_equal(facets[1].values[0], "1978");
	assert_true(cql_box(c, box) && box[0] == 1 && box[3] == 4);
	g_autofree char *members = g_strjoinv(" ", (char **)cql_members(c));
	assert_string_equal(members, "country commodities disturbed_from name stage");
	g_autoptr(cql) other = compiled("country = 'PER' OR S_INTERSECTS(geometry, POINT(1 2))", CRS_84);
	cql_facets(other, &n);
	assert_int_equal(n, 0);
	assert_false(cql_box(other, box));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_json_say_the_same),
		cmocka_unit_test(what_is_not_a_filter_is_refused_at_its_place),
		cmocka_unit_test(what_the_kind_does_not_have_or_cannot_be_compared_is_named),
		cmocka_unit_test(a_record_is_found_when_the_filter_is_true_of_it),
		cmocka_unit_test(geometries_are_read_in_the_system_that_is_named),
		cmocka_unit_test(an_index_is_told_what_every_found_record_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
