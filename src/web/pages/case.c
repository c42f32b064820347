/* /cases/ID: the story, the figures, what did not work, and where to go from here. */
#include "web/pages/case.h"

#include <math.h>
#include <string.h>

#include "publish/map.h"
#include "record/vocabulary.h"
#include "web/linked.h"
#include "web/pages/pages.h"
#include "web/pages/sheet.h"

/* Organisations with their role: one phrase of a source can stand for several records. */
static json_t *who(const request *r, const record *rec)
{
	const language *l = request_language(r);
	const kind *organisation = kind_by_name("organisation");
	const field *role_field = kind_field(rec->kind, "organisations.role");
	json_t *values = json_array();
	const json_t *entry;
	gsize i;
	json_array_foreach(json_object_get(rec->body, "organisations"), i, entry) {
		const char *id = json_string_value(json_object_get(entry, "organisation")), *stated = json_string_value(json_object_get(entry, "as_stated"));
		const json_t *role = json_object_get(entry, "role");
		json_t *value = json_object();
		view_take(value, "text", id ? view_record_title(r, "organisation", id) : g_strdup(stated));
		view_take(value, "href", id ? view_record_address(r, organisation, id) : NULL);
		view_take(value, "note", role ? view_value(r, role_field, role) : NULL);
		json_array_append_new(values, value);
	}
	if (!json_array_size(values)) {
		json_decref(values);
		return NULL;
	}
	return json_pack("{s:s, s:o, s:n}", "label", language_text(l, "Who"), "values", values, "rest");
}

static json_t *years(const request *r, const json_t *body)
{
	const language *l = request_language(r);
	const json_t *start = json_object_get(body, "start_year"), *end = json_object_get(body, "end_year");
	if (!start && !end)
		return NULL;
	g_autofree char *from = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(start));
	g_autofree char *to = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(end));
	g_autofree char *text = view_message(start && end ? language_text(l, "{from} to {to}") : start ? language_text(l, "since {from}; no end reported")
		: language_text(l, "until {to}; no start reported"), "from", from, "to", to, NULL);
	return json_pack("{s:s, s:[{s:s, s:n, s:n}], s:n}", "label", language_text(l, "Years of the work"), "values", "text", text, "href", "note", "rest");
}

static json_t *facts(const request *r, const record *rec)
{
	json_t *list = view_facts(r, rec, (const char *[]){ "country", NULL });
	json_t *people = who(r, rec), *span = years(r, rec->body);
	if (people)
		json_array_append_new(list, people);
	if (span)
		json_array_append_new(list, span);
	json_t *rest = view_facts(r, rec, (const char *[]){ "+commodities", "+mine_types", "+stage", "+biome", "biome_as_stated",
		"+post_mining_land_uses.use", "+ldn_response", "themes", "sites", NULL });
	json_array_extend(list, rest);
	json_decref(rest);
	return list;
}

static json_t *steps(const request *r, const record *rec)
{
	const kind *practice = kind_by_name("practice");
	json_t *list = json_array();
	const json_t *entry, *reference;
	gsize i, j;
	json_array_foreach(json_object_get(rec->body, "practices"), i, entry) {
		const char *detail = json_string_value(json_object_get(entry, "detail"));
		const json_t *references = json_object_get(entry, "practice");
		json_t *links = json_array(), *step = json_object();
		json_array_foreach(references, j, reference) {
			const char *id = json_string_value(reference);
			json_t *link = json_pack("{s:b}", "last", j + 1 == json_array_size(references));
			view_take(link, "text", view_record_title(r, "practice", id));
			view_take(link, "href", view_record_address(r, practice, id));
			json_array_append_new(links, link);
		}
		view_put(step, "name", json_string_value(json_object_get(entry, "name")));
		json_object_set_new(step, "detail", detail ? json_pack("{s:o}", "pieces", view_pieces(detail)) : json_null());
		json_object_set_new(step, "links_shown", json_boolean(json_array_size(links)));
		json_object_set_new(step, "links", links);
		json_array_append_new(list, step);
	}
	return list;
}

static json_t *grade(const request *r, const json_t *body)
{
	const language *l = request_language(r);
	const char *letter = json_string_value(json_object_get(body, "evidence_grade"));
	const term *t = letter ? vocabulary_find(vocabulary_get("evidence-grades"), letter) : NULL;
	if (!t)
		return json_null();
	const char *label = language_text(l, t->label), *colon = strstr(label, ": ");
	return json_pack("{s:s, s:s, s:s?}", "letter", letter, "label", colon ? colon + 2 : label, "text", t->definition ? language_text(l, t->definition) : NULL);
}

/* "46.49° N, 81.00° W" with how exact that is. */
static char *place_note(const request *r, const record *rec, double longitude, double latitude)
{
	const language *l = request_language(r);
	g_autofree char *north = language_number(l, fabs(latitude), 2), *east = language_number(l, fabs(longitude), 2);
	g_autofree char *precision = view_values(r, rec, "location_precision");
	const char *message = latitude >= 0
		? (longitude >= 0 ? language_text(l, "{latitude}° N, {longitude}° E. Precision: {precision}") : language_text(l, "{latitude}° N, {longitude}° W. Precision: {precision}"))
		: (longitude >= 0 ? language_text(l, "{latitude}° S, {longitude}° E. Precision: {precision}") : language_text(l, "{latitude}° S, {longitude}° W. Precision: {precision}"));
	return view_message(message, "latitude", north, "longitude", east, "precision", precision ? precision : language_text(l, "approximate"), NULL);
}

static json_t *inset(const request *r, const record *rec)
{
	const json_t *longitude = json_object_get(rec->body, "longitude"), *latitude = json_object_get(rec->body, "latitude");
	if (!longitude || !latitude)
		return json_null();
	double x = json_number_value(longitude), y = json_number_value(latitude);
	json_t *view = json_object();
	g_autofree char *page = view_record_address(r, rec->kind, rec->id);
	const char *place = case_place(r, rec->body);
	char *day = strchr(page, '?');
	g_autofree char *address = day ? g_strdup_printf("%.*s/map%s", (int)(day - page), page, day) : g_strconcat(page, "/map", NULL);
	view_picture(view, address, NULL);
	json_object_set(view, "still", json_object_get(view, "still_narrow"));
	json_object_set(view, "still_dark", json_object_get(view, "still_narrow_dark"));
	json_object_set_new(view, "still_narrow", json_null());
	json_object_set_new(view, "lazy", json_false());
	json_object_set_new(view, "longitude", json_real(x));
	json_object_set_new(view, "latitude", json_real(y));
	json_object_set_new(view, "zoom", json_integer(5));
	view_take(view, "alt", view_message(language_text(request_language(r), "Map: {place}"), "place", place, NULL));
	view_take(view, "note", place_note(r, rec, x, y));
	return view;
}

static gboolean add_surroundings(json_t *view, const request *r, const record *rec, GError **error)
{
	const char *country = json_string_value(json_object_get(rec->body, "country"));
	const char *const here[] = { country, NULL }, *const yes[] = { "yes", NULL };
	store_filter in_country = { "country", here }, pays_here = { "countries", here }, everywhere = { "worldwide", yes };
	json_t *policies = json_array(), *finance = json_array(), *related = case_related(r, rec, 5, error);
	gboolean done = related
		&& sheet_brief_items(policies, r, &(store_query){ .kind = "policy", .filters = &in_country, .n_filters = 1, .sort = "-year", .limit = 6 }, "kinds", NULL, error)
		&& sheet_brief_items(finance, r, &(store_query){ .kind = "finance", .filters = &pays_here, .n_filters = 1, .sort = "title", .limit = 4 }, "kinds", NULL, error)
		&& sheet_brief_items(finance, r, &(store_query){ .kind = "finance", .filters = &everywhere, .n_filters = 1, .sort = "title", .limit = 4 }, "kinds", NULL, error);
	g_autofree char *name = country ? language_country(request_language(r), country) : NULL;
	json_object_set_new(view, "related_shown", json_boolean(json_array_size(related)));
	json_object_set_new(view, "related", related ? related : json_array());
	json_object_set_new(view, "policies_shown", json_boolean(json_array_size(policies)));
	json_object_set_new(view, "policies", policies);
	view_take(view, "policies_title", view_message(language_text(request_language(r), "Policies of {country}"), "country", name, NULL));
	json_object_set_new(view, "finance_shown", json_boolean(json_array_size(finance)));
	json_object_set_new(view, "finance", finance);
	return done;
}

static void answer_page(const request *r, response *out, const record *rec)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	json_t *view = json_object(), *list = history_view(r, rec, &error);
	if (!list || !case_land(view, r, rec, &error) || !add_surroundings(view, r, rec, &error)) {
		json_decref(view);
		json_decref(list);
		response_error(out, r, error);
		return;
	}
	g_autofree char *cases = view_address(r, "/cases"), *themes = view_values(r, rec, "themes");
	const char *place = case_place(r, rec->body);
	const char *country_id = json_string_value(json_object_get(rec->body, "country"));
	g_autofree char *country_path = g_strdup_printf("/cases?country=%s", country_id ? country_id : ""), *country_list = view_address(r, country_path);
	g_autofree char *country = country_id ? language_country(l, country_id) : g_strdup("");
	json_t *lessons = json_array(), *limits = json_array(), *record_view = view_record(r, rec), *f = json_object_get(record_view, "f");
	if (json_object_get(rec->body, "lessons"))
		json_array_extend(lessons, json_object_get(json_object_get(f, "lessons"), "items"));
	if (json_object_get(rec->body, "limits"))
		json_array_extend(limits, json_object_get(json_object_get(f, "limits"), "items"));
	view_put(view, "title", record_title(rec));
	view_take(view, "description", view_shorten(record_summary(rec), 155));
	view_put(view, "active", "/cases");
	view_put(view, "body", "case");
	json_object_set_new(view, "breadcrumbs", view_breadcrumbs(language_text(l, "Compilation"), cases, country, country_list, record_title(rec), NULL));
	view_take(view, "kicker", g_strdup_printf("%s · %s", place, themes ? themes : ""));
	json_object_set_new(view, "record", record_view);
	json_object_set_new(view, "entity", linked_record(r, rec));
	json_object_set_new(view, "withdrawn", rec->state != RECORD_WITHDRAWN ? json_null() : json_pack("{s:s, s:s?, s:n}", "title",
		language_text(l, "This case was withdrawn."), "text", rec->reason ? rec->reason : language_text(l, "No reason was given."), "urgent"));
	json_object_set_new(view, "practices_shown", json_true());
	json_object_set_new(view, "practices", steps(r, rec));
	json_t *results = view_figures(r, rec, "results", "as_stated", language_text(l, "Figures as their sources give them"));
	json_object_set_new(view, "results", results ? results : json_null());
	json_t *costs = view_figures(r, rec, "costs", "what", language_text(l, "Amounts as stated, not adjusted for inflation"));
	json_object_set_new(view, "costs", costs ? costs : json_null());
	json_object_set_new(view, "chart", case_has_chart(rec->body) ? case_chart_view(r, rec) : json_null());
	json_object_set_new(view, "limits", limits);
	json_object_set_new(view, "lessons_shown", json_boolean(json_array_size(lessons)));
	json_object_set_new(view, "lessons", lessons);
	json_object_set_new(view, "sources", view_sources(r, rec->body));
	json_object_set_new(view, "facts", facts(r, rec));
	json_object_set_new(view, "grade", grade(r, rec->body));
	json_object_set_new(view, "map", inset(r, rec));
	view_take(view, "citation", case_citation(r, rec));
	json_object_set_new(view, "history", list);
	response_page(out, r, 200, "case", view);
}

static void answer_citation(const request *r, response *out, const record *rec)
{
	citing c = citing_begin(r);
	citing_add(&c, rec);
	citing_end(&c, out, rec->id);
}

/* The record asked for; NULL when the answer is already given. */
static record *find(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	const char *id = request_part(r, "id");
	record *rec = store_get(request_reader(r), "case", id, request_as_of(r), &error);
	if (error)
		response_error(out, r, error);
	else if (!rec)
		response_problem(out, r, 404, request_text(r, "There is no such case"),
			request_text(r, "Check the address, or look for the case in the compilation."));
	return error ? NULL : rec;
}

static void answer_map(const request *r, response *out, const record *rec)
{
	g_autoptr(GError) error = NULL;
	const json_t *longitude = json_object_get(rec->body, "longitude"), *latitude = json_object_get(rec->body, "latitude");
	if (!longitude || !latitude) {
		response_problem(out, r, 404, request_text(r, "There is no map"), request_text(r, "The case gives no place."));
		return;
	}
	double x = json_number_value(longitude), y = json_number_value(latitude);
	double bounds[] = { x - 16, MAX(y - 11, -85), x + 16, MIN(y + 11, 85) };
	const char *place = case_place(r, rec->body);
	map_point point = { .longitude = x, .latitude = y, .mark = TRUST_REPORTED, .colour = INK_IMPROVED, .radius = 7 };
	map m = { .title = place, .points = &point, .n_points = 1, .bounds = bounds };
	drawing_form form = page_drawing_form(r);
	GBytes *picture = map_draw(&m, &form, &error);
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else
		response_error(out, r, error);
}

/* Its chart; where there are too few figures to draw, its place. */
static void answer_picture(const request *r, response *out, const record *rec)
{
	g_autoptr(GError) error = NULL;
	if (!case_has_chart(rec->body)) {
		answer_map(r, out, rec);
		return;
	}
	drawing_form form = page_drawing_form(r);
	GBytes *picture = case_chart(r, rec, &form, &error);
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else
		response_error(out, r, error);
}

void page_case(const request *r, response *out)
{
	g_autoptr(record) rec = find(r, out);
	if (!rec)
		return;
	switch (request_format(r)) {
	case FORMAT_BIB:
	case FORMAT_RIS:
	case FORMAT_CSL:
		answer_citation(r, out, rec);
		break;
	case FORMAT_SVG:
		answer_picture(r, out, rec);
		break;
	default: /* the other data formats never come here */
		answer_page(r, out, rec);
	}
}

void page_case_map(const request *r, response *out)
{
	g_autoptr(record) rec = find(r, out);
	if (rec)
		answer_map(r, out, rec);
}
