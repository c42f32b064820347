#include "rules/trend.h"

#define N_(text) text

const trend_word trend_words[TREND_SAYS] = {
	[TREND_NOTHING] = {"nothing", N_("nothing is known of its course")},
	[TREND_TOO_FEW] = {"too-few-years", N_("too few years to tell")},
	[TREND_NONE] = {"none", N_("no trend that can be told from chance")},
	[TREND_RISING] = {"rising", N_("rising")},
	[TREND_FALLING] = {"falling", N_("falling")},
};

static trend_say say_of(const json_t *row)
{
	const json_t *low = json_object_get(row, "low"), *high = json_object_get(row, "high");
	if (!json_is_number(low) || !json_is_number(high))
		return TREND_TOO_FEW;
	return json_number_value(low) > 0 ? TREND_RISING : json_number_value(high) < 0 ? TREND_FALLING : TREND_NONE;
}

trend_say trend_of_results(const json_t *results)
{
	trend_say says = TREND_NOTHING;
	const json_t *row;
	gsize i;
	json_array_foreach(results, i, row) {
		if (g_strcmp0(json_string_value(json_object_get(row, "quantity")), "trend") != 0)
			continue;
		trend_say here = say_of(row);
		if (says <= TREND_TOO_FEW)
			says = here;
		else if (here != TREND_TOO_FEW && here != says)
			says = TREND_NONE;
	}
	return says;
}
