/* /data: everything as files. */
#include <string.h>

#include "web/about.h"
#include "web/data.h"
#include "web/linked.h"
#include "web/pages/pages.h"
#include "web/view.h"

static const struct {
	const char *ending, *text, *example; /* NULL: there may be none to show */
} endings[] = {
	{ ".json", N_("the record as it is kept, with its revision and checksum; a list with all its records"), "/cases.json?country=MNG" },
	{ ".csv", N_("a table: one row a record, one column a field"), "/cases.csv?themes=circular-economy" },
	{ ".geojson", N_("places for a map or a GIS"), "/cases.geojson" },
	{ ".bib", N_("citations for BibTeX"), "/cases.bib?commodities=gold" },
	{ ".ris", N_("citations for EndNote, Zotero and others"), "/cases.ris" },
	{ ".atom", N_("a feed of what is published, changed and withdrawn, in words"), "/pledges.atom" },
	{ ".csl.json", N_("citations for citation processors (CSL)"), "/cases.csl.json" },
	{ ".ics", N_("milestones, deadlines, meetings and events for a calendar"), "/pledges.ics" },
	{ ".iati.xml", N_("projects that say when they begin, as activities of the International Aid Transparency Initiative: /projects.iati.xml"), NULL },
	{ ".svg", N_("the list’s map, or a record’s chart, as a picture"), "/cases.svg" },
};

/* "12.3 MB" */
static char *size_text(const language *l, guint64 bytes)
{
	double size = (double)bytes / 1e6;
	g_autofree char *number = language_number(l, size, size < 0.95 ? 2 : size < 99.5 ? 1 : 0);
	return g_strconcat(number, " MB", NULL);
}

/* Meetings are read on the coalition's page. */
static char *page_of(const request *r, const kind *k)
{
	g_autofree char *path = strcmp(k->name, "meeting") ? g_strdup_printf("/%s", k->plural) : g_strdup("/coalition");
	return view_address(r, path);
}

static gboolean add_collection(json_t *table, const request *r, const kind *k, GError **error)
{
	guint n = data_count(r, k->name, error);
	if (*error)
		return FALSE;
	g_autofree char *count = language_number(request_language(r), n, 0), *page = page_of(r, k);
	g_autofree char *json = g_strdup_printf("/%s.json", k->plural), *csv = g_strdup_printf("/%s.csv", k->plural);
	g_autofree char *json_href = view_address(r, json), *csv_href = view_address(r, csv);
	g_autofree char *schema = g_strdup_printf("/schema/%s.json", k->name), *schema_name = g_strdup_printf("%s.json", k->name);
	g_autofree char *schema_href = view_address(r, schema);
	view_cell cells[] = {
		{ .text = language_text(request_language(r), k->label_plural), .href = page, .head = TRUE },
		{ .text = count }, { .text = json + 1, .href = json_href }, { .text = csv + 1, .href = csv_href }, { .text = schema_name, .href = schema_href },
	};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
	return TRUE;
}

/* The registry in one file; FALSE: what is said is soon otherwise. */
static gboolean add_pack(json_t *view, const request *r, GError **error)
{
	const language *l = request_language(r);
	shelf_pack p;
	guint64 entries = 0;
	if (!about_shelf(r) || !store_log_size(request_reader(r), &entries, error))
		return TRUE;
	json_t *pack = json_object();
	json_object_set_new(view, "pack", pack);
	view_put(view, "site_address", request_site_address(r));
	if (!shelf_newest(about_shelf(r), &p))
		return FALSE;
	g_autofree char *day = g_strndup(p.time, 10);
	view_take(pack, "date", language_date(l, day));
	view_take(pack, "entries", language_number(l, (double)p.entries, 0));
	view_take(pack, "size", size_text(l, p.size));
	view_take(pack, "package_size", size_text(l, p.package_size));
	view_take(pack, "href", g_strdup_printf("/packs/%s", p.sha256));
	view_take(pack, "package_href", g_strdup_printf("/packs/%s/geopackage", p.sha256));
	view_put(pack, "log_root", p.root);
	view_put(pack, "sha256", p.sha256);
	if (entries > p.entries)
		view_take(pack, "newer", language_number(l, (double)(entries - p.entries), 0));
	return entries == p.entries;
}

void page_data(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	json_t *view = json_object(), *table = view_table(language_text(l, "What there is, and in which formats")), *list = json_array();
	view_table_column(table, language_text(l, "Records"), FALSE);
	view_table_column(table, language_text(l, "How many"), TRUE);
	view_table_column(table, "JSON", FALSE);
	view_table_column(table, "CSV", FALSE);
	view_table_column(table, language_text(l, "Schema"), FALSE);
	for (gsize i = 0; i < kinds_count && !error; i++)
		add_collection(table, r, kinds[i], &error);
	gboolean lasts = error || add_pack(view, r, &error);
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		json_t *item = json_pack("{s:s, s:s}", "ending", endings[i].ending, "text", language_text(l, endings[i].text));
		if (endings[i].example)
			view_take(item, "example_href", view_address(r, endings[i].example));
		json_array_append_new(list, item);
	}
	json_object_set_new(view, "collections", table);
	json_object_set_new(view, "endings", list);
	view_take(view, "overlaps_href", view_address(r, "/sites/overlaps"));
	view_take(view, "discrepancies_csv", view_address(r, "/discrepancies.csv"));
	view_take(view, "discrepancies_json", view_address(r, "/discrepancies.json"));
	view_take(view, "contradicted", view_address(r, "/discrepancies.csv?verdict=above"));
	if (error) {
		json_decref(view);
		response_error(out, r, error);
		return;
	}
	view_put(view, "title", language_text(l, "Data"));
	view_put(view, "active", "/data");
	json_object_set_new(view, "entity", linked_catalogue(r));
	response_page(out, r, 200, "data", view);
	if (!lasts)
		response_passing(out);
}
