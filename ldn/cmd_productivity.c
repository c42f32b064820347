/* ldn productivity: trend, state and performance into land productivity dynamics, in one pass over the series. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "jrc.h"
#include "kernel.h"
#include "ldn/productivity.h"
#include "period.h"
#include "units.h"

typedef struct productivity_settings {
	common_settings common;
	const char *years, *period, *baseline, *recent;
	int64_t band;
	units_source units;
	jrc_settings jrc;
	int scheme;
} productivity_settings;

enum { SCHEME_UNCCD, SCHEME_JRC, SCHEME_FAOWOCAT };
static const char *const schemes[] = {"unccd", "jrc", "fao-wocat", NULL};

static const option own[] = {
	{"years", 'y', OPTION_TEXT, offsetof(productivity_settings, years), "LIST", "years of the bands or files, e.g. 2001-2017; default: from names and metadata"},
	{"band", 'b', OPTION_WHOLE, offsetof(productivity_settings, band), "N", "take this band of each file", NULL, 1, 65536},
	{"period", 0, OPTION_TEXT, offsetof(productivity_settings, period), "Y-Y", "years that count (default: all)"},
	{"baseline", 0, OPTION_TEXT, offsetof(productivity_settings, baseline), "Y-Y", "years state compares with (default: all but the last three; jrc: the first three)"},
	{"recent", 0, OPTION_TEXT, offsetof(productivity_settings, recent), "Y-Y", "years state compares (default: the last three)"},
	{"units", 'u', OPTION_TEXT, offsetof(productivity_settings, units.codes), "FILE", "raster of units: cells alike in soil and land cover"},
	{"soil", 0, OPTION_TEXT, offsetof(productivity_settings, units.soil), "FILE", "soil classes; with --cover they make the units"},
	{"cover", 0, OPTION_TEXT, offsetof(productivity_settings, units.cover), "FILE", "ESA CCI land cover of the first year"},
	{"scheme", 0, OPTION_CHOICE, offsetof(productivity_settings, scheme), "NAME", "how five classes are made", schemes},
	{"ecosystems", 0, OPTION_TEXT, offsetof(productivity_settings, jrc.ecosystems), "FILE", "jrc: raster of ecosystem types, by which productivity is scaled"},
	{"scaled", 0, OPTION_TEXT, offsetof(productivity_settings, jrc.scaling), "Y-Y", "jrc: years whose mean is scaled (default: the last five)"},
	{"low-tenths", 0, OPTION_WHOLE, offsetof(productivity_settings, jrc.low), "N", "jrc: tenths of the cells of low level, as drylands are (default 4)", NULL, 1, 9},
	{"high-tenths", 0, OPTION_WHOLE, offsetof(productivity_settings, jrc.high), "N", "jrc: tenths of the cells of high level (default 1)", NULL, 1, 9},
	{"threshold", 0, OPTION_NUMBER, offsetof(productivity_settings, jrc.threshold), "PERCENT", "jrc: of its type's best from which a cell counts as productive (default 50)"},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const layer_spec layers[] = {
	{"lpd5", "land productivity dynamics, five classes", classes_of_lpd5, CELL_INT16, true, AREAS},
	{"lpd3", "productivity: degraded, stable, improved", classes_of_three, CELL_INT16, true, AREAS},
	{"trend", "trend", classes_of_three, CELL_INT16, true, AREAS_NAMED},
	{"state", "state", classes_of_three, CELL_INT16, true, AREAS_NAMED},
	{"performance", "performance", classes_of_three, CELL_INT16, true, AREAS_NAMED},
	{"ratio", "mean over the unit's 90th percentile", NULL, CELL_FLOAT, false, AREAS_NONE},
	{"mean", "mean productivity", NULL, CELL_FLOAT, false, AREAS_NONE}};
static const layer_spec layers_faowocat[] = {
	{"lpd5", "land productivity dynamics, five classes (FAO-WOCAT)", classes_of_lpd5, CELL_INT16, true, AREAS},
	{"lpd3", "productivity: degraded, stable, improved", classes_of_three, CELL_INT16, true, AREAS}};

typedef struct productivity_run {
	const productivity_settings *settings;
	stack series;
	ldn_span baseline, recent;
	units *units;
	kendall table;
} productivity_run;

static bool series_read(const productivity_run *job, session *run, int worker, window part, int16_t **series, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	*series = memory_grow(NULL, n * years, sizeof **series);
	if (!sources_read_int16(session_sources(run), worker, job->series.bands, part, *series, n, why))
		return false;
	ldn_series_mark_missing(*series, n * years, session_profile(run)->missing_also);
	return true;
}

/* Trend and state of a cell in one byte: each -1, 0, 1 or no data. */
static uint8_t pack(int16_t trend, int16_t state)
{
	unsigned t = trend == LDN_NODATA ? 3 : (unsigned)(trend + 1), s = state == LDN_NODATA ? 3 : (unsigned)(state + 1);
	return (uint8_t)(t << 2 | s);
}

static const int16_t unpacked[4] = {LDN_DEGRADED, LDN_STABLE, LDN_IMPROVED, LDN_NODATA};

/* What the first pass keeps of a block. */
typedef struct first_result {
	window part;
	uint32_t *key;
	uint8_t *packed;
} first_result;

/* A piece of a block, small enough to stay in the cache through all three kernels. */
static bool first_piece(const productivity_run *job, session *run, int worker, window piece, const first_result *out, failure *why)
{
	size_t wide = (size_t)piece.width, n = wide * (size_t)piece.height, years = job->series.bands.count;
	autofree int16_t *series = NULL;
	if (!series_read(job, run, worker, piece, &series, why))
		return false;
	autofree int16_t *class = memory_grow(NULL, 2 * n, sizeof *class);
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	ldn_trend_result trend = {.trend = class};
	ldn_state_result state = {.state = class + n};
	ldn_status status = ldn_trend_int16(session_profile(run), job->table.table, series, job->series.years, years, n, &trend);
	if (status == LDN_OK)
		status = ldn_state_int16(session_profile(run), series, n, job->baseline, job->recent, &state);
	if (status == LDN_OK)
		status = ldn_mean_keys(series, n, (ldn_span){0, years}, key);
	if (status != LDN_OK)
		return kernel_failed(status, _("productivity"), why);
	for (size_t from = 0; from < n; from += wide) {
		size_t row = (size_t)(piece.y - out->part.y) + from / wide, to = row * (size_t)out->part.width + (size_t)(piece.x - out->part.x);
		memcpy(out->key + to, key + from, wide * sizeof *key);
		for (size_t i = 0; i < wide; i++)
			out->packed[to + i] = pack(trend.trend[from + i], state.state[from + i]);
	}
	return true;
}

static bool first_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const productivity_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	autofree uint8_t *packed = memory_grow(NULL, n, 1);
	first_result found = {part, key, packed};
	window piece = {part.x, part.y, 0, 0};
	for (; piece.y < part.y + part.height; piece.y += piece.height)
		for (piece.x = part.x; piece.x < part.x + part.width; piece.x += piece.width) {
			sources_piece(session_sources(run), job->series.bands, part, &piece);
			if (!first_piece(job, run, worker, piece, &found, why))
				return false;
		}
	return units_gather(job->units, worker, index, part, key, packed, why);
}

static bool second_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const productivity_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	autofree int32_t *unit = memory_grow(NULL, n, sizeof *unit);
	autofree uint8_t *packed = memory_grow(NULL, n, 1);
	autofree int16_t *class = memory_grow(NULL, 5 * n, sizeof *class);
	int16_t *trend = class, *state = class + n, *performance = class + 2 * n, *lpd5 = class + 3 * n, *lpd3 = class + 4 * n;
	if (!units_recall(job->units, index, part, key, unit, packed, why))
		return false;
	for (size_t i = 0; i < n; i++) {
		trend[i] = unpacked[packed[i] >> 2];
		state[i] = unpacked[packed[i] & 3];
	}
	sheet *page = sheet_new(run, part);
	autofree double *number = sheet_wants(page, "ratio") || sheet_wants(page, "mean") ? memory_grow(NULL, n, sizeof *number) : NULL;
	ldn_status status = ldn_performance(session_profile(run), key, unit, units_quantiles(job->units), n, years, performance, number);
	if (status != LDN_OK) {
		sheet_free(page);
		return kernel_failed(status, _("performance"), why);
	}
	ldn_productivity(session_profile(run), trend, state, performance, n, lpd5, lpd3);
	sheet_int16(page, "lpd5", lpd5);
	sheet_int16(page, "lpd3", lpd3);
	sheet_int16(page, "trend", trend);
	sheet_int16(page, "state", state);
	sheet_int16(page, "performance", performance);
	if (sheet_wants(page, "ratio"))
		sheet_double(page, "ratio", number);
	if (sheet_wants(page, "mean")) {
		for (size_t i = 0; i < n; i++)
			number[i] = ldn_key_mean(key[i], years);
		sheet_double(page, "mean", number);
	}
	return sheet_put(page, worker, why);
}

static bool faowocat_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const productivity_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	autofree int16_t *series = NULL;
	(void)index;
	if (!series_read(job, run, worker, part, &series, why))
		return false;
	autofree int16_t *class = memory_grow(NULL, 3 * n, sizeof *class);
	int16_t *greatest = class + 2 * n;
	for (size_t i = 0; i < n; i++) {
		greatest[i] = LDN_NODATA;
		for (size_t k = 0; k < years; k++)
			greatest[i] = series[k * n + i] > greatest[i] ? series[k * n + i] : greatest[i];
	}
	ldn_status status = ldn_faowocat(session_profile(run), job->table.table, &ldn_faowocat_default, series, job->series.years, years, n, greatest, class);
	if (status != LDN_OK)
		return kernel_failed(status, _("productivity"), why);
	ldn_lpd5_to_3(class, n, class + n);
	for (size_t i = 0; i < n; i++)
		class[i] = class[i] == 0 ? LDN_NODATA : class[i];
	sheet *page = sheet_new(run, part);
	sheet_int16(page, "lpd5", class);
	sheet_int16(page, "lpd3", class + n);
	return sheet_put(page, worker, why);
}

static void faowocat_do(productivity_run *job, session *run, failure *why)
{
	session_cite(run, "FAO-WOCAT productivity dynamics as in Trends.Earth: trends.earth-algorithms 35b2b7d");
	if (session_start(run, layers_faowocat, 2, 2 * job->series.bands.count + 8, why))
		session_blocks(run, _("productivity"), faowocat_block, job, why);
}

static void unccd_do(productivity_run *job, session *run, failure *why)
{
	size_t years = job->series.bands.count;
	if (years < 4 && (!job->settings->baseline || !job->settings->recent)) {
		failure_usage(why, _("%zu years are too few for a baseline and three recent years; say which with --baseline and --recent"), years);
		return;
	}
	if (!period_span(&job->series, "baseline", job->settings->baseline, 0, years - 3, &job->baseline, why) ||
		!period_span(&job->series, "recent", job->settings->recent, years - 3, 3, &job->recent, why) ||
		!(job->units = units_new(run, &job->settings->units, why)))
		return;
	session_cite(run, cite_mann_kendall);
	session_cite(run, cite_profile(session_profile(run)));
	if (ldn_productivity_own_three(session_profile(run)))
		session_note(run, _("lpd3 follows the guidance's own look-up: it, not lpd5, goes into the indicator (--lpd3)"));
	if (session_start(run, layers, sizeof layers / sizeof *layers, 2 * years + UNITS_BYTES_A_CELL + 18, why) && units_ready(job->units, years, why))
		session_blocks(run, _("trend and state"), first_block, job, why);
	if (units_settle(job->units, why)) {
		session_blocks(run, _("productivity"), second_block, job, why);
		session_table(run, units_table(job->units, _("Units of performance")));
	}
}

static void jrc_run_with(const productivity_settings *settings, const stack *series, session *run, failure *why)
{
	jrc_settings jrc = settings->jrc;
	jrc.first = settings->baseline;
	jrc.last = settings->recent;
	jrc_do(&jrc, series, run, why);
}

static int productivity_do(void *given, const text_list *rest, failure *why)
{
	const productivity_settings *settings = given;
	productivity_run job = {.settings = settings};
	session *run = session_open(&command_productivity, settings, why);
	if (run && rest->count == 0)
		failure_usage(why, _("name the rasters of the series"));
	else if (run && session_stack(run, "series", rest, (int)settings->band, settings->years, &job.series, why) &&
		period_cut(&job.series, settings->period, run, why)) {
		kendall_build(&job.table, job.series.bands.count);
		if (settings->scheme == SCHEME_FAOWOCAT)
			faowocat_do(&job, run, why);
		else if (settings->scheme == SCHEME_JRC)
			jrc_run_with(settings, &job.series, run, why);
		else
			unccd_do(&job, run, why);
	}
	if (run)
		session_finish(run, why);
	units_free(job.units);
	kendall_free(&job.table);
	session_close(run);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_productivity = {
	.name = "productivity",
	.summary = "land productivity dynamics from trend, state and performance",
	.arguments = "SERIES...",
	.description = "Trend, state and performance of a stack of annual rasters, and the five and three classes of land productivity dynamics, in one pass.",
	.example = "  ldn productivity ndvi_*.tif --period 2000-2015 --units units.tif -o lpd.tif -t lpd.csv\n"
	           "  ldn productivity stack.tif --years 2001-2017 --profile te --region country.gpkg -o lpd.tif\n"
	           "  ldn productivity ndvi_*.tif --scheme jrc --ecosystems types.tif -o lpd.tif",
	.options = options,
	.settings_size = sizeof(productivity_settings),
	.defaults = defaults,
	.run = productivity_do};
