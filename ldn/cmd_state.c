/* ldn state: how the last years stand against the years before. */
#include <stdlib.h>

#include "command.h"
#include "kernel.h"
#include "period.h"

typedef struct state_settings {
	common_settings common;
	const char *years, *baseline, *recent;
	int64_t band;
} state_settings;

static const option own[] = {
	{"years", 'y', OPTION_TEXT, offsetof(state_settings, years), "LIST", "years of the bands or files, e.g. 2001-2017; default: from names and metadata"},
	{"band", 'b', OPTION_WHOLE, offsetof(state_settings, band), "N", "take this band of each file", NULL, 1, 65536},
	{"baseline", 0, OPTION_TEXT, offsetof(state_settings, baseline), "Y-Y", "years to compare with (default: all but the last three)"},
	{"recent", 0, OPTION_TEXT, offsetof(state_settings, recent), "Y-Y", "years compared (default: the last three)"},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const layer_spec layers[] = {
	{"state", "state of productivity: degraded, stable, improved", classes_of_three, CELL_INT16, true, AREAS},
	{"change", "change of class (percentiles) or level (Z)", NULL, CELL_INT16, true, AREAS_NONE},
	{"class_baseline", "class of the baseline mean, 1..10", NULL, CELL_INT16, true, AREAS_NONE},
	{"class_recent", "class of the recent mean, 1..10", NULL, CELL_INT16, true, AREAS_NONE},
	{"mean_baseline", "mean of the baseline", NULL, CELL_FLOAT, false, AREAS_NONE},
	{"mean_recent", "mean of the recent years", NULL, CELL_FLOAT, false, AREAS_NONE},
	{"z", "Z of the recent mean (gpg2)", NULL, CELL_FLOAT, false, AREAS_NONE}};

typedef struct state_run {
	stack series;
	ldn_span baseline, recent;
} state_run;

static bool state_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const state_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	(void)index;
	autofree int16_t *series = memory_grow(NULL, n * years, sizeof *series);
	if (!sources_read_int16(session_sources(run), worker, job->series.bands, part, series, n, why))
		return false;
	ldn_series_mark_missing(series, n * years, session_profile(run)->missing_also);
	autofree int16_t *small = memory_grow(NULL, 4 * n, sizeof *small);
	autofree double *large = memory_grow(NULL, 3 * n, sizeof *large);
	sheet *page = sheet_new(run, part);
	ldn_state_result result = {.state = small, .change = small + n, .class_baseline = small + 2 * n, .class_recent = small + 3 * n};
	result.mean_baseline = sheet_wants(page, "mean_baseline") ? large : NULL;
	result.mean_recent = sheet_wants(page, "mean_recent") ? large + n : NULL;
	result.z = sheet_wants(page, "z") ? large + 2 * n : NULL;
	ldn_status status = ldn_state_int16(session_profile(run), series, n, job->baseline, job->recent, &result);
	if (status != LDN_OK) {
		sheet_free(page);
		return kernel_failed(status, _("state"), why);
	}
	sheet_int16(page, "state", result.state);
	sheet_int16(page, "change", result.change);
	sheet_int16(page, "class_baseline", result.class_baseline);
	sheet_int16(page, "class_recent", result.class_recent);
	if (result.mean_baseline)
		sheet_double(page, "mean_baseline", result.mean_baseline);
	if (result.mean_recent)
		sheet_double(page, "mean_recent", result.mean_recent);
	if (result.z)
		sheet_double(page, "z", result.z);
	return sheet_put(page, worker, why);
}

static bool inputs_add(state_run *job, const state_settings *settings, session *run, const text_list *rest, failure *why)
{
	if (rest->count == 0)
		return failure_usage(why, _("name the rasters of the series"));
	if (!session_stack(run, "series", rest, (int)settings->band, settings->years, &job->series, why))
		return false;
	size_t years = job->series.bands.count;
	if (years < 4 && (!settings->baseline || !settings->recent))
		return failure_usage(why, _("%zu years are too few for a baseline and three recent years; say which with --baseline and --recent"), years);
	return period_span(&job->series, "baseline", settings->baseline, 0, years - 3, &job->baseline, why) &&
		period_span(&job->series, "recent", settings->recent, years - 3, 3, &job->recent, why);
}

static int state_do(void *given, const text_list *rest, failure *why)
{
	const state_settings *settings = given;
	state_run job = {0};
	session *run = session_open(&command_state, settings, why);
	if (run && inputs_add(&job, settings, run, rest, why)) {
		session_cite(run, session_profile(run)->state.test == LDN_STATE_Z ? cite_gpg2 : cite_trends_earth);
		if (session_start(run, layers, sizeof layers / sizeof *layers, 2 * job.series.bands.count + 32, why))
			session_blocks(run, _("state"), state_block, &job, why);
	}
	if (run)
		session_finish(run, why);
	session_close(run);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_state = {
	.name = "state",
	.summary = "state of productivity: the last years against the years before",
	.arguments = "SERIES...",
	.description = "Compares the mean of the recent years with the baseline, by decile classes of each cell's own history (or by Z with --profile gpg2).",
	.example = "  ldn state ndvi_*.tif --baseline 2000-2012 --recent 2013-2015 -o state.tif",
	.options = options,
	.settings_size = sizeof(state_settings),
	.defaults = defaults,
	.run = state_do};
