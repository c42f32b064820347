/* The land of a pledge: its sites with what is known of each, and their land account by stage. */
#include <math.h>
#include <string.h>

#include "record/vocabulary.h"
#include "rules/account.h"
#include "web/pages/land.h"
#include "web/pages/pledge.h"
#include "web/pages/site.h"

/* ---- sites ---- */

/* What the newest measurement of a site says for the first target that measured areas answer; and whether the boundary was redrawn since. */
static char *measured_of_site(const request *r, const board_site *site, const json_t *pledge, char **note)
{
	const language *l = request_language(r);
	const record *newest = site->measurements->len ? g_ptr_array_index(site->measurements, site->measurements->len - 1) : NULL;
	site_measurement m;
	promise p;
	if (!newest || !site_measurement_read(newest->body, newest->id, &m))
		return NULL;
	if (site->site && site_boundary_state(site->site->body, m.boundary) == BOUNDARY_REDRAWN)
		*note = g_strdup(language_text(l, "⚑ The boundary was redrawn after this measurement."));
	else if (g_strcmp0(json_string_value(json_object_get(newest->body, "form")), "table") == 0)
		*note = g_strdup(language_text(l, "From a table, not recomputed from images."));
	g_autofree char *year = pledge_year(m.at);
	for (gsize i = 0; promise_read(pledge, i, &p); i++) {
		measured_hectares h = site_measurement_answer(&m, p.metric, NULL);
		if (h.say == SAY_NOTHING || g_strcmp0(p.base, "ha") != 0)
			continue;
		g_autofree char *value = view_significant(r, h.value), *low = view_significant(r, h.low), *high = view_significant(r, h.high);
		if (!value)
			return view_message(language_text(l, "too small to tell, {year}"), "year", year, NULL);
		return low && high ? view_message(language_text(l, "{value} ha ({low} to {high}), {year}"), "value", value, "low", low, "high", high, "year", year, NULL)
			: view_message(language_text(l, "{value} ha, {year}"), "value", value, "year", year, NULL);
	}
	if (m.trend == TREND_NOTHING)
		return view_message(language_text(l, "measured {year}; nothing that answers the promise"), "year", year, NULL);
	return view_message(language_text(l, "{year}, no hectares; vegetation: {course}"), "year", year, "course", language_text(l, trend_words[m.trend].label), NULL);
}

static char *claims_text(const request *r, const board_site *site)
{
	g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < site->claims->len; i++)
		g_ptr_array_add(titles, view_record_title(r, "pledge", g_ptr_array_index(site->claims, i)));
	if (!titles->len)
		return NULL;
	g_ptr_array_add(titles, NULL);
	g_autofree char *list = language_list(request_language(r), (const char *const *)titles->pdata);
	return view_message(language_text(request_language(r), "also named by: {pledges}"), "pledges", list, NULL);
}

static json_t *explain_measured(const request *r, const board_site *site)
{
	if (!site->measurements->len)
		return NULL;
	const record *newest = g_ptr_array_index(site->measurements, site->measurements->len - 1);
	g_autofree char *href = view_record_address(r, newest->kind, newest->id), *day = view_values(r, newest, "measured_on");
	return view_explain(r, &figures_explained[FIGURE_MEASURED], record_title(newest), href, day);
}

static void site_row(json_t *table, const request *r, const board_site *site, const json_t *pledge)
{
	const language *l = request_language(r);
	static const trust measured_mark = TRUST_MEASURED;
	const record *rec = site->site;
	g_autofree char *note = NULL, *measured = measured_of_site(r, site, pledge, &note), *claims = claims_text(r, site);
	g_autofree char *href = rec ? view_record_address(r, rec->kind, rec->id) : NULL;
	g_autofree char *country = rec ? view_values(r, rec, "country") : NULL, *stage = rec ? view_values(r, rec, "stage") : NULL, *duty = rec ? view_values(r, rec, "duty") : NULL;
	const char *place = !rec ? language_text(l, "no such record") : json_object_get(rec->body, "geometry") ? language_text(l, "boundary") : language_text(l, "a point only");
	const view_cell cells[] = {
		{.text = rec ? record_title(rec) : site->id, .href = href, .note = claims, .head = TRUE},
		{.text = country ? country : "–"},
		{.text = place},
		{.text = stage ? stage : language_text(l, "not stated")},
		{.text = duty ? duty : language_text(l, "not stated")},
		{.text = measured ? measured : language_text(l, "not measured"), .note = note, .mark = measured ? &measured_mark : NULL, .explain = explain_measured(r, site)},
	};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

shown_land pledge_shown(const board *b, const board_case *known, cover_sum *covers)
{
	g_autofree const char **ids = g_new0(const char *, known->sites->len + 1);
	const measuring_facts measured = board_measured(b);
	for (guint i = 0; i < known->sites->len; i++)
		ids[i] = ((board_site *)g_ptr_array_index(known->sites, i))->id;
	return land_shown(&measured, ids, known->sites->len, covers);
}

#define PICTURED 4 /* sites */

void pledge_sections_pictures(json_t *view, const request *r, const board_case *known)
{
	json_t *items = json_array();
	guint pictured = 0;
	for (guint i = 0; i < known->sites->len && pictured < PICTURED; i++) {
		const board_site *site = g_ptr_array_index(known->sites, i);
		gsize before = json_array_size(items);
		if (site->site && site->measurements->len)
			site_pictures(items, g_ptr_array_index(site->measurements, site->measurements->len - 1), record_title(site->site));
		pictured += json_array_size(items) > before;
	}
	if (json_array_size(items))
		json_object_set_new(sheet_section(view, "pictures", language_text(request_language(r), "Before and after")), "pictures", json_pack("{s:O}", "items", items));
	json_decref(items);
}

#define OVERLAPS_SHOWN 12

static gboolean is_named(const board_case *known, const char *id)
{
	for (guint i = 0; i < known->sites->len; i++)
		if (strcmp(((board_site *)g_ptr_array_index(known->sites, i))->id, id) == 0)
			return TRUE;
	return FALSE;
}

/* Land of its sites that other sites cover as well, the largest first; NULL: none. */
static json_t *overlap_bullets(const request *r, const board *b, const board_case *known)
{
	const language *l = request_language(r);
	gboolean whole;
	const GArray *overlaps = board_land_overlaps(board_land_get(b), &whole);
	json_t *items = json_array();
	for (guint i = 0; overlaps && i < overlaps->len && json_array_size(items) < OVERLAPS_SHOWN; i++) {
		const land_overlap *o = &g_array_index(overlaps, land_overlap, i);
		gboolean first = is_named(known, o->a->id);
		if (!first && !is_named(known, o->b->id))
			continue;
		const land_site *own = first ? o->a : o->b, *other = first ? o->b : o->a;
		g_autofree char *hectares = language_number(l, o->hectares, o->hectares < 100 ? 2 : 0);
		g_autofree char *line = view_message(o->contested ? language_text(l, "{hectares} ha of {site} lie in {other} too, a site of another organisation: contested.")
			: language_text(l, "{hectares} ha of {site} lie in {other} too: counted once."), "hectares", hectares, "site", own->title, "other", other->title, NULL);
		g_autofree char *whole_line = o->approximate ? g_strconcat(line, " ", land_approximate(r), NULL) : g_steal_pointer(&line);
		json_array_append_new(items, json_pack("{s:o}", "pieces", view_pieces(whole_line)));
	}
	if (json_array_size(items))
		return json_pack("{s:o}", "items", items);
	json_decref(items);
	return NULL;
}

#define SITES_LISTED 10

void pledge_sections_sites(json_t *view, const request *r, const board *b, const board_case *known, const char *address)
{
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "sites", language_text(l, "Sites"));
	if (!known->sites->len) {
		view_put(section, "note", language_text(l, "The pledge maps no land. Until it does, nothing of it can be measured, and no hectare of it can be counted only once."));
		return;
	}
	guint claimed = board_case_also_claimed(known);
	if (claimed)
		view_take(section, "note", view_count(l, "{n} site is named by another pledge as well: its hectares are promised twice and exist once.",
			"{n} sites are named by other pledges as well: their hectares are promised twice and exist once.", claimed));
	if (pledge_map_places(known)) {
		json_t *map_view = json_object();
		view_picture(map_view, address, "chart=map");
		view_put(map_view, "alt", language_text(l, "Map of the pledge’s sites"));
		view_put(map_view, "caption", language_text(l, "Outlined: land that the pledge names. A dot marks a site too small for its outline, or known only as a point. Outlines: Natural Earth."));
		json_object_set_new(map_view, "lazy", json_true());
		json_object_set_new(section, "picture", map_view);
	}
	json_t *overlaps = overlap_bullets(r, b, known);
	if (overlaps) {
		json_object_set_new(section, "bullets", overlaps);
		view_explains(section, r, EXPLAINS(FIGURE_NET) | EXPLAINS(FIGURE_CONTESTED));
	}
	json_t *table = view_table(language_text(l, "The sites it names, with the newest measurement of each"));
	static const char *const columns[] = {N_("Site"), N_("Country"), N_("Known as"), N_("Stage"), N_("Duty"), N_("Measured")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), FALSE);
	for (guint i = 0; i < known->sites->len; i++)
		site_row(table, r, g_ptr_array_index(known->sites, i), known->facts.pledge);
	sheet_table(section, r, table, SITES_LISTED, N_("{n} more site"), N_("{n} more sites"));
}

/* ---- land account ---- */

static char *stage_label(const request *r, int stage)
{
	const term *t = stage < 0 ? NULL : vocabulary_find(vocabulary_get("land-stages"), land_stage_ids[stage]);
	return g_strdup(t ? language_text(request_language(r), t->label) : "");
}

static void account_row(json_t *table, const request *r, const char *name, const stage_row *row)
{
	const language *l = request_language(r);
	static const trust reported_mark = TRUST_REPORTED;
	const double values[] = {row->opening, row->gained, row->lost, row->closing};
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	view_cell cells[5] = {{.text = name, .head = TRUE}};
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		char *text = isfinite(values[i]) ? language_number(l, values[i], 2) : g_strdup("–");
		g_ptr_array_add(texts, text);
		cells[i + 1] = (view_cell){.text = text, .mark = i == 3 ? &reported_mark : NULL};
	}
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

/* One year as a table. */
static json_t *account_table(const request *r, const account_year *y)
{
	const language *l = request_language(r);
	g_autofree char *year = g_strdup_printf("%d", y->year), *newly = isfinite(y->newly_disturbed) ? language_number(l, y->newly_disturbed, 2) : NULL;
	g_autofree char *caption = newly ? view_message(language_text(l, "{year}, in hectares; newly disturbed: {n}"), "year", year, "n", newly, NULL)
		: view_message(language_text(l, "{year}, in hectares; newly disturbed: not reported"), "year", year, NULL);
	json_t *table = view_table(caption);
	static const char *const columns[] = {N_("Stage of land"), N_("Opening"), N_("Gained"), N_("Lost"), N_("Closing")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), i > 0);
	for (int i = 0; i < LAND_STAGES; i++) {
		g_autofree char *stage = stage_label(r, i);
		if (y->stages[i].known)
			account_row(table, r, stage, &y->stages[i]);
	}
	account_row(table, r, language_text(l, "All stages given"), &y->all);
	return table;
}

/* A fault in words. */
static char *account_fault_text(const request *r, const account_fault *f)
{
	const language *l = request_language(r);
	gboolean is_year = f->kind == ACCOUNT_GAP;
	g_autofree char *year = g_strdup_printf("%d", f->year), *stage = stage_label(r, f->stage);
	g_autofree char *expected = !isfinite(f->expected) ? g_strdup("") : is_year ? g_strdup_printf("%.0f", f->expected) : language_number(l, f->expected, 2);
	g_autofree char *found = isfinite(f->found) ? language_number(l, f->found, 2) : g_strdup("");
	return view_message(language_text(l, account_fault_says[f->kind]), "year", year, "stage", stage, "expected", expected, "found", found, NULL);
}

void account_read(const GPtrArray *reports, land_account *out)
{
	g_autofree const char **ids = g_new0(const char *, reports->len + 1);
	g_autofree json_t **bodies = g_new0(json_t *, reports->len + 1);
	for (guint i = 0; i < reports->len; i++) {
		ids[i] = ((record *)g_ptr_array_index(reports, i))->id;
		bodies[i] = ((record *)g_ptr_array_index(reports, i))->body;
	}
	land_account_of_site(out, ids, bodies, reports->len);
}

void account_faults(json_t *bullets, const request *r, const char *name, const land_account *a)
{
	for (guint i = 0; i < a->faults->len; i++) {
		g_autofree char *says = account_fault_text(r, &g_array_index(a->faults, account_fault, i)), *line = g_strdup_printf("%s: %s", name, says);
		json_array_append_new(bullets, json_pack("{s:o}", "pieces", view_pieces(line)));
	}
}

void account_section(json_t *view, const request *r, const land_account *sum, json_t *faults, guint sites)
{
	const language *l = request_language(r);
	if (!sum->years || !sum->years->len) {
		json_decref(faults);
		return;
	}
	json_t *section = sheet_section(view, "account", language_text(l, "Land account")), *folds = json_array();
	const account_year *last = &g_array_index(sum->years, account_year, sum->years->len - 1);
	g_autofree char *n = g_strdup_printf("%u", last->sites), *all = g_strdup_printf("%u", sites), *year = g_strdup_printf("%d", last->year);
	gsize found = json_array_size(faults);
	g_autofree char *how = found ? view_count(l, "{n} thing does not balance or connect.", "{n} things do not balance or connect.", found)
		: g_strdup(language_text(l, "Every year balances and opens with what the year before closed with."));
	view_take(section, "note", view_message(language_text(l, "Hectares by the stage at which they stand, as reported: {n} of {total} sites give an account for {year}. {how}"),
		"n", n, "total", all, "year", year, "how", how, NULL));
	json_object_set_new(section, "explain", view_explain(r, &figures_explained[FIGURE_ACCOUNT], language_text(l, "Progress reports about the sites"), NULL, year));
	json_object_set_new(section, "table", account_table(r, last));
	if (found)
		json_object_set_new(section, "bullets", json_pack("{s:o}", "items", faults));
	else
		json_decref(faults);
	for (guint i = sum->years->len - 1; i-- > 0;) {
		const account_year *y = &g_array_index(sum->years, account_year, i);
		json_t *fold = json_pack("{s:o, s:n, s:n}", "table", account_table(r, y), "note", "downloads");
		g_autofree char *label = g_strdup_printf("%d", y->year);
		view_put(fold, "label", label);
		json_array_append_new(folds, fold);
	}
	json_object_set_new(section, "fold", folds);
}

void pledge_sections_account(json_t *view, const request *r, const board_case *known)
{
	g_auto(land_account) sum = {0};
	json_t *faults = json_array();
	for (guint i = 0; i < known->sites->len; i++) {
		const board_site *site = g_ptr_array_index(known->sites, i);
		g_auto(land_account) one = {0};
		account_read(site->progress, &one);
		land_account_add(&sum, &one);
		account_faults(faults, r, site->site ? record_title(site->site) : site->id, &one);
	}
	account_section(view, r, &sum, faults, known->sites->len);
}
