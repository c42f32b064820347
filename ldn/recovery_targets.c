#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "rank.h"
#include "recovery_run.h"
#include "years.h"

static bool reference_parse(recovery_run *job, failure *why)
{
	const char *text = job->settings->reference_years;
	int years[YEARS_MAX];
	if (!text)
		return true;
	size_t count = years_parse(text, years, YEARS_MAX, why);
	if (!count)
		return false;
	job->reference[0] = years[0];
	job->reference[1] = years[count - 1];
	return job->reference[1] - job->reference[0] + 1 == (int)count || failure_usage(why, _("--reference-years %s: give a period, as 2002-2004"), text);
}

bool target_parse(recovery_run *job, failure *why)
{
	static const struct {
		const char *word;
		target_kind kind;
	} words[] = {{"historic", TARGET_PIXEL}, {"historic-polygon", TARGET_POLYGON}, {"window", TARGET_WINDOW}, {"reference", TARGET_REFERENCE}};
	const recovery_settings *s = job->settings;
	job->target = s->target ? TARGET_NUMBER : s->references ? TARGET_REFERENCE : s->reference_years ? TARGET_PIXEL : TARGET_NONE;
	for (size_t i = 0; s->target && i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].word, s->target) == 0)
			job->target = words[i].kind;
	if (job->target == TARGET_NUMBER && !number_read(s->target, &job->number))
		return failure_usage(why, _("--target %s: not historic, historic-polygon, window, reference, or a number"), s->target);
	if ((job->target == TARGET_REFERENCE) != (s->references != NULL))
		return failure_usage(why, _("--target reference and --references FILE go together"));
	if (job->target == TARGET_POLYGON && !s->polygons)
		return failure_usage(why, _("--target historic-polygon needs --polygons"));
	if (s->window % 2 == 0)
		return failure_usage(why, _("--window %lld: give an odd number of cells"), (long long)s->window);
	if (!reference_parse(job, why))
		return false;
	if (!s->polygons && job->target > TARGET_NUMBER && !job->reference[0])
		return failure_usage(why, _("--target %s needs the years before the disturbance: --reference-years 2002-2004"), s->target ? s->target : "reference");
	if (job->target == TARGET_REFERENCE && !job->reference[0])
		return failure_usage(why, _("--references needs --reference-years"));
	return true;
}

static size_t row_of(const spectra *series, int year)
{
	size_t k = 0;
	while (k < series->year_count && series->years[k] != year)
		k++;
	return k;
}

static bool span_of(const spectra *series, int first, int last, const char *whose, ldn_span *rows, failure *why)
{
	size_t a = row_of(series, first), b = row_of(series, last);
	if (!first || !last)
		return failure_usage(why, _("polygon %s: no reference years; give them as fields ref_start and ref_end, or with --reference-years"), whose);
	if (first > last)
		return failure_usage(why, _("polygon %s: reference years %d to %d run backwards"), whose, first, last);
	if (a == series->year_count || b == series->year_count)
		return failure_usage(why, _("polygon %s: reference year %d is not in the stack, which holds %d to %d"), whose, a == series->year_count ? first : last,
			series->years[0], series->years[series->year_count - 1]);
	*rows = (ldn_span){a, b - a + 1};
	return true;
}

/* The rows of a site's reference years. */
static bool target_rows(const recovery_run *job, size_t which, ldn_span *rows, failure *why)
{
	const site *one = &job->sites.items[which];
	return span_of(&job->stack, one->years[SITE_REFERENCE_FIRST], one->years[SITE_REFERENCE_LAST], one->name, rows, why);
}

/* --- polygons whose target is one number --- */

/* A pass over the polygons that make targets: the sites themselves, or others. */
typedef struct target_pass {
	const recovery_run *job;
	const sites *polygons;
	gathering medians; /* [polygon * indices + index] */
} target_pass;

static bool pass_polygon(target_pass *pass, session *run, int worker, size_t p, window part, failure *why)
{
	const recovery_run *job = pass->job;
	const site *one = &pass->polygons->items[p];
	window own = site_window(one, part);
	size_t n = (size_t)own.width * (size_t)own.height, count;
	ldn_span rows;
	if (n == 0)
		return true;
	if (!span_of(&job->stack, one->years[SITE_REFERENCE_FIRST], one->years[SITE_REFERENCE_LAST], one->name, &rows, why))
		return false;
	autofree size_t *cells = NULL;
	if (!site_cells(one, run, worker, own, &cells, &count, why) || count == 0)
		return why->code == OUTCOME_DONE;
	autofree double *series = memory_grow(NULL, n * rows.count * job->stack.count, sizeof *series);
	autofree double *median = memory_grow(NULL, n, sizeof *median);
	autofree double *inside = memory_grow(NULL, count, sizeof *inside);
	if (!spectra_read(&job->stack, run, worker, own, rows, series, why))
		return false;
	for (size_t i = 0; i < job->stack.count; i++) {
		ldn_status status = ldn_median_years(series + i * rows.count * n, n, (ldn_span){0, rows.count}, median);
		if (status != LDN_OK)
			return kernel_failed(status, _("the target"), why);
		for (size_t j = 0; j < count; j++)
			inside[j] = median[cells[j]];
		if (!gather_add(&pass->medians, p * job->stack.count + i, inside, count, why))
			return false;
	}
	return true;
}

static bool pass_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	target_pass *pass = context;
	(void)index;
	for (size_t p = 0; p < pass->polygons->count; p++)
		if (!pass_polygon(pass, run, worker, p, part, why))
			return false;
	return true;
}

/* Medians of the polygons, the same on every rank. */
static bool pass_run(target_pass *pass, session *run, double *medians, failure *why)
{
	size_t lists = pass->polygons->count * pass->job->stack.count, bytes = lists * sizeof *medians;
	gather_begin(&pass->medians, lists, run);
	session_blocks(run, _("targets"), pass_block, pass, why);
	bool fine = gather_join(&pass->medians, why);
	for (size_t i = 0; fine && i < lists; i++)
		medians[i] = ldn_median(pass->medians.items[i].values, pass->medians.items[i].count);
	if (fine) {
		void *shared = memory_new(bytes + 1, 1);
		memcpy(shared, medians, bytes);
		rank_share(&shared, &bytes);
		memcpy(medians, shared, lists * sizeof *medians);
		free(shared);
	}
	gather_free(&pass->medians);
	return fine;
}

/* Undisturbed polygons elsewhere: the median of theirs is the target of every site. */
static bool references_settle(recovery_run *job, session *run, failure *why)
{
	size_t indices = job->stack.count;
	sites others;
	const int years[SITE_YEARS] = {[SITE_REFERENCE_FIRST] = job->reference[0], [SITE_REFERENCE_LAST] = job->reference[1]};
	bool fine = sites_read(job->settings->references, NULL, NULL, years, run, &others, why);
	target_pass pass = {.job = job, .polygons = &others};
	autofree double *medians = memory_new(fine ? others.count * indices : 1, sizeof *medians), *of_index = memory_new(fine ? others.count : 1, sizeof *of_index);
	fine = fine && pass_run(&pass, run, medians, why);
	for (size_t i = 0; fine && i < indices; i++) {
		for (size_t p = 0; p < others.count; p++)
			of_index[p] = medians[p * indices + i];
		double target = ldn_median(of_index, others.count);
		for (size_t s = 0; s < job->sites.count; s++)
			job->targets[s * indices + i] = target;
		if (isnan(target))
			session_note(run, _("the reference polygons have no valid %s in the reference years: no target"), job->stack.names[i]);
	}
	sites_free(&others);
	return fine;
}

bool targets_settle(recovery_run *job, session *run, failure *why)
{
	if (job->target != TARGET_POLYGON && job->target != TARGET_REFERENCE)
		return true;
	job->targets = memory_new(job->sites.count * job->stack.count, sizeof *job->targets);
	target_pass pass = {.job = job, .polygons = &job->sites};
	return job->target == TARGET_REFERENCE ? references_settle(job, run, why) : pass_run(&pass, run, job->targets, why);
}

/* --- of cells --- */

/* The part of the raster that the window target of a part needs: half a window more on each side, within the raster but beyond the region. */
static window window_around(const session *run, sources *files, window part, int half)
{
	const grid *region = session_grid(run), *whole = sources_grid(files);
	int x = (int)lround((region->transform[0] - whole->transform[0]) / whole->transform[1]);
	int y = (int)lround((region->transform[3] - whole->transform[3]) / whole->transform[5]);
	int left = part.x - half < -x ? -x : part.x - half, top = part.y - half < -y ? -y : part.y - half;
	int right = part.x + part.width + half > whole->width - x ? whole->width - x : part.x + part.width + half;
	int bottom = part.y + part.height + half > whole->height - y ? whole->height - y : part.y + part.height + half;
	return (window){left, top, right - left, bottom - top};
}

bool targets_around(const recovery_run *job, session *run, int worker, size_t which, window part, double *targets, failure *why)
{
	window wide = window_around(run, session_sources(run), part, (int)job->settings->window / 2);
	size_t n = (size_t)wide.width * (size_t)wide.height, left = (size_t)(part.x - wide.x), across = (size_t)part.width, down = (size_t)part.height;
	ldn_span rows;
	if (!target_rows(job, which, &rows, why))
		return false;
	autofree double *series = memory_grow(NULL, n * rows.count * job->stack.count, sizeof *series);
	autofree double *median = memory_grow(NULL, n, sizeof *median);
	autofree double *mean = memory_grow(NULL, (size_t)wide.width * down, sizeof *mean);
	if (!spectra_read(&job->stack, run, worker, wide, rows, series, why))
		return false;
	for (size_t i = 0; i < job->stack.count; i++) {
		ldn_status status = ldn_median_years(series + i * rows.count * n, n, (ldn_span){0, rows.count}, median);
		if (status == LDN_OK)
			status = ldn_window_mean(median, (size_t)wide.width, (size_t)wide.height, (size_t)job->settings->window, job->settings->skip_missing,
				(size_t)(part.y - wide.y), down, mean);
		if (status != LDN_OK)
			return kernel_failed(status, _("the target"), why);
		for (size_t y = 0; y < down; y++)
			memcpy(targets + (i * down + y) * across, mean + y * (size_t)wide.width + left, across * sizeof *targets);
	}
	return true;
}

bool target_of(const recovery_run *job, size_t which, size_t index, const readings *from, const double *compact, const size_t *cells, size_t count, double *room,
	const double **target, size_t *step, failure *why)
{
	size_t n = (size_t)from->part.width * (size_t)from->part.height;
	ldn_span rows;
	*step = job->target == TARGET_PIXEL || job->target == TARGET_WINDOW;
	*target = job->target == TARGET_NONE ? NULL : job->target == TARGET_NUMBER ? &job->number : job->targets ? &job->targets[which * job->stack.count + index] : room;
	for (size_t j = 0; job->target == TARGET_WINDOW && j < count; j++)
		room[j] = from->targets[index * n + cells[j]];
	if (job->target != TARGET_PIXEL)
		return true;
	if (!target_rows(job, which, &rows, why))
		return false;
	ldn_status status = ldn_median_years(compact, count, rows, room);
	return status == LDN_OK || kernel_failed(status, _("the target"), why);
}
