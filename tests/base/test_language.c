#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "base/catalogue.h"
#include "base/language.h"
#include "base/plural.h"

#define assert_text(call, expected) \
	do { \
		g_autofree char *text_ = (call); \
		assert_string_equal(text_, expected); \
	} while (0)

static void english_writes_numbers_dates_and_lists_as_the_world_does(void **state)
{
	(void)state;
	const language *en = language_get("en");
	assert_text(language_number(en, 12345.64, 1), "12,345.6");
	assert_text(language_number(en, 12345, 2), "12,345");
	char buffer[LANGUAGE_NUMBER];
	assert_true(language_number_into(en, 123456.5, 6, buffer));
	assert_string_equal(buffer, "123,456.5");
	assert_false(language_number_into(en, 0, 0, buffer) || language_number_into(en, -1, 0, buffer) || language_number_into(en, 1e6, 0, buffer));
	assert_false(language_number_into(en, 12345.64, 1, buffer)); /* it would have to be rounded */
	assert_text(language_number(en, 0.5, 0), "1");
	assert_text(language_significant(en, 12345, 3), "12,300");
	assert_text(language_significant(en, 0.01234, 2), "0.012");
	assert_text(language_percent(en, 0.825, 1), "82.5%");
	assert_text(language_date(en, "2026-08-24"), "24 August 2026");
	assert_text(language_date(en, "2026-08"), "August 2026");
	assert_text(language_date(en, "2026"), "2026");
	assert_text(language_date(en, "not a date"), "not a date");
	const char *const three[] = { "a", "b", "c", NULL }, *const none[] = { NULL };
	assert_text(language_list(en, three), "a, b and c");
	assert_text(language_list(en, three + 2), "c");
	assert_text(language_list(en, none), "");
	assert_text(language_country(en, "MNG"), "Mongolia");
	assert_text(language_country(en, "CHN"), "China");
	assert_text(language_country(en, "XKX"), "Kosovo");
	assert_text(language_country(en, "XXX"), "XXX");
	assert_true(language_compare(en, "éa", "eb") < 0);
}

/* Whole numbers are written without ICU where that gives the same: significant digits always come from ICU. */
static void whole_numbers_are_grouped_as_icu_groups_them(void **state)
{
	(void)state;
	static const char *const tags[] = { "en", "en-XA", "ar-XB" };
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
		for (guint n = 1; n < 3000000; n += n < 20000 ? 7 : 1313) {
			g_autofree char *icu = language_significant(language_get(tags[i]), n, 7);
			assert_text(language_number(language_get(tags[i]), n, 0), icu);
		}
}

/* Numbers of few decimals, too; and what has more, or is rounded. */
static void decimals_are_written_as_icu_writes_them(void **state)
{
	(void)state;
	static const char *const tags[] = { "en", "en-XA", "ar-XB" };
	static const double powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
		for (guint digits = 1; digits < 9999999; digits += digits < 12000 ? 7 : 9241)
			for (gsize decimals = 0; decimals < G_N_ELEMENTS(powers); decimals++) {
				g_autofree char *icu = language_significant(language_get(tags[i]), digits / powers[decimals], 7);
				assert_text(language_number(language_get(tags[i]), digits / powers[decimals], 6), icu);
			}
	const language *en = language_get("en");
	assert_text(language_number(en, 0.1 + 0.2, 6), "0.3");
	assert_text(language_number(en, 2.0 / 3, 6), "0.666667");
	assert_text(language_number(en, 999999.9999999, 6), "1,000,000");
	assert_text(language_number(en, 0.0000004, 6), "0");
	assert_text(language_number(en, 0, 6), "0");
	assert_text(language_number(en, -12.5, 6), "-12.5");
	assert_text(language_number(en, 12.25, 1), "12.3");
}

static void what_is_not_finite_is_a_dash(void **state)
{
	(void)state;
	assert_text(language_number(language_get("en"), (double)NAN, 1), "–");
}

static void the_header_chooses_among_what_is_offered(void **state)
{
	(void)state;
	assert_string_equal(language_tag(language_negotiate("fr;q=0.1, en-GB;q=0.9")), "en");
	assert_string_equal(language_tag(language_negotiate("xx, *;q=0.5")), "en");
	assert_string_equal(language_tag(language_negotiate(NULL)), "en");
	assert_string_equal(language_tag(language_negotiate("en;q=banana,,,;;;q=")), "en");
	assert_string_equal(language_tag(language_negotiate("en-XA")), "en"); /* pseudo-languages are never offered */
}

static void pseudo_languages_exist_but_are_not_offered(void **state)
{
	(void)state;
	const language *accented = language_get("en-XA"), *mirrored = language_get("ar-XB");
	assert_non_null(accented);
	assert_non_null(mirrored);
	assert_true(language_is_rtl(mirrored));
	assert_false(language_is_rtl(accented));
	for (const char *const *tag = language_tags(); *tag; tag++)
		assert_null(strstr(*tag, "-X"));
	assert_null(language_get("tlh"));
}

static void plural_rules_of_the_languages_give_their_forms(void **state)
{
	(void)state;
	static const struct {
		const char *rule;
		guint64 n[6];
		guint form[6];
	} cases[] = {
		{ "nplurals=2; plural=(n > 1);", { 0, 1, 2, 3, 11, 101 }, { 0, 0, 1, 1, 1, 1 } },
		{ "nplurals=1; plural=0;", { 0, 1, 2, 3, 4, 5 }, { 0, 0, 0, 0, 0, 0 } },
		{ "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);", { 1, 2, 5, 11, 21, 112 }, { 0, 1, 2, 2, 0, 2 } },
		{ "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);", { 0, 1, 2, 7, 11, 100 }, { 0, 1, 2, 3, 4, 5 } },
		{ "nplurals=2; plural=10-3-n;", { 6, 7, 0, 6, 7, 6 }, { 1, 0, 0, 1, 0, 1 } },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		plural_rule *rule = plural_rule_new(cases[i].rule);
		assert_non_null(rule);
		for (gsize k = 0; k < 6; k++)
			assert_int_equal(plural_rule_form(rule, cases[i].n[k]), cases[i].form[k]);
		plural_rule_free(rule);
	}
}

static void a_rule_that_is_none_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "plural=n", "nplurals=0; plural=0", "nplurals=9; plural=0", "nplurals=2; plural=(n", "nplurals=2; plural=n==", "nplurals=2; plural=m",
		"nplurals=2; plural=n%0", "nplurals=2; plural=n ? 1", "nplurals=2; plural=1 2" };
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_null(plural_rule_new(wrong[i]));
	g_autofree char *deep = g_strnfill(400, '(');
	g_autofree char *rule = g_strconcat("nplurals=2; plural=", deep, NULL);
	assert_null(plural_rule_new(rule));
}

/* "fox" -> "renard"; "ctx" EOT "fox" -> "goupil"; "%d fox" -> 2 forms */
static GByteArray *small_catalogue(gboolean swapped)
{
	static const struct {
		const char *text;
		guint32 length;
	} strings[] = {
#define BYTES(text) { text, sizeof(text) - 1 }
		BYTES(""), BYTES("%d fox\0%d foxes"), BYTES("ctx\004fox"), BYTES("fox"),
		BYTES("Plural-Forms: nplurals=2; plural=n > 1;\n"), BYTES("%d renard\0%d renards"), BYTES("goupil"), BYTES("renard"),
	};
	guint32 head[7 + 16] = { 0x950412de, 0, 4, 28, 28 + 32, 0, 28 + 64 };
	guint32 at = sizeof head;
	for (gsize i = 0; i < 8; i++) {
		head[7 + 2 * i] = strings[i].length;
		head[8 + 2 * i] = at;
		at += strings[i].length + 1;
	}
	for (gsize i = 0; swapped && i < G_N_ELEMENTS(head); i++)
		head[i] = GUINT32_SWAP_LE_BE(head[i]);
	GByteArray *bytes = g_byte_array_new();
	g_byte_array_append(bytes, (const guint8 *)head, sizeof head);
	for (gsize i = 0; i < 8; i++)
		g_byte_array_append(bytes, (const guint8 *)strings[i].text, strings[i].length + 1);
	return bytes;
}

static void a_catalogue_of_either_byte_order_gives_texts_contexts_and_plurals(void **state)
{
	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(small_catalogue(swapped));
		g_autoptr(catalogue) c = catalogue_new(bytes, NULL);
		assert_non_null(c);
		assert_string_equal(catalogue_text(c, NULL, "fox"), "renard");
		assert_string_equal(catalogue_text(c, "ctx", "fox"), "goupil");
		assert_null(catalogue_text(c, "other", "fox"));
		assert_null(catalogue_text(c, NULL, "hen"));
		assert_null(catalogue_text(c, NULL, ""));
		assert_string_equal(catalogue_plural(c, "%d fox", 1), "%d renard");
		assert_string_equal(catalogue_plural(c, "%d fox", 2), "%d renards");
		assert_null(catalogue_plural(c, "fox", 2)); /* has one form only */
	}
}

static void a_damaged_catalogue_is_refused_or_read_within_its_bounds(void **state)
{
	(void)state;
	g_autoptr(GByteArray) whole = small_catalogue(FALSE);
	for (guint length = 0; length < whole->len; length++) {
		g_autoptr(GBytes) part = g_bytes_new(whole->data, length);
		g_autoptr(catalogue) c = catalogue_new(part, NULL);
		assert_null(c);
	}
	for (guint at = 0; at < 23 * 4; at++)
		for (int bit = 0; bit < 8; bit++) {
			g_autoptr(GBytes) copy = g_bytes_new(whole->data, whole->len);
			gsize size;
			guint8 *data = g_bytes_unref_to_data(g_steal_pointer(&copy), &size);
			data[at] ^= (guint8)(1 << bit);
			copy = g_bytes_new_take(data, size);
			g_autoptr(catalogue) c = catalogue_new(copy, NULL);
			if (c)
				catalogue_plural(c, "%d fox", 7);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(english_writes_numbers_dates_and_lists_as_the_world_does),
		cmocka_unit_test(whole_numbers_are_grouped_as_icu_groups_them),
		cmocka_unit_test(decimals_are_written_as_icu_writes_them),
		cmocka_unit_test(what_is_not_finite_is_a_dash),
		cmocka_unit_test(the_header_chooses_among_what_is_offered),
		cmocka_unit_test(pseudo_languages_exist_but_are_not_offered),
		cmocka_unit_test(plural_rules_of_the_languages_give_their_forms),
		cmocka_unit_test(a_rule_that_is_none_is_refused),
		cmocka_unit_test(a_catalogue_of_either_byte_order_gives_texts_contexts_and_plurals),
		cmocka_unit_test(a_damaged_catalogue_is_refused_or_read_within_its_bounds),
	};
	return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
