#include "record/kinds/fields.h"

#include <string.h>

#include "record/bounds.h"
#include "record/value.h"

const field source_fields[] = {
	{ .name = "n", .label = N_("Number"), .type = FIELD_COUNT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = LIMIT_SOURCES,
	  .help = N_("The number by which figures and texts of this record refer to the source.") },
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Title of the source, in its own language.") },
	{ .name = "publisher", .label = N_("Publisher"), .type = FIELD_LINE, .help = N_("Journal, authority, company or medium that published it.") },
	{ .name = "url", .label = N_("Address"), .type = FIELD_URL, .help = N_("Where it can be read.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .help = N_("Year of publication; left out if the source does not say.") },
	{ .name = "kind", .label = N_("Kind of source"), .type = FIELD_TERM, .of = "source-kinds", .flags = FIELD_REQUIRED,
	  .help = N_("Who stands behind it; figures are told apart by it wherever they are shown.") },
	FIELDS_END,
};

const field figure_fields[] = {
	{ .name = "what", .label = N_("What"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What the figure counts, in the words of the source.") },
	{ .name = "value", .label = N_("Value"), .type = FIELD_NUMBER, .flags = FIELD_REQUIRED, .help = N_("The figure as stated, in the unit beside it.") },
	{ .name = "unit", .label = N_("Unit"), .type = FIELD_TERM, .of = "units", .help = N_("Standard unit of the value.") },
	{ .name = "unit_as_stated", .label = N_("Unit as stated"), .type = FIELD_LINE, .help = N_("The unit in the words of the source, where they say more.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .help = N_("Year the figure is for.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .flags = FIELD_REQUIRED, .help = N_("Number of the source that gives the figure.") },
	FIELDS_END,
};

const field money_fields[] = {
	{ .name = "what", .label = N_("What"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What the money is for.") },
	{ .name = "amount", .label = N_("Amount"), .type = FIELD_NUMBER, .flags = FIELD_REQUIRED, .help = N_("Amount in full units of the currency, as stated.") },
	{ .name = "currency", .label = N_("Currency"), .type = FIELD_TERM, .of = "currencies", .flags = FIELD_REQUIRED, .help = N_("ISO 4217 code.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .help = N_("Year whose prices or accounts the amount is in.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .flags = FIELD_REQUIRED, .help = N_("Number of the source that gives the amount.") },
	FIELDS_END,
};

const field organisation_role_fields[] = {
	{ .name = "organisation", .label = N_("Organisation"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_FACET, .help = N_("Record of the organisation.") },
	{ .name = "as_stated", .label = N_("Name as stated"), .type = FIELD_LINE, .search = SEARCH_BODY,
	  .help = N_("The name in the words of the source; one phrase can name several organisations.") },
	{ .name = "role", .label = N_("Role"), .type = FIELD_TERM, .of = "organisation-roles", .help = N_("What the organisation does or did here.") },
	FIELDS_END,
};

gboolean body_number(const json_t *object, const char *name, double *value)
{
	const json_t *number = json_object_get(object, name);
	if (!json_is_number(number))
		return FALSE;
	*value = json_number_value(number);
	return TRUE;
}

void check_order(const json_t *object, const char *at, const char *earlier, const char *later, GPtrArray *faults)
{
	double first, last;
	if (!body_number(object, earlier, &first) || !body_number(object, later, &last) || first <= last)
		return;
	g_autofree char *pointer = g_strdup_printf("%s/%s", at, later);
	g_autofree char *message = g_strdup_printf(_("%s (%g) lies before %s (%g)"), later, last, earlier, first);
	g_autofree char *remedy = g_strdup_printf(_("Correct %s or %s."), earlier, later);
	fault_add(faults, pointer, message, remedy);
}

void check_dates(const json_t *object, const char *at, const char *earlier, const char *later, GPtrArray *faults)
{
	const char *first = json_string_value(json_object_get(object, earlier)), *last = json_string_value(json_object_get(object, later));
	if (!first || !last || !date_is_valid(first) || !date_is_valid(last) || strncmp(first, last, MIN(strlen(first), strlen(last))) <= 0)
		return;
	g_autofree char *pointer = g_strdup_printf("%s/%s", at, later);
	g_autofree char *message = g_strdup_printf(_("%s (%s) lies before %s (%s)"), later, last, earlier, first);
	g_autofree char *remedy = g_strdup_printf(_("Correct %s or %s."), earlier, later);
	fault_add(faults, pointer, message, remedy);
}

void check_needs(const json_t *object, const char *at, const char *member, const char *needed, GPtrArray *faults)
{
	if (!json_object_get(object, member) || json_object_get(object, needed))
		return;
	g_autofree char *pointer = g_strdup_printf("%s/%s", at, member);
	g_autofree char *message = g_strdup_printf(_("%s stands without %s"), member, needed);
	g_autofree char *remedy = g_strdup_printf(_("Add %s, or leave out %s."), needed, member);
	fault_add(faults, pointer, message, remedy);
}

void check_point(const json_t *body, GPtrArray *faults)
{
	check_needs(body, "", "longitude", "latitude", faults);
	check_needs(body, "", "latitude", "longitude", faults);
}
