/* STAC for people: the same documents as pages. */
#include <stdlib.h>
#include <string.h>

#include "web/api/stac.h"
#include "web/pages/sheet.h"

static const char *text_at(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static void add_table(json_t *view, const request *r, const char *id, const char *title, json_t *table)
{
	json_object_set_new(sheet_section(view, id, request_text(r, title)), "table", table);
}

static json_t *items_table(const request *r, const json_t *features)
{
	json_t *table = view_table(request_text(r, N_("Measurements")));
	const json_t *item;
	gsize i;
	view_table_column(table, request_text(r, N_("Item")), FALSE);
	view_table_column(table, request_text(r, N_("From")), TRUE);
	view_table_column(table, request_text(r, N_("Until")), TRUE);
	view_table_column(table, request_text(r, N_("Entry of the log")), TRUE);
	json_array_foreach(features, i, item) {
		const json_t *properties = json_object_get(item, "properties");
		g_autofree char *path = g_strdup_printf("/stac/collections/" STAC_COLLECTION "/items/%s", text_at(item, "id")), *href = view_address(r, path);
		g_autofree char *from = g_strndup(text_at(properties, "start_datetime"), 4), *until = g_strndup(text_at(properties, "end_datetime"), 4);
		g_autofree char *number = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(properties, "aftermine:log_index")));
		view_cell cells[] = { { .text = text_at(properties, "title"), .href = href, .head = TRUE }, { .text = from }, { .text = until }, { .text = number } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

static json_t *assets_table(const request *r, const json_t *assets)
{
	json_t *table = view_table(request_text(r, N_("Files of the item"))), *asset;
	const char *name;
	view_table_column(table, request_text(r, N_("File")), FALSE);
	view_table_column(table, request_text(r, N_("Media type")), FALSE);
	view_table_column(table, request_text(r, N_("Role")), FALSE);
	json_object_foreach((json_t *)assets, name, asset) {
		const char *title = text_at(asset, "title");
		view_cell cells[] = { { .text = title ? title : name, .href = text_at(asset, "href"), .head = TRUE }, { .text = text_at(asset, "type") },
			{ .text = json_string_value(json_array_get(json_object_get(asset, "roles"), 0)) } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

static json_t *properties_table(const request *r, const json_t *properties)
{
	json_t *table = view_table(request_text(r, N_("What the item says"))), *value;
	const char *name;
	view_table_column(table, request_text(r, N_("Property")), FALSE);
	view_table_column(table, request_text(r, N_("Value")), FALSE);
	json_object_foreach((json_t *)properties, name, value) {
		char *dumped = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
		g_autofree char *shown = view_shorten(dumped ? dumped : json_string_value(value), 400);
		free(dumped);
		view_cell cells[] = { { .text = name, .head = TRUE, .code = TRUE }, { .text = shown } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

static void add_paging(json_t *view, const request *r, const json_t *links)
{
	const json_t *link;
	gsize i;
	json_array_foreach(links, i, link)
		if (g_strcmp0(text_at(link, "rel"), "next") == 0) {
			json_t *paging = json_object();
			view_put(paging, "where", "");
			view_put(paging, "next", text_at(link, "href"));
			view_put(paging, "previous", NULL);
			json_object_set_new(view, "paging", paging);
		}
	(void)r;
}

void stac_page(const request *r, response *out, const char *title, const char *sentence, const json_t *document)
{
	json_t *view = api_view(r, title, sentence, request_text(r, N_("Data")), "/data", request_text(r, N_("Measurements from satellite images")), "/stac", NULL);
	const json_t *links = json_object_get(document, "links"), *conforms = json_object_get(document, "conformsTo"), *features = json_object_get(document, "features"), *one;
	gsize i;
	if (features) {
		add_table(view, r, "items", N_("Items"), items_table(r, features));
		add_paging(view, r, links);
	}
	if (json_object_get(document, "assets"))
		add_table(view, r, "assets", N_("Files"), assets_table(r, json_object_get(document, "assets")));
	if (json_object_get(document, "properties"))
		add_table(view, r, "properties", N_("Properties"), properties_table(r, json_object_get(document, "properties")));
	if (conforms) {
		json_t *items = json_array();
		json_array_foreach(conforms, i, one)
			json_array_append_new(items, json_pack("{s:[{s:O, s:n}]}", "pieces", "text", one, "ref"));
		json_object_set_new(sheet_section(view, "classes", request_text(r, N_("Conforms to"))), "bullets", json_pack("{s:o}", "items", items));
	}
	if (links)
		add_table(view, r, "links", N_("Links"), api_links_table(r, links));
	response_page(out, r, 200, "interface", view);
}
