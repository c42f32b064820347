#include "rules/totals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void pledge_sums_init(pledge_sums *sums)
{
	*sums = (pledge_sums){.rows = g_array_new(FALSE, TRUE, sizeof(pledge_total)), .reported_from = NAN, .reported_until = NAN,
		.measured_sites = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_hash_table_unref)};
}

void pledge_sums_clear(pledge_sums *sums)
{
	g_clear_pointer(&sums->rows, g_array_unref);
	g_clear_pointer(&sums->measured_sites, g_hash_table_unref);
}

static void figure_add(total_figure *figure, double value)
{
	if (!isfinite(value))
		return;
	figure->value += value;
	figure->n++;
}

static pledge_total *row_of(pledge_sums *sums, const promise *p)
{
	for (guint i = 0; i < sums->rows->len; i++) {
		pledge_total *row = &g_array_index(sums->rows, pledge_total, i);
		if (g_strcmp0(row->metric, p->metric) == 0 && g_strcmp0(row->unit, p->base) == 0)
			return row;
	}
	pledge_total row = {.metric = g_intern_string(p->metric), .unit = g_intern_string(p->base), .adds = p->accumulates};
	g_array_append_val(sums->rows, row);
	return &g_array_index(sums->rows, pledge_total, sums->rows->len - 1);
}

/* Adds a target to its row; TRUE if it promises hectares. */
static gboolean target_add(pledge_sums *sums, const promise *p, duty_class duty, const pledge_judgement *j, gboolean *reported, gboolean *measured)
{
	pledge_total *row = row_of(sums, p);
	row->targets++;
	sums->with_figure += isfinite(p->value);
	if (!row->adds)
		return FALSE;
	figure_add(&row->promised, p->value * p->factor);
	figure_add(&row->promised_by_duty[duty], p->value * p->factor);
	figure_add(&row->promised_by_land[land_class_of(p->land)], p->value * p->factor);
	figure_add(&row->reported, j->reported * p->factor);
	if (g_strcmp0(p->base, "ha") != 0)
		return FALSE;
	figure_add(&sums->hectares_promised, p->value * p->factor);
	figure_add(&sums->hectares_reported, j->reported * p->factor);
	if (isfinite(j->reported)) {
		sums->reported_from = fmin(sums->reported_from, j->reported_at);
		sums->reported_until = fmax(sums->reported_until, j->reported_at);
	}
	*reported |= isfinite(j->reported);
	*measured |= isfinite(j->measured.value);
	return isfinite(p->value);
}

/* Sites of which a metric is asked. */
static void measured_ask(pledge_sums *sums, const promise *p, const json_t *pledge)
{
	const json_t *site;
	gsize i;
	if (g_strcmp0(p->base, "ha") != 0 || !p->accumulates || !p->metric)
		return;
	const char *metric = g_intern_string(p->metric);
	GHashTable *sites = g_hash_table_lookup(sums->measured_sites, metric);
	if (!sites)
		g_hash_table_insert(sums->measured_sites, (gpointer)metric, sites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL));
	json_array_foreach(json_object_get(pledge, "sites"), i, site)
		if (json_is_string(site) && !g_hash_table_contains(sites, json_string_value(site)))
			g_hash_table_add(sites, g_strdup(json_string_value(site)));
}

static void measured_add(total_figure *figure, measured_hectares h)
{
	if (!isfinite(h.value))
		return;
	figure_add(figure, h.value);
	figure->approximate |= h.approximate;
	figure->low += h.low;
	figure->high += h.high;
}

/* The largest answer to what is asked of a site. */
static measured_hectares largest_answer(const pledge_sums *sums, const site_shown *s)
{
	measured_hectares best = {.value = NAN};
	GHashTableIter iter;
	gpointer metric, sites;
	g_hash_table_iter_init(&iter, sums->measured_sites);
	while (g_hash_table_iter_next(&iter, &metric, &sites)) {
		measured_hectares h = site_measurement_answer(s->m, metric, NULL);
		if (!g_hash_table_contains(sites, s->site) || !isfinite(h.value))
			continue;
		if (isnan(best.value) || h.value > best.value || (h.value == best.value && h.low > best.low))
			best = h;
	}
	return best;
}

/* Under each metric, and under all: there a site that answers two metrics stands with the larger answer. The order is that of sites_shown, whatever the order
 * of pledges. */
static void measured_finish(pledge_sums *sums, const measuring_facts *f)
{
	g_autoptr(GHashTable) all = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter, each;
	gpointer metric, sites, site;
	g_hash_table_iter_init(&iter, sums->measured_sites);
	while (g_hash_table_iter_next(&iter, &metric, &sites)) {
		guint n;
		const promise p = {.metric = metric, .base = "ha", .accumulates = TRUE};
		g_autofree const char **ids = (const char **)g_hash_table_get_keys_as_array(sites, &n);
		g_autoptr(GArray) shown = sites_shown(f, ids, n, f->today);
		for (guint i = 0; i < shown->len; i++) {
			const site_shown *s = &g_array_index(shown, site_shown, i);
			measured_add(&row_of(sums, &p)->measured, site_shown_less(s, site_measurement_answer(s->m, metric, NULL)));
		}
		g_hash_table_iter_init(&each, sites);
		while (g_hash_table_iter_next(&each, &site, NULL))
			g_hash_table_add(all, site);
	}
	guint n;
	g_autofree const char **ids = (const char **)g_hash_table_get_keys_as_array(all, &n);
	g_autoptr(GArray) shown = sites_shown(f, ids, n, f->today);
	for (guint i = 0; i < shown->len; i++) {
		const site_shown *s = &g_array_index(shown, site_shown, i);
		measured_add(&sums->hectares_measured, site_shown_less(s, largest_answer(sums, s)));
	}
	g_clear_pointer(&sums->measured_sites, g_hash_table_unref);
}

static void made_add(pledge_sums *sums, const json_t *pledge)
{
	const char *made_on = json_string_value(json_object_get(pledge, "made_on"));
	guint year = made_on ? (guint)g_ascii_strtoull(made_on, NULL, 10) : 0;
	if (!year)
		return;
	sums->made_from = sums->made_from ? MIN(sums->made_from, year) : year;
	sums->made_until = MAX(sums->made_until, year);
}

void pledge_sums_add(pledge_sums *sums, const pledge_entry *entry, const char *today)
{
	gboolean hectares = FALSE, reported = FALSE, measured = FALSE, deadline = FALSE;
	pledge_judgement whole;
	pledge_judge(&entry->facts, today, &whole);
	sums->states[whole.rule->state]++;
	sums->pledges++;
	sums->with_sites += json_array_size(json_object_get(entry->facts.pledge, "sites")) > 0;
	/* A promise that was given up, or replaced by another, is no longer promised. */
	gboolean stands = whole.rule->state != PLEDGE_WITHDRAWN && !entry->facts.replaced_by;
	for (gsize i = 0; i < promise_count(entry->facts.pledge); i++) {
		promise p;
		pledge_judgement j;
		if (!promise_read(entry->facts.pledge, i, &p))
			continue;
		sums->targets++;
		deadline |= isfinite(p.due);
		if (!stands)
			continue;
		promise_judge(&entry->facts, i, today, &j);
		measured_ask(sums, &p, entry->facts.pledge);
		duty_class duty = promise_duty(&p, entry->facts.sites, entry->facts.n_sites).class;
		hectares |= target_add(sums, &p, duty, &j, &reported, &measured);
	}
	sums->with_deadline += deadline;
	sums->with_hectares += hectares;
	if (hectares)
		made_add(sums, entry->facts.pledge);
	sums->reported_hectares += hectares && reported;
	sums->measured_hectares += hectares && measured;
}

static int rank(const pledge_total *row)
{
	return !row->adds ? 2 : g_strcmp0(row->unit, "ha") == 0 ? 0 : 1;
}

static int by_weight(gconstpointer a, gconstpointer b)
{
	const pledge_total *p = a, *q = b;
	if (rank(p) != rank(q))
		return rank(p) - rank(q);
	if (g_strcmp0(p->unit, q->unit) != 0)
		return g_strcmp0(p->unit, q->unit);
	if (p->promised.value != q->promised.value)
		return p->promised.value < q->promised.value ? 1 : -1;
	return g_strcmp0(p->metric, q->metric);
}

void pledge_sums_finish(pledge_sums *sums, const measuring_facts *measured)
{
	measured_finish(sums, measured);
	g_array_sort(sums->rows, by_weight);
}
