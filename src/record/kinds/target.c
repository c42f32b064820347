#include "record/kinds/fields.h"

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("The target in one line.") },
	{ .name = "statement", .label = N_("Statement"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("The target as the country set it, retold.") },
	{ .name = "country", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("Whose target it is.") },
	{ .name = "response", .label = N_("LDN response"), .type = FIELD_TERM, .of = "target-responses", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("Avoid, reduce, reverse, or the balance as a whole.") },
	{ .name = "area", .label = N_("Area"), .type = FIELD_NUMBER, .unit = "ha", .minimum = 0, .maximum = 2e9, .flags = FIELD_SORT, .help = N_("Hectares of the target, where it names an area.") },
	{ .name = "share", .label = N_("Share"), .type = FIELD_NUMBER, .unit = "%", .minimum = 0, .maximum = 1000, .help = N_("Share, where it names one; the statement says of what.") },
	{ .name = "source", .label = N_("Source of the figure"), .type = FIELD_SOURCE, .help = N_("Number of the source that gives area or share; left out where all sources of the record agree.") },
	{ .name = "baseline_year", .label = N_("Baseline year"), .type = FIELD_YEAR, .help = N_("Year against which it counts.") },
	{ .name = "target_year", .label = N_("Target year"), .type = FIELD_YEAR, .flags = FIELD_FACET | FIELD_SORT, .help = N_("Year by whose end it is to be reached.") },
	{ .name = "biomes", .label = N_("Types of land"), .type = FIELD_TERM, .of = "biomes", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("Which land it is about: like counts for like. Left out where the target names none.") },
	{ .name = "measures", .label = N_("Measures"), .type = FIELD_LINE, .flags = FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("What the country says it will do.") },
	{ .name = "mining_relevance", .label = N_("What it means for mining"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("Whether and how restored mine land can count.") },
	FIELD_SOURCES(FIELD_REQUIRED),
	FIELDS_END,
};

static void years_in_order(const json_t *body, GPtrArray *faults)
{
	check_order(body, "", "baseline_year", "target_year", faults);
}

static const check checks[] = { { N_("The target year is not before the baseline year."), years_in_order }, { NULL, NULL } };

const kind kind_target = {
	.name = "target", .plural = "targets", .label = N_("LDN target"), .label_plural = N_("LDN targets"),
	.help = N_("A country's voluntary national land degradation neutrality target or sub-target."),
	.fields = fields, .checks = checks, .title = "title", .summary = "statement", .country = "country",
};
