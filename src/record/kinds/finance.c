#include "record/kinds/fields.h"

static const field size_fields[] = {
	{ .name = "amount", .label = N_("Amount"), .type = FIELD_NUMBER, .flags = FIELD_REQUIRED, .minimum = 0, .maximum = 1e15, .help = N_("Amount in full units of the currency, as stated.") },
	{ .name = "currency", .label = N_("Currency"), .type = FIELD_TERM, .of = "currencies", .flags = FIELD_REQUIRED, .help = N_("ISO 4217 code.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .help = N_("Year the amount is for.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .flags = FIELD_REQUIRED, .help = N_("Number of the source that gives the amount.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "name", .label = N_("Name"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("Name of the fund, facility or instrument.") },
	{ .name = "kinds", .label = N_("Kind"), .type = FIELD_TERM, .of = "finance-kinds", .flags = FIELD_REQUIRED | FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("How it pays.") },
	{ .name = "providers", .label = N_("Provider"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Who pays or manages.") },
	{ .name = "provider_as_stated", .label = N_("Provider as stated"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Who pays or manages, in the words of the source.") },
	{ .name = "countries", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Where it pays.") },
	{ .name = "worldwide", .label = N_("Worldwide"), .type = FIELD_YESNO, .flags = FIELD_FACET, .help = N_("Yes if it is not bound to named countries.") },
	{ .name = "size", .label = N_("Size"), .type = FIELD_GROUP, .fields = size_fields, .help = N_("How much it holds or has paid.") },
	{ .name = "terms", .label = N_("Terms"), .type = FIELD_TEXT, .search = SEARCH_SUMMARY, .help = N_("On what terms it pays.") },
	{ .name = "eligibility", .label = N_("Eligibility"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("Who can have it, and for what.") },
	{ .name = "track_record", .label = N_("Track record"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What it has done, with figures.") },
	FIELD_SOURCES(FIELD_REQUIRED),
	FIELDS_END,
};

static void somewhere(const json_t *body, GPtrArray *faults)
{
	if (!json_object_get(body, "countries") && !json_is_true(json_object_get(body, "worldwide")))
		fault_add(faults, "/countries", _("the mechanism has no geography"), _("Name its countries, or set worldwide to true."));
}

static const check checks[] = { { N_("A mechanism names its countries or is worldwide."), somewhere }, { NULL, NULL } };

const kind kind_finance = {
	.name = "finance", .plural = "finance", .label = N_("Finance mechanism"), .label_plural = N_("Finance mechanisms"),
	.help = N_("A fund, facility or instrument that has paid or can pay for land restoration by or around mines."),
	.fields = fields, .checks = checks, .title = "name", .summary = "terms", .country = "countries",
};
