/* ldn status: what a reporting period did to the baseline, with experts' corrections. */
#include <stdlib.h>

#include "command.h"
#include "kernel.h"
#include "ldn/indicator.h"
#include "zones.h"

typedef struct status_settings {
	common_settings common;
	const char *correct, *correct_periods;
	int64_t report;
} status_settings;

static const option own[] = {
	{"correct", 0, OPTION_TEXT, offsetof(status_settings, correct), "FILE", "raster of correction codes 0-63 (false positives and negatives)"},
	{"correct-periods", 0, OPTION_TEXT, offsetof(status_settings, correct_periods), "FILE", "raster of the periods a correction is for: 1 baseline + 2 first + 4 second report"},
	{"report", 0, OPTION_WHOLE, offsetof(status_settings, report), "N", "which report the period is: 1 (default) or 2", NULL, 1, 2},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const layer_spec layers[] = {
	{"status", "status, seven classes", classes_of_status, CELL_INT16, true, AREAS},
	{"status3", "status, three classes", classes_of_three, CELL_INT16, true, AREAS},
	{"baseline", "baseline, corrected", classes_of_three, CELL_INT16, false, AREAS},
	{"period", "period, corrected", classes_of_three, CELL_INT16, false, AREAS}};

typedef struct status_run {
	range baseline, period, code, mask;
	int bit;
	zones *zones;
	sums cross;
} status_run;

static const ldn_axis three = {LDN_DEGRADED, LDN_IMPROVED};

static bool status_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	status_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	sources *from = session_sources(run);
	(void)index;
	autofree int16_t *maps = memory_grow(NULL, 6 * n, sizeof *maps);
	int16_t *baseline = maps, *period = maps + n, *code = maps + 2 * n, *mask = maps + 3 * n, *status = maps + 4 * n, *simple = maps + 5 * n;
	if (!sources_read_int16(from, worker, job->baseline, part, baseline, n, why) || !sources_read_int16(from, worker, job->period, part, period, n, why))
		return false;
	if (job->code.count) {
		if (!sources_read_int16(from, worker, job->code, part, code, n, why) || !sources_read_int16(from, worker, job->mask, part, mask, n, why))
			return false;
		ldn_indicator_recode(n, baseline, code, mask, LDN_RECODE_BASELINE, baseline);
		ldn_indicator_recode(n, period, code, mask, job->bit, period);
	}
	ldn_indicator_status(n, baseline, period, status);
	ldn_indicator_status_simple(&session_profile(run)->indicator, n, status, simple);
	autofree int32_t *zone = memory_grow(NULL, n, sizeof *zone);
	autofree uint16_t *key = memory_grow(NULL, n, sizeof *key);
	ldn_key_start(three, n, baseline, key);
	ldn_key_push(three, n, period, key);
	if (!zones_read(job->zones, worker, part, zone, why) || !sums_add_area(&job->cross, run, worker, part, zone, key, why))
		return false;
	sheet *page = sheet_new(run, part);
	sheet_int16(page, "status", status);
	sheet_int16(page, "status3", simple);
	sheet_int16(page, "baseline", baseline);
	sheet_int16(page, "period", period);
	return sheet_put(page, worker, why);
}

static result_table *cross_table(const ldn_table *sum)
{
	result_table *out = table_new("crosstab", _("Baseline and period"));
	table_column(out, "baseline", "");
	table_column(out, "period", "");
	table_column(out, "baseline_class", "");
	table_column(out, "period_class", "");
	table_column(out, "cells", "");
	table_column(out, "area", "ha");
	for (size_t bin = 0; bin < 16; bin++) {
		size_t b = bin / 4, p = bin % 4;
		table_row(out, "iissid", (int64_t)ldn_axis_value(three, b), (int64_t)ldn_axis_value(three, p), b < 3 ? _(classes_of_three[b].name) : _("no data"),
			p < 3 ? _(classes_of_three[p].name) : _("no data"), (int64_t)sum->count[bin], ldn_table_value(sum, 0, bin) / 1e4);
	}
	return out;
}

static bool inputs_add(status_run *job, const status_settings *settings, session *run, const text_list *rest, failure *why)
{
	if (rest->count != 2)
		return failure_usage(why, _("name two rasters: the indicator of the baseline and of the period"));
	if ((settings->correct != NULL) != (settings->correct_periods != NULL))
		return failure_usage(why, _("--correct and --correct-periods go together"));
	job->bit = settings->report == 2 ? LDN_RECODE_PERIOD_2 : LDN_RECODE_PERIOD_1;
	return session_map(run, "baseline", rest->items[0], &job->baseline, why) && session_map(run, "period", rest->items[1], &job->period, why) &&
		(!settings->correct || (session_map(run, "correction codes", settings->correct, &job->code, why) &&
			session_map(run, "correction periods", settings->correct_periods, &job->mask, why))) &&
		(job->zones = zones_new(run, NULL, why)) != NULL;
}

static int status_do(void *given, const text_list *rest, failure *why)
{
	const status_settings *settings = given;
	status_run job = {0};
	session *run = session_open(&command_status, settings, why);
	if (run && inputs_add(&job, settings, run, rest, why)) {
		session_cite(run, cite_prais4);
		if (session_start(run, layers, sizeof layers / sizeof *layers, 20, why)) {
			sums_begin(&job.cross, job.zones, run, 16, LDN_BITS_AREA);
			session_blocks(run, _("status"), status_block, &job, why);
		}
		if (zones_join(job.zones, why) && sums_join(&job.cross, why))
			session_table(run, cross_table(&job.cross.tables[0]));
	}
	if (run)
		session_finish(run, why);
	sums_free(&job.cross);
	zones_free(job.zones);
	session_close(run);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
	((status_settings *)settings)->report = 1;
}

const command command_status = {
	.name = "status",
	.summary = "status after a reporting period against the baseline, seven classes",
	.arguments = "BASELINE PERIOD",
	.description = "Compares the indicator (or a sub-indicator) of a reporting period with the baseline. Corrections of experts come before.",
	.example = "  ldn status sdg-2015.tif:1 sdg-2019.tif:1 -o status.tif -t status.csv",
	.options = options,
	.settings_size = sizeof(status_settings),
	.defaults = defaults,
	.run = status_do};
