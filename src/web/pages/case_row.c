#include <string.h>

#include "web/pages/case.h"

json_t *case_fact_of(const request *r, const json_t *result)
{
	json_t *fact = view_figure(r, result, "value");
	const char *value = json_string_value(json_object_get(fact, "value")), *stated = json_string_value(json_object_get(result, "as_stated"));
	const char *unit = json_string_value(json_object_get(fact, "unit"));
	if (!value || !stated) {
		json_decref(fact);
		return NULL;
	}
	json_object_set_new(fact, "long", json_boolean(g_utf8_strlen(value, -1) > 9 || (unit && g_utf8_strlen(unit, -1) > 12)));
	view_take(fact, "label", view_dated(stated, json_object_get(result, "year")));
	return fact;
}

char *case_place(const request *r, const json_t *body)
{
	const char *country = json_string_value(json_object_get(body, "country")), *area = json_string_value(json_object_get(body, "admin_area"));
	g_autofree char *name = country ? language_country(request_language(r), country) : NULL;
	if (name && area)
		return g_strdup_printf("%s, %s", name, area);
	return name ? g_steal_pointer(&name) : g_strdup(area ? area : "");
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
	json_object_set_new(row, "fact", fact ? fact : json_null());
	json_object_set_new(row, "snippet", hit->snippet && *hit->snippet ? json_pack("{s:o}", "pieces", view_marked(hit->snippet)) : json_null());
	view_put(row, "text", hit->snippet && *hit->snippet ? NULL : hit->summary);
	json_object_set_new(row, "status", json_null());
	for (const char *const *path = (const char *[]){ "commodities", "stage", NULL }; *path; path++) {
		g_autofree char *text = view_values(r, rec, *path);
		if (text)
			json_array_append_new(tags, json_string(text));
	}
	const char *grade = json_string_value(json_object_get(rec->body, "evidence_grade"));
	if (grade) {
		g_autofree char *text = view_message(language_text(l, "evidence {grade}"), "grade", grade, NULL);
		json_array_append_new(tags, json_string(text));
	}
	json_object_set_new(row, "tags", tags);
	if (compare)
		json_object_set_new(row, "compare", json_pack("{s:s, s:b}", "value", hit->id, "checked", 0));
	else
		json_object_set_new(row, "compare", json_null());
	return row;
}
