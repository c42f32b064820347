/* /practices: techniques by the part of the work they belong to; /practices/ID: when one works, when it fails, and in which cases. */
#include <string.h>

#include "record/vocabulary.h"
#include "web/linked.h"
#include "web/pages/case.h"
#include "web/pages/pages.h"

#define CASES_SHOWN 20

/* How many cases use each practice: id -> count. */
static GHashTable *uses(const request *r, GError **error)
{
	store_query q = { .kind = "case", .as_of = request_as_of(r), .limit = 1, .facets = TRUE };
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return NULL;
	GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize i = 0; i < found->n_facets; i++)
		for (gsize j = 0; !strcmp(found->facets[i].path, "practices.practice") && j < found->facets[i].n; j++)
			g_hash_table_insert(counts, g_strdup(found->facets[i].values[j].value), GUINT_TO_POINTER(found->facets[i].values[j].count));
	return counts;
}

static char *used_text(const language *l, guint n)
{
	return n ? view_count(l, "used in {n} case", "used in {n} cases", n) : g_strdup(language_text(l, "no case of the compilation uses it"));
}

static json_t *group_view(const request *r, const term *t, const store_result *found, GHashTable *counts)
{
	const language *l = request_language(r);
	json_t *list = json_array();
	for (gsize i = 0; i < found->n; i++) {
		const store_hit *hit = &found->hits[i];
		if (g_strcmp0(t->id, json_string_value(json_object_get(hit->record->body, "category"))))
			continue;
		json_t *practice = json_object();
		view_put(practice, "title", hit->title);
		view_take(practice, "href", view_record_address(r, hit->kind, hit->id));
		view_take(practice, "text", view_shorten(hit->summary, 190));
		view_take(practice, "used", used_text(l, GPOINTER_TO_UINT(g_hash_table_lookup(counts, hit->id))));
		json_array_append_new(list, practice);
	}
	g_autofree char *n = language_number(l, (double)json_array_size(list), 0);
	return json_pack("{s:s, s:s, s:s, s:o}", "id", t->id, "label", language_text(l, t->label), "count", n, "practices", list);
}

void page_practices(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	store_query q = { .kind = "practice", .as_of = request_as_of(r), .sort = "title", .limit = 1000, .bodies = TRUE };
	g_autoptr(GHashTable) counts = uses(r, &error);
	g_autoptr(store_result) found = counts ? store_search(request_reader(r), &q, &error) : NULL;
	if (!found) {
		response_error(out, r, error);
		return;
	}
	const vocabulary *categories = vocabulary_get("practice-categories");
	json_t *view = json_object(), *groups = json_array();
	for (gsize i = 0; i < vocabulary_size(categories); i++) {
		json_t *group = group_view(r, vocabulary_term(categories, i), found, counts);
		if (json_array_size(json_object_get(group, "practices")))
			json_array_append(groups, group);
		json_decref(group);
	}
	view_put(view, "title", language_text(l, "Practices"));
	view_put(view, "active", "/practices");
	view_take(view, "sentence", view_count(l, "{n} technique that the cases use: what it is, when it works and when it fails.",
		"{n} techniques that the cases use: what each is, when it works and when it fails.", found->total));
	json_object_set_new(view, "groups", groups);
	response_page(out, r, 200, "practices", view);
}

static gboolean add_cases(json_t *view, const request *r, const char *id, GError **error)
{
	const language *l = request_language(r);
	const char *const values[] = { id, NULL };
	store_filter uses_it = { "practices.practice", values };
	store_query q = { .kind = "case", .filters = &uses_it, .n_filters = 1, .as_of = request_as_of(r), .sort = "evidence_grade", .limit = CASES_SHOWN, .briefs = TRUE };
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return FALSE;
	mustache_list *rows = list_rows(r);
	for (gsize i = 0; i < found->n; i++)
		case_row(rows, r, &found->hits[i]);
	json_object_set_new(view, "rows", mustache_list_json(rows));
	view_explains(view, r, found->n ? EXPLAINS(FIGURE_STATED) : 0);
	view_take(view, "cases_title", found->total
		? view_count(l, "Where it was used: {n} case", "Where it was used: {n} cases", found->total)
		: g_strdup(language_text(l, "No case of the compilation uses it yet")));
	g_autofree char *path = g_strdup_printf("/cases?practices.practice=%s", id);
	view_take(view, "more_href", found->total > found->n ? view_address(r, path) : NULL);
	return TRUE;
}

void page_practice(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	const char *id = request_part(r, "id");
	g_autoptr(record) rec = store_get(request_reader(r), "practice", id, request_as_of(r), &error);
	if (!rec && !error) {
		response_problem(out, r, 404, request_text(r, "There is no such practice"), request_text(r, "Check the address, or look for it among the practices."));
		return;
	}
	json_t *view = json_object();
	if (error || !add_cases(view, r, id, &error)) {
		json_decref(view);
		response_error(out, r, error);
		return;
	}
	g_autofree char *list = view_address(r, "/practices");
	json_t *sources = view_sources(r, rec->body);
	view_put(view, "title", record_title(rec));
	view_take(view, "description", view_shorten(record_summary(rec), 155));
	view_put(view, "active", "/practices");
	view_take(view, "kicker", view_values(r, rec, "category"));
	json_object_set_new(view, "breadcrumbs", view_breadcrumbs(language_text(l, "Practices"), list, record_title(rec), NULL));
	json_object_set_new(view, "record", view_record(r, rec));
	json_object_set_new(view, "entity", linked_record(r, rec));
	json_object_set_new(view, "facts", view_facts(r, rec, (const char *[]){ "also_called", "themes", NULL }));
	json_object_set_new(view, "sources_shown", json_boolean(json_array_size(sources)));
	json_object_set_new(view, "sources", sources);
	response_page(out, r, 200, "practice", view);
}
