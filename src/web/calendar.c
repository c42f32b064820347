#include "web/calendar.h"

#include <string.h>

#include "base/ical.h"
#include "web/query.h"
#include "web/view.h"

/* The record whose dates are written, and the calendar they go into. */
typedef struct calendar {
	const request *r;
	GString *out;
	const record *rec;
} calendar;

/* An entry: a whole day, or from a time until another (UTC). */
typedef struct happening {
	const char *part;   /* of the record: its UID's end; NULL: the record itself */
	char *summary, *description, *location; /* owned */
	char day[9], from[17], until[17];
	gboolean deadline;  /* takes nobody's time */
} happening;

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* "2026-08-24T09:00:00Z" as "20260824T090000Z". */
static char *compact_time(const char *time)
{
	GString *out = g_string_new(NULL);
	for (; *time; time++)
		if (*time != '-' && *time != ':')
			g_string_append_c(out, *time);
	return g_string_free(out, FALSE);
}

static void write_when(GString *out, const happening *h)
{
	char after[9];
	if (*h->from) {
		ical_line(out, "DTSTART", h->from);
		if (*h->until)
			ical_line(out, "DTEND", h->until);
		return;
	}
	ical_next_day(h->day, after);
	ical_line(out, "DTSTART;VALUE=DATE", h->day);
	ical_line(out, "DTEND;VALUE=DATE", after);
}

static void add_happening(calendar *c, happening h)
{
	const record *rec = c->rec;
	g_autofree char *host = request_site_host(c->r), *stamp = compact_time(rec->time), *sequence = g_strdup_printf("%u", rec->revision - 1);
	g_autofree char *uid = g_strdup_printf("%s-%s%s%s@%s", rec->kind->name, rec->id, h.part ? "-" : "", h.part ? h.part : "", host);
	g_autofree char *page = g_strdup_printf("%s%s/%s/%s", request_site_address(c->r), request_root(c->r), rec->kind->plural, rec->id);
	ical_line(c->out, "BEGIN", "VEVENT");
	ical_text(c->out, "UID", uid);
	ical_line(c->out, "DTSTAMP", stamp);
	ical_line(c->out, "LAST-MODIFIED", stamp);
	ical_line(c->out, "SEQUENCE", sequence);
	write_when(c->out, &h);
	ical_text(c->out, "SUMMARY", h.summary);
	ical_text(c->out, "DESCRIPTION", h.description);
	ical_text(c->out, "LOCATION", h.location);
	ical_line(c->out, "URL", page);
	ical_text(c->out, "CATEGORIES", request_text(c->r, rec->kind->label));
	ical_line(c->out, "STATUS", rec->state == RECORD_WITHDRAWN ? "CANCELLED" : "CONFIRMED");
	ical_line(c->out, "TRANSP", h.deadline ? "TRANSPARENT" : "OPAQUE");
	ical_line(c->out, "END", "VEVENT");
	g_free(h.summary), g_free(h.description), g_free(h.location);
}

/* ---- pledges ---- */

/* "Area restored: 100 ha" */
static char *target_words(const request *r, const record *rec, const json_t *target)
{
	g_autofree char *metric = view_value(r, kind_field(rec->kind, "targets.metric"), json_object_get(target, "metric"));
	json_t *figure = view_quantity(r, target, "value");
	const char *value = json_string_value(json_object_get(figure, "value")), *unit = json_string_value(json_object_get(figure, "unit"));
	char *words = value ? g_strdup_printf("%s: %s%s%s", metric, value, unit ? " " : "", unit ? unit : "") : g_strdup(metric);
	json_decref(figure);
	return words;
}

static char *milestone_words(const request *r, const record *rec, const json_t *milestone)
{
	json_int_t n = json_integer_value(json_object_get(milestone, "target"));
	const json_t *target = json_array_get(json_object_get(rec->body, "targets"), (gsize)MAX(n - 1, 0)), *value = json_object_get(milestone, "value"), *stage = json_object_get(milestone, "stage");
	g_autofree char *promised = target ? target_words(r, rec, target) : NULL, *by_then = NULL, *land = stage ? view_value(r, kind_field(rec->kind, "milestones.stage"), stage) : NULL;
	if (value) {
		g_autofree char *number = language_number(request_language(r), json_number_value(value), 6);
		by_then = view_message(request_text(r, N_("{n} by then")), "n", number, NULL);
	}
	const char *lines[] = { member(milestone, "criterion"), promised, by_then, land };
	GString *words = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		if (lines[i])
			g_string_append_printf(words, "%s%s", words->len ? "\n" : "", lines[i]);
	return g_string_free(words, FALSE);
}

static void add_pledge(calendar *c)
{
	const json_t *one;
	gsize i;
	json_array_foreach(json_object_get(c->rec->body, "milestones"), i, one) {
		g_autofree char *part = g_strdup_printf("milestone-%" G_GSIZE_FORMAT, i + 1);
		happening h = { .part = part, .deadline = TRUE };
		if (!ical_last_day(member(one, "date"), h.day))
			continue;
		h.summary = view_message(request_text(c->r, N_("Milestone: {title}")), "title", record_title(c->rec), NULL);
		h.description = milestone_words(c->r, c->rec, one);
		add_happening(c, h);
	}
	json_array_foreach(json_object_get(c->rec->body, "targets"), i, one) {
		g_autofree char *part = g_strdup_printf("target-%" G_GSIZE_FORMAT, i + 1);
		happening h = { .part = part, .deadline = TRUE };
		json_int_t year = json_integer_value(json_object_get(one, "target_year"));
		if (!year)
			continue;
		g_snprintf(h.day, sizeof h.day, "%04d1231", (int)CLAMP(year, 1, 9998));
		h.summary = view_message(request_text(c->r, N_("Deadline: {title}")), "title", record_title(c->rec), NULL);
		h.description = target_words(c->r, c->rec, one);
		add_happening(c, h);
	}
}

/* ---- meetings and events ---- */

static void add_meeting(calendar *c)
{
	const json_t *one;
	gsize i;
	happening meeting = { .part = NULL };
	if (ical_last_day(member(c->rec->body, "date"), meeting.day)) {
		meeting.summary = g_strdup(record_title(c->rec));
		meeting.description = g_strdup(record_summary(c->rec));
		meeting.location = g_strdup(member(c->rec->body, "place"));
		add_happening(c, meeting);
	}
	json_array_foreach(json_object_get(c->rec->body, "actions"), i, one) {
		g_autofree char *part = g_strdup_printf("action-%" G_GSIZE_FORMAT, i + 1), *owner = view_record_title(c->r, "organisation", member(one, "owner"));
		happening h = { .part = part, .deadline = TRUE };
		if (strcmp(member(one, "state"), "done") == 0 || !ical_last_day(member(one, "due"), h.day))
			continue;
		h.summary = view_message(request_text(c->r, N_("Due: {what}")), "what", member(one, "what"), NULL);
		h.description = view_message(request_text(c->r, N_("By {organisation}, decided at: {title}")), "organisation", owner, "title", record_title(c->rec), NULL);
		add_happening(c, h);
	}
}

/* "10:45 Dialogue", a line each. */
static char *agenda_words(const record *rec)
{
	GString *words = g_string_new(record_summary(rec));
	const json_t *item;
	gsize i;
	json_array_foreach(json_object_get(rec->body, "agenda"), i, item) {
		const char *starts = member(item, "starts");
		g_string_append_printf(words, "%s%s%s%s", words->len ? "\n" : "", starts ? starts : "", starts ? " " : "", member(item, "title"));
	}
	return g_string_free(words, FALSE);
}

static void add_forum(calendar *c)
{
	const json_t *body = c->rec->body;
	const char *date = member(body, "date"), *starts = member(body, "starts"), *ends = member(body, "ends"), *zone = member(body, "time_zone");
	const char *places[] = { member(body, "venue"), member(body, "city") };
	happening h = { .part = NULL };
	if (!ical_last_day(date, h.day))
		return;
	if (starts && zone && ical_utc(date, starts, zone, h.from) && ends)
		ical_utc(date, ends, zone, h.until);
	h.summary = g_strdup(record_title(c->rec));
	h.description = agenda_words(c->rec);
	h.location = places[0] && places[1] ? g_strdup_printf("%s, %s", places[0], places[1]) : g_strdup(places[0] ? places[0] : places[1]);
	add_happening(c, h);
}

static const struct {
	const char *kind;
	void (*add)(calendar *c);
} writers[] = { { "pledge", add_pledge }, { "meeting", add_meeting }, { "forum", add_forum } };

static void add_record(calendar *c, const record *rec)
{
	c->rec = rec;
	for (gsize i = 0; i < G_N_ELEMENTS(writers); i++)
		if (strcmp(writers[i].kind, rec->kind->name) == 0)
			writers[i].add(c);
}

gboolean calendar_has(const request *r, const record *rec)
{
	g_autoptr(GString) out = g_string_new(NULL);
	add_record(&(calendar){ .r = r, .out = out }, rec);
	return out->len > 0;
}

/* ---- the calendar ---- */

static calendar begin(const request *r, const char *name)
{
	calendar c = { .r = r, .out = g_string_new(NULL) };
	ical_line(c.out, "BEGIN", "VCALENDAR");
	ical_line(c.out, "VERSION", "2.0");
	ical_line(c.out, "PRODID", "-//aftermine//" AFTERMINE_VERSION "//EN");
	ical_line(c.out, "METHOD", "PUBLISH");
	ical_text(c.out, "NAME", name); /* RFC 7986 */
	ical_text(c.out, "X-WR-CALNAME", name);
	ical_line(c.out, "REFRESH-INTERVAL;VALUE=DURATION", "P1D");
	return c;
}

static void end(calendar *c, response *out, const char *name)
{
	g_autofree char *file = g_strconcat(name, ".ics", NULL);
	ical_line(c->out, "END", "VCALENDAR");
	response_text(out, "text/calendar; charset=utf-8", g_string_free(c->out, FALSE));
	response_file_name(out, file);
	response_worded(out);
}

void calendar_list(const request *r, response *out, const kind *k)
{
	g_auto(query) q = { 0 };
	g_autoptr(store_result) found = query_records(r, out, k, CALENDAR_RECORDS, &q);
	if (!found)
		return;
	g_autofree char *name = g_strdup_printf("%s: %s", request_site_name(r), request_text(r, k->label_plural));
	calendar c = begin(r, name);
	for (gsize i = 0; i < found->n; i++)
		add_record(&c, found->hits[i].record);
	end(&c, out, k->plural);
	query_link_pages(r, out, &q, found->total);
}

void calendar_one(const request *r, response *out, const kind *k, const char *id)
{
	g_autoptr(record) rec = query_record(r, out, k, id);
	if (rec && !calendar_has(r, rec)) {
		response_problem(out, r, 404, request_text(r, N_("This record has no dates")), request_text(r, N_("It names no deadline, milestone or day. Ask for it as .json.")));
	} else if (rec) {
		calendar c = begin(r, record_title(rec));
		add_record(&c, rec);
		end(&c, out, rec->id);
	}
}
