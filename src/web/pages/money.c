/* /finance, /projects, /offers: what pays for restoration, who seeks money or partners, who offers what. */
#include <math.h>
#include <string.h>

#include "web/data.h"
#include "web/pages/families.h"
#include "web/pages/sheet.h"

/* "USD" and "1.2 billion" do not belong to every language: the amount is written out, its currency as unit. */
static void add_amount(list_row row, const request *r, const json_t *group, const char *amount, const char *label)
{
	const json_t *value = json_object_get(group, amount), *year = json_object_get(group, "year");
	if (!json_is_number(value))
		return;
	list_row_fact(row, (list_fact){ view_number(r, json_number_value(value)), view_copy(r, json_string_value(json_object_get(group, "currency"))),
		json_is_integer(year) ? view_own(r, g_strdup_printf("%s, %" JSON_INTEGER_FORMAT, label, json_integer_value(year))) : label });
}

static const char *where(const request *r, const record *rec)
{
	return json_is_true(json_object_get(rec->body, "worldwide")) ? request_text(r, N_("Worldwide")) : view_own(r, view_values(r, rec, "countries"));
}

/* ---- finance mechanisms ---- */

static const char *const finance_facets[] = {"!kinds", "countries", "worldwide", "providers", NULL};
static const char *const by_name[] = {"title", N_("By name"), NULL};

static void finance_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const record *rec = hit->record;
	const char *provider = view_own(r, view_values(r, rec, "providers"));
	const list_row row = list_row_add(rows, r, hit, provider ? provider : view_copy(r, json_string_value(json_object_get(rec->body, "provider_as_stated"))));
	add_amount(row, r, json_object_get(rec->body, "size"), "amount", language_text(request_language(r), "size"));
	list_row_tag(row, view_own(r, view_values(r, rec, "kinds")));
	list_row_tag(row, where(r, rec));
}

static const list_shape finance_shape = {
	.kind = "finance", .address = "/finance", .title = N_("Finance"),
	.sentence = N_("Funds, bonds, credits and levies that have paid, or can pay, for land restoration by or around mines."),
	.placeholder = N_("Words in any mechanism: bond, credit, levy …"), .one = N_("{n} mechanism"), .many = N_("{n} mechanisms"),
	.empty = N_("There is no mechanism yet."), .facets = finance_facets, .sorts = by_name, .row = finance_row, .figures = EXPLAINS(FIGURE_STATED),
};

void page_finance(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	guint projects = data_count(r, "project", &error), offers = error ? 0 : data_count(r, "offer", &error);
	if (error) {
		response_error(out, r, error);
		return;
	}
	json_t *view = json_object(), *lead = json_object();
	g_autofree char *seeking = view_count(l, "{n} project", "{n} projects", projects), *offering = view_count(l, "{n} offer", "{n} offers", offers);
	view_take(lead, "text", view_message(language_text(l, "The pipeline of projects that seek finance or partners, and of offers, holds {projects} and {offers}:"),
		"projects", seeking, "offers", offering, NULL));
	view_take(lead, "href", view_address(r, offers && !projects ? "/offers" : "/projects"));
	view_put(lead, "label", language_text(l, "see the pipeline"));
	json_object_set_new(view, "lead", lead);
	list_answer(r, out, &finance_shape, view);
}

void page_finance_one(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "finance");
	if (!rec)
		return;
	g_autofree char *named = view_values(r, rec, "providers");
	gboolean as_named = g_strcmp0(named, json_string_value(json_object_get(rec->body, "provider_as_stated"))) == 0;
	const char *const facts[] = {"providers", "kinds", "countries", "worldwide", as_named ? NULL : "provider_as_stated", NULL};
	json_t *view = sheet_new(r, rec, "/finance", language_text(l, "Finance"), facts, &error);
	if (!view) {
		response_error(out, r, error);
		return;
	}
	const json_t *size = json_object_get(rec->body, "size");
	view_take(view, "kicker", view_values(r, rec, "kinds"));
	json_t *section = sheet_section(view, "size", language_text(l, "Size"));
	if (size) {
		json_t *figure = view_figure(r, rec, size, "amount", language_text(l, "Amount"));
		g_autofree char *year = json_object_get(size, "year") ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(size, "year"))) : NULL;
		g_autofree char *source = g_strdup_printf("[%" JSON_INTEGER_FORMAT "]", json_integer_value(json_object_get(size, "source")));
		g_autofree char *target = g_strdup_printf("#source-%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(size, "source")));
		json_t *table = view_table(language_text(l, "Amount as stated, not adjusted for inflation"));
		view_table_column(table, language_text(l, "Amount"), FALSE);
		view_table_column(table, language_text(l, "Year"), TRUE);
		view_table_column(table, language_text(l, "Source"), TRUE);
		const view_cell cells[] = {{.text = json_string_value(json_object_get(figure, "value")), .unit = json_string_value(json_object_get(figure, "unit")),
				.explain = json_incref(json_object_get(figure, "explain"))},
			{.text = year ? year : language_text(l, "not given")}, {.text = source, .href = target}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
		json_object_set_new(section, "table", table);
		json_decref(figure);
	} else
		view_put(section, "note", language_text(l, "Not reported in the sources read. That is not the same as nothing."));
	sheet_prose(view, r, rec, "terms");
	sheet_prose(view, r, rec, "eligibility");
	sheet_prose(view, r, rec, "track_record");
	response_page(out, r, 200, "sheet", view);
}

/* ---- projects and offers ---- */

static const char *const project_facets[] = {"!needs.kind", "country", "stage", "land", "duty", "themes", "practices", NULL};
static const char *const project_sorts[] = {"title", N_("By title"), "-area", N_("Largest first"), NULL};

static void project_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const json_t *area = json_object_get(hit->record->body, "area");
	const list_row row = list_row_add(rows, r, hit, view_own(r, view_values(r, hit->record, "country")));
	if (json_is_number(area))
		list_row_fact(row, (list_fact){ view_number(r, json_number_value(area)), "ha", language_text(request_language(r), "to restore") });
	list_row_tag(row, view_own(r, view_values(r, hit->record, "stage")));
	list_row_tag(row, view_own(r, view_values(r, hit->record, "needs.kind")));
}

static const list_shape project_shape = {
	.kind = "project", .address = "/projects", .title = N_("Projects"),
	.sentence = N_("Restoration projects that seek finance, technology or partners."), .placeholder = N_("Words in any project"),
	.one = N_("{n} project"), .many = N_("{n} projects"),
	.empty = N_("No project has been published yet. Companies and agencies can put one forward; it appears here once a curator has accepted it."),
	.facets = project_facets, .sorts = project_sorts, .row = project_row, .figures = EXPLAINS(FIGURE_STATED),
};

void page_projects(const request *r, response *out)
{
	list_answer(r, out, &project_shape, NULL);
}

static json_t *needs_table(const request *r, const record *rec)
{
	const language *l = request_language(r);
	const json_t *need;
	gsize i;
	json_t *table = view_table(language_text(l, "What the project asks for"));
	view_table_column(table, language_text(l, "Need"), FALSE);
	view_table_column(table, language_text(l, "What"), FALSE);
	view_table_column(table, language_text(l, "Amount"), TRUE);
	json_array_foreach(json_object_get(rec->body, "needs"), i, need) {
		json_t *amount = view_figure(r, rec, need, "amount", json_string_value(json_object_get(need, "what")));
		g_autofree char *kind_of = view_value(r, kind_field(rec->kind, "needs.kind"), json_object_get(need, "kind"));
		const char *number = json_string_value(json_object_get(amount, "value"));
		const view_cell cells[] = {{.text = kind_of, .head = TRUE}, {.text = json_string_value(json_object_get(need, "what"))},
			{.text = number ? number : language_text(l, "not stated"), .unit = number ? json_string_value(json_object_get(amount, "unit")) : NULL,
				.explain = json_incref(json_object_get(amount, "explain"))}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
		json_decref(amount);
	}
	return table;
}

void page_project(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"country", "+area", "stage", "land", "+duty", "themes", "practices", "post_mining_land_uses", "target", "start_year",
		"end_year", "cost", "currency", "contact", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "project");
	json_t *view = rec ? sheet_new(r, rec, "/projects", language_text(l, "Projects"), facts, &error) : NULL;
	if (!view) {
		if (rec)
			response_error(out, r, error);
		return;
	}
	sheet_prose(view, r, rec, "summary");
	if (json_array_size(json_object_get(rec->body, "needs")))
		json_object_set_new(sheet_section(view, "needs", language_text(l, "What it seeks")), "table", needs_table(r, rec));
	response_page(out, r, 200, "sheet", view);
}

static const char *const offer_facets[] = {"!kinds", "organisation", "countries", "worldwide", "finance_kinds", NULL};

static void offer_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const list_row row = list_row_add(rows, r, hit, view_own(r, view_values(r, hit->record, "organisation")));
	add_amount(row, r, hit->record->body, "amount_up_to", language_text(request_language(r), "up to"));
	list_row_tag(row, view_own(r, view_values(r, hit->record, "kinds")));
	list_row_tag(row, where(r, hit->record));
}

static const list_shape offer_shape = {
	.kind = "offer", .address = "/offers", .title = N_("Offers"),
	.sentence = N_("What organisations offer to those who restore land: finance, technology, expertise, land, seed."), .placeholder = N_("Words in any offer"),
	.one = N_("{n} offer"), .many = N_("{n} offers"),
	.empty = N_("No offer has been published yet. An organisation can put one forward; it appears here once a curator has accepted it."),
	.facets = offer_facets, .sorts = by_name, .row = offer_row, .figures = EXPLAINS(FIGURE_STATED),
};

void page_offers(const request *r, response *out)
{
	list_answer(r, out, &offer_shape, NULL);
}

void page_offer(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"organisation", "kinds", "finance", "finance_kinds", "practices", "countries", "worldwide", "amount_from", "amount_up_to",
		"currency", "valid_until", "contact", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "offer");
	json_t *view = rec ? sheet_new(r, rec, "/offers", language_text(l, "Offers"), facts, &error) : NULL;
	if (!view) {
		if (rec)
			response_error(out, r, error);
		return;
	}
	sheet_prose(view, r, rec, "summary");
	sheet_prose(view, r, rec, "conditions");
	response_page(out, r, 200, "sheet", view);
}
