#include "example.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/content.h"
#include "store/export.h"
#include "store/import.h"

static char *double_quoted(const char *text)
{
	return g_strdelimit(g_strdup(text), "'", '"');
}

/* Imports a text; gives the faults as lines "record pointer: message". */
static char *import_into(example *e, const char *name, const char *text, const char *kind_name, gboolean write, import_counts *counts)
{
	g_autoptr(import) m = import_new(e->s, e->r, "editors");
	g_autoptr(GError) error = NULL;
	import_text(m, name, text, strlen(text), g_str_has_suffix(name, ".csv"), kind_name);
	assert_true(import_check(m, TRUE, counts, &error));
	GString *lines = g_string_new(NULL);
	for (guint i = 0; i < import_faults(m)->len; i++) {
		const import_fault *f = g_ptr_array_index(import_faults(m), i);
		assert_string_equal(f->file, name);
		assert_true(strlen(f->message) > 3 && strlen(f->remedy) > 3);
		g_string_append_printf(lines, "%s %s: %s\n", f->record ? f->record : "-", f->pointer, f->message);
	}
	if (write)
		assert_int_equal(import_write(m, NULL), import_faults(m)->len == 0);
	return g_string_free(lines, FALSE);
}

static void assert_faults(example *e, const char *name, const char *text, const char *kind_name, const char *beginning)
{
	import_counts counts;
	guint64 before = store_generation(e->s);
	g_autofree char *quoted = double_quoted(text);
	g_autofree char *faults = import_into(e, name, quoted, kind_name, TRUE, &counts);
	if (!g_str_has_prefix(faults, beginning))
		fail_msg("%s", faults);
	assert_int_equal(store_generation(e->s), before);
}

static void faults_name_record_place_and_remedy_and_nothing_is_written(void **state)
{
	example *e = *state;
	assert_faults(e, "cases.json", "[", NULL, "- : line 1");
	assert_faults(e, "cases.json", "", NULL, "- : line 1");
	assert_faults(e, "cases.json", "7", NULL, "- : ");
	assert_faults(e, "records.json", "[{'id':'a','body':{}}]", NULL, "record 1 /kind: ");
	assert_faults(e, "cases.json", "[{'id':'Not An Id','body':{}}]", NULL, "record 1 /id: ");
	assert_faults(e, "cases.json", "[{'body':{}}]", NULL, "record 1 /id: ");
	assert_faults(e, "cases.json", "[{'id':'a'}]", NULL, "a ");
	assert_faults(e, "cases.json", "[{'id':'a','id':'b','body':{}}]", NULL, "- : line 1");
	assert_faults(e, "practices.json", "[{'id':'a','body':{'name':'N'}},{'id':'a','body':{'name':'N'}}]", NULL, "a : this record stands in the import twice");
	assert_faults(e, "cases.json", "[{'id':'a','body':{'title':'T','country':'Atlantis'}}]", NULL, "a /country: ");
	assert_faults(e, "records.csv", "id,title\na,b\n", NULL, "- : ");
	assert_faults(e, "cases.csv", "id,title,dragon\na,b,c\n", NULL, "");
}

static void deep_and_hostile_json_is_a_fault_not_a_crash(void **state)
{
	example *e = *state;
	import_counts counts;
	g_autofree char *deep = g_strnfill(100000, '[');
	g_autofree char *a = import_into(e, "cases.json", deep, NULL, TRUE, &counts);
	assert_true(strlen(a) > 0);
	g_autofree char *b = import_into(e, "cases.json", "[{\"id\":\"a\",\"body\":{\"title\":\"\xFF\"}}]", NULL, TRUE, &counts);
	assert_true(strlen(b) > 0);
	g_autofree char *c = import_into(e, "cases.json", "[{\"id\":\"a\",\"body\":{\"title\":[[[{}]]],\"practices\":7,\"results\":{\"a\":1}}}]", NULL, TRUE, &counts);
	assert_true(strlen(c) > 0);
	assert_int_equal(store_generation(e->s), 0);
}

static void import_shipped(example *e, import_counts *counts)
{
	g_autoptr(import) m = import_new(e->s, e->r, "editors");
	import_content(m);
	assert_true(import_check(m, TRUE, counts, NULL));
	assert_int_equal(import_faults(m)->len, 0);
	assert_true(import_write(m, NULL));
}

static void the_shipped_compilation_is_imported_once_and_then_left_as_it_is(void **state)
{
	example *e = *state;
	import_counts counts;
	import_shipped(e, &counts);
	assert_true(counts.added > 800 && counts.changed == 0 && counts.unchanged == 0);
	static const char *const some[] = { "case", "pledge" };
	for (gsize i = 0; i < G_N_ELEMENTS(some); i++) {
		json_auto_t *shipped = content_records(kind_by_name(some[i]));
		assert_int_equal(store_count(e->r, some[i], NULL), json_array_size(shipped));
	}
	guint added = counts.added;
	import_shipped(e, &counts);
	assert_int_equal(counts.unchanged, added);
	assert_int_equal(counts.added + counts.changed, 0);
	assert_int_equal(store_generation(e->s), added);
}

static void a_check_alone_changes_nothing(void **state)
{
	example *e = *state;
	import_counts counts;
	g_autofree char *text = double_quoted("[{'id':'a','body':{'name':'Liming','definition':'Lime on acid soil.','category':'water-and-drainage'}}]");
	g_autofree char *hash = store_projection_hash(e->s, NULL);
	g_autofree char *faults = import_into(e, "practices.json", text, NULL, FALSE, &counts);
	assert_string_equal(faults, "");
	assert_int_equal(counts.added, 1);
	g_autofree char *after = store_projection_hash(e->s, NULL);
	assert_string_equal(after, hash);
	assert_int_equal(store_generation(e->s), 0);
	g_autofree char *written = import_into(e, "practices.json", text, NULL, TRUE, &counts);
	assert_int_equal(store_count(e->r, "practice", NULL), 1);
}

static void references_may_point_forward_within_an_import_and_nowhere_else(void **state)
{
	example *e = *state;
	import_counts counts;
	const char *child = "{'kind':'organisation','id':'ab','body':{'name':'AB','kind':'company','country':'SWE','parent':'group'}}";
	g_autofree char *both = g_strconcat("[", child, ",{'kind':'organisation','id':'group','body':{'name':'G','kind':'company'}}]", NULL);
	g_autofree char *one = double_quoted(child), *two = double_quoted(both);
	g_autofree char *missing = import_into(e, "o.json", one, NULL, TRUE, &counts);
	assert_non_null(strstr(missing, "ab /parent: "));
	g_autofree char *good = import_into(e, "o.json", two, NULL, TRUE, &counts);
	assert_string_equal(good, "");
	assert_int_equal(store_count(e->r, "organisation", NULL), 2);
}

static void a_record_of_its_own_takes_the_place_of_one_that_was_only_named(void **state)
{
	example *e = *state;
	import_counts counts;
	g_autofree char *text = double_quoted("[{'id':'mine','name':'Mine','kind':'mining company','parent':'bhp'},{'id':'bhp','name':'Another BHP','kind':'mining company'}]");
	g_autofree char *faults = import_into(e, "organisations.json", text, "organisation", TRUE, &counts);
	assert_string_equal(faults, "");
	assert_int_equal(counts.added, 2);
	g_autofree char *twice = double_quoted("[{'id':'mine','name':'Mine','kind':'mining company','parent':'bhp'},{'id':'bhp','name':'A','kind':'mining company'},"
	                                       "{'id':'bhp','name':'B','kind':'mining company'}]");
	assert_faults(e, "organisations.json", twice, "organisation", "bhp : this record stands in the import twice");
}

static void drafts_are_imported_unless_published(void **state)
{
	example *e = *state;
	g_autoptr(import) m = import_new(e->s, e->r, "editors");
	g_autofree char *text = double_quoted("{'id':'a','body':{'name':'Liming','definition':'Lime.','category':'water-and-drainage'}}");
	import_counts counts;
	import_text(m, "practice.json", text, strlen(text), FALSE, NULL);
	assert_true(import_check(m, FALSE, &counts, NULL));
	assert_int_equal(import_faults(m)->len, 0);
	assert_true(import_write(m, NULL));
	g_autoptr(record) draft = store_revision(e->r, "practice", "a", 0, NULL);
	assert_int_equal(draft->state, RECORD_DRAFT);
	assert_true(import_check(m, TRUE, &counts, NULL));
	assert_int_equal(counts.changed, 1);
	assert_true(import_write(m, NULL));
	g_autoptr(record) seen = store_get(e->r, "practice", "a", NULL, NULL);
	assert_int_equal(seen->revision, 2);
	assert_string_equal(seen->author, "editors");
}

/* ---- out and in again ---- */

static char *export_text(example *e, const char *kind_name, export_format format, gsize *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);
	guint count;
	g_autoptr(GError) error = NULL;
	if (!export_write(e->r, kind_name, format, NULL, out, &count, &error))
		fail_msg("%s", error->message);
	fclose(out);
	return text;
}

/* Bodies of everything published, by kind and id, as canonical text. */
static char *bodies_of(example *e)
{
	GString *all = g_string_new(NULL);
	for (gsize i = 0; i < kinds_count; i++) {
		gsize length;
		char *text = export_text(e, kinds[i]->name, EXPORT_JSON, &length);
		json_t *list = json_loadb(text, length, 0, NULL);
		for (gsize n = 0; n < json_array_size(list); n++) {
			char *body = json_dumps(json_object_get(json_array_get(list, n), "body"), JSON_SORT_KEYS | JSON_COMPACT);
			g_string_append_printf(all, "%s %s %s\n", kinds[i]->name, json_string_value(json_object_get(json_array_get(list, n), "id")), body);
			free(body);
		}
		json_decref(list);
		free(text);
	}
	return g_string_free(all, FALSE);
}

static void assert_round_trip(example *e, export_format format)
{
	import_counts counts;
	import_shipped(e, &counts);
	g_autofree char *before = bodies_of(e);
	void *state;
	example_begin(&state);
	example *second = state;
	g_autoptr(import) m = import_new(second->s, second->r, "editors");
	for (gsize i = 0; i < kinds_count; i++) {
		gsize length;
		char *text = export_text(e, kinds[i]->name, format, &length);
		g_autofree char *name = g_strdup_printf("%s.%s", kinds[i]->plural, export_format_name(format));
		import_text(m, name, text, length, format == EXPORT_CSV, NULL);
		free(text);
	}
	import_counts again;
	assert_true(import_check(m, TRUE, &again, NULL));
	if (import_faults(m)->len) {
		const import_fault *f = g_ptr_array_index(import_faults(m), 0);
		fail_msg("%s %s %s: %s", f->file, f->record, f->pointer, f->message);
	}
	assert_true(import_write(m, NULL));
	assert_int_equal(again.added, counts.added);
	g_autofree char *after = bodies_of(second);
	assert_string_equal(after, before);
	example_end(&state);
}

static void the_compilation_survives_json(void **state)
{
	assert_round_trip(*state, EXPORT_JSON);
}

static void the_compilation_survives_csv(void **state)
{
	assert_round_trip(*state, EXPORT_CSV);
}

static void places_are_exported_as_geojson(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'T','longitude':-81.5,'latitude':46.25}"));
	put(e, record_of("case", "nowhere", RECORD_PUBLISHED, NULL, "{'title':'N'}"));
	gsize length;
	char *text = export_text(e, NULL, EXPORT_GEOJSON, &length);
	json_t *collection = json_loadb(text, length, 0, NULL);
	const json_t *features = json_object_get(collection, "features");
	assert_int_equal(json_array_size(features), 1);
	const json_t *geometry = json_object_get(json_array_get(features, 0), "geometry");
	assert_true(json_number_value(json_array_get(json_object_get(geometry, "coordinates"), 0)) == -81.5);
	json_decref(collection);
	free(text);
}

static void a_full_disk_is_told_when_exporting(void **state)
{
	example *e = *state;
	import_counts counts;
	import_shipped(e, &counts);
	FILE *full = fopen("/dev/full", "w");
	assert_non_null(full);
	guint count;
	g_autoptr(GError) error = NULL;
	assert_false(export_write(e->r, "case", EXPORT_JSON, NULL, full, &count, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL));
	fclose(full);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(faults_name_record_place_and_remedy_and_nothing_is_written),
		TEST(deep_and_hostile_json_is_a_fault_not_a_crash),
		TEST(the_shipped_compilation_is_imported_once_and_then_left_as_it_is),
		TEST(a_check_alone_changes_nothing),
		TEST(references_may_point_forward_within_an_import_and_nowhere_else),
		TEST(a_record_of_its_own_takes_the_place_of_one_that_was_only_named),
		TEST(drafts_are_imported_unless_published),
		TEST(the_compilation_survives_json),
		TEST(the_compilation_survives_csv),
		TEST(places_are_exported_as_geojson),
		TEST(a_full_disk_is_told_when_exporting),
	};
	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
