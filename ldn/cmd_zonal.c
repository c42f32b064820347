/* ldn zonal: areas by class and polygon, exact by coverage and by cell centres, or by the zones of a raster. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "kernel.h"
#include "rank.h"
#include "zones.h"

typedef struct zonal_settings {
	common_settings common;
	const char *polygons, *layer, *field, *zones;
} zonal_settings;

static const option own[] = {
	{"polygons", 0, OPTION_TEXT, offsetof(zonal_settings, polygons), "FILE", "vector file: one zone a feature"},
	{"layer", 0, OPTION_TEXT, offsetof(zonal_settings, layer), "NAME", "layer of the vector file (default: the first)"},
	{"field", 0, OPTION_TEXT, offsetof(zonal_settings, field), "NAME", "field that names the polygons (default: the first text field)"},
	{"zones", 0, OPTION_TEXT, offsetof(zonal_settings, zones), "FILE", "instead: a raster of zone codes"},
	{0}};
static const option *const options[] = {own, common_options, running_options, NULL};

enum { LAYERS_MAX = 16, CLASSES_MAX = 4096 };

/* One raster of classes and what is added up over it, for each thread. */
typedef struct zonal_layer {
	range raster;
	const char *name;
	ldn_axis axis;
	ldn_table *centres, *covered; /* [thread] */
	sums sums;                    /* by a raster's zones */
} zonal_layer;

typedef struct zonal_run {
	const zonal_settings *settings;
	zonal_layer layers[LAYERS_MAX];
	size_t count;
	polygons polygons;
	ldn_footprint *footprints; /* [thread * polygons + polygon] */
	zones *zones;
	int threads;
	pthread_mutex_t lock;
} zonal_run;

/* First pass: which classes there are. */
static bool axis_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	zonal_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	(void)index;
	autofree int16_t *values = memory_grow(NULL, n, sizeof *values);
	for (size_t k = 0; k < job->count; k++) {
		if (!sources_read_int16(session_sources(run), worker, job->layers[k].raster, part, values, n, why))
			return false;
		ldn_axis found = {INT16_MAX, INT16_MIN};
		for (size_t i = 0; i < n; i++) {
			int16_t v = values[i];
			found.lowest = v != LDN_NODATA && v < found.lowest ? v : found.lowest;
			found.highest = v > found.highest ? v : found.highest;
		}
		pthread_mutex_lock(&job->lock);
		ldn_axis *axis = &job->layers[k].axis;
		axis->lowest = found.lowest < axis->lowest ? found.lowest : axis->lowest;
		axis->highest = found.highest > axis->highest ? found.highest : axis->highest;
		pthread_mutex_unlock(&job->lock);
	}
	return true;
}

static bool axes_settle(zonal_run *job, failure *why)
{
	if (!rank_agree(why))
		return false;
	for (size_t k = 0; k < job->count; k++) {
		zonal_layer *layer = &job->layers[k];
		size_t *lengths;
		unsigned char **all = rank_gather(&layer->axis, sizeof layer->axis, &lengths);
		ldn_axis joined = layer->axis;
		for (int r = 0; all && r < rank_count(); r++) {
			ldn_axis other;
			memcpy(&other, all[r], sizeof other);
			joined.lowest = other.lowest < joined.lowest ? other.lowest : joined.lowest;
			joined.highest = other.highest > joined.highest ? other.highest : joined.highest;
			free(all[r]);
		}
		free(all);
		free(lengths);
		void *shared = memory_new(1, sizeof joined);
		size_t size = sizeof joined;
		memcpy(shared, &joined, size);
		rank_share(&shared, &size);
		memcpy(&layer->axis, shared, sizeof layer->axis);
		free(shared);
		if (layer->axis.lowest == INT16_MAX || layer->axis.highest == LDN_NODATA)
			layer->axis = (ldn_axis){0, 0}; /* nothing but no data */
		if ((int)layer->axis.highest - layer->axis.lowest >= CLASSES_MAX)
			return failure_set(why, _("%s: values from %d to %d are not classes"), layer->name, layer->axis.lowest, layer->axis.highest);
	}
	return true;
}

/* The rows of one polygon inside a block. */
static bool polygon_add(zonal_run *job, const ldn_zone_rule *rule, size_t which, int worker, window part, const double *area,
	int16_t *const *values, failure *why)
{
	const polygon *shape = &job->polygons.items[which];
	int x0 = shape->box.x > part.x ? shape->box.x : part.x, y0 = shape->box.y > part.y ? shape->box.y : part.y;
	int x1 = shape->box.x + shape->box.width < part.x + part.width ? shape->box.x + shape->box.width : part.x + part.width;
	int y1 = shape->box.y + shape->box.height < part.y + part.height ? shape->box.y + shape->box.height : part.y + part.height;
	if (x0 >= x1 || y0 >= y1)
		return true;
	size_t n = (size_t)(x1 - x0), bins = 1;
	for (size_t k = 0; k < job->count; k++)
		bins = ldn_axis_bins(job->layers[k].axis) > bins ? ldn_axis_bins(job->layers[k].axis) : bins;
	autofree double *fraction = memory_new(n, sizeof *fraction);
	autofree unsigned char *inside = memory_new(n, 1);
	autofree int32_t *zone = memory_new(n, sizeof *zone);
	autofree uint16_t *key = memory_new(n, sizeof *key);
	autofree void *scratch = memory_new(ldn_table_scratch(bins), 1);
	polygon_cursor cursor;
	bool fine = polygon_open(shape, n, &cursor, why);
	for (int y = y0; fine && y < y1; y++) {
		ldn_coverage_row(&cursor.coverage, y, x0, n, fraction);
		polygon_centres(rule, &cursor, y, x0, n, inside);
		for (size_t i = 0; i < n; i++)
			zone[i] = inside[i] ? (int32_t)which : -1;
		ldn_footprint_add(&job->footprints[(size_t)worker * job->polygons.count + which], n, fraction, inside, area[y - part.y]);
		for (size_t k = 0; fine && k < job->count; k++) {
			zonal_layer *layer = &job->layers[k];
			ldn_key_start(layer->axis, n, values[k] + (size_t)(y - part.y) * (size_t)part.width + (size_t)(x0 - part.x), key);
			ldn_status status = ldn_table_add_area(&layer->centres[worker], n, zone, key, area[y - part.y], scratch);
			if (status == LDN_OK)
				status = ldn_table_add_parts(&layer->covered[worker], n, which, key, fraction, area[y - part.y]);
			fine = status == LDN_OK || kernel_failed(status, _("sums by polygon"), why);
		}
	}
	polygon_close(&cursor);
	return fine;
}

static bool polygons_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	zonal_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	int16_t *values[LAYERS_MAX];
	(void)index;
	autofree int16_t *memory = memory_grow(NULL, n * job->count, sizeof *memory);
	autofree double *area = memory_new((size_t)part.height, sizeof *area);
	bool fine = grid_areas(session_grid(run), part.y, part.height, area, why);
	for (size_t k = 0; fine && k < job->count; k++) {
		values[k] = memory + k * n;
		fine = sources_read_int16(session_sources(run), worker, job->layers[k].raster, part, values[k], n, why);
	}
	for (size_t p = 0; fine && p < job->polygons.count; p++)
		fine = polygon_add(job, &session_profile(run)->zone, p, worker, part, area, values, why);
	return fine;
}

static bool zones_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	zonal_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	(void)index;
	autofree int16_t *values = memory_grow(NULL, n, sizeof *values);
	autofree int32_t *zone = memory_grow(NULL, n, sizeof *zone);
	autofree uint16_t *key = memory_grow(NULL, n, sizeof *key);
	if (!zones_read(job->zones, worker, part, zone, why))
		return false;
	for (size_t k = 0; k < job->count; k++) {
		if (!sources_read_int16(session_sources(run), worker, job->layers[k].raster, part, values, n, why))
			return false;
		ldn_key_start(job->layers[k].axis, n, values, key);
		if (!sums_add_area(&job->layers[k].sums, run, worker, part, zone, key, why))
			return false;
	}
	return true;
}

/* --- tables --- */

static ldn_table table_of(size_t zones_count_, size_t bins)
{
	ldn_table table = {zones_count_, bins, LDN_BITS_AREA, memory_new(zones_count_ * bins, sizeof(uint64_t)), memory_new(zones_count_ * bins, sizeof(ldn_sum))};
	ldn_table_clear(&table);
	return table;
}

static void tables_begin(zonal_run *job)
{
	job->footprints = memory_new((size_t)job->threads * job->polygons.count, sizeof *job->footprints);
	for (size_t k = 0; k < job->count; k++) {
		zonal_layer *layer = &job->layers[k];
		layer->centres = memory_new((size_t)job->threads, sizeof *layer->centres);
		layer->covered = memory_new((size_t)job->threads, sizeof *layer->covered);
		for (int t = 0; t < job->threads; t++) {
			layer->centres[t] = table_of(job->polygons.count, ldn_axis_bins(layer->axis));
			layer->covered[t] = table_of(job->polygons.count, ldn_axis_bins(layer->axis));
		}
	}
}

static void tables_free(zonal_run *job)
{
	free(job->footprints);
	for (size_t k = 0; k < job->count; k++) {
		zonal_layer *layer = &job->layers[k];
		for (int t = 0; layer->centres && t < job->threads; t++) {
			free(layer->centres[t].count);
			free(layer->centres[t].sum);
			free(layer->covered[t].count);
			free(layer->covered[t].sum);
		}
		free(layer->centres);
		free(layer->covered);
		sums_free(&layer->sums);
	}
}

static bool tables_join(zonal_run *job, failure *why)
{
	size_t bytes = job->polygons.count * sizeof *job->footprints, *lengths;
	for (int t = 1; t < job->threads; t++)
		for (size_t p = 0; p < job->polygons.count; p++)
			ldn_footprint_merge(&job->footprints[p], &job->footprints[(size_t)t * job->polygons.count + p]);
	unsigned char **all = rank_gather(job->footprints, bytes, &lengths);
	for (int r = 0; all && r < rank_count(); r++) {
		for (size_t p = 0; r && p < job->polygons.count; p++) {
			ldn_footprint other;
			memcpy(&other, all[r] + p * sizeof other, sizeof other);
			ldn_footprint_merge(&job->footprints[p], &other);
		}
		free(all[r]);
	}
	free(all);
	free(lengths);
	for (size_t k = 0; k < job->count; k++) {
		zonal_layer *layer = &job->layers[k];
		for (int t = 1; t < job->threads; t++) {
			ldn_table_merge(&layer->centres[0], &layer->centres[t]);
			ldn_table_merge(&layer->covered[0], &layer->covered[t]);
		}
		session_table_join(&layer->centres[0], why);
		session_table_join(&layer->covered[0], why);
	}
	return why->code == OUTCOME_DONE;
}

static result_table *classes_table(const zonal_run *job)
{
	result_table *out = table_new("zones", _("Areas by polygon: of cells whose centre is inside, and of what the polygon covers"));
	static const char *const columns[] = {"polygon", "layer", "value", "cells"};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		table_column(out, columns[i], "");
	table_column(out, "centre_area", "ha");
	table_column(out, "covered_area", "ha");
	for (size_t p = 0; p < job->polygons.count; p++)
		for (size_t k = 0; k < job->count; k++) {
			const zonal_layer *layer = &job->layers[k];
			for (size_t bin = 0; bin < ldn_axis_bins(layer->axis); bin++) {
				uint64_t cells = layer->centres[0].count[p * layer->centres[0].bins + bin];
				double centre = ldn_table_value(&layer->centres[0], p, bin), covered = ldn_table_value(&layer->covered[0], p, bin);
				if (cells || covered > 0)
					table_row(out, "ssiidd", job->polygons.items[p].name, layer->name, (int64_t)ldn_axis_value(layer->axis, bin), (int64_t)cells, centre / 1e4,
						covered / 1e4);
			}
		}
	return out;
}

static result_table *footprints_table(const zonal_run *job)
{
	result_table *out = table_new("polygons", _("Polygons on the grid: area covered, by centres, and from wholly inside to touched"));
	static const char *const cells[] = {"polygon", "centres", "whole", "touched", "boundary"}, *const areas[] = {"covered", "centre_area", "whole_area", "touched_area"};
	for (size_t i = 0; i < 5; i++)
		table_column(out, cells[i], "");
	for (size_t i = 0; i < 4; i++)
		table_column(out, areas[i], "ha");
	for (size_t p = 0; p < job->polygons.count; p++) {
		const ldn_footprint *f = &job->footprints[p];
		table_row(out, "siiiidddd", job->polygons.items[p].name, (int64_t)f->centres, (int64_t)f->whole, (int64_t)f->touched, (int64_t)f->boundary,
			ldn_sum_value(f->covered, LDN_BITS_AREA) / 1e4, ldn_sum_value(f->centre_area, LDN_BITS_AREA) / 1e4,
			ldn_sum_value(f->whole_area, LDN_BITS_AREA) / 1e4, ldn_sum_value(f->touched_area, LDN_BITS_AREA) / 1e4);
	}
	return out;
}

static result_table *raster_table(const zonal_run *job)
{
	result_table *out = table_new("zones", _("Areas by zone"));
	static const char *const columns[] = {"zone", "layer", "value", "cells"};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		table_column(out, columns[i], "");
	table_column(out, "area", "ha");
	size_t *order = zones_sorted(job->zones);
	for (size_t z = 0; z < zones_count(job->zones); z++)
		for (size_t k = 0; k < job->count; k++) {
			const zonal_layer *layer = &job->layers[k];
			const ldn_table *sum = &layer->sums.tables[0];
			for (size_t bin = 0; bin < sum->bins; bin++)
				if (sum->count[order[z] * sum->bins + bin])
					table_row(out, "isiid", (int64_t)zones_code(job->zones, order[z]), layer->name, (int64_t)ldn_axis_value(layer->axis, bin),
						(int64_t)sum->count[order[z] * sum->bins + bin], ldn_table_value(sum, order[z], bin) / 1e4);
		}
	free(order);
	return out;
}

/* --- run --- */

static bool inputs_add(zonal_run *job, session *run, const text_list *rest, failure *why)
{
	const zonal_settings *settings = job->settings;
	if (rest->count == 0 || rest->count > LAYERS_MAX)
		return failure_usage(why, _("name 1 to %d rasters of classes"), LAYERS_MAX);
	if (settings->polygons && settings->zones)
		return failure_usage(why, _("give --polygons or --zones, not both"));
	if (settings->common.output)
		return failure_usage(why, _("no raster comes out of this: name a table with --table"));
	for (; job->count < rest->count; job->count++) {
		zonal_layer *layer = &job->layers[job->count];
		const char *given = rest->items[job->count], *slash = strrchr(given, '/');
		layer->name = slash ? slash + 1 : given;
		layer->axis = (ldn_axis){INT16_MAX, INT16_MIN};
		if (!session_map(run, "classes", given, &layer->raster, why))
			return false;
	}
	return settings->polygons ? session_file(run, settings->polygons, why) : (job->zones = zones_new(run, settings->zones, why)) != NULL;
}

static void by_polygons(zonal_run *job, session *run, failure *why)
{
	const zonal_settings *settings = job->settings;
	if (polygons_read(settings->polygons, settings->layer, settings->field, false, session_grid(run), &job->polygons, why)) {
		tables_begin(job);
		session_blocks(run, _("polygons"), polygons_block, job, why);
	}
	if (rank_agree(why) && tables_join(job, why)) {
		session_table(run, classes_table(job));
		session_table(run, footprints_table(job));
	}
}

static void by_zones(zonal_run *job, session *run, failure *why)
{
	for (size_t k = 0; k < job->count; k++)
		sums_begin(&job->layers[k].sums, job->zones, run, ldn_axis_bins(job->layers[k].axis), LDN_BITS_AREA);
	session_blocks(run, _("zones"), zones_block, job, why);
	if (!zones_join(job->zones, why))
		return;
	for (size_t k = 0; k < job->count; k++)
		sums_join(&job->layers[k].sums, why);
	session_table(run, raster_table(job));
}

static int zonal_do(void *given, const text_list *rest, failure *why)
{
	zonal_run job = {.settings = given, .lock = PTHREAD_MUTEX_INITIALIZER};
	session *run = session_open(&command_zonal, given, why);
	if (run && inputs_add(&job, run, rest, why)) {
		session_cite(run, cite_area);
		if (session_start(run, NULL, 0, 2 * job.count + 16, why)) {
			job.threads = session_threads(run);
			session_blocks(run, _("classes"), axis_block, &job, why);
		}
		if (axes_settle(&job, why)) {
			if (job.settings->polygons)
				by_polygons(&job, run, why);
			else
				by_zones(&job, run, why);
		}
	}
	if (run)
		session_finish(run, why);
	tables_free(&job);
	polygons_free(&job.polygons);
	zones_free(job.zones);
	session_close(run);
	return why->code;
}

static void defaults(void *settings)
{
	common_defaults(settings);
}

const command command_zonal = {
	.name = "zonal",
	.summary = "areas by class and polygon or zone, on the ellipsoid",
	.arguments = "CLASSES...",
	.description = "Areas of each class in each polygon: exactly what the polygon covers, and by cell centres, with the interval between the cells wholly\n"
	               "inside and all cells touched. With --zones the zones of a raster; with neither, the whole region.",
	.example = "  ldn zonal sdg.tif:1 lpd.tif:1 --polygons districts.gpkg --field name -t districts.csv",
	.options = options,
	.settings_size = sizeof(zonal_settings),
	.defaults = defaults,
	.run = zonal_do};
