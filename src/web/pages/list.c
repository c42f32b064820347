#include <string.h>

#include "web/pages/sheet.h"
#include "web/response.h"

gboolean list_query(const request *r, response *out, const list_shape *shape, guint per_page, guint most, query *q)
{
	if (!query_parse(r, out, kind_by_name(shape->kind), per_page, most, q))
		return FALSE;
	q->store.bodies = TRUE;
	view_facets_ask(&q->store, r, shape->facets ? shape->facets : (const char *[]){ NULL });
	if (!q->store.sort)
		q->store.sort = q->store.text ? "relevance" : shape->sorts ? shape->sorts[0] : "title";
	return TRUE;
}

static json_t *sort_view(const request *r, const list_shape *shape, const store_query *q)
{
	json_t *options = json_array();
	for (const char *const *s = shape->sorts; s && s[0]; s += 2)
		json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "value", s[0], "label", language_text(request_language(r), s[1]), "active",
			g_strcmp0(q->sort, s[0]) == 0));
	if (q->text)
		json_array_insert_new(options, 0, json_pack("{s:s, s:s, s:b}", "value", "relevance", "label",
			language_text(request_language(r), "Best match first"), "active", strcmp(q->sort, "relevance") == 0));
	gboolean choice = json_array_size(options) > 1;
	if (!choice) {
		json_decref(options);
		return json_null();
	}
	return json_pack("{s:o, s:o}", "options", options, "kept", view_kept(r, (const char *[]){"sort", "page", NULL}));
}

void list_view(json_t *view, const request *r, const list_shape *shape, const store_query *q, const store_result *result, const view_facet *computed)
{
	const language *l = request_language(r);
	view_put(view, "title", language_text(l, shape->title));
	if (!json_object_get(view, "sentence"))
		view_put(view, "sentence", language_text(l, shape->sentence));
	view_put(view, "active", shape->address);
	view_put(view, "body", "list");
	view_put(view, "placeholder", language_text(l, shape->placeholder));
	view_put(view, "q", request_query(r, "q"));
	view_take(view, "action", view_address(r, shape->address));
	json_object_set_new(view, "kept", view_kept(r, (const char *[]){"q", "page", "sort", NULL}));
	view_facets(view, r, kind_by_name(shape->kind), result, shape->facets ? shape->facets : (const char *[]){NULL}, computed);
	view_take(view, "count", view_count(l, shape->one, shape->many, result->total));
	json_object_set_new(view, "sort", sort_view(r, shape, q));
	gboolean asked = q->text || q->n_filters;
	json_object_set_new(view, "hide_search", json_boolean(asked || result->total)); /* the list has a box of its own */
	json_object_set_new(view, "searchable", json_boolean(asked || result->total));
	json_object_set_new(view, "empty", result->total ? json_null() : json_pack("{s:s, s:b}", "message",
		asked ? language_text(l, "Nothing matches all of this. Take a filter away or use fewer words.") : language_text(l, shape->empty), "asked", asked));
	if (shape->compare && result->total) {
		json_t *compare = json_pack("{s:s}", "hint", language_text(l, shape->compare_hint));
		view_take(compare, "href", view_address(r, shape->compare));
		json_object_set_new(view, "comparing", compare);
	} else
		json_object_set_new(view, "comparing", json_null());
	view_explains(view, r, result->total ? shape->figures : 0);
	view_paging(view, r, q->offset, q->limit, result->total);
	if (!json_object_get(view, "lead"))
		json_object_set_new(view, "lead", json_null());
	if (!json_object_get(view, "above"))
		json_object_set_new(view, "above", json_null());
}

void list_answer(const request *r, response *out, const list_shape *shape, json_t *added)
{
	json_t *view = added ? added : json_object();
	g_autoptr(GError) error = NULL;
	g_auto(query) q = { 0 };
	gboolean understood = list_query(r, out, shape, LIST_PAGE, LIST_MOST, &q);
	g_autoptr(store_result) result = understood ? store_search(request_reader(r), &q.store, &error) : NULL;
	if (!result) {
		json_decref(view);
		if (understood)
			response_error(out, r, error);
		return;
	}
	list_view(view, r, shape, &q.store, result, NULL);
	mustache_list *rows = list_rows(r);
	for (gsize i = 0; i < result->n; i++)
		shape->row(rows, r, &result->hits[i]);
	json_object_set_new(view, "rows_shown", json_boolean(result->n));
	json_object_set_new(view, "rows", mustache_list_json(rows));
	response_page(out, r, 200, "list", view);
}
