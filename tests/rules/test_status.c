#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/day.h"
#include "tests/rules/facts.h"

#define TODAY "2026-11-24"
#define HECTARES "'metric':'area-restored','unit':'ha','value':100,'baseline_year':2020,'target_year':2030"
#define REPORT(year, value) "{'year':" year ",'reported_on':'2026-06-01','figures':[{'target':1,'what':'x','value':" value ",'unit':'ha','basis':'cumulative'}]}"

typedef struct row {
	const char *rule;
	const char *pledge, *progress;
	const char *today; /* NULL: TODAY */
} row;

static const row rows[] = {
	/* fresh */
	{"announced", "{'made_on':'2026-08-24','targets':[{" HECTARES "}]}", NULL, NULL},
	{"announced", "{'targets':[{'metric':'no-net-loss','deadline':'closure'}]}", NULL, NULL}, /* nobody knows when it was made */
	{"no-line", "{'made_on':'2024','targets':[{'metric':'no-net-loss','deadline':'closure'}]}", "[" REPORT("2025", "5") "]", NULL},
	{"unanswered", "{'targets':[{" HECTARES "}]}", "[{'year':2025,'figures':[{'what':'other trees','value':50,'unit':'ha'}]}]", NULL},
	/* against the line: at the end of 2025 half of 100 ha over 2020-2030 is due */
	{"on-line", "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "50") "]", NULL},
	{"on-line", "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "80") "]", NULL},
	{"below-line", "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "49.9") "]", NULL},
	{"below-line", "{'targets':[{" HECTARES "}]}", "[" REPORT("2024", "40") "," REPORT("2025", "0") "]", NULL},
	{"on-line", "{'targets':[{" HECTARES "}],'milestones':[{'target':1,'date':'2025','value':10}]}", "[" REPORT("2025", "12") "]", NULL},
	{"below-line", "{'targets':[{" HECTARES "}],'milestones':[{'target':1,'date':'2025','value':90}]}", "[" REPORT("2025", "50") "]", NULL},
	/* kept */
	{"reported-reached", "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "100") "]", NULL},
	{"reported-reached", "{'targets':[{" HECTARES "}]}", "[{'year':2021,'figures':[{'target':1,'what':'x','value':101,'unit':'ha'}]}]", NULL}, /* long ago is kept still */
	{"reported-reached", "{'targets':[{'metric':'area-restored','unit':'km2','value':1,'baseline_year':2020,'target_year':2030}]}", "[" REPORT("2025", "100") "]", NULL},
	/* late */
	{"past-deadline", "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "50") "]", "2031-01-01"},
	{"below-line", "{'targets':[{" HECTARES "}]}", "[{'year':2030,'figures':[{'target':1,'what':'x','value':50,'unit':'ha'}]}]", "2030-12-31"}, /* the last day is not late */
	{"past-deadline-unanswered", "{'targets':[{'metric':'other','unit':'%','value':100,'target_year':2022}]}", NULL, NULL},
	{"past-deadline-unanswered", "{'targets':[{'metric':'net-gain','target_year':2022}]}", "[" REPORT("2025", "3") "]", NULL},
	/* silent: 15 months */
	{"silent", "{'targets':[{" HECTARES "}]}", "[{'year':2024,'figures':[{'target':1,'what':'x','value':50,'unit':'ha'}]}]", NULL},
	{"silent", "{'targets':[{" HECTARES "}]}", "[{'year':2024,'reported_on':'2025-08-24'}]", NULL},
	{"unanswered", "{'targets':[{" HECTARES "}]}", "[{'year':2024,'reported_on':'2025-08-25'}]", NULL},
	{"unanswered", "{'made_on':'2019','targets':[{" HECTARES "}]}", "[{'year':2025,'nothing_to_report':true}]", NULL}, /* an answer, unlike silence */
	{"never-reported", "{'made_on':'2025-08-24','targets':[{" HECTARES "}]}", NULL, NULL},
	{"announced", "{'made_on':'2025-08-25','targets':[{" HECTARES "}]}", NULL, NULL},
	{"never-reported", "{'targets':[{" HECTARES "}]}", NULL, NULL}, /* known at least since its baseline year */
	/* given up */
	{"withdrawn", "{'withdrawn_on':'2025-01','withdrawal_reason':'x','targets':[{" HECTARES "}]}", "[" REPORT("2025", "100") "]", NULL},
	{"on-line", "{'withdrawn_on':'2027','withdrawal_reason':'x','targets':[{" HECTARES "}]}", "[" REPORT("2025", "50") "]", NULL},
	/* several targets: the worst one speaks */
	{"past-deadline-unanswered", "{'targets':[{" HECTARES "},{'metric':'other','unit':'%','value':100,'target_year':2022}]}", "[" REPORT("2025", "100") "]", NULL},
	{"no-line", "{'targets':[{" HECTARES "},{'metric':'net-gain','target_year':2035}]}", "[" REPORT("2025", "100") "]", NULL},
};

static void the_first_rule_that_holds_decides(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		told t;
		told_read(&t, rows[i].pledge, rows[i].progress);
		pledge_judgement j;
		pledge_judge(&t.facts, rows[i].today ? rows[i].today : TODAY, &j);
		if (strcmp(j.rule->id, rows[i].rule) != 0)
			fail_msg("row %zu %s %s: %s, not %s", i, rows[i].pledge, rows[i].progress ? rows[i].progress : "", j.rule->id, rows[i].rule);
		told_clear(&t);
	}
}

static void the_numbers_a_rule_looked_at_come_with_it(void **state)
{
	(void)state;
	told t;
	told_read(&t, "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "49.9") "]");
	pledge_judgement j;
	pledge_judge(&t.facts, TODAY, &j);
	assert_int_equal(j.rule->state, PLEDGE_BEHIND);
	assert_int_equal(j.target, 1);
	assert_string_equal(j.unit, "ha");
	assert_true(fabs(j.promised - 100) < 1e-9 && fabs(j.reported - 49.9) < 1e-9 && fabs(j.expected - 50) < 1e-9);
	assert_true(fabs(j.reported_at - 2026) < 1e-9 && fabs(j.due - 2031) < 1e-9);
	assert_true(j.expected_now > 58 && j.expected_now < 60);
	assert_true(isnan(j.measured.value));
	assert_int_equal(j.months_silent, 5);
	told_clear(&t);
}

static void measurement_overrules_reports(void **state)
{
	(void)state;
	const struct { double at, low, high; const char *rule; } cases[] = {
		{2026, 30, 40, "above-measured"},    /* 50 reported, at most 40 measured */
		{2026, 45, 60, "on-line"},           /* the report lies within the range */
		{2024, 5, 10, "on-line"},            /* measured before the report's day: no contradiction */
		{2026, 101, 120, "measured-reached"},
		{2026, 99, 120, "on-line"},          /* only its lower end would be proof */
		{2027, 30, 40, "on-line"},           /* not known yet on that day */
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		told t;
		told_read(&t, "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "50") "]");
		const measured_value m = {.target = 1, .at = cases[i].at, .value = (cases[i].low + cases[i].high) / 2, .low = cases[i].low, .high = cases[i].high,
			.oldest = cases[i].at, .sites = 1, .told = 1};
		t.facts.measured = &m;
		t.facts.n_measured = 1;
		pledge_judgement j;
		pledge_judge(&t.facts, TODAY, &j);
		if (strcmp(j.rule->id, cases[i].rule) != 0)
			fail_msg("case %zu: %s, not %s", i, j.rule->id, cases[i].rule);
		told_clear(&t);
	}
}

static void a_softened_target_shows_until_the_next_report(void **state)
{
	(void)state;
	const struct { const char *earlier; double changed; const char *rule; } cases[] = {
		{"{'targets':[{'metric':'area-restored','unit':'ha','value':200,'baseline_year':2020,'target_year':2030}]}", 2026.8, "targets-changed"},
		{"{'targets':[{'metric':'area-restored','unit':'ha','value':100,'baseline_year':2020,'target_year':2028}]}", 2026.8, "targets-changed"},
		{"{'targets':[{" HECTARES "},{" HECTARES "}]}", 2026.8, "targets-changed"}, /* one taken away */
		{"{'targets':[{'metric':'area-restored','unit':'ha','value':200,'baseline_year':2020,'target_year':2030}]}", 2026.1, "on-line"}, /* reported since */
		{"{'targets':[{'metric':'area-restored','unit':'ha','value':100,'baseline_year':2020}]}", 2026.8, "on-line"}, /* a gap filled is no change */
		{"{'targets':[{" HECTARES "}],'statement':'other words'}", 2026.8, "on-line"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		told t;
		told_read(&t, "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "50") "]");
		t.facts.earlier = t.earlier = told_json(cases[i].earlier);
		t.facts.changed = cases[i].changed;
		pledge_judgement j;
		pledge_judge(&t.facts, TODAY, &j);
		if (strcmp(j.rule->id, cases[i].rule) != 0)
			fail_msg("case %zu: %s, not %s", i, j.rule->id, cases[i].rule);
		told_clear(&t);
	}
}

static void a_replaced_or_withdrawn_record_says_so_whatever_else(void **state)
{
	(void)state;
	told t;
	told_read(&t, "{'targets':[{" HECTARES "}]}", "[" REPORT("2025", "100") "]");
	pledge_judgement j;
	t.facts.replaced_by = "newer";
	pledge_judge(&t.facts, TODAY, &j);
	assert_int_equal(j.rule->state, PLEDGE_CHANGED);
	t.facts.withdrawn = TRUE;
	pledge_judge(&t.facts, TODAY, &j);
	assert_int_equal(j.rule->state, PLEDGE_WITHDRAWN);
	told_clear(&t);
}

static void every_state_has_words_and_every_pledge_gets_a_rule(void **state)
{
	(void)state;
	for (int i = 0; i < PLEDGE_STATES; i++) {
		assert_true(strlen(pledge_state_words[i].id) > 3 && strlen(pledge_state_words[i].glyph) > 0 && strlen(pledge_state_words[i].means) > 20);
		gboolean used = FALSE;
		for (gsize k = 0; k < pledge_rules_count; k++)
			used |= pledge_rules[k].state == (pledge_state)i;
		assert_true(used);
	}
	told t;
	told_read(&t, "{}", NULL);
	pledge_judgement j;
	pledge_judge(&t.facts, TODAY, &j);
	assert_non_null(j.rule);
	told_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_holds_decides),
		cmocka_unit_test(the_numbers_a_rule_looked_at_come_with_it),
		cmocka_unit_test(measurement_overrules_reports),
		cmocka_unit_test(a_softened_target_shows_until_the_next_report),
		cmocka_unit_test(a_replaced_or_withdrawn_record_says_so_whatever_else),
		cmocka_unit_test(every_state_has_words_and_every_pledge_gets_a_rule),
	};
	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
