#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/slug.h"

static void assert_slug(const char *text, const char *expected)
{
	g_autofree char *slug = slug_from_text(text);
	assert_string_equal(slug, expected);
	assert_true(slug_is_valid(slug));
}

static void a_text_of_any_script_becomes_words_with_hyphens(void **state)
{
	(void)state;
	assert_slug("Giant Mine, NWT", "giant-mine-nwt");
	assert_slug("  Oyu  Tolgoi (2)  ", "oyu-tolgoi-2");
	assert_slug("Minas Gerais \xe2\x80\x94 S\xc3\xa3o Jo\xc3\xa3o", "minas-gerais-sao-joao");
	assert_slug("\xd0\xad\xd1\x80\xd0\xb4\xd1\x8d\xd0\xbd\xd1\x8d\xd1\x82", "erdenet");
	assert_slug("C\xc3\xb4te d'Ivoire", "cote-divoire");
	assert_slug("\xe5\xb9\xb3\xe6\x9c\x94", "ping-shuo");
}

static void a_slug_is_never_empty_nor_too_long_and_ends_with_a_whole_word(void **state)
{
	(void)state;
	g_autofree char *none = slug_from_text("!?"), *broken = slug_from_text("\xff\xfe""abc");
	assert_true(slug_is_valid(none));
	assert_true(slug_is_valid(broken));
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 60; i++)
		g_string_append(text, "hectare ");
	g_autofree char *cut = slug_from_text(text->str);
	assert_true(strlen(cut) <= SLUG_MAX);
	assert_true(g_str_has_suffix(cut, "-hectare"));
	assert_true(slug_is_valid(cut));
	memset(text->str, 'a', text->len);
	g_autofree char *solid = slug_from_text(text->str);
	assert_int_equal(strlen(solid), SLUG_MAX);
}

static void only_lower_case_words_with_single_hyphens_are_slugs(void **state)
{
	(void)state;
	static const char *const good[] = { "a", "0", "a-b", "cop17-2026" }, *const bad[] = { "", "-", "a-", "-a", "a--b", "A", "a b", "a/b", "\xc3\xa9", "a\n" };
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		assert_true(slug_is_valid(good[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(slug_is_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_of_any_script_becomes_words_with_hyphens),
		cmocka_unit_test(a_slug_is_never_empty_nor_too_long_and_ends_with_a_whole_word),
		cmocka_unit_test(only_lower_case_words_with_single_hyphens_are_slugs),
	};
	return cmocka_run_group_tests_name("slug", tests, NULL, NULL);
}
