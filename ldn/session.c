#include "session_inside.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"
#include "rank.h"

#define AT(member) offsetof(common_settings, member)

static const char *const profiles[] = {"prais4", "te", "gpg2", NULL};

const option common_options[] = {
	{"output", 'o', OPTION_TEXT, AT(output), "FILE", "raster to write (cloud-optimized GeoTIFF); without it only the tables are made"},
	{"table", 't', OPTION_TEXT, AT(table), "FILE", "tables to write: *.json all in one, else CSV (more than one: FILE-NAME.csv); - for standard output"},
	{"manifest", 0, OPTION_TEXT, AT(manifest), "FILE", "where the manifest goes (default: OUTPUT.json): version, parameters, inputs with SHA-256, citations"},
	{"profile", 'p', OPTION_CHOICE, AT(profile), "NAME", "rules to follow: UNCCD's manual (default), Trends.Earth with its quirks, or the Good Practice Guidance v2",
		profiles},
	{"layers", 'l', OPTION_TEXT, AT(layers), "A,B,...", "layers to write and to give the areas of, by name, or all"},
	{"region", 'r', OPTION_TEXT, AT(region), "AREA", "polygons of a vector file, or WEST,SOUTH,EAST,NORTH in the raster's coordinates"},
	{"no-data", 0, OPTION_TEXT, AT(no_data), "VALUE", "a value that means missing, besides what the files declare"},
	{"zero-is-missing", 0, OPTION_FLAG, AT(zero_is_missing), NULL, "cells where every band of a file is 0 are missing"},
	{"annual-mean", 0, OPTION_FLAG, AT(annual_mean), NULL, "several rasters of one year (composites, months): take their mean"},
	{"season", 0, OPTION_TEXT, AT(season), "MM-DD..MM-DD", "the mean of these days' rasters; a season that crosses the new year counts for the year in which it ends"},
	{"scale", 0, OPTION_NUMBER, AT(scale), "FACTOR", "multiply real numbers by this and round: 10000 for an index of -1..1"},
	{"align", 0, OPTION_TEXT, AT(align), "METHOD", "bring rasters on another grid to the first one: nearest, bilinear, cubic, average or mode"},
	{"palette", 0, OPTION_FLAG, AT(palette), NULL, "write one layer of classes as bytes with a colour table: 0 no data, -1 0 1 as 1 2 3"},
	{"stored", 0, OPTION_FLAG, AT(stored), NULL, "do not compress the output"},
	{0}};

const option running_options[] = {
	{"threads", 'j', OPTION_WHOLE, AT(threads), "N", "threads (default: one for each processor)", NULL, 1, 1024},
	{"memory", 'm', OPTION_SIZE, AT(memory), "SIZE", "upper bound of the memory used (default 512M)"},
	{"block", 0, OPTION_WHOLE, AT(block), "CELLS", "side of the blocks worked on at a time (default: chosen by memory)", NULL, 1, 1 << 20},
	{"json", 0, OPTION_FLAG, AT(json), NULL, "print manifest and tables as JSON"},
	{"quiet", 'q', OPTION_FLAG, AT(quiet), NULL, "print nothing but errors"},
	{0}};

void common_defaults(common_settings *common)
{
	cpu_set_t allowed;
	common->threads = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
	common->memory = 512 << 20;
}

static const char *const alignments[] = {"nearest", "near", "bilinear", "cubic", "average", "mode", NULL};

static bool reading_of(const common_settings *common, reading *how, failure *why)
{
	*how = (reading){.scale = common->scale, .zero_is_missing = common->zero_is_missing, .annual_mean = common->annual_mean || common->season};
	if (!season_read(common->season, &how->season, why))
		return false;
	if (common->no_data) {
		how->has_missing = number_read(common->no_data, &how->missing);
		if (!how->has_missing && strcmp(common->no_data, "nan") != 0)
			return failure_usage(why, _("--no-data %s: not a number"), common->no_data);
	}
	for (int i = 0; common->align && alignments[i]; i++)
		if (strcmp(alignments[i], common->align) == 0)
			how->align = i == 0 ? "near" : alignments[i];
	if (common->align && !how->align)
		return failure_usage(why, _("--align %s: not nearest, bilinear, cubic, average or mode"), common->align);
	return true;
}

session *session_open(const command *which, const void *settings, failure *why)
{
	session *run = memory_new(1, sizeof *run);
	const common_settings *common = settings;
	run->command = which;
	run->settings = settings;
	run->common = common;
	run->profile = ldn_profile_find(profiles[common->profile]);
	run->citations = json_array();
	run->notes = json_array();
	run->digest = digest_new();
	reading how;
	if (!reading_of(common, &how, why)) {
		session_close(run);
		return NULL;
	}
	run->sources = sources_new(&how, run->digest);
	if (common->quiet || rank_number() > 0)
		progress_quiet();
	/* GDAL's cache of decoded blocks; plain files do not pass through it. */
	int64_t cache = common->memory / 8;
	GDALSetCacheMax64(cache > (96 << 20) ? 96 << 20 : cache);
	return run;
}

void session_close(session *run)
{
	if (!run)
		return;
	raster_abandon(run->raster);
	for (int i = 0; run->cursors && i < run->plan.threads; i++)
		polygon_close(&run->cursors[i]);
	free(run->cursors);
	polygons_free(&run->region);
	for (size_t i = 0; run->areas && i < (size_t)run->plan.threads * run->chosen_count; i++) {
		free(run->areas[i].count);
		free(run->areas[i].sum);
	}
	free(run->areas);
	for (size_t i = 0; run->classes_shifted && i < run->chosen_count; i++)
		free(run->classes_shifted[i]);
	free(run->classes_shifted);
	free(run->chosen);
	for (size_t i = 0; i < run->input_count; i++) {
		free(run->inputs[i].role);
		free(run->inputs[i].years);
	}
	free(run->inputs);
	grid_free(&run->grid);
	free(run->cell_areas);
	sources_free(run->sources);
	digest_free(run->digest);
	table_list_free(&run->tables);
	json_decref(run->citations);
	json_decref(run->notes);
	free(run);
}

const ldn_profile *session_profile(const session *run)
{
	return run->profile;
}

const grid *session_grid(const session *run)
{
	return &run->grid;
}

sources *session_sources(session *run)
{
	return run->sources;
}

const double *session_cell_areas(const session *run, int row, failure *why)
{
	double one;
	if (!run->cell_areas)
		grid_areas(&run->grid, row, 1, &one, why);
	return run->cell_areas ? run->cell_areas + row : NULL;
}

int session_threads(const session *run)
{
	return run->plan.threads;
}

const blocks *session_plan(const session *run)
{
	return &run->plan;
}

uint64_t session_memory(const session *run)
{
	return run->memory;
}

const char *session_scratch(const session *run)
{
	const char *folder = getenv("TMPDIR");
	return run->common->output ? run->common->output : folder && *folder ? folder : "/tmp/ldn";
}

/* --- what is told of it --- */

void session_cite(session *run, const char *citation)
{
	json_array_append_new(run->citations, json_string(citation));
}

void session_note(session *run, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) >= 0)
		json_array_append_new(run->notes, json_string(text));
	va_end(arguments);
	free(text);
}

/* --- inputs --- */

static session_input *input_new(session *run, const char *role)
{
	run->inputs = memory_grow(run->inputs, run->input_count + 1, sizeof *run->inputs);
	session_input *input = &run->inputs[run->input_count++];
	*input = (session_input){.role = text_copy(role)};
	return input;
}

bool session_stack(session *run, const char *role, const text_list *names, int band, const char *years, stack *out, failure *why)
{
	reading how;
	if (!reading_of(run->common, &how, why))
		return false;
	sources_reading(run->sources, &how);
	digest_ahead(run->digest, names->items[0], run->common->threads);
	if (!sources_add_stack(run->sources, names->items, names->count, band, years, out->years, YEARS_MAX, &out->bands, why))
		return false;
	session_input *input = input_new(run, role);
	input->bands = out->bands;
	input->years = memory_new(out->bands.count, sizeof *input->years);
	memcpy(input->years, out->years, out->bands.count * sizeof *input->years);
	run->has_stack = true;
	/* Maps that come beside a stack are read as they declare themselves. */
	reading plain = {0};
	sources_reading(run->sources, &plain);
	return true;
}

bool session_map(session *run, const char *role, const char *name, range *out, failure *why)
{
	/* NAME:BAND, unless a file or GDAL name is called just that. */
	const char *colon = strrchr(name, ':');
	int64_t band = 0;
	autofree char *file = text_copy(name);
	if (colon && colon != name && whole_read(colon + 1, 1, 1 << 20, &band))
		file[colon - name] = 0;
	digest_ahead(run->digest, band ? file : name, run->common->threads);
	if (!sources_add(run->sources, band ? file : name, (int)band, out, why))
		return false;
	if (out->count != 1)
		return failure_usage(why, _("%s: has %zu bands where one map is meant; name the band as %s:1"), name, out->count, name);
	input_new(run, role)->bands = *out;
	return true;
}

bool session_file(session *run, const char *path, failure *why)
{
	return !path || access(path, R_OK) != 0 || digest_add(run->digest, path, why);
}

/* --- region --- */

static bool region_window(session *run, const double box[4], window *cut, failure *why)
{
	const grid *whole = sources_grid(run->sources);
	double x[2] = {box[0], box[2]}, y[2] = {box[1], box[3]};
	double left = whole->transform[0], right = left + whole->width * whole->transform[1];
	for (int k = -1; whole->geographic && k <= 1; k += 2) /* the other side of the date line */
		if ((x[1] <= left || x[0] >= right) && x[1] + 360 * k > left && x[0] + 360 * k < right) {
			x[0] += 360 * k;
			x[1] += 360 * k;
		}
	if (ldn_coverage_to_cells(whole->transform, 2, x, y, x, y) != LDN_OK)
		return failure_set(why, _("--region: has no place on the raster"));
	double low_x = floor(fmin(x[0], x[1]) + 1e-6), high_x = ceil(fmax(x[0], x[1]) - 1e-6);
	double low_y = floor(fmin(y[0], y[1]) + 1e-6), high_y = ceil(fmax(y[0], y[1]) - 1e-6);
	low_x = fmax(low_x, 0);
	low_y = fmax(low_y, 0);
	high_x = fmin(high_x, whole->width);
	high_y = fmin(high_y, whole->height);
	if (!(high_x > low_x && high_y > low_y))
		return failure_set(why, _("--region %s: lies outside the rasters"), run->common->region);
	*cut = (window){(int)low_x, (int)low_y, (int)(high_x - low_x), (int)(high_y - low_y)};
	return true;
}

static bool region_box(const char *text, double box[4])
{
	autofree char *copy = text_copy(text);
	char *at = copy;
	for (int i = 0; i < 4; i++) {
		char *comma = strchr(at, ',');
		if ((comma == NULL) != (i == 3))
			return false;
		if (comma)
			*comma = 0;
		if (!number_read(at, &box[i]))
			return false;
		at = comma ? comma + 1 : at;
	}
	return true;
}

/* Is there a cell centre inside? If not, the one cell that stands for the polygon is meant. */
static bool region_centres(session *run, failure *why)
{
	const polygon *area = &run->region.items[0];
	polygon_cursor cursor;
	if (!polygon_open(area, (size_t)run->grid.width, &cursor, why)) {
		polygon_close(&cursor);
		return false;
	}
	unsigned char *row = memory_new((size_t)run->grid.width, 1);
	bool any = false;
	for (int y = 0; !any && y < run->grid.height; y++) {
		polygon_centres(&run->profile->zone, &cursor, y, 0, (size_t)run->grid.width, row);
		any = memchr(row, 1, (size_t)run->grid.width) != NULL;
	}
	free(row);
	polygon_close(&cursor);
	run->small_region = !any;
	if (!any && !polygon_nearest(area, &run->grid, &run->small_column, &run->small_row))
		return failure_set(why, _("--region %s: lies outside the rasters"), run->common->region);
	if (!any)
		session_note(run, _("the region holds no cell centre: the one cell it lies on stands for it"));
	return true;
}

static bool region_cut(session *run, failure *why)
{
	const grid *whole = sources_grid(run->sources);
	const char *region = run->common->region;
	double box[4];
	run->window = (window){0, 0, whole->width, whole->height};
	bool rectangle = region && region_box(region, box);
	if (rectangle && !region_window(run, box, &run->window, why))
		return false;
	if (region && !rectangle) {
		polygons found;
		if (!polygons_read(region, NULL, NULL, true, whole, &found, why))
			return false;
		run->window = found.items[0].box;
		polygons_free(&found);
		if (run->window.width == 0)
			return failure_set(why, _("--region %s: lies outside the rasters"), region);
	}
	run->grid = grid_window(whole, run->window);
	sources_cut(run->sources, run->window);
	if (region && !rectangle)
		return polygons_read(region, NULL, NULL, true, &run->grid, &run->region, why) && digest_add(run->digest, region, why) && region_centres(run, why);
	return true;
}

bool session_inside(session *run, int worker, window part, unsigned char **inside, failure *why)
{
	*inside = NULL;
	if (!run->region.count)
		return true;
	size_t wide = (size_t)part.width;
	unsigned char *mask = memory_new(wide * (size_t)part.height, 1);
	*inside = mask;
	if (run->small_region) {
		int x = run->small_column - part.x, y = run->small_row - part.y;
		if (x >= 0 && y >= 0 && x < part.width && y < part.height)
			mask[(size_t)y * wide + (size_t)x] = 1;
		return true;
	}
	polygon_cursor *cursor = &run->cursors[worker];
	if (!cursor->scratch && !polygon_open(&run->region.items[0], (size_t)run->grid.width, cursor, why))
		return false;
	for (int y = 0; y < part.height; y++) {
		ldn_status status = polygon_centres(&run->profile->zone, cursor, part.y + y, part.x, wide, mask + (size_t)y * wide);
		if (status != LDN_OK)
			return failure_set(why, _("--region: %s"), ldn_status_text(status));
	}
	return true;
}

/* --- layers and plan --- */

static bool layer_named(const char *list, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == 0))
			return true;
	return false;
}

static bool layers_known(const char *list, const layer_spec *layers, size_t count, failure *why)
{
	char known[512] = "";
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(known);
		snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "", layers[i].name);
	}
	for (const char *at = list; at;) {
		size_t length = strcspn(at, ",");
		bool found = false;
		for (size_t i = 0; i < count; i++)
			found = found || (strlen(layers[i].name) == length && memcmp(layers[i].name, at, length) == 0);
		if (!found)
			return failure_usage(why, _("--layers: there is no layer %.*s; known are %s"), (int)length, at, known);
		at = at[length] ? at + length + 1 : NULL;
	}
	return true;
}

static bool layers_choose(session *run, const layer_spec *layers, size_t count, failure *why)
{
	const char *list = run->common->layers;
	bool every = list && strcmp(list, "all") == 0;
	if (list && !every && !layers_known(list, layers, count, why))
		return false;
	run->chosen = memory_new(count, sizeof *run->chosen);
	run->classes_shifted = memory_new(count, sizeof *run->classes_shifted);
	run->type = CELL_INT16;
	for (size_t i = 0; i < count; i++) {
		bool wanted = every || (list ? layer_named(list, layers[i].name) : layers[i].chosen);
		if (run->common->palette && !list && run->chosen_count > 0)
			wanted = false; /* a palette has one layer: the command's first */
		if (!wanted)
			continue;
		layer_spec *chosen = &run->chosen[run->chosen_count++];
		*chosen = layers[i];
		chosen->areas = layers[i].areas == AREAS || (list && layers[i].areas == AREAS_NAMED) ? AREAS : AREAS_NONE;
		/* One file has one type: real numbers hold everything, and int32 the units. */
		if (layers[i].type == CELL_FLOAT)
			run->type = CELL_FLOAT;
		else if (layers[i].type == CELL_INT32 && run->type != CELL_FLOAT)
			run->type = CELL_INT32;
	}
	run->layers = run->chosen;
	run->no_data = LDN_NODATA;
	if (!run->common->palette)
		return true;
	if (run->chosen_count != 1 || !run->chosen[0].classes)
		return failure_usage(why, _("--palette: choose one layer of classes with --layers"));
	run->type = CELL_BYTE;
	run->no_data = 0;
	run->shift = layer_axis(&run->chosen[0]).lowest < 1 ? 1 - layer_axis(&run->chosen[0]).lowest : 0;
	size_t rows = 0;
	while (run->chosen[0].classes[rows].name)
		rows++;
	cell_class *shifted = run->classes_shifted[0] = memory_new(rows + 2, sizeof *shifted);
	shifted[0] = (cell_class){0, _("no data"), 0xB9, 0xBE, 0xC4};
	for (size_t i = 0; i < rows; i++) {
		shifted[i + 1] = run->chosen[0].classes[i];
		shifted[i + 1].value += run->shift;
		if (shifted[i + 1].value > 255)
			return failure_usage(why, _("--palette: layer %s has classes above 255"), run->chosen[0].name);
	}
	return true;
}

/* What is read must not be written over. */
static bool outputs_apart(const session *run, failure *why)
{
	autofree char *beside = run->common->output ? text_format("%s.json", run->common->output) : NULL;
	const char *const names[] = {run->common->output, run->common->table, run->common->manifest ? run->common->manifest : beside};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i] && digest_holds(run->digest, names[i]))
			return failure_usage(why, _("%s: is read by this run and would be written over; name another output"), names[i]);
	return true;
}

static bool output_open(session *run, failure *why)
{
	if (!run->common->output)
		return true;
	raster_layer *layers = memory_new(run->chosen_count, sizeof *layers);
	for (size_t i = 0; i < run->chosen_count; i++)
		layers[i] = (raster_layer){run->chosen[i].name, run->classes_shifted[i] ? run->classes_shifted[i] : run->chosen[i].classes};
	raster_plan plan = {.path = run->common->output, .grid = &run->grid, .type = run->type, .no_data = run->no_data, .layers = layers,
		.count = run->chosen_count, .palette = run->common->palette, .compress = !run->common->stored};
	run->raster = raster_new(&plan, run->plan.first_row, run->plan.end_row, (uint64_t)(run->common->memory / 8), why);
	free(layers);
	return run->raster != NULL;
}

static row_share rank_rows(void)
{
	return (row_share){(double)rank_number() / rank_count(), (double)(rank_number() + 1) / rank_count()};
}

/* Ranks have whole rows of tiles, so one has more than another: it hashes less, that all come to the end together. Of a run a fifth to a quarter is
 * hashing. */
static void rank_hashes(session *run)
{
	enum { ROWS_TO_HASH = 3 };
	double part = 0, before = 0, all = 0;
	int height = run->grid.height, ranks = rank_count();
	for (int r = 0; r < ranks; r++) {
		double rows = (double)(row_at(height, (double)(r + 1) / ranks) - row_at(height, (double)r / ranks)) / height;
		double share = fmax(0, (1.0 + ROWS_TO_HASH) / ranks - ROWS_TO_HASH * rows);
		before += r < rank_number() ? share : 0;
		part += r == rank_number() ? share : 0;
		all += share;
	}
	digest_part(run->digest, before / all, rank_number() + 1 == ranks ? 1 : (before + part) / all);
}

bool session_start(session *run, const layer_spec *layers, size_t count, size_t bytes_a_cell, failure *why)
{
	const common_settings *common = run->common;
	if (common->output && count == 0)
		return failure_usage(why, _("no raster comes out of this command: name a table with --table"));
	if (!layers_choose(run, layers, count, why) || !region_cut(run, why) || !outputs_apart(run, why))
		return false;
	/* Half of the memory for blocks under way, a quarter for what a command keeps of the whole raster, an eighth for tiles that wait to be written; the rest
	 * is the program's own and GDAL's. */
	int64_t blocks_memory = common->memory / 2;
	run->memory = (uint64_t)(common->memory / 4);
	int input_width, input_height;
	sources_blocks(run->sources, &input_width, &input_height);
	size_t bytes = bytes_a_cell + sources_bytes(run->sources) + 3 + 2 * run->chosen_count * cell_size(run->type);
	if (!blocks_plan(&run->plan, run->grid.width, run->grid.height, rank_rows(), input_width, bytes, blocks_memory, (int)common->threads, (int)common->block, why))
		return false;
	rank_hashes(run);
	run->cursors = memory_new((size_t)run->plan.threads, sizeof *run->cursors);
	run->areas = memory_new((size_t)run->plan.threads * run->chosen_count, sizeof *run->areas);
	for (size_t i = 0; i < (size_t)run->plan.threads * run->chosen_count; i++) {
		const layer_spec *layer = &run->chosen[i % run->chosen_count];
		if (!layer->areas)
			continue;
		size_t bins = ldn_axis_bins(layer_axis(layer));
		run->areas[i] = (ldn_table){.zones = 1, .bins = bins, .bits = LDN_BITS_AREA, .count = memory_new(bins, sizeof(uint64_t)),
			.sum = memory_new(bins, sizeof(ldn_sum))};
		ldn_table_clear(&run->areas[i]);
	}
	failure none = {0};
	run->cell_areas = memory_new((size_t)run->grid.height, sizeof *run->cell_areas);
	if (!grid_areas(&run->grid, 0, run->grid.height, run->cell_areas, &none)) { /* only who asks for areas needs them */
		free(run->cell_areas);
		run->cell_areas = NULL;
	}
	return sources_open(run->sources, run->plan.threads, why) && output_open(run, why);
}

/* --- blocks --- */

/* The inputs are hashed through before the last blocks are taken, so that nobody waits for it at the end; by ranks one after the other in the first half of
 * the blocks, so that what is late still finds its time. Worker 0 is the main thread. */
static bool hash_along(session *run, int worker, size_t index, failure *why)
{
	double before_last = (double)blocks_count(&run->plan) - run->plan.threads, share = before_last > 0 ? (double)(index + 1) / before_last : 1;
	if (rank_count() > 1)
		share = 2 * share * rank_count() - rank_number();
	if (worker == 0)
		digest_exchange(run->digest);
	return share <= 0 || digest_advance(run->digest, share, why);
}

static bool block_do(void *context, int worker, size_t index, window part, failure *why)
{
	session *run = context;
	if (!run->work(run->context, run, worker, index, part, why))
		return false;
	return hash_along(run, worker, index, why);
}

static bool block_rest(void *context, int worker, failure *why)
{
	session *run = context;
	bool fine = digest_advance(run->digest, 1, why);
	if (worker == 0)
		digest_exchange(run->digest);
	return fine;
}

static bool block_spare(void *context, failure *why)
{
	session *run = context;
	return run->raster && raster_spare(run->raster, why);
}

bool session_blocks(session *run, const char *doing, block_function work, void *context, failure *why)
{
	digest_ahead_end(run->digest);
	run->work = work;
	run->context = context;
	block_work job = {.doing = doing, .work = block_do, .rest = block_rest, .spare = block_spare, .context = run};
	return blocks_run(&run->plan, &job, why);
}
