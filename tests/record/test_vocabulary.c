#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "record/kind.h"
#include "record/vocabulary.h"

static const char *matched(const char *list, const char *text)
{
	const term *t = vocabulary_match(vocabulary_get(list), text);
	return t ? t->id : "";
}

static void a_term_is_found_by_id_label_or_alias_whatever_the_case_and_white_space(void **state)
{
	(void)state;
	assert_string_equal(matched("themes", "land-rehabilitation"), "land-rehabilitation");
	assert_string_equal(matched("themes", " Biodiversity  NET gain "), "biodiversity-net-gain");
	assert_string_equal(matched("commodities", "china clay"), "kaolin");
	assert_string_equal(matched("countries", "cote d'ivoire"), "CIV");
	assert_string_equal(matched("countries", "T\xc3\x9cRKIYE"), "TUR");
	assert_string_equal(matched("evidence-grades", "A (peer-reviewed)"), "A");
	assert_string_equal(matched("units", "hectares"), "ha");
	assert_string_equal(matched("mine-types", "moon"), "");
	assert_string_equal(matched("mine-types", "\xff"), "");
}

static void a_word_nearly_right_gets_a_suggestion_and_a_strange_one_none(void **state)
{
	(void)state;
	assert_string_equal(vocabulary_nearest(vocabulary_get("commodities"), "coper"), "copper");
	assert_string_equal(vocabulary_nearest(vocabulary_get("stages"), "post-closur"), "post-closure");
	assert_null(vocabulary_nearest(vocabulary_get("stages"), "qqqqqqqqqqqqqqqqq"));
}

static void a_unit_says_what_it_measures_and_how_to_bring_it_to_its_base(void **state)
{
	(void)state;
	const vocabulary *units = vocabulary_get("units");
	const term *acre = vocabulary_find(units, "acre");
	assert_string_equal(acre->dimension, "area");
	assert_string_equal(acre->base, "ha");
	assert_true(fabs(acre->factor - 0.40468564224) < 1e-12);
	for (gsize i = 0; i < vocabulary_size(units); i++) {
		const term *t = vocabulary_term(units, i);
		assert_non_null(t->dimension);
		assert_non_null(vocabulary_find(units, t->base));
		/* Trees are not animals: what is counted is its own base. */
		if (strcmp(t->dimension, "count") == 0 || strcmp(t->dimension, "money") == 0)
			assert_string_equal(t->base, t->id);
	}
}

static void terms_keep_their_order_and_wider_terms_exist(void **state)
{
	(void)state;
	const vocabulary *grades = vocabulary_get("evidence-grades"), *frameworks = vocabulary_get("frameworks");
	for (gsize i = 0; i < 4; i++)
		assert_string_equal(vocabulary_term(grades, i)->id, ((const char *[]) { "A", "B", "C", "D" })[i]);
	assert_null(vocabulary_term(grades, 4));
	for (gsize i = 0; i < vocabulary_size(frameworks); i++) {
		const char *broader = vocabulary_term(frameworks, i)->broader;
		assert_true(!broader || vocabulary_find(frameworks, broader));
	}
	assert_string_equal(vocabulary_name(grades), "evidence-grades");
	assert_string_equal(vocabulary_label(grades), "Evidence grade");
}

static void countries_are_iso_3166_with_kosovo(void **state)
{
	(void)state;
	const vocabulary *countries = vocabulary_get("countries");
	assert_int_equal(vocabulary_size(countries), 250);
	assert_string_equal(vocabulary_find(countries, "XKX")->label, "Kosovo");
	for (gsize i = 0; i < vocabulary_size(countries); i++)
		assert_int_equal(strlen(vocabulary_term(countries, i)->id), 3);
}

static void vocabulary_is_used(const char *path, const field *f, gpointer data)
{
	(void)path;
	if (f->type == FIELD_TERM)
		g_hash_table_add(data, (gpointer)f->of);
}

/* Every file is embedded, bears its own name, and is what some field takes its terms from. */
static void every_vocabulary_file_is_embedded_and_used(void **state)
{
	(void)state;
	g_autofree char *path = g_build_filename(g_getenv("AFTERMINE_SOURCE"), "content", "vocabularies", NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	assert_non_null(folder);
	g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize i = 0; i < kinds_count; i++)
		kind_each_field(kinds[i], vocabulary_is_used, used);
	guint n = 0;
	for (const char *file; (file = g_dir_read_name(folder)); n++) {
		g_autofree char *name = g_strndup(file, strlen(file) - strlen(".json"));
		assert_string_equal(vocabulary_name(vocabulary_get(name)), name);
		if (!g_hash_table_contains(used, name))
			fail_msg("no field takes its terms from %s", name);
	}
	assert_true(n > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_term_is_found_by_id_label_or_alias_whatever_the_case_and_white_space),
		cmocka_unit_test(a_word_nearly_right_gets_a_suggestion_and_a_strange_one_none),
		cmocka_unit_test(a_unit_says_what_it_measures_and_how_to_bring_it_to_its_base),
		cmocka_unit_test(terms_keep_their_order_and_wider_terms_exist),
		cmocka_unit_test(every_vocabulary_file_is_embedded_and_used),
		cmocka_unit_test(countries_are_iso_3166_with_kosovo),
	};
	return cmocka_run_group_tests_name("vocabulary", tests, NULL, NULL);
}
