/* The timeline of a pledge: promise, milestones, reports, measurements, findings, and every change of what was published, with its differences. */
#include <math.h>
#include <string.h>

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
			gsize hidden;
			g_autofree char *day = g_strndup(here->time, 10);
			event_add(events, r, day, g_strdup(here->state == RECORD_WITHDRAWN ? language_text(l, "Record withdrawn") : language_text(l, "Published text changed")),
				here->reason ? here->reason : language_text(l, "no reason given"), history_changes(r, before, here, 0, &hidden));
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
	for (guint i = 0; i < known->reviews->len; i++) {
		const record *review = g_ptr_array_index(known->reviews, i);
		const json_t *reply;
		gsize k;
		event_add(events, r, member(review->body, "made_on"), g_strdup(language_text(l, "Finding")), record_title(review), NULL);
		json_array_foreach(json_object_get(review->body, "replies"), k, reply)
			event_add(events, r, member(reply, "made_on"), g_strdup(language_text(l, "Reply to a finding")), record_title(review), NULL);
	}
}

/* What was measured on one day is one event, however many sites that were. */
static void gather_measurements(GArray *events, const request *r, const board_case *known)
{
	const language *l = request_language(r);
	g_autoptr(GHashTable) days = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	GHashTableIter each;
	gpointer day, of_day;
	for (guint s = 0; s < known->sites->len; s++) {
		const GPtrArray *measurements = ((board_site *)g_ptr_array_index(known->sites, s))->measurements;
		for (guint i = 0; i < measurements->len; i++) {
			const record *m = g_ptr_array_index(measurements, i);
			const char *date = member(m->body, "measured_on");
			GPtrArray *list = date ? g_hash_table_lookup(days, date) : NULL;
			if (date && !list)
				g_hash_table_insert(days, (gpointer)date, list = g_ptr_array_new());
			if (list)
				g_ptr_array_add(list, (gpointer)m);
		}
	}
	g_hash_table_iter_init(&each, days);
	while (g_hash_table_iter_next(&each, &day, &of_day)) {
		const GPtrArray *list = of_day;
		const char *first = record_title(g_ptr_array_index(list, 0));
		g_autofree char *rest = list->len > 1 ? view_count(l, "{n} measurement more", "{n} measurements more", list->len - 1) : NULL;
		g_autofree char *more = rest ? view_message(language_text(l, "{first}, and {rest}"), "first", first, "rest", rest, NULL) : g_strdup(first);
		event_add(events, r, day, g_strdup(language_text(l, "Measured")), more, NULL);
	}
}

gboolean pledge_sections_timeline(json_t *view, const request *r, const record *rec, const board_case *known, GError **error)
{
	g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(event));
	g_array_set_clear_func(events, event_clear);
	gather_promise(events, r, rec);
	gather_reports(events, r, known);
	gather_measurements(events, r, known);
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
	view_explains(section, r, promise_count(rec->body) ? EXPLAINS(FIGURE_PROMISED) : 0);
	json_object_set_new(section, "events", json_pack("{s:o}", "items", items));
	return TRUE;
}
