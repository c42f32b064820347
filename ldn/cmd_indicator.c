/* ldn indicator: SDG 15.3.1 from its sub-indicators, its status after a period, and every table of the report. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "cover.h"
#include "kernel.h"
#include "ldn/carbon.h"
#include "ldn/indicator.h"
#include "ldn/productivity.h"
#include "zones.h"

/* The three sub-indicators of one period, as files. */
typedef struct parts_files {
	const char *lpd5, *lpd3, *landcover, *carbon;
} parts_files;

typedef struct indicator_settings {
	common_settings common;
	parts_files baseline, period;
	const char *cover_from, *cover_to, *legend, *matrix, *stock_from, *stock_to, *carbon_percent, *zones;
	text_list population;
	int missing;
} indicator_settings;

static const char *const missing_rules[] = {"strict", "any-degraded", "alone-degraded", NULL};

#define AT(member) offsetof(indicator_settings, member)
static const option own[] = {
	{"lpd5", 0, OPTION_TEXT, AT(baseline.lpd5), "FILE", "productivity of the baseline, five classes (1 declining .. 5 increasing)"},
	{"lpd3", 0, OPTION_TEXT, AT(baseline.lpd3), "FILE", "or in three: -1, 0, 1"},
	{"landcover", 0, OPTION_TEXT, AT(baseline.landcover), "FILE", "land cover degradation of the baseline: -1, 0, 1"},
	{"carbon", 0, OPTION_TEXT, AT(baseline.carbon), "FILE", "soil carbon degradation of the baseline: -1, 0, 1"},
	{"cover-from", 0, OPTION_TEXT, AT(cover_from), "FILE", "land cover at the start of the baseline: tells water, and with --cover-to the transitions"},
	{"cover-to", 0, OPTION_TEXT, AT(cover_to), "FILE", "land cover at the end of the baseline; both may stand for --landcover"},
	{"legend", 0, OPTION_TEXT, AT(legend), "FILE", "of the land cover: esa (default), unccd, or a CSV file"},
	{"matrix", 0, OPTION_TEXT, AT(matrix), "FILE", "meaning of each transition, as CSV (default: the UNCCD's)"},
	{"carbon-percent", 0, OPTION_TEXT, AT(carbon_percent), "FILE", "or the change of the carbon stock in percent"},
	{"stock-from", 0, OPTION_TEXT, AT(stock_from), "FILE", "carbon stock at the start of the baseline, t/ha"},
	{"stock-to", 0, OPTION_TEXT, AT(stock_to), "FILE", "carbon stock at its end; both may stand for --carbon"},
	{"period-lpd5", 0, OPTION_TEXT, AT(period.lpd5), "FILE", "the same of a reporting period: then status comes out too"},
	{"period-lpd3", 0, OPTION_TEXT, AT(period.lpd3), "FILE", "productivity in three classes"},
	{"period-landcover", 0, OPTION_TEXT, AT(period.landcover), "FILE", "land cover degradation of the period"},
	{"period-carbon", 0, OPTION_TEXT, AT(period.carbon), "FILE", "soil carbon degradation of the period"},
	{"population", 0, OPTION_LIST, AT(population), "FILE", "people in each cell; may be repeated (all, women, men)"},
	{"zones", 0, OPTION_TEXT, AT(zones), "FILE", "raster of zone codes: tables by zone"},
	{"missing", 0, OPTION_CHOICE, AT(missing), "RULE", "when a sub-indicator is missing", missing_rules},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

static const layer_spec layers[] = {
	{"indicator", "SDG 15.3.1 of the baseline", classes_of_three, CELL_INT16, true, AREAS_NONE},
	{"productivity", "productivity", classes_of_three, CELL_INT16, false, AREAS_NONE},
	{"landcover", "land cover", classes_of_three, CELL_INT16, false, AREAS_NONE},
	{"carbon", "soil organic carbon", classes_of_three, CELL_INT16, false, AREAS_NONE},
	{"period", "SDG 15.3.1 of the period", classes_of_three, CELL_INT16, true, AREAS_NONE},
	{"status", "status after the period, seven classes", classes_of_status, CELL_INT16, true, AREAS_NONE},
	{"status3", "status after the period, three classes", classes_of_three, CELL_INT16, true, AREAS_NONE}};
enum { LAYER_INDICATOR = 0, LAYERS_BASELINE = 4, LAYER_STATUS3 = 6, LAYERS = 7, CLASSES_MAX = 8, PEOPLE_MAX = 8 };

/* One bin of the joint table stands for one combination of productivity, land cover, carbon, the period's indicator, and water. */
static const ldn_axis three = {LDN_DEGRADED, LDN_IMPROVED}, dry = {0, 0};
enum { JOINT_BINS = 4 * 4 * 4 * 4 * 2 };

typedef struct parts {
	range lpd, landcover, carbon; /* count 0: not given */
	bool five;
} parts;

typedef struct indicator_run {
	const indicator_settings *settings;
	cover cover;
	parts baseline, period;
	range cover_from, cover_to, stock_from, stock_to, percent, population[PEOPLE_MAX];
	size_t people;
	bool with_period, with_water;
	zones *zones;
	sums joint, cross, tonnes[2], exposed[PEOPLE_MAX];
	uint16_t class[LAYERS][JOINT_BINS];
} indicator_run;

/* A piece of a block, so small that all of it stays in the processor's own cache from reading to counting. */
typedef struct piece_values {
	size_t n, room;
	int16_t *memory, *productivity, *landcover, *carbon, *indicator, *period, *status, *spare, *maps;
	uint8_t *from, *to, *water;
	int32_t *zone;
	uint16_t *key;
	float *numbers;
} piece_values;

static void values_free(piece_values *v)
{
	free(v->memory);
	free(v->zone);
	free(v->numbers);
	free(v->from);
}

static void values_room(piece_values *v, size_t n)
{
	if (n <= v->room)
		return;
	values_free(v);
	v->room = n;
	v->memory = memory_grow(NULL, 11 * n, sizeof *v->memory);
	int16_t **const each[] = {&v->productivity, &v->landcover, &v->carbon, &v->indicator, &v->period, &v->status, &v->spare};
	for (size_t i = 0; i < 7; i++)
		*each[i] = v->memory + i * n;
	v->maps = v->memory + 7 * n;
	v->key = (uint16_t *)(void *)(v->memory + 10 * n);
	v->zone = memory_grow(NULL, n, sizeof *v->zone);
	v->numbers = memory_grow(NULL, n, sizeof *v->numbers);
	v->from = memory_grow(NULL, 3 * n, 1);
	v->to = v->from + n;
	v->water = v->from + 2 * n;
}

static bool productivity_read(const parts *of, session *run, int worker, window part, int16_t *out, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (!sources_read_int16(session_sources(run), worker, of->lpd, part, out, n, why))
		return false;
	if (of->five)
		ldn_lpd5_to_3(out, n, out);
	return true;
}

static bool cover_fill(indicator_run *job, session *run, int worker, window part, piece_values *v, failure *why)
{
	memset(v->water, 0, v->n);
	memset(v->from, 0, 2 * v->n);
	if (job->cover_from.count && !cover_read(&job->cover, run, worker, job->cover_from, part, v->from, v->n, why))
		return false;
	if (job->cover_to.count && !cover_read(&job->cover, run, worker, job->cover_to, part, v->to, v->n, why))
		return false;
	if (job->with_water) {
		ldn_landcover_kind(&job->cover.legend, v->n, v->from, v->water);
		for (size_t i = 0; i < v->n; i++)
			v->water[i] = v->water[i] == LDN_COVER_WATER;
	}
	if (!job->baseline.landcover.count) {
		ldn_landcover_degradation(&job->cover.matrix, v->n, v->from, v->to, v->landcover);
		return true;
	}
	return sources_read_int16(session_sources(run), worker, job->baseline.landcover, part, v->landcover, v->n, why);
}

/* Stocks as whole t/ha when the files hold whole numbers, which is what most ready-made layers are. */
static bool carbon_fill(indicator_run *job, session *run, int worker, window part, piece_values *v, failure *why)
{
	sources *from = session_sources(run);
	const ldn_carbon_rule *rule = &session_profile(run)->carbon;
	if (job->baseline.carbon.count)
		return sources_read_int16(from, worker, job->baseline.carbon, part, v->carbon, v->n, why);
	if (job->percent.count) {
		autofree double *percent = memory_grow(NULL, v->n, sizeof *percent);
		if (!sources_read_double(from, worker, job->percent, part, percent, v->n, why))
			return false;
		for (size_t i = 0; i < v->n; i++)
			percent[i] = percent[i] == LDN_NODATA ? NAN : percent[i];
		ldn_carbon_class(rule, v->n, percent, v->water, v->carbon);
		return true;
	}
	if (!sources_real(from, job->stock_from) && !sources_real(from, job->stock_to)) {
		if (!sources_read_int16(from, worker, job->stock_from, part, v->spare, v->n, why) ||
			!sources_read_int16(from, worker, job->stock_to, part, v->carbon, v->n, why))
			return false;
		ldn_carbon_class_stocks_int16(rule, v->n, v->spare, v->carbon, v->water, v->carbon);
		return true;
	}
	autofree double *stock = memory_grow(NULL, 2 * v->n, sizeof *stock);
	if (!sources_read_double(from, worker, job->stock_from, part, stock, v->n, why) ||
		!sources_read_double(from, worker, job->stock_to, part, stock + v->n, v->n, why))
		return false;
	ldn_carbon_class_stocks(rule, v->n, stock, stock + v->n, v->water, v->carbon);
	return true;
}

static bool period_fill(indicator_run *job, session *run, int worker, window part, piece_values *v, failure *why)
{
	if (!job->with_period) {
		for (size_t i = 0; i < v->n; i++)
			v->period[i] = LDN_NODATA;
		return true;
	}
	int16_t *maps = v->maps;
	if (!productivity_read(&job->period, run, worker, part, maps, why) ||
		!sources_read_int16(session_sources(run), worker, job->period.landcover, part, maps + v->n, v->n, why) ||
		!sources_read_int16(session_sources(run), worker, job->period.carbon, part, maps + 2 * v->n, v->n, why))
		return false;
	ldn_indicator_combine((ldn_one_out_mode)job->settings->missing, v->n, maps, maps + v->n, maps + 2 * v->n, v->period);
	return true;
}

static bool tables_add(indicator_run *job, session *run, int worker, window part, piece_values *v, failure *why)
{
	ldn_axis classes = {1, (int16_t)job->cover.legend.count};
	if (!zones_read(job->zones, worker, part, v->zone, why))
		return false;
	for (size_t i = 0; i < v->n; i++)
		v->spare[i] = v->water[i];
	ldn_key_start(three, v->n, v->productivity, v->key);
	ldn_key_push(three, v->n, v->landcover, v->key);
	ldn_key_push(three, v->n, v->carbon, v->key);
	ldn_key_push(three, v->n, v->period, v->key);
	ldn_key_push(dry, v->n, v->spare, v->key);
	if (!sums_add_area(&job->joint, run, worker, part, v->zone, v->key, why))
		return false;
	if (job->cross.bins) {
		ldn_key_start_u8(classes, v->n, v->from, v->key);
		ldn_key_push_u8(classes, v->n, v->to, v->key);
		ldn_key_push(three, v->n, v->productivity, v->key);
		if (!sums_add_area(&job->cross, run, worker, part, v->zone, v->key, why))
			return false;
	}
	float *numbers = v->numbers;
	for (int date = 0; date < 2 && job->tonnes[date].bins; date++) {
		ldn_key_start_u8(classes, v->n, date ? v->to : v->from, v->key);
		if (!sources_read_float(session_sources(run), worker, date ? job->stock_to : job->stock_from, part, numbers, v->n, why) ||
			!sums_add_stocks(&job->tonnes[date], run, worker, part, v->zone, v->key, numbers, why))
			return false;
	}
	ldn_key_start(three, v->n, v->indicator, v->key);
	for (size_t k = 0; k < job->people; k++) {
		if (!sources_read_float(session_sources(run), worker, job->population[k], part, numbers, v->n, why))
			return false;
		for (size_t i = 0; i < v->n; i++)
			numbers[i] = v->water[i] ? NAN : numbers[i]; /* nobody lives on water */
		if (!sums_add_values(&job->exposed[k], worker, part, v->zone, v->key, numbers, why))
			return false;
	}
	return true;
}

static bool indicator_piece(indicator_run *job, session *run, int worker, window part, piece_values *v, sheet *page, failure *why)
{
	v->n = (size_t)part.width * (size_t)part.height;
	if (!productivity_read(&job->baseline, run, worker, part, v->productivity, why) || !cover_fill(job, run, worker, part, v, why) ||
		!carbon_fill(job, run, worker, part, v, why) || !period_fill(job, run, worker, part, v, why))
		return false;
	ldn_indicator_combine((ldn_one_out_mode)job->settings->missing, v->n, v->productivity, v->landcover, v->carbon, v->indicator);
	sheet_int16_piece(page, "indicator", part, v->indicator);
	sheet_int16_piece(page, "productivity", part, v->productivity);
	sheet_int16_piece(page, "landcover", part, v->landcover);
	sheet_int16_piece(page, "carbon", part, v->carbon);
	if (job->with_period) {
		ldn_indicator_status(v->n, v->indicator, v->period, v->status);
		ldn_indicator_status_simple(&session_profile(run)->indicator, v->n, v->status, v->spare);
		sheet_int16_piece(page, "period", part, v->period);
		sheet_int16_piece(page, "status", part, v->status);
		sheet_int16_piece(page, "status3", part, v->spare);
	}
	return tables_add(job, run, worker, part, v, why);
}

static bool indicator_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	indicator_run *job = context;
	piece_values v = {0};
	window piece = {part.x, part.y, 0, 0};
	sheet *page = sheet_new(run, part);
	bool fine = true;
	(void)index;
	for (; fine && piece.y < part.y + part.height; piece.y += piece.height)
		for (piece.x = part.x; fine && piece.x < part.x + part.width; piece.x += piece.width) {
			sources_piece(session_sources(run), sources_everything(session_sources(run)), part, &piece);
			values_room(&v, (size_t)piece.width * (size_t)piece.height);
			fine = indicator_piece(job, run, worker, piece, &v, page, why);
		}
	values_free(&v);
	if (fine)
		return sheet_put(page, worker, why);
	sheet_free(page);
	return false;
}

/* --- tables --- */

/* The class of each layer in each bin of the joint table, as a bin of the layer's own axis. */
static void joint_classes(indicator_run *job, const session *run)
{
	for (size_t bin = 0; bin < JOINT_BINS; bin++) {
		int16_t part[4], indicator, status, simple;
		size_t rest = bin / 2;
		for (int k = 3; k >= 0; k--, rest /= 4)
			part[k] = ldn_axis_value(three, rest % 4);
		ldn_indicator_combine((ldn_one_out_mode)job->settings->missing, 1, &part[0], &part[1], &part[2], &indicator);
		ldn_indicator_status(1, &indicator, &part[3], &status);
		ldn_indicator_status_simple(&session_profile(run)->indicator, 1, &status, &simple);
		const int16_t values[LAYERS] = {indicator, part[0], part[1], part[2], part[3], status, simple};
		for (size_t k = 0; k < LAYERS; k++)
			ldn_key_start(layer_axis(&layers[k]), 1, &values[k], &job->class[k][bin]);
	}
}

/* What the cells of each class of each layer add up to. */
typedef struct class_areas {
	ldn_sum area[LAYERS][CLASSES_MAX];
	uint64_t cells[LAYERS][CLASSES_MAX];
} class_areas;

static void classes_add(class_areas *found, const indicator_run *job, size_t zone, bool land)
{
	const ldn_table *table = &job->joint.tables[0];
	for (size_t bin = 0; bin < table->bins; bin++) {
		size_t at = zone * table->bins + bin;
		if (!table->count[at] || (land && bin % 2))
			continue;
		for (size_t k = 0; k < LAYERS; k++) {
			size_t class = job->class[k][bin];
			found->area[k][class] = ldn_sum_add(found->area[k][class], table->sum[at]);
			found->cells[k][class] += table->count[at];
		}
	}
}

/* Of all zones. land: without water. */
static class_areas classes_of_all(const indicator_run *job, bool land)
{
	class_areas found = {0};
	for (size_t z = 0; z < job->joint.tables[0].zones; z++)
		classes_add(&found, job, z, land);
	return found;
}

static double class_area(const class_areas *found, size_t layer, size_t class)
{
	return ldn_sum_value(found->area[layer][class], LDN_BITS_AREA);
}

static void areas_rows(result_table *out, const indicator_run *job, const class_areas *found, const int32_t *zone)
{
	for (size_t k = 0; k < (job->with_period ? LAYERS : LAYERS_BASELINE); k++) {
		ldn_axis axis = layer_axis(&layers[k]);
		for (size_t class = 0, count = ldn_axis_bins(axis); class < count; class++) {
			int64_t value = ldn_axis_value(axis, class), cells = (int64_t)found->cells[k][class];
			const char *name = class + 1 < count ? layers[k].classes[class].name : N_("no data");
			double area = class_area(found, k, class) / 1e4;
			if (zone)
				table_row(out, "isiwid", (int64_t)*zone, layers[k].name, value, name, cells, area);
			else
				table_row(out, "siwid", layers[k].name, value, name, cells, area);
		}
	}
}

static result_table *areas_table(const indicator_run *job, bool by_zone)
{
	result_table *out = table_new(by_zone ? "zones" : "areas", by_zone ? _("Areas by zone") : _("Areas"));
	if (by_zone)
		table_column(out, "zone", "");
	table_column(out, "layer", "");
	table_column(out, "value", "");
	table_column(out, "class", "");
	table_column(out, "cells", "");
	table_column(out, "area", "ha");
	if (!by_zone) {
		class_areas all = classes_of_all(job, false);
		areas_rows(out, job, &all, NULL);
		return out;
	}
	size_t *order = zones_sorted(job->zones);
	for (size_t i = 0; i < zones_count(job->zones); i++) {
		class_areas found = {0};
		int32_t code = zones_code(job->zones, order[i]);
		classes_add(&found, job, order[i], false);
		areas_rows(out, job, &found, &code);
	}
	free(order);
	return out;
}

static result_table *extent_table(const indicator_run *job)
{
	enum { DEGRADED = 0 }; /* the first class of three */
	class_areas found = classes_of_all(job, true);
	double total = 0;
	for (size_t class = 0; class < ldn_axis_bins(three); class++)
		total += class_area(&found, LAYER_INDICATOR, class);
	ldn_extent extent = ldn_indicator_extent(class_area(&found, LAYER_INDICATOR, DEGRADED),
		job->with_period ? class_area(&found, LAYER_STATUS3, DEGRADED) : NAN, total);
	result_table *out = table_new("extent", job->with_water ? _("Degraded land, of all land without inland water") : _("Degraded land, of the whole region"));
	table_column(out, "when", "");
	table_column(out, "degraded", "ha");
	table_column(out, "share", "percent");
	table_row(out, "sdd", _("baseline"), extent.degraded_baseline / 1e4, extent.share_baseline);
	if (job->with_period) {
		table_row(out, "sdd", _("status"), extent.degraded_status / 1e4, extent.share_status);
		table_row(out, "sdd", _("change"), extent.change / 1e4, extent.share_change);
	}
	table_row(out, "sdd", _("land in all"), total / 1e4, 100.0);
	return out;
}

static result_table *cross_table(const indicator_run *job)
{
	result_table *out = table_new("transitions", _("Land cover from and to, by productivity"));
	static const char *const columns[] = {"zone", "from", "to", "from_class", "to_class", "productivity", "cells"};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		table_column(out, columns[i], "");
	table_column(out, "area", "ha");
	const ldn_table *sum = &job->cross.tables[0];
	const ldn_legend *legend = &job->cover.legend;
	size_t classes = legend->count + 1, *order = zones_sorted(job->zones);
	for (size_t z = 0; z < zones_count(job->zones); z++)
		for (size_t bin = 0; bin < sum->bins; bin++) {
			size_t from = bin / 4 / classes, to = bin / 4 % classes;
			if (!sum->count[order[z] * sum->bins + bin])
				continue;
			table_row(out, "iiiwwiid", (int64_t)zones_code(job->zones, order[z]),
				from + 1 < classes ? (int64_t)legend->classes[from].code : (int64_t)LDN_NODATA, to + 1 < classes ? (int64_t)legend->classes[to].code : (int64_t)LDN_NODATA,
				from + 1 < classes ? job->cover.classes[from].name : N_("no data"), to + 1 < classes ? job->cover.classes[to].name : N_("no data"),
				(int64_t)ldn_axis_value(three, bin % 4), (int64_t)sum->count[order[z] * sum->bins + bin], ldn_table_value(sum, order[z], bin) / 1e4);
		}
	free(order);
	return out;
}

static result_table *people_table(const indicator_run *job)
{
	result_table *out = table_new("population", _("People by class of the indicator"));
	table_column(out, "zone", "");
	table_column(out, "population", "");
	table_column(out, "value", "");
	table_column(out, "class", "");
	table_column(out, "people", "");
	size_t *order = zones_sorted(job->zones);
	for (size_t z = 0; z < zones_count(job->zones); z++)
		for (size_t k = 0; k < job->people; k++)
			for (size_t bin = 0; bin < 4; bin++)
				table_row(out, "isiwd", (int64_t)zones_code(job->zones, order[z]), job->settings->population.items[k], (int64_t)ldn_axis_value(three, bin),
					bin < 3 ? classes_of_three[bin].name : N_("no data"), ldn_table_value(&job->exposed[k].tables[0], order[z], bin));
	free(order);
	return out;
}

static result_table *tonnes_table(const indicator_run *job)
{
	result_table *out = table_new("carbon", _("Soil organic carbon by land cover"));
	table_column(out, "zone", "");
	table_column(out, "date", "");
	table_column(out, "cover", "");
	table_column(out, "class", "");
	table_column(out, "stock", "t");
	size_t classes = job->cover.legend.count, *order = zones_sorted(job->zones);
	for (size_t z = 0; z < zones_count(job->zones); z++)
		for (int date = 0; date < 2; date++)
			for (size_t bin = 0; bin <= classes; bin++)
				table_row(out, "isiwd", (int64_t)zones_code(job->zones, order[z]), date ? "to" : "from",
					bin < classes ? (int64_t)job->cover.legend.classes[bin].code : (int64_t)LDN_NODATA, bin < classes ? job->cover.classes[bin].name : N_("no data"),
					ldn_table_value(&job->tonnes[date].tables[0], order[z], bin) / 1e4);
	free(order);
	return out;
}

/* --- run --- */

static bool parts_add(session *run, const char *when, const parts_files *files, bool more_known, parts *out, failure *why)
{
	autofree char *productivity = text_format("%sproductivity", when), *landcover = text_format("%sland cover degradation", when);
	autofree char *carbon = text_format("%scarbon degradation", when);
	if ((files->lpd5 != NULL) == (files->lpd3 != NULL))
		return failure_usage(why, _("give productivity of the %sas --%slpd5 or --%slpd3"), *when ? _("period ") : _("baseline "), *when ? "period-" : "",
			*when ? "period-" : "");
	if (!more_known && (!files->landcover || !files->carbon))
		return failure_usage(why, _("a period needs --period-landcover and --period-carbon as well"));
	out->five = files->lpd5 != NULL;
	return session_map(run, productivity, out->five ? files->lpd5 : files->lpd3, &out->lpd, why) &&
		(!files->landcover || session_map(run, landcover, files->landcover, &out->landcover, why)) &&
		(!files->carbon || session_map(run, carbon, files->carbon, &out->carbon, why));
}

static bool inputs_add(indicator_run *job, session *run, failure *why)
{
	const indicator_settings *s = job->settings;
	if (!s->baseline.landcover && !(s->cover_from && s->cover_to))
		return failure_usage(why, _("give --landcover, or --cover-from and --cover-to"));
	if (!s->baseline.carbon && !s->carbon_percent && !(s->stock_from && s->stock_to))
		return failure_usage(why, _("give --carbon, --carbon-percent, or --stock-from and --stock-to"));
	if (s->population.count > PEOPLE_MAX)
		return failure_usage(why, _("--population: at most %d files"), PEOPLE_MAX);
	job->with_period = s->period.lpd5 || s->period.lpd3 || s->period.landcover || s->period.carbon;
	job->with_water = s->cover_from != NULL;
	bool fine = cover_open(&job->cover, run, s->legend, s->matrix, s->cover_from && s->cover_to, why) && parts_add(run, "", &s->baseline, true, &job->baseline, why) &&
		(!job->with_period || parts_add(run, "period's ", &s->period, false, &job->period, why)) &&
		(!s->cover_from || session_map(run, "land cover at the start", s->cover_from, &job->cover_from, why)) &&
		(!s->cover_to || session_map(run, "land cover at the end", s->cover_to, &job->cover_to, why)) &&
		(!s->carbon_percent || session_map(run, "change of carbon", s->carbon_percent, &job->percent, why)) &&
		(!s->stock_from || session_map(run, "carbon stock at the start", s->stock_from, &job->stock_from, why)) &&
		(!s->stock_to || session_map(run, "carbon stock at the end", s->stock_to, &job->stock_to, why));
	for (; fine && job->people < s->population.count; job->people++)
		fine = session_map(run, "population", s->population.items[job->people], &job->population[job->people], why);
	return fine && (job->zones = zones_new(run, s->zones, why)) != NULL;
}

static void sums_start(indicator_run *job, const session *run)
{
	size_t classes = job->cover.legend.count + 1;
	sums_begin(&job->joint, job->zones, run, JOINT_BINS, LDN_BITS_AREA);
	if (job->cover_from.count && job->cover_to.count)
		sums_begin(&job->cross, job->zones, run, classes * classes * 4, LDN_BITS_AREA);
	if (job->cover_from.count && job->cover_to.count && job->stock_from.count && job->stock_to.count)
		for (int date = 0; date < 2; date++)
			sums_begin(&job->tonnes[date], job->zones, run, classes, LDN_BITS_STOCK);
	for (size_t k = 0; k < job->people; k++)
		sums_begin(&job->exposed[k], job->zones, run, 4, LDN_BITS_COUNT);
}

static void tables_make(const void *context, session *run)
{
	const indicator_run *job = context;
	session_table(run, areas_table(job, false));
	session_table(run, extent_table(job));
	if (zones_given(job->zones))
		session_table(run, areas_table(job, true));
	if (job->cross.bins)
		session_table(run, cross_table(job));
	if (job->people)
		session_table(run, people_table(job));
	if (job->tonnes[0].bins)
		session_table(run, tonnes_table(job));
}

static void sums_finish(indicator_run *job, session *run, failure *why)
{
	if (!zones_join(job->zones, why) || !sums_join(&job->joint, why))
		return;
	bool fine = !job->cross.bins || sums_join(&job->cross, why);
	for (size_t k = 0; fine && k < job->people; k++)
		fine = sums_join(&job->exposed[k], why);
	for (int date = 0; fine && date < 2 && job->tonnes[date].bins; date++)
		fine = sums_join(&job->tonnes[date], why);
	if (!fine)
		return;
	joint_classes(job, run);
	session_tables(run, tables_make, job);
}

static int indicator_do(void *given, const text_list *rest, failure *why)
{
	indicator_run job = {.settings = given};
	session *run = session_open(&command_indicator, given, why);
	if (run && rest->count)
		failure_usage(why, _("%s: inputs are named by options, such as --lpd5 %s"), rest->items[0], rest->items[0]);
	else if (run && inputs_add(&job, run, why)) {
		session_cite(run, cite_prais4);
		session_cite(run, session_profile(run)->id == LDN_TE ? cite_trends_earth : cite_gpg2);
		session_cite(run, cite_area);
		if ((job.baseline.five || job.period.five) && ldn_productivity_own_three(session_profile(run)))
			session_note(run, _("five classes of productivity became three as UNCCD's manual does it; the guidance's own look-up comes with --lpd3"));
		if (session_start(run, layers, job.with_period ? LAYERS : LAYERS_BASELINE, 56, why)) {
			sums_start(&job, run);
			session_blocks(run, _("indicator"), indicator_block, &job, why);
		}
		sums_finish(&job, run, why);
	}
	if (run)
		session_finish(run, why);
	sums *const all[] = {&job.joint, &job.cross, &job.tonnes[0], &job.tonnes[1]};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		sums_free(all[i]);
	for (size_t k = 0; k < PEOPLE_MAX; k++)
		sums_free(&job.exposed[k]);
	zones_free(job.zones);
	session_close(run);
	cover_free(&job.cover);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_indicator = {
	.name = "indicator",
	.summary = "SDG indicator 15.3.1, its status after a period, and the report's tables",
	.arguments = "",
	.description = "Joins productivity, land cover and soil carbon by one out, all out; with the same of a reporting period also the status. Makes the tables of\n"
	               "areas, transitions, people and tonnes, for the region and for zones.",
	.example = "  ldn indicator --lpd5 lpd.tif:1 --cover-from esa-2000.tif --cover-to esa-2015.tif \\\n"
	           "      --carbon carbon.tif:1 --population people.tif -o sdg.tif -t sdg.json",
	.options = options,
	.settings_size = sizeof(indicator_settings),
	.defaults = defaults,
	.run = indicator_do};
