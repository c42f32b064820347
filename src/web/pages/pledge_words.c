#include <math.h>
#include <string.h>

#include "record/vocabulary.h"
#include "web/pages/land.h"
#include "web/pages/pledge.h"

char *pledge_unit(const request *r, const char *unit)
{
	const term *t = unit ? vocabulary_find(vocabulary_get("units"), unit) : NULL;
	return g_strdup(t ? language_text(request_language(r), t->label) : unit ? unit : "");
}

char *pledge_amount(const request *r, double value, const char *unit, const char *unit_as_stated)
{
	if (!isfinite(value))
		return NULL;
	g_autofree char *number = language_number(request_language(r), value, fabs(value) < 100 ? 2 : 0);
	g_autofree char *label = unit_as_stated ? g_strdup(unit_as_stated) : pledge_unit(r, unit);
	return *label ? g_strdup_printf("%s\302\240%s", number, label) : g_steal_pointer(&number);
}

char *pledge_year(double at)
{
	return isfinite(at) ? g_strdup_printf("%.0f", floor(at - 1e-9)) : g_strdup("");
}

static char *plain(const request *r, double value)
{
	return isfinite(value) ? language_number(request_language(r), value, fabs(value) < 100 ? 2 : 0) : g_strdup("");
}

char *pledge_verdict(const request *r, const pledge_judgement *j)
{
	g_autofree char *promised = plain(r, j->promised), *expected = plain(r, j->expected), *reported = plain(r, j->reported);
	/* Measured values as everywhere; the ends of the range in full, for a verdict may hang on them. */
	g_autofree char *measured = view_significant(r, j->measured.value), *low = plain(r, j->measured.low), *high = plain(r, j->measured.high);
	g_autofree char *due = pledge_year(j->due), *year = pledge_year(j->reported_at), *unit = j->unit ? pledge_unit(r, j->unit) : g_strdup("");
	g_autofree char *months = g_strdup_printf("%d", j->months_silent);
	return view_message(language_text(request_language(r), j->rule->verdict), "promised", promised, "expected", expected, "reported", reported,
		"measured", measured ? measured : "", "low", low, "high", high, "due", due, "year", year, "unit", unit, "months", months, NULL);
}

gboolean pledge_is_loud(const pledge_judgement *j)
{
	return j->rule->state == PLEDGE_OVERDUE || j->rule->state == PLEDGE_CONTRADICTED;
}

mustache_list *pledge_status(const request *r, const pledge_judgement *j)
{
	enum { GLYPH, LABEL, LOUD, GOOD, VERDICT };
	static const char *const members[] = { [GLYPH] = "glyph", [LABEL] = "label", [LOUD] = "loud", [GOOD] = "good", [VERDICT] = "verdict", NULL };
	pledge_state s = j->rule->state;
	mustache_list *status = mustache_list_new(request_pool(r), members);
	mustache_cell *cells = mustache_list_add(status);
	cells[GLYPH].text = pledge_state_words[s].glyph;
	cells[LABEL].text = language_text(request_language(r), pledge_state_words[s].label);
	cells[LOUD].text = pledge_is_loud(j) ? mustache_true : NULL;
	cells[GOOD].text = s == PLEDGE_ON_TRACK || s == PLEDGE_ACHIEVED_REPORTED || s == PLEDGE_ACHIEVED_MEASURED ? mustache_true : NULL;
	cells[VERDICT].text = view_own(r, pledge_verdict(r, j));
	return status;
}

board *pledge_board(const request *r, GError **error)
{
	return board_get(request_reader(r), store_reader_generation(request_reader(r)), request_as_of(r), error);
}

static char *metric_label(const request *r, const char *metric)
{
	const term *t = metric ? vocabulary_find(vocabulary_get("pledge-metrics"), metric) : NULL;
	return g_strdup(t ? language_text(request_language(r), t->label) : metric ? metric : "");
}

/* The figure a pledge is remembered by: its first target with one. */
static void row_figure(list_row row, const request *r, const json_t *body)
{
	const language *l = request_language(r);
	promise p;
	for (gsize i = 0; promise_read(body, i, &p); i++) {
		if (!isfinite(p.value))
			continue;
		g_autofree char *year = pledge_year(p.due), *metric = metric_label(r, p.metric);
		g_autofree char *said = g_strcmp0(p.metric, "other") == 0 || !*metric ? g_strdup(language_text(l, "promised")) : g_utf8_strdown(metric, -1);
		char *label = *year ? view_message(language_text(l, "{what}, by {year}"), "what", said, "year", year, NULL) : g_strdup(said);
		char *unit = p.unit_as_stated ? g_strdup(p.unit_as_stated) : pledge_unit(r, p.unit);
		list_row_fact(row, (list_fact){ view_own(r, language_number(l, p.value, 2)), view_own(r, unit), view_own(r, label) });
		return;
	}
	list_row_fact(row, (list_fact){ "", NULL, language_text(l, "no figure promised") });
}

void pledge_row(mustache_list *rows, const request *r, const store_hit *hit, const board *b)
{
	const language *l = request_language(r);
	const record *rec = hit->record;
	const char *who = view_own(r, view_values(r, rec, "organisations"));
	const list_row row = list_row_add(rows, r, hit, who ? who : view_copy(r, json_string_value(json_object_get(rec->body, "organisation_as_stated"))));
	const board_pledge *known = board_find(b, hit->id);
	row_figure(row, r, rec->body);
	if (known) {
		list_row_status(row, pledge_status(r, &known->judgement));
		g_autofree char *said = g_strdup_printf("%u", known->complete), *of = g_strdup_printf("%u", known->applicable);
		list_row_tag(row, view_own(r, view_message(language_text(l, "says {n} of {total} things a promise needs"), "n", said, "total", of, NULL)));
	}
	list_row_tag(row, view_own(r, view_values(r, rec, "countries")));
}

static char *figure_text(const request *r, const total_figure *figure)
{
	return figure->n ? language_number(request_language(r), figure->value, 0) : NULL;
}

gboolean pledge_sums_add_up(const pledge_sums *sums)
{
	for (guint i = 0; sums && i < sums->rows->len; i++)
		if (g_array_index(sums->rows, pledge_total, i).adds && g_array_index(sums->rows, pledge_total, i).promised.n)
			return TRUE;
	return FALSE;
}

/* What a set of pledges adds up to, as a table: one row a metric and unit; promised, reported and measured in columns of their own. */
static json_t *pledge_totals_table(const request *r, const pledge_sums *sums)
{
	const language *l = request_language(r);
	static const trust marks[] = {TRUST_PROMISED, TRUST_REPORTED, TRUST_MEASURED};
	json_t *table = view_figure_table(r, language_text(l, "Each row is one metric in one unit; columns are never added to each other"),
		EXPLAINS(FIGURE_PROMISED) | EXPLAINS(FIGURE_REPORTED) | EXPLAINS(FIGURE_MEASURED));
	view_table_column(table, language_text(l, "Promised metric"), FALSE);
	view_table_column(table, language_text(l, "Promised"), TRUE);
	view_table_column(table, language_text(l, "Reported"), TRUE);
	view_table_column(table, language_text(l, "Measured"), TRUE);
	view_table_column(table, language_text(l, "Targets"), TRUE);
	for (guint i = 0; i < sums->rows->len; i++) {
		const pledge_total *row = &g_array_index(sums->rows, pledge_total, i);
		if (!row->adds)
			continue;
		g_autofree char *metric = metric_label(r, row->metric), *unit = row->unit ? pledge_unit(r, row->unit) : NULL;
		const total_figure *figures[] = {&row->promised, &row->reported, &row->measured};
		g_autofree char *count = language_number(l, row->targets, 0);
		g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
		view_cell cells[5] = {{.text = metric, .head = TRUE}};
		for (int k = 0; k < 3; k++) {
			char *text = figure_text(r, figures[k]);
			g_ptr_array_add(texts, text);
			cells[k + 1] = (view_cell){.text = text ? text : k == 2 ? language_text(l, "not measured")
				: language_text(l, "not stated"), .unit = text ? unit : NULL, .mark = text ? &marks[k] : NULL};
		}
		cells[4] = (view_cell){.text = count};
		view_table_row(table, cells, 5);
	}
	return table;
}

/* Hectares promised, each class counted by itself. */
typedef struct class_split {
	const char *label, *caption, *column; /* msgids */
	const char *vocabulary, *const *ids;
	int n;
	const total_figure *(*of)(const pledge_total *row);
} class_split;

static const total_figure *by_duty(const pledge_total *row)
{
	return row->promised_by_duty;
}

static const total_figure *by_land(const pledge_total *row)
{
	return row->promised_by_land;
}

static const class_split splits[] = {
	{N_("By what obliges to it"), N_("Duty is not a gift: what law or permit obliges to is counted apart. Where a pledge is silent, its sites speak if they all agree"),
		N_("What obliges to it"), "duty-classes", duty_class_ids, DUTY_CLASSES, by_duty},
	{N_("By class of land"), N_("Land of working mines, of old ones, and outside mines, as the pledges say it"), N_("Class of land"), "land-classes", land_class_ids, LAND_CLASSES, by_land},
};

static total_figure class_sum(const pledge_sums *sums, const class_split *s, int c)
{
	total_figure sum = {0};
	for (guint i = 0; i < sums->rows->len; i++) {
		const pledge_total *row = &g_array_index(sums->rows, pledge_total, i);
		if (!row->adds || g_strcmp0(row->unit, "ha") != 0)
			continue;
		sum.value += s->of(row)[c].value;
		sum.n += s->of(row)[c].n;
	}
	return sum;
}

char *pledge_duty_text(const request *r, const pledge_sums *sums)
{
	const language *l = request_language(r);
	static const char *const messages[] = {[DUTY_DUTY] = N_("{ha} ha a legal duty"), [DUTY_BEYOND] = N_("{ha} ha beyond duty"), [DUTY_OFFSET] = N_("{ha} ha offsets"),
		[DUTY_UNKNOWN] = N_("{ha} ha whose duty is not stated")};
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	for (int c = 0; c < DUTY_CLASSES; c++) {
		const total_figure sum = class_sum(sums, &splits[0], c);
		g_autofree char *ha = sum.n ? view_significant(r, sum.value) : NULL;
		if (ha)
			g_ptr_array_add(parts, view_message(language_text(l, messages[c]), "ha", ha, NULL));
	}
	if (!parts->len)
		return g_strdup("");
	g_ptr_array_add(parts, NULL);
	g_autofree char *list = language_list(l, (const char *const *)parts->pdata);
	return view_message(language_text(l, "Counted apart: {list}."), "list", list, NULL);
}

static json_t *split_table(const request *r, const pledge_sums *sums, const class_split *s)
{
	const language *l = request_language(r);
	static const trust promised = TRUST_PROMISED;
	json_t *table = view_figure_table(r, language_text(l, s->caption), EXPLAINS(FIGURE_PROMISED));
	view_table_column(table, language_text(l, s->column), FALSE);
	view_table_column(table, language_text(l, "Promised"), TRUE);
	view_table_column(table, language_text(l, "Targets"), TRUE);
	for (int c = 0; c < s->n; c++) {
		const total_figure sum = class_sum(sums, s, c);
		const term *t = vocabulary_find(vocabulary_get(s->vocabulary), s->ids[c]);
		g_autofree char *value = figure_text(r, &sum), *count = language_number(l, sum.n, 0);
		const view_cell cells[] = {{.text = t ? language_text(l, t->label) : language_text(l, "not stated"), .note = t && t->definition ? language_text(l, t->definition) : NULL, .head = TRUE},
			{.text = value ? value : "–", .unit = value ? "ha" : NULL, .mark = value ? &promised : NULL}, {.text = count}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

static gboolean promises_hectares(const pledge_sums *sums)
{
	for (guint i = 0; i < sums->rows->len; i++) {
		const pledge_total *row = &g_array_index(sums->rows, pledge_total, i);
		if (row->adds && row->promised.n && g_strcmp0(row->unit, "ha") == 0)
			return TRUE;
	}
	return FALSE;
}

/* How many pledges could answer, and what the totals are not: a sentence or two. */
static char *pledge_totals_note(const request *r, const pledge_sums *sums)
{
	const language *l = request_language(r);
	guint counted = 0;
	for (guint i = 0; i < sums->rows->len; i++)
		counted += g_array_index(sums->rows, pledge_total, i).adds ? 0 : g_array_index(sums->rows, pledge_total, i).targets;
	g_autofree char *targets = language_number(l, sums->targets, 0), *others = language_number(l, counted, 0);
	g_autofree char *sites = language_number(l, sums->with_sites, 0), *all = language_number(l, sums->pledges, 0);
	return view_message(language_text(l,
		"{others} of {targets} targets are shares, ratios or statements: counted, never added up. {sites} of {all} pledges map their land. Totals are gross: "
		"what two pledges both promise stands in them twice, and a body's pledge may contain those of its members."),
		"others", others, "targets", targets, "sites", sites, "all", all, NULL);
}

json_t *pledge_totals_folds(const request *r, const pledge_sums *sums)
{
	const language *l = request_language(r);
	json_t *folds = json_array();
	json_t *fold = json_pack("{s:s, s:o, s:n}", "label", language_text(l, "By what is promised"), "table", pledge_totals_table(r, sums), "downloads");
	view_take(fold, "note", pledge_totals_note(r, sums));
	json_array_append_new(folds, fold);
	for (gsize i = 0; i < G_N_ELEMENTS(splits) && promises_hectares(sums); i++)
		json_array_append_new(folds, json_pack("{s:s, s:o, s:n, s:n}", "label", language_text(l, splits[i].label), "table", split_table(r, sums, &splits[i]), "note", "downloads"));
	return folds;
}

/* A row of the tally; the value is taken, NULL: not known. */
static void tally_row(json_t *tally, const request *r, figure_kind kind_of, const trust *mark, char *value, const char *none, char *when)
{
	json_array_append_new(tally, view_tally_row((view_tally){.mark = mark, .label = language_text(request_language(r), figures_explained[kind_of].label), .none = none,
		.value = value, .unit = g_strdup("ha"), .when = when,
		.explain = value ? view_explain_kind(r, kind_of) : NULL}));
}

/* one, many: by how many there are in all. */
static char *of_text(const request *r, const char *one, const char *many, guint n, guint of)
{
	const char *message = language_plural(request_language(r), one, many, of);
	g_autofree char *some = language_number(request_language(r), n, 0), *all = language_number(request_language(r), of, 0);
	return view_message(message, "n", some, "total", all, NULL);
}

/* Of how many, and how sure. */
static char *measured_text(const request *r, const pledge_sums *sums)
{
	const total_figure *measured = &sums->hectares_measured;
	char *of = of_text(r, "of {n} of {total} pledge in hectares", "of {n} of {total} pledges in hectares", sums->measured_hectares, sums->with_hectares);
	g_autofree char *low = measured->n ? view_significant(r, measured->low) : NULL, *high = measured->n ? view_significant(r, measured->high) : NULL;
	if (!low || !high)
		return of;
	g_autofree char *how = of, *both = view_message(language_text(request_language(r), "{how}; range {low} to {high}"), "how", how, "low", low, "high", high, NULL);
	return measured->approximate ? g_strconcat(both, ". ", land_approximate(r), NULL) : g_steal_pointer(&both);
}

/* Of how many, and what obliges to it. */
static char *promised_text(const request *r, const pledge_sums *sums)
{
	g_autofree char *of = of_text(r, "in hectares by {n} of {total} pledge", "in hectares by {n} of {total} pledges", sums->with_hectares, sums->pledges), *duty = pledge_duty_text(r, sums);
	return *duty ? g_strdup_printf("%s. %s", of, duty) : g_steal_pointer(&of);
}

json_t *pledge_tally(const request *r, const pledge_sums *sums, json_t *mapped)
{
	const language *l = request_language(r);
	static const trust marks[] = {TRUST_PROMISED, TRUST_REPORTED, TRUST_MEASURED};
	const total_figure *promised = &sums->hectares_promised, *reported = &sums->hectares_reported, *measured = &sums->hectares_measured;
	json_t *tally = json_array();
	tally_row(tally, r, FIGURE_PROMISED, &marks[0], promised->n ? language_number(l, promised->value, 0) : NULL, language_text(l, "no hectares promised"),
		promised_text(r, sums));
	if (mapped)
		json_array_append_new(tally, mapped);
	tally_row(tally, r, FIGURE_REPORTED, &marks[1], reported->n ? language_number(l, reported->value, 0) : NULL, language_text(l, "no hectares reported"),
		of_text(r, "as an answer by {n} of {total} pledge in hectares", "as an answer by {n} of {total} pledges in hectares", sums->reported_hectares, sums->with_hectares));
	tally_row(tally, r, FIGURE_MEASURED, &marks[2], measured->n ? view_significant(r, measured->value) : NULL, language_text(l, "not measured yet"),
		measured_text(r, sums));
	return json_pack("{s:o}", "tally", tally);
}

char *pledge_states_text(const request *r, const pledge_sums *sums)
{
	const language *l = request_language(r);
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < PLEDGE_STATES; i++) {
		g_autofree char *n = language_number(l, sums->states[i], 0);
		if (sums->states[i])
			g_ptr_array_add(parts, view_message(language_text(l, "{n} {status}"), "n", n, "status", language_text(l, pledge_state_words[i].label), NULL));
	}
	g_ptr_array_add(parts, NULL);
	return language_list(l, (const char *const *)parts->pdata);
}
