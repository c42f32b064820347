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

static void target_row(json_t *table, const request *r, const record *rec, gsize index, const promise *p)
{
	const language *l = request_language(r);
	const kind *k = rec->kind;
	const json_t *target = json_array_get(json_object_get(rec->body, "targets"), index);
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
		{.text = amount ? amount : language_text(l, "no figure"), .mark = amount ? &promised : NULL, .explain = amount ? pledge_explain_promised(r, rec->body, index) : NULL},
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
		target_row(table, r, rec, i, &p);
	json_object_set_new(section, "table", table);
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
	json_object_set_new(section, "explain", view_explain(r, &figures_explained[FIGURE_COMPLETENESS], language_text(l, "The pledge as it was published"), "#promise", NULL));
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

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* ---- progress reports ---- */

static void figure_row(json_t *table, const request *r, const record *report, const json_t *figure)
{
	const language *l = request_language(r);
	static const trust reported = TRUST_REPORTED;
	json_t *value = view_figure(r, report, figure, "value", member(figure, "what"));
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
		{.text = number ? number : language_text(l, "no figure"), .unit = number ? json_string_value(json_object_get(value, "unit")) : NULL, .mark = number ? &reported : NULL, .explain = json_incref(json_object_get(value, "explain"))},
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

void pledge_sections_rest(json_t *view, const request *r, const record *rec, const board_case *known)
{
	add_completeness(view, r, rec);
	add_progress(view, r, known);
	sheet_figures(view, r, rec, "finance_committed", "what", language_text(request_language(r), "Finance committed"));
}
