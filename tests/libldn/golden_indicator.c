/* Operations of .ldnt files on land cover, carbon, the indicator, status, exposure, balance, areas, tables and polygons. */
#include "golden.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/area.h"
#include "ldn/balance.h"
#include "ldn/carbon.h"
#include "ldn/coverage.h"
#include "ldn/exposure.h"
#include "ldn/indicator.h"
#include "ldn/landcover.h"
#include "ldn/zonal.h"

static const ldn_profile *profile_of(const golden_record *in)
{
	return ldn_profile_find(golden_word(in, "profile", "prais4"));
}

static int16_t number(const golden_record *in, const char *name)
{
	return (int16_t)golden_number(in, name, LDN_NODATA);
}

/* A list of land-cover classes as positions, 0 for no data. */
static uint8_t *cover_of(const golden_record *in, const char *name, size_t *count)
{
	int16_t *list = golden_int16(in, name, count);
	uint8_t *cover = calloc(*count + 1, 1);
	for (size_t i = 0; cover && i < *count; i++)
		cover[i] = (uint8_t)(list[i] < 0 ? 0 : list[i]);
	free(list);
	return cover;
}

static bool run_esa_class(const golden_record *in, golden_record *out)
{
	static ldn_legend legend;
	int16_t raw = number(in, "esa");
	uint8_t position;
	ldn_legend_esa(&legend);
	ldn_landcover_nest(&legend, 1, &raw, &position);
	golden_put(out, "class", position ? position : LDN_NODATA);
	return true;
}

static bool run_transition_meaning(const golden_record *in, golden_record *out)
{
	ldn_matrix matrix;
	uint8_t from = (uint8_t)golden_number(in, "from", 0), to = (uint8_t)golden_number(in, "to", 0);
	int16_t meaning;
	ldn_matrix_unccd(&matrix);
	ldn_landcover_degradation(&matrix, 1, &from, &to, &meaning);
	golden_put(out, "meaning", meaning);
	return true;
}

/* Two maps of land cover: code, code with persistence, meaning. */
static bool run_transition(const golden_record *in, golden_record *out)
{
	size_t n, m;
	uint8_t *from = cover_of(in, "from", &n), *to = cover_of(in, "to", &m);
	int16_t *answer = calloc(n + 1, sizeof *answer);
	ldn_matrix matrix;
	bool good = n == m && answer;
	int multiplier = ldn_transition_multiplier((size_t)golden_number(in, "classes", 7));
	ldn_matrix_unccd(&matrix);
	if (good) {
		ldn_landcover_transition(multiplier, n, from, to, answer);
		golden_put_int16(out, "code", answer, n);
		ldn_landcover_persistence(multiplier, n, from, to, answer);
		golden_put_int16(out, "persistence", answer, n);
		ldn_landcover_degradation(&matrix, n, from, to, answer);
		golden_put_int16(out, "meaning", answer, n);
	}
	free(from);
	free(to);
	free(answer);
	return good;
}

static bool run_cover_changes(const golden_record *in, golden_record *out)
{
	size_t years;
	uint8_t *cover = cover_of(in, "cover", &years), scratch;
	int16_t changes, since;
	bool good = ldn_landcover_changes(1, years, cover, &changes, &since, &scratch) == LDN_OK;
	golden_put(out, "changes", changes);
	golden_put(out, "since", since);
	free(cover);
	return good;
}

/* Of one pixel: stocks of the years first..last (indexes), the change between them. */
static bool run_carbon_annual(const golden_record *in, golden_record *out)
{
	const ldn_profile *profile = profile_of(in);
	static ldn_carbon_factors factors;
	double stock[128], scratch[8], percent, reference = golden_number(in, "reference", NAN);
	int16_t whole[128];
	size_t years, first = (size_t)golden_number(in, "first", 0), last = (size_t)golden_number(in, "last", 0);
	uint8_t *cover = cover_of(in, "cover", &years), zone = (uint8_t)golden_number(in, "zone", 0);
	bool good = profile && years <= 128 && first <= last && last < years;
	if (good) {
		ldn_carbon_factors_default(&profile->carbon, golden_number(in, "factor", NAN), &factors);
		reference = reference == LDN_NODATA ? (double)NAN : reference;
		good = ldn_carbon_annual(&factors, 1, years, cover, &reference, &zone, stock, scratch, sizeof scratch) == LDN_OK;
	}
	if (good) {
		ldn_carbon_to_int16(last - first + 1, stock + first, whole);
		golden_put_int16(out, "stocks", whole, last - first + 1);
		ldn_carbon_percent(&profile->carbon, 1, &stock[first], &stock[last], &percent);
		golden_put(out, "percent", isnan(percent) ? LDN_NODATA : percent);
		golden_put(out, "end", isnan(stock[last]) ? LDN_NODATA : stock[last]);
		int16_t class;
		ldn_carbon_class(&profile->carbon, 1, &percent, NULL, &class);
		golden_put(out, "class", class);
	}
	free(cover);
	return good;
}

static bool run_carbon_two_dates(const golden_record *in, golden_record *out)
{
	const ldn_profile *profile = profile_of(in);
	static ldn_carbon_factors factors;
	double reference = golden_number(in, "reference", NAN), end, percent;
	uint8_t from = (uint8_t)golden_number(in, "from", 0), to = (uint8_t)golden_number(in, "to", 0);
	uint8_t zone = (uint8_t)golden_number(in, "zone", 0);
	int16_t whole;
	if (!profile)
		return false;
	ldn_carbon_factors_default(&profile->carbon, golden_number(in, "factor", NAN), &factors);
	int years = (int)golden_number(in, "years", 0);
	ldn_carbon_two_dates(&profile->carbon, &factors, 1, years, &from, &to, &reference, &zone, &end, &percent);
	ldn_carbon_to_int16(1, &end, &whole);
	golden_put(out, "percent", percent);
	golden_put(out, "end", whole);
	return true;
}

static bool run_carbon_class(const golden_record *in, golden_record *out)
{
	const ldn_profile *profile = profile_of(in);
	int16_t percent = number(in, "percent"), class;
	uint8_t water = golden_number(in, "water", 0) > 0;
	if (!profile)
		return false;
	ldn_carbon_class_int16(&profile->carbon, 1, &percent, &water, &class);
	golden_put(out, "class", class);
	return true;
}

static bool run_carbon_class_stocks(const golden_record *in, golden_record *out)
{
	const ldn_profile *profile = profile_of(in);
	int16_t start = number(in, "start"), end = number(in, "end"), class;
	uint8_t water = golden_number(in, "water", 0) > 0;
	if (!profile)
		return false;
	ldn_carbon_class_stocks_int16(&profile->carbon, 1, &start, &end, &water, &class);
	golden_put(out, "class", class);
	return true;
}

static bool run_one_out(const golden_record *in, golden_record *out)
{
	static const char *const words[] = {[LDN_STRICT] = "strict", [LDN_ANY_DEGRADED] = "any", [LDN_ALONE_DEGRADED] = "alone"};
	int16_t lpd = number(in, "lpd"), cover = number(in, "cover"), carbon = number(in, "carbon"), indicator;
	for (int mode = 0; mode < 3; mode++)
		if (!strcmp(words[mode], golden_word(in, "mode", "strict"))) {
			ldn_indicator_combine((ldn_one_out_mode)mode, 1, &lpd, &cover, &carbon, &indicator);
			golden_put(out, "indicator", indicator);
			return true;
		}
	return false;
}

static bool run_status(const golden_record *in, golden_record *out)
{
	const ldn_profile *profile = profile_of(in);
	size_t n, m;
	int16_t *baseline = golden_int16(in, "baseline", &n), *period = golden_int16(in, "period", &m);
	int16_t *answer = calloc(n + 1, sizeof *answer);
	bool good = n == m && profile && answer;
	if (good) {
		ldn_indicator_status(n, baseline, period, answer);
		golden_put_int16(out, "status", answer, n);
		ldn_indicator_status_simple(&profile->indicator, n, answer, answer);
		golden_put_int16(out, "simple", answer, n);
	}
	free(baseline);
	free(period);
	free(answer);
	return good;
}

static bool run_status_simple(const golden_record *in, golden_record *out)
{
	const ldn_profile *profile = profile_of(in);
	int16_t status = number(in, "status"), simple;
	if (!profile)
		return false;
	ldn_indicator_status_simple(&profile->indicator, 1, &status, &simple);
	golden_put(out, "simple", simple);
	return true;
}

static bool run_recode_code(const golden_record *in, golden_record *out)
{
	int16_t targets[3];
	int code = (int)golden_number(in, "code", -1), back;
	if (ldn_recode_targets(code, targets) != LDN_OK || ldn_recode_code(targets[0], targets[1], targets[2], &back) != LDN_OK
		|| back != code)
		return false;
	golden_put(out, "degraded", targets[0]);
	golden_put(out, "stable", targets[1]);
	golden_put(out, "improved", targets[2]);
	return true;
}

static bool run_recode(const golden_record *in, golden_record *out)
{
	size_t n, c, p;
	int16_t *values = golden_int16(in, "values", &n), *codes = golden_int16(in, "codes", &c), *periods = golden_int16(in, "periods", &p);
	bool good = n == c && n == p;
	if (good) {
		ldn_indicator_recode(n, values, codes, periods, (int)golden_number(in, "period", 0), values);
		golden_put_int16(out, "recoded", values, n);
	}
	free(values);
	free(codes);
	free(periods);
	return good;
}

static bool run_cell_area(const golden_record *in, golden_record *out)
{
	double south = golden_number(in, "south", NAN), width = golden_number(in, "width", NAN);
	double north = south + golden_number(in, "height", NAN);
	golden_put(out, "exact", ldn_area_cell(south, north, width));
	golden_put(out, "subtracted", ldn_area_cell_subtracted(south, north, width));
	return true;
}

static float *floats_of(const golden_record *in, const char *name, size_t *count)
{
	const golden_field *field = golden_find(in, name);
	*count = field ? field->count : 0;
	float *list = calloc(*count + 1, sizeof *list);
	for (size_t i = 0; list && i < *count; i++)
		list[i] = (float)field->numbers[i];
	return list;
}

static uint8_t *water_of(const golden_record *in, size_t n)
{
	size_t count;
	uint8_t *cover = cover_of(in, "initial_cover", &count);
	for (size_t i = 0; i < count; i++)
		cover[i] = cover[i] == LDN_COVER_WATER;
	if (count == n)
		return cover;
	free(cover);
	return NULL;
}

static bool run_exposure_map(const golden_record *in, golden_record *out)
{
	const ldn_profile *profile = profile_of(in);
	size_t n, m;
	int16_t *classes = golden_int16(in, "classes", &n);
	float *people = floats_of(in, "people", &m);
	uint8_t *water = water_of(in, n);
	double *list = calloc(n + 1, sizeof *list);
	bool good = profile && n == m && list;
	if (good) {
		ldn_exposure_map(&profile->people, n, classes, people, water, people);
		for (size_t i = 0; i < n; i++)
			list[i] = people[i];
		golden_put_list(out, "map", list, n);
	}
	free(classes);
	free(people);
	free(water);
	free(list);
	return good;
}

/* Cells of a grid in degrees (top, height, width, columns): what lies on one class of the axis lowest..highest, nodata for the rest.
 * what: area in km2, people, or tonnes. Cells where mask is below 0 are outside. */
static bool run_class_sum(const golden_record *in, golden_record *out)
{
	size_t n, masks, weights, columns = (size_t)golden_number(in, "columns", 1);
	const char *what = golden_word(in, "what", "area");
	int16_t *classes = golden_int16(in, "classes", &n);
	int *zone = golden_ints(in, "mask", &masks);
	float *weight = floats_of(in, "weights", &weights);
	ldn_axis axis = {(int16_t)golden_number(in, "lowest", LDN_DEGRADED), (int16_t)golden_number(in, "highest", LDN_IMPROVED)};
	size_t bins = ldn_axis_bins(axis), rows = n / columns;
	ldn_table table = {1, bins, !strcmp(what, "area") ? LDN_BITS_AREA : !strcmp(what, "people") ? LDN_BITS_COUNT : LDN_BITS_STOCK,
		calloc(bins, sizeof(uint64_t)), calloc(bins, sizeof(ldn_sum))};
	uint16_t *key = calloc(n + 1, sizeof *key);
	double *area = calloc(rows + 1, sizeof *area);
	void *scratch = malloc(ldn_table_scratch(bins));
	bool good = table.count && table.sum && key && area && scratch && (masks == 0 || masks == n) && n > 0;
	double top = golden_number(in, "top", 0), height = golden_number(in, "height", 0), width = golden_number(in, "width", 0);
	good = good && ldn_area_rows(top, -height, width, 0, rows, area) == LDN_OK;
	if (good)
		ldn_key_start(axis, n, classes, key);
	for (size_t row = 0; good && row < rows; row++) {
		const int32_t *zones = masks ? zone + row * columns : NULL;
		const uint16_t *keys = key + row * columns;
		if (table.bits == LDN_BITS_AREA)
			good = ldn_table_add_area(&table, columns, zones, keys, area[row], scratch) == LDN_OK;
		else if (table.bits == LDN_BITS_COUNT)
			good = weights == n && ldn_table_add_values(&table, columns, zones, keys, weight + row * columns,
				scratch) == LDN_OK;
		else
			good = weights == n && ldn_table_add_stocks(&table, columns, zones, keys, weight + row * columns, area[row],
				scratch) == LDN_OK;
	}
	if (good) {
		double unit = table.bits == LDN_BITS_AREA ? 1e-6 : table.bits == LDN_BITS_COUNT ? 1.0 : 1e-4;
		int16_t class = number(in, "class");
		size_t bin = class < axis.lowest || class > axis.highest ? bins - 1 : (size_t)(class - axis.lowest);
		golden_put(out, "sum", unit * ldn_table_value(&table, 0, bin));
	}
	free(classes);
	free(zone);
	free(weight);
	free(table.count);
	free(table.sum);
	free(key);
	free(area);
	free(scratch);
	return good;
}

/* Cross table of two maps of classes: km2 of one pair. */
static bool run_cross_sum(const golden_record *in, golden_record *out)
{
	enum { BINS = 16 };
	const ldn_axis axis = {LDN_DEGRADED, LDN_IMPROVED};
	size_t n, m, columns = (size_t)golden_number(in, "columns", 1);
	int16_t *first = golden_int16(in, "first", &n), *second = golden_int16(in, "second", &m);
	uint64_t count[BINS] = {0};
	ldn_sum sum[BINS] = {{0}};
	ldn_table table = {1, BINS, LDN_BITS_AREA, count, sum};
	uint16_t *key = calloc(n + 1, sizeof *key);
	void *scratch = malloc(ldn_table_scratch(BINS));
	double top = golden_number(in, "top", 0), height = golden_number(in, "height", 0), width = golden_number(in, "width", 0), area;
	bool good = n == m && n > 0 && key && scratch;
	if (good) {
		ldn_key_start(axis, n, first, key);
		ldn_key_push(axis, n, second, key);
	}
	for (size_t row = 0; good && row < n / columns; row++)
		good = ldn_area_rows(top, -height, width, row, 1, &area) == LDN_OK &&
			ldn_table_add_area(&table, columns, NULL, key + row * columns, area, scratch) == LDN_OK;
	if (good) {
		int16_t pair[2] = {number(in, "from"), number(in, "to")};
		uint16_t bin;
		ldn_key_start(axis, 1, &pair[0], &bin);
		ldn_key_push(axis, 1, &pair[1], &bin);
		golden_put(out, "km2", 1e-6 * ldn_table_value(&table, 0, bin));
	}
	free(first);
	free(second);
	free(key);
	free(scratch);
	return good;
}

/* Gains and losses of one land type on a grid in degrees. types are the zones, negative ones out. */
static bool run_balance(const golden_record *in, golden_record *out)
{
	enum { TYPES = 100, BINS = 4 };
	static uint64_t count[TYPES * BINS];
	static ldn_sum sum[TYPES * BINS];
	ldn_table table = {TYPES, BINS, LDN_BITS_AREA, count, sum};
	size_t n, m, columns = (size_t)golden_number(in, "columns", 1);
	int16_t *status = golden_int16(in, "status", &n);
	int *types = golden_ints(in, "types", &m);
	uint16_t *key = calloc(n + 1, sizeof *key);
	void *scratch = malloc(ldn_table_scratch(BINS));
	double top = golden_number(in, "top", 0), height = golden_number(in, "height", 0), width = golden_number(in, "width", 0), area;
	bool good = n == m && n > 0 && key && scratch;
	ldn_table_clear(&table);
	if (good) {
		ldn_balance_gain_loss(n, status, status);
		ldn_key_start((ldn_axis){LDN_DEGRADED, LDN_IMPROVED}, n, status, key);
	}
	for (size_t row = 0; good && row < n / columns; row++)
		good = ldn_area_rows(top, -height, width, row, 1, &area) == LDN_OK &&
			ldn_table_add_area(&table, columns, types + row * columns, key + row * columns, area, scratch) == LDN_OK;
	ldn_balance one;
	good = good && ldn_balance_of(&table, (size_t)golden_number(in, "type", 0), &one) == LDN_OK;
	if (good) {
		golden_put(out, "gains", 1e-6 * one.gains);
		golden_put(out, "losses", 1e-6 * one.losses);
		golden_put(out, "total", 1e-6 * one.total);
		golden_put(out, "counted", one.counted);
		golden_put(out, "achieved", one.achieved);
	}
	free(status);
	free(types);
	free(key);
	free(scratch);
	return good;
}

static bool run_gain_loss(const golden_record *in, golden_record *out)
{
	size_t n, m;
	int16_t *status = golden_int16(in, "status", &n), *types = golden_int16(in, "types", &m);
	bool good = n == m;
	if (good) {
		ldn_balance_gain_loss(n, status, status);
		for (size_t i = 0; i < n; i++)
			status[i] = types[i] < 0 ? LDN_NODATA : status[i];
		golden_put_int16(out, "gain_loss", status, n);
	}
	free(status);
	free(types);
	return good;
}

/* A polygon of one ring on a grid in degrees of so many rows and columns: hectares by centres, by coverage, and cells. */
static bool run_polygon(const golden_record *in, golden_record *out)
{
	const golden_field *lon = golden_find(in, "lon"), *lat = golden_find(in, "lat");
	enum { POINTS = 64, COLUMNS = 64 };
	double x[POINTS], y[POINTS], fraction[COLUMNS], area;
	uint8_t inside[COLUMNS];
	size_t first = 0, columns = (size_t)golden_number(in, "columns", 0), rows = (size_t)golden_number(in, "rows", 0);
	double top = golden_number(in, "top", 0), height = golden_number(in, "height", 0), width = golden_number(in, "width", 0);
	const double geotransform[6] = {golden_number(in, "left", 0), width, 0, top, 0, -height};
	if (!lon || !lat || lon->count != lat->count || lon->count > POINTS || columns > COLUMNS)
		return false;
	ldn_polygon polygon = {lon->count, 1, x, y, &first, NULL};
	ldn_coverage coverage;
	ldn_footprint footprint = {0};
	if (ldn_coverage_to_cells(geotransform, lon->count, lon->numbers, lat->numbers, x, y) != LDN_OK)
		return false;
	size_t bytes = ldn_coverage_scratch(&polygon, columns);
	void *scratch = malloc(bytes);
	bool closed = !strcmp(golden_word(in, "centres_on_edges", "shared"), "closed");
	bool good = scratch && ldn_coverage_open(&coverage, &polygon, columns, scratch, bytes) == LDN_OK;
	for (size_t row = 0; good && row < rows; row++)
		good = ldn_area_rows(top, -height, width, row, 1, &area) == LDN_OK &&
			ldn_coverage_row(&coverage, (int64_t)row, 0, columns, fraction) == LDN_OK &&
			(closed ? ldn_coverage_centres_closed : ldn_coverage_centres)(&coverage, (int64_t)row, 0, columns,
				inside) == LDN_OK &&
			ldn_footprint_add(&footprint, columns, fraction, inside, area) == LDN_OK;
	golden_put(out, "centres", (double)footprint.centres);
	golden_put(out, "centre_ha", 1e-4 * ldn_sum_value(footprint.centre_area, LDN_BITS_AREA));
	golden_put(out, "covered_ha", 1e-4 * ldn_sum_value(footprint.covered, LDN_BITS_AREA));
	golden_put(out, "touched", (double)footprint.touched);
	golden_put(out, "whole", (double)footprint.whole);
	free(scratch);
	return good;
}

const golden_operation golden_indicator[] = {
	{"esa-class", run_esa_class},
	{"transition-meaning", run_transition_meaning},
	{"transition", run_transition},
	{"cover-changes", run_cover_changes},
	{"carbon-annual", run_carbon_annual},
	{"carbon-two-dates", run_carbon_two_dates},
	{"carbon-class", run_carbon_class},
	{"carbon-class-stocks", run_carbon_class_stocks},
	{"one-out", run_one_out},
	{"status", run_status},
	{"status-simple", run_status_simple},
	{"recode-code", run_recode_code},
	{"recode", run_recode},
	{"cell-area", run_cell_area},
	{"exposure-map", run_exposure_map},
	{"class-sum", run_class_sum},
	{"cross-sum", run_cross_sum},
	{"balance", run_balance},
	{"gain-loss", run_gain_loss},
	{"polygon", run_polygon},
	{0},
};
