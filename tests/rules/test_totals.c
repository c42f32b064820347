#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/shown.h"
#include "rules/totals.h"
#include "tests/rules/facts.h"

#define TODAY "2026-11-24"

static const measuring_facts nothing = {.today = 2027};

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
	add(&sums, &t[0], "{'targets':[{'metric':'area-restored','unit':'ha','value':100,'duty':'beyond-duty','land':'legacy'},{'metric':'trees-planted','unit':'trees','value':7000}]}", NULL);
	add(&sums, &t[1], "{'targets':[{'metric':'area-restored','unit':'km2','value':2,'duty':'duty'},{'metric':'area-protected','unit':'ha','value':50}]}", NULL);
	add(&sums, &t[2], "{'targets':[{'metric':'area-rehabilitated','unit':'%','value':30}]}", NULL);
	add(&sums, &t[3], "{'targets':[{'metric':'net-gain'}]}", NULL);
	add(&sums, &t[4], "{'targets':[{'metric':'area-restored','unit':'ha','deadline':'rolling'}]}", NULL); /* hectares without a figure */
	pledge_sums_finish(&sums, &nothing);
	const pledge_total *restored = total(&sums, "area-restored", "ha"), *trees = total(&sums, "trees-planted", "trees");
	assert_int_equal(restored->targets, 3);
	assert_int_equal(restored->promised.n, 2);
	assert_true(fabs(restored->promised.value - 300) < 1e-9);
	assert_true(fabs(restored->promised_by_duty[DUTY_BEYOND].value - 100) < 1e-9);
	assert_true(fabs(restored->promised_by_duty[DUTY_DUTY].value - 200) < 1e-9);
	assert_int_equal(restored->promised_by_duty[DUTY_UNKNOWN].n, 0);
	assert_true(restored->promised_by_land[LAND_LEGACY].value == 100 && restored->promised_by_land[LAND_UNSTATED].value == 200);
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
	add(&sums, &t[0], "{'made_on':'2019-06','targets':[{'metric':'area-restored','unit':'ha','value':100,'baseline_year':2020,'target_year':2030}]}",
		"[{'year':2025,'figures':[{'target':1,'what':'x','value':40,'unit':'ha'},{'what':'unrelated','value':9999,'unit':'ha'}]}]");
	told_read(&t[1], "{'made_on':'2022','targets':[{'metric':'area-restored','unit':'ha','value':10,'target_year':2030}],'sites':['a']}", NULL);
	const measured_value m = {.target = 1, .at = 2026, .value = 3, .low = 2, .high = 4, .sites = 1, .told = 1};
	const site_measurement seen = {.site = "a", .id = "m", .at = 2026, .known = NAN, .areas = {[AREA_IMPROVED] = {SAY_VALUE, 3, 2, 4}}};
	t[1].facts.measured = &m;
	t[1].facts.n_measured = 1;
	pledge_sums_add(&sums, &(pledge_entry){"y", t[1].facts}, TODAY);
	pledge_sums_finish(&sums, &(measuring_facts){.list = &seen, .n = 1, .today = 2027});
	assert_true(fabs(sums.hectares_promised.value - 110) < 1e-9 && sums.hectares_promised.n == 2);
	assert_true(fabs(sums.hectares_reported.value - 40) < 1e-9 && sums.hectares_reported.n == 1);
	assert_true(fabs(sums.hectares_measured.value - 3) < 1e-9 && sums.hectares_measured.n == 1);
	assert_true(sums.hectares_measured.low == 2 && sums.hectares_measured.high == 4);
	assert_int_equal(sums.with_hectares, 2);
	assert_int_equal(sums.reported_hectares, 1);
	assert_int_equal(sums.measured_hectares, 1);
	assert_int_equal(sums.with_deadline, 2);
	assert_true(sums.made_from == 2019 && sums.made_until == 2022);
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
			pledge_sums_add(&sums, &(pledge_entry){"x", t[at].facts}, TODAY);
		}
		pledge_sums_finish(&sums, &(measuring_facts){.list = list, .n = 2, .today = 2027});
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

static void hectares_that_measured_sites_share_count_once(void **state)
{
	(void)state;
	static const char *const nobody[] = {NULL};
	const land_site sites[] = {{.id = "a", .organisations = nobody, .shape = 1}, {.id = "b", .organisations = nobody, .shape = 2}, {.id = "c", .organisations = nobody}};
	GArray *land = g_array_new(FALSE, FALSE, sizeof(land_site));
	g_array_append_vals(land, sites, 3);
	overlay_faces *f = overlay_faces_new();
	overlay_faces_add(f, OVERLAY_WORLD, (const guint32[]){1}, 1, (overlay_area)(75 * OVERLAY_HECTARE), FALSE);
	overlay_faces_add(f, OVERLAY_WORLD, (const guint32[]){1, 2}, 2, (overlay_area)(25 * OVERLAY_HECTARE), FALSE);
	g_autoptr(land_register) l = land_register_new(land, f);
	/* b lies on a and was measured later: a keeps three quarters; c has no boundary. */
	site_measurement list[] = {
		{.site = "a", .id = "a1", .at = 2020, .known = NAN, .areas = {[AREA_IMPROVED] = {SAY_VALUE, 5, 4, 6}}, .trend = TREND_FALLING},
		{.site = "a", .id = "a2", .at = 2025, .known = NAN, .areas = {[AREA_IMPROVED] = {SAY_VALUE, 40, 35, 90}, [AREA_STABLE] = {SAY_VALUE, 60, 55, 65}}},
		{.site = "b", .id = "b1", .at = 2026, .known = NAN, .areas = {[AREA_IMPROVED] = {SAY_VALUE, 20, 18, 22}}, .trend = TREND_RISING},
		{.site = "c", .id = "c1", .at = 2026, .known = NAN, .areas = {[AREA_IMPROVED] = {SAY_TOO_SMALL, NAN, NAN, NAN}}},
	};
	const measuring_facts facts = {list, 4, l, 2027}, before = {list, 4, l, 2025.5};
	shown_land all = land_shown(&facts, (const char *const[]){"a", "b", "c", "d", "a"}, 5, NULL);
	assert_true(all.areas[AREA_IMPROVED].value == 50 && all.areas[AREA_IMPROVED].low == 10 + 18 && all.areas[AREA_IMPROVED].high == 75 + 22);
	assert_true(all.areas[AREA_STABLE].value == 45 && all.told[AREA_STABLE] == 1 && all.told[AREA_IMPROVED] == 2 && all.areas[AREA_DEGRADED].say == SAY_NOTHING);
	assert_true(all.sites == 4 && all.measured == 3 && all.unmapped == 1 && all.off == 25 && all.oldest == 2025 && all.newest == 2026);
	assert_true(all.trends[TREND_RISING] == 1 && all.trends[TREND_FALLING] == 0 && all.trends[TREND_NOTHING] == 2); /* of the newest of each site */
	assert_true(land_shown(&before, (const char *const[]){"b", "a"}, 2, NULL).areas[AREA_IMPROVED].value == 40); /* b was not measured yet */
	assert_int_equal(land_shown(&facts, (const char *const[]){"c"}, 1, NULL).areas[AREA_IMPROVED].say, SAY_TOO_SMALL);
	g_auto(pledge_sums) sums;
	told t[2];
	pledge_sums_init(&sums);
	add(&sums, &t[0], "{'targets':[{'metric':'area-restored','unit':'ha','value':100}],'sites':['a']}", NULL);
	add(&sums, &t[1], "{'targets':[{'metric':'area-restored','unit':'ha','value':100}],'sites':['b','c']}", NULL);
	pledge_sums_finish(&sums, &facts);
	assert_true(sums.hectares_measured.value == 50 && sums.hectares_measured.low == 28 && sums.hectares_measured.high == 97 && sums.hectares_measured.n == 2);
	assert_true(total(&sums, "area-restored", "ha")->measured.value == 50);
	told_clear(&t[0]);
	told_clear(&t[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unlike_units_are_never_added),
		cmocka_unit_test(promised_reported_and_measured_stand_apart),
		cmocka_unit_test(what_was_given_up_or_replaced_is_no_longer_promised),
		cmocka_unit_test(what_was_measured_on_a_site_counts_once), cmocka_unit_test(hectares_that_measured_sites_share_count_once),
	};
	return cmocka_run_group_tests_name("totals", tests, NULL, NULL);
}
