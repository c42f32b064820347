#include "record/kinds/fields.h"

static const field agenda_fields[] = {
	{ .name = "title", .label = N_("Item"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What is on the agenda.") },
	{ .name = "text", .label = N_("Text"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What was said about it.") },
	FIELDS_END,
};

static const field decision_fields[] = {
	{ .name = "text", .label = N_("Decision"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What was decided.") },
	{ .name = "votes", .label = N_("Votes"), .type = FIELD_LINE, .help = N_("How it was decided: by consensus, or votes for, against, abstaining.") },
	FIELDS_END,
};

static const field action_fields[] = {
	{ .name = "what", .label = N_("Action"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What is to be done.") },
	{ .name = "owner", .label = N_("Owner"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("The organisation that has to do it.") },
	{ .name = "due", .label = N_("Due"), .type = FIELD_DATE, .flags = FIELD_REQUIRED, .help = N_("By when.") },
	{ .name = "state", .label = N_("State"), .type = FIELD_TERM, .of = "action-states", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("Whether it is done.") },
	{ .name = "done_on", .label = N_("Done on"), .type = FIELD_DATE, .help = N_("When it was done.") },
	{ .name = "note", .label = N_("Note"), .type = FIELD_LINE, .help = N_("How it ended, or why not.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("The meeting in one line.") },
	{ .name = "kind", .label = N_("Kind"), .type = FIELD_TERM, .of = "meeting-kinds", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("What kind of meeting.") },
	{ .name = "date", .label = N_("Date"), .type = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_SORT, .help = N_("When it was or will be held.") },
	{ .name = "place", .label = N_("Place"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Where, or online.") },
	{ .name = "forum", .label = N_("Forum"), .type = FIELD_REF, .of = "forum", .help = N_("The event it belongs to.") },
	{ .name = "organisations", .label = N_("Present"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Organisations that took part.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .search = SEARCH_SUMMARY, .help = N_("What came of it.") },
	{ .name = "agenda", .label = N_("Agenda"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = agenda_fields, .help = N_("Items in order.") },
	{ .name = "decisions", .label = N_("Decisions"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = decision_fields, .help = N_("What was decided.") },
	{ .name = "actions", .label = N_("Actions"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = action_fields, .help = N_("What was agreed to be done, by whom and when.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void actions_whole(const json_t *body, GPtrArray *faults)
{
	const json_t *actions = json_object_get(body, "actions"), *action;
	gsize i;
	json_array_foreach(actions, i, action) {
		gboolean done = g_strcmp0(json_string_value(json_object_get(action, "state")), "done") == 0;
		g_autofree char *at = g_strdup_printf("/actions/%" G_GSIZE_FORMAT "/done_on", i);
		if (done && !json_object_get(action, "done_on"))
			fault_add(faults, at, _("the action is done but has no date"), _("Say when it was done."));
		if (!done && json_object_get(action, "done_on"))
			fault_add(faults, at, _("the action has a date of completion but is not done"), _("Set its state to done, or leave out the date."));
	}
}

static const check checks[] = { { N_("An action that is done says when, and only such a one."), actions_whole }, { NULL, NULL } };

const kind kind_meeting = {
	.name = "meeting", .plural = "meetings", .label = N_("Meeting"), .label_plural = N_("Meetings"),
	.help = N_("A meeting or working group of the coalition: agenda, decisions, actions."),
	.fields = fields, .checks = checks, .title = "title", .summary = "summary",
};
