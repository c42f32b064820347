#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/totals.h"
#include "tests/rules/facts.h"

#define TODAY "2026-11-24"

static void add(pledge_sums *sums, told *t, const char *pledge, const char *progress)
{
	told_read(t, pledge, progress);
	pledge_sums_add(sums, &(pledge_entry){"x", t->facts}, TODAY);
}

static const pledge_total *total(const pledge_sums *sums, const char *metric, const char *unit)
{
	for (guint i = 0; i < sums->rows->len; i++) {
		const pledge_total *row = &g_array_index(sums->rows, pledge_total, i);
		if (g_strcmp0(row->metric, metric) == 0 && g_strcmp0(row->unit, unit) == 0)
			return row;
	}
	return NULL;
}

static void unlike_units_are_never_added(void **state)
{
	(void)state;
	g_auto(pledge_sums) sums;
	told t[5];
	pledge_sums_init(&sums);
	add(&sums, &t[0], "{'targets':[{'metric':'area-restored','unit':'ha','value':100,'duty':'beyond-duty'},{'metric':'trees-planted','unit':'trees','value':7000}]}", NULL);
	add(&sums, &t[1], "{'targets':[{'metric':'area-restored','unit':'km2','value':2,'duty':'duty'},{'metric':'area-protected','unit':'ha','value':50}]}", NULL);
	add(&sums, &t[2], "{'targets':[{'metric':'area-rehabilitated','unit':'%','value':30}]}", NULL);
	add(&sums, &t[3], "{'targets':[{'metric':'net-gain'}]}", NULL);
	add(&sums, &t[4], "{'targets':[{'metric':'area-restored','unit':'ha','deadline':'rolling'}]}", NULL); /* hectares without a figure */
	pledge_sums_finish(&sums);
	const pledge_total *restored = total(&sums, "area-restored", "ha"), *trees = total(&sums, "trees-planted", "trees");
	assert_int_equal(restored->targets, 3);
	assert_int_equal(restored->promised.n, 2);
	assert_true(fabs(restored->promised.value - 300) < 1e-9);
	assert_true(fabs(restored->promised_by_duty[DUTY_BEYOND].value - 100) < 1e-9);
	assert_true(fabs(restored->promised_by_duty[DUTY_DUTY].value - 200) < 1e-9);
	assert_int_equal(restored->promised_by_duty[DUTY_UNKNOWN].n, 0);
	assert_true(fabs(trees->promised.value - 7000) < 1e-9);
	assert_false(total(&sums, "area-rehabilitated", "%")->adds);
	assert_int_equal(total(&sums, "area-rehabilitated", "%")->promised.n, 0);
	assert_false(total(&sums, "net-gain", NULL)->adds);
	assert_true(fabs(sums.hectares_promised.value - 350) < 1e-9);
	assert_int_equal(sums.hectares_promised.n, 3);
	assert_int_equal(sums.pledges, 5);
	assert_int_equal(sums.with_hectares, 2);
	assert_int_equal(sums.targets, 7);
	assert_int_equal(sums.with_figure, 5);
	assert_ptr_equal(&g_array_index(sums.rows, pledge_total, 0), restored); /* hectares first, the largest first */
	for (gsize i = 0; i < 5; i++)
		told_clear(&t[i]);
}

static void promised_reported_and_measured_stand_apart(void **state)
{
	(void)state;
	g_auto(pledge_sums) sums;
	told t[2];
	pledge_sums_init(&sums);
	add(&sums, &t[0], "{'targets':[{'metric':'area-restored','unit':'ha','value':100,'baseline_year':2020,'target_year':2030}]}",
		"[{'year':2025,'figures':[{'target':1,'what':'x','value':40,'unit':'ha'},{'what':'unrelated','value':9999,'unit':'ha'}]}]");
	told_read(&t[1], "{'targets':[{'metric':'area-restored','unit':'ha','value':10,'target_year':2030}],'sites':['a']}", NULL);
	const measured_value m = {.target = 1, .at = 2026, .value = 3, .low = 2, .high = 4, .sites = 1, .told = 1};
	const site_measurement seen = {.site = "a", .id = "m", .at = 2026, .known = NAN, .areas = {[AREA_IMPROVED] = {SAY_VALUE, 3, 2, 4}}};
	t[1].facts.measured = &m;
	t[1].facts.n_measured = 1;
	pledge_sums_add(&sums, &(pledge_entry){"y", t[1].facts, &seen, 1}, TODAY);
	pledge_sums_finish(&sums);
	assert_true(fabs(sums.hectares_promised.value - 110) < 1e-9 && sums.hectares_promised.n == 2);
	assert_true(fabs(sums.hectares_reported.value - 40) < 1e-9 && sums.hectares_reported.n == 1);
	assert_true(fabs(sums.hectares_measured.value - 3) < 1e-9 && sums.hectares_measured.n == 1);
	assert_int_equal(sums.with_hectares, 2);
	assert_int_equal(sums.reported_hectares, 1);
	assert_int_equal(sums.measured_hectares, 1);
	assert_int_equal(sums.with_deadline, 2);
	assert_true(fabs(sums.reported_from - 2026) < 1e-9 && fabs(sums.reported_until - 2026) < 1e-9);
	told_clear(&t[0]);
	told_clear(&t[1]);
}

static void what_was_given_up_or_replaced_is_no_longer_promised(void **state)
{
	(void)state;
	g_auto(pledge_sums) sums;
	told t[2];
	pledge_sums_init(&sums);
	add(&sums, &t[0], "{'withdrawn_on':'2024','targets':[{'metric':'area-restored','unit':'ha','value':100}]}", NULL);
	told_read(&t[1], "{'targets':[{'metric':'area-restored','unit':'ha','value':10}]}", NULL);
	t[1].facts.replaced_by = "newer";
	pledge_sums_add(&sums, &(pledge_entry){"y", t[1].facts}, TODAY);
	assert_int_equal(sums.pledges, 2);
	assert_int_equal(sums.states[PLEDGE_WITHDRAWN], 1);
	assert_int_equal(sums.states[PLEDGE_CHANGED], 1);
	assert_int_equal(sums.hectares_promised.n, 0);
	told_clear(&t[0]);
	told_clear(&t[1]);
}

static void hectares_in_several_countries_are_not_divided(void **state)
{
	(void)state;
	json_t *one = told_json("{'countries':['MNG']}"), *two = told_json("{'countries':['MNG','BRA']}"), *none = told_json("{}");
	assert_int_equal(pledge_country_share(one, "MNG"), COUNTRY_WHOLE);
	assert_int_equal(pledge_country_share(two, "MNG"), COUNTRY_SHARED);
	assert_int_equal(pledge_country_share(two, "AUS"), COUNTRY_NONE);
	assert_int_equal(pledge_country_share(none, "MNG"), COUNTRY_NONE);
	json_decref(one);
	json_decref(two);
	json_decref(none);
}

static void what_was_measured_on_a_site_counts_once(void **state)
{
	(void)state;
	json_t *bodies = told_json("[{'site':'a','period_from':2015,'period_until':2025,'results':[{'quantity':'area-improved','value':30,'unit':'ha'},"
		"{'quantity':'area-stable','value':50,'unit':'ha'}]},{'site':'b','period_from':2015,'period_until':2025,'results':[{'quantity':'area-improved','value':7,'unit':'ha'}]}]");
	site_measurement list[2];
	for (gsize i = 0; i < 2; i++)
		assert_true(site_measurement_read(json_array_get(bodies, i), "m", &list[i]));
	site_measurements_sort(list, 2);
	static const char *const pledges[] = {
		"{'targets':[{'metric':'area-restored','unit':'ha','value':100}],'sites':['a','b']}", "{'targets':[{'metric':'area-restored','unit':'km2','value':1}],'sites':['a']}",
		"{'targets':[{'metric':'area-protected','unit':'ha','value':100}],'sites':['a','nowhere']}", "{'targets':[{'metric':'trees-planted','unit':'trees','value':9}],'sites':['a']}",
	};
	double first = NAN;
	for (int turn = 0; turn < 2; turn++) {
		g_auto(pledge_sums) sums;
		told t[4];
		pledge_sums_init(&sums);
		for (int i = 0; i < 4; i++) {
			int at = turn ? 3 - i : i;
			told_read(&t[at], pledges[at], NULL);
			pledge_sums_add(&sums, &(pledge_entry){"x", t[at].facts, list, 2}, TODAY);
		}
		pledge_sums_finish(&sums);
		assert_true(total(&sums, "area-restored", "ha")->measured.value == 37);
		assert_int_equal(total(&sums, "area-restored", "ha")->measured.n, 2);
		assert_true(total(&sums, "area-protected", "ha")->measured.value == 80);
		assert_true(sums.hectares_measured.value == 87); /* the larger answer of a, and b */
		assert_true(turn == 0 || sums.hectares_measured.value == first);
		first = sums.hectares_measured.value;
		for (int i = 0; i < 4; i++)
			told_clear(&t[i]);
	}
	json_decref(bodies);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unlike_units_are_never_added),
		cmocka_unit_test(promised_reported_and_measured_stand_apart),
		cmocka_unit_test(what_was_given_up_or_replaced_is_no_longer_promised),
		cmocka_unit_test(hectares_in_several_countries_are_not_divided),
		cmocka_unit_test(what_was_measured_on_a_site_counts_once),
	};
	return cmocka_run_group_tests_name("totals", tests, NULL, NULL);
}
