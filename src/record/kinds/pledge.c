#include "record/kinds/fields.h"
#include "record/value.h"

static const field target_fields[] = {
	{ .name = "metric", .label = N_("Metric"), .type = FIELD_TERM, .of = "pledge-metrics", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("What is promised.") },
	{ .name = "value", .label = N_("Value"), .type = FIELD_NUMBER, .help = N_("How much, in the unit beside it; left out if the pledge names no figure.") },
	{ .name = "unit", .label = N_("Unit"), .type = FIELD_TERM, .of = "units", .help = N_("Standard unit of the value.") },
	{ .name = "unit_as_stated", .label = N_("Unit as stated"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Unit or scope in the words of the pledge, where they say more.") },
	{ .name = "denominator", .label = N_("Denominator"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Of what: per hectare disturbed, available or held, of all quarries, of species found before mining.") },
	{ .name = "baseline_year", .label = N_("Baseline year"), .type = FIELD_YEAR, .help = N_("Year against which progress counts.") },
	{ .name = "baseline_value", .label = N_("Baseline value"), .type = FIELD_NUMBER, .help = N_("Value in the baseline year, in the unit of the target.") },
	{ .name = "target_year", .label = N_("Target year"), .type = FIELD_YEAR, .flags = FIELD_FACET, .help = N_("Year by whose end it is promised.") },
	{ .name = "deadline", .label = N_("Kind of deadline"), .type = FIELD_TERM, .of = "deadline-kinds", .flags = FIELD_FACET, .help = N_("Calendar year, closure of each mine, rolling, or none.") },
	{ .name = "land", .label = N_("Land class"), .type = FIELD_TERM, .of = "land-classes", .flags = FIELD_FACET, .help = N_("Which land it is about.") },
	{ .name = "action", .label = N_("Kind of action"), .type = FIELD_TERM, .of = "actions", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("What is done to the land.") },
	{ .name = "duty", .label = N_("Duty"), .type = FIELD_TERM, .of = "duty-classes", .flags = FIELD_FACET, .help = N_("Whether law or permit obliges the pledger anyway.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .help = N_("Number of the source that gives the figure; left out where all sources of the record agree.") },
	FIELDS_END,
};

static const field milestone_fields[] = {
	{ .name = "target", .label = N_("Target"), .type = FIELD_COUNT, .flags = FIELD_REQUIRED, .minimum = 1, .maximum = 100, .help = N_("Which target of this pledge, counted from 1.") },
	{ .name = "date", .label = N_("By"), .type = FIELD_DATE, .flags = FIELD_REQUIRED, .help = N_("When it is due.") },
	{ .name = "criterion", .label = N_("Criterion"), .type = FIELD_LINE, .help = N_("How one can tell that it is reached.") },
	{ .name = "value", .label = N_("Value"), .type = FIELD_NUMBER, .help = N_("How much by then, in the unit of the target.") },
	{ .name = "stage", .label = N_("Stage of land"), .type = FIELD_TERM, .of = "land-stages", .help = N_("The stage the land is to stand at by then.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .help = N_("Number of the source that names it.") },
	FIELDS_END,
};

static const field alignment_fields[] = {
	{ .name = "framework", .label = N_("Framework"), .type = FIELD_TERM, .of = "frameworks", .flags = FIELD_FACET, .help = N_("Public framework or standard.") },
	{ .name = "target", .label = N_("LDN target"), .type = FIELD_REF, .of = "target", .flags = FIELD_FACET, .help = N_("National target it says it counts towards.") },
	{ .name = "as_stated", .label = N_("Alignment as stated"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("In the words of the pledge.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("The promise in one line.") },
	{ .name = "statement", .label = N_("Statement"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("The promise as it was made, retold without judgement.") },
	{ .name = "organisations", .label = N_("Organisation"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REQUIRED | FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Who promises.") },
	{ .name = "organisation_as_stated", .label = N_("Organisation as stated"), .type = FIELD_LINE, .search = SEARCH_TITLE, .help = N_("Who promises, in the words of the source.") },
	{ .name = "headquarters", .label = N_("Headquarters"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_FACET, .help = N_("Country of the pledger's seat.") },
	{ .name = "countries", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Where the promised land lies; left out for a promise that names no country.") },
	{ .name = "made_on", .label = N_("Made on"), .type = FIELD_DATE, .flags = FIELD_SORT, .help = N_("When it was made, as exactly as the source says.") },
	{ .name = "announced_at", .label = N_("Announced at"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Event or document.") },
	{ .name = "forum", .label = N_("Forum"), .type = FIELD_REF, .of = "forum", .flags = FIELD_FACET, .help = N_("The event of this platform at which it was announced.") },
	{ .name = "owner", .label = N_("Who answers for it"), .type = FIELD_LINE, .help = N_("The office that must answer, such as the chief executive.") },
	{ .name = "targets", .label = N_("Targets"), .type = FIELD_GROUP, .flags = FIELD_REQUIRED | FIELD_REPEATED, .fields = target_fields, .help = N_("What is promised, one entry for each figure.") },
	{ .name = "milestones", .label = N_("Milestones"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = milestone_fields, .help = N_("Steps on the way. Without them a promise by closure or a rolling one could never be late.") },
	{ .name = "sites", .label = N_("Sites"), .type = FIELD_REF, .of = "site", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("The mapped sites it covers.") },
	{ .name = "alignment", .label = N_("Alignment"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = alignment_fields, .help = N_("What it says it aligns with: a claim to be tested.") },
	{ .name = "finance_committed", .label = N_("Finance committed"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = money_fields, .help = N_("Money set aside for it.") },
	{ .name = "criticism", .label = N_("Criticism"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What is open or disputed about it, with sources where others said it.") },
	{ .name = "reply", .label = N_("Reply"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What the organisation answers to the criticism.") },
	{ .name = "replied_on", .label = N_("Replied on"), .type = FIELD_DATE, .help = N_("Date of the reply.") },
	{ .name = "replaces", .label = N_("Replaces"), .type = FIELD_REF, .of = "pledge", .help = N_("An earlier pledge that this one takes the place of.") },
	{ .name = "withdrawn_on", .label = N_("Given up on"), .type = FIELD_DATE, .help = N_("When the pledger gave it up; a reason alone also says that it was given up.") },
	{ .name = "withdrawal_reason", .label = N_("Why it was given up"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("The reason in the pledger's words or as sources tell it.") },
	FIELD_SOURCES(FIELD_REQUIRED),
	FIELDS_END,
};

static void targets_in_order(const json_t *body, GPtrArray *faults)
{
	const json_t *targets = json_object_get(body, "targets"), *target;
	gsize i;
	json_array_foreach(targets, i, target) {
		g_autofree char *at = g_strdup_printf("/targets/%" G_GSIZE_FORMAT, i);
		check_order(target, at, "baseline_year", "target_year", faults);
		check_needs(target, at, "baseline_value", "baseline_year", faults);
	}
}

static void milestones_of_targets(const json_t *body, GPtrArray *faults)
{
	const json_t *targets = json_object_get(body, "targets"), *milestones = json_object_get(body, "milestones"), *milestone;
	gsize i;
	json_array_foreach(milestones, i, milestone) {
		double number, deadline;
		if (!body_number(milestone, "target", &number) || number < 1)
			continue;
		if (number > (double)json_array_size(targets)) {
			g_autofree char *at = g_strdup_printf("/milestones/%" G_GSIZE_FORMAT "/target", i);
			g_autofree char *message = g_strdup_printf(_("there is no target %g; the pledge has %zu"), number, json_array_size(targets));
			fault_add(faults, at, message, _("Give the number of one of the pledge's targets, counted from 1."));
			continue;
		}
		const char *date = json_string_value(json_object_get(milestone, "date"));
		if (date && date_is_valid(date) && body_number(json_array_get(targets, (gsize)number - 1), "target_year", &deadline) && (double)g_ascii_strtoull(date, NULL, 10) > deadline) {
			g_autofree char *at = g_strdup_printf("/milestones/%" G_GSIZE_FORMAT "/date", i);
			g_autofree char *message = g_strdup_printf(_("the milestone (%s) falls after the deadline of its target (%g)"), date, deadline);
			fault_add(faults, at, message, _("Bring the milestone before the deadline, or correct the target year."));
		}
	}
}

static void withdrawal_explained(const json_t *body, GPtrArray *faults)
{
	if (json_object_get(body, "withdrawn_on") && !json_object_get(body, "withdrawal_reason"))
		fault_add(faults, "/withdrawal_reason", _("the pledge was given up without a reason"), _("Say why, or that no reason was given."));
	check_dates(body, "", "made_on", "withdrawn_on", faults);
	check_needs(body, "", "replied_on", "reply", faults);
}

static const check checks[] = {
	{ N_("A target year is not before its baseline year, and a baseline value has a baseline year."), targets_in_order },
	{ N_("A milestone names one of the pledge's targets and falls within its deadline."), milestones_of_targets },
	{ N_("A pledge is not given up before it is made, nor without a reason; a date of reply has a reply."), withdrawal_explained },
	{ NULL, NULL },
};

const kind kind_pledge = {
	.name = "pledge", .plural = "pledges", .label = N_("Pledge"), .label_plural = N_("Pledges"),
	.help = N_("A public, time-bound promise of a mining company or body about land, biodiversity or closure."),
	.fields = fields, .checks = checks, .title = "title", .summary = "statement", .country = "countries",
};
