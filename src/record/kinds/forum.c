#include <string.h>

#include "record/kinds/fields.h"
#include "record/value.h"

static const field convener_fields[] = {
	{ .name = "organisation", .label = N_("Organisation"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_FACET, .help = N_("Record of the organisation.") },
	{ .name = "as_stated", .label = N_("Name as stated"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("The name it convenes under.") },
	FIELDS_END,
};

static const field agenda_fields[] = {
	{ .name = "title", .label = N_("Item"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What happens.") },
	{ .name = "kind", .label = N_("Kind"), .type = FIELD_TERM, .of = "agenda-kinds", .help = N_("What sort of item it is.") },
	{ .name = "starts", .label = N_("Starts"), .type = FIELD_TIME, .help = N_("Local time, HH:MM.") },
	{ .name = "minutes", .label = N_("Minutes"), .type = FIELD_COUNT, .unit = "min", .minimum = 0, .maximum = 1440, .help = N_("How long it lasts.") },
	{ .name = "text", .label = N_("Text"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What it is about.") },
	{ .name = "theme", .label = N_("Theme"), .type = FIELD_TERM, .of = "themes", .help = N_("Theme of the compilation it is built around.") },
	{ .name = "cases", .label = N_("Case studies"), .type = FIELD_REF, .of = "case", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("Cases it draws on.") },
	{ .name = "pledges", .label = N_("Pledges"), .type = FIELD_REF, .of = "pledge", .flags = FIELD_REPEATED | FIELD_UNIQUE, .help = N_("Pledges announced in it.") },
	FIELDS_END,
};

static const field speaker_fields[] = {
	{ .name = "name", .label = N_("Name"), .type = FIELD_LINE, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("Name of a public speaker who agreed to be named.") },
	{ .name = "role", .label = N_("Office"), .type = FIELD_LINE, .help = N_("Office or function.") },
	{ .name = "organisation", .label = N_("Organisation"), .type = FIELD_REF, .of = "organisation", .help = N_("For whom the speaker speaks.") },
	{ .name = "item", .label = N_("Agenda item"), .type = FIELD_COUNT, .minimum = 1, .maximum = 1000, .help = N_("Which item of the agenda, counted from 1.") },
	{ .name = "intervention", .label = N_("Intervention"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What was said, in brief.") },
	FIELDS_END,
};

static const field announcement_fields[] = {
	{ .name = "date", .label = N_("Date"), .type = FIELD_DATE, .flags = FIELD_REQUIRED, .help = N_("When it was announced.") },
	{ .name = "text", .label = N_("Announcement"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_BODY, .help = N_("What was announced.") },
	{ .name = "pledge", .label = N_("Pledge"), .type = FIELD_REF, .of = "pledge", .help = N_("The pledge announced.") },
	{ .name = "case", .label = N_("Case study"), .type = FIELD_REF, .of = "case", .help = N_("The case presented.") },
	FIELDS_END,
};

static const field fields[] = {
	{ .name = "name", .label = N_("Name"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("Name of the event.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .search = SEARCH_SUMMARY, .help = N_("What it is for, or what came of it.") },
	{ .name = "host_event", .label = N_("Host event"), .type = FIELD_LINE, .search = SEARCH_SUMMARY, .help = N_("The conference it is part of.") },
	{ .name = "date", .label = N_("Date"), .type = FIELD_DATE, .flags = FIELD_REQUIRED | FIELD_SORT, .help = N_("Day of the event.") },
	{ .name = "starts", .label = N_("Starts"), .type = FIELD_TIME, .help = N_("Local time, HH:MM.") },
	{ .name = "ends", .label = N_("Ends"), .type = FIELD_TIME, .help = N_("Local time, HH:MM.") },
	{ .name = "time_zone", .label = N_("Time zone"), .type = FIELD_LINE, .help = N_("Name in the IANA time zone database.") },
	{ .name = "venue", .label = N_("Venue"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("Room or building.") },
	{ .name = "city", .label = N_("City"), .type = FIELD_LINE, .search = SEARCH_BODY, .help = N_("City.") },
	{ .name = "country", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_FACET, .help = N_("Country.") },
	{ .name = "dialogue_minutes", .label = N_("Length of the dialogue"), .type = FIELD_COUNT, .unit = "min", .minimum = 0, .maximum = 1440, .help = N_("Minutes of the moderated dialogue.") },
	{ .name = "conveners", .label = N_("Conveners"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = convener_fields, .help = N_("Who convenes it.") },
	{ .name = "participants", .label = N_("Participants"), .type = FIELD_LINE, .flags = FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("Who takes part, in groups.") },
	{ .name = "objectives", .label = N_("Objectives"), .type = FIELD_LINE, .flags = FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("What it sets out to do.") },
	{ .name = "programme_elements", .label = N_("Programme"), .type = FIELD_LINE, .flags = FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("Its parts.") },
	{ .name = "expected_outcomes", .label = N_("Expected outcomes"), .type = FIELD_LINE, .flags = FIELD_REPEATED, .search = SEARCH_BODY, .help = N_("What is expected to come of it.") },
	{ .name = "agenda", .label = N_("Agenda"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = agenda_fields, .help = N_("Items in order.") },
	{ .name = "speakers", .label = N_("Speakers"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = speaker_fields, .help = N_("Public speakers and their interventions. Registrations of guests are private and never part of a record.") },
	{ .name = "announcements", .label = N_("Announcements"), .type = FIELD_GROUP, .flags = FIELD_REPEATED, .fields = announcement_fields, .help = N_("What was announced.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void times_in_order(const json_t *body, GPtrArray *faults)
{
	const char *starts = json_string_value(json_object_get(body, "starts")), *ends = json_string_value(json_object_get(body, "ends"));
	if (starts && ends && time_is_valid(starts) && time_is_valid(ends) && strcmp(starts, ends) > 0)
		fault_add(faults, "/ends", _("the event ends before it starts"), _("Correct starts or ends."));
}

static void speakers_on_agenda(const json_t *body, GPtrArray *faults)
{
	const json_t *speakers = json_object_get(body, "speakers"), *speaker;
	double items = (double)json_array_size(json_object_get(body, "agenda")), item;
	gsize i;
	json_array_foreach(speakers, i, speaker) {
		if (!body_number(speaker, "item", &item) || item <= items)
			continue;
		g_autofree char *at = g_strdup_printf("/speakers/%" G_GSIZE_FORMAT "/item", i);
		g_autofree char *message = g_strdup_printf(_("there is no item %g; the agenda has %g"), item, items);
		fault_add(faults, at, message, _("Give the number of an item of the agenda, counted from 1."));
	}
}

static const check checks[] = {
	{ N_("The event does not end before it starts."), times_in_order },
	{ N_("A speaker's item is on the agenda."), speakers_on_agenda },
	{ NULL, NULL },
};

const kind kind_forum = {
	.name = "forum", .plural = "forum", .label = N_("Forum"), .label_plural = N_("Forums"),
	.help = N_("An event: agenda, speakers, interventions, linked cases and pledges, announcements."),
	.fields = fields, .checks = checks, .title = "name", .summary = "summary", .country = "country",
};
