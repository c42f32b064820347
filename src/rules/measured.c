#include "rules/measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/boundary.h"
#include "rules/day.h"

#define N_(text) text
#define BIT(area) (1u << (area))

const char *const measured_area_ids[MEASURED_AREAS] = {
	[AREA_IMPROVED] = "area-improved", [AREA_STABLE] = "area-stable", [AREA_DEGRADED] = "area-degraded", [AREA_UNKNOWN] = "area-unknown",
	[AREA_DISTURBED] = "area-disturbed", [AREA_RECOVERING] = "area-recovering", [AREA_RECOVERED] = "area-recovered",
};

const metric_answer metric_answers[] = {
	{"area-restored", BIT(AREA_RECOVERING) | BIT(AREA_RECOVERED), N_("Hectares whose vegetation is measured as recovering or recovered after disturbance.")},
	{"area-restored", BIT(AREA_IMPROVED), N_("Hectares whose land productivity is measured as improved.")},
	{"area-rehabilitated", BIT(AREA_RECOVERING) | BIT(AREA_RECOVERED), N_("Hectares whose vegetation is measured as recovering or recovered after disturbance.")},
	{"area-rehabilitated", BIT(AREA_IMPROVED), N_("Hectares whose land productivity is measured as improved.")},
	{"area-protected", BIT(AREA_STABLE) | BIT(AREA_IMPROVED), N_("Hectares whose land productivity is measured as stable or improved.")},
};
const gsize metric_answers_count = G_N_ELEMENTS(metric_answers);

const measured_state_word measured_state_words[MEASURED_STATES] = {
	[MEASURED_NO_ANSWER] = {"no-answer", N_("cannot be measured"), N_("No area measured from satellites answers this promise: it names no hectares, or is of another kind.")},
	[MEASURED_UNMAPPED] = {"unmapped", N_("not measured"), N_("The pledge names no site, so nothing can be measured.")},
	[MEASURED_NOT] = {"not-measured", N_("not measured"), N_("No measurement of its sites gives hectares that answer it.")},
	[MEASURED_TOO_SMALL] = {"too-small", N_("too small to tell"), N_("Its sites were measured; what happened there is too small, or too uncertain, to tell.")},
	[MEASURED_PART] = {"part", N_("measured in part"), N_("Only some of its sites are measured, or could tell: at least this much.")},
	[MEASURED_WHOLE] = {"whole", N_("measured"), N_("Every site of the pledge is measured.")},
};

static double number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

measured_hectares measured_hectares_read(const json_t *row)
{
	measured_hectares h = {.value = number(row, "value"), .low = number(row, "low"), .high = number(row, "high")};
	const char *unit = json_string_value(json_object_get(row, "unit"));
	if (unit && strcmp(unit, "ha") != 0)
		return (measured_hectares){.value = NAN, .low = NAN, .high = NAN};
	h.say = isfinite(h.value) ? SAY_VALUE : SAY_TOO_SMALL;
	return h;
}

gboolean measured_hectares_add(measured_hectares *sum, measured_hectares h)
{
	if (h.say == SAY_VALUE) {
		gboolean first = sum->say != SAY_VALUE;
		*sum = (measured_hectares){SAY_VALUE, (first ? 0 : sum->value) + h.value, (first ? 0 : sum->low) + h.low, (first ? 0 : sum->high) + h.high, sum->approximate || h.approximate};
	} else if (sum->say == SAY_NOTHING) {
		sum->say = h.say;
	}
	return h.say == SAY_VALUE;
}

gboolean site_measurement_read(const json_t *body, const char *id, site_measurement *out)
{
	double years[MEASURED_AREAS];
	const json_t *row;
	gsize i;
	*out = (site_measurement){.site = json_string_value(json_object_get(body, "site")), .id = id, .from = number(body, "period_from"),
		.at = number(body, "period_until") + 1, .known = day_end(json_string_value(json_object_get(body, "measured_on"))),
		.boundary = json_string_value(json_object_get(body, "geometry_sha256")),
		.trend = trend_of_results(json_object_get(body, "results"))};
	for (int a = 0; a < MEASURED_AREAS; a++) {
		out->areas[a] = (measured_hectares){.value = NAN, .low = NAN, .high = NAN};
		years[a] = -INFINITY;
	}
	json_array_foreach(json_object_get(body, "results"), i, row) {
		const char *quantity = json_string_value(json_object_get(row, "quantity"));
		double year = number(row, "year");
		for (int a = 0; a < MEASURED_AREAS; a++) {
			/* A row without a year is about the period as a whole: it is the one that counts. */
			double weight = isfinite(year) ? year : INFINITY;
			if (g_strcmp0(quantity, measured_area_ids[a]) != 0 || !(weight > years[a]))
				continue;
			out->areas[a] = measured_hectares_read(row);
			years[a] = weight;
		}
	}
	return out->site && isfinite(out->at);
}

/* Sorts NaN before everything. */
static int compare(double a, double b)
{
	return isnan(a) || isnan(b) ? isnan(b) - isnan(a) : (a > b) - (a < b);
}

static int by_site(const void *a, const void *b)
{
	const site_measurement *p = a, *q = b;
	int site = strcmp(p->site, q->site), at = compare(p->at, q->at), known = compare(p->known, q->known);
	return site ? site : at ? at : known ? known : g_strcmp0(p->id, q->id);
}

void site_measurements_sort(site_measurement *list, gsize n)
{
	if (n)
		qsort(list, n, sizeof *list, by_site);
}

measured_hectares site_measurement_answer(const site_measurement *m, const char *metric, const metric_answer **answer)
{
	measured_hectares best = {.say = SAY_NOTHING, .value = NAN, .low = NAN, .high = NAN};
	for (gsize i = 0; i < metric_answers_count && best.say != SAY_VALUE; i++) {
		if (g_strcmp0(metric_answers[i].metric, metric) != 0)
			continue;
		measured_hectares sum = {.say = SAY_VALUE};
		for (int a = 0; a < MEASURED_AREAS; a++) {
			if (!(metric_answers[i].areas & BIT(a)))
				continue;
			/* As much as the weakest of its parts: a missing part is unknown, never zero. */
			sum.say = MIN(sum.say, m->areas[a].say);
			sum.value += m->areas[a].value;
			sum.low += m->areas[a].low;
			sum.high += m->areas[a].high;
		}
		if (sum.say <= best.say)
			continue;
		best = sum;
		if (answer)
			*answer = &metric_answers[i];
	}
	return best;
}

/* The measurements of one site: their begin in the list, and how many. */
static const site_measurement *range_of(const site_measurement *list, gsize n, const char *site, gsize *count)
{
	gsize low = 0, high = n;
	while (low < high) {
		gsize middle = low + (high - low) / 2;
		if (strcmp(list[middle].site, site) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	gsize end = low;
	while (end < n && strcmp(list[end].site, site) == 0)
		end++;
	*count = end - low;
	return list + low;
}

/* The newest of a site until a time, that was known by today; NULL if there is none. */
static const site_measurement *newest_until(const site_measurement *list, gsize n, double at, double today)
{
	const site_measurement *found = NULL;
	for (gsize i = 0; i < n; i++)
		if (list[i].at <= at + 1e-9 && !(list[i].known > today + 1e-9))
			found = &list[i];
	return found;
}

/* The newer measurement first: its land is counted with it. */
static int newest_first(gconstpointer a, gconstpointer b)
{
	const site_shown *x = a, *y = b;
	int at = compare(y->m->at, x->m->at), known = compare(y->m->known, x->m->known);
	return at ? at : known ? known : strcmp(x->site, y->site);
}

static void share_land(const measuring_facts *f, GArray *shown)
{
	g_autofree const land_site **sites = g_new0(const land_site *, shown->len + 1);
	g_autofree land_share *shares = g_new0(land_share, shown->len + 1);
	for (guint i = 0; i < shown->len; i++)
		sites[i] = land_find(f->land, g_array_index(shown, site_shown, i).site);
	land_shares(f->land, sites, shown->len, shares);
	for (guint i = 0; i < shown->len; i++)
		g_array_index(shown, site_shown, i).share = shares[i];
}

GArray *sites_shown(const measuring_facts *f, const char *const *sites, gsize n, double at)
{
	GArray *shown = g_array_new(FALSE, FALSE, sizeof(site_shown));
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize i = 0; i < n; i++) {
		gsize count = 0;
		if (!sites[i] || !g_hash_table_add(seen, (gpointer)sites[i]))
			continue;
		const site_measurement *range = range_of(f->list, f->n, sites[i], &count), *m = newest_until(range, count, at, f->today);
		const site_shown one = {.site = sites[i], .m = m, .share = {.kept = 1}};
		if (m)
			g_array_append_val(shown, one);
	}
	g_array_sort(shown, newest_first);
	if (f->land && shown->len > 1)
		share_land(f, shown);
	return shown;
}

measured_hectares site_shown_less(const site_shown *s, measured_hectares h)
{
	if (!(s->share.off > 0))
		return h;
	h.approximate = s->share.approximate && h.say != SAY_NOTHING;
	/* A range without a value stays one; NaN passes through. */
	h.value *= s->share.kept;
	h.low = isnan(h.low) ? h.low : fmax(0, h.low - s->share.off);
	h.high = isnan(h.high) ? h.high : fmin(h.high, fmax(s->share.left, isnan(h.value) ? 0 : h.value));
	if (h.low > h.value)
		h.low = h.value;
	return h;
}

static void add_site(measured_value *v, const promise *p, const site_shown *s)
{
	const metric_answer *answer = NULL;
	const site_measurement *m = s->m;
	measured_hectares h = site_shown_less(s, site_measurement_answer(m, p->metric, &answer));
	if (h.say == SAY_NOTHING)
		return;
	v->oldest = fmin(v->oldest, m->at); /* fmin passes over NaN */
	if (!(v->at > m->at)) {
		v->at = m->at;
		v->measurement = m->id;
	}
	v->approximate |= h.approximate;
	/* Too small to tell may still have a range. */
	v->low = v->low + (h.say == SAY_TOO_SMALL && isnan(h.low) ? 0 : h.low);
	v->high += h.high;
	if (h.say == SAY_TOO_SMALL) {
		v->too_small++;
		return;
	}
	v->means = !v->told || v->means == answer->means ? answer->means : NULL;
	v->told++;
	v->value += h.value;
}

/* The sites a pledge names. */
static const char **ids_of(const json_t *sites, gsize *n)
{
	const char **ids = g_new0(const char *, json_array_size(sites) + 1);
	const json_t *site;
	gsize i;
	*n = 0;
	json_array_foreach(sites, i, site)
		if (json_is_string(site))
			ids[(*n)++] = json_string_value(site);
	return ids;
}

static measured_value value_at(const json_t *sites, const promise *p, const measuring_facts *f, double at)
{
	measured_value v = {.target = p->number, .at = NAN, .oldest = NAN, .sites = (guint)json_array_size(sites)};
	gsize n;
	g_autofree const char **ids = ids_of(sites, &n);
	g_autoptr(GArray) shown = sites_shown(f, ids, n, at);
	for (guint i = 0; i < shown->len; i++)
		add_site(&v, p, &g_array_index(shown, site_shown, i));
	return v;
}

static int by_value(gconstpointer a, gconstpointer b)
{
	return compare(*(const double *)a, *(const double *)b);
}

/* Every time at which a site of the pledge was measured, rising, each once. */
static GArray *times_of(const json_t *sites, const measuring_facts *f)
{
	GArray *times = g_array_new(FALSE, FALSE, sizeof(double));
	const json_t *site;
	gsize i;
	json_array_foreach(sites, i, site) {
		gsize count = 0;
		const char *id = json_string_value(site);
		const site_measurement *range = id ? range_of(f->list, f->n, id, &count) : NULL;
		for (gsize k = 0; k < count; k++)
			if (range[k].at <= f->today + 1e-9 && !(range[k].known > f->today + 1e-9))
				g_array_append_val(times, range[k].at);
	}
	g_array_sort(times, by_value);
	for (guint k = 1; k < times->len;)
		if (g_array_index(times, double, k) == g_array_index(times, double, k - 1))
			g_array_remove_index(times, k);
		else
			k++;
	return times;
}

GArray *promise_measured(const json_t *pledge, const promise *p, const measuring_facts *f)
{
	GArray *values = g_array_new(FALSE, FALSE, sizeof(measured_value));
	const json_t *sites = json_object_get(pledge, "sites");
	if (g_strcmp0(p->base, "ha") != 0 || !json_array_size(sites))
		return values;
	g_autoptr(GArray) times = times_of(sites, f);
	for (guint i = 0; i < times->len; i++) {
		measured_value v = value_at(sites, p, f, g_array_index(times, double, i));
		if (!v.told && !v.too_small)
			continue;
		v.value = v.told ? v.value / p->factor : NAN;
		v.low /= p->factor;
		v.high /= p->factor;
		g_array_append_val(values, v);
	}
	return values;
}

GArray *pledge_measured(const json_t *pledge, const measuring_facts *f)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(measured_value));
	promise p;
	for (gsize i = 0; promise_read(pledge, i, &p); i++) {
		g_autoptr(GArray) values = promise_measured(pledge, &p, f);
		if (values->len)
			g_array_append_vals(all, values->data, values->len);
	}
	return all;
}

static gboolean has_answer(const promise *p)
{
	for (gsize i = 0; i < metric_answers_count; i++)
		if (g_strcmp0(metric_answers[i].metric, p->metric) == 0)
			return g_strcmp0(p->base, "ha") == 0;
	return FALSE;
}

measured_state promise_measured_state(const json_t *pledge, const promise *p, const measured_value *newest)
{
	if (!has_answer(p))
		return MEASURED_NO_ANSWER;
	if (!json_array_size(json_object_get(pledge, "sites")))
		return MEASURED_UNMAPPED;
	if (!newest)
		return MEASURED_NOT;
	return !newest->told ? MEASURED_TOO_SMALL : newest->told < newest->sites ? MEASURED_PART : MEASURED_WHOLE;
}

boundary_state site_boundary_state(const json_t *site, const char *measured_sha256)
{
	const json_t *geometry = measured_sha256 ? json_object_get(site, "geometry") : NULL;
	g_autoptr(boundary) land = geometry ? boundary_read(geometry, NULL) : NULL;
	g_autofree char *now = land ? boundary_sha256(land) : NULL;
	return !now ? BOUNDARY_UNKNOWN : strcmp(now, measured_sha256) == 0 ? BOUNDARY_SAME : BOUNDARY_REDRAWN;
}
