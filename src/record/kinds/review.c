#include "record/kinds/fields.h"

static const field reply_fields[] = {
	{ .name = "organisation", .label = N_("Organisation"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REQUIRED, .help = N_("Who replies.") },
	{ .name = "made_on", .label = N_("Made on"), .type = FIELD_DATE, .flags = FIELD_REQUIRED, .help = N_("Date of the reply.") },
	{ .name = "text", .label = N_("Reply"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("The reply in full.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("The finding in one line.") },
	{ .name = "case", .label = N_("Case study"), .type = FIELD_REF, .of = "case", .help = N_("The case it is about.") },
	{ .name = "pledge", .label = N_("Pledge"), .type = FIELD_REF, .of = "pledge", .help = N_("The pledge it is about.") },
	{ .name = "progress", .label = N_("Progress report"), .type = FIELD_REF, .of = "progress", .help = N_("The report it is about.") },
	{ .name = "measurement", .label = N_("Measurement"), .type = FIELD_REF, .of = "measurement", .help = N_("The measurement it is about.") },
	{ .name = "where", .label = N_("Where"), .type = FIELD_LINE, .help = N_("JSON pointer to the claim in that record, such as /results/0/value.") },
	{ .name = "reviewer", .label = N_("Reviewer"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("The organisation that reviews.") },
	{ .name = "role", .label = N_("Role"), .type = FIELD_TERM, .of = "reviewer-roles", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("In what capacity.") },
	{ .name = "made_on", .label = N_("Made on"), .type = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_SORT, .help = N_("Date of the finding.") },
	{ .name = "finding", .label = N_("Finding"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("What was found, and how.") },
	{ .name = "severity", .label = N_("Severity"), .type = FIELD_TERM, .of = "severities", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("How much it weighs.") },
	{ .name = "evidence", .label = N_("Kind of evidence"), .type = FIELD_TERM, .of = "evidence-kinds", .flags = FIELD_FACET, .help = N_("What it rests on.") },
	{ .name = "grade", .label = N_("Evidence grade"), .type = FIELD_TERM, .of = "evidence-grades", .help = N_("The grade the reviewer gives the case.") },
	{ .name = "counts_towards_target", .label = N_("Counts towards the LDN target"), .type = FIELD_YESNO, .help = N_("A focal point's answer: confirmed or disputed.") },
	{ .name = "conflict_of_interest", .label = N_("Conflict of interest"), .type = FIELD_TEXT, .help = N_("What the reviewer declares; left out if there is nothing to declare.") },
	{ .name = "state", .label = N_("State"), .type = FIELD_TERM, .of = "finding-states", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("What became of it.") },
	{ .name = "replies", .label = N_("Replies"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = reply_fields, .help = N_("Dated replies; nothing is deleted, only answered.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void about_one_record(const json_t *body, GPtrArray *faults)
{
	static const char *const subjects[] = { "case", "pledge", "progress", "measurement" };
	int n = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
		n += json_object_get(body, subjects[i]) != NULL;
	if (n != 1)
		fault_add(faults, "", n ? _("the finding is about several records") : _("the finding is about nothing"), _("Name one case, pledge, progress report or measurement."));
}

static void replies_follow(const json_t *body, GPtrArray *faults)
{
	const json_t *replies = json_object_get(body, "replies"), *reply;
	gsize i;
	json_array_foreach(replies, i, reply) {
		json_auto_t *both = json_pack("{s:O?, s:O?}", "finding", json_object_get(body, "made_on"), "made_on", json_object_get(reply, "made_on"));
		g_autofree char *at = g_strdup_printf("/replies/%" G_GSIZE_FORMAT, i);
		check_dates(both, at, "finding", "made_on", faults);
	}
	if (json_array_size(replies) == 0 && g_strcmp0(json_string_value(json_object_get(body, "state")), "answered") == 0)
		fault_add(faults, "/state", _("the finding counts as answered but has no reply"), _("Add the reply, or set the state to open."));
}

static const check checks[] = {
	{ N_("A finding is about one case, pledge, progress report or measurement."), about_one_record },
	{ N_("A reply is not older than the finding; an answered finding has a reply."), replies_follow },
	{ NULL, NULL },
};

const kind kind_review = {
	.name = "review", .plural = "reviews", .label = N_("Finding"), .label_plural = N_("Findings"),
	.help = N_("What a reviewer, focal point or accredited observer found, with the replies to it."),
	.fields = fields, .checks = checks, .title = "title", .summary = "finding",
};
