#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/kind.h"
#include "record/vocabulary.h"

static void a_kind_is_found_by_its_name_and_by_its_plural(void **state)
{
	(void)state;
	for (gsize i = 0; i < kinds_count; i++) {
		assert_ptr_equal(kind_by_name(kinds[i]->name), kinds[i]);
		assert_ptr_equal(kind_by_plural(kinds[i]->plural), kinds[i]);
	}
	assert_null(kind_by_name("cases"));
	assert_null(kind_by_plural("case"));
}

static void field_is_whole(const char *path, const field *f, gpointer data)
{
	GHashTable *seen = data;
	assert_true(g_hash_table_add(seen, g_strdup(path)));
	assert_non_null(f->label);
	assert_non_null(f->help);
	assert_true(g_regex_match_simple("^[a-z][a-z0-9_]*$", f->name, 0, 0));
	if (f->type == FIELD_TERM)
		assert_true(vocabulary_size(vocabulary_get(f->of)) > 0);
	if (f->type == FIELD_REF)
		assert_non_null(kind_by_name(f->of));
	assert_true((f->type == FIELD_GROUP) == (f->fields != NULL));
	if (f->flags & FIELD_FACET)
		assert_true(f->type == FIELD_TERM || f->type == FIELD_REF || f->type == FIELD_YEAR || f->type == FIELD_YESNO);
	if (f->flags & FIELD_UNIQUE)
		assert_true(f->flags & FIELD_REPEATED);
}

static void every_field_has_a_label_a_definition_and_a_vocabulary_or_kind_that_exists(void **state)
{
	(void)state;
	for (gsize i = 0; i < kinds_count; i++) {
		g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		kind_each_field(kinds[i], field_is_whole, seen);
	}
}

static void a_kind_names_only_fields_of_its_own(void **state)
{
	(void)state;
	for (gsize i = 0; i < kinds_count; i++) {
		const kind *k = kinds[i];
		const char *const paths[] = { k->title, k->summary, k->longitude, k->latitude, k->geometry, k->country };
		for (gsize j = 0; j < G_N_ELEMENTS(paths); j++)
			if (paths[j])
				assert_non_null(kind_field(k, paths[j]));
		assert_true(kind_field(k, k->title)->flags & FIELD_REQUIRED);
		assert_non_null(k->help);
	}
}

static void a_path_leads_to_its_field_and_to_all_its_values(void **state)
{
	(void)state;
	const kind *k = kind_by_name("case");
	assert_string_equal(kind_field(k, "results.indicator")->of, "indicators");
	assert_null(kind_field(k, "results.nothing"));
	assert_null(kind_field(k, "title.value"));
	assert_null(kind_field(k, ""));

	json_auto_t *body = json_loads("{\"practices\":[{\"practice\":[\"a\",\"b\"]},{},{\"practice\":[\"c\",null]}],\"country\":\"CAN\"}", 0, NULL);
	g_autoptr(GPtrArray) values = body_values(body, "practices.practice"), country = body_values(body, "country"), none = body_values(body, "country.x");
	assert_int_equal(values->len, 3);
	assert_string_equal(json_string_value(values->pdata[2]), "c");
	assert_int_equal(country->len, 1);
	assert_int_equal(none->len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kind_is_found_by_its_name_and_by_its_plural),
		cmocka_unit_test(every_field_has_a_label_a_definition_and_a_vocabulary_or_kind_that_exists),
		cmocka_unit_test(a_kind_names_only_fields_of_its_own),
		cmocka_unit_test(a_path_leads_to_its_field_and_to_all_its_values),
	};
	return cmocka_run_group_tests_name("kind", tests, NULL, NULL);
}
