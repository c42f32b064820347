#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/day.h"
#include "tests/rules/facts.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-6 * fmax(1, fabs((double)(b))))

#define HECTARES "'metric':'area-restored','unit':'ha','value':100"

static void units_of_one_dimension_convert_and_others_never(void **state)
{
	(void)state;
	told t;
	told_read(&t, "{'targets':[{'metric':'area-restored','unit':'km2','value':5},{'metric':'trees-planted','unit':'trees','value':9},{'metric':'other','value':3}]}", NULL);
	promise p;
	assert_true(promise_read(t.pledge, 0, &p));
	assert_string_equal(p.base, "ha");
	assert_near(p.factor, 100);
	assert_near(promise_convert(&p, 250, "ha"), 2.5);
	assert_near(promise_convert(&p, 3, "km2"), 3);
	assert_true(isnan(promise_convert(&p, 3, "trees")));
	assert_true(isnan(promise_convert(&p, 3, "%")));
	assert_true(isnan(promise_convert(&p, 3, NULL)));
	assert_true(promise_read(t.pledge, 1, &p) && p.accumulates);
	assert_true(isnan(promise_convert(&p, 3, "ha")));
	assert_true(promise_read(t.pledge, 2, &p) && !p.accumulates);
	assert_true(isnan(promise_convert(&p, 3, "ha")));
	assert_false(promise_read(t.pledge, 3, &p));
	told_clear(&t);
}

static void only_figures_that_answer_the_target_count(void **state)
{
	(void)state;
	told t;
	told_read(&t, "{'targets':[{" HECTARES ",'baseline_year':2020,'target_year':2030}]}",
		"[{'year':2023,'figures':[{'target':1,'what':'a','value':0.2,'unit':'km2','basis':'cumulative'},{'what':'b','value':90,'unit':'ha'}]},"
		" {'year':2022,'figures':[{'target':1,'what':'c','value':10,'unit':'ha','basis':'cumulative'},{'target':1,'what':'d','value':7,'unit':'trees'}]},"
		" {'year':2024,'figures':[{'target':2,'what':'e','value':50,'unit':'ha'},{'target':1,'what':'f','unit':'ha'}]}]");
	promise p;
	promise_read(t.pledge, 0, &p);
	g_autoptr(GArray) points = promise_reports(&p, t.progress, 3);
	assert_int_equal(points->len, 2);
	const report_point *first = &g_array_index(points, report_point, 0), *second = &g_array_index(points, report_point, 1);
	assert_near(first->at, 2023);
	assert_near(first->value, 10);
	assert_near(second->value, 20);
	assert_string_equal(second->what, "a");
	told_clear(&t);
}

static void yearly_figures_add_up_after_the_baseline_only(void **state)
{
	(void)state;
	told t;
	told_read(&t, "{'targets':[{" HECTARES ",'baseline_year':2023,'target_year':2030}]}",
		"[{'year':2024,'figures':[{'target':1,'what':'x','value':30,'unit':'ha','basis':'period'}]},"
		" {'year':2023,'figures':[{'target':1,'what':'x','value':99,'unit':'ha','basis':'period'}]},"
		" {'year':2025,'figures':[{'target':1,'what':'x','value':25,'unit':'ha','basis':'period'}]}]");
	promise p;
	promise_read(t.pledge, 0, &p);
	g_autoptr(GArray) points = promise_reports(&p, t.progress, 3);
	assert_int_equal(points->len, 2);
	assert_near(g_array_index(points, report_point, 1).value, 55);
	assert_true(g_array_index(points, report_point, 1).summed);
	told_clear(&t);
}

static void yearly_figures_after_a_running_total_are_added_to_it(void **state)
{
	(void)state;
	told t;
	told_read(&t, "{'targets':[{'metric':'area-rehabilitated','unit':'ha','value':2000,'target_year':2024}]}",
		"[{'year':2023,'figures':[{'target':1,'what':'x','value':1229.8,'unit':'ha','basis':'cumulative'}]},"
		" {'year':2024,'figures':[{'target':1,'what':'x','value':548,'unit':'ha','basis':'period'}]}]");
	promise p;
	promise_read(t.pledge, 0, &p);
	g_autoptr(GArray) points = promise_reports(&p, t.progress, 2);
	assert_int_equal(points->len, 2);
	assert_near(g_array_index(points, report_point, 1).value, 1777.8);
	assert_true(g_array_index(points, report_point, 1).summed && !g_array_index(points, report_point, 0).summed);
	told_clear(&t);
}

static void years_that_a_running_total_covers_do_not_count_again(void **state)
{
	(void)state;
	told t;
	told_read(&t, "{'targets':[{" HECTARES ",'baseline_year':2023,'target_year':2030}]}",
		"[{'year':2024,'figures':[{'target':1,'what':'x','value':30,'unit':'ha','basis':'period'}]},"
		" {'year':2025,'figures':[{'target':1,'what':'x','value':41,'unit':'ha','basis':'cumulative'}]}]");
	promise p;
	promise_read(t.pledge, 0, &p);
	g_autoptr(GArray) points = promise_reports(&p, t.progress, 2);
	assert_int_equal(points->len, 1);
	assert_near(g_array_index(points, report_point, 0).value, 41);
	told_clear(&t);
}

/* The expected-by-now line. NaN: it cannot be drawn. */
static void the_line_runs_from_baseline_over_milestones_to_deadline(void **state)
{
	(void)state;
	const struct { const char *pledge; double at, value; } rows[] = {
		{"{'targets':[{" HECTARES ",'baseline_year':2020,'target_year':2030}]}", 2026, 50},
		{"{'targets':[{" HECTARES ",'baseline_year':2020,'target_year':2030}]}", 2015, 0},
		{"{'targets':[{" HECTARES ",'baseline_year':2020,'target_year':2030}]}", 2040, 100},
		{"{'targets':[{" HECTARES ",'baseline_year':2020,'baseline_value':20,'target_year':2030}]}", 2026, 60},
		{"{'made_on':'2020','targets':[{" HECTARES ",'target_year':2030}]}", 2026, 50},
		{"{'targets':[{" HECTARES ",'target_year':2030}]}", 2026, NAN},          /* from when? */
		{"{'made_on':'2020','targets':[{" HECTARES ",'deadline':'closure'}]}", 2026, NAN}, /* until when? */
		{"{'made_on':'2020','targets':[{" HECTARES ",'deadline':'closure'}],'milestones':[{'target':1,'date':'2024','value':40}]}", 2023, 20},
		{"{'made_on':'2020','targets':[{" HECTARES ",'deadline':'closure'}],'milestones':[{'target':1,'date':'2024','value':40}]}", 2026, 40},
		{"{'targets':[{" HECTARES ",'baseline_year':2020,'target_year':2030}],'milestones':[{'target':1,'date':'2028','value':20},{'target':2,'date':'2022','value':99}]}", 2030, 60},
		{"{'targets':[{'metric':'other','unit':'%','value':100,'baseline_year':2020,'target_year':2030}]}", 2026, NAN}, /* a share does not start at nothing */
		{"{'targets':[{'metric':'other','unit':'%','value':100,'baseline_year':2020,'baseline_value':40,'target_year':2030}]}", 2026, 70},
		{"{'targets':[{'metric':'net-gain','baseline_year':2020,'target_year':2030}]}", 2026, NAN},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		told t;
		told_read(&t, rows[i].pledge, NULL);
		promise p;
		promise_read(t.pledge, 0, &p);
		g_autoptr(GArray) path = promise_path(t.pledge, &p);
		double value = path_value(path, rows[i].at);
		if (isnan(rows[i].value) ? !isnan(value) : fabs(value - rows[i].value) > 1e-9)
			fail_msg("row %zu: %g, not %g", i, value, rows[i].value);
		told_clear(&t);
	}
}

static void a_report_is_dated_by_what_it_says_itself_first(void **state)
{
	(void)state;
	const struct { const char *progress; double last; } rows[] = {
		{"[{'year':2024}]", 2025},
		{"[{'year':2024,'reported_on':'2025-06-30'}]", 2025 + 181 / 365.0},
		{"[{'year':2024,'sources':[{'n':1,'year':2025}]}]", 2026},
		{"[{'year':2024,'period_until':'2025-03-31'}]", 2025 + 90 / 365.0},
		{"[{'year':2024},{'year':2025,'nothing_to_report':true},{'year':2023}]", 2026},
		{"[]", NAN},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		told t;
		told_read(&t, "{'targets':[]}", rows[i].progress);
		double last = pledge_last_report(t.progress, t.facts.n_progress);
		assert_true(isnan(rows[i].last) ? isnan(last) : fabs(last - rows[i].last) < 1e-9);
		told_clear(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_of_one_dimension_convert_and_others_never),
		cmocka_unit_test(only_figures_that_answer_the_target_count),
		cmocka_unit_test(yearly_figures_add_up_after_the_baseline_only),
		cmocka_unit_test(yearly_figures_after_a_running_total_are_added_to_it),
		cmocka_unit_test(years_that_a_running_total_covers_do_not_count_again),
		cmocka_unit_test(the_line_runs_from_baseline_over_milestones_to_deadline),
		cmocka_unit_test(a_report_is_dated_by_what_it_says_itself_first),
	};
	return cmocka_run_group_tests_name("promise", tests, NULL, NULL);
}
