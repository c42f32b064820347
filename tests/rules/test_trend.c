/* What a measurement says of the course of the vegetation, in one word: from its own numbers, never from its notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/trend.h"

static void the_ranges_of_all_trends_decide(void **state)
{
	(void)state;
	static const struct { const char *results; trend_say says; } cases[] = {
		{"[]", TREND_NOTHING},
		{"[{'quantity':'vegetation-index','value':0.2}]", TREND_NOTHING},
		{"[{'quantity':'trend','note':'too few years to tell'}]", TREND_TOO_FEW},
		{"[{'quantity':'trend','value':0.1}]", TREND_TOO_FEW},
		{"[{'quantity':'trend','value':0.1,'low':0.01,'high':0.2}]", TREND_RISING},
		{"[{'quantity':'trend','value':-0.1,'low':-0.2,'high':-0.01}]", TREND_FALLING},
		{"[{'quantity':'trend','value':0.1,'low':0,'high':0.2}]", TREND_NONE},
		/* A row without a range says nothing beside one with a range, whichever comes first. */
		{"[{'quantity':'trend','value':0.1,'low':0.01,'high':0.2},{'quantity':'trend','value':0.1}]", TREND_RISING},
		{"[{'quantity':'trend','value':0.1},{'quantity':'trend','value':-0.1,'low':-0.2,'high':-0.01}]", TREND_FALLING},
		/* What the rain explains is no trend, and what contradicts itself neither. */
		{"[{'quantity':'trend','value':0.1,'low':0.01,'high':0.2},{'quantity':'trend','value':0.05,'low':-0.01,'high':0.1}]", TREND_NONE},
		{"[{'quantity':'trend','value':0.1,'low':0.01,'high':0.2},{'quantity':'trend','value':-0.1,'low':-0.2,'high':-0.01}]", TREND_NONE},
		{"[{'quantity':'trend','value':0.1,'low':-0.01,'high':0.2},{'quantity':'trend','value':0.05,'low':0.01,'high':0.1}]", TREND_NONE},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdelimit(g_strdup(cases[i].results), "'", '"');
		json_auto_t *results = json_loads(text, 0, NULL);
		assert_non_null(results);
		if (trend_of_results(results) != cases[i].says)
			fail_msg("%s: %s, not %s", cases[i].results, trend_words[trend_of_results(results)].id, trend_words[cases[i].says].id);
	}
	assert_int_equal(trend_of_results(NULL), TREND_NOTHING);
}

static void years_are_counted_of_the_first_index_alone(void **state)
{
	(void)state;
	static const struct { const char *results, *index; guint years; } cases[] = {
		{"[]", NULL, 0},
		{"[{'quantity':'fitted-index','what':'NDVI','year':2020,'value':0.2}]", NULL, 0},
		{"[{'quantity':'vegetation-index','what':'NDVI','year':2020,'value':0.2},{'quantity':'vegetation-index','what':'EVI','year':2021,'value':0.2},"
			"{'quantity':'vegetation-index','what':'NDVI','year':2022,'value':0.2}]", "NDVI", 2},
		{"[{'quantity':'vegetation-index','year':2020,'value':0.2},{'quantity':'vegetation-index','what':'EVI','year':2021,'value':0.2}]", NULL, 2},
		{"[{'quantity':'vegetation-index','what':'EVI','year':2020,'note':'cloud'},{'quantity':'vegetation-index','year':2021,'value':0.2},"
			"{'quantity':'vegetation-index','what':'EVI','value':0.2}]", "EVI", 1},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdelimit(g_strdup(cases[i].results), "'", '"');
		json_auto_t *results = json_loads(text, 0, NULL);
		assert_non_null(results);
		assert_true(g_strcmp0(trend_index(results), cases[i].index) == 0);
		assert_int_equal(trend_years(results), cases[i].years);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_ranges_of_all_trends_decide), cmocka_unit_test(years_are_counted_of_the_first_index_alone)};
	return cmocka_run_group_tests_name("trend", tests, NULL, NULL);
}
