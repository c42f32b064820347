/* /sites/overlaps: land that several sites cover, pair by pair, the largest first. */
#include <math.h>

#include "web/pages/families.h"
#include "web/pages/land.h"
#include "web/pages/pledge.h"
#include "web/rows.h"

#define OVERLAPS_PAGE 50

static void day_of(gint64 seconds, char out[static 11])
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(seconds);
	g_autofree char *text = t ? g_date_time_format(t, "%Y-%m-%d") : NULL;
	g_strlcpy(out, text ? text : "", 11);
}

/* ---- as data ---- */

static json_t *joined(const char *const *organisations)
{
	g_autofree char *text = g_strjoinv(" ", (char **)organisations);
	return json_string(text);
}

static json_t *overlap_data(const land_overlap *o)
{
	char since[11];
	day_of(o->since, since);
	return json_pack("{s:s, s:s, s:o, s:f, s:s, s:s, s:o, s:f, s:f, s:s, s:b, s:b}", "site", o->a->id, "title", o->a->title, "organisations", joined(o->a->organisations),
		"site_hectares", (double)o->a->area / OVERLAY_HECTARE, "other_site", o->b->id, "other_title", o->b->title, "other_organisations", joined(o->b->organisations),
		"other_site_hectares", (double)o->b->area / OVERLAY_HECTARE, "overlap_hectares", o->hectares, "since", since, "contested", o->contested,
		"approximate", o->approximate);
}

static void answer_data(const request *r, response *out, const board *b, const GArray *list, gboolean whole)
{
	static const char *const columns[] = {"site", "title", "organisations", "site_hectares", "other_site", "other_title", "other_organisations",
		"other_site_hectares", "overlap_hectares", "since", "contested", "approximate", NULL};
	json_t *rows = json_array();
	for (guint i = 0; i < list->len; i++)
		json_array_append_new(rows, overlap_data(&g_array_index(list, land_overlap, i)));
	if (request_format(r) == FORMAT_CSV) {
		response_text(out, "text/csv; charset=utf-8", rows_csv(rows, columns));
		response_file_name(out, "overlaps.csv");
		json_decref(rows);
		return;
	}
	response_json(out, json_pack("{s:s, s:o, s:b, s:o}", "as_of", board_day(b), "land", land_data(board_land_world(board_land_get(b))), "whole", whole, "overlaps", rows));
}

/* ---- as a page ---- */

static char *organisations_text(const request *r, const land_site *site)
{
	g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; site->organisations[i]; i++)
		g_ptr_array_add(titles, view_record_title(r, "organisation", site->organisations[i]));
	if (!titles->len)
		return g_strdup(request_text(r, N_("organisation not stated")));
	g_ptr_array_add(titles, NULL);
	return language_list(request_language(r), (const char *const *)titles->pdata);
}

static void overlap_row(json_t *table, const request *r, const land_overlap *o)
{
	const language *l = request_language(r);
	const kind *site = kind_by_name("site");
	char since[11];
	day_of(o->since, since);
	double smaller = (double)MIN(o->a->area, o->b->area) / OVERLAY_HECTARE;
	g_autofree char *one = view_record_address(r, site, o->a->id), *two = view_record_address(r, site, o->b->id), *day = language_date(l, since);
	g_autofree char *whose = organisations_text(r, o->a), *whose_other = organisations_text(r, o->b);
	g_autofree char *ha = language_number(l, o->hectares, o->hectares < 1 ? 4 : o->hectares < 100 ? 2 : 0);
	g_autofree char *share = smaller > 0 ? language_significant(l, 100 * fmin(1, o->hectares / smaller), 2) : NULL;
	const view_cell cells[] = {{.text = o->a->title, .href = one, .note = whose, .head = TRUE}, {.text = o->b->title, .href = two, .note = whose_other},
		{.text = ha, .unit = "ha", .note = o->approximate ? language_text(l, "approximate") : NULL}, {.text = share ? share : "–", .unit = share ? "%" : NULL}, {.text = day},
		{.text = language_text(l, o->contested ? N_("contested") : N_("not contested"))}};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

static json_t *overlaps_table(const request *r, const GArray *list, guint first)
{
	const language *l = request_language(r);
	json_t *table = view_figure_table(r, language_text(l, "Pairs of sites that cover the same land, the largest overlap first"), EXPLAINS(FIGURE_CONTESTED));
	static const struct { const char *label; gboolean numeric; } columns[] = {{N_("Site"), FALSE}, {N_("Other site"), FALSE}, {N_("Both cover"), TRUE},
		{N_("Of smaller"), TRUE}, {N_("Since"), FALSE}, {N_("Contested"), FALSE}};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i].label), columns[i].numeric);
	for (guint i = first; i < list->len && i < first + OVERLAPS_PAGE; i++)
		overlap_row(table, r, &g_array_index(list, land_overlap, i));
	return table;
}

void page_overlaps(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	g_autoptr(board) b = pledge_board(r, &error);
	const char *asked = request_query(r, "page");
	guint64 page = 1;
	gboolean whole;
	if (!b) {
		response_error(out, r, error);
		return;
	}
	const GArray *list = board_land_overlaps(board_land_get(b), &whole);
	if (request_format(r) != FORMAT_HTML) {
		answer_data(r, out, b, list, whole);
		return;
	}
	if (asked && *asked && !g_ascii_string_to_unsigned(asked, 10, 1, LAND_OVERLAPS_MAX, &page, NULL)) {
		response_problem(out, r, 400, language_text(l, "There is no such page"), language_text(l, "Pages are numbered from 1."));
		return;
	}
	guint first = (guint)(page - 1) * OVERLAPS_PAGE;
	const board_area *world = board_land_world(board_land_get(b));
	json_t *view = json_object();
	view_put(view, "title", language_text(l, "Land counted once"));
	view_put(view, "active", "/data");
	view_take(view, "sentence", land_note(r, world));
	json_object_set_new(view, "totals", land_table(r, b, world));
	view_take(view, "count", list->len ? view_count(l, "{n} pair of sites overlaps.", "{n} pairs of sites overlap.", list->len) : g_strdup(language_text(l, "No two sites overlap.")));
	view_put(view, "left_out", whole ? NULL : language_text(l, "There are more: where very many sites lie on one place, not every pair is looked for."));
	json_object_set_new(view, "overlaps", list->len ? json_pack("[o]", overlaps_table(r, list, first)) : json_array());
	view_paging(view, r, first, OVERLAPS_PAGE, list->len);
	response_page(out, r, 200, "overlaps", view);
}
