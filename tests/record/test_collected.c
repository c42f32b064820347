#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/canonical.h"
#include "record/collected.h"
#include "record/validate.h"

static const char case_text[] =
    "[{\"id\":\"new-pit\",\"title\":\"A pit\",\"summary\":\"s\",\"country\":\"ZMB\",\"lat\":-12.5,\"lon\":28.25,\"location_precision\":\"town\","
    "\"organisations\":[{\"name\":\"Samarco (Vale and BHP)\",\"role\":\"operator\"},{\"name\":\"Nobody Knows Ltd\",\"role\":\"research\"}],"
    "\"commodities\":[\"china clay\",\"Kaolin\"],\"mine_types\":[\"open pit\"],\"stage\":\"legacy\",\"themes\":[\"land rehabilitation\"],\"biome\":\"boreal and mixed forest\","
    "\"start_year\":null,\"challenge\":\"c\",\"practices\":[{\"name\":\"Closure planning with an agreed end use\",\"detail\":\"d\"}],"
    "\"results\":[{\"indicator\":\"land limed and grassed\",\"value\":3.5,\"unit\":\"yd3\",\"year\":null,\"source\":1}],\"limits\":[\"l\"],"
    "\"post_mining_land_uses\":[\"beekeeping\"],\"ldn_response\":[\"reverse\"],\"evidence_grade\":\"D (media or other)\","
    "\"sources\":[{\"n\":1,\"title\":\"t\",\"publisher\":\"p\",\"url\":\"https://example.org/\",\"year\":null,\"kind\":\"media\"}]}]";

static const json_t *entry_of(const json_t *records, const char *kind_name, const char *id)
{
	json_t *entry;
	gsize i;
	json_array_foreach(records, i, entry)
	    if (strcmp(json_string_value(json_object_get(entry, "kind")), kind_name) == 0 && strcmp(json_string_value(json_object_get(entry, "id")), id) == 0) return entry;
	return NULL;
}

static void a_collected_case_becomes_terms_with_its_own_words_beside_them(void **state)
{
	(void)state;
	json_auto_t *items = json_loads(case_text, 0, NULL);
	assert_true(collected_is("case", json_array_get(items, 0)));
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *records = collected_convert("case", items, faults);
	assert_int_equal(faults->len, 0);
	const json_t *body = json_object_get(entry_of(records, "case", "new-pit"), "body");
	g_autofree char *text = canonical_text(body, NULL, NULL);
	static const char *const kept[] = {
		"\"commodities\":[\"kaolin\"],\"commodities_as_stated\":[\"china clay\",\"Kaolin\"]",
		"\"biome\":\"boreal-forest-and-taiga\",\"biome_as_stated\":\"boreal and mixed forest\"",
		"\"unit\":\"cubic yard\",\"unit_as_stated\":\"yd3\"",
		"\"indicator\":\"area-rehabilitated\"",
		"{\"as_stated\":\"beekeeping\",\"use\":\"agroforestry-and-orchards\"}",
		"{\"as_stated\":\"Samarco (Vale and BHP)\",\"organisation\":\"vale\",\"role\":\"operator\"}",
		"{\"as_stated\":\"Nobody Knows Ltd\",\"organisation\":\"nobody-knows-ltd\",\"role\":\"research\"}",
		"\"practice\":[\"closure-planning\"]",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++)
		if (!strstr(text, kept[i]))
			fail_msg("%s is not in %s", kept[i], text);
	g_autoptr(GPtrArray) found = body_validate(kind_by_name("case"), body, NULL);
	assert_int_equal(found->len, 0);
}

static void what_a_case_names_comes_before_it_and_only_if_it_is_absent(void **state)
{
	(void)state;
	json_auto_t *items = json_loads(case_text, 0, NULL);
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *records = collected_convert("case", items, faults);
	static const char *const organisations[] = { "samarco", "vale", "bhp", "nobody-knows-ltd" };
	for (gsize i = 0; i < G_N_ELEMENTS(organisations); i++)
		assert_true(json_is_true(json_object_get(entry_of(records, "organisation", organisations[i]), "if_absent")));
	assert_string_equal(json_string_value(json_object_get(json_object_get(entry_of(records, "organisation", "nobody-knows-ltd"), "body"), "kind")), "research");
	assert_non_null(entry_of(records, "practice", "closure-planning"));
	const json_t *last = json_array_get(records, json_array_size(records) - 1);
	assert_string_equal(json_string_value(json_object_get(last, "kind")), "case");
	assert_null(json_object_get(last, "if_absent"));
}

static void a_pledge_becomes_itself_and_a_report_for_every_year_with_the_sources_it_names(void **state)
{
	(void)state;
	json_auto_t *item = json_loads(
	    "{\"id\":\"x\",\"organisation\":\"Vale\",\"title\":\"T\",\"statement\":\"S\",\"scope_countries\":[\"BRA\"],\"targets\":[{\"metric\":\"area restored\",\"value\":10,\"unit\":\"ha\",\"target_year\":2030,"
	    "\"land\":\"beyond-footprint\"}],\"reported_progress\":[{\"year\":2023,\"metric\":\"m\",\"value\":1,\"unit\":\"ha\",\"source\":2},{\"year\":2024,\"metric\":\"n\",\"value\":null,\"unit\":\"statement\","
	    "\"source\":1},{\"year\":2023,\"metric\":\"o\",\"value\":3,\"unit\":\"ha\",\"source\":2}],\"sources\":[{\"n\":1,\"title\":\"a\",\"kind\":\"media\"},{\"n\":2,\"title\":\"b\",\"kind\":\"company\"}]}",
	    0, NULL);
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *records = collected_convert("pledge", item, faults);
	const json_t *pledge = json_object_get(entry_of(records, "pledge", "x"), "body"), *first = json_object_get(entry_of(records, "progress", "x-2023"), "body"),
	             *second = json_object_get(entry_of(records, "progress", "x-2024"), "body");
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(pledge, "targets"), 0), "deadline")), "calendar");
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(pledge, "targets"), 0), "land")), "beyond-footprint");
	assert_int_equal(json_array_size(json_object_get(first, "figures")), 2);
	assert_int_equal(json_array_size(json_object_get(first, "sources")), 1);
	g_autofree char *text = canonical_text(json_object_get(second, "figures"), NULL, NULL);
	assert_string_equal(text, "[{\"source\":1,\"unit_as_stated\":\"statement\",\"what\":\"n\"}]");
	static const char *const names[] = { "pledge", "progress", "progress" };
	const json_t *bodies[] = { pledge, first, second };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GPtrArray) found = body_validate(kind_by_name(names[i]), bodies[i], NULL);
		assert_int_equal(found->len, 0);
	}
}

static void nothing_unknown_is_dropped_without_a_word(void **state)
{
	(void)state;
	json_auto_t *items = json_loads("[{\"id\":\"a\",\"surprise\":1,\"results\":{\"x\":2},\"biome\":3},{\"id\":\"B\"},{\"title\":\"x\"},7]", 0, NULL);
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *records = collected_convert("case", items, faults);
	assert_int_equal(json_array_size(records), 1);
	g_autoptr(GPtrArray) found = body_validate(kind_by_name("case"), json_object_get(json_array_get(records, 0), "body"), NULL);
	static const char *const pointers[] = { "/surprise", "/results/0/x", "/biome_as_stated" };
	for (gsize i = 0; i < G_N_ELEMENTS(pointers); i++) {
		gboolean named = FALSE;
		for (guint n = 0; n < found->len; n++)
			named = named || strcmp(((fault *)found->pdata[n])->pointer, pointers[i]) == 0;
		assert_true(named);
	}
	static const char *const places[] = { "/1/id", "/2/id", "/3" };
	assert_int_equal(faults->len, G_N_ELEMENTS(places));
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
		assert_string_equal(((fault *)faults->pdata[i])->pointer, places[i]);

	json_auto_t *own = json_loads("{\"id\":\"a\",\"body\":{}}", 0, NULL);
	assert_false(collected_is("case", own));
	assert_false(collected_is("site", json_array_get(items, 0)));
	json_auto_t *none = collected_convert("site", items, faults);
	assert_int_equal(json_array_size(none), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_collected_case_becomes_terms_with_its_own_words_beside_them),
		cmocka_unit_test(what_a_case_names_comes_before_it_and_only_if_it_is_absent),
		cmocka_unit_test(a_pledge_becomes_itself_and_a_report_for_every_year_with_the_sources_it_names),
		cmocka_unit_test(nothing_unknown_is_dropped_without_a_word),
	};
	return cmocka_run_group_tests_name("collected", tests, NULL, NULL);
}
