#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "recovery_run.h"

/* LandTrendr's rules count in thousandths of an index. */
#define UNITS 1000

enum { TREND_LOSS_YEAR, TREND_LOSS, TREND_LOSS_DURATION, TREND_LOSS_BEFORE, TREND_LOSS_RATE, TREND_LOSS_DSNR, TREND_GAIN_YEAR, TREND_GAIN, TREND_GAIN_DURATION,
	TREND_GAIN_RATE, TREND_SEGMENTS, TREND_P, TREND_RMSE, TREND_PATH, TRENDS };

static const struct {
	const char *name, *title;
} trends[TRENDS] = {
	[TREND_LOSS_YEAR] = {"loss_year", "first year of the chosen disturbance"},
	[TREND_LOSS] = {"loss", "size of the disturbance, in the index"},
	[TREND_LOSS_DURATION] = {"loss_duration", "years the disturbance took"},
	[TREND_LOSS_BEFORE] = {"loss_before", "fitted index before the disturbance"},
	[TREND_LOSS_RATE] = {"loss_rate", "loss a year"},
	[TREND_LOSS_DSNR] = {"loss_dsnr", "loss against the noise: loss / rmse"},
	[TREND_GAIN_YEAR] = {"gain_year", "first year of the greatest recovery segment after it"},
	[TREND_GAIN] = {"gain", "size of the recovery segment, in the index"},
	[TREND_GAIN_DURATION] = {"gain_duration", "years of the recovery segment"},
	[TREND_GAIN_RATE] = {"gain_rate", "gain a year"},
	[TREND_SEGMENTS] = {"segments", "segments of the fit"},
	[TREND_P] = {"p", "p of the fit"},
	[TREND_RMSE] = {"rmse", "root mean squared residual of the fit"},
	[TREND_PATH] = {"path", "how the fit came about: 0 refused, 1 too few years, 2 no vertex, 3 flat, 4 second try, 5 first"},
};

/* --- what there is --- */

static output *output_add(recovery_run *job, output_kind kind, int which, size_t index, const char *title, bool chosen)
{
	job->offered = memory_grow(job->offered, job->offered_count + 1, sizeof *job->offered);
	job->layers = memory_grow(job->layers, job->offered_count + 1, sizeof *job->layers);
	job->offered[job->offered_count] = (output){.kind = kind, .which = which, .index = index};
	job->layers[job->offered_count] = (layer_spec){NULL, title, NULL, CELL_FLOAT, chosen, AREAS_NONE};
	return &job->offered[job->offered_count++];
}

/* With several indices the name of a layer begins with its index. */
static void output_name(const recovery_run *job, output *one, const char *name)
{
	if (job->stack.count > 1)
		snprintf(one->name, sizeof one->name, "%s.%s", job->stack.names[one->index], name);
	else
		snprintf(one->name, sizeof one->name, "%s", name);
}

void outputs_make(recovery_run *job)
{
	const recovery_settings *s = job->settings;
	bool dated = s->restored || s->polygons;
	for (size_t i = 0; i < job->stack.count; i++) {
		for (int m = 0; dated && m < LDN_METRICS; m++) {
			bool target = !ldn_metrics[m].needs_target || job->target != TARGET_NONE, loss = m != LDN_RRI || s->disturbed || s->polygons;
			if (target && loss)
				output_name(job, output_add(job, OUTPUT_METRIC, m, i, ldn_metrics[m].title, true), ldn_metrics[m].name);
		}
		if (dated && job->target != TARGET_NONE)
			output_name(job, output_add(job, OUTPUT_TARGET, 0, i, "target of recovery", false), "target");
		output_name(job, output_add(job, OUTPUT_VALID, 0, i, "valid years", true), "valid");
	}
	for (int t = 0; t < TRENDS; t++)
		snprintf(output_add(job, OUTPUT_TREND, t, 0, trends[t].title, !dated)->name, sizeof job->offered->name, "%s", trends[t].name);
	for (int v = 0; v <= s->max_segments; v++)
		snprintf(output_add(job, OUTPUT_VERTEX_YEAR, v, 0, "year of a vertex", false)->name, sizeof job->offered->name, "vertex_year_%d", v + 1);
	for (int v = 0; v <= s->max_segments; v++)
		snprintf(output_add(job, OUTPUT_VERTEX_VALUE, v, 0, "fitted index at a vertex", false)->name, sizeof job->offered->name, "vertex_value_%d", v + 1);
	for (size_t k = 0; k < job->stack.year_count; k++)
		snprintf(output_add(job, OUTPUT_FIT, (int)k, 0, "fitted index", false)->name, sizeof job->offered->name, "fit_%d", job->stack.years[k]);
	for (size_t o = 0; o < job->offered_count; o++)
		job->layers[o].name = job->offered[o].name;
}

void outputs_choose(recovery_run *job, const session *run)
{
	job->outputs = memory_new(job->offered_count, sizeof *job->outputs);
	for (size_t o = 0; o < job->offered_count; o++) {
		const output *one = &job->offered[o];
		if (!session_wants(run, one->name))
			continue;
		job->outputs[job->count++] = *one;
		job->metrics_wanted = job->metrics_wanted || one->kind == OUTPUT_METRIC || one->kind == OUTPUT_TARGET;
		job->trend_wanted = job->trend_wanted || one->kind >= OUTPUT_TREND;
	}
}

bool output_summed(const output *one)
{
	return one->kind <= OUTPUT_TREND;
}

/* --- LandTrendr --- */

static double vertex_at(const ldn_segmentation *s, const output *one)
{
	if (one->which >= s->n_vertices)
		return NAN;
	return one->kind == OUTPUT_VERTEX_YEAR ? s->vertex_year[one->which] : s->vertex_value[one->which] / UNITS;
}

static double change_value(const ldn_change *c, int which)
{
	if (c->segment < 0)
		return NAN;
	switch (which) {
	case TREND_LOSS_YEAR:
	case TREND_GAIN_YEAR:
		return c->year;
	case TREND_LOSS_DURATION:
	case TREND_GAIN_DURATION:
		return c->duration;
	case TREND_LOSS_BEFORE:
		return c->before / UNITS;
	case TREND_LOSS_RATE:
	case TREND_GAIN_RATE:
		return c->rate / UNITS;
	case TREND_LOSS_DSNR:
		return c->dsnr;
	default:
		return c->magnitude / UNITS;
	}
}

static double trend_value(const ldn_segmentation *s, const ldn_change *loss, const ldn_change *gain, int which)
{
	switch (which) {
	case TREND_PATH:
		return s->path;
	case TREND_SEGMENTS:
		return s->n_vertices ? s->n_vertices - 1 : NAN;
	case TREND_P:
		return s->n_vertices ? s->p : NAN;
	case TREND_RMSE:
		return s->rmse / UNITS;
	default:
		return change_value(which < TREND_GAIN_YEAR ? loss : gain, which);
	}
}

/* The disturbance as chosen, and the greatest recovery that begins after it (after none: the greatest of all). */
static void changes_find(const recovery_run *job, const ldn_segmentation *s, ldn_change *loss, ldn_change *gain)
{
	const recovery_settings *set = job->settings;
	int sign = job->trend_rule.disturbance_sign;
	ldn_change_filter wanted = {set->least * UNITS, (int)set->longest, isfinite(set->from_value) ? set->from_value * UNITS : -INFINITY, 0};
	*loss = ldn_segmentation_change(s, sign, LDN_CHANGE_LOSS, (ldn_change_choice)set->choose, &wanted);
	ldn_change_filter after = {0, 0, -INFINITY, loss->segment < 0 ? 0 : loss->year + loss->duration};
	*gain = ldn_segmentation_change(s, sign, LDN_CHANGE_GAIN, LDN_CHANGE_GREATEST, &after);
}

static bool trends_compute(const recovery_run *job, const double *compact, size_t count, double *values, failure *why)
{
	size_t years = job->stack.year_count;
	double y[YEARS_MAX], fitted[YEARS_MAX];
	for (size_t j = 0; j < count; j++) {
		ldn_segmentation s;
		ldn_change loss, gain;
		for (size_t k = 0; k < years; k++) {
			y[k] = compact[k * count + j] * UNITS;
			y[k] = job->trend_rule.whole_units ? nearbyint(y[k]) : y[k];
		}
		ldn_status status = ldn_landtrendr(&job->trend_rule, job->stack.years, y, years, 1, &s, fitted);
		if (status != LDN_OK)
			return kernel_failed(status, _("the segmentation"), why);
		changes_find(job, &s, &loss, &gain);
		for (size_t o = 0; o < job->count; o++) {
			const output *one = &job->outputs[o];
			if (one->kind < OUTPUT_TREND)
				continue;
			values[o * count + j] = one->kind == OUTPUT_TREND ? trend_value(&s, &loss, &gain, one->which)
				: one->kind == OUTPUT_FIT ? fitted[one->which] / UNITS : vertex_at(&s, one);
		}
	}
	return true;
}

/* --- a site's cells --- */

static void fill(double *values, size_t count, double value)
{
	for (size_t j = 0; j < count; j++)
		values[j] = value;
}

ldn_recovery_rule metric_rule(const recovery_run *job, ldn_metric metric, size_t index)
{
	ldn_recovery_rule rule = job->rule;
	if (job->last && metric == LDN_R80P)
		rule.timestep = LDN_TIMESTEP_LAST;
	if (!job->settings->peer)
		rule.disturbance_sign = spectra_sign(&job->stack, index);
	return rule;
}

static bool metric_compute(const recovery_run *job, size_t which, const output *one, const double *compact, const double *target, size_t step, size_t count,
	double *values, failure *why)
{
	const site *place = &job->sites.items[which];
	ldn_recovery_rule rule = metric_rule(job, (ldn_metric)one->which, one->index);
	ldn_recovery_years when = {job->stack.years, job->stack.year_count, place->years[SITE_DISTURBED], place->years[SITE_RESTORED]};
	/* A share of a target has no meaning where less is better. */
	if (job->faults[which * LDN_METRICS + (size_t)one->which] != LDN_RECOVERY_FINE || (rule.disturbance_sign > 0 && ldn_metrics[one->which].needs_target)) {
		fill(values, count, NAN);
		return true;
	}
	ldn_status status = ldn_recovery(&rule, (ldn_metric)one->which, &when, compact, target, step, count, values);
	return status == LDN_OK || kernel_failed(status, ldn_metrics[one->which].name, why);
}

static void valid_compute(const double *compact, size_t years, size_t count, double *values)
{
	fill(values, count, 0);
	for (size_t k = 0; k < years; k++)
		for (size_t j = 0; j < count; j++)
			values[j] += !isnan(compact[k * count + j]);
}

static bool index_compute(const recovery_run *job, size_t which, size_t index, const readings *from, const double *compact, const size_t *cells, size_t count,
	double *values, failure *why)
{
	autofree double *room = memory_grow(NULL, count, sizeof *room);
	const double *target = NULL;
	size_t step = 0;
	if (job->metrics_wanted && !target_of(job, which, index, from, compact, cells, count, room, &target, &step, why))
		return false;
	for (size_t o = 0; o < job->count; o++) {
		const output *one = &job->outputs[o];
		double *to = values + o * count;
		if (one->index != index || one->kind > OUTPUT_VALID)
			continue;
		if (one->kind == OUTPUT_METRIC && !metric_compute(job, which, one, compact, target, step, count, to, why))
			return false;
		if (one->kind == OUTPUT_VALID)
			valid_compute(compact, job->stack.year_count, count, to);
		for (size_t j = 0; one->kind == OUTPUT_TARGET && j < count; j++)
			to[j] = target[j * step];
	}
	return true;
}

bool outputs_compute(const recovery_run *job, size_t which, const readings *from, const size_t *cells, size_t count, double *values, failure *why)
{
	size_t n = (size_t)from->part.width * (size_t)from->part.height, years = job->stack.year_count;
	autofree double *compact = memory_grow(NULL, years * count, sizeof *compact);
	for (size_t i = 0; i < job->stack.count; i++) {
		for (size_t k = 0; k < years; k++)
			for (size_t j = 0; j < count; j++)
				compact[k * count + j] = from->series[(i * years + k) * n + cells[j]];
		if (!index_compute(job, which, i, from, compact, cells, count, values, why))
			return false;
		if (i == 0 && job->trend_wanted && !trends_compute(job, compact, count, values, why))
			return false;
	}
	return true;
}
