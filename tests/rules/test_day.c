#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/day.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static void a_date_is_as_long_as_its_source_is_vague(void **state)
{
	(void)state;
	const struct { const char *date; double start, end; } rows[] = {
		{"2030", 2030, 2031}, {"2030-01", 2030, 2030 + 31 / 365.0}, {"2030-12", 2030 + 334 / 365.0, 2031},
		{"2030-12-31", 2030 + 364 / 365.0, 2031}, {"2028-02-29", 2028 + 59 / 366.0, 2028 + 60 / 366.0},
		{"2026-11-24T23:00:00Z", 2026 + 327 / 365.0, 2026 + 328 / 365.0},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		assert_near(day_start(rows[i].date), rows[i].start);
		assert_near(day_end(rows[i].date), rows[i].end);
	}
}

static void what_is_no_date_is_unknown(void **state)
{
	(void)state;
	const char *const rows[] = {NULL, "", "203", "soon", "2030-", "2030-13", "2030-02-30", "2030-1-1", "2030-01-01x", "0000"};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_true(isnan(day_start(rows[i])) && isnan(day_end(rows[i])));
}

static void a_day_written_reads_back(void **state)
{
	(void)state;
	g_autoptr(GDate) date = g_date_new_dmy(1, 1, 1995);
	for (int i = 0; i < 20000; i++, g_date_add_days(date, 1)) {
		char text[11], back[11];
		g_date_strftime(text, sizeof text, "%Y-%m-%d", date);
		day_write(day_start(text), back);
		assert_string_equal(back, text);
	}
	char none[11] = "x";
	day_write(NAN, none);
	assert_string_equal(none, "");
}

static void months_are_counted_whole(void **state)
{
	(void)state;
	assert_int_equal(day_months(day_end("2025"), day_end("2026-03-31")), 3);
	assert_int_equal(day_months(day_end("2025"), day_end("2026-03-30")), 2);
	assert_int_equal(day_months(day_end("2025"), day_end("2027")), 24);
	assert_int_equal(day_months(day_end("2025-08-24"), day_end("2026-11-24")), 15);
	assert_int_equal(day_months(NAN, 2026), 0);
}

static void as_of_is_a_day_that_has_come(void **state)
{
	(void)state;
	static const char *const good[] = {"2026-11-24", "2026-11-23", "1000-01-01", "2024-02-29"};
	static const char *const bad[] = {"2026-11-25", "2027-01-01", "9999-12-31", "", "2026", "2026-11", "2026-13-01", "2026-02-30", "2025-02-29", "26-11-2024", "2026-11-24T", "0999-01-01",
		"2026-11-2x", "tomorrow"};
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		assert_null(day_as_of_refused(good[i], "2026-11-24"));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_non_null(day_as_of_refused(bad[i], "2026-11-24"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_is_as_long_as_its_source_is_vague),
		cmocka_unit_test(what_is_no_date_is_unknown),
		cmocka_unit_test(a_day_written_reads_back),
		cmocka_unit_test(months_are_counted_whole),
		cmocka_unit_test(as_of_is_a_day_that_has_come),
	};
	return cmocka_run_group_tests_name("day", tests, NULL, NULL);
}
