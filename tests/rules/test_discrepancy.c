#include "tests/rules/cases.h"

#include "rules/day.h"
#include "rules/discrepancy.h"
#include "rules/gap.h"

/* Facts of a case, with what they borrow from. */
typedef struct told_facts {
	json_t *pledge, *reports, *bodies, **progress;
	GArray *list, *measured;
	pledge_facts facts;
} told_facts;

static void read_facts(told_facts *t, char **cells, const char *today)
{
	promise p;
	t->pledge = json_pack("{s:[o], s:o}", "targets", told_target(cells[0]), "sites", told_words(cells[1]));
	t->reports = told_reports(cells[2], "ha");
	t->bodies = told_measurements(cells[3]);
	gsize n = json_array_size(t->reports);
	t->progress = g_new0(json_t *, n + 1);
	for (gsize i = 0; i < n; i++)
		t->progress[i] = json_array_get(t->reports, i);
	t->list = g_array_new(FALSE, FALSE, sizeof(site_measurement));
	for (gsize i = 0; i < json_array_size(t->bodies); i++) {
		site_measurement m;
		site_measurement_read(json_array_get(t->bodies, i), "m", &m);
		g_array_append_val(t->list, m);
	}
	site_measurements_sort((site_measurement *)(void *)t->list->data, t->list->len);
	promise_read(t->pledge, 0, &p);
	t->measured = promise_measured(t->pledge, &p, &(measuring_facts){(site_measurement *)(void *)t->list->data, t->list->len, NULL, day_end(today)});
	t->facts = (pledge_facts){.pledge = t->pledge, .progress = t->progress, .n_progress = n, .measured = (measured_value *)(void *)t->measured->data,
		.n_measured = t->measured->len, .changed = (double)NAN};
}

static void clear_facts(told_facts *t)
{
	json_decref(t->pledge);
	json_decref(t->reports);
	json_decref(t->bodies);
	g_free(t->progress);
	g_array_unref(t->list);
	g_array_unref(t->measured);
}

static char *table(char **cells, guint n)
{
	told_facts t;
	read_facts(&t, cells, cells[n - 1]);
	g_autoptr(GArray) rows = promise_discrepancies(&t.facts, 0, (site_measurement *)(void *)t.list->data, t.list->len, cells[n - 1]);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < rows->len; i++) {
		const discrepancy_row *row = &g_array_index(rows, discrepancy_row, i);
		g_autofree char *promised = told_number(row->promised), *reported = told_number(row->reported), *measured = told_number(row->measured);
		g_autofree char *difference = told_number(row->difference), *low = told_number(row->difference_low), *high = told_number(row->difference_high);
		g_string_append_printf(out, "%s%d %s %s/%s/%s %s [%s %s] %s", i ? ", " : "", row->year, row->site ? row->site : "whole", promised, reported, measured, difference,
			low, high, discrepancy_words[row->verdict].id);
	}
	clear_facts(&t);
	return g_string_free(out, FALSE);
}

static void the_cases_hold(void **state)
{
	(void)state;
	cases_hold("discrepancy.txt", 6, table);
}

static void the_gap_bar_keeps_five_figures_apart(void **state)
{
	(void)state;
	char *cells[] = {g_strdup("1 km2 area-restored 2020-2030"), g_strdup("a b"), g_strdup("2025: 0.6"), g_strdup("a 2024: area-improved 15 [12 18]")};
	told_facts t;
	read_facts(&t, cells, "2026-11-24");
	const land_totals land = {.gross = 90, .net = 80, .sites = 2, .mapped = 1};
	gap_figure g[GAP_FIGURES];
	/* The report is in the promise's unit, square kilometres. */
	json_object_set_new(json_array_get(json_object_get(t.progress[0], "figures"), 0), "unit", json_string("km2"));
	promise_gap(&t.facts, 0, &land, "2026-11-24", g);
	const double values[GAP_FIGURES] = {1, 0.9, 0.8, 0.6, 0.15}, ats[GAP_FIGURES] = {2031, day_end("2026-11-24"), day_end("2026-11-24"), 2026, 2025};
	const figure_origin origins[GAP_FIGURES] = {ORIGIN_PLEDGE, ORIGIN_SITES, ORIGIN_SITES, ORIGIN_PROGRESS, ORIGIN_MEASUREMENT};
	for (int i = 0; i < GAP_FIGURES; i++) {
		assert_true(g[i].known);
		assert_true(fabs(g[i].value - values[i]) < 1e-12 && fabs(g[i].at - ats[i]) < 1e-9);
		assert_int_equal(g[i].origin, origins[i]);
	}
	assert_true(fabs(g[FIGURE_MEASURED].low - 0.12) < 1e-12 && fabs(g[FIGURE_MEASURED].high - 0.18) < 1e-12);
	assert_true(g[FIGURE_MAPPED].at_least && g[FIGURE_MEASURED].at_least && !g[FIGURE_REPORTED].at_least);
	assert_true(g[FIGURE_MEASURED].n == 1 && g[FIGURE_MEASURED].of == 2);
	assert_string_equal(g[FIGURE_MEASURED].record, "m");
	promise_gap(&t.facts, 0, NULL, "2022-11-24", g);
	for (int i = FIGURE_MAPPED; i < GAP_FIGURES; i++)
		if (i != FIGURE_MEASURED) {
			assert_false(g[i].known); /* unknown, never zero */
			assert_true(isnan(g[i].value) && strlen(g[i].why) > 10);
		}
	promise_gap(&t.facts, 7, NULL, "2026-11-24", g);
	assert_false(g[FIGURE_PROMISED].known);
	clear_facts(&t);
	for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
		g_free(cells[i]);
}

static void every_figure_explains_itself(void **state)
{
	(void)state;
	for (int i = 0; i < FIGURES; i++) {
		const figure_words *w = &figures_explained[i];
		assert_true(w->id && w->label && strlen(w->definition) > 20 && strlen(w->method) > 20 && strlen(w->uncertainty) > 15);
	}
	for (int i = 0; i < DISCREPANCY_VERDICTS; i++)
		assert_true(discrepancy_words[i].id && strlen(discrepancy_words[i].means) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cases_hold),
		cmocka_unit_test(the_gap_bar_keeps_five_figures_apart),
		cmocka_unit_test(every_figure_explains_itself),
	};
	return cmocka_run_group_tests_name("discrepancy", tests, NULL, NULL);
}
