/* ldn trend: is productivity rising or falling, and is that more than chance? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "kernel.h"
#include "session.h"

typedef struct trend_settings {
	common_settings common;
	const char *years;
	int64_t band;
	text_list climate;
	const char *climate_years;
	int64_t climate_band;
	int correction;
} trend_settings;

enum { CORRECTION_NONE, CORRECTION_RESTREND, CORRECTION_RUE, CORRECTION_WUE };
static const char *const corrections[] = {"none", "restrend", "rue", "wue", NULL};

static const option own[] = {
	{"years", 'y', OPTION_TEXT, offsetof(trend_settings, years), "LIST", "years of the bands or files, e.g. 2001-2017; default: from names and metadata"},
	{"band", 'b', OPTION_WHOLE, offsetof(trend_settings, band), "N", "take this band of each file", NULL, 1, 65536},
	{"correction", 0, OPTION_CHOICE, offsetof(trend_settings, correction), "NAME", "for climate: residual trend, rain use or water use efficiency", corrections},
	{"climate", 0, OPTION_LIST, offsetof(trend_settings, climate), "FILE", "annual rain (mm) or evapotranspiration of the same years; may be repeated"},
	{"climate-years", 0, OPTION_TEXT, offsetof(trend_settings, climate_years), "LIST", "years of the climate's bands or files"},
	{"climate-band", 0, OPTION_WHOLE, offsetof(trend_settings, climate_band), "N", "band of each climate file", NULL, 1, 65536},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const layer_spec layers[] = {
	{"trend", "trend of productivity: degraded, stable, improved", classes_of_three, CELL_INT16, true, AREAS},
	{"level", "sign and level of significance, -3..3", NULL, CELL_INT16, true, AREAS_NONE},
	{"s", "Mann-Kendall S", NULL, CELL_INT16, true, AREAS_NONE},
	{"valid", "valid years", NULL, CELL_INT16, true, AREAS_NONE},
	{"slope", "slope of the least-squares line, a year", NULL, CELL_FLOAT, true, AREAS_NONE},
	{"p", "two-sided p of S", NULL, CELL_FLOAT, true, AREAS_NONE},
	{"tau", "Kendall's tau", NULL, CELL_FLOAT, false, AREAS_NONE},
	{"z", "Z of S", NULL, CELL_FLOAT, false, AREAS_NONE},
	{"sen", "Theil-Sen slope, a year", NULL, CELL_FLOAT, false, AREAS_NONE}};

typedef struct trend_run {
	const trend_settings *settings;
	stack series, climate;
	bool real;
	kendall table;
} trend_run;

/* The values whose trend is taken: the series itself, or what climate leaves of it. Exactly one of whole and real is filled. */
static bool values_read(const trend_run *job, session *run, int worker, window part, int16_t **whole, double **real, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	if (job->real) {
		*real = memory_grow(NULL, n * years, sizeof **real);
		if (!sources_read_double(session_sources(run), worker, job->series.bands, part, *real, n, why))
			return false;
		for (size_t i = 0; i < n * years; i++)
			if ((*real)[i] == LDN_NODATA || (*real)[i] == session_profile(run)->missing_also)
				(*real)[i] = NAN;
		return true;
	}
	*whole = memory_grow(NULL, n * years, sizeof **whole);
	if (!sources_read_int16(session_sources(run), worker, job->series.bands, part, *whole, n, why))
		return false;
	ldn_series_mark_missing(*whole, n * years, session_profile(run)->missing_also);
	if (job->settings->correction == CORRECTION_NONE)
		return true;
	autofree int16_t *climate = memory_grow(NULL, n * years, sizeof *climate);
	if (!sources_read_int16(session_sources(run), worker, job->climate.bands, part, climate, n, why))
		return false;
	*real = memory_grow(NULL, n * years, sizeof **real);
	if (job->settings->correction == CORRECTION_RESTREND)
		ldn_restrend(*whole, climate, years, n, *real);
	else
		ldn_use_efficiency(*whole, climate, years, n, *real);
	free(*whole);
	*whole = NULL;
	return true;
}

static bool trend_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const trend_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	autofree int16_t *whole = NULL;
	autofree double *real = NULL;
	(void)index;
	if (!values_read(job, run, worker, part, &whole, &real, why))
		return false;
	sheet *page = sheet_new(run, part);
	autofree int16_t *small = memory_grow(NULL, 4 * n, sizeof *small);
	autofree double *large = memory_grow(NULL, 5 * n, sizeof *large);
	ldn_trend_result result = {.trend = small, .level = small + n, .s = small + 2 * n, .valid = small + 3 * n};
	result.slope = sheet_wants(page, "slope") ? large : NULL;
	result.p = sheet_wants(page, "p") ? large + n : NULL;
	result.tau = sheet_wants(page, "tau") ? large + 2 * n : NULL;
	result.z = sheet_wants(page, "z") ? large + 3 * n : NULL;
	ldn_status status = whole ? ldn_trend_int16(session_profile(run), job->table.table, whole, job->series.years, years, n, &result)
		: ldn_trend_double(session_profile(run), job->table.table, real, job->series.years, years, n, &result);
	if (status == LDN_OK && sheet_wants(page, "sen")) {
		size_t size = ldn_sen_scratch_size(years);
		autofree void *scratch = memory_new(size, 1);
		status = whole ? ldn_sen_int16(whole, job->series.years, years, n, large + 4 * n, NULL, scratch, size)
			: ldn_sen_double(real, job->series.years, years, n, large + 4 * n, NULL, scratch, size);
	}
	if (status != LDN_OK) {
		sheet_free(page);
		return kernel_failed(status, _("trend"), why);
	}
	sheet_int16(page, "trend", result.trend);
	sheet_int16(page, "level", result.level);
	sheet_int16(page, "s", result.s);
	sheet_int16(page, "valid", result.valid);
	static const char *const names[] = {"slope", "p", "tau", "z", "sen"};
	for (size_t i = 0; i < 5; i++)
		if (sheet_wants(page, names[i]))
			sheet_double(page, names[i], large + i * n);
	return sheet_put(page, worker, why);
}

static bool inputs_add(trend_run *job, session *run, const text_list *rest, failure *why)
{
	const trend_settings *settings = job->settings;
	if (rest->count == 0)
		return failure_usage(why, _("name the rasters of the series"));
	if ((settings->correction != CORRECTION_NONE) != (settings->climate.count > 0))
		return failure_usage(why, _("--correction and --climate go together"));
	if (!session_stack(run, "series", rest, (int)settings->band, settings->years, &job->series, why))
		return false;
	if (!settings->climate.count)
		return true;
	const char *years = settings->climate_years ? settings->climate_years : settings->years;
	if (!session_stack(run, "climate", &settings->climate, (int)settings->climate_band, years, &job->climate, why))
		return false;
	if (job->climate.bands.count != job->series.bands.count ||
		memcmp(job->climate.years, job->series.years, job->series.bands.count * sizeof *job->series.years) != 0)
		return failure_usage(why, _("the climate's years are not those of the series"));
	return true;
}

static int trend_do(void *given, const text_list *rest, failure *why)
{
	trend_settings *settings = given;
	trend_run job = {.settings = settings};
	session *run = session_open(&command_trend, settings, why);
	if (run && inputs_add(&job, run, rest, why)) {
		size_t years = job.series.bands.count;
		/* Real numbers without a scale keep their digits; the rules that count in NDVI x 10000 then need --scale. */
		job.real = sources_real(session_sources(run), job.series.bands) && settings->common.scale == 0 && settings->correction == CORRECTION_NONE;
		kendall_build(&job.table, years);
		session_cite(run, cite_mann_kendall);
		session_cite(run, cite_profile(session_profile(run)));
		if (session_start(run, layers, sizeof layers / sizeof *layers, years * (job.real || settings->correction ? 12 : 2) + 48, why))
			session_blocks(run, _("trend"), trend_block, &job, why);
	}
	if (run)
		session_finish(run, why);
	session_close(run);
	kendall_free(&job.table);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_trend = {
	.name = "trend",
	.summary = "trend of annual productivity: slope, Mann-Kendall, significance",
	.arguments = "SERIES...",
	.description = "Tests the trend of a stack of annual rasters (one file a year, or one file with a band a year) for each cell:\n"
	               "least-squares slope, Mann-Kendall S with its exact p, and the class degraded, stable or improved.",
	.example = "  ldn trend ndvi_*.tif -o trend.tif -t trend.csv\n"
	           "  ldn trend ndvi.nc --years 2001-2015 --correction restrend --climate rain.nc -o trend.tif",
	.options = options,
	.settings_size = sizeof(trend_settings),
	.defaults = defaults,
	.run = trend_do};
