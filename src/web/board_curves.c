#include "web/board_curves.h"

#include <string.h>

#include "rules/trend.h"

#define LOOKED_AT 200 /* measurements */

static json_int_t year(const json_t *body, const char *name)
{
	return json_integer_value(json_object_get(body, name));
}

/* From images before tables, then the longest series; 0: it has no curve. */
static int rank_of(const json_t *body)
{
	gboolean images = g_strcmp0(json_string_value(json_object_get(body, "form")), "table") != 0;
	if (trend_years(json_object_get(body, "results")) < TREND_CURVE)
		return 0;
	return 1 + (images ? 1000 : 0) + (int)CLAMP(year(body, "period_until") - year(body, "period_from"), 0, 999);
}

typedef struct ranked {
	const char *site; /* interned */
	int rank;
} ranked;

/* Of equals the first: it is the newest. */
static const char *take_best(ranked *list, gsize n)
{
	const ranked *best = NULL;
	for (gsize i = 0; i < n; i++)
		if (list[i].rank && (!best || list[i].rank > best->rank))
			best = &list[i];
	const char *site = best ? best->site : NULL;
	for (gsize i = 0; i < n; i++)
		if (list[i].site == site)
			list[i].rank = 0;
	return site;
}

gboolean board_curves_read(store_reader *reader, const char *as_of, const char *sites[static BOARD_CURVES + 1], GError **error)
{
	static const char *const members[] = {"site", "form", "period_from", "period_until", "results.quantity", "results.what", "results.year", "results.value", NULL};
	const store_query q = {.kind = "measurement", .sort = "-period_until", .limit = LOOKED_AT, .bodies = TRUE, .members = members, .as_of = as_of};
	g_autoptr(store_result) found = store_search(reader, &q, error);
	if (!found)
		return FALSE;
	g_autofree ranked *list = g_new0(ranked, found->n + 1);
	for (gsize i = 0; i < found->n; i++) {
		const json_t *body = found->hits[i].record->body;
		const char *site = json_string_value(json_object_get(body, "site"));
		if (site)
			list[i] = (ranked){g_intern_string(site), rank_of(body)};
	}
	for (gsize i = 0; i < BOARD_CURVES; i++)
		sites[i] = take_best(list, found->n);
	sites[BOARD_CURVES] = NULL;
	return TRUE;
}
