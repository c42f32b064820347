#include "rules/completeness.h"

#include <string.h>

#define N_(text) text

const char *const completeness_ids[] = {"missing", "partly", "present", "not-applicable"};

typedef completeness (*asks_pledge)(const json_t *pledge);
typedef completeness (*asks_target)(const json_t *pledge, const json_t *target);

static gboolean is(const json_t *target, const char *field, const char *value)
{
	return g_strcmp0(json_string_value(json_object_get(target, field)), value) == 0;
}

static completeness has(const json_t *object, const char *field)
{
	const json_t *value = json_object_get(object, field);
	gboolean empty = !value || json_is_null(value) || (json_is_array(value) && !json_array_size(value));
	return empty ? COMPLETE_MISSING : COMPLETE_PRESENT;
}

static completeness has_metric(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	/* "Other" names no metric unless the unit says in words what is counted. */
	return is(target, "metric", "other") ? has(target, "unit_as_stated") : has(target, "metric");
}

static completeness has_value(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "value");
}

static completeness has_unit(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "unit");
}

/* An absolute amount (hectares, trees) needs none; a share, a ratio and "net" of something do. */
static completeness has_denominator(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	static const char *const absolute[] = {"area-restored", "area-rehabilitated", "area-protected", "trees-planted"};
	const char *unit = json_string_value(json_object_get(target, "unit"));
	gboolean share = unit && (strcmp(unit, "%") == 0 || strstr(unit, " per "));
	for (gsize i = 0; i < G_N_ELEMENTS(absolute) && !share; i++)
		if (is(target, "metric", absolute[i]))
			return COMPLETE_NOT_APPLICABLE;
	return has(target, "denominator");
}

static completeness has_baseline_year(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "baseline_year");
}

static completeness has_baseline_value(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "baseline_value");
}

static completeness has_deadline_kind(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "target_year") ? COMPLETE_PRESENT : has(target, "deadline");
}

static gboolean runs_on(const json_t *target)
{
	return is(target, "deadline", "closure") || is(target, "deadline", "rolling") || is(target, "deadline", "none");
}

static completeness has_target_year(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "target_year") == COMPLETE_PRESENT ? COMPLETE_PRESENT
		: is(target, "deadline", "closure") || is(target, "deadline", "rolling") ? COMPLETE_NOT_APPLICABLE : COMPLETE_MISSING;
}

static completeness has_milestones(const json_t *pledge, const json_t *target)
{
	if (!runs_on(target) || has(target, "target_year") == COMPLETE_PRESENT)
		return COMPLETE_NOT_APPLICABLE;
	return has(pledge, "milestones");
}

static completeness has_land(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "land");
}

static completeness has_action(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return has(target, "action");
}

static completeness has_duty(const json_t *pledge, const json_t *target)
{
	(void)pledge;
	return is(target, "duty", "unknown") ? COMPLETE_MISSING : has(target, "duty");
}

static completeness has_date(const json_t *pledge) { return has(pledge, "made_on"); }
static completeness has_owner(const json_t *pledge) { return has(pledge, "owner"); }
static completeness has_sites(const json_t *pledge) { return has(pledge, "sites"); }

static const struct {
	completeness_item item;
	asks_target target;
	asks_pledge pledge;
} asked[COMPLETENESS_ITEMS] = {
	{{"date", N_("Date"), N_("It says when the promise was made."), N_("No date: nobody can tell how long the promise has stood."), ""}, NULL, has_date},
	{{"metric", N_("Metric"), N_("It says what is counted."), N_("No metric: it is not said what is counted."), ""}, has_metric, NULL},
	{{"value", N_("Figure"), N_("It names a figure."), N_("No figure: it cannot be said how much is enough."), ""}, has_value, NULL},
	{{"unit", N_("Unit"), N_("The figure has a unit."), N_("No standard unit: the promise cannot be compared or added up."), ""}, has_unit, NULL},
	{{"denominator", N_("Denominator"), N_("It says of what the share or ratio is taken."),
		N_("No denominator: a share of the land disturbed, available or held are three different promises."),
		N_("An absolute amount needs none.")}, has_denominator, NULL},
	{{"baseline-year", N_("Baseline year"), N_("It says from when progress counts."), N_("No baseline year: it is not said from when progress counts."), ""},
		has_baseline_year, NULL},
	{{"baseline-value", N_("Baseline value"), N_("It says how things stood at the start."), N_("No baseline value: how things stood at the start is not said."), ""},
		has_baseline_value, NULL},
	{{"deadline-kind", N_("Kind of deadline"), N_("It says whether a year, closure or a rolling term is meant."),
		N_("It is not said whether a year, closure or a rolling term is meant."), ""}, has_deadline_kind, NULL},
	{{"target-year", N_("Deadline"), N_("It names the year by which it is promised."), N_("No year: without one the promise can never be late."),
		N_("It runs until closure or rolls; milestones take the place of a year.")}, has_target_year, NULL},
	{{"milestones", N_("Milestones"), N_("It names steps on the way."),
		N_("No milestones: a promise by closure, rolling or without deadline could never be late without them."),
		N_("It has a calendar deadline; milestones would help but are not needed.")}, has_milestones, NULL},
	{{"land", N_("Land class"), N_("It says whether operational, legacy or other land is meant."), N_("No land class: which land is meant is not said."), ""},
		has_land, NULL},
	{{"action", N_("Kind of action"), N_("It says what is done: conserve, rehabilitate, restore, plant or offset."),
		N_("It is not said what is done to the land."), ""}, has_action, NULL},
	{{"duty", N_("Duty or beyond"), N_("It says whether law or permit demands it anyway."), N_("It is not said whether law or permit demands it anyway."), ""},
		has_duty, NULL},
	{{"owner", N_("Who answers"), N_("It names the office that must answer for it."), N_("Nobody is named who must answer for it."), ""}, NULL, has_owner},
	{{"sites", N_("Sites"), N_("It names its sites."), N_("It names no site: nothing can be measured, and no hectare can be counted only once."), ""},
		NULL, has_sites},
};

static void ask_targets(const json_t *pledge, asks_target ask, completeness_item *item)
{
	const json_t *target;
	gsize i;
	json_array_foreach(json_object_get(pledge, "targets"), i, target) {
		completeness answer = ask(pledge, target);
		if (answer == COMPLETE_NOT_APPLICABLE)
			continue;
		item->of++;
		item->have += answer == COMPLETE_PRESENT;
	}
	item->state = !item->of ? (json_array_size(json_object_get(pledge, "targets")) ? COMPLETE_NOT_APPLICABLE : COMPLETE_MISSING)
		: item->have == item->of ? COMPLETE_PRESENT : item->have ? COMPLETE_PARTLY : COMPLETE_MISSING;
}

void pledge_completeness(const json_t *pledge, completeness_list *out)
{
	*out = (completeness_list){0};
	for (gsize i = 0; i < COMPLETENESS_ITEMS; i++) {
		completeness_item *item = &out->items[i];
		*item = asked[i].item;
		if (asked[i].target)
			ask_targets(pledge, asked[i].target, item);
		else {
			item->state = asked[i].pledge(pledge);
			item->of = 1;
			item->have = item->state == COMPLETE_PRESENT;
		}
		out->present += item->state == COMPLETE_PRESENT;
		out->applicable += item->state != COMPLETE_NOT_APPLICABLE;
	}
}
