#include "record/kinds/fields.h"

static const field need_fields[] = {
	{ .name = "kind", .label = N_("Need"), .type = FIELD_TERM, .of = "needs", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("What is sought.") },
	{ .name = "what", .label = N_("What"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("In a few words.") },
	{ .name = "finance", .label = N_("Kind of finance"), .type = FIELD_TERM, .of = "finance-kinds", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("Kinds of finance that would suit.") },
	{ .name = "amount", .label = N_("Amount"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e15, .help = N_("How much money, in full units of the currency.") },
	{ .name = "currency", .label = N_("Currency"), .type = FIELD_TERM, .of = "currencies", .help = N_("ISO 4217 code.") },
	{ .name = "by", .label = N_("By"), .type = FIELD_DATE, .help = N_("When it is needed.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("The project in one line.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("What is to be done and what will come of it.") },
	{ .name = "organisations", .label = N_("Organisations"), .type = FIELD_GROUP, .flags = FIELD_REQUIRED | FIELD_REPEATED, .fields = organisation_role_fields, .help = N_("Who leads and who takes part.") },
	{ .name = "sites", .label = N_("Sites"), .type = FIELD_REF, .of = "site", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("Mapped sites it restores.") },
	{ .name = "country", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("Where it lies.") },
	{ .name = "latitude", .label = N_("Latitude"), .type = FIELD_NUMBER, .unit = "deg", .minimum = -90, .maximum = 90, .help = N_("WGS 84, north positive.") },
	{ .name = "longitude", .label = N_("Longitude"), .type = FIELD_NUMBER, .unit = "deg", .minimum = -180, .maximum = 180, .help = N_("WGS 84, east positive.") },
	{ .name = "area", .label = N_("Area"), .type = FIELD_NUMBER, .unit = "ha", .minimum = 0, .maximum = 1e9, .flags = FIELD_SORT, .help = N_("Hectares it is to restore.") },
	{ .name = "stage", .label = N_("Stage"), .type = FIELD_TERM, .of = "project-stages", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("How far it is.") },
	{ .name = "land", .label = N_("Land class"), .type = FIELD_TERM, .of = "land-classes", .flags = FIELD_FACET, .help = N_("Operational, legacy or beyond the footprint.") },
	{ .name = "duty", .label = N_("Duty"), .type = FIELD_TERM, .of = "duty-classes", .flags = FIELD_FACET, .help = N_("Whether law or permit obliges somebody to do it.") },
	{ .name = "themes", .label = N_("Theme"), .type = FIELD_TERM, .of = "themes", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Themes of the compilation it serves.") },
	{ .name = "practices", .label = N_("Techniques"), .type = FIELD_REF, .of = "practice", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Techniques it means to use.") },
	{ .name = "post_mining_land_uses", .label = N_("Post-mining land use"), .type = FIELD_TERM, .of = "post-mining-uses", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("What the land is to be used for.") },
	{ .name = "target", .label = N_("LDN target"), .type = FIELD_REF, .of = "target", .help = N_("National target it serves.") },
	{ .name = "start_year", .label = N_("Start year"), .type = FIELD_YEAR, .flags = FIELD_BRIEF | FIELD_FACET, .help = N_("Year the works begin.") },
	{ .name = "end_year", .label = N_("End year"), .type = FIELD_YEAR, .flags = FIELD_BRIEF, .help = N_("Year they end.") },
	{ .name = "cost", .label = N_("Cost"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e15, .help = N_("Whole cost, in full units of the currency.") },
	{ .name = "currency", .label = N_("Currency"), .type = FIELD_TERM, .of = "currencies", .help = N_("ISO 4217 code.") },
	{ .name = "needs", .label = N_("Needs"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = need_fields, .help = N_("What it seeks: finance, technology, expertise, policy, land, seed, partners.") },
	{ .name = "contact", .label = N_("Contact"), .type = FIELD_URL, .help = N_("Page through which the project can be reached.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void needs_whole(const json_t *body, GPtrArray *faults)
{
	const json_t *needs = json_object_get(body, "needs"), *need;
	gsize i;
	json_array_foreach(needs, i, need) {
		g_autofree char *at = g_strdup_printf("/needs/%" G_GSIZE_FORMAT, i);
		check_needs(need, at, "amount", "currency", faults);
	}
	check_needs(body, "", "cost", "currency", faults);
}

static void years_in_order(const json_t *body, GPtrArray *faults)
{
	check_order(body, "", "start_year", "end_year", faults);
}

static const check checks[] = {
	{ N_("Money has a currency."), needs_whole },
	{ N_("The end year is not before the start year."), years_in_order },
	CHECK_POINT,
	{ NULL, NULL },
};

const kind kind_project = {
	.name = "project", .plural = "projects", .label = N_("Project"), .label_plural = N_("Projects"),
	.help = N_("A restoration project that seeks money or partners."),
	.fields = fields, .checks = checks, .title = "title", .summary = "summary", .longitude = "longitude", .latitude = "latitude", .country = "country",
};
