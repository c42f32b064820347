#include "rules/trend.h"

#include <math.h>
#include <string.h>

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

static gboolean is_of(const json_t *row, const char *quantity)
{
	return g_strcmp0(json_string_value(json_object_get(row, "quantity")), quantity) == 0;
}

const char *trend_index(const json_t *results)
{
	const json_t *row;
	gsize i;
	json_array_foreach(results, i, row)
		if (is_of(row, "vegetation-index"))
			return json_string_value(json_object_get(row, "what"));
	return NULL;
}

static gboolean is_finite(const json_t *value)
{
	return json_is_number(value) && isfinite(json_number_value(value));
}

gboolean trend_is_year(const json_t *row, const char *quantity, const char *index)
{
	if (!is_of(row, quantity) || !is_finite(json_object_get(row, "year")) || !is_finite(json_object_get(row, "value")))
		return FALSE;
	const char *of = json_string_value(json_object_get(row, "what"));
	return !index || !of || strcmp(of, index) == 0;
}

guint trend_years(const json_t *results)
{
	const char *index = trend_index(results);
	const json_t *row;
	guint years = 0;
	gsize i;
	json_array_foreach(results, i, row)
		years += trend_is_year(row, "vegetation-index", index);
	return years;
}

trend_say trend_of_results(const json_t *results)
{
	trend_say says = TREND_NOTHING;
	const json_t *row;
	gsize i;
	json_array_foreach(results, i, row) {
		if (!is_of(row, "trend"))
			continue;
		trend_say here = say_of(row);
		if (says <= TREND_TOO_FEW)
			says = here;
		else if (here != TREND_TOO_FEW && here != says)
			says = TREND_NONE;
	}
	return says;
}
