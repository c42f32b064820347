/* /sites and /sites/ID: where a site lies, what satellites show of it, who promised what for it, and how its land stands. */
#include <math.h>

#include "publish/map.h"
#include "record/vocabulary.h"
#include "web/pages/cover.h"
#include "web/pages/families.h"
#include "web/pages/pages.h"
#include "web/pages/pledge.h"
#include "web/pages/redrawn.h"
#include "web/pages/shown.h"
#include "web/pages/site.h"
#include "web/query.h"

static const char *const facets[] = {"!country", "!stage", "operator", "commodities", "mine_types", "land", "duty", "restored_from", NULL};
static const char *const sorts[] = {"name", N_("By name"), "newest", N_("Newest first"), NULL};

/* ---- the list ---- */

/* How much land its boundary holds, which is what a site is remembered by. */
static void add_mapped(list_row row, const request *r, const store_hit *hit)
{
	const language *l = request_language(r);
	g_autoptr(board) b = pledge_board(r, NULL);
	if (!b)
		return;
	json_t *ids = json_pack("[s]", hit->id);
	land_totals land = board_land_of(board_land_get(b), ids);
	json_decref(ids);
	if (land.mapped)
		list_row_fact(row, (list_fact){ view_own(r, view_significant(r, land.net)), "ha", language_text(l, "mapped") });
	else
		list_row_fact(row, (list_fact){ "", NULL, language_text(l, "no boundary known") });
}

/* Until when it is measured, if it is. */
static char *measured_until(const request *r, const char *site)
{
	const char *const values[] = {site, NULL};
	store_filter filter = {.path = "site", .values = values};
	store_query q = {.kind = "measurement", .filters = &filter, .n_filters = 1, .sort = "-period_until", .limit = 1, .bodies = TRUE, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, NULL);
	g_autofree char *year = found && found->n ? view_values(r, found->hits[0].record, "period_until") : NULL;
	return year ? view_message(language_text(request_language(r), "measured until {year}"), "year", year, NULL) : NULL;
}

static void site_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const list_row row = list_row_add(rows, r, hit, view_own(r, view_values(r, hit->record, "operator")));
	add_mapped(row, r, hit);
	list_row_tag(row, view_own(r, measured_until(r, hit->id)));
	list_row_tag(row, view_own(r, view_values(r, hit->record, "stage")));
	list_row_tag(row, view_own(r, view_values(r, hit->record, "country")));
	list_row_tag(row, view_own(r, view_values(r, hit->record, "commodities")));
}

static const list_shape shape = {
	.kind = "site", .address = "/sites", .title = N_("Sites"), .sentence = N_("Mines and restored areas on the map: what pledges promise for, and what is measured."),
	.placeholder = N_("Name of a mine, permit, place …"), .one = N_("{n} site"), .many = N_("{n} sites"), .empty = N_("There is no site yet."),
	.facets = facets, .sorts = sorts, .row = site_row, .figures = EXPLAINS(FIGURE_NET),
};

void page_sites(const request *r, response *out)
{
	list_answer(r, out, &shape, NULL);
}

/* ---- one site ---- */

/* Pictures of the newest measurement that a browser can show: first and last year, classes. */
static void add_pictures(json_t *view, const request *r, const site_case *c)
{
	json_t *items = json_array();
	site_pictures(items, site_case_newest(c), NULL);
	if (json_array_size(items))
		json_object_set_new(sheet_section(view, "pictures", language_text(request_language(r), "Before and after")), "pictures", json_pack("{s:O}", "items", items));
	json_decref(items);
}

static void add_measured(json_t *view, const request *r, const site_case *c)
{
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "measured", language_text(l, "What the land shows"));
	const record *m = site_case_newest(c);
	if (!m) {
		view_put(section, "note", language_text(l, "Not measured yet. That is not the same as no change."));
		return;
	}
	g_autofree char *from = view_values(r, m, "period_from"), *until = view_values(r, m, "period_until"), *form = view_values(r, m, "form");
	view_take(section, "note", view_message(language_text(l, "The newest measurement covers {from} to {until}. {form}"), "from", from, "until", until, "form",
		form ? form : "", NULL));
	json_object_set_new(section, "tally", json_pack("{s:o}", "tally", site_tally(r, m)));
	const shown_land shown = shown_of(m);
	g_autofree char *address = view_record_address(r, c->site->kind, c->site->id);
	json_t *charts = json_array();
	if (site_has_curve(m))
		json_array_append_new(charts, site_curve_view(r, c, address));
	if (shown_has_balance(&shown))
		json_array_append_new(charts, shown_balance_view(r, &shown, address));
	cover_sum covers;
	if (cover_of(m, &covers))
		json_array_append_new(charts, cover_view(r, &covers, address));
	json_object_set_new(section, "charts", charts);
	json_t *rest = site_results_table(r, m), *more = json_object();
	if (rest)
		json_object_set_new(section, "table", rest);
	view_take(more, "href", view_record_address(r, m->kind, m->id));
	view_put(more, "label", language_text(l, "The measurement: inputs with checksums, method, parameters, limits"));
	json_object_set_new(section, "more", more);
}

/* Where to look instead. */
static void add_pledges_of_country(json_t *section, const request *r, const record *site, const board *b)
{
	const language *l = request_language(r);
	const char *country = json_string_value(json_object_get(site->body, "country"));
	guint shared = 0;
	const pledge_sums *sums = country ? board_country(b, country, &shared) : NULL;
	guint n = (sums ? sums->pledges : 0) + shared;
	if (!n)
		return;
	g_autofree char *path = g_strdup_printf("/pledges?countries=%s", country);
	json_t *more = json_object();
	view_take(more, "href", view_address(r, path));
	view_take(more, "label", view_count(l, "{n} pledge names its country", "{n} pledges name its country", n));
	json_object_set_new(section, "more", more);
}

static gboolean add_pledges(json_t *view, const request *r, const record *site, const board *b, GError **error)
{
	const language *l = request_language(r);
	g_autoptr(GPtrArray) referrers = store_referrers(request_reader(r), "site", site->id, "pledge", request_as_of(r), error);
	json_t *section = sheet_section(view, "pledges", language_text(l, "Pledges that name it"));
	mustache_list *rows = list_rows(r);
	for (guint i = 0; referrers && i < referrers->len; i++) {
		const store_reference *reference = g_ptr_array_index(referrers, i);
		g_autoptr(record) pledge = store_get(request_reader(r), "pledge", reference->id, request_as_of(r), NULL);
		if (!pledge || !board_find(b, pledge->id))
			continue;
		const store_hit hit = {.kind = pledge->kind, .id = pledge->id, .title = record_title(pledge), .summary = record_summary(pledge), .record = pledge};
		pledge_row(rows, r, &hit, b);
	}
	if (mustache_list_size(rows))
		sheet_rows(section, r, rows, PLEDGE_ROW_FIGURES);
	else {
		view_put(section, "note", language_text(l, "No pledge known here names it."));
		add_pledges_of_country(section, r, site, b);
	}
	return referrers != NULL;
}

/* Cases that say they are about this very site; no section where there is none. */
static gboolean add_cases(json_t *view, const request *r, const record *site, GError **error)
{
	g_autoptr(GPtrArray) referrers = store_referrers(request_reader(r), "site", site->id, "case", request_as_of(r), error);
	json_t *items = json_array();
	for (guint i = 0; referrers && i < referrers->len; i++) {
		const store_reference *reference = g_ptr_array_index(referrers, i);
		g_autoptr(record) about = store_get(request_reader(r), "case", reference->id, request_as_of(r), NULL);
		if (about)
			json_array_append_new(items, brief_new(r, about->kind, about->id, record_title(about), view_shorten(record_summary(about), 155)));
	}
	if (json_array_size(items))
		json_object_set_new(sheet_section(view, "told", language_text(request_language(r), "Cases about it")), "briefs", json_pack("{s:O}", "items", items));
	json_decref(items);
	return referrers != NULL;
}

/* What surrounds it: cases of like mines in its country, and what the country's law says. */
static gboolean add_around(json_t *view, const request *r, const record *site, GError **error)
{
	const language *l = request_language(r);
	const char *country = json_string_value(json_object_get(site->body, "country"));
	g_autoptr(GPtrArray) mined = g_ptr_array_new();
	const json_t *commodity;
	gsize i;
	json_array_foreach(json_object_get(site->body, "commodities"), i, commodity)
		g_ptr_array_add(mined, (gpointer)json_string_value(commodity));
	g_ptr_array_add(mined, NULL);
	const char *const here[] = {country, NULL};
	const store_filter like[] = {{.path = "country", .values = here}, {.path = "commodities", .values = (const char *const *)mined->pdata}};
	const store_query cases = {.kind = "case", .filters = like, .n_filters = mined->len > 1 ? 2 : 1, .sort = "title", .limit = 6};
	const store_query policies = {.kind = "policy", .filters = like, .n_filters = 1, .sort = "-year", .limit = 6};
	g_autofree char *all_policies = g_strdup_printf("/policies?country=%s", country);
	g_autoptr(GString) all_cases = g_string_new("/cases?country=");
	g_string_append(all_cases, country);
	for (i = 0; i + 1 < mined->len; i++)
		g_string_append_printf(all_cases, "&commodities=%s", (const char *)mined->pdata[i]);
	const char *title = mined->len > 1 ? language_text(l, "Cases of the same commodity in its country") : language_text(l, "Cases in its country");
	return sheet_briefs(view, r, "cases", title, &cases, "post_mining_land_uses.use", all_cases->str, error) && sheet_briefs(view, r, "policies", language_text(l, "Policies of its country"), &policies, "kinds", all_policies, error);
}

static void add_measurements(json_t *view, const request *r, const site_case *c)
{
	const language *l = request_language(r);
	if (!c->measurements->len)
		return;
	json_t *section = sheet_section(view, "measurements", language_text(l, "Measurements")), *items = json_array();
	for (guint i = c->measurements->len; i-- > 0;) {
		const record *m = g_ptr_array_index(c->measurements, i);
		g_autofree char *day = view_values(r, m, "measured_on"), *method = view_values(r, m, "method");
		gboolean redrawn = site_boundary_state(c->site->body, json_string_value(json_object_get(m->body, "geometry_sha256"))) == BOUNDARY_REDRAWN;
		g_autofree char *text = day ? g_strconcat(day, " · ", method, NULL) : g_strdup(method);
		json_array_append_new(items, brief_new(r, m->kind, m->id, record_title(m), redrawn
			? g_strconcat(text, " · ", language_text(l, "⚑ The boundary was redrawn after this measurement."), NULL) : g_steal_pointer(&text)));
	}
	json_object_set_new(section, "briefs", json_pack("{s:o}", "items", items));
}

static json_t *site_view(const request *r, const site_case *c, const board *b, GError **error)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"operator", "organisations.organisation", "organisations.as_stated", "country", "admin_area", "+stage", "commodities", "mine_types", "land", "+duty", "biome", "disturbed_from", "disturbed_until",
		"restored_from", "restored_until", "boundary_as_of", "aliases", NULL};
	json_t *view = sheet_new(r, c->site, "/sites", language_text(l, "Sites"), facts, error);
	if (!view)
		return NULL;
	g_auto(land_account) account = {0}, sum = {0};
	json_t *faults = json_array();
	view_take(view, "kicker", view_values(r, c->site, "country"));
	char *sentence = site_sentence(r, site_case_newest(c));
	json_object_set_new(view, "head_explain", sentence ? site_explain(r, site_case_newest(c), NULL) : json_null());
	view_take(view, "standfirst", sentence);
	if (site_has_map(c->site)) {
		json_t *map_view = json_object();
		g_autofree char *address = view_record_address(r, c->site->kind, c->site->id);
		view_picture(map_view, address, "chart=map");
		view_put(map_view, "still_narrow", NULL);
		view_take(map_view, "alt", view_message(language_text(l, "Map of {site}"), "site", record_title(c->site), NULL));
		view_put(map_view, "caption", language_text(l, "Outlined: the site. Tinted: its reference area. A dot: known only as a point."));
		json_object_set_new(map_view, "lazy", json_false());
		json_object_set_new(view, "side_map", map_view);
	}
	sheet_prose(view, r, c->site, "summary");
	add_measured(view, r, c);
	add_pictures(view, r, c);
	gboolean done = add_pledges(view, r, c->site, b, error) && add_cases(view, r, c->site, error);
	account_read(c->progress, &account);
	land_account_add(&sum, &account);
	account_faults(faults, r, record_title(c->site), &account);
	account_section(view, r, &sum, faults, 1);
	add_measurements(view, r, c);
	done = done && add_around(view, r, c->site, error);
	sheet_prose(view, r, c->site, "reference_note");
	sheet_figures(view, r, c->site, "figures", "what", language_text(l, "Figures that sources state"));
	if (done)
		return view;
	json_decref(view);
	return NULL;
}

/* ?chart=boundary&revision=3: what this revision drew anew. */
static void answer_redrawn(const request *r, response *out, const record *site, const char *chart)
{
	g_autoptr(GError) error = NULL;
	const char *asked = request_query(r, "revision");
	guint64 revision = 0;
	if (!asked || !g_ascii_string_to_unsigned(asked, 10, 1, G_MAXUINT, &revision, NULL)) {
		query_refuse(r, out, request_text(r, N_("“revision” is the number of the revision whose change is drawn: 2 or more.")));
		return;
	}
	GBytes *picture = redrawn_picture(r, site, chart, (guint)revision, &error);
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else if (error)
		response_error(out, r, error);
	else
		response_problem(out, r, 404, request_text(r, "There is no such chart"), request_text(r, N_("There is no such revision, or it did not draw this boundary anew.")));
}

static void answer_picture(const request *r, response *out, const site_case *c)
{
	g_autoptr(GError) error = NULL;
	static const char *const charts[] = {"map", "curve", "balance", "transitions", "boundary", "reference", NULL};
	const record *m = site_case_newest(c);
	const shown_land shown = shown_of(m);
	cover_sum covers;
	const char *asked;
	GBytes *picture = NULL;
	if (!query_choice(r, out, "chart", charts, &asked))
		return;
	if (g_strcmp0(asked, "boundary") == 0 || g_strcmp0(asked, "reference") == 0) {
		answer_redrawn(r, out, c->site, asked);
		return;
	}
	gboolean curve = g_strcmp0(asked, "curve") == 0, balance = g_strcmp0(asked, "balance") == 0, cover = g_strcmp0(asked, "transitions") == 0;
	if (curve && m && site_has_curve(m))
		picture = site_curve(r, c, &error);
	else if (balance && shown_has_balance(&shown))
		picture = shown_balance(r, &shown, &error);
	else if (cover && cover_of(m, &covers))
		picture = cover_chart(r, &covers, record_title(m), &error);
	else if (!curve && !balance && !cover && site_has_map(c->site))
		picture = site_map(r, c->site, &error);
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else if (error)
		response_error(out, r, error);
	else
		response_problem(out, r, 404, request_text(r, "There is no such chart"), request_text(r, "Only a measured site has a curve and a balance, and only one with a place a map."));
}

void page_site(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "site");
	if (!rec)
		return;
	g_auto(site_case) c = {0};
	g_autoptr(board) b = pledge_board(r, &error);
	json_t *view = NULL;
	if (b && site_case_read(r, rec, &c, &error) && request_format(r) == FORMAT_SVG) {
		answer_picture(r, out, &c);
		return;
	}
	if (!error)
		view = site_view(r, &c, b, &error);
	if (view)
		response_page(out, r, 200, "sheet", view);
	else
		response_error(out, r, error);
}
