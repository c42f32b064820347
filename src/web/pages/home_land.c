/* What the land shows: three measured sites with their curves. */
#include <string.h>

#include "web/pages/home.h"
#include "web/pages/site.h"

#define SHOWN 3
#define LOOKED_AT 200 /* measurements */

/* From images before tables, then the longest series; then as the store has them, the newest first. */
static int rank_of(const record *m)
{
	gboolean images = g_strcmp0(json_string_value(json_object_get(m->body, "form")), "table") != 0;
	json_int_t years = json_integer_value(json_object_get(m->body, "period_until")) - json_integer_value(json_object_get(m->body, "period_from"));
	return (images ? 1000 : 0) + (int)CLAMP(years, 0, 999);
}

/* The places of the best of them in the result, one for each site; how many. */
static guint choose(const store_result *found, gsize chosen[static SHOWN])
{
	guint n = 0;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	while (n < SHOWN) {
		gsize best = found->n;
		for (gsize i = 0; i < found->n; i++) {
			const record *m = found->hits[i].record;
			const char *site = json_string_value(json_object_get(m->body, "site"));
			if (site && !g_hash_table_contains(seen, site) && site_has_curve(m) && (best == found->n || rank_of(m) > rank_of(found->hits[best].record)))
				best = i;
		}
		if (best == found->n)
			break;
		g_hash_table_add(seen, (gpointer)json_string_value(json_object_get(found->hits[best].record->body, "site")));
		chosen[n++] = best;
	}
	return n;
}

/* The curve of a site in a column of its own: the narrow picture on every screen. */
static json_t *item_of(const request *r, const record *site, GError **error)
{
	g_auto(site_case) c = {0};
	if (!site_case_read(r, site, &c, error) || !site_case_newest(&c) || !site_has_curve(site_case_newest(&c)))
		return NULL;
	g_autofree char *address = view_record_address(r, site->kind, site->id);
	json_t *item = site_curve_view(r, &c, address);
	json_object_set(item, "still", json_object_get(item, "still_narrow"));
	json_object_set(item, "still_dark", json_object_get(item, "still_narrow_dark"));
	json_object_set_new(item, "still_narrow", json_null());
	json_object_set_new(item, "table", json_null());
	json_object_set_new(item, "explain", site_explain(r, site_case_newest(&c), vocabulary_find(vocabulary_get("measured-quantities"), "vegetation-index")));
	view_put(item, "title", record_title(site));
	view_put(item, "href", address);
	view_take(item, "where", view_values(r, site, "country"));
	return item;
}

json_t *home_land(const request *r, GError **error)
{
	const store_query q = {.kind = "measurement", .sort = "-period_until", .limit = LOOKED_AT, .bodies = TRUE, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	gsize chosen[SHOWN];
	json_t *list = json_array();
	guint n = found ? choose(found, chosen) : 0;
	for (guint i = 0; i < n; i++) {
		g_autoptr(record) site = store_get(request_reader(r), "site", json_string_value(json_object_get(found->hits[chosen[i]].record->body, "site")), request_as_of(r), error);
		json_t *item = site ? item_of(r, site, error) : NULL;
		if (item)
			json_array_append_new(list, item);
	}
	if (found && !*error)
		return list;
	json_decref(list);
	return NULL;
}
