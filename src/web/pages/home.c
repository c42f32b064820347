/* /: what was promised, what was done, what the land shows. */
#include "web/pages/home.h"

#include <math.h>
#include <string.h>

#include "record/kinds/case.h"
#include "web/board.h"
#include "web/linked.h"
#include "web/pages/case.h"
#include "web/pages/land.h"
#include "web/pages/pledge.h"
#include "web/pages/pages.h"

#define HOOKS 8
#define CHANGES 6
#define COUNTRIES 8

static char *exactly(const language *l, double hectares)
{
	g_autofree char *ha = language_number(l, hectares, 1), *km2 = language_number(l, hectares / 100, 1);
	return view_message(language_text(l, "{ha} ha, {km2} km²"), "ha", ha, "km2", km2, NULL);
}

/* One figure in hectares with its own explanation; none has none. when is taken. */
static json_t *tally_row(const request *r, figure_kind kind_of, double value, const char *none, char *when)
{
	static const trust marks[] = { [FIGURE_PROMISED] = TRUST_PROMISED, [FIGURE_REPORTED] = TRUST_REPORTED, [FIGURE_MEASURED] = TRUST_MEASURED };
	const language *l = request_language(r);
	gboolean known = value > 0;
	return view_tally_row((view_tally){ .mark = &marks[kind_of], .label = language_text(l, figures_explained[kind_of].label), .none = none, .unit = g_strdup("ha"), .when = when,
		.value = known ? view_significant(r, value) : NULL, .exact = known ? exactly(l, value) : NULL,
		.explain = known ? view_explain_kind(r, kind_of) : NULL });
}

static char *measured_text(const request *r, const total_figure *measured)
{
	const language *l = request_language(r);
	g_autofree char *low = view_significant(r, measured->low), *high = view_significant(r, measured->high);
	g_autofree char *text = low && high ? view_message(language_text(l, "seen from satellites, range {low} to {high}; each hectare once."), "low", low, "high", high, NULL)
		: g_strdup(language_text(l, "seen from satellites; each hectare once."));
	return measured->approximate ? g_strconcat(text, " ", land_approximate(r), NULL) : g_steal_pointer(&text);
}

static char *promised_by(const request *r, const pledge_sums *sums)
{
	const language *l = request_language(r);
	g_autofree char *n = language_number(l, sums->with_hectares, 0), *total = language_number(l, sums->pledges, 0);
	g_autofree char *from = g_strdup_printf("%u", sums->made_from), *until = g_strdup_printf("%u", sums->made_until);
	if (sums->made_from == sums->made_until)
		return view_message(language_plural(l, "by {n} of {total} pledge; the others count in shares, trees or words.", "by {n} of {total} pledges; the others count in shares, trees or words.", sums->pledges),
			"n", n, "total", total, NULL);
	return view_message(language_plural(l, "by {n} of {total} pledge, made {from} to {until}; the others count in shares, trees or words.",
		"by {n} of {total} pledges, made {from} to {until}; the others count in shares, trees or words.", sums->pledges), "from", from, "until", until, "n", n, "total", total, NULL);
}

/* Hectares promised, mapped (taken), reported, measured: rows that are never added. */
static json_t *tally(const request *r, const pledge_sums *sums, json_t *mapped)
{
	const language *l = request_language(r);
	json_t *rows = json_array();
	g_autofree char *n = language_number(l, sums->with_hectares, 0);
	g_autofree char *reporting = language_number(l, sums->reported_hectares, 0);
	g_autofree char *by = promised_by(r, sums), *duty = pledge_duty_text(r, sums);
	double promised = sums->hectares_promised.value, reported = sums->hectares_reported.value, measured = sums->hectares_measured.value;
	json_array_append_new(rows, tally_row(r, FIGURE_PROMISED, promised, language_text(l, "nothing in hectares"),
		g_strdup_printf("%s %s", by, duty)));
	json_array_append_new(rows, mapped);
	g_autofree char *from = isnan(sums->reported_from) ? g_strdup("") : g_strdup_printf("%.0f", floor(sums->reported_from - 0.001));
	g_autofree char *until = isnan(sums->reported_until) ? g_strdup("") : g_strdup_printf("%.0f", floor(sums->reported_until - 0.001));
	json_array_append_new(rows, tally_row(r, FIGURE_REPORTED, reported, language_text(l, "nothing yet"), reported > 0 && strcmp(from, until)
			? view_message(language_text(l, "as done by {n} of these {total}, in their own words, {from} to {until}."), "n", reporting, "total", n, "from", from, "until", until, NULL)
			: view_message(language_text(l, "as done by {n} of these {total}, in their own words {until}."), "n", reporting, "total", n, "until", until, NULL)));
	json_array_append_new(rows, tally_row(r, FIGURE_MEASURED, measured, language_text(l, "no hectares yet"),
		measured > 0 ? measured_text(r, &sums->hectares_measured) : home_course(r)));
	return rows;
}

static const json_t *first_of_land(const json_t *body)
{
	const json_t *result;
	gsize i;
	json_array_foreach(json_object_get(body, "results"), i, result) {
		if (case_is_land(result))
			return result;
	}
	return NULL;
}

static json_t *hook(const request *r, const record *rec, const json_t *result, const list_fact *fact)
{
	json_t *view = json_object();
	view_put(view, "value", fact->value);
	view_put(view, "unit", fact->unit);
	view_put(view, "label", fact->label);
	view_put(view, "title", record_title(rec));
	view_take(view, "href", view_record_address(r, rec->kind, rec->id));
	view_put(view, "where", case_place(r, rec->body));
	json_object_set_new(view, "explain", view_explain_stated(r, rec, result, json_string_value(json_object_get(result, "as_stated"))));
	return view;
}

/* What a case says of its land, if it lies in a country that has no hook yet; NULL: nothing. */
static json_t *hook_of(const request *r, const record *rec, GHashTable *seen)
{
	const char *country = json_string_value(json_object_get(rec->body, "country"));
	const json_t *result = first_of_land(rec->body);
	list_fact fact = { 0 };
	gboolean known = result && case_fact_of(r, result, &fact);
	gboolean wanted = known && strcmp(fact.value, "0") != 0 && !list_fact_is_long(&fact) && country && g_hash_table_add(seen, (gpointer)g_intern_string(country));
	json_t *view = wanted ? hook(r, rec, result, &fact) : NULL;
	return view;
}

/* Does what lists show of a case promise a hook? Most do not: they need not be read. */
static gboolean is_promising(const canonical_leaf *brief, GHashTable *seen)
{
	const char *country = canonical_leaf_text(brief, "country"), *unit = canonical_leaf_text(brief, "results.unit");
	return country && !g_hash_table_contains(seen, country) && g_strcmp0(unit, "ha") == 0;
}

/* The newest cases with hectares brought back, one from each country. */
static json_t *hooks(const request *r, GError **error)
{
	store_filter of_land = { "results.indicator", case_land_indicators };
	store_query q = { .kind = "case", .filters = &of_land, .n_filters = 1, .as_of = request_as_of(r), .limit = 80, .briefs = TRUE };
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	json_t *list = json_array();
	for (gsize i = 0; i < found->n && json_array_size(list) < HOOKS && !*error; i++) {
		const store_hit *hit = &found->hits[i];
		g_autoptr(record) rec = is_promising(hit->brief, seen) ? store_get(request_reader(r), q.kind, hit->id, q.as_of, error) : NULL;
		json_t *view = rec ? hook_of(r, rec, seen) : NULL;
		if (view)
			json_array_append_new(list, view);
	}
	if (*error)
		g_clear_pointer(&list, json_decref);
	return list;
}

static char *pledger(const request *r, const char *id)
{
	g_autoptr(record) pledge = store_get(request_reader(r), "pledge", id, request_as_of(r), NULL);
	return pledge ? view_values(r, pledge, "organisations") : NULL;
}

/* The newest reports on pledges, each with its first figure. */
static json_t *changes(const request *r, GError **error)
{
	const kind *pledge = kind_by_name("pledge");
	store_query q = { .kind = "progress", .as_of = request_as_of(r), .sort = "-year", .limit = CHANGES, .bodies = TRUE };
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return NULL;
	json_t *list = json_array();
	for (gsize i = 0; i < found->n; i++) {
		const json_t *body = found->hits[i].record->body, *figure = json_array_get(json_object_get(body, "figures"), 0);
		const char *id = json_string_value(json_object_get(body, "pledge"));
		json_t *item = json_object();
		view_take(item, "when", g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(body, "year"))));
		view_take(item, "href", id ? view_record_address(r, pledge, id) : view_record_address(r, found->hits[i].kind, found->hits[i].id));
		view_take(item, "title", id ? view_record_title(r, "pledge", id) : g_strdup(found->hits[i].title));
		view_take(item, "who", id ? pledger(r, id) : view_values(r, found->hits[i].record, "site"));
		const char *what = json_string_value(json_object_get(figure, "what"));
		json_t *value = figure ? view_figure(r, found->hits[i].record, figure, "value", what) : NULL;
		const char *number = json_string_value(json_object_get(value, "value")), *unit = json_string_value(json_object_get(value, "unit"));
		json_object_set_new(item, "explain", what && number ? json_incref(json_object_get(value, "explain")) : json_null());
		view_take(item, "text", !what ? NULL : number ? view_message(language_text(request_language(r), "reported: {what}, {value} {unit}"), "what", what,
			"value", number, "unit", unit ? unit : "", NULL) : g_strdup(what));
		json_decref(value);
		json_array_append_new(list, item);
	}
	return list;
}

/* How many records of a kind there are, and in which countries (by the path of its facet). */
static store_result *counts(const request *r, const char *kind_name, const char *path, GError **error)
{
	const char *const paths[] = { path, NULL };
	store_query q = { .kind = kind_name, .as_of = request_as_of(r), .limit = 1, .facets = TRUE, .facet_paths = paths };
	return store_search(request_reader(r), &q, error);
}

static const store_facet *facet_of(const store_result *result, const char *path)
{
	for (gsize i = 0; i < result->n_facets; i++)
		if (!strcmp(result->facets[i].path, path))
			return &result->facets[i];
	return NULL;
}

static char *count_in(const language *l, const store_facet *facet, const char *value)
{
	for (gsize i = 0; facet && i < facet->n; i++)
		if (!strcmp(facet->values[i].value, value))
			return language_number(l, facet->values[i].count, 0);
	return g_strdup("–");
}

static json_t *countries(const request *r, const store_result *cases, const store_result *pledges, const store_result *policies)
{
	const language *l = request_language(r);
	const store_facet *by_cases = facet_of(cases, "country"), *by_pledges = facet_of(pledges, "countries"), *by_policies = facet_of(policies, "country");
	json_t *table = view_table(language_text(l, "Records by country, most cases first"));
	view_table_column(table, language_text(l, "Country"), FALSE);
	view_table_column(table, language_text(l, "Cases"), TRUE);
	view_table_column(table, language_text(l, "Pledges"), TRUE);
	view_table_column(table, language_text(l, "Policies"), TRUE);
	json_object_set_new(table, "compact", json_true());
	for (gsize i = 0; by_cases && i < MIN(by_cases->n, COUNTRIES); i++) {
		const char *iso3 = by_cases->values[i].value;
		g_autofree char *path = g_strdup_printf("/countries/%s", iso3), *address = view_address(r, path), *name = language_country(l, iso3);
		g_autofree char *a = count_in(l, by_cases, iso3), *b = count_in(l, by_pledges, iso3), *c = count_in(l, by_policies, iso3);
		view_cell cells[] = { { .text = name, .href = address, .head = TRUE }, { .text = a }, { .text = b }, { .text = c } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

static json_t *forum(const request *r, GError **error)
{
	store_query q = { .kind = "forum", .as_of = request_as_of(r), .sort = "-date", .limit = 1, .bodies = TRUE };
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found || !found->n)
		return json_null();
	const json_t *body = found->hits[0].record->body;
	g_autofree char *date = language_date(request_language(r), json_string_value(json_object_get(body, "date")));
	const char *city = json_string_value(json_object_get(body, "city")), *host = json_string_value(json_object_get(body, "host_event"));
	json_t *view = json_object();
	view_put(view, "name", found->hits[0].title);
	view_put(view, "text", found->hits[0].summary && *found->hits[0].summary ? found->hits[0].summary : NULL);
	view_take(view, "when", g_strjoin(", ", date, city ? city : host, city ? host : NULL, NULL));
	json_object_set(view, "objectives", json_object_get(body, "objectives"));
	return view;
}

static json_t *map_view(const request *r, const store_result *cases, GError **error)
{
	const language *l = request_language(r);
	const store_facet *where = facet_of(cases, "country");
	g_autoptr(GArray) tints = home_tints(r, error);
	if (!tints)
		return NULL;
	json_t *view = json_object(), *tint = json_object(), *pledged = json_array();
	for (guint i = 0; i < tints->len; i++) {
		const home_tint *one = &g_array_index(tints, home_tint, i);
		json_object_set_new(tint, one->iso3, json_real(round(one->share * 100) / 100));
		json_t *item = json_object();
		g_autofree char *path = g_strdup_printf("/countries/%s", one->iso3), *hectares = language_significant(l, one->hectares, 3);
		view_take(item, "name", language_country(l, one->iso3));
		view_take(item, "to", view_address(r, path));
		view_take(item, "amount", view_message(language_text(l, "{n} ha"), "n", hectares, NULL));
		if (json_array_size(pledged) < 5)
			json_array_append(pledged, item);
		json_decref(item);
	}
	json_object_set_new(view, "pledged_shown", json_boolean(json_array_size(pledged)));
	json_object_set_new(view, "pledged", pledged);
	json_object_set_new(view, "pledged_explain", view_explain_kind(r, FIGURE_PROMISED));
	g_autofree char *world = view_address(r, "/world"), *n = view_count(l, "{n} case", "{n} cases", cases->total);
	g_autofree char *lands = view_count(l, "{n} country", "{n} countries", where ? where->n : 0);
	char *tint_text = json_dumps(tint, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(tint);
	view_picture(view, world, NULL);
	view_put(view, "title", language_text(l, "Where land is being brought back"));
	view_put(view, "tint", tint_text);
	free(tint_text);
	g_autofree char *note = view_message(language_text(l, "{cases} in {countries}. Coordinates are approximate."), "cases", n, "countries", lands, NULL);
	g_autofree char *drawn = places_drawn(l, cases->total), *mapped = view_count(l, "{n} case", "{n} cases", MIN(cases->total, PLACES_MOST));
	view_take(view, "note", g_strjoin(" ", note, *drawn ? drawn : NULL, NULL));
	json_object_set_new(view, "full", json_true());
	view_take(view, "places", view_address(r, "/cases.geojson"));
	view_take(view, "alt", view_message(language_text(l, "Map of the world with {cases} of the compilation"), "cases", mapped, NULL));
	json_object_set_new(view, "legend", json_pack("[{s:s, s:b, s:b, s:b}]", "label", language_text(l, "a case, as reported by its sources"), "promised", 0, "reported", 1, "measured", 0));
	view_take(view, "list_href", view_address(r, "/cases"));
	view_put(view, "list_label", language_text(l, "The same cases as a list"));
	return view;
}

static char *sentence(const language *l, const store_result *cases, const store_result *pledges)
{
	const store_facet *where = facet_of(cases, "country");
	g_autofree char *a = view_count(l, "{n} case study", "{n} case studies", cases->total), *b = view_count(l, "{n} pledge", "{n} pledges", pledges->total);
	g_autofree char *c = view_count(l, "{n} country", "{n} countries", where ? where->n : 0);
	return view_message(language_text(l, "A public record of land restoration after mining: {cases} from {countries} and {pledges}, every figure with its source, the failures left in."),
		"cases", a, "countries", c, "pledges", b, NULL);
}

void page_home(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	g_autoptr(store_result) cases = counts(r, "case", "country", &error);
	g_autoptr(store_result) pledges = cases ? counts(r, "pledge", "countries", &error) : NULL;
	g_autoptr(store_result) policies = pledges ? counts(r, "policy", "country", &error) : NULL;
	g_auto(pledge_sums) sums;
	pledge_sums_init(&sums);
	if (!policies || !home_sums(r, NULL, &sums, &error)) {
		response_error(out, r, error);
		return;
	}
	json_t *view = json_object(), *list = hooks(r, &error), *news = changes(r, &error), *plate = map_view(r, cases, &error), *mapped = home_mapped(r, &error), *land = home_land(r, &error);
	if (!list || !news || !plate || !mapped || !land) {
		json_decref(view);
		json_decref(list);
		json_decref(news);
		json_decref(plate);
		json_decref(mapped);
		json_decref(land);
		response_error(out, r, error);
		return;
	}
	g_autofree char *all = language_number(l, cases->total, 0);
	view_put(view, "title", language_text(l, "What was promised, what was done, what the land shows"));
	view_put(view, "body", "home");
	json_object_set_new(view, "entity", linked_site(r));
	json_object_set_new(view, "hide_search", json_true());
	view_take(view, "sentence", sentence(l, cases, pledges));
	json_object_set_new(view, "tally", tally(r, &sums, mapped));
	view_take(view, "method_href", view_address(r, "/method#three"));
	json_object_set_new(view, "map", plate);
	json_object_set_new(view, "land_shown", json_boolean(json_array_size(land)));
	json_object_set_new(view, "land", land);
	view_take(view, "sites_href", view_address(r, "/sites"));
	json_object_set_new(view, "hooks", list);
	view_take(view, "cases_href", view_address(r, "/cases"));
	view_take(view, "cases_label", view_message(language_text(l, "All {n} cases"), "n", all, NULL));
	json_object_set_new(view, "changes", news);
	view_take(view, "pledges_href", view_address(r, "/pledges"));
	json_object_set_new(view, "countries", countries(r, cases, pledges, policies));
	view_take(view, "countries_href", view_address(r, "/countries"));
	json_object_set_new(view, "forum", forum(r, &error));
	response_page(out, r, 200, "home", view);
}
