/* /policies, /policies/ID and /policies/compare: laws, funds and incentives, one by one and side by side by country. */
#include <string.h>

#include "record/vocabulary.h"
#include "web/pages/families.h"
#include "web/pages/sheet.h"

static const char *const facets[] = {"!kinds", "!country", "year", NULL};
static const char *const sorts[] = {"title", N_("By name"), "-year", N_("Newest first"), "year", N_("Oldest first"), NULL};

static char *place(const request *r, const record *rec)
{
	g_autofree char *country = view_values(r, rec, "country");
	const char *jurisdiction = json_string_value(json_object_get(rec->body, "jurisdiction"));
	if (country && jurisdiction && g_ascii_strcasecmp(country, jurisdiction) != 0)
		return g_strdup_printf("%s · %s", country, jurisdiction);
	return country ? g_steal_pointer(&country) : g_strdup(jurisdiction);
}

/* The figure a policy is remembered by: its first one, with what it says and its year. */
static void add_fact(list_row row, const request *r, const record *rec)
{
	const json_t *figure = json_array_get(json_object_get(rec->body, "figures"), 0);
	if (!figure)
		return;
	const json_t *year = json_object_get(figure, "year");
	const char *what = json_string_value(json_object_get(figure, "what"));
	const view_amount amount = view_amount_of(figure, "value");
	const char *unit, *value = view_amount_text(r, &amount, &unit);
	if (value)
		list_row_fact(row, (list_fact){ value, unit, json_is_integer(year)
			? view_own(r, g_strdup_printf("%s, %" JSON_INTEGER_FORMAT, what ? what : "", json_integer_value(year))) : view_copy(r, what) });
}

static void policy_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const list_row view = list_row_add(rows, r, hit, view_own(r, place(r, hit->record)));
	add_fact(view, r, hit->record);
	list_row_tag(view, view_own(r, view_values(r, hit->record, "year")));
	list_row_tag(view, view_own(r, view_values(r, hit->record, "kinds")));
}

static const list_shape shape = {
	.kind = "policy", .address = "/policies", .title = N_("Policies"),
	.sentence = N_("Laws, rules, funds and incentives on closure, rehabilitation and post-mining land use: how they work and what was observed."),
	.placeholder = N_("Words in any policy: bond, levy, relinquishment …"), .one = N_("{n} policy"), .many = N_("{n} policies"),
	.empty = N_("There is no policy yet."), .facets = facets, .sorts = sorts, .row = policy_row, .figures = EXPLAINS(FIGURE_STATED),
};

void page_policies(const request *r, response *out)
{
	const language *l = request_language(r);
	json_t *view = json_object(), *lead = json_object();
	view_put(lead, "text", language_text(l, "Put two to four countries beside each other, kind of policy by kind of policy:"));
	view_take(lead, "href", view_address(r, "/policies/compare"));
	view_put(lead, "label", language_text(l, "compare countries"));
	json_object_set_new(view, "lead", lead);
	list_answer(r, out, &shape, view);
}

void page_policy(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"country", "jurisdiction", "+year", "in_force_since", "in_force_until", "kinds", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "policy");
	if (!rec)
		return;
	json_t *view = sheet_new(r, rec, "/policies", language_text(l, "Policies"), facts, &error);
	if (!view) {
		response_error(out, r, error);
		return;
	}
	const char *country = json_string_value(json_object_get(rec->body, "country"));
	const char *const values[] = {country, NULL};
	store_filter here = {.path = "country", .values = values};
	const store_query cases = {.kind = "case", .filters = &here, .n_filters = 1, .sort = "title", .limit = 6};
	g_autofree char *all_cases = g_strdup_printf("/cases?country=%s", country ? country : "");
	view_take(view, "kicker", place(r, rec));
	view_put(view, "standfirst", record_summary(rec));
	sheet_prose(view, r, rec, "mechanism");
	sheet_figures(view, r, rec, "figures", "what", language_text(l, "Figures"));
	if (json_object_get(rec->body, "effects"))
		sheet_prose(view, r, rec, "effects");
	else
		view_put(sheet_section(view, "effects", language_text(l, "Observed effects")), "note",
			language_text(l, "Not reported in the sources read. That is not the same as none."));
	if (country && !sheet_briefs(view, r, "cases", language_text(l, "Case studies of the country"), &cases, "commodities", all_cases, &error)) {
		json_decref(view);
		response_error(out, r, error);
		return;
	}
	response_page(out, r, 200, "sheet", view);
}

/* ---- side by side ---- */

#define COMPARED 4

/* The countries asked for, known ones only, each once, at most four; the others are named in left_out. */
static guint countries_asked(const request *r, const char *out[COMPARED + 1], GString *left_out)
{
	guint n = 0;
	out[0] = NULL;
	for (const char *const *value = request_query_all(r, "country"); *value; value++) {
		const term *t = vocabulary_find(vocabulary_get("countries"), *value);
		if (!**value || (t && g_strv_contains(out, t->id)))
			continue;
		if (t && n < COMPARED) {
			out[n++] = t->id;
			out[n] = NULL;
			continue;
		}
		g_autofree char *name = t ? language_country(request_language(r), t->id) : g_strdup(*value);
		g_string_append_printf(left_out, "%s%s", left_out->len ? ", " : "", name);
	}
	return n;
}

static json_t *comparison_item(const request *r, const record *rec)
{
	json_t *item = json_object(), *figure = json_array_get(json_object_get(rec->body, "figures"), 0);
	const char *what = figure ? json_string_value(json_object_get(figure, "what")) : NULL;
	json_t *view = figure ? view_figure(r, rec, figure, "value", what) : NULL;
	const char *value = json_string_value(json_object_get(view, "value")), *unit = json_string_value(json_object_get(view, "unit"));
	view_put(item, "title", record_title(rec));
	view_take(item, "to", view_record_address(r, rec->kind, rec->id));
	view_take(item, "when", view_values(r, rec, "year"));
	view_take(item, "figure", value ? g_strdup_printf("%s %s", value, unit ? unit : "") : NULL);
	view_put(item, "what", what);
	json_object_set_new(item, "explain", value ? json_incref(json_object_get(view, "explain")) : json_null());
	json_decref(view);
	return item;
}

/* One cell: the policies of a country that are of a kind. */
static json_t *comparison_cell(const request *r, const store_result *policies, const char *kind_id, const char *head)
{
	json_t *items = json_array();
	for (gsize i = 0; i < policies->n; i++) {
		const json_t *kinds_of = json_object_get(policies->hits[i].record->body, "kinds"), *one;
		gsize k;
		json_array_foreach(kinds_of, k, one)
			if (strcmp(json_string_value(one), kind_id) == 0)
				json_array_append_new(items, comparison_item(r, policies->hits[i].record));
	}
	return json_pack("{s:s, s:b, s:o}", "head", head, "missing", json_array_size(items) == 0, "items", items);
}

static gboolean comparison_fill(json_t *view, const request *r, const char *const *countries, guint n, GError **error)
{
	const language *l = request_language(r);
	store_result *results[COMPARED] = {NULL};
	char *names[COMPARED] = {NULL};
	gboolean done = TRUE;
	json_t *heads = json_array(), *lines = json_array();
	for (guint c = 0; c < n && done; c++) {
		const char *const values[] = {countries[c], NULL};
		store_filter filter = {.path = "country", .values = values};
		store_query q = {.kind = "policy", .filters = &filter, .n_filters = 1, .sort = "title", .limit = 200, .bodies = TRUE, .as_of = request_as_of(r)};
		done = (results[c] = store_search(request_reader(r), &q, error)) != NULL;
		names[c] = language_country(l, countries[c]);
		json_t *head = json_pack("{s:s}", "title", names[c]);
		g_autofree char *path = g_strdup_printf("/countries/%s", countries[c]);
		view_take(head, "href", view_address(r, path));
		view_take(head, "remove", request_link_toggle(r, "country", countries[c]));
		json_array_append_new(heads, head);
	}
	const vocabulary *kinds_of = vocabulary_get("policy-kinds");
	for (gsize k = 0; done && k < vocabulary_size(kinds_of); k++) {
		const term *t = vocabulary_term(kinds_of, k);
		json_t *cells = json_array();
		for (guint c = 0; c < n; c++)
			json_array_append_new(cells, comparison_cell(r, results[c], t->id, names[c]));
		json_array_append_new(lines, json_pack("{s:s, s:s?, s:o}", "label", language_text(l, t->label), "means",
			t->definition ? language_text(l, t->definition) : NULL, "cells", cells));
	}
	for (guint c = 0; c < n; c++) {
		store_result_free(results[c]);
		g_free(names[c]);
	}
	json_object_set_new(view, "comparison", json_pack("{s:i, s:o, s:o}", "n", (int)n, "heads", heads, "lines", lines));
	return done;
}

/* Boxes to tick: the countries that have a policy. */
static gboolean choices_fill(json_t *view, const request *r, const char *const *chosen, GError **error)
{
	const language *l = request_language(r);
	store_query q = {.kind = "policy", .facets = TRUE, .limit = 1, .as_of = request_as_of(r)};
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	json_t *choices = json_array();
	for (gsize f = 0; found && f < found->n_facets; f++)
		for (gsize v = 0; strcmp(found->facets[f].path, "country") == 0 && v < found->facets[f].n; v++) {
			const char *iso3 = found->facets[f].values[v].value;
			json_t *choice = json_pack("{s:s, s:b}", "iso3", iso3, "checked", g_strv_contains(chosen, iso3));
			view_take(choice, "name", language_country(l, iso3));
			view_take(choice, "count", language_number(l, found->facets[f].values[v].count, 0));
			json_array_append_new(choices, choice);
		}
	json_object_set_new(view, "choices", choices);
	return found != NULL;
}

void page_policies_compare(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	const char *countries[COMPARED + 1];
	g_autoptr(GString) left_out = g_string_new(NULL);
	guint n = countries_asked(r, countries, left_out);
	json_t *view = json_object();
	view_put(view, "left_out", left_out->len ? left_out->str : NULL);
	g_autofree char *list = view_address(r, "/policies");
	view_put(view, "title", language_text(l, "Policies side by side"));
	view_put(view, "active", "/policies");
	view_put(view, "body", "compare");
	json_object_set_new(view, "breadcrumbs", view_breadcrumbs(language_text(l, "Policies"), list, language_text(l, "Side by side"), NULL));
	view_take(view, "action", view_address(r, "/policies/compare"));
	json_object_set_new(view, "comparison", json_null());
	gboolean done = choices_fill(view, r, countries, &error);
	if (done && n)
		done = comparison_fill(view, r, countries, n, &error);
	if (done)
		response_page(out, r, n || !left_out->len ? 200 : 404, "policies_compare", view);
	else {
		json_decref(view);
		response_error(out, r, error);
	}
}
