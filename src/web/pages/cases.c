/* /cases: the compilation with facets, words, list and map; /cases/compare: up to four side by side. */
#include <string.h>

#include "web/data.h"
#include "web/pages/case.h"
#include "web/pages/home.h"
#include "web/pages/pages.h"
#include "web/query.h"

#define PAGE_ROWS 20
#define COMPARE_MOST 4

/* As product.md orders them; "!" lies open. */
static const char *const facet_paths[] = {
	"!themes", "!country", "!commodities", "mine_types", "stage", "practices.practice", "biome", "post_mining_land_uses.use", "ldn_response",
	"evidence_grade", "start_year", NULL,
};

static void add_form(json_t *view, const request *r)
{
	const language *l = request_language(r);
	const char *text = request_query(r, "q");
	gboolean words = text && *text;
	view_put(view, "q", text ? text : "");
	view_take(view, "action", view_address(r, "/cases"));
	json_object_set_new(view, "kept", view_kept(r, (const char *[]){ "q", "page", NULL }));
	json_t *sort = words
		? view_sort(r, "relevance", language_text(l, "Best match"), "newest", language_text(l, "Newest first"), "title", language_text(l, "Title"),
			"evidence_grade", language_text(l, "Best evidence"), "-start_year", language_text(l, "Latest start"), NULL)
		: view_sort(r, "newest", language_text(l, "Newest first"), "title", language_text(l, "Title"), "evidence_grade", language_text(l, "Best evidence"),
			"-start_year", language_text(l, "Latest start"), NULL);
	json_object_set_new(sort, "kept", view_kept(r, (const char *[]){ "sort", "page", NULL }));
	json_object_set_new(view, "sort", sort);
}

static json_t *switch_view(const request *r, gboolean mapped)
{
	const language *l = request_language(r);
	g_autofree char *to_list = request_link_with(r, "view", NULL), *to_map = request_link_with(r, "view", "map");
	return json_pack("[{s:s, s:s, s:b}, {s:s, s:s, s:b}]", "href", to_list, "label", language_text(l, "List"), "active", !mapped,
		"href", to_map, "label", language_text(l, "Map"), "active", mapped);
}

/* The address of this list, whole, with another ending. */
static char *list_as(const request *r, const char *ending)
{
	g_autofree char *whole = request_link_with(r, "page", NULL);
	const char *question = strchr(whole, '?');
	return g_strconcat(request_root(r), "/cases", ending, question, NULL);
}

static json_t *map_view(const request *r, guint total)
{
	const language *l = request_language(r);
	json_t *view = json_object();
	g_autofree char *address = list_as(r, ""), *list = request_link_with(r, "view", NULL);
	view_picture(view, address, NULL);
	view_put(view, "title", language_text(l, "Where they are"));
	g_autofree char *drawn = places_drawn(l, total);
	view_take(view, "note", g_strjoin(" ", language_text(l, "Coordinates are approximate. Cases without a place are in the list only."), *drawn ? drawn : NULL, NULL));
	json_object_set_new(view, "full", json_false());
	view_put(view, "tint", NULL);
	json_object_set_new(view, "pledged_shown", json_false());
	view_take(view, "places", list_as(r, ".geojson"));
	view_take(view, "alt", view_count(l, "Map with {n} case", "Map with {n} cases", MIN(total, PLACES_MOST)));
	json_object_set_new(view, "legend", json_pack("[{s:s, s:b, s:b, s:b}]", "label", language_text(l, "a case, as reported by its sources"), "promised", 0, "reported", 1, "measured", 0));
	view_put(view, "list_href", list);
	view_put(view, "list_label", language_text(l, "The same cases as a list"));
	return view;
}

static char *count_text(const request *r, guint total, guint all)
{
	const language *l = request_language(r);
	g_autofree char *n = language_number(l, total, 0), *of = language_number(l, all, 0);
	return total == all ? view_count(l, "{n} case", "{n} cases", total)
		: view_message(language_plural(l, "{n} of {total} case", "{n} of {total} cases", all), "n", n, "total", of, NULL);
}

static void answer_page(const request *r, response *out, const query *asked)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	store_query q = asked->store;
	static const char *const views[] = { "list", "map", NULL };
	const char *chosen;
	if (!query_choice(r, out, "view", views, &chosen))
		return;
	gboolean mapped = !g_strcmp0(chosen, "map");
	view_facets_ask(&q, r, facet_paths);
	q.briefs = TRUE;
	g_autoptr(store_result) found = store_search(request_reader(r), &q, &error);
	guint all = found ? data_count(r, "case", &error) : 0;
	if (error) {
		response_error(out, r, error);
		return;
	}
	json_t *view = json_object();
	mustache_list *rows = list_rows(r);
	for (gsize i = 0; i < found->n; i++)
		list_row_compare(case_row(rows, r, &found->hits[i]));
	add_form(view, r);
	view_facets(view, r, kind_by_name("case"), found, facet_paths, NULL);
	view_put(view, "title", language_text(l, "Compilation of best practices in land restoration"));
	view_put(view, "active", "/cases");
	json_object_set_new(view, "hide_search", json_true());
	view_take(view, "sentence", view_count(l, "{n} sourced case study of land brought back after mining, and of attempts that failed.",
		"{n} sourced case studies of land brought back after mining, and of attempts that failed.", all));
	view_take(view, "count", count_text(r, found->total, all));
	json_object_set_new(view, "views", switch_view(r, mapped));
	json_object_set_new(view, "empty", json_boolean(!found->total));
	json_object_set_new(view, "map", mapped && found->total ? map_view(r, found->total) : json_null());
	json_object_set_new(view, "rows_shown", json_boolean(found->n));
	json_object_set_new(view, "rows", mustache_list_json(rows));
	view_explains(view, r, EXPLAINS(FIGURE_STATED));
	view_take(view, "compare_href", view_address(r, "/cases/compare"));
	view_paging(view, r, q.offset, q.limit, found->total);
	response_page(out, r, 200, "cases", view);
}

static void answer_citations(const request *r, response *out)
{
	g_auto(query) asked = { 0 };
	g_autoptr(store_result) found = query_records(r, out, kind_by_name("case"), DATA_PAGE, &asked);
	if (!found)
		return;
	citing c = citing_begin(r);
	for (gsize i = 0; i < found->n; i++)
		citing_add(&c, found->hits[i].record);
	citing_end(&c, out, "cases");
	query_link_pages(r, out, &asked, found->total);
}

void page_cases(const request *r, response *out)
{
	g_auto(query) asked = { 0 };
	format wanted = request_format(r);
	if (wanted & CITATION_FORMATS) {
		answer_citations(r, out);
		return;
	}
	if (!query_parse(r, out, kind_by_name("case"), PAGE_ROWS, 100, &asked))
		return;
	if (wanted == FORMAT_SVG) {
		g_autoptr(GError) error = NULL;
		GBytes *picture = picture_of_places(r, &asked.store, request_text(r, "Cases on a map of the world"), NULL, 0, &error);
		if (picture)
			response_bytes(out, "image/svg+xml", picture);
		else
			response_error(out, r, error);
	} else {
		answer_page(r, out, &asked);
	}
}

/* ---- side by side ---- */

static void add_item(json_t *items, char *figure, json_t *explain, char *text, char *to)
{
	json_t *item = json_object();
	json_object_set_new(item, "explain", explain ? explain : json_null());
	view_take(item, "figure", figure);
	view_take(item, "text", text);
	view_take(item, "to", to);
	json_array_append_new(items, item);
}

static json_t *figures_cell(const request *r, const record *rec, const char *group, const char *what, const char *value)
{
	json_t *items = json_array();
	const json_t *entry;
	gsize i;
	json_array_foreach(json_object_get(rec->body, group), i, entry) {
		const char *stated = json_string_value(json_object_get(entry, what));
		json_t *figure = view_figure(r, rec, entry, value, stated);
		const char *number = json_string_value(json_object_get(figure, "value")), *unit = json_string_value(json_object_get(figure, "unit"));
		add_item(items, number ? g_strjoin(" ", number, unit, NULL) : NULL, json_incref(json_object_get(figure, "explain")),
			g_strdup(view_dated(r, stated ? stated : "", json_integer_value(json_object_get(entry, "year")))), NULL);
		json_decref(figure);
	}
	return items;
}

static json_t *values_cell(const request *r, const record *rec, const char *path)
{
	json_t *items = json_array();
	const field *f = kind_field(rec->kind, path);
	g_autoptr(GPtrArray) values = body_values(rec->body, path);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; f && i < values->len; i++) {
		const json_t *value = g_ptr_array_index(values, i);
		char *text = view_value(r, f, value);
		if (text && g_hash_table_add(seen, g_strdup(text)))
			add_item(items, NULL, NULL, text, f->type == FIELD_REF ? view_value_address(r, rec->kind, path, value) : NULL);
		else
			g_free(text);
	}
	return items;
}

static const struct {
	const char *path, *label, *what, *value; /* what: a group of figures */
} compared[] = {
	{ "country", N_("Country"), NULL, NULL }, { "commodities", N_("Commodity"), NULL, NULL }, { "mine_types", N_("Mine type"), NULL, NULL },
	{ "stage", N_("Stage"), NULL, NULL }, { "biome", N_("Biome"), NULL, NULL }, { "challenge", N_("Challenge"), NULL, NULL },
	{ "practices.practice", N_("Practices"), NULL, NULL }, { "results", N_("Results"), "as_stated", "value" }, { "costs", N_("Costs"), "what", "amount" },
	{ "limits", N_("What did not work"), NULL, NULL }, { "lessons", N_("Lessons"), NULL, NULL },
	{ "post_mining_land_uses.use", N_("Post-mining land use"), NULL, NULL }, { "evidence_grade", N_("Evidence grade"), NULL, NULL },
};

static json_t *comparison(const request *r, GPtrArray *cases)
{
	json_t *heads = json_array(), *lines = json_array();
	char *names[COMPARE_MOST]; /* what stands before each answer on a phone */
	for (guint i = 0; i < cases->len; i++) {
		const record *rec = g_ptr_array_index(cases, i);
		names[i] = view_shorten(record_title(rec), 36);
		json_t *head = json_object();
		view_put(head, "title", record_title(rec));
		view_take(head, "href", view_record_address(r, rec->kind, rec->id));
		view_take(head, "remove", request_link_toggle(r, "id", rec->id));
		json_array_append_new(heads, head);
	}
	for (gsize line = 0; line < G_N_ELEMENTS(compared); line++) {
		json_t *cells = json_array();
		for (guint i = 0; i < cases->len; i++) {
			const record *rec = g_ptr_array_index(cases, i);
			json_t *items = compared[line].what ? figures_cell(r, rec, compared[line].path, compared[line].what, compared[line].value)
				: values_cell(r, rec, compared[line].path);
			json_array_append_new(cells, json_pack("{s:s, s:b, s:o}", "head", names[i], "missing", !json_array_size(items), "items", items));
		}
		json_array_append_new(lines, json_pack("{s:s, s:o}", "label", request_text(r, compared[line].label), "cells", cells));
	}
	for (guint i = 0; i < cases->len; i++)
		g_free(names[i]);
	return json_pack("{s:i, s:o, s:o}", "n", (int)cases->len, "heads", heads, "lines", lines);
}

static void free_record(gpointer data)
{
	record_free(data);
}

void page_cases_compare(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func(free_record);
	g_autoptr(GString) left_out = g_string_new(NULL);
	const char *const *ids = request_query_all(r, "id");
	for (const char *const *id = ids; *id && !error; id++) {
		gboolean again = FALSE;
		for (const char *const *before = ids; before < id; before++)
			again |= strcmp(*before, *id) == 0;
		record *rec = again || cases->len == COMPARE_MOST ? NULL : store_get(request_reader(r), "case", *id, request_as_of(r), &error);
		if (rec)
			g_ptr_array_add(cases, rec);
		else if (!again && **id)
			g_string_append_printf(left_out, "%s%s", left_out->len ? ", " : "", *id);
	}
	if (error) {
		response_error(out, r, error);
		return;
	}
	g_autofree char *list = view_address(r, "/cases");
	json_t *view = json_object();
	view_put(view, "title", language_text(l, "Cases side by side"));
	view_put(view, "active", "/cases");
	json_object_set_new(view, "breadcrumbs", view_breadcrumbs(language_text(l, "Compilation"), list, language_text(l, "Side by side"), NULL));
	view_put(view, "left_out", left_out->len ? left_out->str : NULL);
	json_object_set_new(view, "too_few", json_boolean(cases->len < 2));
	json_object_set_new(view, "comparison", cases->len ? comparison(r, cases) : json_null());
	view_put(view, "list_href", list);
	response_page(out, r, cases->len || !left_out->len ? 200 : 404, "compare", view);
}
