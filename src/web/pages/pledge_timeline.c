/* The timeline of a pledge: promise, milestones, reports, measurements, findings, and every change of what was published, with its differences. */
#include <math.h>
#include <string.h>

#include "record/diff.h"
#include "rules/day.h"
#include "web/pages/pledge.h"

typedef struct event {
	double at;
	char *date, *text, *more;
	json_t *differences; /* [{label, before, after}]; NULL: none */
} event;

static void event_clear(gpointer data)
{
	event *e = data;
	g_free(e->date);
	g_free(e->text);
	g_free(e->more);
	json_decref(e->differences);
}

/* Adds an event, if it has a date; text and differences are taken. */
static void event_add(GArray *events, const request *r, const char *date, char *text, const char *more, json_t *differences)
{
	event e = {.at = day_end(date), .text = text, .more = g_strdup(more), .differences = differences};
	if (!isfinite(e.at)) {
		event_clear(&e);
		return;
	}
	e.date = language_date(request_language(r), date);
	g_array_append_val(events, e);
}

static int by_time(gconstpointer a, gconstpointer b)
{
	const event *p = a, *q = b;
	return (p->at > q->at) - (p->at < q->at);
}

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* ---- changes of what was published ---- */

/* The label of a changed place in the reader's words: "/targets/0/value" becomes "Targets 1, Value". path: its dotted path, for kind_field. */
static char *place_label(const request *r, const kind *k, const char *pointer, char **path)
{
	g_auto(GStrv) parts = g_strsplit(pointer + 1, "/", -1);
	GString *label = g_string_new(NULL), *dotted = g_string_new(NULL);
	for (char **part = parts; *part; part++) {
		if (g_ascii_isdigit(**part)) {
			g_string_append_printf(label, " %" G_GUINT64_FORMAT, g_ascii_strtoull(*part, NULL, 10) + 1);
			continue;
		}
		g_string_append_printf(dotted, "%s%s", dotted->len ? "." : "", *part);
		const field *f = kind_field(k, dotted->str);
		g_string_append_printf(label, "%s%s", label->len ? ", " : "", f ? language_text(request_language(r), f->label) : *part);
	}
	*path = g_string_free(dotted, FALSE);
	return g_string_free(label, FALSE);
}

/* A value before or after; NULL where there is none. A group is named by its first line of text. */
static char *side_text(const request *r, const field *f, const json_t *value)
{
	if (!value || !f)
		return NULL;
	if (f->type == FIELD_GEOMETRY)
		return g_strdup(language_text(request_language(r), "a boundary"));
	if (f->type != FIELD_GROUP) {
		char *text = view_value(r, f, value);
		char *shortened = text ? view_shorten(text, 160) : NULL;
		g_free(text);
		return shortened;
	}
	for (const field *inner = f->fields; inner->name; inner++) {
		char *text = json_object_get(value, inner->name) ? view_value(r, inner, json_object_get(value, inner->name)) : NULL;
		if (text)
			return text;
	}
	return g_strdup(language_text(request_language(r), "an entry"));
}

#define DIFFERENCES_SHOWN 40

static json_t *differences_of(const request *r, const record *before, const record *after)
{
	g_autoptr(GPtrArray) changes = body_diff(after->kind, before->body, after->body);
	json_t *list = json_array();
	for (guint i = 0; i < changes->len && i < DIFFERENCES_SHOWN; i++) {
		const change *c = g_ptr_array_index(changes, i);
		g_autofree char *path = NULL, *label = place_label(r, after->kind, c->path, &path);
		const field *f = kind_field(after->kind, path);
		json_t *item = json_pack("{s:s}", "label", label);
		view_take(item, "before", side_text(r, f, c->before));
		view_take(item, "after", side_text(r, f, c->after));
		json_array_append_new(list, item);
	}
	return list;
}

static gboolean gather_changes(GArray *events, const request *r, const record *rec, GError **error)
{
	const language *l = request_language(r);
	if (rec->revision < 2)
		return TRUE;
	g_autoptr(GPtrArray) revisions = store_revisions(request_reader(r), rec->kind->name, rec->id, error);
	const record *before = NULL;
	for (guint i = 0; revisions && i < revisions->len; i++) {
		const record *here = g_ptr_array_index(revisions, i);
		if ((here->state != RECORD_PUBLISHED && here->state != RECORD_WITHDRAWN) || here->revision > rec->revision)
			continue;
		if (before) {
			g_autofree char *day = g_strndup(here->time, 10);
			event_add(events, r, day, g_strdup(here->state == RECORD_WITHDRAWN ? language_text(l, "Record withdrawn") : language_text(l, "Published text changed")),
				here->reason ? here->reason : language_text(l, "no reason given"), differences_of(r, before, here));
		}
		before = here;
	}
	return revisions != NULL;
}

/* ---- everything else ---- */

static void gather_promise(GArray *events, const request *r, const record *rec)
{
	const language *l = request_language(r);
	const json_t *entry;
	gsize i;
	promise p;
	event_add(events, r, member(rec->body, "made_on"), g_strdup(language_text(l, "Promise made")), member(rec->body, "announced_at"), NULL);
	json_array_foreach(json_object_get(rec->body, "milestones"), i, entry) {
		json_int_t target = json_integer_value(json_object_get(entry, "target"));
		const json_t *value = json_object_get(entry, "value");
		g_autofree char *amount = target > 0 && promise_read(rec->body, (gsize)target - 1, &p) && json_is_number(value)
			? pledge_amount(r, json_number_value(value), p.unit, NULL) : NULL;
		event_add(events, r, member(entry, "date"), amount ? view_message(language_text(l, "Milestone: {amount}"), "amount", amount, NULL) : g_strdup(language_text(l, "Milestone")),
			member(entry, "criterion"), NULL);
	}
	for (i = 0; promise_read(rec->body, i, &p); i++) {
		g_autofree char *due = pledge_year(p.due), *amount = pledge_amount(r, p.value, p.unit, p.unit_as_stated);
		event_add(events, r, due, g_strdup(language_text(l, "Deadline")), amount ? amount : p.unit_as_stated, NULL);
	}
	event_add(events, r, member(rec->body, "replied_on"), g_strdup(language_text(l, "Reply to criticism")), NULL, NULL);
	event_add(events, r, member(rec->body, "withdrawn_on"), g_strdup(language_text(l, "Given up")), member(rec->body, "withdrawal_reason"), NULL);
}

static void gather_reports(GArray *events, const request *r, const board_case *known)
{
	const language *l = request_language(r);
	for (guint i = 0; i < known->progress->len; i++) {
		const record *report = g_ptr_array_index(known->progress, i);
		g_autofree char *year = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(report->body, "year")));
		const char *what = member(json_array_get(json_object_get(report->body, "figures"), 0), "what");
		event_add(events, r, year, g_strdup(json_is_true(json_object_get(report->body, "nothing_to_report"))
			? language_text(l, "Report: nothing to report") : language_text(l, "Report")), what ? what : member(report->body, "narrative"), NULL);
	}
	for (guint s = 0; s < known->sites->len; s++) {
		const GPtrArray *measurements = ((board_site *)g_ptr_array_index(known->sites, s))->measurements;
		for (guint i = 0; i < measurements->len; i++) {
			const record *m = g_ptr_array_index(measurements, i);
			event_add(events, r, member(m->body, "measured_on"), g_strdup(language_text(l, "Measured")), record_title(m), NULL);
		}
	}
	for (guint i = 0; i < known->reviews->len; i++) {
		const record *review = g_ptr_array_index(known->reviews, i);
		const json_t *reply;
		gsize k;
		event_add(events, r, member(review->body, "made_on"), g_strdup(language_text(l, "Finding")), record_title(review), NULL);
		json_array_foreach(json_object_get(review->body, "replies"), k, reply)
			event_add(events, r, member(reply, "made_on"), g_strdup(language_text(l, "Reply to a finding")), record_title(review), NULL);
	}
}

gboolean pledge_sections_timeline(json_t *view, const request *r, const record *rec, const board_case *known, GError **error)
{
	g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(event));
	g_array_set_clear_func(events, event_clear);
	gather_promise(events, r, rec);
	gather_reports(events, r, known);
	if (!gather_changes(events, r, rec, error))
		return FALSE;
	if (!events->len)
		return TRUE;
	g_array_sort(events, by_time);
	char today[11];
	board_today(request_as_of(r), today);
	json_t *section = sheet_section(view, "timeline", language_text(request_language(r), "Milestones and changes")), *items = json_array();
	for (guint i = 0; i < events->len; i++) {
		const event *e = &g_array_index(events, event, i);
		json_array_append_new(items, json_pack("{s:s, s:s, s:s?, s:n, s:b, s:O?}", "date", e->date, "sentence", e->text, "more", e->more, "to", "ahead",
			e->at > day_end(today) + 1e-9, "differences", e->differences));
	}
	json_object_set_new(section, "events", json_pack("{s:o}", "items", items));
	return TRUE;
}
