#include "rules/totals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/day.h"

void pledge_sums_init(pledge_sums *sums)
{
	*sums = (pledge_sums){.rows = g_array_new(FALSE, TRUE, sizeof(pledge_total)), .reported_from = NAN, .reported_until = NAN,
		.measured_sites = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
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

/* What was measured on a site stands once under each metric and once under all ("": the larger answer). */
static void measured_note(pledge_sums *sums, const char *metric, const char *site, double hectares)
{
	g_autofree char *key = g_strdup_printf("%s/%s", metric, site);
	double *known = g_hash_table_lookup(sums->measured_sites, key);
	if (known) {
		*known = fmax(*known, hectares);
		return;
	}
	known = g_new(double, 1);
	*known = hectares;
	g_hash_table_insert(sums->measured_sites, g_steal_pointer(&key), known);
}

static void measured_add(pledge_sums *sums, const promise *p, const pledge_entry *entry, double today)
{
	const json_t *site;
	gsize i;
	if (g_strcmp0(p->base, "ha") != 0 || !p->accumulates)
		return;
	json_array_foreach(json_object_get(entry->facts.pledge, "sites"), i, site) {
		const char *id = json_string_value(site);
		measured_hectares h = id ? site_measured(entry->measurements, entry->n_measurements, id, p->metric, today) : (measured_hectares){.value = NAN};
		if (!isfinite(h.value))
			continue;
		measured_note(sums, p->metric, id, h.value);
		measured_note(sums, "", id, h.value);
	}
}

static int by_key(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of the sites' ids, so that the sum does not depend on the order of pledges. */
static void measured_finish(pledge_sums *sums)
{
	guint n;
	g_autofree gpointer *keys = g_hash_table_get_keys_as_array(sums->measured_sites, &n);
	qsort(keys, n, sizeof *keys, by_key);
	for (guint i = 0; i < n; i++) {
		const char *key = keys[i], *slash = strchr(key, '/');
		double value = *(double *)g_hash_table_lookup(sums->measured_sites, key);
		g_autofree char *metric = g_strndup(key, (gsize)(slash - key));
		const promise p = {.metric = metric, .base = "ha", .accumulates = TRUE};
		figure_add(*metric ? &row_of(sums, &p)->measured : &sums->hectares_measured, value);
	}
	g_clear_pointer(&sums->measured_sites, g_hash_table_unref);
}

void pledge_sums_add(pledge_sums *sums, const pledge_entry *entry, const char *today)
{
	gboolean hectares = FALSE, reported = FALSE, measured = FALSE, deadline = FALSE;
	pledge_judgement whole;
	double now = day_end(today);
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
		measured_add(sums, &p, entry, now);
		duty_class duty = promise_duty(&p, entry->facts.sites, entry->facts.n_sites).class;
		hectares |= target_add(sums, &p, duty, &j, &reported, &measured);
	}
	sums->with_deadline += deadline;
	sums->with_hectares += hectares;
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

void pledge_sums_finish(pledge_sums *sums)
{
	measured_finish(sums);
	g_array_sort(sums->rows, by_weight);
}

country_share pledge_country_share(const json_t *pledge, const char *iso3)
{
	const json_t *countries = json_object_get(pledge, "countries"), *country;
	gsize i;
	gboolean named = FALSE;
	json_array_foreach(countries, i, country)
		named |= g_strcmp0(json_string_value(country), iso3) == 0;
	return !named ? COUNTRY_NONE : json_array_size(countries) == 1 ? COUNTRY_WHOLE : COUNTRY_SHARED;
}
