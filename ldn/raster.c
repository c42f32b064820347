#include "raster.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "raster_inside.h"
#include "press.h"
#include "rank.h"

/* Of numbers, and of maps of classes that press_classes leaves: level 1 takes two thirds of level 2's time for files 4 % larger (measured on the five
 * layers of productivity). */
enum { DEFLATE_LEVEL = 1 };

size_t cell_size(cell_type type)
{
	static const size_t sizes[] = {[CELL_BYTE] = 1, [CELL_INT16] = 2, [CELL_INT32] = 4, [CELL_FLOAT] = 4};
	return sizes[type];
}

static raster_level level_of(int width, int height, size_t layers)
{
	raster_level level = {.width = width, .height = height, .across = (width + TILE - 1) / TILE, .down = (height + TILE - 1) / TILE};
	level.tiles = (size_t)level.across * (size_t)level.down;
	level.place = memory_new(level.tiles * layers, sizeof *level.place);
	return level;
}

static int tile_extent(int cells, int from)
{
	return cells - from < TILE ? cells - from : TILE;
}

static _Atomic uint32_t *cells_missing(const raster_level *level, size_t layers)
{
	_Atomic uint32_t *missing = memory_new(level->tiles * layers, sizeof *missing);
	for (size_t i = 0; i < level->tiles * layers; i++) {
		int column = (int)(i % (size_t)level->across), row = (int)(i % level->tiles / (size_t)level->across);
		missing[i] = (uint32_t)(tile_extent(level->width, column * TILE) * tile_extent(level->height, row * TILE));
	}
	return missing;
}

raster *raster_new(const raster_plan *plan, int first_row, int end_row, uint64_t memory, failure *why)
{
	raster *out = memory_new(1, sizeof *out);
	out->plan = *plan;
	out->first_row = first_row;
	out->size = cell_size(plan->type);
	out->path = raster_part_name(plan->path, rank_number());
	out->plan.layers = out->layers = memory_new(plan->count, sizeof *out->layers);
	memcpy(out->layers, plan->layers, plan->count * sizeof *out->layers);
	out->file.descriptor = -1;
	int width = plan->grid->width, height = end_row - first_row;
	out->levels[out->level_count++] = level_of(width, height, plan->count);
	uint64_t bytes = 0;
	while ((width > TILE || height > TILE) && out->level_count < LEVELS) {
		width = raster_half(width);
		height = raster_half(height);
		raster_level level = level_of(width, height, plan->count);
		level.first = bytes;
		level.missing = cells_missing(&level, plan->count);
		bytes += (uint64_t)level.tiles * plan->count * TILE * TILE * out->size;
		out->levels[out->level_count++] = level;
	}
	if (height <= 0)
		return out;
	out->overviews = store_new(bytes, memory / 4 * 3, out->path, why);
	out->pressed = out->overviews ? store_new(UINT64_MAX, memory / 4, out->path, why) : NULL;
	if (!out->pressed || !whole_open(&out->file, out->path, why)) {
		raster_abandon(out);
		return NULL;
	}
	return out;
}

void raster_abandon(raster *out)
{
	if (!out)
		return;
	whole_abandon(&out->file);
	store_free(out->overviews);
	store_free(out->pressed);
	for (int i = 0; i < out->level_count; i++) {
		free(out->levels[i].place);
		free(out->levels[i].missing);
	}
	free(out->layers);
	free(out->path);
	free(out);
}

/* --- names --- */

/* How much of a path comes before its ending. */
static int stem_of(const char *path)
{
	const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
	return dot && (!slash || dot > slash) ? (int)(dot - path) : (int)strlen(path);
}

char *raster_part_name(const char *path, int rank)
{
	return rank_count() == 1 ? text_copy(path) : text_format("%.*s.%d.tif", stem_of(path), path, rank);
}

char *raster_vrt_name(const char *path)
{
	return rank_count() == 1 ? text_copy(path) : text_format("%.*s.vrt", stem_of(path), path);
}

/* --- tiles --- */

static void fill(unsigned char *cells, size_t count, cell_type type, double value)
{
	switch (type) {
	case CELL_BYTE:
		memset(cells, (int)value, count);
		break;
	case CELL_INT16:
		for (size_t i = 0; i < count; i++)
			((int16_t *)(void *)cells)[i] = (int16_t)value;
		break;
	case CELL_INT32:
		for (size_t i = 0; i < count; i++)
			((int32_t *)(void *)cells)[i] = (int32_t)value;
		break;
	case CELL_FLOAT:
		for (size_t i = 0; i < count; i++)
			((float *)(void *)cells)[i] = (float)value;
		break;
	}
}

bool raster_press_open(const raster *out, raster_press *press)
{
	size_t bytes = (size_t)TILE * TILE * out->size;
	press->engine = out->plan.compress ? libdeflate_alloc_compressor(DEFLATE_LEVEL) : NULL;
	press->room = press->engine ? libdeflate_zlib_compress_bound(press->engine, bytes) : 1;
	press->pressed = memory_grow(NULL, press->room, 1);
	press->scratch = press->engine ? memory_grow(NULL, press_scratch((size_t)TILE * TILE), 1) : NULL;
	press->tile = memory_grow(NULL, bytes, 1);
	return true;
}

void raster_press_close(raster_press *press)
{
	libdeflate_free_compressor(press->engine);
	free(press->pressed);
	free(press->scratch);
	free(press->tile);
}

static size_t tile_press(const raster *out, const raster_press *press, size_t layer, const void *cells)
{
	size_t count = (size_t)TILE * TILE, bytes = 0;
	if (out->layers[layer].classes)
		bytes = press_classes(cells, count, TILE, out->size, press->scratch, press->pressed, press->room);
	return bytes ? bytes : libdeflate_zlib_compress(press->engine, cells, count * out->size, press->pressed, press->room);
}

static bool raster_tile_put(raster *out, raster_press *press, int level, size_t index, const void *cells, failure *why)
{
	tile_place *place = &out->levels[level].place[index];
	place->bytes = press->engine ? tile_press(out, press, index / out->levels[level].tiles, cells) : (size_t)TILE * TILE * out->size;
	place->offset = atomic_fetch_add(&out->pressed_end, place->bytes);
	return store_put(out->pressed, place->offset, press->engine ? press->pressed : cells, place->bytes, why);
}

static bool block_tiles(raster *out, window part, const void *const *layers, failure *why)
{
	raster_press press;
	raster_press_open(out, &press);
	const raster_level *full = &out->levels[0];
	bool fine = true;
	for (size_t k = 0; fine && k < out->plan.count; k++)
		for (int y = 0; fine && y < part.height; y += TILE)
			for (int x = 0; fine && x < part.width; x += TILE) {
				int wide = part.width - x < TILE ? part.width - x : TILE, high = part.height - y < TILE ? part.height - y : TILE;
				if (wide < TILE || high < TILE)
					fill(press.tile, (size_t)TILE * TILE, out->plan.type, out->plan.no_data);
				const unsigned char *from = (const unsigned char *)layers[k] + ((size_t)y * (size_t)part.width + (size_t)x) * out->size;
				for (int row = 0; row < high; row++)
					memcpy(press.tile + (size_t)row * TILE * out->size, from + (size_t)row * (size_t)part.width * out->size, (size_t)wide * out->size);
				size_t tile = (size_t)((part.y - out->first_row + y) / TILE) * (size_t)full->across + (size_t)((part.x + x) / TILE);
				fine = raster_tile_put(out, &press, 0, k * full->tiles + tile, press.tile, why);
			}
	raster_press_close(&press);
	return fine;
}

/* --- overviews --- */

/* A piece of an overview goes to its place among that level's raw tiles. */
static bool piece_put(raster *out, const raster_level *level, size_t layer, int x, int y, int width, int height, const unsigned char *cells, failure *why)
{
	for (int row = 0; row < height; row++)
		for (int from = 0; from < width;) {
			int at = x + from, wide = TILE - at % TILE < width - from ? TILE - at % TILE : width - from;
			uint64_t tile = layer * level->tiles + (uint64_t)((y + row) / TILE) * (uint64_t)level->across + (uint64_t)(at / TILE);
			uint64_t cell = (tile * TILE + (uint64_t)((y + row) % TILE)) * TILE + (uint64_t)(at % TILE);
			if (!store_put(out->overviews, level->first + cell * out->size, cells + ((size_t)row * (size_t)width + (size_t)from) * out->size,
					(size_t)wide * out->size, why))
				return false;
			atomic_fetch_sub(&level->missing[tile], (uint32_t)wide);
			from += wide;
		}
	return true;
}

/* Halve a block again and again: its corner is a multiple of 512, so nine levels need nothing from its neighbours. */
static bool block_overviews(raster *out, window part, const void *const *layers, failure *why)
{
	if (out->level_count == 1)
		return true;
	size_t cells = (size_t)raster_half(part.width) * (size_t)raster_half(part.height);
	unsigned char *a = memory_new(cells, out->size), *b = memory_new(cells, out->size);
	bool fine = true;
	for (size_t k = 0; fine && k < out->plan.count; k++) {
		const void *in = layers[k];
		int width = part.width, height = part.height, x = part.x, y = part.y - out->first_row;
		for (int i = 1; fine && i < out->level_count; i++) {
			unsigned char *to = i & 1 ? a : b;
			raster_shrink(out->plan.type, out->layers[k].classes != NULL, out->plan.no_data, in, width, height, to);
			width = raster_half(width);
			height = raster_half(height);
			x /= 2;
			y /= 2;
			fine = piece_put(out, &out->levels[i], k, x, y, width, height, to, why);
			in = to;
		}
	}
	free(a);
	free(b);
	return fine;
}

bool raster_put(raster *out, window part, const void *const *layers, failure *why)
{
	return block_tiles(out, part, layers, why) && block_overviews(out, part, layers, why);
}

/* Raw overview tiles, whose cells outside the raster are still zero, become tiles like the others. */
bool raster_overview_tile(raster *out, raster_press *press, int at, size_t index, failure *why)
{
	const raster_level *level = &out->levels[at];
	size_t bytes = (size_t)TILE * TILE * out->size, tile = index % level->tiles;
	if (!store_get(out->overviews, level->first + index * bytes, press->tile, bytes, why))
		return false;
	int wide = tile_extent(level->width, (int)(tile % (size_t)level->across) * TILE);
	int high = tile_extent(level->height, (int)(tile / (size_t)level->across) * TILE);
	for (int row = 0; row < high && wide < TILE; row++)
		fill(press->tile + ((size_t)row * TILE + (size_t)wide) * out->size, (size_t)(TILE - wide), out->plan.type, out->plan.no_data);
	if (high < TILE)
		fill(press->tile + (size_t)high * TILE * out->size, (size_t)(TILE - high) * TILE, out->plan.type, out->plan.no_data);
	return raster_tile_put(out, press, at, index, press->tile, why);
}

bool raster_spare(raster *out, failure *why)
{
	for (int at = 1; at < out->level_count; at++)
		for (size_t index = 0; index < out->levels[at].tiles * out->plan.count; index++) {
			uint32_t none = 0;
			if (!atomic_compare_exchange_strong(&out->levels[at].missing[index], &none, PRESSED))
				continue;
			raster_press press;
			raster_press_open(out, &press);
			bool fine = raster_overview_tile(out, &press, at, index, why);
			raster_press_close(&press);
			return fine;
		}
	return false;
}
