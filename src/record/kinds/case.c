#include "record/kinds/case.h"

#include "record/kinds/fields.h"

static const field practice_fields[] = {
	{ .name = "name", .label = N_("Practice"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("What was done, in a few words of the case.") },
	{ .name = "detail", .label = N_("How"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("How it was done here.") },
	{ .name = "practice", .label = N_("Technique"), .type = FIELD_REF, .of = "practice", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET,
	  .help = N_("The techniques of the compilation it belongs to: by subject, not by success.") },
	FIELDS_END,
};

static const field result_fields[] = {
	{ .name = "indicator", .label = N_("Indicator"), .type = FIELD_TERM, .of = "indicators", .flags = FIELD_FACET, .help = N_("Standard name of what is measured.") },
	{ .name = "as_stated", .label = N_("Indicator as stated"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_BRIEF, .search = SEARCH_BODY, .help = N_("What is measured, in the words of the case.") },
	{ .name = "value", .label = N_("Value"), .type = FIELD_NUMBER, .flags = FIELD_REQUIRED | FIELD_BRIEF, .help = N_("The figure as stated, in the unit beside it.") },
	{ .name = "unit", .label = N_("Unit"), .type = FIELD_TERM, .flags = FIELD_BRIEF, .of = "units", .help = N_("Standard unit of the value.") },
	{ .name = "unit_as_stated", .label = N_("Unit as stated"), .type = FIELD_LINE, .flags = FIELD_BRIEF, .help = N_("The unit in the words of the source, where they differ.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .flags = FIELD_BRIEF, .help = N_("Year the figure is for; left out if the source does not say.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .flags = FIELD_REQUIRED, .help = N_("Number of the source that gives the figure.") },
	FIELDS_END,
};

static const field use_fields[] = {
	{ .name = "use", .label = N_("Post-mining land use"), .type = FIELD_TERM, .of = "post-mining-uses", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("Standard class of the use.") },
	{ .name = "as_stated", .label = N_("Use as stated"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("The use in the words of the case.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("Place and point of the case in one line.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("40 to 80 words: what was wrong, what was done, how it stands.") },
	{ .name = "themes", .label = N_("Theme"), .type = FIELD_TERM, .of = "themes", .flags = FIELD_REQUIRED | FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Themes of the compilation the case belongs to.") },
	{ .name = "country", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_REQUIRED | FIELD_FACET | FIELD_BRIEF, .help = N_("Where the land lies.") },
	{ .name = "admin_area", .label = N_("State, province or district"), .type = FIELD_LINE, .flags = FIELD_BRIEF, .search = SEARCH_BODY, .help = N_("Administrative area inside the country.") },
	{ .name = "latitude", .label = N_("Latitude"), .type = FIELD_NUMBER, .unit = "deg", .minimum = -90, .maximum = 90, .help = N_("WGS 84, north positive.") },
	{ .name = "longitude", .label = N_("Longitude"), .type = FIELD_NUMBER, .unit = "deg", .minimum = -180, .maximum = 180, .help = N_("WGS 84, east positive.") },
	{ .name = "location_precision", .label = N_("Precision of the location"), .type = FIELD_TERM, .of = "location-precisions", .help = N_("How exact the point is.") },
	{ .name = "organisations", .label = N_("Organisations"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = organisation_role_fields, .help = N_("Who led, operated, paid, studied, regulated, lived there.") },
	{ .name = "commodities", .label = N_("Commodity"), .type = FIELD_TERM, .of = "commodities", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET | FIELD_BRIEF, .help = N_("What was or is mined.") },
	{ .name = "commodities_as_stated", .label = N_("Commodities as stated"), .type = FIELD_LINE, .flags = FIELD_REPEATED | FIELD_UNIQUE, .search = SEARCH_BODY, .help = N_("The commodities in the words of the case, where they differ.") },
	{ .name = "mine_types", .label = N_("Mine type"), .type = FIELD_TERM, .of = "mine-types", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("How it was mined and what was left.") },
	{ .name = "stage", .label = N_("Stage"), .type = FIELD_TERM, .of = "stages", .flags = FIELD_FACET | FIELD_BRIEF, .help = N_("Where the mine stands in its life.") },
	{ .name = "biome", .label = N_("Biome"), .type = FIELD_TERM, .of = "biomes", .flags = FIELD_FACET, .help = N_("Broad class of ecosystem.") },
	{ .name = "biome_as_stated", .label = N_("Ecosystem as stated"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("The ecosystem in the words of the case.") },
	{ .name = "start_year", .label = N_("Start year"), .type = FIELD_YEAR, .flags = FIELD_BRIEF | FIELD_FACET | FIELD_SORT, .help = N_("Year the restoration work began.") },
	{ .name = "end_year", .label = N_("End year"), .type = FIELD_YEAR, .flags = FIELD_BRIEF, .help = N_("Year it ended; left out while it goes on or if unknown.") },
	{ .name = "challenge", .label = N_("Challenge"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What was wrong with the land, and what made it hard.") },
	{ .name = "practices", .label = N_("Practices"), .type = FIELD_GROUP, .flags = FIELD_REQUIRED | FIELD_REPEATED, .fields = practice_fields, .help = N_("What was done, step by step.") },
	{ .name = "results", .label = N_("Results"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = result_fields, .help = N_("Figures, each with its source.") },
	{ .name = "costs", .label = N_("Costs"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = money_fields, .help = N_("What it cost, each amount with its source.") },
	{ .name = "lessons", .label = N_("Lessons"), .type = FIELD_TEXT, .flags = FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("What others can learn from it.") },
	{ .name = "limits", .label = N_("What did not work"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("What did not work, criticism, open questions. Required: failures rank with successes.") },
	{ .name = "post_mining_land_uses", .label = N_("Post-mining land uses"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = use_fields, .help = N_("What the land is used for, or meant for, afterwards.") },
	{ .name = "ldn_response", .label = N_("LDN response"), .type = FIELD_TERM, .of = "ldn-responses", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Which responses of land degradation neutrality the case shows.") },
	{ .name = "evidence_grade", .label = N_("Evidence grade"), .type = FIELD_TERM, .of = "evidence-grades", .flags = FIELD_REQUIRED | FIELD_FACET | FIELD_SORT | FIELD_BRIEF, .help = N_("How well the results are supported.") },
	{ .name = "sites", .label = N_("Sites"), .type = FIELD_REF, .of = "site", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("Mapped sites the case is about.") },
	FIELD_SOURCES(FIELD_REQUIRED),
	FIELDS_END,
};

static void years_in_order(const json_t *body, GPtrArray *faults)
{
	check_order(body, "", "start_year", "end_year", faults);
}

const char *const case_land_indicators[] = {
	"area-rehabilitated", "area-revegetated", "area-certified-released-or-handed-over", "area-technically-rehabilitated", "area-of-lake-or-wetland", NULL,
};

gboolean case_is_land(const json_t *result)
{
	const char *unit = json_string_value(json_object_get(result, "unit")), *indicator = json_string_value(json_object_get(result, "indicator"));
	return indicator && g_strcmp0(unit, "ha") == 0 && g_strv_contains(case_land_indicators, indicator);
}

/* Hectares brought back before other hectares, these before a share, a share before any other. */
static int rank_result(const json_t *result)
{
	const char *unit = json_string_value(json_object_get(result, "unit"));
	if (!json_is_number(json_object_get(result, "value")))
		return -1;
	return case_is_land(result) ? 3 : g_strcmp0(unit, "ha") == 0 ? 2 : g_strcmp0(unit, "%") == 0 ? 1 : 0;
}

static const check checks[] = { { N_("The end year is not before the start year."), years_in_order }, CHECK_POINT, { NULL, NULL } };

const kind kind_case = {
	.name = "case", .plural = "cases", .label = N_("Case study"), .label_plural = N_("Case studies"),
	.help = N_("A case study of the compilation: what was wrong, what was done, what came of it, with figures and their sources."),
	.fields = fields, .checks = checks, .title = "title", .summary = "summary", .longitude = "longitude", .latitude = "latitude", .country = "country",
	.lead = "results", .lead_rank = rank_result,
};
