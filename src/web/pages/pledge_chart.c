#include <math.h>
#include <string.h>

#include "publish/chart.h"
#include "rules/day.h"
#include "web/pages/pledge.h"

/* Everything a chart of one target is drawn from; the texts are owned. */
typedef struct sketch {
	promise target;
	pledge_judgement judgement;
	gap_figure gap[GAP_FIGURES];
	GArray *path, *reports;
	const pledge_facts *facts;
	double today;
	char *title, *subtitle, *source;
} sketch;

static void sketch_clear(sketch *s)
{
	g_clear_pointer(&s->path, g_array_unref);
	g_clear_pointer(&s->reports, g_array_unref);
	g_free(s->title);
	g_free(s->subtitle);
	g_free(s->source);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sketch, sketch_clear)

static gboolean sketch_read(sketch *s, const pledge_facts *facts, gsize target, const char *today)
{
	*s = (sketch){.facts = facts, .today = day_end(today)};
	if (!promise_read(facts->pledge, target, &s->target))
		return FALSE;
	promise_judge(facts, target, today, &s->judgement);
	s->path = promise_path(facts->pledge, &s->target);
	s->reports = promise_reports(&s->target, facts->progress, facts->n_progress);
	for (guint i = s->reports->len; i-- > 0;)
		if (g_array_index(s->reports, report_point, i).at > s->today)
			g_array_remove_index(s->reports, i);
	return TRUE;
}

gboolean pledge_has_chart(const pledge_facts *facts, gsize target, pledge_chart_kind asked)
{
	g_auto(sketch) s = {0};
	/* Whether there is a chart does not depend on the day: far in the future all is known. */
	if (!sketch_read(&s, facts, target, "9000-01-01") || !isfinite(s.target.value))
		return FALSE;
	return asked == PLEDGE_GAP || s.path->len >= 2 || s.reports->len >= 2;
}

/* As exact as a measurement is. */
static char *measured_amount(const request *r, const sketch *s)
{
	g_autofree char *value = view_significant(r, s->judgement.measured.value), *unit = pledge_unit(r, s->target.unit);
	return value ? g_strdup_printf("%s\302\240%s", value, unit) : NULL;
}

static void gap_words(sketch *s, const request *r)
{
	const language *l = request_language(r);
	const pledge_judgement *j = &s->judgement;
	g_autofree char *promised = pledge_amount(r, j->promised, s->target.unit, s->target.unit_as_stated);
	g_autofree char *reported = pledge_amount(r, j->reported, s->target.unit, NULL), *year = pledge_year(j->reported_at);
	g_autofree char *measured = measured_amount(r, s);
	s->title = !promised ? g_strdup(language_text(l, "The promise names no figure that could be drawn")) : measured ? view_message(language_text(l, "{measured} measured of {promised} promised"), "measured", measured, "promised", promised, NULL)
		: reported ? view_message(language_text(l, "{reported} reported by {year}, of {promised} promised; nothing measured"), "reported", reported,
			"year", year, "promised", promised, NULL)
		: view_message(language_text(l, "{promised} promised; nothing reported that answers it"), "promised", promised, NULL);
	s->subtitle = g_strdup(language_text(l, "Outline: promised. Hatched: reported by the pledger. Solid: measured, with its range."));
}

static void burn_up_words(sketch *s, const request *r)
{
	const language *l = request_language(r);
	const pledge_judgement *j = &s->judgement;
	g_autofree char *reported = pledge_amount(r, j->reported, s->target.unit, NULL), *expected = pledge_amount(r, j->expected, s->target.unit, NULL);
	g_autofree char *now = pledge_amount(r, j->expected_now, s->target.unit, NULL), *year = pledge_year(j->reported_at), *due = pledge_year(j->due);
	g_autofree char *promised = pledge_amount(r, j->promised, s->target.unit, NULL);
	g_autofree char *measured = measured_amount(r, s), *measured_year = pledge_year(j->measured.at);
	if (reported && measured)
		s->title = view_message(language_text(l, "{reported} reported for {year}; {measured} measured for {when}"), "reported", reported, "year", year, "measured", measured,
			"when", measured_year, NULL);
	else if (measured)
		s->title = view_message(language_text(l, "{measured} measured for {when}; nothing reported answers it"), "measured", measured, "when", measured_year, NULL);
	else if (reported && expected)
		s->title = view_message(language_text(l, "{reported} reported for {year}, where {expected} were due"), "reported", reported, "year", year,
			"expected", expected, NULL);
	else if (reported)
		s->title = view_message(language_text(l, "{reported} reported for {year}"), "reported", reported, "year", year, NULL);
	else if (now && s->today < j->due)
		s->title = view_message(language_text(l, "By now {expected} are due; nothing reported answers it"), "expected", now, NULL);
	else
		s->title = view_message(language_text(l, "{promised} were due by {due}; nothing reported answers it"), "promised", promised, "due", due, NULL);
	s->subtitle = view_message(language_text(l, "In {unit}, at the end of each year. The promised path runs straight from baseline over milestones to deadline."), "unit",
		s->target.unit_as_stated ? s->target.unit_as_stated : s->target.unit ? s->target.unit : "", NULL);
}

static void sketch_words(sketch *s, const request *r, pledge_chart_kind asked)
{
	(asked == PLEDGE_GAP ? gap_words : burn_up_words)(s, r);
	s->source = g_strdup(language_text(request_language(r), "Source: the pledge and the progress reports listed on its page; reported figures are the pledger's own."));
}

static GBytes *draw_gap(const request *r, const sketch *s, const drawing_form *form, GError **error)
{
	const language *l = request_language(r);
	const pledge_judgement *j = &s->judgement;
	g_autofree char *promised = pledge_amount(r, j->promised, s->target.unit, NULL), *reported = pledge_amount(r, j->reported, s->target.unit, NULL);
	g_autofree char *measured = measured_amount(r, s), *year = pledge_year(j->reported_at), *measured_year = pledge_year(j->measured.at);
	g_autofree char *measured_label = *measured_year ? view_message(language_text(l, "Measured, {year}"), "year", measured_year, NULL) : g_strdup(language_text(l, "Measured"));
	g_autofree char *reported_label = *year ? view_message(language_text(l, "Reported, {year}"), "year", year, NULL) : g_strdup(language_text(l, "Reported"));
	const gap_figure *mapped = &s->gap[FIGURE_MAPPED], *net = &s->gap[FIGURE_NET];
	g_autofree char *mapped_text = pledge_amount(r, mapped->value, s->target.unit, NULL), *net_text = pledge_amount(r, net->value, s->target.unit, NULL);
	chart_bar bars[] = {
		{language_text(l, "Promised"), promised ? promised : language_text(l, "no figure"), j->promised, NAN, NAN, TRUST_PROMISED, INK_IMPROVED},
		{language_text(l, "Mapped"), mapped_text ? mapped_text : language_text(l, mapped->why), mapped->value, NAN, NAN, TRUST_PROMISED, INK_IMPROVED},
		{language_text(l, "Net of overlap"), net_text ? net_text : language_text(l, net->why), net->value, NAN, NAN, TRUST_PROMISED, INK_IMPROVED},
		{reported_label, reported ? reported : language_text(l, "nothing that answers it"), j->reported, NAN, NAN, TRUST_REPORTED, INK_IMPROVED},
		{measured_label, measured ? measured : language_text(l, measured_state_words[j->measured_state].label), j->measured.value, j->measured.low, j->measured.high, TRUST_MEASURED, INK_IMPROVED},
	};
	/* Land stands beside promises of land only. */
	gsize n = G_N_ELEMENTS(bars);
	if (g_strcmp0(s->target.base, "ha") != 0) {
		memmove(&bars[FIGURE_MAPPED], &bars[FIGURE_REPORTED], 2 * sizeof *bars);
		n -= 2;
	}
	const chart_bars shape = {.bars = bars, .n = n};
	const chart c = {.title = s->title, .subtitle = s->subtitle, .source = s->source, .language = l, .bars = &shape};
	return chart_draw(&c, form, error);
}

/* A year's tick stands for its end, so that what holds "for 2024" stands at 2024. */
static double on_axis(double at)
{
	return at - 1;
}

static chart_point *points_of_path(const sketch *s)
{
	chart_point *points = g_new0(chart_point, s->path->len + 1);
	for (guint i = 0; i < s->path->len; i++) {
		const path_point *p = &g_array_index(s->path, path_point, i);
		points[i] = (chart_point){on_axis(p->at), p->value, NAN, NAN};
	}
	return points;
}

static chart_point *points_of_reports(const sketch *s)
{
	chart_point *points = g_new0(chart_point, s->reports->len + 1);
	for (guint i = 0; i < s->reports->len; i++) {
		const report_point *p = &g_array_index(s->reports, report_point, i);
		points[i] = (chart_point){on_axis(p->at), p->value, NAN, NAN};
	}
	return points;
}

static GBytes *draw_burn_up(const request *r, const sketch *s, const drawing_form *form, GError **error)
{
	const language *l = request_language(r);
	g_autofree chart_point *path = points_of_path(s), *reports = points_of_reports(s);
	gsize n_measured = 0;
	g_autofree chart_point *measured = g_new0(chart_point, s->facts->n_measured + 1);
	for (gsize i = 0; i < s->facts->n_measured; i++)
		if (s->facts->measured[i].target == s->target.number && s->facts->measured[i].at <= s->today + 1e-9 && isfinite(s->facts->measured[i].value))
			measured[n_measured++] = (chart_point){on_axis(s->facts->measured[i].at), s->facts->measured[i].value, s->facts->measured[i].low, s->facts->measured[i].high};
	const chart_series series[] = {
		{language_text(l, "Promised path"), TRUST_PROMISED, INK_IMPROVED, CHART_LINE, path, s->path->len, 0},
		{language_text(l, "Reported"), TRUST_REPORTED, INK_IMPROVED, CHART_STEPS, reports, s->reports->len, on_axis(s->today)},
		{language_text(l, "Measured"), TRUST_MEASURED, INK_TEXT, CHART_DOTS, measured, n_measured, 0},
	};
	g_autofree char *day = request_as_of(r) ? language_date(l, request_as_of(r)) : NULL;
	const chart_moment today = {on_axis(s->today), day ? day : language_text(l, "Today")};
	const chart_lines shape = {.series = series, .n_series = G_N_ELEMENTS(series), .moments = &today, .n_moments = 1};
	const chart c = {.title = s->title, .subtitle = s->subtitle, .source = s->source, .language = l, .lines = &shape};
	return chart_draw(&c, form, error);
}

GBytes *pledge_chart(const request *r, const board_case *known, gsize target, pledge_chart_kind asked, const drawing_form *form, GError **error)
{
	g_auto(sketch) s = {0};
	char today[11];
	board_today(request_as_of(r), today);
	sketch_read(&s, &known->facts, target, today);
	promise_gap(&known->facts, target, &known->land, today, s.gap);
	sketch_words(&s, r, asked);
	return asked == PLEDGE_GAP ? draw_gap(r, &s, form, error) : draw_burn_up(r, &s, form, error);
}

static void table_row(json_t *table, const char *head, double at, const char *value, trust mark)
{
	g_autofree char *year = pledge_year(at);
	const view_cell cells[] = {{.text = head, .head = TRUE}, {.text = *year ? year : "–"}, {.text = value ? value : "–", .mark = value ? &mark : NULL}};
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

/* Measured for this target, by the day shown. */
static gboolean is_measured(const sketch *s, const measured_value *m)
{
	return m->target == s->target.number && m->at <= s->today + 1e-9;
}

static gboolean any_measured(const sketch *s)
{
	for (gsize i = 0; i < s->facts->n_measured; i++)
		if (is_measured(s, &s->facts->measured[i]))
			return TRUE;
	return FALSE;
}

static json_t *numbers(const request *r, const sketch *s)
{
	const language *l = request_language(r);
	g_autofree char *caption = view_message(language_text(l, "{title}: the numbers, each at the end of its year"), "title", s->title, NULL);
	json_t *table = view_figure_table(r, caption, EXPLAINS(FIGURE_EXPECTED) | (s->reports->len ? EXPLAINS(FIGURE_REPORTED) : 0) | (any_measured(s) ? EXPLAINS(FIGURE_MEASURED) : 0));
	view_table_column(table, language_text(l, "What"), FALSE);
	view_table_column(table, language_text(l, "Year"), TRUE);
	view_table_column(table, language_text(l, "Value"), TRUE);
	for (guint i = 0; i < s->path->len; i++) {
		const path_point *p = &g_array_index(s->path, path_point, i);
		g_autofree char *value = pledge_amount(r, p->value, s->target.unit, NULL);
		table_row(table, language_text(l, "Promised path"), p->at, value, TRUST_PROMISED);
	}
	for (guint i = 0; i < s->reports->len; i++) {
		const report_point *p = &g_array_index(s->reports, report_point, i);
		g_autofree char *value = pledge_amount(r, p->value, s->target.unit, NULL);
		table_row(table, language_text(l, "Reported"), p->at, value, TRUST_REPORTED);
	}
	for (gsize i = 0; i < s->facts->n_measured; i++) {
		const measured_value *m = &s->facts->measured[i];
		g_autofree char *value = view_significant(r, m->value), *low = view_significant(r, m->low), *high = view_significant(r, m->high);
		g_autofree char *range = value && low && high ? view_message(language_text(l, "{value} ({low} to {high})"), "value", value, "low", low, "high", high, NULL) : NULL;
		if (is_measured(s, m))
			table_row(table, language_text(l, "Measured"), m->at, range ? range : value ? value : language_text(l, "too small to tell"), TRUST_MEASURED);
	}
	return table;
}

json_t *pledge_chart_view(const request *r, const board_case *known, gsize target, const char *address)
{
	g_auto(sketch) s = {0};
	char today[11];
	board_today(request_as_of(r), today);
	sketch_read(&s, &known->facts, target, today);
	sketch_words(&s, r, PLEDGE_BURN_UP);
	g_autofree char *asked = g_strdup_printf("chart=burn-up&target=%" G_GSIZE_FORMAT, target + 1);
	return view_chart(address, asked, s.title, numbers(r, &s));
}
