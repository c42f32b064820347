/* What a run puts out, block by block and in sum: sheets, areas, tables. */
#include "session_inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rank.h"

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
	result_table *out = table_new("areas", _("Areas"));
	table_column(out, "layer", "");
	table_column(out, "value", "");
	table_column(out, "class", "");
	table_column(out, "cells", "");
	table_column(out, "area", "ha");
	table_column(out, "share", "percent");
	bool any = false;
	for (size_t k = 0; k < run->chosen_count; k++) {
		if (!run->chosen[k].areas)
			continue;
		any = true;
		ldn_table *sum = &run->areas[k];
		for (int t = 1; t < run->plan.threads; t++)
			ldn_table_merge(sum, &run->areas[(size_t)t * run->chosen_count + k]);
		if (!session_table_join(sum, why)) {
			table_free(out);
			return false;
		}
		ldn_axis axis = layer_axis(&run->chosen[k]);
		double total = ldn_table_zone_value(sum, 0);
		for (const cell_class *row = run->chosen[k].classes; row->name; row++) {
			size_t bin = (size_t)(row->value - axis.lowest);
			double area = ldn_table_value(sum, 0, bin);
			table_row(out, "sisidd", run->chosen[k].name, (int64_t)row->value, _(row->name), (int64_t)sum->count[bin], area / 1e4, 100 * area / total);
		}
		size_t last = ldn_axis_bins(axis) - 1;
		double area = ldn_table_value(sum, 0, last);
		table_row(out, "sisidd", run->chosen[k].name, (int64_t)LDN_NODATA, _("no data"), (int64_t)sum->count[last], area / 1e4, 100 * area / total);
	}
	if (any)
		table_list_put(&run->tables, 0, out);
	else
		table_free(out);
	return true;
}

void session_table(session *run, result_table *one)
{
	table_list_put(&run->tables, run->tables.count, one);
}

void session_tables(session *run, void (*make)(const void *context, session *run), const void *context)
{
	run->tables_make = make;
	run->tables_context = context;
}
