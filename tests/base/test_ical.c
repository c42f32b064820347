#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ical.h"

/* RFC 5545, 3.1: unfolding takes away CRLF and the space behind it. */
static char *unfold(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "\r\n ", -1);
	return g_strjoinv("", parts);
}

static void lines_are_at_most_75_bytes_and_cut_no_character(void **state)
{
	(void)state;
	static const char *const signs[] = { "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8c\xb1" };
	for (gsize k = 0; k < G_N_ELEMENTS(signs); k++)
		for (guint n = 0; n < 200; n++) {
			g_autoptr(GString) value = g_string_new(NULL), out = g_string_new(NULL);
			for (guint i = 0; i < n; i++)
				g_string_append(value, signs[k]);
			ical_line(out, "SUMMARY", value->str);
			assert_true(g_str_has_suffix(out->str, "\r\n"));
			g_auto(GStrv) lines = g_strsplit(out->str, "\r\n", -1);
			for (guint i = 0; lines[i]; i++) {
				assert_true(strlen(lines[i]) <= 75);
				assert_true(g_utf8_validate(lines[i], -1, NULL));
			}
			g_autofree char *whole = unfold(out->str), *expected = g_strconcat("SUMMARY:", value->str, "\r\n", NULL);
			assert_string_equal(whole, expected);
		}
}

static void texts_are_escaped(void **state)
{
	(void)state;
	g_autoptr(GString) out = g_string_new(NULL);
	ical_text(out, "X", "a;b,c\\d\ne\rf\x01:g\"");
	ical_text(out, "Y", "");
	ical_text(out, "Z", NULL);
	assert_string_equal(out->str, "X:a\\;b\\,c\\\\d\\nef:g\"\r\n");
}

static void a_date_is_due_on_its_last_day(void **state)
{
	(void)state;
	static const char *const cases[][2] = { { "2028", "20281231" }, { "2028-02", "20280229" }, { "2027-02", "20270228" }, { "2028-09", "20280930" }, { "2028-09-05", "20280905" }, { "9998", "99981231" } };
	static const char *const none[] = { "", "28", "2028-13", "2028-00", "2028-02-30", "2028-2", "2028-09-05T10:00", "20280905", "0000", "9999", "x028", "2028-9x" };
	char day[9];
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		assert_true(ical_last_day(cases[i][0], day));
		assert_string_equal(day, cases[i][1]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
		if (ical_last_day(none[i], day))
			fail_msg("“%s” is a day", none[i]);
	ical_next_day("20281231", day);
	assert_string_equal(day, "20290101");
	ical_next_day("20280228", day);
	assert_string_equal(day, "20280229");
}

static void a_local_time_is_told_in_utc(void **state)
{
	(void)state;
	char out[17];
	assert_true(ical_utc("2026-08-24", "10:30", "Asia/Ulaanbaatar", out));
	assert_string_equal(out, "20260824T023000Z");
	assert_true(ical_utc("2026-01-15", "00:30", "Europe/Berlin", out));
	assert_string_equal(out, "20260114T233000Z");
	assert_true(ical_utc("2026-07-15", "00:30", "Europe/Berlin", out));
	assert_string_equal(out, "20260714T223000Z");
	static const char *const none[][3] = { { "2026-02-30", "10:00", "UTC" }, { "2026-08-24", "25:00", "UTC" }, { "2026-08-24", "10:00", "Mars/Base" }, { "2026-08", "10:00", "UTC" },
		{ "2026-08-24", "1000", "UTC" }, { "2026-08-24", "10:00", "../../etc/passwd" } };
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
		assert_false(ical_utc(none[i][0], none[i][1], none[i][2], out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_at_most_75_bytes_and_cut_no_character),
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(a_date_is_due_on_its_last_day),
		cmocka_unit_test(a_local_time_is_told_in_utc),
	};
	return cmocka_run_group_tests_name("ical", tests, NULL, NULL);
}
