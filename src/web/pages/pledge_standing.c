/* Where each target of a pledge stands: the gap bar, the charts, why, and the discrepancy table. */
#include <math.h>
#include <string.h>

#include "record/vocabulary.h"
#include "rules/day.h"
#include "rules/discrepancy.h"
#include "web/pages/pledge.h"
#include "web/pages/shown.h"

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* ---- the gap bar: five figures, each explained, on one scale ---- */

static char *unit_text(const request *r, const promise *p, gboolean as_stated)
{
	const term *t = p->unit ? vocabulary_find(vocabulary_get("units"), p->unit) : NULL;
	return g_strdup(as_stated && p->unit_as_stated ? p->unit_as_stated : t ? language_text(request_language(r), t->label) : p->unit);
}

/* The source that a group (a target, a figure) names by number, else the first of the record. */
static const json_t *source_of(const json_t *body, const json_t *group)
{
	json_int_t n = json_integer_value(json_object_get(group, "source"));
	const json_t *sources = json_object_get(body, "sources"), *source;
	gsize i;
	json_array_foreach(sources, i, source)
		if (n && json_integer_value(json_object_get(source, "n")) == n)
			return source;
	return json_array_get(sources, 0);
}

static char *source_text(const json_t *source)
{
	const char *title = member(source, "title"), *publisher = member(source, "publisher");
	return !title ? NULL : publisher ? g_strconcat(title, ", ", publisher, NULL) : g_strdup(title);
}

static const json_t *figure_behind(const json_t *report, gsize target)
{
	const json_t *figure;
	gsize i;
	json_array_foreach(json_object_get(report, "figures"), i, figure)
		if (json_integer_value(json_object_get(figure, "target")) == (json_int_t)target)
			return figure;
	return NULL;
}

json_t *pledge_explain_status(const request *r, const pledge_judgement *j)
{
	const language *l = request_language(r);
	char today[11];
	board_today(request_as_of(r), today);
	g_autofree char *day = language_date(l, today), *method = view_address(r, "/method#status");
	g_autofree char *rule = view_message(language_text(l, "The rule that held: {rule}"), "rule", language_text(l, j->rule->says), NULL);
	return view_explain(r, &figures_explained[FIGURE_STATUS], rule, method, day);
}

json_t *pledge_explain_promised(const request *r, const json_t *pledge, gsize index)
{
	const json_t *source = source_of(pledge, json_array_get(json_object_get(pledge, "targets"), index));
	const char *made = member(pledge, "made_on");
	g_autofree char *text = source_text(source), *date = made ? language_date(request_language(r), made) : NULL;
	g_autofree char *href = source ? g_strdup_printf("#source-%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(source, "n"))) : NULL;
	return view_explain(r, &figures_explained[FIGURE_PROMISED], text, href, date);
}

static json_t *explain_reported(const request *r, const pledge_facts *f, gsize index, const gap_figure *g)
{
	const language *l = request_language(r);
	const json_t *report = f->progress[g->progress], *source = source_of(report, figure_behind(report, index + 1));
	const char *said = member(report, "reported_on");
	g_autofree char *text = source_text(source), *year = pledge_year(g->at), *said_text = said ? language_date(l, said) : NULL;
	g_autofree char *date = said_text ? view_message(language_text(l, "For the end of {year}; published {date}"), "year", year, "date", said_text, NULL)
		: view_message(language_text(l, "For the end of {year}"), "year", year, NULL);
	const char *url = member(source, "url");
	return view_explain(r, &figures_explained[FIGURE_REPORTED], text ? text : member(report, "title"), url ? url : "#progress", date);
}

static json_t *explain_measured(const request *r, const board_case *known, const gap_figure *g)
{
	const language *l = request_language(r);
	const record *found = NULL;
	for (guint s = 0; s < known->sites->len; s++) {
		const board_site *site = g_ptr_array_index(known->sites, s);
		for (guint i = 0; i < site->measurements->len; i++)
			if (strcmp(((record *)g_ptr_array_index(site->measurements, i))->id, g->record) == 0)
				found = g_ptr_array_index(site->measurements, i);
	}
	if (!found)
		return NULL;
	const char *day = member(found->body, "measured_on");
	g_autofree char *path = g_strdup_printf("/measurements/%s", found->id), *href = view_address(r, path), *year = pledge_year(g->at);
	g_autofree char *day_text = day ? language_date(l, day) : NULL;
	g_autofree char *date = day_text ? view_message(language_text(l, "Until the end of {year}; computed {date}"), "year", year, "date", day_text, NULL)
		: view_message(language_text(l, "Until the end of {year}"), "year", year, NULL);
	return view_explain(r, &figures_explained[FIGURE_MEASURED], record_title(found), href, date);
}

static json_t *explain_gap(const request *r, const board_case *known, gsize index, figure_kind kind_of, const gap_figure *g, const char *today)
{
	const language *l = request_language(r);
	g_autofree char *day = language_date(l, today);
	switch (kind_of) {
	case FIGURE_PROMISED:
		return pledge_explain_promised(r, known->facts.pledge, index);
	case FIGURE_REPORTED:
		return explain_reported(r, &known->facts, index, g);
	case FIGURE_MEASURED:
		return explain_measured(r, known, g);
	default:
		return view_explain(r, &figures_explained[kind_of], language_text(l, "Boundaries of its sites"), "#sites", day);
	}
}

static void append_sentence(GString *line, const char *text)
{
	if (text && *text)
		g_string_append_printf(line, "%s%s", line->len ? " " : "", text);
}

/* The small print of a figure: when, how sure, of how many. */
static char *gap_small_print(const request *r, figure_kind kind_of, const gap_figure *g)
{
	const language *l = request_language(r);
	GString *line = g_string_new(NULL);
	g_autofree char *year = pledge_year(g->at), *n = g_strdup_printf("%u", g->n), *of = g_strdup_printf("%u", g->of);
	g_autofree char *low = view_significant(r, g->low), *high = view_significant(r, g->high);
	if (g->known && *year && kind_of != FIGURE_MAPPED && kind_of != FIGURE_NET) {
		g_autofree char *when = view_message(kind_of == FIGURE_PROMISED ? language_text(l, "By the end of {year}.")
			: kind_of == FIGURE_REPORTED ? language_text(l, "For the end of {year}, in the pledger’s own words.") : language_text(l, "At the end of {year}."), "year", year, NULL);
		append_sentence(line, when);
	}
	if (low && high) {
		g_autofree char *range = view_message(language_text(l, "Range {low} to {high}."), "low", low, "high", high, NULL);
		append_sentence(line, range);
	}
	if (g->of) {
		g_autofree char *sites = view_message(kind_of == FIGURE_MEASURED ? language_text(l, "{n} of {total} sites give a value.")
			: language_text(l, "{n} of {total} sites have a boundary."), "n", n, "total", of, NULL);
		append_sentence(line, sites);
	}
	if (g->why && g->known)
		append_sentence(line, language_text(l, g->why));
	return g_string_free(line, FALSE);
}

/* Why there is no such figure; of measured land without hectares also what its vegetation does. */
static char *gap_silence(const request *r, figure_kind kind_of, const gap_figure *g, const shown_land *shown)
{
	const char *why = g->why ? language_text(request_language(r), g->why) : "";
	g_autofree char *course = kind_of == FIGURE_MEASURED && shown->measured ? shown_course(r, shown) : NULL;
	return course ? g_strdup_printf("%s %s", why, course) : g_strdup(why);
}

static json_t *gap_tally(const request *r, const board_case *known, gsize index, const shown_land *shown, const char *today)
{
	const language *l = request_language(r);
	static const trust marks[GAP_FIGURES] = {TRUST_PROMISED, TRUST_PROMISED, TRUST_PROMISED, TRUST_REPORTED, TRUST_MEASURED};
	gap_figure gap[GAP_FIGURES];
	promise p;
	promise_read(known->facts.pledge, index, &p);
	promise_gap(&known->facts, index, &known->land, today, gap);
	json_t *tally = json_array();
	double to = 0;
	for (int i = 0; i < GAP_FIGURES; i++)
		to = fmax(to, fmax(gap[i].known ? gap[i].value : 0, gap[i].known && isfinite(gap[i].high) ? gap[i].high : 0));
	for (int i = 0; i < GAP_FIGURES; i++) {
		const gap_figure *g = &gap[i];
		const view_bar bar = {g->value, g->low, g->high, to};
		/* Land stands beside promises of land only. */
		if ((i == FIGURE_MAPPED || i == FIGURE_NET) && g_strcmp0(p.base, "ha") != 0)
			continue;
		char *value = !g->known ? NULL : i == FIGURE_MEASURED ? view_significant(r, g->value) : language_number(l, g->value, fabs(g->value) < 100 ? 2 : 0);
		g_autofree char *none = gap_silence(r, i, g, shown);
		json_array_append_new(tally, view_tally_row((view_tally){.mark = &marks[i], .label = language_text(l, figures_explained[i].label), .none = none,
			.value = value, .unit = unit_text(r, &p, i == FIGURE_PROMISED), .when = gap_small_print(r, i, g),
			.explain = g->known ? explain_gap(r, known, index, i, g, today) : NULL, .bar = g->known ? &bar : NULL}));
	}
	return json_pack("{s:o}", "tally", tally);
}

/* ---- why: the rule and its numbers ---- */

static void number_row(json_t *table, const char *what, const char *value, const char *when, const trust *mark)
{
	const view_cell cells[] = {{.text = what, .head = TRUE}, {.text = value ? value : "–", .mark = value ? mark : NULL}, {.text = when && *when ? when : "–"}};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

static char *measured_text(const request *r, const pledge_judgement *j)
{
	const language *l = request_language(r);
	g_autofree char *value = view_significant(r, j->measured.value), *low = view_significant(r, j->measured.low), *high = view_significant(r, j->measured.high);
	g_autofree char *n = g_strdup_printf("%u", j->measured.told), *of = g_strdup_printf("%u", j->measured.sites);
	if (!value)
		return g_strdup(language_text(l, measured_state_words[j->measured_state].label));
	return low && high ? view_message(language_text(l, "{value}, range {low} to {high}; {n} of {total} sites"), "value", value, "low", low, "high", high, "n", n, "total", of, NULL)
		: view_message(language_text(l, "{value}; {n} of {total} sites"), "value", value, "n", n, "total", of, NULL);
}

static json_t *numbers_table(const request *r, const pledge_judgement *j, const char *today)
{
	const language *l = request_language(r);
	static const trust promised_mark = TRUST_PROMISED, reported_mark = TRUST_REPORTED, measured_mark = TRUST_MEASURED;
	g_autofree char *target = g_strdup_printf("%" G_GSIZE_FORMAT, j->target);
	g_autofree char *caption = view_message(language_text(l, "The numbers the rule looked at, target {n}"), "n", target, NULL);
	json_t *table = view_figure_table(r, caption, isfinite(j->expected) || isfinite(j->expected_now) ? EXPLAINS(FIGURE_EXPECTED) : 0);
	view_table_column(table, language_text(l, "Number"), FALSE);
	view_table_column(table, language_text(l, "Value"), FALSE);
	view_table_column(table, language_text(l, "When"), FALSE);
	g_autofree char *promised = pledge_amount(r, j->promised, j->unit, j->unit_as_stated), *due = pledge_year(j->due);
	g_autofree char *expected = pledge_amount(r, j->expected, j->unit, NULL), *now = pledge_amount(r, j->expected_now, j->unit, NULL);
	g_autofree char *reported = pledge_amount(r, j->reported, j->unit, NULL), *year = pledge_year(j->reported_at);
	g_autofree char *measured = measured_text(r, j), *measured_year = pledge_year(j->measured.at);
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
	number_row(table, language_text(l, "Measured"), measured, measured_year, isfinite(j->measured.value) ? &measured_mark : NULL);
	number_row(table, isfinite(j->last_report) ? language_text(l, "Since anything was last reported; a year counts to its end") : language_text(l, "Since it was made, without a report"),
		j->months_silent ? months : isfinite(j->last_report) ? months : language_text(l, "not known"), last_text, NULL);
	return table;
}

static json_t *why_fold(const request *r, const pledge_judgement *j, const char *today)
{
	const language *l = request_language(r);
	json_t *fold = json_pack("{s:s, s:o, s:n}", "label", language_text(l, "Why: the rule that decided, and its numbers"), "table", numbers_table(r, j, today), "downloads");
	view_take(fold, "note", view_message(language_text(l, "Rules are tried in order; this one held first: {rule}"), "rule", language_text(l, j->rule->says), NULL));
	return fold;
}

/* ---- the discrepancy table ---- */

static char *range_text(const request *r, const discrepancy_row *row)
{
	const language *l = request_language(r);
	g_autofree char *low = view_significant(r, row->low), *high = view_significant(r, row->high);
	g_autofree char *later = row->measured_year > row->year ? g_strdup_printf("%d", row->measured_year) : NULL;
	g_autofree char *range = low && high ? view_message(language_text(l, "{low} to {high}"), "low", low, "high", high, NULL) : NULL;
	g_autofree char *when = later ? view_message(language_text(l, "at the end of {year}"), "year", later, NULL) : NULL;
	return range && when ? g_strconcat(range, "; ", when, NULL) : g_strdup(range ? range : when);
}

static void add_discrepancy(json_t *table, const request *r, const board_case *known, const discrepancy_row *row)
{
	const language *l = request_language(r);
	static const trust promised_mark = TRUST_PROMISED, reported_mark = TRUST_REPORTED, measured_mark = TRUST_MEASURED;
	g_autofree char *year = g_strdup_printf("%d", row->year), *promised = view_significant(r, row->promised), *measured = view_significant(r, row->measured);
	g_autofree char *reported = isfinite(row->reported) ? language_number(l, row->reported, fabs(row->reported) < 100 ? 2 : 0) : NULL;
	g_autofree char *difference = view_significant(r, row->difference), *range = range_text(r, row);
	const discrepancy_word *word = &discrepancy_words[row->verdict];
	g_autofree char *verdict = g_strdup_printf("%s\302\240%s", word->glyph, language_text(l, word->label));
	g_autofree char *site = row->site ? view_record_title(r, "site", row->site) : NULL, *href = row->site ? view_record_address(r, kind_by_name("site"), row->site) : NULL;
	const view_cell cells[] = {
		{.text = year, .head = TRUE},
		{.text = site ? site : language_text(l, "all of it"), .href = href},
		{.text = promised ? promised : row->site && known->sites->len > 1 ? language_text(l, "not divided") : "–", .mark = promised ? &promised_mark : NULL},
		{.text = reported ? reported : "–", .mark = reported ? &reported_mark : NULL},
		{.text = measured ? measured : row->sites ? language_text(l, "too small to tell") : "–", .note = range, .mark = measured ? &measured_mark : NULL},
		{.text = difference ? difference : "–"},
		{.text = verdict},
	};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

static json_t *discrepancy_fold(const request *r, const record *rec, const board_case *known, gsize index, const char *today)
{
	const language *l = request_language(r);
	g_autoptr(GArray) rows = promise_discrepancies(&known->facts, index, (site_measurement *)(gpointer)known->measurements->data, known->measurements->len, today);
	if (!rows->len)
		return NULL;
	promise p;
	promise_read(known->facts.pledge, index, &p);
	g_autofree char *unit = unit_text(r, &p, FALSE);
	g_autofree char *caption = view_message(language_text(l, "In {unit}, at the end of each year; difference is reported less measured"), "unit", unit, NULL);
	json_t *table = view_figure_table(r, caption, EXPLAINS(FIGURE_EXPECTED) | EXPLAINS(FIGURE_REPORTED) | EXPLAINS(FIGURE_MEASURED) | EXPLAINS(FIGURE_DIFFERENCE)), *formats = json_array();
	static const char *const columns[] = {N_("Year"), N_("Land"), N_("Due by then"), N_("Reported"), N_("Measured"), N_("Difference"), N_("Verdict")};
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
		view_table_column(table, language_text(l, columns[i]), FALSE);
	for (guint i = 0; i < rows->len; i++)
		add_discrepancy(table, r, known, &g_array_index(rows, discrepancy_row, i));
	static const char *const endings[] = {"CSV", "csv", "JSON", "json"};
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i += 2) {
		json_t *format_view = json_pack("{s:s}", "name", endings[i]);
		g_autofree char *path = g_strdup_printf("/pledges/%s/discrepancies.%s", rec->id, endings[i + 1]);
		view_take(format_view, "href", view_address(r, path));
		json_array_append_new(formats, format_view);
	}
	json_t *fold = json_pack("{s:s, s:o, s:{s:s, s:o}}", "label", language_text(l, "Promised, reported and measured, year by year"), "table", table, "downloads",
		"label", language_text(l, "This table as data:"), "formats", formats);
	view_put(fold, "note", language_text(l, figures_explained[FIGURE_DIFFERENCE].method));
	return fold;
}

/* ---- the sections ---- */

static char *standing_title(const request *r, const record *rec, gsize index, const pledge_judgement *j)
{
	const language *l = request_language(r);
	if (promise_count(rec->body) == 1)
		return g_strdup(language_text(l, "Where it stands, and why"));
	g_autofree char *number = g_strdup_printf("%" G_GSIZE_FORMAT, index + 1);
	const char *metric = member(json_array_get(json_object_get(rec->body, "targets"), index), "metric");
	const term *t = metric ? vocabulary_find(vocabulary_get("pledge-metrics"), metric) : NULL;
	return view_message(language_text(l, "Where target {n} stands, and why: {metric}"), "n", number, "metric",
		t && strcmp(metric, "other") != 0 ? language_text(l, t->label) : j->unit_as_stated ? j->unit_as_stated : language_text(l, "other"), NULL);
}

void pledge_sections_standing(json_t *view, const request *r, const record *rec, const board_case *known, const shown_land *shown, const char *address)
{
	const language *l = request_language(r);
	char today[11];
	board_today(request_as_of(r), today);
	for (gsize i = 0; i < promise_count(rec->body); i++) {
		pledge_judgement j;
		promise_judge(&known->facts, i, today, &j);
		g_autofree char *id = g_strdup_printf("standing-%" G_GSIZE_FORMAT, i + 1), *title = standing_title(r, rec, i, &j), *verdict = pledge_verdict(r, &j);
		json_t *section = sheet_section(view, id, title), *charts = json_array(), *folds = json_array();
		view_take(section, "note", view_message(language_text(l, "Status: {status}. {verdict}"), "status", language_text(l, pledge_state_words[j.rule->state].label),
			"verdict", verdict, NULL));
		json_object_set_new(section, "explain", pledge_explain_status(r, &j));
		json_object_set_new(section, "tally", gap_tally(r, known, i, shown, today));
		if (pledge_has_chart(&known->facts, i, PLEDGE_BURN_UP))
			json_array_append_new(charts, pledge_chart_view(r, known, i, address));
		json_object_set_new(section, "charts", charts);
		json_array_append_new(folds, why_fold(r, &j, today));
		json_t *discrepancies = discrepancy_fold(r, rec, known, i, today);
		if (discrepancies)
			json_array_append_new(folds, discrepancies);
		json_object_set_new(section, "fold", folds);
	}
}
