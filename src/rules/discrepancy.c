#include "rules/discrepancy.h"

#include <math.h>
#include <string.h>

#include "rules/day.h"

#define N_(text) text

const discrepancy_word discrepancy_words[DISCREPANCY_VERDICTS] = {
	[DISCREPANCY_NOTHING] = {"nothing", "∅", N_("nothing known"), N_("Neither reported nor measured.")},
	[DISCREPANCY_NOT_REPORTED] = {"not-reported", "…", N_("not reported"), N_("Measured, but no report answers it.")},
	[DISCREPANCY_NOT_MEASURED] = {"not-measured", "∅", N_("not measured"), N_("Reported, but not measured for this year or later.")},
	[DISCREPANCY_TOO_SMALL] = {"too-small", "≈", N_("too small to tell"), N_("Measured, and too small or too uncertain to tell.")},
	[DISCREPANCY_IN_PART] = {"in-part", "◐", N_("measured in part"), N_("More was reported than measured, but not all of its land is measured, or its overlaps are known to a few per cent only: no contradiction can be claimed.")},
	[DISCREPANCY_BELOW] = {"below", "▽", N_("reported less"), N_("Less was reported than the measured range.")},
	[DISCREPANCY_WITHIN] = {"within", "✓", N_("agrees"), N_("What was reported lies within the measured range.")},
	[DISCREPANCY_ABOVE] = {"above", "⚠", N_("reported more"), N_("More was reported than the measured range allows.")},
};

/* What the rows of one target are made from. */
typedef struct making {
	const pledge_facts *f;
	promise p;
	const site_measurement *list;
	gsize n;
	double today;
	GArray *path, *rows;
} making;

static void add_year(GArray *years, double at, double today)
{
	int year = (int)floor(at - 1e-9);
	if (!isfinite(at) || year > (int)floor(today - 1e-9))
		return;
	for (guint i = 0; i < years->len; i++)
		if (g_array_index(years, int, i) == year)
			return;
	g_array_append_val(years, year);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

/* Reports about one site of the pledge. */
static GArray *reports_of(const making *m, const char *site)
{
	gsize n = 0;
	g_autofree json_t **chosen = g_new0(json_t *, m->f->n_progress + 1);
	for (gsize i = 0; i < m->f->n_progress; i++)
		if (g_strcmp0(json_string_value(json_object_get(m->f->progress[i], "site")), site) == 0)
			chosen[n++] = m->f->progress[i];
	return promise_reports(&m->p, chosen, n);
}

static double reported_in(const GArray *reports, int year)
{
	for (guint i = 0; i < reports->len; i++) {
		const report_point *r = &g_array_index(reports, report_point, i);
		if ((int)floor(r->at - 1e-9) == year)
			return r->value;
	}
	return NAN;
}

/* The measured value for the end of a year, else the next one after it: what had grown by then had not grown more before. */
static const measured_value *measured_from(const GArray *values, int year)
{
	for (guint i = 0; i < values->len; i++) {
		const measured_value *v = &g_array_index(values, measured_value, i);
		if (v->oldest >= year + 1 - 1e-9)
			return v;
	}
	return NULL;
}

static discrepancy_verdict judge(const discrepancy_row *row, const measured_value *v)
{
	gboolean reported = isfinite(row->reported);
	if (!v)
		return reported ? DISCREPANCY_NOT_MEASURED : DISCREPANCY_NOTHING;
	if (!reported)
		return v->told ? DISCREPANCY_NOT_REPORTED : DISCREPANCY_TOO_SMALL;
	if (row->reported < row->low)
		return DISCREPANCY_BELOW;
	gboolean whole = v->told + v->too_small == v->sites && !v->approximate;
	if (whole && row->reported > row->high)
		return DISCREPANCY_ABOVE;
	if (!v->told)
		return DISCREPANCY_TOO_SMALL;
	return row->reported <= row->high ? DISCREPANCY_WITHIN : DISCREPANCY_IN_PART;
}

static void add_row(making *m, int year, const char *site, double promised, const GArray *reports, const GArray *values)
{
	const measured_value *v = measured_from(values, year);
	discrepancy_row row = {.year = year, .site = site, .target = m->p.number, .unit = m->p.unit, .promised = promised,
		.reported = reported_in(reports, year), .measured = v ? v->value : NAN, .low = v ? v->low : NAN, .high = v ? v->high : NAN,
		.measured_year = v ? (int)floor(v->oldest - 1e-9) : 0, .sites = v ? v->sites : 0, .told = v ? v->told : 0};
	row.difference = row.reported - row.measured;
	row.difference_low = row.reported - row.high;
	row.difference_high = row.reported - row.low;
	row.verdict = judge(&row, v);
	if (!site || row.verdict != DISCREPANCY_NOTHING)
		g_array_append_val(m->rows, row);
}

/* The measured values of one site alone: those of a pledge that names only it. */
static GArray *values_of_site(const making *m, const char *site)
{
	json_auto_t *alone = json_pack("{s:[s]}", "sites", site);
	return promise_measured(alone, &m->p, &(measuring_facts){m->list, m->n, NULL, m->today});
}

static GArray *values_of_pledge(const making *m)
{
	GArray *values = g_array_new(FALSE, FALSE, sizeof(measured_value));
	for (gsize i = 0; i < m->f->n_measured; i++)
		if (m->f->measured[i].target == m->p.number && !(m->f->measured[i].at > m->today + 1e-9))
			g_array_append_val(values, m->f->measured[i]);
	return values;
}

static GArray *years_of(const making *m, const GArray *reports, const GPtrArray *site_reports, const GArray *values)
{
	GArray *years = g_array_new(FALSE, FALSE, sizeof(int));
	for (guint i = 0; i < m->path->len; i++)
		if (strcmp(g_array_index(m->path, path_point, i).why, "baseline") != 0)
			add_year(years, g_array_index(m->path, path_point, i).at, m->today);
	for (guint i = 0; i < reports->len; i++)
		add_year(years, g_array_index(reports, report_point, i).at, m->today);
	for (guint i = 0; i < values->len; i++)
		add_year(years, g_array_index(values, measured_value, i).at, m->today);
	for (guint s = 0; s < site_reports->len; s++) {
		const GArray *here = g_ptr_array_index(site_reports, s);
		for (guint i = 0; i < here->len; i++)
			add_year(years, g_array_index(here, report_point, i).at, m->today);
	}
	g_array_sort(years, by_number);
	return years;
}

GArray *promise_discrepancies(const pledge_facts *f, gsize index, const site_measurement *list, gsize n, const char *today)
{
	making m = {.f = f, .list = list, .n = n, .today = day_end(today), .rows = g_array_new(FALSE, FALSE, sizeof(discrepancy_row))};
	if (!promise_read(f->pledge, index, &m.p))
		return m.rows;
	const json_t *sites = json_object_get(f->pledge, "sites"), *site;
	gsize count = json_array_size(sites), i;
	m.path = promise_path(f->pledge, &m.p);
	g_autoptr(GArray) reports = promise_reports(&m.p, f->progress, f->n_progress), values = values_of_pledge(&m);
	g_autoptr(GPtrArray) site_reports = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	g_autoptr(GPtrArray) site_values = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	json_array_foreach(sites, i, site) {
		g_ptr_array_add(site_reports, reports_of(&m, json_string_value(site)));
		g_ptr_array_add(site_values, values_of_site(&m, json_string_value(site)));
	}
	g_autoptr(GArray) years = years_of(&m, reports, site_reports, values);
	for (guint y = 0; y < years->len; y++) {
		int year = g_array_index(years, int, y);
		/* What is due within a year is due at its end; of the year of today only until today. */
		double promised = path_value(m.path, fmin(year + 1, m.today));
		add_row(&m, year, NULL, promised, reports, values);
		json_array_foreach(sites, i, site)
			add_row(&m, year, json_string_value(site), count == 1 ? promised : NAN, g_ptr_array_index(site_reports, i), g_ptr_array_index(site_values, i));
	}
	g_array_unref(m.path);
	return m.rows;
}
