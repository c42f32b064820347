#include "web/pages/sheet.h"

#include <string.h>

#include "web/calendar.h"
#include "web/iati.h"
#include "web/linked.h"
#include "web/response.h"

record *sheet_find(const request *r, response *out, const char *kind_name)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	record *rec = store_get(request_reader(r), kind_name, request_part(r, "id"), request_as_of(r), &error);
	if (error) {
		response_error(out, r, error);
		return NULL;
	}
	if (!rec)
		response_problem(out, r, 404, language_text(l, "There is no such record"),
			language_text(l, "Check the address, or search for a word of its title."));
	return rec;
}

/* Some forms are there for those records of a kind only that say enough. */
static unsigned without_of(const request *r, const record *rec)
{
	return (calendar_has(r, rec) ? 0 : (unsigned)FORMAT_ICS) | (iati_can_tell(rec) ? 0 : (unsigned)FORMAT_IATI);
}

/* How the numbers among the key facts are known; null where there are none. */
static json_t *facts_figures(const request *r, const record *rec, const char *const *facts)
{
	for (const char *const *path = facts; *path; path++) {
		const char *name = *path + (**path == '+');
		const field *f = kind_field(rec->kind, name);
		if (!f || f->type != FIELD_NUMBER || !json_object_get(rec->body, name))
			continue;
		json_t *figures = json_object();
		view_explains_add(figures, view_explain_stated(r, rec, rec->body, language_text(request_language(r), f->label)));
		return figures;
	}
	return json_null();
}

json_t *sheet_new(const request *r, const record *rec, const char *list, const char *list_label, const char *const *facts, GError **error)
{
	const language *l = request_language(r);
	json_t *past = history_view(r, rec, error);
	if (!past)
		return NULL;
	json_t *view = json_object(), *sources = view_sources(r, rec->body), *known = view_facts(r, rec, facts);
	g_autofree char *address = view_address(r, list);
	const char *summary = record_summary(rec);
	view_put(view, "title", record_title(rec));
	view_take(view, "description", *summary ? view_shorten(summary, 155) : NULL);
	view_put(view, "active", list);
	view_put(view, "body", rec->kind->name);
	view_put(view, "kicker", NULL);
	view_put(view, "standfirst", NULL);
	json_object_set_new(view, "breadcrumbs", view_breadcrumbs(list_label, address, record_title(rec), NULL));
	json_object_set_new(view, "entity", linked_record(r, rec));
	json_object_set_new(view, "sections", json_array());
	json_object_set_new(view, "facts_shown", json_boolean(json_array_size(known)));
	json_object_set_new(view, "facts", known);
	json_object_set_new(view, "facts_figures", facts_figures(r, rec, facts));
	json_object_set_new(view, "sources_shown", json_boolean(json_array_size(sources)));
	json_object_set_new(view, "sources", sources);
	json_object_set_new(view, "without", json_integer(without_of(r, rec)));
	json_object_set_new(view, "history_shown", json_true());
	json_object_set_new(view, "history", past);
	json_object_set_new(view, "status", json_null());
	json_object_set_new(view, "head_explain", json_null());
	json_object_set_new(view, "side_map", json_null());
	json_object_set_new(view, "notice", rec->state != RECORD_WITHDRAWN ? json_null() : json_pack("{s:s, s:s, s:n}", "title",
		language_text(l, "This record was withdrawn."), "text", rec->reason ? rec->reason : language_text(l, "No reason was given."), "urgent"));
	return view;
}

json_t *sheet_section(json_t *view, const char *id, const char *title)
{
	static const char *const members[] = {"note", "prose", "bullets", "table", "tally", "list", "briefs", "charts", "checklist", "events", "pair", "more", "fold", "explain", "picture", "pictures", "explains", "explains_shown"};
	json_t *section = json_pack("{s:s, s:s}", "id", id, "title", title);
	for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
		json_object_set_new(section, members[i], json_null());
	json_array_append_new(json_object_get(view, "sections"), section);
	return section;
}

void sheet_rows(json_t *section, const request *r, mustache_list *rows, unsigned figures)
{
	json_object_set_new(section, "list", json_pack("{s:o}", "rows", mustache_list_json(rows)));
	view_explains(section, r, figures);
}

void sheet_table(json_t *section, const request *r, json_t *table, gsize keep, const char *one, const char *many)
{
	json_t *rows = json_object_get(table, "rows"), *row;
	gsize n = json_array_size(rows), i;
	json_object_set(section, "table", table);
	if (n > keep + 1) {
		json_t *rest = json_array(), *fold = json_pack("{s:n, s:n}", "note", "downloads"), *folded = json_copy(table);
		for (i = keep; (row = json_array_get(rows, i)); i++)
			json_array_append(rest, row);
		while (json_array_size(rows) > keep)
			json_array_remove(rows, json_array_size(rows) - 1);
		json_object_set_new(folded, "rows", rest);
		json_object_set_new(fold, "table", folded);
		view_take(fold, "label", view_count(request_language(r), one, many, n - keep));
		json_object_set_new(section, "fold", json_pack("[o]", fold));
	}
	json_decref(table);
}

void sheet_prose(json_t *view, const request *r, const record *rec, const char *field_name)
{
	const field *f = kind_field(rec->kind, field_name);
	const json_t *value = json_object_get(rec->body, field_name);
	if (!f || !value)
		return;
	json_t *section = sheet_section(view, field_name, language_text(request_language(r), f->label));
	if (json_is_string(value)) {
		json_object_set_new(section, "prose", view_prose(json_string_value(value)));
		return;
	}
	json_t *bullets = json_array();
	const json_t *item;
	gsize i;
	json_array_foreach(value, i, item)
		if (json_is_string(item))
			json_array_append_new(bullets, json_pack("{s:o}", "pieces", view_pieces(json_string_value(item))));
	json_object_set_new(section, "bullets", json_pack("{s:o}", "items", bullets));
}

void sheet_figures(json_t *view, const request *r, const record *rec, const char *group, const char *what, const char *title)
{
	json_t *table = view_figures(r, rec, group, what, language_text(request_language(r), "Figures as their sources give them"));
	if (table)
		json_object_set_new(sheet_section(view, group, title), "table", table);
}

json_t *brief_new(const request *r, const kind *k, const char *id, const char *title, char *text)
{
	json_t *item = json_object();
	view_put(item, "title", title);
	view_take(item, "href", view_record_address(r, k, id));
	view_take(item, "text", text);
	return item;
}

gboolean sheet_brief_items(json_t *items, const request *r, const store_query *asked, const char *text, guint *more, GError **error)
{
	store_query q = *asked;
	q.as_of = request_as_of(r);
	q.bodies = TRUE;
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return FALSE;
	for (gsize i = 0; i < found->n; i++)
		json_array_append_new(items, brief_new(r, found->hits[i].kind, found->hits[i].id, found->hits[i].title, text ? view_values(r, found->hits[i].record, text) : NULL));
	if (more)
		*more = found->total > found->n ? found->total : 0;
	return TRUE;
}

gboolean sheet_briefs(json_t *view, const request *r, const char *id, const char *title, const store_query *asked, const char *text, const char *all,
	GError **error)
{
	guint total;
	json_t *items = json_array();
	gboolean done = sheet_brief_items(items, r, asked, text, &total, error);
	if (!done || !json_array_size(items)) {
		json_decref(items);
		return done;
	}
	json_t *section = sheet_section(view, id, title);
	json_object_set_new(section, "briefs", json_pack("{s:o}", "items", items));
	if (all && total) {
		json_t *more = json_object();
		view_take(more, "href", view_address(r, all));
		view_take(more, "label", view_count(request_language(r), "All {n}", "All {n}", total));
		json_object_set_new(section, "more", more);
	}
	return TRUE;
}
