#include <string.h>

#include "web/pages/case.h"

gboolean case_fact_of(const request *r, const json_t *result, list_fact *fact)
{
	const char *stated = json_string_value(json_object_get(result, "as_stated"));
	char *unit = NULL, *value = stated ? view_quantity_text(r, result, "value", &unit) : NULL;
	if (value)
		*fact = (list_fact){ value, unit, view_dated(stated, json_object_get(result, "year")) };
	else
		g_free(unit);
	return value != NULL;
}

char *case_place(const request *r, const json_t *body)
{
	const char *country = json_string_value(json_object_get(body, "country")), *area = json_string_value(json_object_get(body, "admin_area"));
	const char *name = country ? language_country_name(request_language(r), country) : NULL;
	if (country && !name)
		name = country;
	return name && area ? g_strconcat(name, ", ", area, NULL) : g_strdup(name ? name : area ? area : "");
}

list_row case_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const record *rec = hit->record;
	const json_t *lead = kind_lead(rec->kind, rec->body);
	const list_row row = list_row_add(rows, r, hit, case_place(r, rec->body));
	list_fact fact;
	if (lead && case_fact_of(r, lead, &fact))
		list_row_fact(row, fact);
	list_row_tag(row, view_values(r, rec, "commodities"));
	list_row_tag(row, view_values(r, rec, "stage"));
	const char *grade = json_string_value(json_object_get(rec->body, "evidence_grade"));
	if (grade)
		list_row_tag(row, view_message(request_text(r, "evidence {grade}"), "grade", grade, NULL));
	return row;
}
