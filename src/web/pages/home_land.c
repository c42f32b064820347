/* What the land shows: three measured sites with their curves. */
#include "web/board.h"
#include "web/pages/home.h"
#include "web/pages/site.h"

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
	g_autoptr(board) b = board_get(request_reader(r), store_reader_generation(request_reader(r)), request_as_of(r), error);
	json_t *list = json_array();
	for (const char *const *id = b ? board_curves(b) : NULL; id && *id && !*error; id++) {
		g_autoptr(record) site = store_get(request_reader(r), "site", *id, request_as_of(r), error);
		json_t *item = site ? item_of(r, site, error) : NULL;
		if (item)
			json_array_append_new(list, item);
	}
	if (b && !*error)
		return list;
	json_decref(list);
	return NULL;
}
