/* /organisations and /organisations/ID: who stands in the records, and what they promised, did and paid. */
#include <string.h>

#include "web/pages/families.h"
#include "web/pages/land.h"
#include "web/pages/pledge.h"
#include "web/pages/shown.h"

static const char *const facets[] = {"!kind", "country", "membership.role", NULL};
static const char *const sorts[] = {"title", N_("By name"), NULL};

/* How many records of a kind name the organisation at that path. */
static guint count_naming(const request *r, const char *kind_name, const char *path, const char *id)
{
	const char *const values[] = {id, NULL};
	store_filter filter = {.path = path, .values = values};
	store_query q = {.kind = kind_name, .filters = &filter, .n_filters = 1, .limit = 1, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, NULL);
	return found ? found->total : 0;
}

static void row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const language *l = request_language(r);
	const list_row view = list_row_add(rows, r, hit, view_own(r, view_values(r, hit->record, "kind")));
	guint pledges = count_naming(r, "pledge", "organisations", hit->id), cases = count_naming(r, "case", "organisations.organisation", hit->id);
	guint finance = pledges || cases ? 0 : count_naming(r, "finance", "providers", hit->id);
	guint n = pledges ? pledges : cases ? cases : finance;
	list_row_fact(view, (list_fact){ n ? view_number(r, n) : "", NULL, !n ? "" : pledges ? language_plural(l, "pledge", "pledges", n)
		: cases ? language_plural(l, "case study names it", "case studies name it", n) : language_plural(l, "finance mechanism", "finance mechanisms", n) });
	list_row_tag(view, view_own(r, view_values(r, hit->record, "country")));
	g_autofree char *parent = view_values(r, hit->record, "parent");
	list_row_tag(view, parent ? view_own(r, view_message(language_text(l, "part of {parent}"), "parent", parent, NULL)) : NULL);
	if (pledges && cases)
		list_row_tag(view, view_own(r, view_count(l, "named by {n} case study", "named by {n} case studies", cases)));
}

static const list_shape shape = {
	.kind = "organisation", .address = "/organisations", .title = N_("Organisations"),
	.sentence = N_("Companies, authorities, researchers, communities and funders that the records name. They did not write, check or endorse these pages."),
	.placeholder = N_("Name of a company, ministry, university …"), .one = N_("{n} organisation"), .many = N_("{n} organisations"),
	.empty = N_("There is no organisation yet."), .facets = facets, .sorts = sorts, .row = row,
};

void page_organisations(const request *r, response *out)
{
	list_answer(r, out, &shape, NULL);
}

/* What its land covers, and what satellites show of it. */
static void add_land(json_t *view, const request *r, const record *rec, const board *b)
{
	const language *l = request_language(r);
	const board_area *area = board_land_organisation(board_land_get(b), rec->id);
	land_section(view, r, b, area, language_text(l, "Its land, each hectare once"));
	if (area)
		shown_section(view, r, &area->shown, area->covers, language_text(l, "What its land shows"), NULL);
}

static gboolean add_pledges(json_t *view, const request *r, const record *rec, GError **error)
{
	const language *l = request_language(r);
	const char *const values[] = {rec->id, NULL};
	store_filter filter = {.path = "organisations", .values = values};
	store_query q = {.kind = "pledge", .filters = &filter, .n_filters = 1, .sort = "title", .limit = 50, .bodies = TRUE, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	g_autoptr(board) b = found ? pledge_board(r, error) : NULL;
	if (!b)
		return FALSE;
	if (!found->n) {
		add_land(view, r, rec, b);
		return TRUE;
	}
	const pledge_sums *sums = board_organisation(b, rec->id);
	if (pledge_sums_add_up(sums)) {
		g_autofree char *states = pledge_states_text(r, sums);
		json_t *totals = sheet_section(view, "totals", language_text(l, "What its pledges add up to"));
		view_take(totals, "note", view_message(language_text(l, "Its pledges, judged by the rules: {states}."), "states", states, NULL));
		json_object_set_new(totals, "tally", pledge_tally(r, sums, NULL));
		json_object_set_new(totals, "fold", pledge_totals_folds(r, sums));
	}
	json_t *list = sheet_section(view, "pledges", language_text(l, "Pledges"));
	mustache_list *rows = list_rows(r);
	for (gsize i = 0; i < found->n; i++)
		pledge_row(rows, r, &found->hits[i], b);
	sheet_rows(list, r, rows, PLEDGE_ROW_FIGURES);
	add_land(view, r, rec, b);
	return TRUE;
}

#define SITES_READ 500 /* of an organisation, for its land account */

static void site_row(json_t *table, const request *r, const record *site, guint years)
{
	const language *l = request_language(r);
	g_autofree char *href = view_record_address(r, site->kind, site->id), *country = view_values(r, site, "country"), *stage = view_values(r, site, "stage");
	g_autofree char *duty = view_values(r, site, "duty"), *count = language_number(l, years, 0);
	const view_cell cells[] = {{.text = record_title(site), .href = href, .head = TRUE}, {.text = country ? country : "–"},
		{.text = stage ? stage : language_text(l, "not stated")}, {.text = duty ? duty : language_text(l, "not stated")}, {.text = count}};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

/* Reports about a site as of the request's day. */
static GPtrArray *reports_of(const request *r, const char *site, GError **error)
{
	GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)record_free);
	const char *const values[] = {site, NULL};
	store_filter filter = {.path = "site", .values = values};
	store_query q = {.kind = "progress", .filters = &filter, .n_filters = 1, .limit = 200, .bodies = TRUE, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	for (gsize i = 0; found && i < found->n; i++)
		g_ptr_array_add(list, record_copy(found->hits[i].record));
	return list;
}

/* The sites it operates, and their land account added up. */
static gboolean add_sites(json_t *view, const request *r, const record *rec, GError **error)
{
	const language *l = request_language(r);
	const char *const values[] = {rec->id, NULL};
	store_filter filter = {.path = "operator", .values = values};
	store_query q = {.kind = "site", .filters = &filter, .n_filters = 1, .sort = "title", .limit = SITES_READ, .bodies = TRUE, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found || !found->n)
		return found != NULL;
	g_auto(land_account) sum = {0};
	json_t *faults = json_array(), *table = view_table(language_text(l, "Sites it operates or answers for, and for how many years each gives a land account"));
	static const char *const columns[] = {N_("Site"), N_("Country"), N_("Stage"), N_("Duty"), N_("Years in account")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), i == 4);
	for (gsize i = 0; i < found->n && !*error; i++) {
		g_autoptr(GPtrArray) reports = reports_of(r, found->hits[i].id, error);
		g_auto(land_account) one = {0};
		account_read(reports, &one);
		land_account_add(&sum, &one);
		account_faults(faults, r, found->hits[i].title, &one);
		site_row(table, r, found->hits[i].record, one.years->len);
	}
	json_t *section = sheet_section(view, "sites", language_text(l, "Sites"));
	g_autofree char *shown = language_number(l, found->n, 0), *all = language_number(l, found->total, 0);
	if (found->total > found->n)
		view_take(section, "note", view_message(language_text(l, "The first {n} of {total} sites."), "n", shown, "total", all, NULL));
	json_object_set_new(section, "table", table);
	account_section(view, r, &sum, faults, found->total);
	return !*error;
}

static gboolean add_parts(json_t *view, const request *r, const record *rec, GError **error)
{
	const language *l = request_language(r);
	g_autoptr(GPtrArray) children = store_referrers(request_reader(r), "organisation", rec->id, "organisation", request_as_of(r), error);
	if (!children)
		return FALSE;
	json_t *items = json_array();
	for (guint i = 0; i < children->len && i < 60; i++) {
		const store_reference *child = g_ptr_array_index(children, i);
		json_array_append_new(items, brief_new(r, child->kind, child->id, child->title, NULL));
	}
	if (json_array_size(items))
		json_object_set_new(sheet_section(view, "parts", language_text(l, "Belongs to it")), "briefs", json_pack("{s:o}", "items", items));
	else
		json_decref(items);
	return TRUE;
}

void page_organisation(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"kind", "country", "parent", "aliases", "website", "membership.role", "membership.since", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "organisation");
	if (!rec)
		return;
	json_t *view = sheet_new(r, rec, "/organisations", language_text(l, "Organisations"), facts, &error);
	const char *const values[] = {rec->id, NULL};
	store_filter in_case = {.path = "organisations.organisation", .values = values}, pays = {.path = "providers", .values = values};
	const store_query cases = {.kind = "case", .filters = &in_case, .n_filters = 1, .sort = "title", .limit = 20};
	const store_query finance = {.kind = "finance", .filters = &pays, .n_filters = 1, .sort = "title", .limit = 20};
	g_autofree char *all_cases = g_strdup_printf("/cases?organisations.organisation=%s", rec->id);
	gboolean done = view != NULL;
	if (done) {
		view_take(view, "kicker", view_values(r, rec, "kind"));
		if (json_is_null(json_object_get(view, "notice")))
			json_object_set_new(view, "notice", json_pack("{s:n, s:s, s:n}", "title", "text",
				language_text(l, "This page is put together from public sources. The organisation did not write, check or endorse it."), "urgent"));
		sheet_prose(view, r, rec, "summary");
		done = add_pledges(view, r, rec, &error)
			&& add_sites(view, r, rec, &error)
			&& sheet_briefs(view, r, "cases", language_text(l, "Case studies that name it"), &cases, "country", all_cases, &error)
			&& sheet_briefs(view, r, "finance", language_text(l, "Finance it provides"), &finance, "kinds", NULL, &error)
			&& add_parts(view, r, rec, &error);
	}
	if (done)
		response_page(out, r, 200, "sheet", view);
	else {
		json_decref(view);
		response_error(out, r, error);
	}
}
