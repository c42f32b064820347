/* ldn carbon: what changes of land cover do to the organic carbon of the soil. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "cover.h"
#include "kernel.h"
#include "ldn/carbon.h"
#include "zones.h"

typedef struct carbon_settings {
	common_settings common;
	const char *years, *legend, *stock, *climate_zones, *start;
	double crop_factor;
	int64_t band;
	bool two_dates;
} carbon_settings;

static const option own[] = {
	{"stock", 's', OPTION_TEXT, offsetof(carbon_settings, stock), "FILE", "carbon of the first year, t/ha, 0-30 cm"},
	{"climate-zones", 'z', OPTION_TEXT, offsetof(carbon_settings, climate_zones), "FILE", "IPCC climate zone codes 0-12"},
	{"crop-factor", 0, OPTION_NUMBER, offsetof(carbon_settings, crop_factor), "F", "one factor of cropland for every zone instead of each zone's own"},
	{"legend", 0, OPTION_TEXT, offsetof(carbon_settings, legend), "FILE", "esa (default), unccd, or a CSV file: raw,class,name,unccd"},
	{"years", 'y', OPTION_TEXT, offsetof(carbon_settings, years), "LIST", "years of the land cover maps"},
	{"start", 0, OPTION_TEXT, offsetof(carbon_settings, start), "YEAR", "compare with the stock of this year (default: the first)"},
	{"band", 'b', OPTION_WHOLE, offsetof(carbon_settings, band), "N", "take this band of each land cover file", NULL, 1, 65536},
	{"two-dates", 0, OPTION_FLAG, offsetof(carbon_settings, two_dates), NULL, "only the first and last map, the change set in the middle (what two maps alone always do)"},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const layer_spec layers[] = {
	{"carbon", "soil organic carbon: degraded, stable, improved", classes_of_three, CELL_INT16, true, AREAS},
	{"percent", "change of the stock, percent", NULL, CELL_FLOAT, true, AREAS_NONE},
	{"start", "stock at the start, t/ha", NULL, CELL_FLOAT, true, AREAS_NONE},
	{"end", "stock at the end, t/ha", NULL, CELL_FLOAT, true, AREAS_NONE}};

typedef struct carbon_run {
	const carbon_settings *settings;
	cover cover;
	const ldn_carbon_rule *rule;
	ldn_carbon_factors factors;
	stack maps;
	range stock, zone;
	bool two_dates;
	size_t span, start; /* years from first to last, both counted; row of the start */
} carbon_run;

/* The UNCCD class of every calendar year: a year without a map keeps the class of the year before. */
static bool cover_years(const carbon_run *job, session *run, int worker, window part, uint8_t *years, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height, row = 0;
	for (size_t k = 0; k < job->maps.bands.count; k++) {
		size_t at = (size_t)(job->maps.years[k] - job->maps.years[0]);
		for (; row < at; row++)
			memcpy(years + row * n, years + (row - 1) * n, n);
		if (!cover_read(&job->cover, run, worker, (range){job->maps.bands.first + k, 1}, part, years + at * n, n, why))
			return false;
		ldn_landcover_kind(&job->cover.legend, n, years + at * n, years + at * n);
		row = at + 1;
	}
	return true;
}

static bool inputs_read(const carbon_run *job, session *run, int worker, window part, double *stock, uint8_t *zone, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (!sources_read_double(session_sources(run), worker, job->stock, part, stock, n, why))
		return false;
	for (size_t i = 0; i < n; i++)
		stock[i] = stock[i] == LDN_NODATA ? NAN : stock[i];
	memset(zone, 0, n);
	if (!job->zone.count)
		return true;
	autofree int16_t *codes = memory_grow(NULL, n, sizeof *codes);
	if (!sources_read_int16(session_sources(run), worker, job->zone, part, codes, n, why))
		return false;
	for (size_t i = 0; i < n; i++)
		zone[i] = codes[i] >= 0 && codes[i] < LDN_CARBON_ZONES ? (uint8_t)codes[i] : 0;
	return true;
}

static bool carbon_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const carbon_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, rows = job->two_dates ? 2 : job->span;
	(void)index;
	autofree uint8_t *kinds = memory_grow(NULL, n * (job->span + 2), 1);
	uint8_t *zone = kinds + n * job->span, *water = zone + n;
	autofree double *stock = memory_grow(NULL, n * (rows + 2), sizeof *stock);
	double *reference = stock + n * rows, *percent = reference + n;
	if (!cover_years(job, run, worker, part, kinds, why) || !inputs_read(job, run, worker, part, reference, zone, why))
		return false;
	const double *start = stock + job->start * n, *end = stock + (rows - 1) * n;
	if (job->two_dates) {
		start = reference;
		ldn_carbon_two_dates(job->rule, &job->factors, n, (int)job->span - 1, kinds, kinds + (job->span - 1) * n, reference, zone, stock + n, percent);
	} else {
		size_t size = ldn_carbon_scratch(n);
		autofree void *scratch = memory_new(size, 1);
		ldn_status status = ldn_carbon_annual(&job->factors, n, job->span, kinds, reference, zone, stock, scratch, size);
		if (status != LDN_OK)
			return kernel_failed(status, _("soil carbon"), why);
	}
	for (size_t i = 0; i < n; i++)
		water[i] = kinds[i] == LDN_COVER_WATER;
	autofree int16_t *class = memory_grow(NULL, n, sizeof *class);
	if (!job->two_dates)
		ldn_carbon_percent(job->rule, n, start, end, percent);
	/* te classes the percent as it cut or rounded them; elsewhere stocks are compared, so that no quotient decides. */
	if (job->two_dates || job->rule->truncate_percent)
		ldn_carbon_class(job->rule, n, percent, water, class);
	else
		ldn_carbon_class_stocks(job->rule, n, start, end, water, class);
	sheet *page = sheet_new(run, part);
	sheet_int16(page, "carbon", class);
	sheet_double(page, "percent", percent);
	sheet_double(page, "start", start);
	sheet_double(page, "end", end);
	return sheet_put(page, worker, why);
}

static bool inputs_add(carbon_run *job, session *run, const text_list *rest, failure *why)
{
	const carbon_settings *settings = job->settings;
	if (rest->count == 0)
		return failure_usage(why, _("name the maps of land cover"));
	if (!settings->stock)
		return failure_usage(why, _("name the carbon stocks of the first year with --stock"));
	if (!settings->climate_zones && !isfinite(settings->crop_factor))
		return failure_usage(why, _("name the climate zones with --climate-zones, or one factor of cropland with --crop-factor"));
	if (!session_stack(run, "land cover", rest, (int)settings->band, settings->years, &job->maps, why) ||
		!session_map(run, "carbon stock", settings->stock, &job->stock, why) ||
		(settings->climate_zones && !session_map(run, "climate zones", settings->climate_zones, &job->zone, why)))
		return false;
	size_t maps = job->maps.bands.count;
	if (maps < 2)
		return failure_usage(why, _("one map of land cover has nothing to be compared with"));
	job->two_dates = settings->two_dates || maps == 2;
	job->span = (size_t)(job->maps.years[maps - 1] - job->maps.years[0]) + 1;
	if (!job->two_dates && job->span > maps)
		session_note(run, _("%zu of %zu years have no map of land cover: the class of the year before stands there"), job->span - maps, job->span);
	int64_t start = job->maps.years[0];
	if (settings->start && !whole_read(settings->start, job->maps.years[0], job->maps.years[maps - 1] - 1, &start))
		return failure_usage(why, _("--start %s: not a year of the maps before the last"), settings->start);
	if (settings->start && job->two_dates)
		return failure_usage(why, _("--start needs the maps of the years in between"));
	job->start = (size_t)(start - job->maps.years[0]);
	return true;
}

static int carbon_do(void *given, const text_list *rest, failure *why)
{
	const carbon_settings *settings = given;
	carbon_run job = {.settings = settings};
	session *run = session_open(&command_carbon, settings, why);
	if (run && cover_open(&job.cover, run, settings->legend, NULL, false, why) && inputs_add(&job, run, rest, why)) {
		job.rule = &session_profile(run)->carbon;
		ldn_carbon_factors_default(job.rule, settings->crop_factor, &job.factors);
		session_cite(run, cite_carbon);
		session_cite(run, cite_prais4);
		if (job.two_dates)
			session_note(run, "%s", _("two dates: the change is set in the middle of the period"));
		if (session_start(run, layers, sizeof layers / sizeof *layers, job.span * 9 + 48, why))
			session_blocks(run, _("soil carbon"), carbon_block, &job, why);
	}
	if (run)
		session_finish(run, why);
	session_close(run);
	cover_free(&job.cover);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
	((carbon_settings *)settings)->crop_factor = NAN;
}

const command command_carbon = {
	.name = "carbon",
	.summary = "soil organic carbon after changes of land cover",
	.arguments = "COVER...",
	.description = "Follows the carbon stock of the soil from the first year through the annual maps of land cover (IPCC tier 1 factors, twenty years for a\n"
	               "change to work out) and classes its change. Two maps alone take the two-date rule.",
	.example = "  ldn carbon esa_*.tif --stock soilgrids-2000.tif --climate-zones ipcc.tif -o carbon.tif",
	.options = options,
	.settings_size = sizeof(carbon_settings),
	.defaults = defaults,
	.run = carbon_do};
