#include "record/kinds/fields.h"

#include <math.h>

static const field reported_fields[] = {
	{ .name = "target", .label = N_("Target"), .type = FIELD_COUNT, .minimum = 1, .maximum = 100, .help = N_("The target of the pledge that the figure answers, counted from 1; left out if it answers none.") },
	{ .name = "what", .label = N_("What"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What is reported, in the words of the report.") },
	{ .name = "value", .label = N_("Value"), .type = FIELD_NUMBER, .help = N_("The figure as stated; left out for a statement without one.") },
	{ .name = "unit", .label = N_("Unit"), .type = FIELD_TERM, .of = "units", .help = N_("Standard unit of the value.") },
	{ .name = "unit_as_stated", .label = N_("Unit as stated"), .type = FIELD_LINE, .help = N_("The unit in the words of the report, where they say more.") },
	{ .name = "basis", .label = N_("Basis"), .type = FIELD_TERM, .of = "figure-bases", .help = N_("Since the start, in the period, or as things stand.") },
	{ .name = "stage", .label = N_("Stage of land"), .type = FIELD_TERM, .of = "land-stages", .help = N_("The stage at which the hectares stand.") },
	{ .name = "source", .label = N_("Source"), .type = FIELD_SOURCE, .flags = FIELD_REQUIRED, .help = N_("Number of the source that gives the figure.") },
	FIELDS_END,
};

static const field account_fields[] = {
	{ .name = "stage", .label = N_("Stage of land"), .type = FIELD_TERM, .of = "land-stages", .flags = FIELD_REQUIRED, .help = N_("The stage this row counts.") },
	{ .name = "opening", .label = N_("Opening"), .type = FIELD_NUMBER, .unit = "ha", .flags = FIELD_REQUIRED, .minimum = 0, .maximum = 1e9, .help = N_("Hectares at this stage when the year began.") },
	{ .name = "gained", .label = N_("Gained"), .type = FIELD_NUMBER, .unit = "ha", .flags = FIELD_REQUIRED, .minimum = 0, .maximum = 1e9, .help = N_("Hectares that came to this stage in the year: newly disturbed, or from another stage.") },
	{ .name = "lost", .label = N_("Lost"), .type = FIELD_NUMBER, .unit = "ha", .flags = FIELD_REQUIRED, .minimum = 0, .maximum = 1e9, .help = N_("Hectares that left this stage in the year, for another stage.") },
	{ .name = "closing", .label = N_("Closing"), .type = FIELD_NUMBER, .unit = "ha", .flags = FIELD_REQUIRED, .minimum = 0, .maximum = 1e9, .help = N_("Hectares at this stage when the year ended.") },
	FIELDS_END,
};

static const field evidence_fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = N_("What it shows.") },
	{ .name = "kind", .label = N_("Kind of evidence"), .type = FIELD_TERM, .of = "evidence-kinds", .help = N_("What sort of evidence it is.") },
	{ .name = "url", .label = N_("Address"), .type = FIELD_URL, .help = N_("Where it can be read.") },
	{ .name = "sha256", .label = N_("Checksum"), .type = FIELD_SHA256, .help = N_("SHA-256 of the file, in hexadecimal.") },
	{ .name = "date", .label = N_("Date"), .type = FIELD_DATE, .help = N_("When it was made.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("Whose progress, on what, for which year.") },
	{ .name = "pledge", .label = N_("Pledge"), .type = FIELD_REF, .of = "pledge", .flags = FIELD_FACET, .help = N_("The pledge it reports on.") },
	{ .name = "site", .label = N_("Site"), .type = FIELD_REF, .of = "site", .flags = FIELD_FACET, .help = N_("The site it reports on.") },
	{ .name = "year", .label = N_("Year"), .type = FIELD_YEAR, .flags = FIELD_REQUIRED | FIELD_FACET | FIELD_SORT, .help = N_("Year reported on.") },
	{ .name = "period_from", .label = N_("Period from"), .type = FIELD_DATE, .help = N_("First day of the period, where it is not the calendar year.") },
	{ .name = "period_until", .label = N_("Period until"), .type = FIELD_DATE, .help = N_("Last day of the period, where it is not the calendar year.") },
	{ .name = "reported_on", .label = N_("Reported on"), .type = FIELD_DATE, .help = N_("When it was published.") },
	{ .name = "nothing_to_report", .label = N_("Nothing to report"), .type = FIELD_YESNO, .flags = FIELD_FACET, .help = N_("Yes if the organisation answers that nothing happened: an answer, unlike silence.") },
	{ .name = "narrative", .label = N_("Narrative"), .type = FIELD_TEXT, .search = SEARCH_SUMMARY, .help = N_("What was done and what was not.") },
	{ .name = "figures", .label = N_("Figures"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = reported_fields, .help = N_("What is reported, each figure with its source.") },
	{ .name = "land_account", .label = N_("Land account"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = account_fields, .help = N_("Hectares by stage; opening plus gained less lost is closing.") },
	{ .name = "newly_disturbed", .label = N_("Newly disturbed"), .type = FIELD_NUMBER, .unit = "ha", .minimum = 0, .maximum = 1e9, .help = N_("Hectares that entered the account in the year.") },
	{ .name = "evidence", .label = N_("Evidence"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = evidence_fields, .help = N_("Files and pages that support the report.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void about_something(const json_t *body, GPtrArray *faults)
{
	if (!json_object_get(body, "pledge") && !json_object_get(body, "site"))
		fault_add(faults, "/pledge", _("the report is about nothing"), _("Name the pledge or the site it reports on."));
	check_dates(body, "", "period_from", "period_until", faults);
}

static void says_something(const json_t *body, GPtrArray *faults)
{
	gboolean reports = json_object_get(body, "figures") || json_object_get(body, "narrative") || json_object_get(body, "land_account");
	if (json_is_true(json_object_get(body, "nothing_to_report"))) {
		if (json_object_get(body, "figures"))
			fault_add(faults, "/nothing_to_report", _("\"nothing to report\" stands beside figures"), _("Leave out one of them."));
	} else if (!reports)
		fault_add(faults, "/narrative", _("the report says nothing"), _("Give figures, a narrative or a land account, or answer \"nothing to report\"."));
}

/* Rule 4: the account rolls forward and balances. Tolerance: a hundredth of a hectare, the precision of reports. */
static void account_balances(const json_t *body, GPtrArray *faults)
{
	const json_t *account = json_object_get(body, "land_account"), *row;
	double entered = 0, newly;
	gboolean whole = json_array_size(account) > 0;
	gsize i;
	json_array_foreach(account, i, row) {
		double opening, gained, lost, closing;
		if (!body_number(row, "opening", &opening) || !body_number(row, "gained", &gained) || !body_number(row, "lost", &lost) || !body_number(row, "closing", &closing)) {
			whole = FALSE;
			continue;
		}
		entered += gained - lost;
		if (fabs(opening + gained - lost - closing) > 0.01) {
			g_autofree char *at = g_strdup_printf("/land_account/%" G_GSIZE_FORMAT "/closing", i);
			g_autofree char *message = g_strdup_printf(_("the row does not balance: %g + %g - %g is not %g"), opening, gained, lost, closing);
			fault_add(faults, at, message, _("Correct the row so that opening plus gained less lost is closing."));
		}
	}
	if (whole && body_number(body, "newly_disturbed", &newly) && fabs(entered - newly) > 0.01) {
		g_autofree char *message = g_strdup_printf(_("the rows gain %g ha in all, but %g ha were newly disturbed"), entered, newly);
		fault_add(faults, "/newly_disturbed", message, _("Hectares only change their stage or are newly disturbed: correct the rows or the figure."));
	}
}

static const check checks[] = {
	{ N_("A report is about a pledge or a site, and its period does not end before it begins."), about_something },
	{ N_("A report gives figures, a narrative or a land account, or says \"nothing to report\"."), says_something },
	{ N_("The land account balances: opening plus gained less lost is closing, and what all rows gain was newly disturbed."), account_balances },
	{ NULL, NULL },
};

const kind kind_progress = {
	.name = "progress", .plural = "progress", .label = N_("Progress report"), .label_plural = N_("Progress reports"),
	.help = N_("What was reported on a pledge or a site for a year."),
	.fields = fields, .checks = checks, .title = "title", .summary = "narrative",
};
