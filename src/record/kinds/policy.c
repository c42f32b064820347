#include "record/kinds/fields.h"

static const field fields[] = {
	{ .name = "name", .label = N_("Name"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("Name of the law, rule, incentive or programme.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("What it asks or offers, in two or three sentences.") },
	{ .name = "country", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_FACET, .help = N_("Whose it is; left out for rules of a union of states or of the world.") },
	{ .name = "jurisdiction", .label = N_("Jurisdiction"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("National, or the state, province or union it applies to.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .flags = FIELD_FACET | FIELD_SORT, .help = N_("Year it was made.") },
	{ .name = "in_force_since", .label = N_("In force since"), .type = FIELD_DATE, .help = N_("When it took effect.") },
	{ .name = "in_force_until", .label = N_("In force until"), .type = FIELD_DATE, .help = N_("When it ended or was replaced.") },
	{ .name = "kinds", .label = N_("Kind"), .type = FIELD_TERM, .of = "policy-kinds", .flags = FIELD_REQUIRED | FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("What it does.") },
	{ .name = "mechanism", .label = N_("How it works"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("The mechanism, step by step.") },
	{ .name = "figures", .label = N_("Figures"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = figure_fields, .help = N_("Rates, sums and counts, each with its source.") },
	{ .name = "effects", .label = N_("Observed effects"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What has been observed since.") },
	FIELD_SOURCES(FIELD_REQUIRED),
	FIELDS_END,
};

static void force_in_order(const json_t *body, GPtrArray *faults)
{
	check_dates(body, "", "in_force_since", "in_force_until", faults);
}

static const check checks[] = { { N_("A policy does not end before it takes effect."), force_in_order }, { NULL, NULL } };

const kind kind_policy = {
	.name = "policy", .plural = "policies", .label = N_("Policy"), .label_plural = N_("Policies"),
	.help = N_("A law, rule, incentive or programme on mine closure, rehabilitation or post-mining land use."),
	.fields = fields, .checks = checks, .title = "name", .summary = "summary", .country = "country",
};
