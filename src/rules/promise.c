#include "rules/promise.h"

#include <math.h>
#include <string.h>

#include "record/vocabulary.h"
#include "rules/day.h"

static const char *member(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static double number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	return json_is_number(value) ? json_number_value(value) : NAN;
}

gsize promise_count(const json_t *pledge)
{
	return json_array_size(json_object_get(pledge, "targets"));
}

/* Metrics whose amounts start at nothing when the promise is made. */
static gboolean metric_accumulates(const char *metric, const term *unit)
{
	static const char *const amounts[] = {"area-restored", "area-rehabilitated", "area-protected", "trees-planted"};
	if (!unit || (g_strcmp0(unit->dimension, "area") != 0 && g_strcmp0(unit->dimension, "count") != 0))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++)
		if (g_strcmp0(metric, amounts[i]) == 0)
			return TRUE;
	return FALSE;
}

gboolean promise_read(const json_t *pledge, gsize index, promise *out)
{
	const json_t *target = json_array_get(json_object_get(pledge, "targets"), index);
	if (!json_is_object(target))
		return FALSE;
	double baseline_year = number(target, "baseline_year"), target_year = number(target, "target_year");
	*out = (promise){
		.number = index + 1, .metric = member(target, "metric"), .unit = member(target, "unit"),
		.unit_as_stated = member(target, "unit_as_stated"), .denominator = member(target, "denominator"), .land = member(target, "land"),
		.duty = member(target, "duty"), .deadline = member(target, "deadline"), .value = number(target, "value"),
		.baseline_value = number(target, "baseline_value"), .factor = 1,
		.starts = isfinite(baseline_year) ? baseline_year + 1 : day_end(member(pledge, "made_on")), .due = target_year + 1,
	};
	const term *unit = out->unit ? vocabulary_find(vocabulary_get("units"), out->unit) : NULL;
	out->base = unit && unit->base ? unit->base : out->unit;
	if (unit && isfinite(unit->factor) && unit->factor > 0)
		out->factor = unit->factor;
	out->accumulates = metric_accumulates(out->metric, unit);
	return TRUE;
}

double promise_convert(const promise *p, double value, const char *unit)
{
	if (!unit || !p->unit || strcmp(unit, p->unit) == 0)
		return unit && p->unit ? value : NAN;
	const term *other = vocabulary_find(vocabulary_get("units"), unit);
	if (!other || !other->base || g_strcmp0(other->base, p->base) != 0 || !isfinite(other->factor))
		return NAN;
	return value * other->factor / p->factor;
}

static double period_end(const json_t *progress)
{
	double end = day_end(member(progress, "period_until"));
	return isfinite(end) ? end : number(progress, "year") + 1;
}

/* Newest year among a report's sources, at its end; NaN if none has a year. */
static double sources_end(const json_t *progress)
{
	double newest = NAN;
	const json_t *sources = json_object_get(progress, "sources"), *source;
	gsize i;
	json_array_foreach(sources, i, source) {
		double year = number(source, "year") + 1;
		if (!(newest >= year))
			newest = isfinite(year) ? year : newest;
	}
	return newest;
}

static double published_at(const json_t *progress)
{
	double said = day_end(member(progress, "reported_on"));
	return isfinite(said) ? said : fmax(period_end(progress), sources_end(progress));
}

double pledge_last_report(json_t *const *progress, gsize n)
{
	double last = NAN;
	for (gsize i = 0; i < n; i++)
		last = fmax(last, published_at(progress[i])); /* fmax passes over NaN */
	return last;
}

static int by_time(gconstpointer a, gconstpointer b)
{
	double p = ((const report_point *)a)->at, q = ((const report_point *)b)->at;
	return (p > q) - (p < q);
}

static gboolean answers(const promise *p, const json_t *figure, const char *basis)
{
	const char *says = member(figure, "basis");
	/* Without a basis a figure is taken as it stands: the state of things. */
	return json_integer_value(json_object_get(figure, "target")) == (json_int_t)p->number && strcmp(says ? says : "state", basis) == 0;
}

static void collect(const promise *p, json_t *const *progress, gsize n, const char *basis, GArray *out)
{
	for (gsize i = 0; i < n; i++) {
		report_point best = {.value = NAN};
		const json_t *figure;
		gsize k;
		json_array_foreach(json_object_get(progress[i], "figures"), k, figure) {
			double value = answers(p, figure, basis) ? promise_convert(p, number(figure, "value"), member(figure, "unit")) : NAN;
			/* Two figures of one report for one target are two ways to say it: the larger stands, in the pledger's favour. */
			if (isfinite(value) && !(best.value >= value))
				best = (report_point){.at = period_end(progress[i]), .published = published_at(progress[i]), .value = value,
					.what = member(figure, "what"), .progress = i};
		}
		if (isfinite(best.value) && isfinite(best.at))
			g_array_append_val(out, best);
	}
	g_array_sort(out, by_time);
}

/* One point for each end of year: the largest said for it. */
static void merge_same_time(GArray *points)
{
	for (guint i = 1; i < points->len;) {
		report_point *before = &g_array_index(points, report_point, i - 1), *here = &g_array_index(points, report_point, i);
		if (here->at != before->at) {
			i++;
			continue;
		}
		if (here->value > before->value)
			*before = *here;
		g_array_remove_index(points, i);
	}
}

/* Yearly amounts are added to the newest running total, or to nothing since the baseline; years that a total covers do not count again. */
static void add_periods(const promise *p, GArray *points, const GArray *periods)
{
	const report_point *last = points->len ? &g_array_index(points, report_point, points->len - 1) : NULL;
	double sum = last ? last->value : 0, after = last ? last->at : p->starts;
	for (guint i = 0; i < periods->len; i++) {
		report_point here = g_array_index(periods, report_point, i);
		if (!(here.at > after + 1e-9))
			continue;
		sum += here.value;
		here.value = sum;
		here.summed = TRUE;
		g_array_append_val(points, here);
	}
}

/* The points of reports that are all about one thing: the pledge as a whole, or one site. */
static GArray *points_of(const promise *p, json_t *const *progress, gsize n)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(report_point));
	collect(p, progress, n, "cumulative", points);
	collect(p, progress, n, "state", points);
	merge_same_time(points);
	if (p->accumulates) {
		g_autoptr(GArray) periods = g_array_new(FALSE, FALSE, sizeof(report_point));
		collect(p, progress, n, "period", periods);
		merge_same_time(periods);
		add_periods(p, points, periods);
	}
	return points;
}

/* The newest point until a time; NULL if there is none. */
static const report_point *newest_until(const GArray *points, double at)
{
	const report_point *found = NULL;
	for (guint i = 0; i < points->len && g_array_index(points, report_point, i).at <= at; i++)
		found = &g_array_index(points, report_point, i);
	return found;
}

/* Amounts reported site by site are added up at each time one of them is reported; where less than the pledge as a whole was reported to have
 * reached by then, not all sites have spoken, and the sum says nothing new. */
static void add_site_sums(const promise *p, const GPtrArray *sites, GArray *points)
{
	g_autoptr(GArray) sums = g_array_new(FALSE, FALSE, sizeof(report_point));
	for (guint s = 0; s < sites->len; s++) {
		const GArray *here = g_ptr_array_index(sites, s);
		for (guint i = 0; i < here->len; i++) {
			report_point sum = g_array_index(here, report_point, i);
			for (guint other = 0; other < sites->len; other++) {
				const report_point *beside = other == s ? NULL : newest_until(g_ptr_array_index(sites, other), sum.at);
				sum.value += beside ? beside->value : 0;
				sum.summed |= beside != NULL;
			}
			const report_point *whole = newest_until(points, sum.at);
			/* Shares of several sites do not add up to a share. */
			if ((p->accumulates || sites->len == 1) && !(p->accumulates && whole && whole->value >= sum.value))
				g_array_append_val(sums, sum);
		}
	}
	g_array_append_vals(points, sums->data, sums->len);
	g_array_sort(points, by_time);
	merge_same_time(points);
}

static void points_free(gpointer points)
{
	g_array_unref(points);
}

GArray *promise_reports(const promise *p, json_t *const *progress, gsize n)
{
	g_autofree json_t **chosen = g_new0(json_t *, n + 1);
	g_autofree gsize *index = g_new0(gsize, n + 1);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) sites = g_ptr_array_new_with_free_func(points_free);
	GArray *whole = NULL;
	/* Round by round: the pledge as a whole, then each site that reports name. */
	for (gsize next = 0; next <= n; next++) {
		const char *site = next ? member(progress[next - 1], "site") : NULL;
		if (next && (!site || !g_hash_table_add(seen, (gpointer)site)))
			continue;
		gsize count = 0;
		for (gsize i = 0; i < n; i++)
			if (g_strcmp0(member(progress[i], "site"), site) == 0)
				chosen[count] = progress[i], index[count++] = i;
		GArray *points = points_of(p, chosen, count);
		for (guint i = 0; i < points->len; i++)
			g_array_index(points, report_point, i).progress = index[g_array_index(points, report_point, i).progress];
		if (next)
			g_ptr_array_add(sites, points);
		else
			whole = points;
	}
	if (sites->len)
		add_site_sums(p, sites, whole);
	return whole;
}

static int by_date(gconstpointer a, gconstpointer b)
{
	double p = ((const path_point *)a)->at, q = ((const path_point *)b)->at;
	return (p > q) - (p < q);
}

GArray *promise_path(const json_t *pledge, const promise *p)
{
	GArray *path = g_array_new(FALSE, FALSE, sizeof(path_point));
	const json_t *milestone;
	gsize i, stones = 0;
	json_array_foreach(json_object_get(pledge, "milestones"), i, milestone) {
		path_point stone = {.at = day_end(member(milestone, "date")), .value = number(milestone, "value"), .why = "milestone"};
		if (json_integer_value(json_object_get(milestone, "target")) == (json_int_t)p->number && isfinite(stone.at) && isfinite(stone.value)) {
			g_array_append_val(path, stone);
			stones++;
		}
	}
	if (isfinite(p->value) && isfinite(p->due)) {
		path_point end = {.at = p->due, .value = p->value, .why = "deadline"};
		g_array_append_val(path, end);
	}
	double from = isfinite(p->baseline_value) ? p->baseline_value : p->accumulates ? 0 : NAN;
	path_point start = {.at = p->starts, .value = from, .why = "baseline"};
	if (path->len && isfinite(start.at) && isfinite(start.value))
		g_array_append_val(path, start);
	g_array_sort(path, by_date);
	/* One point is no line: without a start, only milestones can tell what was due before the end. */
	if (path->len < 2 && !stones)
		g_array_set_size(path, 0);
	return path;
}

double path_value(const GArray *path, double at)
{
	if (!path->len || !isfinite(at))
		return NAN;
	const path_point *points = (const path_point *)(void *)path->data;
	if (at <= points[0].at)
		/* Before a first milestone nothing is due yet. */
		return strcmp(points[0].why, "milestone") == 0 && at < points[0].at ? NAN : points[0].value;
	for (guint i = 1; i < path->len; i++)
		if (at <= points[i].at) {
			double span = points[i].at - points[i - 1].at;
			return span > 0 ? points[i - 1].value + (points[i].value - points[i - 1].value) * (at - points[i - 1].at) / span : points[i].value;
		}
	return points[path->len - 1].value;
}
