#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/span.h"

static void assert_span(const char *text, gint64 from_seconds, gint64 until_seconds)
{
	span s;
	if (!span_read_interval(text, &s))
		fail_msg("%s is not read", text);
	assert_int_equal(s.from, from_seconds == G_MININT64 ? G_MININT64 : from_seconds * G_USEC_PER_SEC);
	assert_int_equal(s.until, until_seconds == G_MAXINT64 ? G_MAXINT64 : until_seconds * G_USEC_PER_SEC - 1);
}

static void a_date_is_as_long_as_it_is_inexact(void **state)
{
	(void)state;
	assert_span("1970", 0, 365 * 86400);
	assert_span("1970-02", 31 * 86400, 59 * 86400);
	assert_span("1970-12", 334 * 86400, 365 * 86400);
	assert_span("1970-01-02", 86400, 2 * 86400);
	assert_span("1970-01-02/1970-01-03", 86400, 3 * 86400);
	assert_span("../1970-01-03", G_MININT64, 3 * 86400);
	assert_span("1970-01-03/", 2 * 86400, G_MAXINT64);
	span s;
	assert_true(span_read("1970-01-01T01:00:00.25+01:00", &s));
	assert_true(s.from == 250000 && s.until == 250000);
	assert_true(span_read("1970-01-01T00:00:00Z", &s));
	assert_true(s.from == 0 && s.until == 0);
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const wrong[] = { "", "..", "../..", "/", "abc", "1970-13", "1970-02-29", "1970-1-1", "1970-01-01T00:00:00", "1970-01-01T25:00:00Z", "1970-01-01T00:00Z", "1970-01-01T00:00:00Zx",
		"1971/1970", "1970/1971/1972", "1970-01-01T00:00:00.Z", "19700101", "0000" };
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		span s;
		if (span_read_interval(wrong[i], &s))
			fail_msg("“%s” was taken for a time", wrong[i]);
	}
}

/* Allen's thirteen relations exclude each other and leave nothing out, whatever two spans one takes. */
static void exactly_one_of_the_thirteen_relations_holds(void **state)
{
	static const span_relation thirteen[] = { SPAN_AFTER, SPAN_BEFORE, SPAN_CONTAINS, SPAN_DURING, SPAN_EQUALS, SPAN_FINISHED_BY, SPAN_FINISHES, SPAN_MEETS, SPAN_MET_BY, SPAN_OVERLAPPED_BY,
		SPAN_OVERLAPS, SPAN_STARTED_BY, SPAN_STARTS };
	(void)state;
	for (int a = 0; a < 7; a++)
		for (int b = a + 1; b < 8; b++)
			for (int c = 0; c < 7; c++)
				for (int d = c + 1; d < 8; d++) {
					const span x = { a * 10, b * 10 }, y = { c * 10, d * 10 };
					int n = 0;
					for (gsize i = 0; i < G_N_ELEMENTS(thirteen); i++)
						n += span_relate(thirteen[i], &x, &y);
					assert_int_equal(n, 1);
					assert_int_equal(span_relate(SPAN_INTERSECTS, &x, &y), !span_relate(SPAN_DISJOINT, &x, &y));
					assert_int_equal(span_relate(SPAN_CONTAINS, &x, &y), span_relate(SPAN_DURING, &y, &x));
				}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_is_as_long_as_it_is_inexact),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(exactly_one_of_the_thirteen_relations_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
