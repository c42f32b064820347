#include "record/kinds/fields.h"

static const field membership_fields[] = {
	{ .name = "role", .label = N_("Coalition role"), .type = FIELD_TERM, .of = "membership-roles", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("How it belongs to the coalition.") },
	{ .name = "since", .label = N_("Since"), .type = FIELD_DATE, .help = N_("Day, month or year it joined.") },
	{ .name = "until", .label = N_("Until"), .type = FIELD_DATE, .help = N_("Day, month or year it left.") },
	{ .name = "charter_signed_on", .label = N_("Charter signed on"), .type = FIELD_DATE, .help = N_("Date of its signature under the charter.") },
	FIELDS_END,
};

static const field link_fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("What the link leads to.") },
	{ .name = "url", .label = N_("Address"), .type = FIELD_URL, .flags = FIELD_REQUIRED, .help = N_("Absolute web address.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "name", .label = N_("Name"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("The name it goes by, in English where it has one.") },
	{ .name = "aliases", .label = N_("Also called"), .type = FIELD_LINE, .flags = FIELD_REPEATED | FIELD_UNIQUE, .search = SEARCH_TITLE, .help = N_("Other names and spellings that sources use.") },
	{ .name = "kind", .label = N_("Kind"), .type = FIELD_TERM, .of = "organisation-kinds", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("What it is.") },
	{ .name = "country", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_FACET, .help = N_("Where it has its seat; left out for bodies of several states.") },
	{ .name = "parent", .label = N_("Part of"), .type = FIELD_REF, .of = "organisation", .help = N_("The organisation that owns or contains it.") },
	{ .name = "group", .label = N_("Unnamed group"), .type = FIELD_YESNO, .flags = FIELD_FACET, .help = N_("Yes if the record stands for a group whose members the source does not name.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .search = SEARCH_SUMMARY, .help = N_("What it does, in two or three sentences.") },
	{ .name = "website", .label = N_("Website"), .type = FIELD_URL, .help = N_("Its own site.") },
	{ .name = "membership", .label = N_("Coalition membership"), .type = FIELD_GROUP, .fields = membership_fields, .help = N_("Membership of the coalition of mining leaders.") },
	{ .name = "links", .label = N_("Links"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = link_fields, .help = N_("Reports, registers and other pages about it.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void membership_in_order(const json_t *body, GPtrArray *faults)
{
	check_dates(json_object_get(body, "membership"), "/membership", "since", "until", faults);
}

static const check checks[] = { { N_("Membership does not end before it begins."), membership_in_order }, { NULL, NULL } };

const kind kind_organisation = {
	.name = "organisation", .plural = "organisations", .label = N_("Organisation"), .label_plural = N_("Organisations"),
	.help = N_("A company, authority, research body, NGO, community or financier that records name."),
	.fields = fields, .checks = checks, .title = "name", .summary = "summary", .country = "country",
};
