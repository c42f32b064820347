/* /countries/ISO3: LDN targets, what pledges add up to, policies, cases, finance. */
#include <math.h>
#include <string.h>

#include "publish/map.h"
#include "record/vocabulary.h"
#include "web/linked.h"
#include "web/pages/case.h"
#include "web/pages/cover.h"
#include "web/pages/families.h"
#include "web/pages/land.h"
#include "web/pages/pages.h"
#include "web/pages/pledge.h"
#include "web/pages/shown.h"
#include "web/rows.h"

/* What a country's page is made of while it is made. */
typedef struct page {
	const request *r;
	const language *l;
	const char *iso3;
	char *name;
	const char *values[2];
	json_t *view;
} page;

static store_query query_of(const page *p, const char *kind_name, const char *path, store_filter *filter, const char *sort, guint limit)
{
	*filter = (store_filter){.path = path, .values = p->values};
	return (store_query){.kind = kind_name, .filters = filter, .n_filters = 1, .sort = sort, .limit = limit, .bodies = TRUE, .as_of = request_as_of(p->r)};
}

static gboolean add_targets(page *p, GError **error)
{
	store_filter filter;
	store_query q = query_of(p, "target", "country", &filter, "title", 50);
	g_autoptr(store_result) found = store_search(request_reader(p->r), &q, error);
	if (!found)
		return FALSE;
	json_t *section = sheet_section(p->view, "targets", language_text(p->l, "Land degradation neutrality targets"));
	if (!found->n) {
		view_put(section, "note", language_text(p->l, "No LDN target of this country is known here. That is not the same as none."));
		return TRUE;
	}
	json_t *table = view_table(language_text(p->l, "Targets the country set itself, as stated"));
	static const char *const columns[] = {N_("Target"), N_("Response"), N_("Figure"), N_("By")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(p->l, columns[i]), FALSE);
	for (gsize i = 0; i < found->n; i++) {
		const record *rec = found->hits[i].record;
		g_autofree char *href = view_record_address(p->r, rec->kind, rec->id), *response_text = view_values(p->r, rec, "response");
		g_autofree char *area = view_values(p->r, rec, "area"), *share = view_values(p->r, rec, "share"), *year = view_values(p->r, rec, "target_year");
		const char *figure = area ? area : share;
		const view_cell cells[] = {{.text = found->hits[i].title, .href = href, .head = TRUE}, {.text = response_text ? response_text : "–"},
			{.text = figure ? figure : language_text(p->l, "no figure"), .explain = figure ? view_explain_stated(p->r, rec, rec->body, found->hits[i].title) : NULL},
			{.text = year ? year : language_text(p->l, "not stated")}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	json_object_set_new(section, "table", table);
	return TRUE;
}

static gboolean add_pledges(page *p, const board *b, GError **error)
{
	store_filter filter;
	store_query q = query_of(p, "pledge", "countries", &filter, "title", 30);
	g_autoptr(store_result) found = store_search(request_reader(p->r), &q, error);
	if (!found)
		return FALSE;
	guint shared;
	const pledge_sums *sums = board_country(b, p->iso3, &shared);
	json_t *section = sheet_section(p->view, "pledges", language_text(p->l, "What companies promised here"));
	if (!found->total) {
		view_put(section, "note", language_text(p->l, "No pledge known here names this country. Pledges for “all operations” name none."));
		return TRUE;
	}
	g_autofree char *all = language_number(p->l, found->total, 0), *several = language_number(p->l, shared, 0);
	if (shared)
		view_take(section, "note", view_message(language_plural(p->l,
			"{n} pledge names this country, together with others; it is not divided and stands in no total here.",
			"{n} pledges name this country, {shared} of them together with others; what names several is not divided and stands in no total here.", found->total), "n", all, "shared", several, NULL));
	if (pledge_sums_add_up(sums)) {
		json_object_set_new(section, "tally", pledge_tally(p->r, sums, NULL));
		json_object_set_new(section, "fold", pledge_totals_folds(p->r, sums));
	}
	mustache_list *rows = list_rows(p->r);
	json_t *list = sheet_section(p->view, "pledge-list", language_text(p->l, "Pledges"));
	for (gsize i = 0; i < found->n; i++)
		pledge_row(rows, p->r, &found->hits[i], b);
	sheet_rows(list, p->r, rows, PLEDGE_ROW_FIGURES);
	return TRUE;
}

static gboolean add_cases(page *p, GError **error)
{
	store_filter filter;
	store_query q = query_of(p, "case", "country", &filter, "title", 6);
	q.bodies = FALSE;
	q.briefs = TRUE;
	g_autoptr(store_result) found = store_search(request_reader(p->r), &q, error);
	if (!found || !found->n)
		return found != NULL;
	json_t *section = sheet_section(p->view, "cases", language_text(p->l, "Case studies"));
	mustache_list *rows = list_rows(p->r);
	for (gsize i = 0; i < found->n; i++)
		case_row(rows, p->r, &found->hits[i]);
	sheet_rows(section, p->r, rows, EXPLAINS(FIGURE_STATED));
	if (found->total > found->n) {
		json_t *more = json_object();
		g_autofree char *path = g_strdup_printf("/cases?country=%s", p->iso3);
		view_take(more, "href", view_address(p->r, path));
		view_take(more, "label", view_count(p->l, "All {n} case studies", "All {n} case studies", found->total));
		json_object_set_new(section, "more", more);
	}
	return TRUE;
}

static gboolean add_rest(page *p, GError **error)
{
	store_filter in_country = {.path = "country", .values = p->values}, pays_here = {.path = "countries", .values = p->values};
	const store_query policies = {.kind = "policy", .filters = &in_country, .n_filters = 1, .sort = "-year", .limit = 20};
	const store_query finance = {.kind = "finance", .filters = &pays_here, .n_filters = 1, .sort = "title", .limit = 10};
	const store_query projects = {.kind = "project", .filters = &in_country, .n_filters = 1, .sort = "title", .limit = 10};
	g_autofree char *all_policies = g_strdup_printf("/policies?country=%s", p->iso3), *all_finance = g_strdup_printf("/finance?countries=%s", p->iso3);
	g_autofree char *all_projects = g_strdup_printf("/projects?country=%s", p->iso3);
	return sheet_briefs(p->view, p->r, "policies", language_text(p->l, "Policies"), &policies, "kinds", all_policies, error)
		&& sheet_briefs(p->view, p->r, "finance", language_text(p->l, "Finance that has paid here"), &finance, "kinds", all_finance, error)
		&& sheet_briefs(p->view, p->r, "projects", language_text(p->l, "Projects seeking finance or partners"), &projects, "stage", all_projects, error);
}

static void add_head(page *p, const board *b)
{
	json_t *view = p->view, *map_view = json_object();
	g_autofree char *list = view_address(p->r, "/countries"), *path = g_strdup_printf("/countries/%s", p->iso3), *address = view_address(p->r, path);
	g_autofree char *compare_path = g_strdup_printf("/policies/compare?country=%s", p->iso3), *compare = view_address(p->r, compare_path);
	g_autofree char *day = language_date(p->l, board_day(b));
	view_put(view, "title", p->name);
	view_take(view, "description", view_message(language_text(p->l, "Land restoration after mining in {country}: targets, pledges, policies, cases and finance."),
		"country", p->name, NULL));
	view_put(view, "active", "/countries");
	view_put(view, "body", "country");
	view_put(view, "kicker", language_text(p->l, "Country"));
	view_put(view, "standfirst", NULL);
	json_object_set_new(view, "breadcrumbs", view_breadcrumbs(language_text(p->l, "Countries"), list, p->name, NULL));
	json_object_set_new(view, "entity", linked_country(p->r, p->iso3));
	json_object_set_new(view, "sections", json_array());
	json_object_set_new(view, "facts_shown", json_true());
	json_object_set_new(view, "facts", json_pack("[{s:s, s:[{s:s, s:n, s:n}]}, {s:s, s:[{s:s, s:n, s:n}]}, {s:s, s:[{s:s, s:s, s:n}]}]",
		"label", language_text(p->l, "ISO code"), "values", "text", p->iso3, "href", "note",
		"label", language_text(p->l, "Judged on"), "values", "text", day, "href", "note",
		"label", language_text(p->l, "Policies"), "values", "text", language_text(p->l, "Compare with other countries"), "href", compare, "note"));
	json_object_set_new(view, "sources_shown", json_false());
	json_object_set_new(view, "history_shown", json_false());
	json_object_set_new(view, "status", json_null());
	json_object_set_new(view, "notice", json_null());
	view_picture(map_view, address, NULL);
	view_put(map_view, "still_narrow", NULL);
	json_object_set_new(map_view, "lazy", json_false());
	view_take(map_view, "alt", view_message(language_text(p->l, "Map of {country} with its case studies"), "country", p->name, NULL));
	view_put(map_view, "caption", language_text(p->l, "Case studies; positions are approximate. Outlines: Natural Earth."));
	json_object_set_new(view, "side_map", map_view);
}

static const board_area *country_area(const page *p, const board *b)
{
	static const board_area none;
	const board_area *area = board_land_country(board_land_get(b), p->iso3);
	return area ? area : &none;
}

static GBytes *country_map(const page *p, GError **error)
{
	store_filter filter;
	store_query q = query_of(p, "case", "country", &filter, "title", 500);
	g_autoptr(GPtrArray) places = store_places(request_reader(p->r), &q, error);
	if (!places)
		return NULL;
	g_autofree map_point *points = g_new0(map_point, places->len + 1);
	for (guint i = 0; i < places->len; i++) {
		const store_place *place = g_ptr_array_index(places, i);
		points[i] = (map_point){.longitude = place->longitude, .latitude = place->latitude, .mark = TRUST_REPORTED, .colour = INK_LINK, .radius = 5};
	}
	drawing_form form = page_drawing_form(p->r);
	form.width = MIN(form.width, DRAWING_NARROW); /* it stands in the side column */
	const map m = {.title = p->name, .country = p->iso3, .points = points, .n_points = places->len};
	return map_draw(&m, &form, error);
}

static json_t *country_data(const page *p, const board *b)
{
	guint shared;
	const pledge_sums *sums = board_country(b, p->iso3, &shared);
	json_t *totals = json_array();
	for (guint i = 0; sums && i < sums->rows->len; i++) {
		const pledge_total *t = &g_array_index(sums->rows, pledge_total, i);
		json_t *row = json_pack("{s:s?, s:s?, s:i, s:b}", "metric", t->metric, "unit", t->unit, "targets", (int)t->targets, "adds_up", t->adds);
		const struct { const char *name; const total_figure *figure; } figures[] = {{"promised", &t->promised}, {"reported", &t->reported}, {"measured", &t->measured}};
		for (gsize k = 0; k < G_N_ELEMENTS(figures); k++)
			json_object_set_new(row, figures[k].name, figures[k].figure->n ? json_real(figures[k].figure->value) : json_null());
		json_object_set_new(row, "promised_by_duty", json_object());
		for (int d = 0; d < DUTY_CLASSES; d++)
			if (t->promised_by_duty[d].n)
				json_object_set_new(json_object_get(row, "promised_by_duty"), duty_class_ids[d], json_real(t->promised_by_duty[d].value));
		json_array_append_new(totals, row);
	}
	return json_pack("{s:s, s:s, s:s, s:b, s:i, s:i, s:o, s:o}", "iso3", p->iso3, "name", p->name, "as_of", board_day(b), "gross", 1, "pledges",
		sums ? (int)sums->pledges : 0, "pledges_shared_with_other_countries", (int)shared, "totals", totals, "land", land_data(board_land_country(board_land_get(b), p->iso3)));
}

/* Totals of the pledges, one row for each metric and unit; hectares promised also by whether law obliges to them. */
static void answer_table(const page *p, response *out, const board *b)
{
	static const char *const columns[] = {"iso3", "metric", "unit", "targets", "adds_up", "promised", "reported", "measured", "promised_duty", "promised_beyond_duty",
		"promised_offset", "promised_unknown", NULL};
	json_t *data = country_data(p, b), *rows = json_object_get(data, "totals"), *row;
	gsize i;
	json_array_foreach(rows, i, row) {
		json_object_set_new(row, "iso3", json_string(p->iso3));
		for (int d = 0; d < DUTY_CLASSES; d++) {
			g_autofree char *name = g_strdelimit(g_strdup_printf("promised_%s", duty_class_ids[d]), "-", '_');
			json_object_set(row, name, json_object_get(json_object_get(row, "promised_by_duty"), duty_class_ids[d]));
		}
	}
	g_autofree char *file = g_strdup_printf("%s.csv", p->iso3);
	response_text(out, "text/csv; charset=utf-8", rows_csv(rows, columns));
	response_file_name(out, file);
	json_decref(data);
}

static void answer(page *p, response *out, const board *b)
{
	g_autoptr(GError) error = NULL;
	if (request_format(p->r) == FORMAT_SVG) {
		static const char *const charts[] = {"map", "balance", "transitions", NULL};
		const board_area *area = country_area(p, b);
		const char *asked;
		if (!query_choice(p->r, out, "chart", charts, &asked))
			return;
		gboolean balance = g_strcmp0(asked, "balance") == 0, transitions = g_strcmp0(asked, "transitions") == 0;
		if ((balance && !shown_has_balance(&area->shown)) || (transitions && !area->covers)) {
			response_problem(out, p->r, 404, language_text(p->l, "There is no such chart"), language_text(p->l, "Only measured land has a balance and transitions of land cover."));
			return;
		}
		GBytes *picture = balance ? shown_balance(p->r, &area->shown, &error) : transitions ? cover_chart(p->r, area->covers, NULL, &error) : country_map(p, &error);
		if (picture)
			response_bytes(out, "image/svg+xml", picture);
		else
			response_error(out, p->r, error);
		return;
	}
	if (request_format(p->r) == FORMAT_JSON) {
		response_json(out, country_data(p, b));
		return;
	}
	if (request_format(p->r) == FORMAT_CSV) {
		answer_table(p, out, b);
		return;
	}
	p->view = json_object();
	add_head(p, b);
	gboolean done = add_targets(p, &error) && add_pledges(p, b, &error);
	if (done) {
		g_autofree char *path = g_strdup_printf("/countries/%s", p->iso3), *address = view_address(p->r, path);
		land_section(p->view, p->r, b, board_land_country(board_land_get(b), p->iso3), language_text(p->l, "Land mapped here, each hectare once"));
		shown_section(p->view, p->r, &country_area(p, b)->shown, country_area(p, b)->covers, language_text(p->l, "What the land here shows"), address);
	}
	if (done && add_cases(p, &error) && add_rest(p, &error)) {
		response_page(out, p->r, 200, "sheet", p->view);
		return;
	}
	json_decref(p->view);
	response_error(out, p->r, error);
}

void page_country(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	const char *iso3 = request_part(r, "id");
	const term *country = vocabulary_find(vocabulary_get("countries"), iso3);
	if (!country) {
		response_problem(out, r, 404, language_text(l, "There is no such country"),
			language_text(l, "Countries are addressed by their ISO code of three capital letters, such as MNG."));
		return;
	}
	g_autoptr(board) b = pledge_board(r, &error);
	if (!b) {
		response_error(out, r, error);
		return;
	}
	page p = {.r = r, .l = l, .iso3 = country->id, .name = language_country(l, country->id), .values = {country->id, NULL}};
	answer(&p, out, b);
	g_free(p.name);
}
