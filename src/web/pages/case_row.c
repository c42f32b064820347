#include <math.h>

#include "web/pages/case.h"

/* A figure with what it counts; FALSE: it has no value, or does not say of what. */
static gboolean fact_of(const request *r, const view_amount *amount, const char *stated, gint64 year, list_fact *fact)
{
	*fact = (list_fact){ 0 };
	fact->value = stated ? view_amount_text(r, amount, &fact->unit) : NULL;
	fact->label = fact->value ? view_dated(r, stated, year) : NULL;
	return fact->value != NULL;
}

gboolean case_fact_of(const request *r, const json_t *result, list_fact *fact)
{
	const view_amount amount = view_amount_of(result, "value");
	return fact_of(r, &amount, json_string_value(json_object_get(result, "as_stated")), json_integer_value(json_object_get(result, "year")), fact);
}

/* The same of the one result that stands in a brief. */
static gboolean lead_fact_of(const request *r, const canonical_leaf *brief, list_fact *fact)
{
	const canonical_leaf *value = canonical_leaf_at(brief, "results.value"), *year = canonical_leaf_at(brief, "results.year");
	const view_amount amount = { .value = value && !value->text ? value->number : NAN, .unit = canonical_leaf_text(brief, "results.unit"),
		.unit_as_stated = canonical_leaf_text(brief, "results.unit_as_stated") };
	return fact_of(r, &amount, canonical_leaf_text(brief, "results.as_stated"), year ? (gint64)year->number : 0, fact);
}

static const char *place(const request *r, const char *country, const char *area)
{
	const char *name = country ? language_country_name(request_language(r), country) : NULL;
	if (country && !name)
		name = country;
	return name && area ? pool_join(request_pool(r), name, ", ", area, NULL) : view_copy(r, name ? name : area ? area : "");
}

const char *case_place(const request *r, const json_t *body)
{
	return place(r, json_string_value(json_object_get(body, "country")), json_string_value(json_object_get(body, "admin_area")));
}

list_row case_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const canonical_leaf *brief = hit->brief;
	const list_row row = list_row_add(rows, r, hit, place(r, canonical_leaf_text(brief, "country"), canonical_leaf_text(brief, "admin_area")));
	list_fact fact;
	if (lead_fact_of(r, brief, &fact))
		list_row_fact(row, fact);
	list_row_tag(row, view_brief_values(r, hit, "commodities"));
	list_row_tag(row, view_brief_values(r, hit, "stage"));
	const char *grade = canonical_leaf_text(brief, "evidence_grade");
	if (grade)
		list_row_tag(row, view_own(r, view_message(request_text(r, "evidence {grade}"), "grade", grade, NULL)));
	return row;
}
