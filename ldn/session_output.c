#include "session_inside.h"

#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rank.h"
#include "whole.h"

ldn_axis layer_axis(const layer_spec *layer)
{
	ldn_axis axis = {INT16_MAX, INT16_MIN};
	for (const cell_class *row = layer->classes; row && row->name; row++) {
		if (row->value < axis.lowest)
			axis.lowest = (int16_t)row->value;
		if (row->value > axis.highest)
			axis.highest = (int16_t)row->value;
	}
	return axis;
}

/* --- sheets --- */

struct sheet {
	session *run;
	window part;
	void **layers;
	int16_t **classes; /* of layers whose areas are counted, as they came */
};

sheet *sheet_new(session *run, window part)
{
	sheet *page = memory_new(1, sizeof *page);
	page->run = run;
	page->part = part;
	page->layers = memory_new(run->chosen_count, sizeof *page->layers);
	page->classes = memory_new(run->chosen_count, sizeof *page->classes);
	return page;
}

void sheet_free(sheet *page)
{
	if (!page)
		return;
	for (size_t i = 0; i < page->run->chosen_count; i++) {
		free(page->layers[i]);
		free(page->classes[i]);
	}
	free(page->layers);
	free(page->classes);
	free(page);
}

static size_t sheet_cells(const sheet *page)
{
	return (size_t)page->part.width * (size_t)page->part.height;
}

static int layer_find(const session *run, const char *name)
{
	for (size_t i = 0; i < run->chosen_count; i++)
		if (strcmp(run->chosen[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool session_wants(const session *run, const char *layer)
{
	return layer_find(run, layer) >= 0;
}

bool sheet_wants(const sheet *page, const char *layer)
{
	return session_wants(page->run, layer);
}

/* Room for a layer's cells without clearing it first: every cell is written. */
static void *cells_new(const sheet *page, size_t size)
{
	return memory_grow(NULL, sheet_cells(page), size);
}

static void cells_fill(const session *run, void *out, const int16_t *values, size_t n)
{
	switch (run->type) {
	case CELL_INT16:
		memcpy(out, values, n * sizeof *values);
		break;
	case CELL_BYTE:
		for (size_t i = 0; i < n; i++)
			((uint8_t *)out)[i] = values[i] == LDN_NODATA ? 0 : (uint8_t)(values[i] + run->shift);
		break;
	case CELL_INT32:
		for (size_t i = 0; i < n; i++)
			((int32_t *)out)[i] = values[i];
		break;
	case CELL_FLOAT:
		for (size_t i = 0; i < n; i++)
			((float *)out)[i] = values[i];
		break;
	}
}

void sheet_int16_piece(sheet *page, const char *layer, window piece, const int16_t *values)
{
	const session *run = page->run;
	int k = layer_find(run, layer);
	if (k < 0)
		return;
	size_t size = cell_size(run->type), wide = (size_t)piece.width, across = (size_t)page->part.width;
	bool counted = run->chosen[k].areas && run->type != CELL_INT16, kept = run->raster || run->type == CELL_INT16;
	if (counted && !page->classes[k])
		page->classes[k] = cells_new(page, sizeof **page->classes);
	if (kept && !page->layers[k])
		page->layers[k] = cells_new(page, size);
	size_t at = (size_t)(piece.y - page->part.y) * across + (size_t)(piece.x - page->part.x), rows = (size_t)piece.height;
	if (wide == across) { /* one long row */
		wide *= rows;
		rows = 1;
	}
	for (size_t row = 0; row < rows; row++, at += across, values += wide) {
		if (counted)
			memcpy(page->classes[k] + at, values, wide * sizeof *values);
		if (kept)
			cells_fill(run, (char *)page->layers[k] + at * size, values, wide);
	}
}

void sheet_int16(sheet *page, const char *layer, const int16_t *values)
{
	sheet_int16_piece(page, layer, page->part, values);
}

void sheet_int32(sheet *page, const char *layer, const int32_t *values)
{
	const session *run = page->run;
	int k = layer_find(run, layer);
	if (k < 0 || !run->raster)
		return;
	size_t n = sheet_cells(page);
	void *out = page->layers[k] = cells_new(page, cell_size(run->type));
	for (size_t i = 0; i < n; i++) {
		if (run->type == CELL_FLOAT)
			((float *)out)[i] = (float)values[i];
		else
			((int32_t *)out)[i] = values[i];
	}
}

void sheet_double(sheet *page, const char *layer, const double *values)
{
	const session *run = page->run;
	int k = layer_find(run, layer);
	if (k < 0 || !run->raster)
		return;
	float *out = page->layers[k] = cells_new(page, sizeof *out);
	for (size_t i = 0, n = sheet_cells(page); i < n; i++)
		out[i] = isnan(values[i]) ? (float)LDN_NODATA : (float)values[i];
}

float *sheet_floats(sheet *page, const char *layer)
{
	const session *run = page->run;
	int k = layer_find(run, layer);
	if (k < 0 || !run->raster)
		return NULL;
	float *out = page->layers[k] = cells_new(page, sizeof *out);
	for (size_t i = 0, n = sheet_cells(page); i < n; i++)
		out[i] = (float)LDN_NODATA;
	return out;
}

static void layer_mask(const sheet *page, size_t k, const unsigned char *inside)
{
	const session *run = page->run;
	size_t n = sheet_cells(page);
	for (size_t i = 0; i < n; i++) {
		if (inside[i])
			continue;
		switch (run->type) {
		case CELL_BYTE:
			((uint8_t *)page->layers[k])[i] = (uint8_t)run->no_data;
			break;
		case CELL_INT16:
			((int16_t *)page->layers[k])[i] = (int16_t)run->no_data;
			break;
		case CELL_INT32:
			((int32_t *)page->layers[k])[i] = (int32_t)run->no_data;
			break;
		case CELL_FLOAT:
			((float *)page->layers[k])[i] = (float)run->no_data;
			break;
		}
	}
}

/* Row by row: all cells of a row have one area. */
static bool areas_add(const sheet *page, int worker, const unsigned char *inside, failure *why)
{
	session *run = page->run;
	size_t wide = (size_t)page->part.width;
	uint16_t *key = memory_new(wide, sizeof *key);
	int32_t *zone = inside ? memory_new(wide, sizeof *zone) : NULL;
	size_t bins = 1;
	for (size_t k = 0; k < run->chosen_count; k++)
		if (run->chosen[k].areas && ldn_axis_bins(layer_axis(&run->chosen[k])) > bins)
			bins = ldn_axis_bins(layer_axis(&run->chosen[k]));
	void *scratch = memory_new(ldn_table_scratch(bins), 1);
	const double *area = session_cell_areas(run, page->part.y, why);
	bool fine = area != NULL;
	for (int y = 0; fine && y < page->part.height; y++) {
		for (size_t i = 0; inside && i < wide; i++)
			zone[i] = inside[(size_t)y * wide + i] ? 0 : -1;
		for (size_t k = 0; fine && k < run->chosen_count; k++) {
			if (!run->chosen[k].areas)
				continue;
			const int16_t *values = page->classes[k] ? page->classes[k] : page->layers[k];
			ldn_key_start(layer_axis(&run->chosen[k]), wide, values + (size_t)y * wide, key);
			ldn_status status = ldn_table_add_area(&run->areas[(size_t)worker * run->chosen_count + k], wide, zone, key, area[y], scratch);
			if (status != LDN_OK)
				fine = failure_set(why, _("areas cannot be added up: %s"), ldn_status_text(status));
		}
	}
	free(scratch);
	free(zone);
	free(key);
	return fine;
}

bool sheet_put(sheet *page, int worker, failure *why)
{
	session *run = page->run;
	unsigned char *inside;
	for (size_t k = 0; k < run->chosen_count; k++)
		if (!page->layers[k] && (run->raster || (run->chosen[k].areas && !page->classes[k])))
			return failure_set(why, "layer %s was not computed", run->chosen[k].name); /* a fault of the program */
	bool fine = session_inside(run, worker, page->part, &inside, why) && areas_add(page, worker, inside, why);
	for (size_t k = 0; fine && run->raster && inside && k < run->chosen_count; k++)
		layer_mask(page, k, inside);
	if (fine && run->raster)
		fine = raster_put(run->raster, page->part, (const void *const *)page->layers, why);
	free(inside);
	sheet_free(page);
	return fine;
}

/* --- tables --- */

bool session_table_join(ldn_table *table, failure *why)
{
	if (rank_count() == 1)
		return true;
	size_t cells = table->zones * table->bins, bytes = cells * (sizeof(uint64_t) + sizeof(ldn_sum)), *lengths;
	char *packed = memory_new(bytes, 1);
	memcpy(packed, table->count, cells * sizeof(uint64_t));
	memcpy(packed + cells * sizeof(uint64_t), table->sum, cells * sizeof(ldn_sum));
	unsigned char **all = rank_gather(packed, bytes, &lengths);
	for (int r = 1; all && r < rank_count(); r++) {
		uint64_t *count = memory_new(cells, sizeof *count);
		ldn_sum *sum = memory_new(cells, sizeof *sum);
		memcpy(count, all[r], cells * sizeof *count);
		memcpy(sum, all[r] + cells * sizeof *count, cells * sizeof *sum);
		ldn_table other = {table->zones, table->bins, table->bits, count, sum};
		if (ldn_table_merge(table, &other) != LDN_OK)
			failure_set(why, _("the ranks' tables do not fit together"));
		free(count);
		free(sum);
	}
	for (int r = 0; all && r < rank_count(); r++)
		free(all[r]);
	free(all);
	free(lengths);
	free(packed);
	return why->code == OUTCOME_DONE;
}

bool session_areas_table(session *run, failure *why)
{
	json_t *table = table_new("areas", _("Areas"));
	table_column(table, "layer", "");
	table_column(table, "value", "");
	table_column(table, "class", "");
	table_column(table, "cells", "");
	table_column(table, "area", "ha");
	table_column(table, "share", "percent");
	bool any = false;
	for (size_t k = 0; k < run->chosen_count; k++) {
		if (!run->chosen[k].areas)
			continue;
		any = true;
		ldn_table *sum = &run->areas[k];
		for (int t = 1; t < run->plan.threads; t++)
			ldn_table_merge(sum, &run->areas[(size_t)t * run->chosen_count + k]);
		if (!session_table_join(sum, why)) {
			json_decref(table);
			return false;
		}
		ldn_axis axis = layer_axis(&run->chosen[k]);
		double total = ldn_table_zone_value(sum, 0);
		for (const cell_class *row = run->chosen[k].classes; row->name; row++) {
			size_t bin = (size_t)(row->value - axis.lowest);
			double area = ldn_table_value(sum, 0, bin);
			table_row(table, "sisidd", run->chosen[k].name, (int64_t)row->value, _(row->name), (int64_t)sum->count[bin], area / 1e4, 100 * area / total);
		}
		size_t last = ldn_axis_bins(axis) - 1;
		double area = ldn_table_value(sum, 0, last);
		table_row(table, "sisidd", run->chosen[k].name, (int64_t)LDN_NODATA, _("no data"), (int64_t)sum->count[last], area / 1e4, 100 * area / total);
	}
	if (any)
		json_array_insert_new(run->tables, 0, table);
	else
		json_decref(table);
	return true;
}

void session_table(session *run, json_t *table)
{
	json_array_append_new(run->tables, table);
}

void session_tables(session *run, void (*make)(const void *context, session *run), const void *context)
{
	run->tables_make = make;
	run->tables_context = context;
}

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

void session_record(session *run, const char *key, json_t *value)
{
	json_object_set_new(run->record, key, value);
}

/* --- manifest --- */

static json_t *option_value(const option *row, const void *settings)
{
	const void *place = (const char *)settings + row->offset;
	switch (row->kind) {
	case OPTION_FLAG:
		return *(const bool *)place ? json_true() : NULL;
	case OPTION_TEXT:
		return *(const char *const *)place ? json_string(*(const char *const *)place) : NULL;
	case OPTION_WHOLE:
	case OPTION_SIZE:
		return *(const int64_t *)place ? json_integer(*(const int64_t *)place) : NULL;
	case OPTION_NUMBER:
		return *(const double *)place != 0 && isfinite(*(const double *)place) ? json_real(*(const double *)place) : NULL;
	case OPTION_CHOICE:
		return json_string(row->choices[*(const int *)place]);
	case OPTION_LIST: {
		const text_list *list = place;
		json_t *items = list->count ? json_array() : NULL;
		for (size_t i = 0; i < list->count; i++)
			json_array_append_new(items, json_string(list->items[i]));
		return items;
	}
	}
	return NULL;
}

/* Options given, from their declarations; names of outputs and how the run was divided say nothing about the result. */
static json_t *parameters(const session *run)
{
	static const char *const names_of_outputs[] = {"output", "table", "manifest"};
	json_t *all = json_object();
	for (const option *const *group = run->command->options; *group; group++) {
		if (*group == running_options)
			continue;
		for (const option *row = *group; row->name; row++) {
			bool skip = false;
			for (size_t i = 0; i < sizeof names_of_outputs / sizeof *names_of_outputs; i++)
				skip = skip || strcmp(row->name, names_of_outputs[i]) == 0;
			json_t *value = skip ? NULL : option_value(row, run->settings);
			if (value)
				json_object_set_new(all, row->name, value);
		}
	}
	return all;
}

static json_t *inputs_list(const session *run)
{
	json_t *inputs = json_array();
	for (size_t i = 0; i < run->input_count; i++) {
		const session_input *input = &run->inputs[i];
		json_t *one = json_object(), *bands = json_array(), *years = input->years ? json_array() : NULL;
		json_object_set_new(one, "role", json_string(input->role));
		for (size_t b = 0; b < input->bands.count; b++) {
			json_array_append_new(bands, json_string(sources_band_name(run->sources, input->bands.first + b)));
			if (years)
				json_array_append_new(years, json_integer(input->years[b]));
		}
		json_object_set_new(one, "bands", bands);
		if (years)
			json_object_set_new(one, "years", years);
		json_array_append_new(inputs, one);
	}
	return inputs;
}

static json_t *files_list(const session *run)
{
	json_t *files = json_array();
	for (size_t i = 0; i < digest_count(run->digest); i++)
		json_array_append_new(files, json_pack("{sssIss}", "path", digest_path(run->digest, i), "bytes", (json_int_t)digest_bytes(run->digest, i), "sha256",
			digest_hex(run->digest, i)));
	return files;
}

static json_t *grid_record(const session *run)
{
	const grid *where = &run->grid;
	json_t *transform = json_array();
	for (int i = 0; i < 6; i++)
		json_array_append_new(transform, json_real(where->transform[i]));
	return json_pack("{sisisossss}", "width", where->width, "height", where->height, "transform", transform, "reference", where->reference, "areas",
		grid_area_note(where));
}

json_t *session_manifest(const session *run)
{
	json_t *all = json_object(), *layers = json_array();
	json_object_set_new(all, "program", json_string("ldn"));
	json_object_set_new(all, "version", json_string(AFTERMINE_VERSION));
	json_object_set_new(all, "gdal", json_string(GDALVersionInfo("RELEASE_NAME")));
	json_object_set_new(all, "command", json_string(run->command->name));
	json_object_set_new(all, "profile", json_pack("{ssss}", "name", run->profile->name, "title", run->profile->title));
	json_object_set_new(all, "parameters", parameters(run));
	json_object_set_new(all, "inputs", inputs_list(run));
	json_object_set_new(all, "files", files_list(run));
	json_object_set_new(all, "grid", grid_record(run));
	for (size_t k = 0; k < run->chosen_count; k++)
		json_array_append_new(layers, json_pack("{ssss}", "name", run->chosen[k].name, "title", _(run->chosen[k].title)));
	json_object_set_new(all, "layers", layers);
	json_object_set_new(all, "no_data", json_real(run->no_data));
	json_object_update(all, run->record);
	json_object_set(all, "notes", run->notes);
	json_object_set(all, "citations", run->citations);
	return all;
}

/* What the raster itself says about where it comes from. */
static char **provenance(const session *run)
{
	size_t files = digest_count(run->digest), cites = json_array_size(run->citations), count = 0;
	char **lines = memory_new(files + cites + 4, sizeof *lines);
	lines[count++] = text_format("TIFFTAG_SOFTWARE=ldn %s", AFTERMINE_VERSION);
	json_t *options = parameters(run);
	char *plain = json_dumps(options, JSON_COMPACT);
	json_decref(options);
	lines[count++] = text_format("LDN_COMMAND=%s %s", run->command->name, plain ? plain : "");
	free(plain);
	for (size_t i = 0; i < files; i++) {
		const char *path = digest_path(run->digest, i), *slash = strrchr(path, '/');
		lines[count++] = text_format("LDN_INPUT_%zu=sha256:%s %s", i + 1, digest_hex(run->digest, i), slash ? slash + 1 : path);
	}
	for (size_t i = 0; i < cites; i++)
		lines[count++] = text_format("LDN_CITATION_%zu=%s", i + 1, json_string_value(json_array_get(run->citations, i)));
	return lines;
}

static bool raster_close(session *run, failure *why)
{
	if (!run->raster)
		return true;
	char **lines = provenance(run);
	raster *out = run->raster;
	run->raster = NULL;
	bool fine = raster_finish(out, (const char *const *)lines, run->plan.threads, why);
	for (size_t i = 0; lines[i]; i++)
		free(lines[i]);
	free(lines);
	return fine;
}

static bool manifest_write(session *run, const json_t *manifest, failure *why)
{
	autofree char *name = run->common->manifest ? text_copy(run->common->manifest) : run->common->output ? text_format("%s.json", run->common->output) : NULL;
	if (!name)
		return true;
	autofree char *text = json_text(manifest);
	return whole_write(name, text, strlen(text), why);
}

static void report(const session *run, const json_t *manifest)
{
	size_t i;
	json_t *table, *note;
	bool on_stdout = run->common->table && strcmp(run->common->table, "-") == 0;
	if (run->common->json && !on_stdout) {
		json_t *document = json_pack("{sOsO}", "manifest", manifest, "tables", run->tables);
		autofree char *text = json_text(document);
		fputs(text, stdout);
		json_decref(document);
		return;
	}
	if (run->common->quiet || on_stdout)
		return;
	json_array_foreach(run->tables, i, table) {
		table_print(table, stdout);
		putchar('\n');
	}
	json_array_foreach(run->notes, i, note)
		printf("%s %s\n", _("Note:"), json_string_value(note));
	if (run->common->output)
	{
		autofree char *name = raster_vrt_name(run->common->output);
		printf(_("Written: %s\n"), name);
	}
}

/* Tables, and their text when it is one document: of many zones both are long, so a thread of their own makes them while the raster is put together. */
typedef struct tables_job {
	session *run;
	char *text;
	pthread_t thread;
	bool begun;
} tables_job;

static void *tables_do(void *given)
{
	tables_job *job = given;
	session *run = job->run;
	if (run->tables_make)
		run->tables_make(run->tables_context, run);
	if (run->common->table && tables_are_json(run->common->table))
		job->text = json_text(run->tables);
	return NULL;
}

static void tables_begin(tables_job *job)
{
	if (rank_number() > 0)
		return;
	job->begun = job->run->raster && job->run->plan.threads > 1 && pthread_create(&job->thread, NULL, tables_do, job) == 0;
	if (!job->begun)
		tables_do(job);
}

static void tables_end(tables_job *job)
{
	if (job->begun)
		pthread_join(job->thread, NULL);
}

int session_finish(session *run, failure *why)
{
	tables_job tables = {.run = run};
	/* Ranks speak with each other in digest_check and in the table: none may be missing there. */
	if (!rank_agree(why))
		return why->code;
	digest_check(run->digest, why);
	session_areas_table(run, why);
	if (!rank_agree(why))
		return why->code;
	session_note(run, "%s", grid_area_note(&run->grid));
	tables_begin(&tables);
	raster_close(run, why);
	tables_end(&tables);
	autofree char *text = tables.text;
	if (!rank_agree(why) || rank_number() > 0)
		return why->code;
	if (run->common->output && rank_count() > 1 && !raster_join(run->common->output, why))
		return why->code;
	if (!run->common->output && json_array_size(run->tables) == 0) {
		failure_usage(why, _("no table comes of these layers: name a raster with --output"));
		return why->code;
	}
	json_t *manifest = session_manifest(run);
	if ((!run->common->table || tables_write(run->tables, run->common->table, text, why)) && manifest_write(run, manifest, why))
		report(run, manifest);
	json_decref(manifest);
	return why->code;
}
