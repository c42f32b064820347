#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/canonical.h"
#include "base/csv.h"
#include "record/content.h"
#include "record/table.h"
#include "record/validate.h"

/* Writes the bodies as a table, reads it back, and expects the same bodies. */
static void assert_round_trip(const kind *k, json_t *items)
{
	gsize n = json_array_size(items), i;
	g_autofree const char **ids = g_new(const char *, n + 1);
	g_autofree json_t **bodies = g_new(json_t *, n + 1);
	for (i = 0; i < n; i++) {
		ids[i] = json_string_value(json_object_get(json_array_get(items, i), "id"));
		bodies[i] = json_object_get(json_array_get(items, i), "body");
	}
	g_autoptr(GString) table = table_write(k, ids, bodies, n);
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *again = table_read(k, table->str, table->len, faults);
	for (guint f = 0; f < faults->len; f++)
		print_message("%s: %s\n", ((fault *)faults->pdata[f])->pointer, ((fault *)faults->pdata[f])->message);
	assert_int_equal(faults->len, 0);
	g_autofree char *expected = canonical_text(items, NULL, NULL), *actual = canonical_text(again, NULL, NULL);
	assert_string_equal(actual, expected);
}

static void every_shipped_record_comes_back_from_csv_as_it_was(void **state)
{
	(void)state;
	for (gsize i = 0; i < kinds_count; i++) {
		json_auto_t *records = content_records(kinds[i]);
		if (json_array_size(records))
			assert_round_trip(kinds[i], records);
	}
}

static json_t *samples(void)
{
	g_autofree char *path = g_build_filename(g_getenv("AFTERMINE_SOURCE"), "tests", "record", "samples.json", NULL);
	json_t *file = json_load_file(path, 0, NULL);
	assert_non_null(file);
	return file;
}

static void a_sample_of_every_kind_comes_back_from_csv_and_from_json_as_it_was(void **state)
{
	(void)state;
	json_auto_t *all = samples();
	for (gsize i = 0; i < kinds_count; i++) {
		json_t *body = json_object_get(all, kinds[i]->name);
		json_auto_t *clean = body_normalise(kinds[i], body);
		json_auto_t *items = json_pack("[{s:s, s:O}]", "id", "sample", "body", clean);
		assert_round_trip(kinds[i], items);
		g_autofree char *text = canonical_text(clean, NULL, NULL);
		json_auto_t *again = json_loads(text, 0, NULL);
		g_autofree char *twice = canonical_text(again, NULL, NULL);
		assert_string_equal(twice, text);
	}
}

static void texts_that_need_quotes_or_look_like_formulas_survive(void **state)
{
	(void)state;
	json_auto_t *items = json_pack("[{s:s, s:{s:s, s:s, s:[s,s,s,s]}}, {s:s, s:{s:s}}]", "id", "a", "body", "name", "=1+1", "definition", "two\nlines, \"quoted\"",
	    "also_called", "'tis", "@x", "'=y", "- z", "id", "b", "body", "name", "plain");
	assert_round_trip(kind_by_name("practice"), items);
	const char *id = "a";
	json_t *body = json_object_get(json_array_get(items, 0), "body");
	g_autoptr(GString) table = table_write(kind_by_name("practice"), &id, &body, 1);
	assert_non_null(strstr(table->str, "a,'=1+1,"));
}

static void assert_table_fault(const char *text, gsize length, const char *pointer, const char *message)
{
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *records = table_read(kind_by_name("practice"), text, length, faults);
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = faults->pdata[i];
		assert_true(*f->message && *f->remedy);
		if (strcmp(f->pointer, pointer) == 0 && strstr(f->message, message))
			return;
	}
	fail_msg("no fault at %s saying \"%s\" in %s", pointer, message, text);
}

#define assert_fault(text, pointer, message) assert_table_fault(text, sizeof text - 1, pointer, message)

static void a_broken_table_is_refused_with_row_and_column(void **state)
{
	(void)state;
	assert_fault("", "", "empty");
	assert_fault("\n\n", "", "empty");
	assert_fault("name,id\nx,y\n", "/1/name", "not \"id\"");
	assert_fault("id,nmae\nx,y\n", "/1/nmae", "no such column");
	assert_fault("id,also_called\nx,y\n", "/1/also_called", "no such column");
	assert_fault("id,also_called.0\nx,y\n", "/1/also_called.0", "no such column");
	assert_fault("id,also_called.1.x\nx,y\n", "/1/also_called.1.x", "no such column");
	assert_fault("id,also_called.99999999\nx,y\n", "/1/also_called.99999999", "no such column");
	assert_fault("id,sources.1\nx,y\n", "/1/sources.1", "no such column");
	assert_fault("id,name,name\nx,y,z\n", "/1/name", "twice");
	assert_fault("id,name\nx,y,z\n", "/2/id", "more cells");
	assert_fault("id,name\n,y\n", "/2/id", "missing");
	assert_fault("id,name\nA B,y\n", "/2/id", "slug");
	assert_fault("id,name\nx,y\nx,z\n", "/3/id", "twice");
	assert_fault("id,name\nx,\"y\n", "", "Row 2: a quoted cell is not closed");
	assert_fault("id,name\nx,\"y\"z\n", "", "Row 2: text follows");
	assert_fault("id,name\nx,y\"z\n", "", "Row 2: a quote stands");
	assert_fault("id,name\nx,\xff\n", "", "Row 2: the text is not UTF-8");
	assert_fault("id,name\nx,\0y\n", "", "zero byte");
}

static void cells_may_be_labels_numbers_in_text_and_lists_with_gaps(void **state)
{
	(void)state;
	static const char text[] = "\xef\xbb\xbfid,name,category,themes,also_called.2,also_called.9,sources.3.n,sources.3.title,sources.3.kind,sources.3.year\r\n"
	                           "liming,Liming,Soil and growing medium,Land rehabilitation; circular economy,,carbonate,1,A source,Peer-reviewed,2010\r\n";
	g_autoptr(GPtrArray) faults = faults_new();
	json_auto_t *records = table_read(kind_by_name("practice"), text, sizeof text - 1, faults);
	assert_int_equal(faults->len, 0);
	g_autofree char *actual = canonical_text(records, NULL, NULL);
	assert_string_equal(actual,
	    "[{\"body\":{\"also_called\":[\"carbonate\"],\"category\":\"soil-and-growing-medium\",\"name\":\"Liming\",\"sources\":[{\"kind\":\"peer-reviewed\",\"n\":1,"
	    "\"title\":\"A source\",\"year\":2010}],\"themes\":[\"land-rehabilitation\",\"circular-economy\"]},\"id\":\"liming\"}]");
}

static void the_dictionary_defines_every_field(void **state)
{
	(void)state;
	for (gsize i = 0; i < kinds_count; i++) {
		g_autoptr(GString) text = kind_dictionary(kinds[i]);
		for (const field *f = kinds[i]->fields; f->name; f++) {
			g_autofree char *row = g_strdup_printf("| `%s` | %s |", f->name, f->label);
			assert_non_null(strstr(text->str, row));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_record_comes_back_from_csv_as_it_was),
		cmocka_unit_test(a_sample_of_every_kind_comes_back_from_csv_and_from_json_as_it_was),
		cmocka_unit_test(texts_that_need_quotes_or_look_like_formulas_survive),
		cmocka_unit_test(a_broken_table_is_refused_with_row_and_column),
		cmocka_unit_test(cells_may_be_labels_numbers_in_text_and_lists_with_gaps),
		cmocka_unit_test(the_dictionary_defines_every_field),
	};
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
