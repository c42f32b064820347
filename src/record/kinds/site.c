#include "record/kinds/fields.h"

static const field permit_fields[] = {
	{ .name = "number", .label = N_("Number"), .type = FIELD_LINE, .search = SEARCH_TITLE, .help = N_("Number of the permit in its register.") },
	{ .name = "holder", .label = N_("Holder"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Who holds the permit, as the register names it.") },
	{ .name = "authority", .label = N_("Authority"), .type = FIELD_LINE, .help = N_("Who issued it.") },
	{ .name = "status", .label = N_("Status"), .type = FIELD_TERM, .of = "permit-states", .flags = FIELD_FACET, .help = N_("Where it stands, in broad classes.") },
	{ .name = "status_as_stated", .label = N_("Status as stated"), .type = FIELD_LINE, .help = N_("Where it stands, in the words of the register.") },
	{ .name = "issued", .label = N_("Issued"), .type = FIELD_DATE, .help = N_("When it was issued.") },
	{ .name = "expires", .label = N_("Expires"), .type = FIELD_DATE, .help = N_("When it ends.") },
	{ .name = "as_of", .label = N_("As of"), .type = FIELD_DATE, .help = N_("Date of the register the figures were taken from.") },
	{ .name = "area_unit", .label = N_("Unit of areas"), .type = FIELD_TERM, .of = "units", .help = N_("Unit in which the register counts areas: acre or ha.") },
	{ .name = "area_permitted", .label = N_("Area permitted"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e9, .help = N_("In the unit of areas.") },
	{ .name = "area_disturbed", .label = N_("Area disturbed"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e9, .help = N_("In the unit of areas.") },
	{ .name = "area_reclaimed", .label = N_("Area reclaimed"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e9, .help = N_("In the unit of areas.") },
	{ .name = "bond_status", .label = N_("Bond status"), .type = FIELD_TERM, .of = "bond-states", .flags = FIELD_FACET, .help = N_("What became of the money that secures reclamation.") },
	{ .name = "bond_full", .label = N_("Full bond"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e12, .help = N_("Amount required, in the bond's currency.") },
	{ .name = "bond_available", .label = N_("Available bond"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e12, .help = N_("Amount still held, in the bond's currency.") },
	{ .name = "bond_currency", .label = N_("Currency of the bond"), .type = FIELD_TERM, .of = "currencies", .help = N_("ISO 4217 code.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .flags = FIELD_REQUIRED, .help = N_("Number of the source that holds the register's entry.") },
	FIELDS_END,
};

static const field use_fields[] = {
	{ .name = "use", .label = N_("Post-mining land use"), .type = FIELD_TERM, .of = "post-mining-uses", .flags = FIELD_FACET, .help = N_("Standard class of the use.") },
	{ .name = "as_stated", .label = N_("Use as stated"), .type = FIELD_LINE, .help = N_("The use in the words of the source.") },
	FIELDS_END,
};

static const field identifier_fields[] = {
	{ .name = "scheme", .label = N_("Register"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("Whose identifier it is.") },
	{ .name = "value", .label = N_("Identifier"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_TITLE, .help = N_("The identifier in that register.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "name", .label = N_("Name"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("Name of the mine or restored area.") },
	{ .name = "aliases", .label = N_("Also called"), .type = FIELD_LINE, .flags = FIELD_REPEATED | FIELD_UNIQUE, .search = SEARCH_TITLE, .help = N_("Other names and spellings.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .search = SEARCH_SUMMARY, .help = N_("What the site is, in two or three sentences.") },
	{ .name = "country", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("Where it lies.") },
	{ .name = "admin_area", .label = N_("State, province or district"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Administrative area inside the country.") },
	{ .name = "geometry", .label = N_("Boundary"), .type = FIELD_GEOMETRY, .help = N_("Polygon or polygons of the site, WGS 84.") },
	{ .name = "boundary_as_of", .label = N_("Boundary as of"), .type = FIELD_DATE, .help = N_("Date for which the boundary was drawn.") },
	{ .name = "latitude", .label = N_("Latitude"), .type = FIELD_NUMBER, .unit = "deg", .minimum = -90, .maximum = 90, .help = N_("Of an approximate point, where no boundary is known. WGS 84, north positive.") },
	{ .name = "longitude", .label = N_("Longitude"), .type = FIELD_NUMBER, .unit = "deg", .minimum = -180, .maximum = 180, .help = N_("Of an approximate point, where no boundary is known. WGS 84, east positive.") },
	{ .name = "location_precision", .label = N_("Precision of the location"), .type = FIELD_TERM, .of = "location-precisions", .flags = FIELD_FACET, .help = N_("How exact the point is.") },
	{ .name = "operator", .label = N_("Operator"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_FACET, .help = N_("Who operates the mine or answers for the land.") },
	{ .name = "organisations", .label = N_("Organisations"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = organisation_role_fields, .help = N_("Owners, operators and others, as sources name them.") },
	{ .name = "commodities", .label = N_("Commodity"), .type = FIELD_TERM, .of = "commodities", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("What was or is mined.") },
	{ .name = "commodities_as_stated", .label = N_("Commodities as stated"), .type = FIELD_LINE, .flags = FIELD_REPEATED | FIELD_UNIQUE, .search = SEARCH_BODY, .help = N_("The commodities in the words of the source, where they differ.") },
	{ .name = "mine_types", .label = N_("Mine type"), .type = FIELD_TERM, .of = "mine-types", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("How it was mined and what was left.") },
	{ .name = "stage", .label = N_("Stage"), .type = FIELD_TERM, .of = "stages", .flags = FIELD_FACET, .help = N_("Where the mine stands in its life.") },
	{ .name = "land", .label = N_("Land class"), .type = FIELD_TERM, .of = "land-classes", .flags = FIELD_FACET, .help = N_("Operational, legacy or beyond the footprint.") },
	{ .name = "duty", .label = N_("Duty"), .type = FIELD_TERM, .of = "duty-classes", .flags = FIELD_FACET, .help = N_("Whether law or permit obliges somebody to rehabilitate it.") },
	{ .name = "biome", .label = N_("Biome"), .type = FIELD_TERM, .of = "biomes", .flags = FIELD_FACET, .help = N_("Broad class of ecosystem.") },
	{ .name = "opening_year", .label = N_("Opening year"), .type = FIELD_YEAR, .flags = FIELD_BRIEF, .help = N_("Year the mine opened.") },
	{ .name = "disturbed_from", .label = N_("Disturbed from"), .type = FIELD_YEAR, .flags = FIELD_BRIEF | FIELD_FACET, .help = N_("First year of disturbance.") },
	{ .name = "disturbed_until", .label = N_("Disturbed until"), .type = FIELD_YEAR, .help = N_("Last year of disturbance; left out while it goes on.") },
	{ .name = "restored_from", .label = N_("Restored from"), .type = FIELD_YEAR, .flags = FIELD_BRIEF | FIELD_FACET, .help = N_("Year restoration began.") },
	{ .name = "restored_until", .label = N_("Restored until"), .type = FIELD_YEAR, .flags = FIELD_BRIEF, .help = N_("Year restoration works ended.") },
	{ .name = "reference_geometry", .label = N_("Reference area"), .type = FIELD_GEOMETRY, .help = N_("Undisturbed land of the same kind, against which recovery is measured. WGS 84.") },
	{ .name = "reference_note", .label = N_("Why this reference"), .type = FIELD_TEXT, .help = N_("Why the reference area is like what the site was or is to become.") },
	{ .name = "figures", .label = N_("Figures"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = figure_fields, .help = N_("Areas and other figures that sources state, each with its source. The mapped area is computed.") },
	{ .name = "permits", .label = N_("Permits"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = permit_fields, .help = N_("Permits and bonds, as public registers hold them.") },
	{ .name = "post_mining_land_uses", .label = N_("Post-mining land uses"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = use_fields, .help = N_("What the land is used for, or meant for, afterwards.") },
	{ .name = "identifiers", .label = N_("Identifiers"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = identifier_fields, .help = N_("What other registers call it.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void years_in_order(const json_t *body, GPtrArray *faults)
{
	check_order(body, "", "disturbed_from", "disturbed_until", faults);
	check_order(body, "", "restored_from", "restored_until", faults);
}

static void permits_whole(const json_t *body, GPtrArray *faults)
{
	const json_t *permits = json_object_get(body, "permits"), *permit;
	gsize i;
	json_array_foreach(permits, i, permit) {
		g_autofree char *at = g_strdup_printf("/permits/%" G_GSIZE_FORMAT, i);
		check_dates(permit, at, "issued", "expires", faults);
		check_needs(permit, at, "area_permitted", "area_unit", faults);
		check_needs(permit, at, "area_disturbed", "area_unit", faults);
		check_needs(permit, at, "area_reclaimed", "area_unit", faults);
		check_needs(permit, at, "bond_full", "bond_currency", faults);
		check_needs(permit, at, "bond_available", "bond_currency", faults);
	}
}

static void placed(const json_t *body, GPtrArray *faults)
{
	if (!json_object_get(body, "geometry") && !json_object_get(body, "latitude") && !json_object_get(body, "longitude"))
		fault_add(faults, "/geometry", _("the site has no place"), _("Give its boundary, or longitude and latitude of an approximate point."));
}

static const check checks[] = {
	{ N_("A site has a boundary or an approximate point."), placed },
	CHECK_POINT,
	{ N_("Disturbance and restoration do not end before they begin."), years_in_order },
	{ N_("Areas of a permit have a unit, bonds a currency, and a permit does not end before it is issued."), permits_whole },
	{ NULL, NULL },
};

const kind kind_site = {
	.name = "site", .plural = "sites", .label = N_("Site"), .label_plural = N_("Sites"),
	.help = N_("A mine or restored area on the map: what pledges promise for, and what is measured."),
	.fields = fields, .checks = checks, .title = "name", .summary = "summary", .longitude = "longitude", .latitude = "latitude", .geometry = "geometry", .country = "country",
};
