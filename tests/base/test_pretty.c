#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"
#include "base/pretty.h"

static void members_stand_in_their_order_one_a_line(void **state)
{
	(void)state;
	json_auto_t *value = json_loads("{\"b\":[1.50,{},[]],\"a\":{\"x\":\"\\u00e9\\n\"}}", 0, NULL);
	gsize length;
	g_autofree char *text = pretty_text(value, &length, NULL);
	assert_string_equal(text, "{\n  \"b\": [\n    1.5,\n    {},\n    []\n  ],\n  \"a\": {\n    \"x\": \"\xc3\xa9\\n\"\n  }\n}\n");
	assert_int_equal(length, strlen(text));
	json_auto_t *again = json_loads(text, 0, NULL);
	assert_true(json_equal(value, again));
}

static void what_has_no_canonical_form_is_refused(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	json_auto_t *value = json_pack("[I]", (json_int_t)9007199254740993);
	assert_null(pretty_text(value, NULL, &error));
	assert_non_null(error);
}

static gboolean collect(gpointer data, guint row, const char *const *cells, gsize n)
{
	GString *out = data;
	g_string_append_printf(out, "%u", row);
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(out, "<%s>", cells[i]);
	return TRUE;
}

static void csv_is_read_with_quotes_line_ends_and_a_byte_order_mark(void **state)
{
	(void)state;
	static const char text[] = "\xef\xbb\xbf" "a,b\r\n\"x,\"\"y\"\"\nz\",\n\n,\"\"\rlast,";
	g_autoptr(GString) out = g_string_new(NULL);
	assert_true(csv_read(text, sizeof text - 1, collect, out, NULL));
	assert_string_equal(out->str, "1<a><b>2<x,\"y\"\nz><>4<><>5<last><>");
}

static void a_cell_written_is_the_cell_read(void **state)
{
	(void)state;
	static const char *const cells[] = { "", "plain", "a,b", "say \"no\"", "two\nlines", " padded ", "\r" };
	for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
		g_autoptr(GString) line = g_string_new("x,"), out = g_string_new(NULL);
		csv_cell(line, cells[i]);
		g_autofree char *expected = g_strdup_printf("1<x><%s>", cells[i]);
		assert_true(csv_read(line->str, line->len, collect, out, NULL));
		assert_string_equal(out->str, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_stand_in_their_order_one_a_line),
		cmocka_unit_test(what_has_no_canonical_form_is_refused),
		cmocka_unit_test(csv_is_read_with_quotes_line_ends_and_a_byte_order_mark),
		cmocka_unit_test(a_cell_written_is_the_cell_read),
	};
	return cmocka_run_group_tests_name("csv and pretty JSON", tests, NULL, NULL);
}
