#include <string.h>

#include "web/pages/case.h"

json_t *case_fact_of(const request *r, const json_t *result)
{
	json_t *fact = view_quantity(r, result, "value");
	const char *value = json_string_value(json_object_get(fact, "value")), *stated = json_string_value(json_object_get(result, "as_stated"));
	const char *unit = json_string_value(json_object_get(fact, "unit"));
	if (!value || !stated) {
		json_decref(fact);
		return NULL;
	}
	json_object_set_new_nocheck(fact, "long", json_boolean(g_utf8_strlen(value, -1) > 9 || (unit && g_utf8_strlen(unit, -1) > 12)));
	view_take(fact, "label", view_dated(stated, json_object_get(result, "year")));
	return fact;
}

char *case_place(const request *r, const json_t *body)
{
	const char *country = json_string_value(json_object_get(body, "country")), *area = json_string_value(json_object_get(body, "admin_area"));
	g_autofree char *name = country ? language_country(request_language(r), country) : NULL;
	if (name && area)
		return g_strconcat(name, ", ", area, NULL);
	return name ? g_steal_pointer(&name) : g_strdup(area ? area : "");
}

static json_t *marked(const char *snippet)
{
	json_t *view = json_object();
	json_object_set_new_nocheck(view, "pieces", view_marked(snippet));
	return view;
}

static json_t *box_of(const char *id)
{
	json_t *box = json_object();
	view_put(box, "value", id);
	json_object_set_new_nocheck(box, "checked", json_false());
	return box;
}

json_t *case_row(const request *r, const store_hit *hit, gboolean compare)
{
	const language *l = request_language(r);
	const record *rec = hit->record;
	const json_t *lead = kind_lead(rec->kind, rec->body);
	json_t *row = json_object(), *fact = lead ? case_fact_of(r, lead) : NULL, *tags = json_array();
	view_put(row, "id", hit->id);
	view_put(row, "title", hit->title);
	view_take(row, "href", view_record_address(r, hit->kind, hit->id));
	view_take(row, "kicker", case_place(r, rec->body));
	json_object_set_new_nocheck(row, "fact", fact ? fact : json_null());
	json_object_set_new_nocheck(row, "snippet", hit->snippet && *hit->snippet ? marked(hit->snippet) : json_null());
	view_put(row, "text", hit->snippet && *hit->snippet ? NULL : hit->summary);
	json_object_set_new_nocheck(row, "status", json_null());
	for (const char *const *path = (const char *[]){ "commodities", "stage", NULL }; *path; path++) {
		g_autofree char *text = view_values(r, rec, *path);
		if (text)
			json_array_append_new(tags, json_string_nocheck(text));
	}
	const char *grade = json_string_value(json_object_get(rec->body, "evidence_grade"));
	if (grade) {
		g_autofree char *text = view_message(language_text(l, "evidence {grade}"), "grade", grade, NULL);
		json_array_append_new(tags, json_string_nocheck(text));
	}
	json_object_set_new_nocheck(row, "tags", tags);
	json_object_set_new_nocheck(row, "compare", compare ? box_of(hit->id) : json_null());
	return row;
}
