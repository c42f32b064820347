/* OGC API Features for people: the same documents as pages. */
#include <stdlib.h>
#include <string.h>

#include "web/api/ogc.h"
#include "web/data.h"
#include "web/pages/sheet.h"

static void answer(const request *r, response *out, json_t *view)
{
	response_page(out, r, 200, "interface", view);
}

static json_t *table_section(json_t *view, const request *r, const char *id, const char *title, json_t *table)
{
	json_t *section = sheet_section(view, id, request_text(r, title));
	json_object_set_new(section, "table", table);
	return section;
}

static void links_section(json_t *view, const request *r, const json_t *document)
{
	table_section(view, r, "links", N_("Links"), api_links_table(r, json_object_get(document, "links")));
}

static json_t *collections_table(const request *r)
{
	json_t *table = view_table(request_text(r, N_("What there is as features")));
	view_table_column(table, request_text(r, N_("Collection")), FALSE);
	view_table_column(table, request_text(r, N_("How many")), TRUE);
	view_table_column(table, request_text(r, N_("What it holds")), FALSE);
	view_table_column(table, request_text(r, N_("Features")), FALSE);
	for (gsize i = 0; i < ogc_all_count; i++) {
		const kind *k = ogc_kind(&ogc_all[i]);
		g_autoptr(GError) error = NULL;
		g_autofree char *count = language_number(request_language(r), data_count(r, k->name, &error), 0), *path = g_strdup_printf("/ogc/collections/%s", k->plural),
			*items = g_strdup_printf("/ogc/collections/%s/items", k->plural), *href = view_address(r, path), *items_href = view_address(r, items);
		view_cell cells[] = { { .text = request_text(r, k->label_plural), .href = href, .head = TRUE }, { .text = count }, { .text = request_text(r, k->help) },
			{ .text = request_text(r, N_("List")), .href = items_href } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

/* Commands to try, with this site's address in them. */
static void ways_section(json_t *view, const request *r)
{
	static const struct {
		const char *tool, *format;
	} ways[] = {
		{ "QGIS", N_("Layer, Add Layer, Add WFS / OGC API Features Layer, New: {address}") }, { "GDAL", "ogrinfo OAPIF:{address}" },
		{ "GDAL", "ogr2ogr sites.gpkg OAPIF:{address} sites -spat 85 40 120 53" }, { "R", "sf::read_sf(\"OAPIF:{address}\", \"sites\")" },
		{ "curl", "curl '{address}/collections/sites/items?filter=country%3D%27MNG%27'" },
	};
	json_t *table = view_table(request_text(r, N_("How to open it")));
	g_autofree char *address = api_address(r, "/ogc");
	view_table_column(table, request_text(r, N_("Program")), FALSE);
	view_table_column(table, request_text(r, N_("What to type")), FALSE);
	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autofree char *text = view_message(request_text(r, ways[i].format), "address", address, NULL);
		view_cell cells[] = { { .text = ways[i].tool, .head = TRUE }, { .text = text, .code = i > 0 } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	table_section(view, r, "use", N_("Use it"), table);
}

void ogc_page_landing(const request *r, response *out, const json_t *document)
{
	json_t *view = api_view(r, json_string_value(json_object_get(document, "title")), json_string_value(json_object_get(document, "description")), request_text(r, N_("Data")), "/data", NULL);
	table_section(view, r, "collections", N_("Collections"), collections_table(r));
	ways_section(view, r);
	links_section(view, r, document);
	answer(r, out, view);
}

void ogc_page_collections(const request *r, response *out, const json_t *document)
{
	json_t *view = api_view(r, request_text(r, N_("Collections")), request_text(r, N_("What there is as features for a GIS.")), request_text(r, N_("Data")), "/data", request_text(r, N_("Features")), "/ogc", NULL);
	table_section(view, r, "collections", N_("Collections"), collections_table(r));
	links_section(view, r, document);
	answer(r, out, view);
}

void ogc_page_conformance(const request *r, response *out, const json_t *document)
{
	json_t *view = api_view(r, request_text(r, N_("Conformance")), request_text(r, N_("The requirements classes that this interface conforms to, by their addresses.")), request_text(r, N_("Data")), "/data",
		request_text(r, N_("Features")), "/ogc", NULL), *items = json_array();
	const json_t *one;
	gsize i;
	json_array_foreach(json_object_get(document, "conformsTo"), i, one)
		json_array_append_new(items, json_pack("{s:[{s:O, s:n}]}", "pieces", "text", one, "ref"));
	json_object_set_new(sheet_section(view, "classes", request_text(r, N_("Classes"))), "bullets", json_pack("{s:o}", "items", items));
	answer(r, out, view);
}

static char *text_of(const json_t *value)
{
	if (json_is_string(value))
		return g_strdup(json_string_value(value));
	char *dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9)), *text = g_strdup(dumped);
	free(dumped);
	return text;
}

void ogc_page_collection(const request *r, response *out, const ogc_collection *c, const json_t *document)
{
	const kind *k = ogc_kind(c);
	json_t *view = api_view(r, request_text(r, k->label_plural), request_text(r, k->help), request_text(r, N_("Data")), "/data", request_text(r, N_("Features")), "/ogc", NULL);
	json_t *table = view_table(request_text(r, N_("The collection")));
	const json_t *extent = json_object_get(json_object_get(json_object_get(document, "extent"), "spatial"), "bbox");
	g_autofree char *box = text_of(json_array_get(extent, 0)), *items = g_strdup_printf("/ogc/collections/%s/items", k->plural), *items_href = view_address(r, items);
	const struct {
		const char *label, *text, *href;
	} rows[] = {
		{ N_("Features"), request_text(r, N_("All of them, as a list")), items_href }, { N_("West, south, east, north"), box, NULL }, { N_("Stored in"), CRS_84, NULL },
		{ N_("Also given in"), request_text(r, N_("EPSG:4326 (latitude first), EPSG:3857 and the UTM zones EPSG:32601 to 32660 and 32701 to 32760")), NULL },
	};
	view_table_column(table, request_text(r, N_("Property")), FALSE);
	view_table_column(table, request_text(r, N_("Value")), FALSE);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		view_cell cells[] = { { .text = request_text(r, rows[i].label), .head = TRUE }, { .text = rows[i].text, .href = rows[i].href } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	table_section(view, r, "about", N_("About"), table);
	links_section(view, r, document);
	answer(r, out, view);
}

void ogc_page_queryables(const request *r, response *out, const ogc_collection *c, const json_t *document)
{
	const kind *k = ogc_kind(c);
	g_autofree char *collection = g_strdup_printf("/ogc/collections/%s", k->plural);
	json_t *view = api_view(r, request_text(r, N_("What a filter may ask")), request_text(r, N_("The properties that a CQL2 filter on this collection can name, such as country = 'MNG' AND S_INTERSECTS(geometry, BBOX(85, 40, 120, 53)).")),
		request_text(r, N_("Data")), "/data", request_text(r, N_("Features")), "/ogc", request_text(r, k->label_plural), collection, NULL);
	json_t *table = view_table(request_text(r, N_("Queryables"))), *one;
	const char *name;
	view_table_column(table, request_text(r, N_("Name")), FALSE);
	view_table_column(table, request_text(r, N_("Title")), FALSE);
	view_table_column(table, request_text(r, N_("Holds")), FALSE);
	view_table_column(table, request_text(r, N_("Meaning")), FALSE);
	json_object_foreach(json_object_get(document, "properties"), name, one) {
		const char *type = json_string_value(json_object_get(one, "type")), *finer = json_string_value(json_object_get(one, "format"));
		view_cell cells[] = { { .text = name, .head = TRUE, .code = TRUE }, { .text = json_string_value(json_object_get(one, "title")) },
			{ .text = type ? type : finer ? finer : request_text(r, N_("a term")), .note = type ? finer : NULL }, { .text = json_string_value(json_object_get(one, "description")) } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	table_section(view, r, "queryables", N_("Properties"), table);
	answer(r, out, view);
}

/* ---- features ---- */

static void add_column(json_t *table, const request *r, const kind *k, const char *path)
{
	const field *f = kind_field(k, path);
	view_table_column(table, request_text(r, f->label), f->type == FIELD_NUMBER || f->type == FIELD_COUNT);
}

/* The values at a path of a feature's properties, in words. */
static char *cell_text(const request *r, const kind *k, const json_t *properties, const char *path)
{
	g_autoptr(GPtrArray) values = body_values(properties, path);
	const field *f = kind_field(k, path);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < MIN(values->len, 4); i++)
		g_ptr_array_add(texts, view_value(r, f, values->pdata[i]));
	g_ptr_array_add(texts, NULL);
	return g_strjoinv(", ", (char **)texts->pdata);
}

static json_t *items_table(const request *r, const ogc_collection *c, const json_t *features)
{
	const kind *k = ogc_kind(c);
	json_t *table = view_table(request_text(r, k->label_plural));
	const json_t *feature;
	gsize i;
	view_table_column(table, request_text(r, N_("Feature")), FALSE);
	for (const char *const *path = c->columns; *path; path++)
		add_column(table, r, k, *path);
	json_array_foreach(features, i, feature) {
		const json_t *properties = json_object_get(feature, "properties");
		g_autofree char *path = g_strdup_printf("/ogc/collections/%s/items/%s", k->plural, json_string_value(json_object_get(feature, "id"))), *href = view_address(r, path);
		view_cell cells[8] = { { .text = json_string_value(json_object_get(properties, "title")), .href = href, .head = TRUE } };
		g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
		gsize n = 1;
		for (const char *const *column = c->columns; *column; column++) {
			char *text = cell_text(r, k, properties, *column);
			g_ptr_array_add(texts, text);
			cells[n++] = (view_cell){ .text = *text ? text : "–" };
		}
		view_table_row(table, cells, n);
	}
	return table;
}

static const char *link_of(const json_t *document, const char *relation)
{
	const json_t *link;
	gsize i;
	json_array_foreach(json_object_get(document, "links"), i, link)
		if (strcmp(json_string_value(json_object_get(link, "rel")), relation) == 0)
			return json_string_value(json_object_get(link, "href"));
	return NULL;
}

void ogc_page_items(const request *r, response *out, const ogc_collection *c, const json_t *document)
{
	const kind *k = ogc_kind(c);
	guint64 total = (guint64)json_integer_value(json_object_get(document, "numberMatched"));
	g_autofree char *collection = g_strdup_printf("/ogc/collections/%s", k->plural), *count = view_count(request_language(r), N_("{n} feature"), N_("{n} features"), total);
	g_autofree char *title = view_message(request_text(r, N_("{kind} as features")), "kind", request_text(r, k->label_plural), NULL);
	json_t *view = api_view(r, title, count, request_text(r, N_("Data")), "/data", request_text(r, N_("Features")), "/ogc", request_text(r, k->label_plural), collection, NULL);
	const char *next = link_of(document, "next");
	g_autofree char *shown = language_number(request_language(r), (double)json_integer_value(json_object_get(document, "numberReturned")), 0);
	g_autofree char *where = view_message(request_text(r, N_("{n} on this page")), "n", shown, NULL);
	table_section(view, r, "features", N_("Features"), items_table(r, c, json_object_get(document, "features")));
	if (next || request_query(r, "after")) {
		json_t *paging = json_object();
		view_put(paging, "where", where);
		view_put(paging, "next", next);
		view_take(paging, "previous", NULL);
		json_object_set_new(view, "paging", paging);
	}
	answer(r, out, view);
}

void ogc_page_item(const request *r, response *out, const ogc_collection *c, const record *rec, const json_t *document)
{
	const kind *k = rec->kind;
	g_autofree char *collection = g_strdup_printf("/ogc/collections/%s", k->plural), *items = g_strdup_printf("/ogc/collections/%s/items", k->plural);
	(void)c;
	json_t *view = api_view(r, record_title(rec), request_text(r, k->label), request_text(r, N_("Data")), "/data", request_text(r, N_("Features")), "/ogc", request_text(r, k->label_plural), collection,
		request_text(r, N_("Features")), items, NULL);
	json_t *table = view_table(request_text(r, N_("What the feature says")));
	const json_t *properties = json_object_get(document, "properties");
	view_table_column(table, request_text(r, N_("Property")), FALSE);
	view_table_column(table, request_text(r, N_("Value")), FALSE);
	for (const field *f = k->fields; f->name; f++) {
		const json_t *value = json_object_get(properties, f->name);
		if (!value)
			continue;
		g_autofree char *text = f->type == FIELD_GROUP ? text_of(value) : cell_text(r, k, properties, f->name), *shown = view_shorten(text, 600);
		view_cell cells[] = { { .text = f->name, .code = TRUE, .note = request_text(r, f->label), .head = TRUE }, { .text = shown } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	const json_t *geometry = json_object_get(document, "geometry");
	g_autofree char *coordinates = geometry && !json_is_null(geometry) ? text_of(json_object_get(geometry, "coordinates")) : NULL, *place = coordinates ? view_shorten(coordinates, 200) : NULL;
	view_cell cells[] = { { .text = "geometry", .note = place ? json_string_value(json_object_get(geometry, "type")) : NULL, .head = TRUE }, { .text = place ? place : request_text(r, N_("none")) } };
	view_table_row(table, cells, G_N_ELEMENTS(cells));
	table_section(view, r, "properties", N_("Properties"), table);
	links_section(view, r, document);
	answer(r, out, view);
}
