#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/completeness.h"
#include "tests/rules/facts.h"

static const completeness_item *item(const completeness_list *list, const char *id)
{
	for (gsize i = 0; i < COMPLETENESS_ITEMS; i++)
		if (strcmp(list->items[i].id, id) == 0)
			return &list->items[i];
	g_error("no item %s", id);
}

static void a_whole_pledge_misses_nothing(void **state)
{
	(void)state;
	json_t *pledge = told_json("{'made_on':'2026','owner':'chief executive','sites':['a'],'targets':[{'metric':'area-restored','value':1,'unit':'ha',"
		"'baseline_year':2020,'baseline_value':0,'target_year':2030,'deadline':'calendar','land':'legacy','action':['restore'],'duty':'beyond-duty'}]}");
	completeness_list list;
	pledge_completeness(pledge, &list);
	for (gsize i = 0; i < COMPLETENESS_ITEMS; i++)
		if (list.items[i].state != COMPLETE_PRESENT && list.items[i].state != COMPLETE_NOT_APPLICABLE)
			fail_msg("%s is %s", list.items[i].id, completeness_ids[list.items[i].state]);
	assert_int_equal(list.present, list.applicable);
	assert_int_equal(item(&list, "milestones")->state, COMPLETE_NOT_APPLICABLE);
	assert_int_equal(item(&list, "denominator")->state, COMPLETE_NOT_APPLICABLE);
	json_decref(pledge);
}

static void an_empty_pledge_misses_all_that_applies(void **state)
{
	(void)state;
	json_t *pledge = told_json("{'targets':[{}]}");
	completeness_list list;
	pledge_completeness(pledge, &list);
	assert_int_equal(list.present, 0);
	assert_int_equal(list.applicable, COMPLETENESS_ITEMS - 1); /* milestones do not apply before a kind of deadline is named */
	json_decref(pledge);
}

/* What each item asks, by pledge. */
static const struct { const char *id, *pledge; completeness state; guint have, of; } rows[] = {
	{"denominator", "{'targets':[{'metric':'other','unit':'%','value':30}]}", COMPLETE_MISSING, 0, 1},
	{"denominator", "{'targets':[{'metric':'other','unit':'%','value':30,'denominator':'of land held'}]}", COMPLETE_PRESENT, 1, 1},
	{"denominator", "{'targets':[{'metric':'area-rehabilitated','unit':'%','value':30}]}", COMPLETE_MISSING, 0, 1},
	{"denominator", "{'targets':[{'metric':'ratio-restored-to-disturbed','unit':'ha per ha','value':3}]}", COMPLETE_MISSING, 0, 1},
	{"denominator", "{'targets':[{'metric':'trees-planted','unit':'trees','value':3}]}", COMPLETE_NOT_APPLICABLE, 0, 0},
	{"milestones", "{'targets':[{'deadline':'closure'}]}", COMPLETE_MISSING, 0, 1},
	{"milestones", "{'targets':[{'deadline':'rolling'}],'milestones':[{'target':1,'date':'2030'}]}", COMPLETE_PRESENT, 1, 1},
	{"milestones", "{'targets':[{'deadline':'closure','target_year':2041}]}", COMPLETE_NOT_APPLICABLE, 0, 0},
	{"target-year", "{'targets':[{'deadline':'closure'}]}", COMPLETE_NOT_APPLICABLE, 0, 0},
	{"target-year", "{'targets':[{'deadline':'none'}]}", COMPLETE_MISSING, 0, 1},
	{"target-year", "{'targets':[{'target_year':2030},{}]}", COMPLETE_PARTLY, 1, 2},
	{"deadline-kind", "{'targets':[{'target_year':2030}]}", COMPLETE_PRESENT, 1, 1},
	{"duty", "{'targets':[{'duty':'unknown'}]}", COMPLETE_MISSING, 0, 1},
	{"metric", "{'targets':[{'metric':'other'}]}", COMPLETE_MISSING, 0, 1},
	{"metric", "{'targets':[{'metric':'other','unit_as_stated':'% of quarries'}]}", COMPLETE_PRESENT, 1, 1},
	{"sites", "{'sites':[],'targets':[{}]}", COMPLETE_MISSING, 0, 1},
	{"metric", "{}", COMPLETE_MISSING, 0, 0},
};

static void each_item_asks_for_what_it_needs_and_no_more(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		json_t *pledge = told_json(rows[i].pledge);
		completeness_list list;
		pledge_completeness(pledge, &list);
		const completeness_item *found = item(&list, rows[i].id);
		if (found->state != rows[i].state || found->have != rows[i].have || found->of != rows[i].of)
			fail_msg("row %zu: %s %s %u of %u", i, rows[i].id, completeness_ids[found->state], found->have, found->of);
		json_decref(pledge);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_pledge_misses_nothing),
		cmocka_unit_test(an_empty_pledge_misses_all_that_applies),
		cmocka_unit_test(each_item_asks_for_what_it_needs_and_no_more),
	};
	return cmocka_run_group_tests_name("completeness", tests, NULL, NULL);
}
