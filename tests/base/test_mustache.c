#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/mustache.h"

/* The specification's cases stand in mustache/MODULE.json: data, template, partials, expected. */
static const char *const modules[] = { "comments", "delimiters", "interpolation", "inverted", "partials", "sections", "inheritance", "dynamic-names" };

static const mustache *find_partial(gpointer data, const char *name)
{
	return g_hash_table_lookup(data, name);
}

static char *render(const char *template, const json_t *view, const json_t *partials, GError **error)
{
	g_autoptr(GHashTable) compiled = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)mustache_free);
	const char *name;
	json_t *text;
	json_object_foreach((json_t *)partials, name, text) {
		mustache *m = mustache_compile(json_string_value(text), json_string_length(text), NULL, NULL, error);
		if (!m)
			return NULL;
		g_hash_table_insert(compiled, (gpointer)name, m);
	}
	g_autoptr(mustache) m = mustache_compile(template, strlen(template), NULL, NULL, error);
	g_autoptr(GString) out = g_string_new(NULL);
	if (!m || !mustache_render(m, view, find_partial, compiled, out, error))
		return NULL;
	return g_strdup(out->str);
}

static void renders_as_the_specification_says(void **state)
{
	const json_t *c = *state;
	g_autoptr(GError) error = NULL;
	g_autofree char *out = render(json_string_value(json_object_get(c, "template")), json_object_get(c, "data"), json_object_get(c, "partials"), &error);
	if (error)
		fail_msg("%s", error->message);
	assert_string_equal(out, json_string_value(json_object_get(c, "expected")));
}

/* ---- the same views with lists in place of objects and arrays ---- */

static mustache_list *list_from(pool *p, const json_t *value);

/* FALSE: it is neither text nor truth nor a list of objects. */
static gboolean cell_from(pool *p, const json_t *value, mustache_cell *cell)
{
	*cell = (mustache_cell){ .text = json_is_true(value) ? mustache_true : json_string_value(value), .list = list_from(p, value) };
	return cell->text || cell->list || json_is_null(value) || json_is_false(value);
}

/* An object as a list of one, an array of objects with the same members as a list of them; NULL: it is neither. */
static mustache_list *list_from(pool *p, const json_t *value)
{
	gsize n = json_is_array(value) ? json_array_size(value) : json_is_object(value), k = 0;
	json_t *first = json_is_array(value) ? json_array_get(value, 0) : (json_t *)value, *unused;
	if (!json_is_object(first) && !(json_is_array(value) && !n))
		return NULL;
	const char *name, **members = pool_take(p, (json_object_size(first) + 1) * sizeof *members);
	json_object_foreach(first, name, unused)
		members[k++] = name;
	members[k] = NULL;
	mustache_list *list = mustache_list_new(p, members);
	for (gsize i = 0; i < n; i++) {
		const json_t *entry = json_is_array(value) ? json_array_get(value, i) : value;
		mustache_cell *cells = mustache_list_add(list);
		for (k = 0; members[k]; k++)
			if (!cell_from(p, json_object_get(entry, members[k]), &cells[k]))
				return NULL;
		if (json_object_size(entry) != json_object_size(first))
			return NULL;
	}
	return list;
}

/* The view with a list in place of every member that can be one; *lists: how many. */
static json_t *view_with_lists(pool *p, const json_t *view, gsize *lists)
{
	json_t *with = json_copy((json_t *)view), *member;
	const char *name;
	json_object_foreach((json_t *)view, name, member) {
		mustache_list *list = list_from(p, member);
		*lists += list != NULL;
		if (list)
			json_object_set_new(with, name, mustache_list_json(list));
	}
	return with;
}

static void lists_render_as_the_objects_and_arrays_they_stand_for(void **state)
{
	gsize lists = 0;
	for (json_t *const *c = *state; *c; c++) {
		pool *p = pool_new();
		json_t *view = view_with_lists(p, json_object_get(*c, "data"), &lists);
		g_autoptr(GError) error = NULL;
		g_autofree char *out = render(json_string_value(json_object_get(*c, "template")), view, json_object_get(*c, "partials"), &error);
		if (error || strcmp(out, json_string_value(json_object_get(*c, "expected"))) != 0)
			fail_msg("%s: “%s”", json_string_value(json_object_get(*c, "name")), error ? error->message : out);
		json_decref(view);
		pool_free(p);
	}
	assert_true(lists > 30);
}

static void a_member_of_a_list_that_is_null_hides_one_of_that_name_further_out(void **state)
{
	(void)state;
	static const char *const members[] = { "name", "note", NULL };
	static const char template[] = "{{#rows}}{{name}}{{#note}}({{note}}){{/note}}{{^note}}-{{/note}}{{unit}} {{/rows}}{{#none}}x{{/none}}{{^none}}none{{/none}}{{rows.name}}";
	pool *p = pool_new();
	mustache_list *rows = mustache_list_new(p, members), *none = mustache_list_new(p, members);
	mustache_list_add(rows)[0].text = "<a>";
	mustache_cell *second = mustache_list_add(rows);
	second[0].text = "b";
	second[1].text = "new";
	mustache_cell *third = mustache_list_add(rows);
	third[0].text = "c";
	third[1].text = ""; /* as false as none */
	assert_int_equal(mustache_list_size(rows), 3);
	json_t *view = json_pack("{s:s, s:s, s:o, s:o}", "note", "outer", "unit", "ha", "rows", mustache_list_json(rows), "none", mustache_list_json(none));
	g_autofree char *out = render(template, view, NULL, NULL);
	assert_string_equal(out, "&lt;a&gt;-ha b(new)ha c-ha none"); /* several have no name between them */
	json_decref(view);
	pool_free(p);
}

static char *rendered(const char *template, const char *json)
{
	json_t *view = json_loads(json, JSON_DECODE_ANY, NULL);
	assert_non_null(view);
	char *out = render(template, view, NULL, NULL);
	json_decref(view);
	return out;
}

static void an_empty_text_is_false_and_zero_is_a_value(void **state)
{
	(void)state;
	g_autofree char *empty = rendered("{{#x}}yes{{/x}}{{^x}}no{{/x}}", "{\"x\":\"\"}");
	assert_string_equal(empty, "no");
	g_autofree char *zero = rendered("{{#x}}{{.}} ha{{/x}}", "{\"x\":0}");
	assert_string_equal(zero, "0 ha");
}

static void text_cannot_leave_an_attribute_in_either_quote(void **state)
{
	(void)state;
	g_autofree char *out = rendered("<a title='{{x}}' alt=\"{{x}}\">", "{\"x\":\"' onclick='\\\" onload=\\\"\"}");
	assert_string_equal(out, "<a title='&#39; onclick=&#39;&quot; onload=&quot;' alt=\"&#39; onclick=&#39;&quot; onload=&quot;\">");
}

static const char *shouted(gpointer data, const char *message)
{
	GPtrArray *kept = data;
	char *text = strcmp(message, "{{n}} sites in {{place}}") == 0 ? g_strdup("IN {{place}}: {{n}} SITES") : g_utf8_strup(message, -1);
	g_ptr_array_add(kept, text);
	return text;
}

static void a_message_is_translated_with_its_placeholders_in_the_order_of_the_translation(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
	const char *template = "<p>{{#_}}{{n}} sites\n\t in {{place}}{{/_}}</p>{{# _ }}land{{/ _ }}{{#list}} {{#_}}row{{/_}}{{/list}}";
	g_autoptr(mustache) m = mustache_compile(template, strlen(template), shouted, kept, NULL);
	assert_non_null(m);
	json_t *view = json_loads("{\"n\":3,\"place\":\"<Peru>\",\"list\":[1,2]}", 0, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	assert_true(mustache_render(m, view, NULL, NULL, out, NULL));
	assert_string_equal(out->str, "<p>IN &lt;Peru&gt;: 3 SITES</p>LAND ROW ROW");
	json_decref(view);
}

static void a_broken_template_is_refused_with_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *template, *said;
	} cases[] = {
		{ "a\nb {{#x}}\n", "line 2" }, { "{{/x}}", "line 1" }, { "{{#a}}\n{{/b}}", "does not fit" }, { "x\n\n{{name", "line 3" }, { "{{}}", "no name" },
		{ "{{{x}}", "no closing" }, { "{{=x=}}", "two delimiters" }, { "{{#_}}open", "no {{/_}} closes" }, { "{{#_}}a{{#_}}b{{/_}}{{/_}}", "may not hold" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(mustache_compile(cases[i].template, strlen(cases[i].template), NULL, NULL, &error));
		if (!strstr(error->message, cases[i].said))
			fail_msg("“%s” does not say “%s”", error->message, cases[i].said);
	}
}

static void a_partial_that_includes_itself_for_ever_is_an_error(void **state)
{
	(void)state;
	json_t *partials = json_pack("{s:s}", "p", "{{>p}}"), *view = json_object();
	g_autoptr(GError) error = NULL;
	assert_null(render("{{>p}}", view, partials, &error));
	assert_non_null(strstr(error->message, "includes itself"));
	json_decref(partials);
	json_decref(view);
}

static void a_page_that_grows_without_end_is_an_error(void **state)
{
	(void)state;
	json_t *partials = json_pack("{s:s}", "p", "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}12345678{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}");
	json_t *view = json_loads("{\"l\":[0,1,2,3,4,5,6,7,8,9]}", 0, NULL);
	g_autoptr(GError) error = NULL;
	assert_null(render("{{>p}}", view, partials, &error));
	assert_non_null(strstr(error->message, "16 MiB"));
	json_decref(partials);
	json_decref(view);
}

int main(void)
{
	g_autoptr(GArray) tests = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
	g_autoptr(GPtrArray) all = g_ptr_array_new(); /* cases */
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(modules); i++) {
		g_autofree char *path = g_strdup_printf("%s/tests/base/mustache/%s.json", g_getenv("AFTERMINE_SOURCE"), modules[i]);
		json_error_t error;
		json_t *file = json_load_file(path, 0, &error);
		if (!file)
			g_error("%s:%d: %s", path, error.line, error.text);
		g_ptr_array_add(kept, file);
		gsize k;
		json_t *c;
		json_array_foreach(json_object_get(file, "tests"), k, c) {
			char *name = g_strdup_printf("specification, %s: %s", modules[i], json_string_value(json_object_get(c, "name")));
			g_ptr_array_add(names, name);
			struct CMUnitTest test = { .name = name, .test_func = renders_as_the_specification_says, .initial_state = c };
			g_array_append_val(tests, test);
			g_ptr_array_add(all, c);
		}
	}
	g_ptr_array_add(all, NULL);
	const struct CMUnitTest own[] = {
		cmocka_unit_test_prestate(lists_render_as_the_objects_and_arrays_they_stand_for, all->pdata),
		cmocka_unit_test(a_member_of_a_list_that_is_null_hides_one_of_that_name_further_out),
		cmocka_unit_test(an_empty_text_is_false_and_zero_is_a_value),
		cmocka_unit_test(text_cannot_leave_an_attribute_in_either_quote),
		cmocka_unit_test(a_message_is_translated_with_its_placeholders_in_the_order_of_the_translation),
		cmocka_unit_test(a_broken_template_is_refused_with_its_line),
		cmocka_unit_test(a_partial_that_includes_itself_for_ever_is_an_error),
		cmocka_unit_test(a_page_that_grows_without_end_is_an_error),
	};
	g_array_append_vals(tests, own, G_N_ELEMENTS(own));
	return _cmocka_run_group_tests("mustache", (gpointer)tests->data, tests->len, NULL, NULL);
}
