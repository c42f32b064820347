/* /countries: what is known about each country, in a table and on a map. */
#include <math.h>

#include "publish/map.h"
#include "record/vocabulary.h"
#include "web/pages/families.h"
#include "web/pages/land.h"
#include "web/pages/pages.h"
#include "web/pages/pledge.h"
#include "web/rows.h"

enum { COUNT_CASES, COUNT_PLEDGES, COUNT_TARGETS, COUNT_POLICIES, COUNT_FINANCE, COUNT_SITES, COUNTS };

static const struct {
	const char *kind, *path, *label;
} counted[COUNTS] = {
	{"case", "country", N_("Cases")}, {"pledge", "countries", N_("Pledges")}, {"target", "country", N_("LDN targets")}, {"policy", "country", N_("Policies")},
	{"finance", "countries", N_("Finance")},
	{"site", "country", N_("Sites")},
};

typedef struct country_row {
	const char *iso3;
	char *name;
	guint counts[COUNTS];
	const pledge_sums *sums;
	const board_area *land;
	guint shared;
} country_row;

static void row_clear(gpointer data)
{
	g_free(((country_row *)data)->name);
}

static country_row *row_of(GArray *rows, GHashTable *index, const request *r, const char *iso3)
{
	gpointer found = g_hash_table_lookup(index, iso3);
	if (!found) {
		country_row row = {.iso3 = g_intern_string(iso3), .name = language_country(request_language(r), iso3)};
		g_array_append_val(rows, row);
		found = GUINT_TO_POINTER(rows->len);
		g_hash_table_insert(index, (gpointer)row.iso3, found);
	}
	return &g_array_index(rows, country_row, GPOINTER_TO_UINT(found) - 1);
}

static gint by_name(gconstpointer a, gconstpointer b, gpointer l)
{
	return language_compare(l, ((const country_row *)a)->name, ((const country_row *)b)->name);
}

/* Counts come from a facet of each kind: one query a kind. NULL with an error of the store. */
static GArray *gather(const request *r, const board *b, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(country_row));
	g_array_set_clear_func(rows, row_clear);
	g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
	for (int c = 0; c < COUNTS; c++) {
		const char *const paths[] = {counted[c].path, NULL};
		store_query q = {.kind = counted[c].kind, .as_of = request_as_of(r), .facets = TRUE, .facet_paths = paths, .limit = 1};
		g_autoptr(store_result) result = store_search(request_reader(r), &q, error);
		if (!result)
			return NULL;
		for (gsize f = 0; f < result->n_facets; f++)
			for (gsize v = 0; v < result->facets[f].n; v++)
				row_of(rows, index, r, result->facets[f].values[v].value)->counts[c] = result->facets[f].values[v].count;
	}
	for (guint i = 0; i < rows->len; i++) {
		country_row *row = &g_array_index(rows, country_row, i);
		row->sums = board_country(b, row->iso3, &row->shared);
		row->land = board_land_country(board_land_get(b), row->iso3);
	}
	g_array_sort_with_data(rows, by_name, (gpointer)request_language(r));
	return g_steal_pointer(&rows);
}

static json_t *countries_table(const request *r, const GArray *rows)
{
	const language *l = request_language(r);
	static const trust promised = TRUST_PROMISED;
	json_t *table = view_figure_table(r, language_text(l,
		"Promised: by pledges that name this country and no other, as they say it. Mapped: land of sites there, every hectare counted once"), EXPLAINS(FIGURE_PROMISED) | EXPLAINS(FIGURE_NET));
	view_table_column(table, language_text(l, "Country"), FALSE);
	for (int c = 0; c < COUNTS; c++)
		view_table_column(table, language_text(l, counted[c].label), TRUE);
	view_table_column(table, language_text(l, "Hectares promised"), TRUE);
	view_table_column(table, language_text(l, "Hectares mapped, net"), TRUE);
	for (guint i = 0; i < rows->len; i++) {
		const country_row *row = &g_array_index(rows, country_row, i);
		g_autofree char *path = g_strdup_printf("/countries/%s", row->iso3), *href = view_address(r, path);
		g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
		view_cell cells[COUNTS + 3] = {{.text = row->name, .href = href, .head = TRUE}};
		for (int c = 0; c < COUNTS; c++) {
			char *n = row->counts[c] ? language_number(l, row->counts[c], 0) : NULL;
			g_ptr_array_add(texts, n);
			cells[c + 1].text = n;
		}
		gboolean any = row->sums && row->sums->hectares_promised.n;
		char *hectares = any ? language_number(l, row->sums->hectares_promised.value, 0) : NULL;
		g_ptr_array_add(texts, hectares);
		cells[COUNTS + 1] = (view_cell){.text = hectares, .mark = any ? &promised : NULL};
		char *mapped = row->land && row->land->all.mapped ? language_number(l, row->land->all.net, 0) : NULL;
		g_ptr_array_add(texts, mapped);
		cells[COUNTS + 2] = (view_cell){.text = mapped};
		view_table_row(table, cells, COUNTS + 3);
	}
	return table;
}

static GBytes *countries_map(const request *r, const GArray *rows, GError **error)
{
	const language *l = request_language(r);
	double most = 0;
	g_autofree map_tint *tints = g_new0(map_tint, rows->len + 1);
	gsize n = 0;
	for (guint i = 0; i < rows->len; i++) {
		const country_row *row = &g_array_index(rows, country_row, i);
		if (row->sums)
			most = MAX(most, row->sums->hectares_promised.value);
	}
	for (guint i = 0; i < rows->len; i++) {
		const country_row *row = &g_array_index(rows, country_row, i);
		if (row->sums && row->sums->hectares_promised.n)
			/* Square root: hectares differ by a thousand times, and the eye sees steps of tint, not their ratio. */
			tints[n++] = (map_tint){row->iso3, most > 0 ? sqrt(row->sums->hectares_promised.value / most) : 0};
	}
	drawing_form form = page_drawing_form(r);
	const map m = {.title = language_text(l, "Hectares promised, by country"), .tints = tints, .n_tints = n};
	return map_draw(&m, &form, error);
}

static json_t *countries_data(const GArray *rows, const board *b)
{
	json_t *list = json_array();
	for (guint i = 0; i < rows->len; i++) {
		const country_row *row = &g_array_index(rows, country_row, i);
		json_t *item = json_pack("{s:s, s:s}", "iso3", row->iso3, "name", row->name);
		for (int c = 0; c < COUNTS; c++)
			json_object_set_new(item, counted[c].kind, json_integer(row->counts[c]));
		json_object_set_new(item, "pledges_shared_with_other_countries", json_integer(row->shared));
		json_object_set_new(item, "hectares_promised_gross", row->sums && row->sums->hectares_promised.n
			? json_real(row->sums->hectares_promised.value) : json_null());
		json_object_set_new(item, "hectares_reported_gross", row->sums && row->sums->hectares_reported.n
			? json_real(row->sums->hectares_reported.value) : json_null());
		json_object_set_new(item, "land", land_data(row->land));
		json_array_append_new(list, item);
	}
	return json_pack("{s:s, s:o}", "as_of", board_day(b), "countries", list);
}

/* One row a country; what is nested as JSON stands here as far as it is one figure. */
static void answer_table(response *out, const GArray *rows, const board *b)
{
	static const char *const columns[] = {"iso3", "name", "case", "pledge", "target", "policy", "finance", "site", "pledges_shared_with_other_countries",
		"hectares_promised_gross", "hectares_reported_gross", "hectares_mapped_gross", "hectares_mapped_net", NULL};
	json_t *data = countries_data(rows, b), *list = json_object_get(data, "countries");
	for (guint i = 0; i < rows->len; i++) {
		const board_area *land = g_array_index(rows, country_row, i).land;
		gboolean mapped = land && land->all.mapped;
		json_object_set_new(json_array_get(list, i), "hectares_mapped_gross", mapped ? json_real(land->all.gross) : json_null());
		json_object_set_new(json_array_get(list, i), "hectares_mapped_net", mapped ? json_real(land->all.net) : json_null());
	}
	response_text(out, "text/csv; charset=utf-8", rows_csv(list, columns));
	response_file_name(out, "countries.csv");
	json_decref(data);
}

void page_countries(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	g_autoptr(board) b = pledge_board(r, &error);
	g_autoptr(GArray) rows = b ? gather(r, b, &error) : NULL;
	GBytes *picture = NULL;
	if (rows && request_format(r) == FORMAT_SVG)
		picture = countries_map(r, rows, &error);
	if (error) {
		response_error(out, r, error);
		return;
	}
	if (picture) {
		response_bytes(out, "image/svg+xml", picture);
		return;
	}
	if (request_format(r) == FORMAT_JSON) {
		response_json(out, countries_data(rows, b));
		return;
	}
	if (request_format(r) == FORMAT_CSV) {
		answer_table(out, rows, b);
		return;
	}
	json_t *view = json_object(), *still = json_object();
	g_autofree char *address = view_address(r, "/countries");
	view_put(view, "title", language_text(l, "Countries"));
	view_put(view, "active", "/countries");
	view_put(view, "body", "countries");
	view_put(view, "sentence", language_text(l, "What each country has set out to do, what companies promised there, and what was done."));
	view_picture(still, address, NULL);
	view_put(still, "alt", language_text(l, "World map: countries tinted by hectares promised; the table below holds the same figures"));
	json_object_set_new(still, "lazy", json_false());
	view_put(still, "caption", language_text(l, "The stronger the colour, the more hectares companies have promised there. Outlines: Natural Earth."));
	json_object_set_new(view, "picture", still);
	json_object_set_new(view, "table", countries_table(r, rows));
	response_page(out, r, 200, "countries", view);
}
