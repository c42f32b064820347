/* ldn performance: each cell's productivity against the best of its kind. */
#include <stdlib.h>

#include "command.h"
#include "kernel.h"
#include "period.h"
#include "units.h"

typedef struct performance_settings {
	common_settings common;
	const char *years, *period;
	int64_t band;
	units_source units;
} performance_settings;

static const option own[] = {
	{"years", 'y', OPTION_TEXT, offsetof(performance_settings, years), "LIST", "years of the bands or files, e.g. 2001-2017; default: from names and metadata"},
	{"band", 'b', OPTION_WHOLE, offsetof(performance_settings, band), "N", "take this band of each file", NULL, 1, 65536},
	{"period", 0, OPTION_TEXT, offsetof(performance_settings, period), "Y-Y", "years that count (default: all)"},
	{"units", 'u', OPTION_TEXT, offsetof(performance_settings, units.codes), "FILE", "raster of units: cells alike in soil and land cover"},
	{"soil", 0, OPTION_TEXT, offsetof(performance_settings, units.soil), "FILE", "soil classes; with --cover they make the units"},
	{"cover", 0, OPTION_TEXT, offsetof(performance_settings, units.cover), "FILE", "ESA CCI land cover of the first year"},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const layer_spec layers[] = {
	{"performance", "performance of productivity: degraded or not", classes_of_three, CELL_INT16, true, AREAS},
	{"ratio", "mean over the unit's 90th percentile", NULL, CELL_FLOAT, true, AREAS_NONE},
	{"mean", "mean productivity", NULL, CELL_FLOAT, true, AREAS_NONE},
	{"unit", "unit of performance", NULL, CELL_INT32, true, AREAS_NONE}};

typedef struct performance_run {
	stack series;
	units *units;
} performance_run;

static bool gather_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const performance_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	autofree int16_t *series = memory_grow(NULL, n * years, sizeof *series);
	if (!sources_read_int16(session_sources(run), worker, job->series.bands, part, series, n, why))
		return false;
	ldn_series_mark_missing(series, n * years, session_profile(run)->missing_also);
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	autofree uint8_t *own_bytes = memory_new(n, 1);
	ldn_status status = ldn_mean_keys(series, n, (ldn_span){0, years}, key);
	return status == LDN_OK ? units_gather(job->units, worker, index, part, key, own_bytes, why) : kernel_failed(status, _("performance"), why);
}

static bool class_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const performance_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	autofree int32_t *unit = memory_grow(NULL, n, sizeof *unit);
	autofree int16_t *class = memory_grow(NULL, n, sizeof *class);
	autofree double *number = memory_grow(NULL, n, sizeof *number);
	if (!units_recall(job->units, index, part, key, unit, NULL, why))
		return false;
	ldn_status status = ldn_performance(session_profile(run), key, unit, units_quantiles(job->units), n, years, class, number);
	if (status != LDN_OK)
		return kernel_failed(status, _("performance"), why);
	sheet *page = sheet_new(run, part);
	sheet_int16(page, "performance", class);
	sheet_double(page, "ratio", number);
	if (sheet_wants(page, "mean")) {
		for (size_t i = 0; i < n; i++)
			number[i] = ldn_key_mean(key[i], years);
		sheet_double(page, "mean", number);
	}
	for (size_t i = 0; i < n; i++)
		unit[i] = unit[i] < 0 ? LDN_UNIT_NONE : units_code(job->units, (size_t)unit[i]);
	sheet_int32(page, "unit", unit);
	return sheet_put(page, worker, why);
}

static int performance_do(void *given, const text_list *rest, failure *why)
{
	const performance_settings *settings = given;
	performance_run job = {0};
	session *run = session_open(&command_performance, settings, why);
	if (run && rest->count == 0)
		failure_usage(why, _("name the rasters of the series"));
	else if (run && session_stack(run, "series", rest, (int)settings->band, settings->years, &job.series, why) &&
		period_cut(&job.series, settings->period, run, why) && (job.units = units_new(run, &settings->units, why))) {
		size_t years = job.series.bands.count;
		session_cite(run, cite_profile(session_profile(run)));
		if (session_start(run, layers, sizeof layers / sizeof *layers, 2 * years + UNITS_BYTES_A_CELL + 18, why) && units_ready(job.units, years, why))
			session_blocks(run, _("means"), gather_block, &job, why);
		if (units_settle(job.units, why)) {
			session_blocks(run, _("performance"), class_block, &job, why);
			session_table(run, units_table(job.units, _("Units of performance")));
		}
	}
	if (run)
		session_finish(run, why);
	units_free(job.units);
	session_close(run);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_performance = {
	.name = "performance",
	.summary = "performance: productivity against the best cells of the same unit",
	.arguments = "SERIES...",
	.description = "The mean of the years against the 90th percentile of all cells of the same unit (soil and land cover) in the region, exact for any size.",
	.example = "  ldn performance ndvi_*.tif --units units.tif -o performance.tif -t performance.csv",
	.options = options,
	.settings_size = sizeof(performance_settings),
	.defaults = defaults,
	.run = performance_do};
