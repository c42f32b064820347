#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/content.h"
#include "record/diff.h"

static json_t *body_of(const char *text)
{
	json_t *body = json_loads(text, 0, NULL);
	assert_non_null(body);
	return body;
}

static void a_change_is_named_in_the_words_of_the_declaration(void **state)
{
	(void)state;
	json_auto_t *before = body_of("{\"title\":\"A\",\"themes\":[\"circular-economy\"],\"results\":[{\"as_stated\":\"area\",\"value\":1},{\"as_stated\":\"jobs\",\"value\":2}],\"biome\":\"x\"}");
	json_auto_t *after = body_of("{\"title\":\"B\",\"themes\":[\"circular-economy\",\"land-rehabilitation\"],\"results\":[{\"as_stated\":\"area\",\"value\":1},{\"as_stated\":\"jobs\",\"value\":3,\"year\":2020}]}");
	g_autoptr(GPtrArray) changes = body_diff(kind_by_name("case"), before, after);
	static const struct {
		const char *path, *label;
	} expected[] = {
		{ "/title", "Title" }, { "/themes/1", "Theme, 2" }, { "/biome", "Biome" }, { "/results/1/value", "Results, 2: Value" }, { "/results/1/year", "Results, 2: Year" },
	};
	assert_int_equal(changes->len, G_N_ELEMENTS(expected));
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		const change *c = changes->pdata[i];
		assert_string_equal(c->path, expected[i].path);
		assert_string_equal(c->label, expected[i].label);
		assert_true(c->before || c->after);
	}
	assert_null(((change *)changes->pdata[1])->before);
	assert_null(((change *)changes->pdata[2])->after);
}

static void a_whole_entry_that_comes_or_goes_is_one_change(void **state)
{
	(void)state;
	json_auto_t *before = body_of("{\"costs\":[{\"what\":\"a\",\"amount\":1}]}"), *after = body_of("{}");
	g_autoptr(GPtrArray) gone = body_diff(kind_by_name("case"), before, after), come = body_diff(kind_by_name("case"), after, before);
	assert_int_equal(gone->len, 1);
	assert_string_equal(((change *)gone->pdata[0])->path, "/costs/0");
	assert_int_equal(come->len, 1);
	assert_null(((change *)come->pdata[0])->before);
}

/* Puts the newer value at a JSON pointer. */
static void apply(json_t *body, const change *c)
{
	g_auto(GStrv) steps = g_strsplit(c->path + 1, "/", -1);
	json_t *at = body;
	guint n = g_strv_length(steps);
	for (guint i = 0; i < n; i++) {
		gboolean last = i + 1 == n;
		if (json_is_array(at)) {
			gsize index = (gsize)g_ascii_strtoull(steps[i], NULL, 10);
			if (last && index < json_array_size(at))
				json_array_set(at, index, c->after ? c->after : json_null());
			else if (last)
				json_array_append(at, c->after);
			else
				at = json_array_get(at, index);
			continue;
		}
		if (last && c->after)
			json_object_set(at, steps[i], c->after);
		else if (last)
			json_object_del(at, steps[i]);
		else {
			if (!json_object_get(at, steps[i]))
				json_object_set_new(at, steps[i], json_array());
			at = json_object_get(at, steps[i]);
		}
	}
}

/* What an entry that went leaves behind: nothing. */
static void prune(json_t *value)
{
	const char *name;
	json_t *member;
	void *next;
	if (json_is_array(value)) {
		for (gsize i = json_array_size(value); i > 0; i--)
			if (json_is_null(json_array_get(value, i - 1)))
				json_array_remove(value, i - 1);
			else
				prune(json_array_get(value, i - 1));
	} else if (json_is_object(value)) {
		json_object_foreach_safe(value, next, name, member) {
			prune(member);
			if (json_is_array(member) && json_array_size(member) == 0)
				json_object_del(value, name);
		}
	}
}

static void the_changes_between_any_two_cases_turn_the_one_into_the_other(void **state)
{
	(void)state;
	const kind *k = kind_by_name("case");
	json_auto_t *records = content_records(k);
	for (gsize i = 0; i + 1 < json_array_size(records); i++) {
		const json_t *before = json_object_get(json_array_get(records, i), "body"), *after = json_object_get(json_array_get(records, i + 1), "body");
		json_auto_t *copy = json_deep_copy(before);
		g_autoptr(GPtrArray) changes = body_diff(k, before, after), none = body_diff(k, before, before);
		assert_int_equal(none->len, 0);
		for (guint n = 0; n < changes->len; n++)
			apply(copy, changes->pdata[n]);
		prune(copy);
		assert_true(json_equal(copy, after));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_is_named_in_the_words_of_the_declaration),
		cmocka_unit_test(a_whole_entry_that_comes_or_goes_is_one_change),
		cmocka_unit_test(the_changes_between_any_two_cases_turn_the_one_into_the_other),
	};
	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
