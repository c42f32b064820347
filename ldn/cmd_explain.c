/* ldn explain: the whole decision path of one cell, from its values to the rule that decided. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "cover.h"
#include "kernel.h"
#include "ldn/area.h"
#include "ldn/carbon.h"
#include "ldn/indicator.h"
#include "ldn/productivity.h"
#include "period.h"
#include "rank.h"
#include "units.h"

typedef struct explain_settings {
	common_settings common;
	const char *at, *years, *period, *baseline, *recent, *cover_from, *cover_to, *legend, *matrix, *stock, *climate_zones, *carbon, *later;
	double crop_factor;
	int64_t band, cover_years;
	units_source units;
	bool no_performance;
} explain_settings;

#define AT(member) offsetof(explain_settings, member)
static const option own[] = {
	{"at", 'a', OPTION_TEXT, AT(at), "LON,LAT", "the cell, by longitude and latitude"},
	{"years", 'y', OPTION_TEXT, AT(years), "LIST", "years of the bands or files, e.g. 2001-2017; default: from names and metadata"},
	{"band", 'b', OPTION_WHOLE, AT(band), "N", "take this band of each file", NULL, 1, 65536},
	{"period", 0, OPTION_TEXT, AT(period), "Y-Y", "years that count (default: all)"},
	{"baseline", 0, OPTION_TEXT, AT(baseline), "Y-Y", "years state compares with (default: all but the last three)"},
	{"recent", 0, OPTION_TEXT, AT(recent), "Y-Y", "years state compares (default: the last three)"},
	{"units", 'u', OPTION_TEXT, AT(units.codes), "FILE", "raster of units of performance"},
	{"soil", 0, OPTION_TEXT, AT(units.soil), "FILE", "soil classes; with --cover they make the units"},
	{"cover", 0, OPTION_TEXT, AT(units.cover), "FILE", "ESA CCI land cover of the first year"},
	{"no-performance", 0, OPTION_FLAG, AT(no_performance), NULL, "leave performance out, which needs every cell of the region"},
	{"cover-from", 0, OPTION_TEXT, AT(cover_from), "FILE", "land cover at the first date"},
	{"cover-to", 0, OPTION_TEXT, AT(cover_to), "FILE", "land cover at the last date"},
	{"legend", 0, OPTION_TEXT, AT(legend), "FILE", "esa (default), unccd, or a CSV file"},
	{"matrix", 0, OPTION_TEXT, AT(matrix), "FILE", "meaning of each transition, as CSV (default: the UNCCD's)"},
	{"stock", 0, OPTION_TEXT, AT(stock), "FILE", "carbon of the first date, t/ha"},
	{"climate-zones", 0, OPTION_TEXT, AT(climate_zones), "FILE", "IPCC climate zone codes 0-12"},
	{"crop-factor", 0, OPTION_NUMBER, AT(crop_factor), "F", "one factor of cropland for every zone"},
	{"cover-years", 0, OPTION_WHOLE, AT(cover_years), "N", "years between the two dates (default: those of the series)", NULL, 1, 200},
	{"carbon", 0, OPTION_TEXT, AT(carbon), "FILE", "ready-made class of soil carbon, -1 0 1, instead of stocks"},
	{"later", 0, OPTION_TEXT, AT(later), "FILE", "indicator of a reporting period: explains the status too"},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

typedef struct explain_run {
	const explain_settings *settings;
	cover cover;
	stack series;
	ldn_span baseline, recent;
	range from, to, stock, zone, carbon, later;
	units *units;
	kendall table;
	int column, row; /* of the cell in the region */
	json_t *document;
	int16_t trend, state, performance, lpd3, landcover, carbon_class;
} explain_run;

/* Each step is an object: what it found, and the rule that decided, in a sentence. */
static json_t *step_new(explain_run *job, const char *name)
{
	json_t *step = json_object();
	json_object_set_new(job->document, name, step);
	return step;
}

static void put_number(json_t *step, const char *key, double value)
{
	json_object_set_new(step, key, isfinite(value) ? json_real(value) : json_null());
}

static void put_class(json_t *step, const char *key, int16_t value)
{
	json_object_set_new(step, key, value == LDN_NODATA ? json_null() : json_integer(value));
}

static void put_rule(json_t *step, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_rule(json_t *step, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0)
		json_object_set_new(step, "rule", json_string(text));
	va_end(arguments);
	free(text);
}

static const char *word(int16_t value)
{
	return value == LDN_DEGRADED ? _("degraded") : value == LDN_STABLE ? _("stable") : value == LDN_IMPROVED ? _("improved") : _("no data");
}

static window cell_of(const explain_run *job)
{
	return (window){job->column, job->row, 1, 1};
}

/* --- steps --- */

static bool explain_place(explain_run *job, session *run, failure *why)
{
	double longitude, latitude, area;
	json_t *step = step_new(job, "place");
	if (!grid_lonlat(session_grid(run), job->column + 0.5, job->row + 0.5, &longitude, &latitude, why) ||
		!grid_areas(session_grid(run), job->row, 1, &area, why))
		return false;
	json_object_set_new(step, "column", json_integer(job->column));
	json_object_set_new(step, "row", json_integer(job->row));
	put_number(step, "longitude", longitude);
	put_number(step, "latitude", latitude);
	put_number(step, "area_ha", area / 1e4);
	put_rule(step, _("cell in column %d, row %d, centre %.6f, %.6f, %.4f ha"), job->column, job->row, longitude, latitude, area / 1e4);
	return true;
}

static void trend_rule(json_t *step, const ldn_profile *profile, const kendall *table, int16_t valid, int16_t s, double slope, double p, int16_t level,
	int16_t class, size_t years)
{
	const ldn_trend_rule *rule = &profile->trend;
	if (level == LDN_NODATA)
		put_rule(step, _("%d valid years, at least %d are needed: no data"), valid, rule->valid_years_min);
	else if (fabs(slope) <= rule->stable_slope)
		put_rule(step, _("slope within %g a year: stable whatever S is"), rule->stable_slope);
	else if (rule->test == LDN_TREND_TABLE) {
		const int16_t *k = rule->table[years - (size_t)rule->table_first];
		put_rule(step, _("|S| = %d against the thresholds %d, %d, %d of %zu years: level %d, sign of the slope: %s"), abs(s), k[0], k[1], k[2], years, level,
			word(class));
	} else if (rule->test == LDN_TREND_EXACT)
		put_rule(step, _("two-sided p of S = %.4g %s %g (|S| of %d would do without ties): %s"), p, p <= rule->limits[rule->significant_level - 1] ? "<=" : ">",
			rule->limits[rule->significant_level - 1], ldn_kendall_critical(table->table, (size_t)valid, rule->limits[rule->significant_level - 1]), word(class));
	else
		put_rule(step, _("level %d by |Z| against %g: %s"), level, rule->limits[rule->significant_level - 1], word(class));
}

static bool explain_trend(explain_run *job, session *run, const int16_t *series, failure *why)
{
	size_t years = job->series.bands.count;
	double slope, offset, z, p, tau;
	int16_t valid, s, level;
	json_t *step = step_new(job, "series"), *values = json_array();
	for (size_t k = 0; k < years; k++)
		json_array_append_new(values, json_pack("{siso}", "year", job->series.years[k], "value",
			series[k] == LDN_NODATA ? json_null() : json_integer(series[k])));
	json_object_set_new(step, "values", values);
	ldn_trend_result result = {.slope = &slope, .offset = &offset, .valid = &valid, .s = &s, .z = &z, .p = &p, .tau = &tau, .level = &level, .trend = &job->trend};
	ldn_status status = ldn_trend_int16(session_profile(run), job->table.table, series, job->series.years, years, 1, &result);
	if (status != LDN_OK)
		return kernel_failed(status, _("trend"), why);
	step = step_new(job, "trend");
	json_object_set_new(step, "valid_years", json_integer(valid));
	put_class(step, "s", s);
	put_number(step, "slope", slope);
	put_number(step, "tau", tau);
	put_number(step, "z", z);
	put_number(step, "p", p);
	put_class(step, "level", level);
	put_class(step, "class", job->trend);
	trend_rule(step, session_profile(run), &job->table, valid, s, slope, p, level, job->trend, years);
	return true;
}

static bool explain_state(explain_run *job, session *run, const int16_t *series, failure *why)
{
	int16_t change, base, recent;
	double mean_base, mean_recent, z;
	const ldn_state_rule *rule = &session_profile(run)->state;
	ldn_state_result result = {.change = &change, .class_baseline = &base, .class_recent = &recent, .mean_baseline = &mean_base, .mean_recent = &mean_recent,
		.z = &z, .state = &job->state};
	ldn_status status = ldn_state_int16(session_profile(run), series, 1, job->baseline, job->recent, &result);
	if (status != LDN_OK)
		return kernel_failed(status, _("state"), why);
	json_t *step = step_new(job, "state");
	const int *years = job->series.years;
	autofree char *first = text_format("%d-%d", years[job->baseline.first], years[job->baseline.first + job->baseline.count - 1]);
	autofree char *last = text_format("%d-%d", years[job->recent.first], years[job->recent.first + job->recent.count - 1]);
	json_object_set_new(step, "baseline", json_string(first));
	json_object_set_new(step, "recent", json_string(last));
	put_number(step, "mean_baseline", mean_base);
	put_number(step, "mean_recent", mean_recent);
	put_class(step, "class_baseline", base);
	put_class(step, "class_recent", recent);
	put_number(step, "z", z);
	put_class(step, "change", change);
	put_class(step, "class", job->state);
	if (isnan(mean_base) || isnan(mean_recent))
		put_rule(step, _("no valid year in one of the two periods: %s"), word(job->state));
	else if (rule->test == LDN_STATE_Z)
		put_rule(step, _("Z of the recent mean = %.4g against %g: %s"), z, rule->z_limits[1], word(job->state));
	else if (fabs(mean_recent - mean_base) <= rule->same_mean)
		put_rule(step, _("means %.6g and %.6g lie within %d of each other: change 0, stable"), mean_base, mean_recent, rule->same_mean);
	else
		put_rule(step, _("class %d to class %d of the baseline's deciles, change %d; %d is needed: %s"), base, recent, change, rule->class_change, word(job->state));
	return true;
}

static bool gather_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const explain_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height, years = job->series.bands.count;
	autofree int16_t *series = memory_grow(NULL, n * years, sizeof *series);
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	autofree uint8_t *nothing = memory_new(n, 1);
	if (!sources_read_int16(session_sources(run), worker, job->series.bands, part, series, n, why))
		return false;
	ldn_series_mark_missing(series, n * years, session_profile(run)->missing_also);
	ldn_status status = ldn_mean_keys(series, n, (ldn_span){0, years}, key);
	return status == LDN_OK ? units_gather(job->units, worker, index, part, key, nothing, why) : kernel_failed(status, _("performance"), why);
}

/* Where a cell lies among the blocks. */
static bool cell_recall(const explain_run *job, const session *run, uint32_t *key, int32_t *unit, failure *why)
{
	const blocks *plan = session_plan(run);
	for (size_t index = 0; index < blocks_count(plan); index++) {
		window part = blocks_window(plan, index);
		int x = job->column - part.x, y = job->row - part.y;
		if (x < 0 || y < 0 || x >= part.width || y >= part.height)
			continue;
		size_t n = (size_t)part.width * (size_t)part.height, at = (size_t)y * (size_t)part.width + (size_t)x;
		autofree uint32_t *keys = memory_grow(NULL, n, sizeof *keys);
		autofree int32_t *found = memory_grow(NULL, n, sizeof *found);
		if (!units_recall(job->units, index, part, keys, found, NULL, why))
			return false;
		*key = keys[at];
		*unit = found[at];
		return true;
	}
	return failure_set(why, _("the cell lies outside the region"));
}

static bool explain_performance(explain_run *job, session *run, failure *why)
{
	size_t years = job->series.bands.count;
	uint32_t key;
	int32_t unit;
	double ratio;
	if (!session_blocks(run, _("means"), gather_block, job, why) || !units_settle(job->units, why) || !cell_recall(job, run, &key, &unit, why))
		return false;
	ldn_status status = ldn_performance(session_profile(run), &key, &unit, units_quantiles(job->units), 1, years, &job->performance, &ratio);
	if (status != LDN_OK)
		return kernel_failed(status, _("performance"), why);
	double quantile = unit < 0 ? NAN : units_quantiles(job->units)[unit], mean = ldn_key_mean(key, years);
	json_t *step = step_new(job, "performance");
	json_object_set_new(step, "unit", unit < 0 ? json_null() : json_integer(units_code(job->units, (size_t)unit)));
	put_number(step, "mean", mean);
	put_number(step, "quantile", quantile);
	put_number(step, "ratio", ratio);
	put_class(step, "class", job->performance);
	double limit = session_profile(run)->performance.ratio_limit;
	if (job->performance == LDN_NODATA)
		put_rule(step, _("no mean, no unit, or a unit without a positive percentile: no data"));
	else
		put_rule(step, _("mean %.6g over the unit's 90th percentile %.6g = %.4f %s %g: %s"), mean, quantile, ratio, ratio <= limit ? "<=" : ">", limit,
			word(job->performance));
	return true;
}

static void explain_productivity(explain_run *job, const session *run)
{
	static const char *const names[] = {"", "declining", "moderate decline", "stressed", "stable", "increasing"};
	int16_t lpd5;
	const ldn_profile *profile = session_profile(run);
	bool apart = ldn_productivity_own_three(profile);
	ldn_productivity(profile, &job->trend, &job->state, &job->performance, 1, &lpd5, &job->lpd3);
	json_t *step = step_new(job, "productivity");
	put_class(step, "lpd5", lpd5);
	put_class(step, "lpd3", job->lpd3);
	put_rule(step, apart ? _("trend %s, state %s, performance %s: %s of the five classes; by the guidance's own look-up %s")
		: _("trend %s, state %s, performance %s: %s, that is %s"), word(job->trend), word(job->state), word(job->performance),
		lpd5 >= 1 && lpd5 <= 5 ? _(names[lpd5]) : _("no class of five"), word(job->lpd3));
}

static const char *class_name(const cover *which, uint8_t position)
{
	return position ? _(which->classes[position - 1].name) : _("no data");
}

static bool explain_cover(explain_run *job, session *run, uint8_t kinds[2], failure *why)
{
	uint8_t position[2];
	int16_t code;
	if (!cover_read(&job->cover, run, 0, job->from, cell_of(job), &position[0], 1, why) ||
		!cover_read(&job->cover, run, 0, job->to, cell_of(job), &position[1], 1, why))
		return false;
	ldn_landcover_kind(&job->cover.legend, 2, position, kinds);
	ldn_landcover_transition(job->cover.multiplier, 1, &position[0], &position[1], &code);
	ldn_landcover_degradation(&job->cover.matrix, 1, &position[0], &position[1], &job->landcover);
	json_t *step = step_new(job, "landcover");
	json_object_set_new(step, "from", json_string(class_name(&job->cover, position[0])));
	json_object_set_new(step, "to", json_string(class_name(&job->cover, position[1])));
	put_class(step, "transition", code);
	put_class(step, "class", job->landcover);
	put_rule(step, _("%s to %s: %s by the matrix"), class_name(&job->cover, position[0]), class_name(&job->cover, position[1]), word(job->landcover));
	return true;
}

static bool explain_carbon(explain_run *job, session *run, const uint8_t kinds[2], failure *why)
{
	const explain_settings *s = job->settings;
	json_t *step = step_new(job, "carbon");
	if (job->carbon.count) {
		if (!sources_read_int16(session_sources(run), 0, job->carbon, cell_of(job), &job->carbon_class, 1, why))
			return false;
		put_class(step, "class", job->carbon_class);
		put_rule(step, _("class given: %s"), word(job->carbon_class));
		return true;
	}
	double reference, end, percent;
	int16_t code = 0;
	if (!sources_read_double(session_sources(run), 0, job->stock, cell_of(job), &reference, 1, why) ||
		(job->zone.count && !sources_read_int16(session_sources(run), 0, job->zone, cell_of(job), &code, 1, why)))
		return false;
	reference = reference == LDN_NODATA ? NAN : reference;
	uint8_t zone = code >= 0 && code < LDN_CARBON_ZONES ? (uint8_t)code : 0, water = kinds[0] == LDN_COVER_WATER;
	const ldn_carbon_rule *rule = &session_profile(run)->carbon;
	ldn_carbon_factors factors;
	ldn_carbon_factors_default(rule, s->crop_factor, &factors);
	int years = s->cover_years ? (int)s->cover_years : job->series.years[job->series.bands.count - 1] - job->series.years[0];
	ldn_carbon_two_dates(rule, &factors, 1, years, &kinds[0], &kinds[1], &reference, &zone, &end, &percent);
	ldn_carbon_class(rule, 1, &percent, &water, &job->carbon_class);
	double factor = factors.factor[zone][kinds[0]][kinds[1]];
	put_number(step, "stock_start", reference);
	json_object_set_new(step, "climate_zone", json_integer(zone));
	put_number(step, "factor", factor);
	json_object_set_new(step, "years", json_integer(years));
	put_number(step, "stock_end", end);
	put_number(step, "percent", percent);
	put_class(step, "class", job->carbon_class);
	if (water)
		put_rule(step, _("water at the first date: no data"));
	else
		put_rule(step, _("%.6g t/ha with factor %.4g, the change in the middle of %d years: %.6g t/ha, %+.4g %% against %g and %g: %s"), reference, factor, years, end,
			percent, rule->degraded_percent, rule->improved_percent, word(job->carbon_class));
	return true;
}

static bool explain_indicator(explain_run *job, session *run, failure *why)
{
	static const char *const names[] = {"", "persistent degradation", "recent degradation", "baseline degradation", "stable", "baseline improvement",
		"recent improvement", "persistent improvement"};
	int16_t indicator, later, status;
	ldn_indicator_combine(session_profile(run)->indicator.mode, 1, &job->lpd3, &job->landcover, &job->carbon_class, &indicator);
	json_t *step = step_new(job, "indicator");
	put_class(step, "class", indicator);
	put_rule(step, _("one out, all out: productivity %s, land cover %s, soil carbon %s: %s"), word(job->lpd3), word(job->landcover), word(job->carbon_class),
		word(indicator));
	if (!job->later.count)
		return true;
	if (!sources_read_int16(session_sources(run), 0, job->later, cell_of(job), &later, 1, why))
		return false;
	ldn_indicator_status(1, &indicator, &later, &status);
	step = step_new(job, "status");
	put_class(step, "later", later);
	put_class(step, "class", status);
	put_rule(step, _("baseline %s, period %s: %s"), word(indicator), word(later), status >= 1 && status <= 7 ? _(names[status]) : _("no data"));
	return true;
}

/* --- run --- */

static bool inputs_add(explain_run *job, session *run, const text_list *rest, failure *why)
{
	const explain_settings *s = job->settings;
	if (rest->count == 0)
		return failure_usage(why, _("name the rasters of the series"));
	if (!s->at)
		return failure_usage(why, _("say which cell with --at LON,LAT"));
	if (s->common.output)
		return failure_usage(why, _("no raster comes out of this command"));
	if (rank_count() > 1)
		return failure_usage(why, _("one cell needs no ranks: run without mpirun"));
	if ((s->cover_from != NULL) != (s->cover_to != NULL))
		return failure_usage(why, _("--cover-from and --cover-to go together"));
	if (!session_stack(run, "series", rest, (int)s->band, s->years, &job->series, why) || !period_cut(&job->series, s->period, run, why))
		return false;
	size_t years = job->series.bands.count;
	if (years < 4 && (!s->baseline || !s->recent))
		return failure_usage(why, _("%zu years are too few for a baseline and three recent years; say which with --baseline and --recent"), years);
	return period_span(&job->series, "baseline", s->baseline, 0, years - 3, &job->baseline, why) &&
		period_span(&job->series, "recent", s->recent, years - 3, 3, &job->recent, why) && cover_open(&job->cover, run, s->legend, s->matrix, s->cover_from != NULL, why) &&
		(s->no_performance || (job->units = units_new(run, &s->units, why))) &&
		(!s->cover_from || (session_map(run, "land cover", s->cover_from, &job->from, why) && session_map(run, "land cover", s->cover_to, &job->to, why))) &&
		(!s->stock || session_map(run, "carbon stock", s->stock, &job->stock, why)) &&
		(!s->climate_zones || session_map(run, "climate zones", s->climate_zones, &job->zone, why)) &&
		(!s->carbon || session_map(run, "carbon", s->carbon, &job->carbon, why)) &&
		(!s->later || session_map(run, "later indicator", s->later, &job->later, why));
}

static bool cell_find(explain_run *job, session *run, failure *why)
{
	const char *comma = strchr(job->settings->at, ',');
	double longitude, latitude, column, row;
	autofree char *first = comma ? text_format("%.*s", (int)(comma - job->settings->at), job->settings->at) : NULL;
	if (!comma || !number_read(first, &longitude) || !number_read(comma + 1, &latitude))
		return failure_usage(why, _("--at %s: give it as LON,LAT, e.g. --at 28.5,-12.25"), job->settings->at);
	if (!grid_locate(session_grid(run), longitude, latitude, &column, &row, why))
		return false;
	job->column = (int)column;
	job->row = (int)row;
	return true;
}

static bool steps_do(explain_run *job, session *run, failure *why)
{
	size_t years = job->series.bands.count;
	uint8_t kinds[2] = {0};
	autofree int16_t *series = memory_new(years, sizeof *series);
	if (!explain_place(job, run, why) || !sources_read_int16(session_sources(run), 0, job->series.bands, cell_of(job), series, 1, why))
		return false;
	ldn_series_mark_missing(series, years, session_profile(run)->missing_also);
	if (!explain_trend(job, run, series, why) || !explain_state(job, run, series, why))
		return false;
	if (job->units) {
		if (!explain_performance(job, run, why))
			return false;
		explain_productivity(job, run);
	}
	if (job->from.count && !explain_cover(job, run, kinds, why))
		return false;
	if ((job->carbon.count || (job->stock.count && job->from.count)) && !explain_carbon(job, run, kinds, why))
		return false;
	if (job->lpd3 != INT16_MAX && job->landcover != INT16_MAX && job->carbon_class != INT16_MAX)
		return explain_indicator(job, run, why);
	return true;
}

static void print_text(const explain_run *job)
{
	const char *name;
	json_t *step, *each;
	size_t i;
	json_object_foreach(job->document, name, step) {
		const char *rule = json_string_value(json_object_get(step, "rule"));
		printf("%-13s", name);
		if (rule)
			printf(" %s", rule);
		json_array_foreach(json_object_get(step, "values"), i, each) {
			const json_t *value = json_object_get(each, "value");
			int year = (int)json_integer_value(json_object_get(each, "year"));
			if (json_is_integer(value))
				printf("%s %d %6lld", i && i % 6 == 0 ? "\n             " : i ? "  " : "", year, (long long)json_integer_value(value));
			else
				printf("%s %d %6s", i && i % 6 == 0 ? "\n             " : i ? "  " : "", year, _("none"));
		}
		putchar('\n');
		const char *key;
		bool any = false;
		json_object_foreach(step, key, each) {
			if (strcmp(key, "rule") == 0 || strcmp(key, "values") == 0 || strcmp(name, "place") == 0)
				continue;
			if (json_is_string(each))
				printf("%s%s %s", any ? ", " : "              ", key, json_string_value(each));
			else if (json_is_number(each))
				printf("%s%s %.6g", any ? ", " : "              ", key, json_number_value(each));
			else
				printf("%s%s -", any ? ", " : "              ", key);
			any = true;
		}
		if (any)
			putchar('\n');
	}
}

static int explain_do(void *given, const text_list *rest, failure *why)
{
	const explain_settings *settings = given;
	explain_run job = {.settings = settings, .document = json_object(), .lpd3 = INT16_MAX, .landcover = INT16_MAX, .carbon_class = INT16_MAX};
	session *run = session_open(&command_explain, settings, why);
	if (run && inputs_add(&job, run, rest, why)) {
		size_t years = job.series.bands.count;
		kendall_build(&job.table, years);
		bool fine = session_start(run, NULL, 0, 2 * years + UNITS_BYTES_A_CELL + 8, why) && cell_find(&job, run, why) &&
			(!job.units || units_ready(job.units, years, why)) && steps_do(&job, run, why);
		if (fine && settings->common.json) {
			json_object_set_new(job.document, "profile", json_string(session_profile(run)->name));
			autofree char *text = json_text(job.document);
			fputs(text, stdout);
		} else if (fine) {
			print_text(&job);
		}
	}
	units_free(job.units);
	kendall_free(&job.table);
	session_close(run);
	cover_free(&job.cover);
	json_decref(job.document);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
	((explain_settings *)settings)->crop_factor = NAN;
}

const command command_explain = {
	.name = "explain",
	.summary = "one cell: every value, test and rule on the way to its class",
	.arguments = "SERIES...",
	.description = "Prints the whole decision path of the cell at a longitude and latitude: the series, S, p, slope, classes, unit and percentile, transition,\n"
	               "carbon, and which rule decided each step. Performance is of the whole region, as in ldn productivity.",
	.example = "  ldn explain --at 1.0263,41.4787 ndvi_*.tif --units units.tif --cover-from esa-2000.tif --cover-to esa-2015.tif",
	.options = options,
	.settings_size = sizeof(explain_settings),
	.defaults = defaults,
	.run = explain_do};
