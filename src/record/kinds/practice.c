#include "record/kinds/fields.h"

static const field fields[] = {
	{ .name = "name", .label = N_("Name"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("What the technique is called.") },
	{ .name = "category", .label = N_("Category"), .type = FIELD_TERM, .of = "practice-categories", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("The part of the work it belongs to.") },
	{ .name = "definition", .label = N_("Definition"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("What it is and how it works.") },
	{ .name = "works_when", .label = N_("Works when"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("Conditions under which it has worked.") },
	{ .name = "fails_when", .label = N_("Fails when"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("Conditions under which it has failed.") },
	{ .name = "also_called", .label = N_("Also called"), .type = FIELD_LINE, .flags = FIELD_REPEATED | FIELD_UNIQUE, .search = SEARCH_TITLE, .help = N_("Other names.") },
	{ .name = "themes", .label = N_("Theme"), .type = FIELD_TERM, .of = "themes", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Themes of the compilation it serves.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

const kind kind_practice = {
	.name = "practice", .plural = "practices", .label = N_("Practice"), .label_plural = N_("Practices"),
	.help = N_("A technique that cases use: what it is, when it works and when it fails."),
	.fields = fields, .title = "name", .summary = "definition",
};
