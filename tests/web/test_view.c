#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/exchange.h"
#include "web/view.h"

/* Compares with JSON written with ' for ". */
static void assert_view(json_t *view, const char *expected)
{
	g_autofree char *text = g_strdelimit(g_strdup(expected), "'", '"');
	json_t *wanted = json_loads(text, JSON_DECODE_ANY, NULL);
	assert_non_null(wanted);
	if (!json_equal(view, wanted)) {
		char *got = json_dumps(view, JSON_COMPACT);
		print_error("got %s\nwanted %s\n", got, text);
		free(got);
		fail();
	}
	json_decref(wanted);
	json_decref(view);
}

static void a_number_in_brackets_refers_to_a_source(void **state)
{
	(void)state;
	assert_view(view_pieces("limed [2]."), "[{'text':'limed ','ref':null},{'text':'','ref':2},{'text':'.','ref':null}]");
	assert_view(view_pieces("[1][3]"), "[{'text':'','ref':1},{'text':'','ref':3}]");
}

static void brackets_that_are_no_reference_stay_as_they_are(void **state)
{
	(void)state;
	assert_view(view_pieces("a [sic] b"), "[{'text':'a [sic] b','ref':null}]");
	assert_view(view_pieces("[0] [1000] [12"), "[{'text':'[0] [1000] [12','ref':null}]");
	assert_view(view_pieces(""), "[]");
}

static void lines_of_a_text_become_paragraphs_and_empty_ones_vanish(void **state)
{
	(void)state;
	assert_view(view_prose("one\n\n two \n"), "{'paragraphs':[{'pieces':[{'text':'one','ref':null}]},{'pieces':[{'text':'two','ref':null}]}]}");
}

/* Compares a snippet's pieces, a match in brackets. */
static void assert_marked(const char *snippet, const char *expected)
{
	static const char template[] = "{{#pieces}}{{text}}{{#hit}}[{{hit}}]{{/hit}}{{/pieces}}";
	const http_site site = { 0 };
	request r;
	request_init(&r, &site);
	json_t *view = json_pack("{s:o}", "pieces", mustache_list_json(view_marked(&r, snippet)));
	g_autoptr(mustache) m = mustache_compile(template, strlen(template), NULL, NULL, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	assert_true(mustache_render(m, view, NULL, NULL, out, NULL));
	assert_string_equal(out->str, expected);
	json_decref(view);
	request_clear(&r);
}

static void hits_of_a_snippet_are_told_apart_and_fields_kept_apart(void **state)
{
	(void)state;
	assert_marked("mine \xee\x80\x80""acid\xee\x80\x81 water\nCopper", "mine [acid] water \xc2\xb7 Copper");
	assert_marked("\xee\x80\x80open", "[open]");
	assert_marked("a <b>\xee\x80\x80""c&d\xee\x80\x81", "a &lt;b&gt;[c&amp;d]");
	assert_marked(NULL, "");
}

static void a_long_text_is_cut_at_a_word_and_a_short_one_is_not(void **state)
{
	(void)state;
	g_autofree char *cut = view_shorten("land after mining", 12), *whole = view_shorten("land after mining", 17), *word = view_shorten("rehabilitation", 5);
	assert_string_equal(cut, "land after …");
	assert_string_equal(whole, "land after mining");
	assert_string_equal(word, "rehab …");
	g_autofree char *cyrillic = view_shorten("\xd1\x83\xd1\x83\xd0\xbb \xd1\x83\xd1\x83\xd1\x80\xd1\x85\xd0\xb0\xd0\xb9", 6);
	assert_true(g_utf8_validate(cyrillic, -1, NULL));
}

static void placeholders_are_replaced_by_name_wherever_the_language_puts_them(void **state)
{
	(void)state;
	g_autofree char *text = view_message("{total}: {n} of {total}", "n", "2", "total", "5", NULL);
	assert_string_equal(text, "5: 2 of 5");
	g_autofree char *given = view_message("“{q}”: {n}, {unknown} {", "q", "{n}", "n", NULL, NULL); /* what somebody typed is no placeholder */
	assert_string_equal(given, "“{n}”: , {unknown} {");
}

static void a_year_is_said_once(void **state)
{
	(void)state;
	const http_site site = { 0 };
	request r;
	request_init(&r, &site);
	assert_string_equal(view_dated(&r, "area limed", 2010), "area limed, 2010");
	assert_string_equal(view_dated(&r, "area limed by 2010", 2010), "area limed by 2010");
	assert_string_equal(view_dated(&r, "area limed", 0), "area limed");
	request_clear(&r);
}

/* A record says true, a facet "yes". */
static void yes_and_no_are_said_however_they_are_kept(void **state)
{
	(void)state;
	const http_site site = { 0 };
	const field f = { .name = "worldwide", .type = FIELD_YESNO };
	request r;
	request_init(&r, &site);
	assert_string_equal(view_facet_label(&r, &f, "yes"), "yes");
	assert_string_equal(view_facet_label(&r, &f, "no"), "no");
	g_autofree char *kept = view_value(&r, &f, json_true()), *not = view_value(&r, &f, json_false());
	assert_string_equal(kept, "yes");
	assert_string_equal(not, "no");
	request_clear(&r);
}

static void a_picture_keeps_the_question_of_its_address_in_all_its_forms(void **state)
{
	(void)state;
	json_t *plain = json_object(), *asked = json_object();
	view_picture(plain, "/world", NULL);
	view_picture(asked, "/cases?q=a", "page=2");
	assert_view(plain, "{'still':'/world.svg','still_dark':'/world.svg?scheme=dark','still_narrow':'/world.svg?width=narrow',"
		"'still_narrow_dark':'/world.svg?scheme=dark&width=narrow'}");
	assert_view(asked, "{'still':'/cases.svg?q=a&page=2','still_dark':'/cases.svg?q=a&page=2&scheme=dark','still_narrow':'/cases.svg?q=a&page=2&width=narrow',"
		"'still_narrow_dark':'/cases.svg?q=a&page=2&scheme=dark&width=narrow'}");
}

/* A page has members of the same names. */
static void what_a_cell_has_not_is_not_taken_from_further_out(void **state)
{
	(void)state;
	static const char template[] = "{{#table}}{{#rows}}{{#cells}}{{label}}:{{text}}{{#head}} head{{/head}}{{#code}} code{{/code}}{{#numeric}} number{{/numeric}}{{#href}} {{href}}{{/href}}"
		"{{#unit}} {{unit}}{{/unit}}{{#note}} {{note}}{{/note}}{{#mark}}{{#promised}} promised{{/promised}}{{#reported}} reported{{/reported}}{{/mark}}{{#explain}} {{name}}{{/explain}}; "
		"{{/cells}}{{/rows}}{{/table}}";
	json_t *table = view_table("Areas");
	view_table_column(table, "Value", TRUE);
	view_table_column(table, "What", FALSE);
	const trust mark = TRUST_REPORTED;
	view_table_row(table, (const view_cell[]){ { .text = "12", .unit = "ha", .mark = &mark, .explain = json_pack("{s:s}", "name", "sum") }, { 0 } }, 2);
	view_table_row(table, (const view_cell[]){ { .text = "13", .head = TRUE, .href = "/a" }, { .text = "x", .code = TRUE, .note = "of two" } }, 2);
	json_t *view = json_pack("{s:o, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:s, s:{s:b}, s:{s:s}}", "table", table, "text", "out", "href", "out", "unit", "out", "note", "out", "head", 1, "code", 1,
		"numeric", 1, "label", "out", "mark", "promised", 1, "explain", "name", "out");
	g_autoptr(mustache) m = mustache_compile(template, strlen(template), NULL, NULL, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	assert_true(mustache_render(m, view, NULL, NULL, out, NULL));
	assert_string_equal(out->str, "Value:12 number ha reported sum; What:; Value:13 head number /a; What:x code of two; ");
	json_decref(view);
}

static void the_last_crumb_leads_nowhere(void **state)
{
	(void)state;
	assert_view(view_breadcrumbs("Compilation", "/cases", "Sudbury", NULL), "[{'label':'Compilation','href':'/cases'},{'label':'Sudbury','href':null}]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_in_brackets_refers_to_a_source),
		cmocka_unit_test(brackets_that_are_no_reference_stay_as_they_are),
		cmocka_unit_test(lines_of_a_text_become_paragraphs_and_empty_ones_vanish),
		cmocka_unit_test(hits_of_a_snippet_are_told_apart_and_fields_kept_apart),
		cmocka_unit_test(a_long_text_is_cut_at_a_word_and_a_short_one_is_not),
		cmocka_unit_test(placeholders_are_replaced_by_name_wherever_the_language_puts_them),
		cmocka_unit_test(a_year_is_said_once),
		cmocka_unit_test(yes_and_no_are_said_however_they_are_kept),
		cmocka_unit_test(a_picture_keeps_the_question_of_its_address_in_all_its_forms),
		cmocka_unit_test(what_a_cell_has_not_is_not_taken_from_further_out),
		cmocka_unit_test(the_last_crumb_leads_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
