/* The sections of a pledge's page. */
#include <math.h>
#include <string.h>

#include "rules/day.h"
#include "record/vocabulary.h"
#include "web/pages/pledge.h"

static char *value_text(const request *r, const kind *k, const char *path, const json_t *value)
{
	return value ? view_value(r, kind_field(k, path), value) : NULL;
}

/* ---- the promise as it was made ---- */

static void target_row(json_t *table, const request *r, const kind *k, const json_t *target, const promise *p)
{
	const language *l = request_language(r);
	const char *silent = language_text(l, "not stated");
	static const trust promised = TRUST_PROMISED;
	g_autofree char *metric = value_text(r, k, "targets.metric", json_object_get(target, "metric"));
	g_autofree char *amount = pledge_amount(r, p->value, p->unit, p->unit_as_stated);
	g_autofree char *baseline = value_text(r, k, "targets.baseline_year", json_object_get(target, "baseline_year"));
	g_autofree char *base_value = pledge_amount(r, p->baseline_value, p->unit, NULL);
	g_autofree char *due = value_text(r, k, "targets.target_year", json_object_get(target, "target_year"));
	g_autofree char *deadline = value_text(r, k, "targets.deadline", json_object_get(target, "deadline"));
	g_autofree char *land = value_text(r, k, "targets.land", json_object_get(target, "land"));
	g_autofree char *duty = value_text(r, k, "targets.duty", json_object_get(target, "duty"));
	gboolean other = g_strcmp0(p->metric, "other") == 0;
	const view_cell cells[] = {
		{.text = other && p->unit_as_stated ? p->unit_as_stated : metric ? metric : silent,
			.note = p->denominator ? p->denominator : amount || other ? NULL : p->unit_as_stated, .head = TRUE},
		{.text = amount ? amount : language_text(l, "no figure"), .mark = amount ? &promised : NULL},
		{.text = baseline ? baseline : silent, .note = base_value},
		{.text = due ? due : deadline ? deadline : silent, .note = due ? NULL : deadline ? language_text(l, "no year") : NULL},
		{.text = land ? land : silent},
		{.text = duty ? duty : silent},
	};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

void pledge_sections_promise(json_t *view, const request *r, const record *rec)
{
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "promise", language_text(l, "The promise as it was made"));
	json_object_set_new(section, "prose", view_prose(record_summary(rec)));
	json_t *table = view_table(language_text(l, "What is promised, one row for each target"));
	static const char *const columns[] = {N_("Promise"), N_("Figure"), N_("Since"), N_("By"), N_("Land"), N_("Duty")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), FALSE);
	promise p;
	for (gsize i = 0; promise_read(rec->body, i, &p); i++)
		target_row(table, r, rec->kind, json_array_get(json_object_get(rec->body, "targets"), i), &p);
	json_object_set_new(section, "table", table);
}

/* ---- where it stands, and why ---- */

static void number_row(json_t *table, const char *what, const char *value, const char *when, const trust *mark)
{
	const view_cell cells[] = {{.text = what, .head = TRUE}, {.text = value ? value : "–", .mark = value ? mark : NULL}, {.text = when && *when ? when : "–"}};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

static json_t *numbers_table(const request *r, const pledge_judgement *j, const char *today)
{
	const language *l = request_language(r);
	static const trust promised_mark = TRUST_PROMISED, reported_mark = TRUST_REPORTED, measured_mark = TRUST_MEASURED;
	g_autofree char *target = g_strdup_printf("%" G_GSIZE_FORMAT, j->target);
	g_autofree char *caption = view_message(language_text(l, "The numbers the rule looked at, target {n}"), "n", target, NULL);
	json_t *table = view_table(caption);
	view_table_column(table, language_text(l, "Number"), FALSE);
	view_table_column(table, language_text(l, "Value"), FALSE);
	view_table_column(table, language_text(l, "When"), FALSE);
	g_autofree char *promised = pledge_amount(r, j->promised, j->unit, j->unit_as_stated), *due = pledge_year(j->due);
	g_autofree char *expected = pledge_amount(r, j->expected, j->unit, NULL), *now = pledge_amount(r, j->expected_now, j->unit, NULL);
	g_autofree char *reported = pledge_amount(r, j->reported, j->unit, NULL), *year = pledge_year(j->reported_at);
	g_autofree char *measured = pledge_amount(r, j->measured.value, j->unit, NULL), *measured_year = pledge_year(j->measured.at);
	g_autofree char *today_text = language_date(l, today), *months = view_count(l, "{n} month", "{n} months", (guint64)MAX(j->months_silent, 0));
	g_autofree char *by = *due ? view_message(language_text(l, "by the end of {year}"), "year", due, NULL) : g_strdup(language_text(l, "no deadline in a year"));
	char last[11];
	day_write(j->last_report - 1e-6, last);
	g_autofree char *last_text = *last ? language_date(l, last) : NULL;
	number_row(table, language_text(l, "Promised"), promised ? promised : language_text(l, "no figure"), by, promised ? &promised_mark : NULL);
	number_row(table, language_text(l, "Newest reported figure that answers it"), reported ? reported : language_text(l, "none"), year, reported ? &reported_mark : NULL);
	if (expected)
		number_row(table, language_text(l, "Due by then, on the line from baseline to deadline"), expected, year, NULL);
	if (now)
		number_row(table, language_text(l, "Due by now, on the same line"), now, today_text, NULL);
	number_row(table, language_text(l, "Measured"), measured ? measured : language_text(l, "not measured"), measured_year, measured ? &measured_mark : NULL);
	number_row(table, isfinite(j->last_report) ? language_text(l, "Since anything was last reported; a year counts to its end") : language_text(l, "Since it was made, without a report"),
		j->months_silent ? months : isfinite(j->last_report) ? months : language_text(l, "not known"), last_text, NULL);
	return table;
}

void pledge_sections_standing(json_t *view, const request *r, const record *rec, const board_case *known, const char *address)
{
	const language *l = request_language(r);
	char today[11];
	board_today(request_as_of(r), today);
	gsize n = promise_count(rec->body);
	for (gsize i = 0; i < n; i++) {
		pledge_judgement j;
		promise_judge(&known->facts, i, today, &j);
		g_autofree char *id = g_strdup_printf("standing-%" G_GSIZE_FORMAT, i + 1), *number = g_strdup_printf("%" G_GSIZE_FORMAT, i + 1);
		const char *metric = json_string_value(json_object_get(json_array_get(json_object_get(rec->body, "targets"), i), "metric"));
		const term *t = metric ? vocabulary_find(vocabulary_get("pledge-metrics"), metric) : NULL;
		g_autofree char *title = n == 1 ? g_strdup(language_text(l, "Where it stands, and why"))
			: view_message(language_text(l, "Where target {n} stands, and why: {metric}"), "n", number, "metric",
				t && strcmp(metric, "other") != 0 ? language_text(l, t->label) : j.unit_as_stated ? j.unit_as_stated : language_text(l, "other"), NULL);
		json_t *section = sheet_section(view, id, title);
		g_autofree char *verdict = pledge_verdict(r, &j);
		view_take(section, "note", view_message(language_text(l, "Status: {status}. {verdict} The rule that decided: {rule}"), "status",
			language_text(l, pledge_state_words[j.rule->state].label), "verdict", verdict, "rule", language_text(l, j.rule->says), NULL));
		json_object_set_new(section, "table", numbers_table(r, &j, today));
		json_t *charts = json_array();
		for (int kind_of = PLEDGE_GAP; kind_of <= PLEDGE_BURN_UP; kind_of++)
			if (pledge_has_chart(&known->facts, i, kind_of))
				json_array_append_new(charts, pledge_chart_view(r, &known->facts, i, kind_of, address));
		json_object_set_new(section, "charts", charts);
	}
}

/* ---- completeness ---- */

static void add_completeness(json_t *view, const request *r, const record *rec)
{
	const language *l = request_language(r);
	static const struct { const char *glyph, *word; } words[] = {
		[COMPLETE_MISSING] = {"✕", N_("missing")}, [COMPLETE_PARTLY] = {"◐", N_("partly")}, [COMPLETE_PRESENT] = {"✓", N_("said")},
		[COMPLETE_NOT_APPLICABLE] = {"–", N_("not needed")},
	};
	completeness_list list;
	pledge_completeness(rec->body, &list);
	g_autofree char *said = g_strdup_printf("%u", list.present), *of = g_strdup_printf("%u", list.applicable);
	g_autofree char *title = view_message(language_text(l, "How complete the promise is: {n} of {total}"), "n", said, "total", of, NULL);
	json_t *section = sheet_section(view, "completeness", title), *items = json_array();
	view_put(section, "note", language_text(l, "What a promise needs so that it can be kept or broken. Missing means missing in the sources read here."));
	for (gsize i = 0; i < COMPLETENESS_ITEMS; i++) {
		const completeness_item *item = &list.items[i];
		const char *sentence = item->state == COMPLETE_PRESENT ? item->present : item->state == COMPLETE_NOT_APPLICABLE ? item->not_applicable : item->missing;
		g_autofree char *have = g_strdup_printf("%u", item->have), *needed = g_strdup_printf("%u", item->of);
		g_autofree char *partly = view_message(language_text(l, "{n} of {total} targets say it"), "n", have, "total", needed, NULL);
		json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:s, s:s}", "state", completeness_ids[item->state], "glyph", words[item->state].glyph,
			"name", language_text(l, item->label), "word", item->state == COMPLETE_PARTLY ? partly : language_text(l, words[item->state].word),
			"sentence", language_text(l, sentence)));
	}
	json_object_set_new(section, "checklist", json_pack("{s:o}", "items", items));
}

/* ---- events in order of time ---- */

typedef struct event {
	double at;
	char *date, *text, *more;
} event;

static void event_clear(gpointer data)
{
	event *e = data;
	g_free(e->date);
	g_free(e->text);
	g_free(e->more);
}

static void event_add(GArray *events, const request *r, const char *date, char *text, const char *more)
{
	event e = {.at = day_end(date), .text = text, .more = g_strdup(more)};
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

static void gather_events(GArray *events, const request *r, const record *rec, const board_case *known)
{
	const language *l = request_language(r);
	const json_t *entry;
	gsize i;
	event_add(events, r, member(rec->body, "made_on"), g_strdup(language_text(l, "Promise made")), member(rec->body, "announced_at"));
	json_array_foreach(json_object_get(rec->body, "milestones"), i, entry)
		event_add(events, r, member(entry, "date"), g_strdup(language_text(l, "Milestone")), member(entry, "criterion"));
	promise p;
	for (i = 0; promise_read(rec->body, i, &p); i++) {
		g_autofree char *due = pledge_year(p.due), *amount = pledge_amount(r, p.value, p.unit, p.unit_as_stated);
		event_add(events, r, due, g_strdup(language_text(l, "Deadline")), amount ? amount : p.unit_as_stated);
	}
	for (i = 0; i < known->progress->len; i++) {
		const record *report = g_ptr_array_index(known->progress, i);
		g_autofree char *year = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(report->body, "year")));
		const char *what = member(json_array_get(json_object_get(report->body, "figures"), 0), "what");
		event_add(events, r, year, g_strdup(json_is_true(json_object_get(report->body, "nothing_to_report"))
			? language_text(l, "Report: nothing to report") : language_text(l, "Report")), what ? what : member(report->body, "narrative"));
	}
	event_add(events, r, member(rec->body, "replied_on"), g_strdup(language_text(l, "Reply to criticism")), NULL);
	event_add(events, r, member(rec->body, "withdrawn_on"), g_strdup(language_text(l, "Given up")), member(rec->body, "withdrawal_reason"));
	g_array_sort(events, by_time);
}

static void add_events(json_t *view, const request *r, const record *rec, const board_case *known)
{
	const language *l = request_language(r);
	g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(event));
	g_array_set_clear_func(events, event_clear);
	gather_events(events, r, rec, known);
	if (!events->len)
		return;
	char today[11];
	board_today(request_as_of(r), today);
	json_t *section = sheet_section(view, "timeline", language_text(l, "Timeline")), *items = json_array();
	for (guint i = 0; i < events->len; i++) {
		const event *e = &g_array_index(events, event, i);
		json_array_append_new(items, json_pack("{s:s, s:s, s:s?, s:n, s:b}", "date", e->date, "sentence", e->text, "more", e->more, "to", "ahead",
			e->at > day_end(today)));
	}
	json_object_set_new(section, "events", json_pack("{s:o}", "items", items));
}

/* ---- progress reports ---- */

static void figure_row(json_t *table, const request *r, const record *report, const json_t *figure)
{
	const language *l = request_language(r);
	static const trust reported = TRUST_REPORTED;
	json_t *value = view_figure(r, figure, "value");
	const char *number = json_string_value(json_object_get(value, "value"));
	json_int_t source_n = json_integer_value(json_object_get(figure, "source")), target = json_integer_value(json_object_get(figure, "target"));
	const json_t *source, *found = NULL;
	gsize i;
	json_array_foreach(json_object_get(report->body, "sources"), i, source)
		if (json_integer_value(json_object_get(source, "n")) == source_n)
			found = source;
	g_autofree char *year = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(report->body, "year")));
	g_autofree char *number_text = g_strdup_printf("%" JSON_INTEGER_FORMAT, target);
	g_autofree char *answers = target ? view_message(language_text(l, "target {n}"), "n", number_text, NULL) : g_strdup(language_text(l, "none"));
	const view_cell cells[] = {
		{.text = year, .head = TRUE},
		{.text = member(figure, "what")},
		{.text = number ? number : language_text(l, "no figure"), .unit = number ? json_string_value(json_object_get(value, "unit")) : NULL, .mark = number ? &reported : NULL},
		{.text = answers},
		{.text = member(found, "title") ? member(found, "title") : "–", .href = member(found, "url"), .note = member(found, "publisher")},
	};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
	json_decref(value);
}

static void add_progress(json_t *view, const request *r, const board_case *known)
{
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "progress", language_text(l, "Progress reports"));
	json_t *table = view_table(language_text(l, "What was reported, newest last; a figure counts only if it answers a target in its unit"));
	static const char *const columns[] = {N_("Year"), N_("What"), N_("Value"), N_("Answers"), N_("Source")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), FALSE);
	for (guint i = 0; i < known->progress->len; i++) {
		const record *report = g_ptr_array_index(known->progress, i);
		const json_t *figure;
		gsize k;
		json_array_foreach(json_object_get(report->body, "figures"), k, figure)
			figure_row(table, r, report, figure);
	}
	if (json_array_size(json_object_get(table, "rows")))
		json_object_set_new(section, "table", table);
	else {
		json_decref(table);
		view_put(section, "note", language_text(l, "No report is known here. That is not the same as no progress."));
	}
}

/* ---- criticism and reply, alignment ---- */

static json_t *side(const char *name, const char *said, const char *silence)
{
	return json_pack("{s:s, s:o, s:s}", "name", name, "said", said ? view_prose(said) : json_null(), "silence", silence);
}

static void add_dispute(json_t *view, const request *r, const record *rec)
{
	const language *l = request_language(r);
	json_t *section = sheet_section(view, "criticism", language_text(l, "Criticism and reply"));
	json_object_set_new(section, "pair", json_pack("{s:[o, o]}", "sides",
		side(language_text(l, "What is open or disputed"), member(rec->body, "criticism"), language_text(l, "No criticism is known here.")),
		side(language_text(l, "What the organisation answers"), member(rec->body, "reply"),
			language_text(l, "No reply yet. The organisation has the right to one, dated, in this place."))));
}

static void add_alignment(json_t *view, const request *r, const record *rec)
{
	const language *l = request_language(r);
	const json_t *entries = json_object_get(rec->body, "alignment"), *entry;
	gsize i;
	if (!json_array_size(entries))
		return;
	json_t *section = sheet_section(view, "alignment", language_text(l, "Alignment it claims"));
	view_put(section, "note", language_text(l, "Alignment is a test, not a tag: same kind of land, inside the target's area and period, counted once, beyond legal duty, "
		"confirmed by the country's focal point. None of these claims was tested yet."));
	json_t *table = view_table(language_text(l, "What the pledge says it aligns with"));
	view_table_column(table, language_text(l, "Framework"), FALSE);
	view_table_column(table, language_text(l, "In its own words"), FALSE);
	view_table_column(table, language_text(l, "Tested"), FALSE);
	json_array_foreach(entries, i, entry) {
		g_autofree char *framework = value_text(r, rec->kind, "alignment.framework", json_object_get(entry, "framework"));
		const char *target = member(entry, "target"), *stated = member(entry, "as_stated");
		g_autofree char *target_title = target ? view_record_title(r, "target", target) : NULL;
		g_autofree char *href = target ? view_record_address(r, kind_by_name("target"), target) : NULL;
		const view_cell cells[] = {
			{.text = target_title ? target_title : framework ? framework : stated, .href = href, .head = TRUE},
			{.text = stated ? stated : "–"}, {.text = language_text(l, "not tested")},
		};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	json_object_set_new(section, "table", table);
}

void pledge_sections_rest(json_t *view, const request *r, const record *rec, const board_case *known)
{
	add_completeness(view, r, rec);
	add_events(view, r, rec, known);
	add_progress(view, r, known);
	add_dispute(view, r, rec);
	add_alignment(view, r, rec);
	sheet_figures(view, r, rec, "finance_committed", "what", language_text(request_language(r), "Finance committed"));
}
