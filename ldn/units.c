#include "units.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "quantiles.h"
#include "rank.h"
#include "whole.h"
#include "zones.h"

enum { FIRST_CAPACITY = 1024, NOWHERE = 0xFFFF, KEPT = 7 };

struct units {
	session *run;
	range codes, soil, cover; /* count 0: not given */
	bool zeros;               /* means of 0 take part */
	size_t years;
	pthread_mutex_t lock;
	void *memory;
	ldn_units *table;
	size_t capacity;
	ldn_rank *ranks; /* by position; more than the table has entries */
	size_t rank_room;
	int32_t *position_of; /* under MPI: everybody's position of this rank's unit */
	size_t count;         /* after units_settle: units of all ranks */
	int32_t *code;
	double *quantile;
	uint64_t *cells;
	store *kept;
};

units *units_new(session *run, const units_source *from, failure *why)
{
	units *all = memory_new(1, sizeof *all);
	all->run = run;
	all->zeros = from->zeros;
	pthread_mutex_init(&all->lock, NULL);
	bool fine = true;
	if ((from->soil != NULL) != (from->cover != NULL))
		fine = failure_usage(why, _("--soil and --cover go together"));
	else if (from->soil && from->codes)
		fine = failure_usage(why, _("give either --units or --soil and --cover"));
	else if (from->codes)
		fine = session_map(run, from->role ? from->role : "units", from->codes, &all->codes, why);
	else if (from->soil)
		fine = session_map(run, "soil", from->soil, &all->soil, why) && session_map(run, "land cover", from->cover, &all->cover, why);
	else
		session_note(run, _("no units given: the whole region is one unit of performance (--units, or --soil and --cover)"));
	if (fine)
		return all;
	units_free(all);
	return NULL;
}

void units_free(units *all)
{
	if (!all)
		return;
	pthread_mutex_destroy(&all->lock);
	store_free(all->kept);
	free(all->memory);
	free(all->ranks);
	free(all->position_of);
	free(all->code);
	free(all->quantile);
	free(all->cells);
	free(all);
}

static void table_grow(units *all, size_t capacity)
{
	size_t size = ldn_units_size(capacity);
	void *memory = memory_new(size, 1);
	ldn_units *larger = ldn_units_init(memory, size, capacity);
	/* Known codes keep their positions: they are taken in in the same order. */
	for (size_t i = 0; all->table && i < ldn_units_count(all->table); i++) {
		int32_t code = ldn_units_code(all->table, i), position;
		(void)ldn_units_index(larger, &code, 1, &position);
	}
	free(all->memory);
	all->memory = memory;
	all->table = larger;
	all->capacity = capacity;
}

bool units_ready(units *all, size_t years, failure *why)
{
	all->years = years;
	table_grow(all, FIRST_CAPACITY);
	const blocks *plan = session_plan(all->run);
	uint64_t bytes = (uint64_t)blocks_count(plan) * blocks_cells(plan) * KEPT;
	all->kept = store_new(bytes, session_memory(all->run), session_scratch(all->run), why);
	return all->kept != NULL;
}

/* The unit codes of a block, LDN_UNIT_NONE outside the region. */
static bool codes_read(units *all, int worker, window part, int32_t *code, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	sources *from = session_sources(all->run);
	if (all->codes.count) {
		if (!sources_read_int32(from, worker, all->codes, part, code, n, why))
			return false;
	} else if (all->soil.count) {
		autofree int16_t *maps = memory_grow(NULL, 2 * n, sizeof *maps);
		if (!sources_read_int16(from, worker, all->soil, part, maps, n, why) || !sources_read_int16(from, worker, all->cover, part, maps + n, n, why))
			return false;
		ldn_unit_codes(maps, maps + n, n, code);
	} else {
		memset(code, 0, n * sizeof *code);
	}
	unsigned char *inside;
	if (!session_inside(all->run, worker, part, &inside, why))
		return false;
	for (size_t i = 0; inside && i < n; i++)
		code[i] = inside[i] ? code[i] : LDN_UNIT_NONE;
	free(inside);
	return true;
}

static void rank_begin(const units *all, ldn_rank *rank)
{
	ldn_rank_begin(rank);
	if (all->zeros)
		rank->left_out = LDN_KEY_NONE;
}

static bool room_for_ranks(units *all, size_t count, failure *why)
{
	if (count <= all->rank_room)
		return true;
	size_t room = count < 16 ? 16 : 2 * count;
	if (count * sizeof *all->ranks > session_memory(all->run))
		return failure_set(why, _("more than %zu units of performance: use a coarser --units raster or more --memory"), all->rank_room);
	if (room * sizeof *all->ranks > session_memory(all->run))
		room = count;
	all->ranks = memory_grow(all->ranks, room, sizeof *all->ranks);
	for (size_t i = all->rank_room; i < room; i++)
		rank_begin(all, &all->ranks[i]);
	all->rank_room = room;
	return true;
}

/* Under the lock. */
static bool positions_find(units *all, const int32_t *code, size_t n, int32_t *unit, failure *why)
{
	while (ldn_units_index(all->table, code, n, unit) == LDN_ERROR_OVERFLOW) {
		if (all->capacity >= NOWHERE)
			return failure_set(why, _("more than %d units of performance: use a coarser --units raster"), NOWHERE - 1);
		table_grow(all, 2 * all->capacity);
	}
	if (ldn_units_count(all->table) >= NOWHERE)
		return failure_set(why, _("more than %d units of performance: use a coarser --units raster"), NOWHERE - 1);
	return room_for_ranks(all, ldn_units_count(all->table), why);
}

static uint64_t kept_at(const units *all, size_t index)
{
	return (uint64_t)index * blocks_cells(session_plan(all->run)) * KEPT;
}

bool units_gather(units *all, int worker, size_t index, window part, const uint32_t *key, const uint8_t *own, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree int32_t *code = memory_grow(NULL, 2 * n, sizeof *code);
	int32_t *unit = code + n;
	if (!codes_read(all, worker, part, code, why))
		return false;
	pthread_mutex_lock(&all->lock);
	bool fine = positions_find(all, code, n, unit, why);
	if (fine)
		ldn_rank_add(all->ranks, unit, key, n);
	pthread_mutex_unlock(&all->lock);
	uint16_t *small = (uint16_t *)(void *)code;
	for (size_t i = 0; fine && i < n; i++)
		small[i] = unit[i] < 0 ? NOWHERE : (uint16_t)unit[i];
	uint64_t at = kept_at(all, index);
	return fine && store_put(all->kept, at, key, 4 * n, why) && store_put(all->kept, at + 4 * n, small, 2 * n, why) &&
		store_put(all->kept, at + 6 * n, own, n, why);
}

bool units_recall(const units *all, size_t index, window part, uint32_t *key, int32_t *unit, uint8_t *own, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	uint64_t at = kept_at(all, index);
	/* The 16-bit positions are read into the upper half and widened from below. */
	uint16_t *small = (uint16_t *)(void *)unit + n;
	if (!store_get(all->kept, at, key, 4 * n, why) || !store_get(all->kept, at + 4 * n, small, 2 * n, why) ||
		(own && !store_get(all->kept, at + 6 * n, own, n, why)))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint16_t position;
		memcpy(&position, small + i, sizeof position);
		unit[i] = position == NOWHERE ? -1 : all->position_of ? all->position_of[position] : position;
	}
	return true;
}

/* Another pass over what was kept. */
static bool count_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	units *all = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	autofree int32_t *unit = memory_grow(NULL, n, sizeof *unit);
	(void)run, (void)worker;
	if (!units_recall(all, index, part, key, unit, NULL, why))
		return false;
	pthread_mutex_lock(&all->lock);
	ldn_rank_add(all->ranks, unit, key, n);
	pthread_mutex_unlock(&all->lock);
	return true;
}

/* All ranks' units become one list, the same everywhere, and each rank learns where its own stand in it. */
static bool units_join(units *all, failure *why)
{
	size_t mine = ldn_units_count(all->table);
	int32_t *code = memory_new(mine, sizeof *code);
	for (size_t i = 0; i < mine; i++)
		code[i] = ldn_units_code(all->table, i);
	bool fine = codes_join(code, mine, &all->code, &all->count, &all->position_of, why);
	free(code);
	if (!all->position_of)
		return fine;
	/* This rank's counts move to the common positions. */
	ldn_rank *moved = memory_new(all->count, sizeof *moved);
	for (size_t at = 0; at < all->count; at++)
		rank_begin(all, &moved[at]);
	for (size_t i = 0; i < mine; i++)
		moved[all->position_of[i]] = all->ranks[i];
	free(all->ranks);
	all->ranks = moved;
	all->rank_room = all->count;
	return fine;
}

bool units_settle(units *all, failure *why)
{
	if (!rank_agree(why) || !units_join(all, why))
		return false;
	autofree double *q = memory_new(all->count, sizeof *q);
	for (size_t i = 0; i < all->count; i++)
		q[i] = session_profile(all->run)->performance.quantile;
	while (quantiles_advance(&all->ranks, all->count, q)) {
		session_blocks(all->run, _("performance"), count_block, all, why);
		if (!rank_agree(why))
			return false;
	}
	all->quantile = memory_new(all->count, sizeof *all->quantile);
	all->cells = memory_new(all->count, sizeof *all->cells);
	for (size_t i = 0; i < all->count; i++) {
		all->quantile[i] = ldn_rank_value(&all->ranks[i], all->years);
		all->cells[i] = all->ranks[i].count;
	}
	return true;
}

const double *units_quantiles(const units *all)
{
	return all->quantile;
}

int32_t units_code(const units *all, size_t position)
{
	return all->code[position];
}

typedef struct unit_row {
	int32_t code;
	uint64_t cells;
	double quantile;
} unit_row;

static int row_order(const void *a, const void *b)
{
	int32_t first = ((const unit_row *)a)->code, second = ((const unit_row *)b)->code;
	return (first > second) - (first < second);
}

result_table *units_table(const units *all, const char *title)
{
	result_table *out = table_new("units", title);
	table_column(out, "unit", "");
	table_column(out, "cells", "");
	table_column(out, "quantile", "");
	unit_row *rows = memory_new(all->count, sizeof *rows);
	for (size_t i = 0; i < all->count; i++)
		rows[i] = (unit_row){all->code[i], all->cells[i], all->quantile[i]};
	qsort(rows, all->count, sizeof *rows, row_order);
	for (size_t i = 0; i < all->count; i++)
		table_row(out, "iid", (int64_t)rows[i].code, (int64_t)rows[i].cells, rows[i].quantile);
	free(rows);
	return out;
}
