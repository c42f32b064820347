#include "zones.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/performance.h"
#include "rank.h"

enum { ZONES_MAX = 1 << 20 };

struct zones {
	session *run;
	range raster;
	pthread_mutex_t lock;
	void *memory;
	ldn_units *table;
	size_t capacity;
	int32_t *codes, *position_of; /* after zones_join */
	size_t count;
};

static void table_grow(zones *all, size_t capacity)
{
	size_t size = ldn_units_size(capacity);
	void *memory = memory_new(size, 1);
	ldn_units *larger = ldn_units_init(memory, size, capacity);
	for (size_t i = 0; all->table && i < ldn_units_count(all->table); i++) {
		int32_t code = ldn_units_code(all->table, i), position;
		(void)ldn_units_index(larger, &code, 1, &position);
	}
	free(all->memory);
	all->memory = memory;
	all->table = larger;
	all->capacity = capacity;
}

zones *zones_empty(session *run)
{
	zones *all = memory_new(1, sizeof *all);
	all->run = run;
	pthread_mutex_init(&all->lock, NULL);
	table_grow(all, 256);
	return all;
}

zones *zones_new(session *run, const char *name, failure *why)
{
	zones *all = zones_empty(run);
	if (!name) {
		int32_t code = 0, position;
		(void)ldn_units_index(all->table, &code, 1, &position);
	} else if (!session_map(run, "zones", name, &all->raster, why)) {
		zones_free(all);
		return NULL;
	}
	return all;
}

void zones_free(zones *all)
{
	if (!all)
		return;
	pthread_mutex_destroy(&all->lock);
	free(all->memory);
	free(all->codes);
	free(all->position_of);
	free(all);
}

bool zones_given(const zones *all)
{
	return all->raster.count > 0;
}

bool zones_index(zones *all, int worker, window part, int32_t *code, int32_t *zone, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	unsigned char *inside;
	if (!session_inside(all->run, worker, part, &inside, why))
		return false;
	for (size_t i = 0; inside && i < n; i++)
		code[i] = inside[i] ? code[i] : LDN_UNIT_NONE;
	free(inside);
	bool fine = true;
	pthread_mutex_lock(&all->lock);
	while (fine && ldn_units_index(all->table, code, n, zone) == LDN_ERROR_OVERFLOW) {
		if (all->capacity >= ZONES_MAX)
			fine = failure_set(why, _("more than %d zones"), ZONES_MAX);
		else
			table_grow(all, 2 * all->capacity);
	}
	pthread_mutex_unlock(&all->lock);
	return fine;
}

bool zones_read(zones *all, int worker, window part, int32_t *zone, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	if (all->raster.count) {
		autofree int32_t *code = memory_grow(NULL, n, sizeof *code);
		return sources_read_int32(session_sources(all->run), worker, all->raster, part, code, n, why) && zones_index(all, worker, part, code, zone, why);
	}
	unsigned char *inside;
	if (!session_inside(all->run, worker, part, &inside, why))
		return false;
	for (size_t i = 0; i < n; i++)
		zone[i] = inside && !inside[i] ? -1 : 0;
	free(inside);
	return true;
}

/* --- sums --- */

void sums_begin(sums *which, zones *all, const session *run, size_t bins, int bits)
{
	*which = (sums){.zones = all, .bins = bins, .bits = bits, .threads = session_threads(run)};
	which->tables = memory_new((size_t)which->threads, sizeof *which->tables);
	for (int t = 0; t < which->threads; t++)
		which->tables[t] = (ldn_table){.bins = bins, .bits = bits};
}

void sums_free(sums *which)
{
	for (int t = 0; which->tables && t < which->threads; t++) {
		free(which->tables[t].count);
		free(which->tables[t].sum);
	}
	free(which->tables);
	which->tables = NULL;
}

static void table_room(ldn_table *table, size_t zones_needed)
{
	if (zones_needed <= table->zones)
		return;
	size_t old = table->zones * table->bins, cells = zones_needed * table->bins;
	table->count = memory_grow(table->count, cells, sizeof *table->count);
	table->sum = memory_grow(table->sum, cells, sizeof *table->sum);
	memset(table->count + old, 0, (cells - old) * sizeof *table->count);
	memset(table->sum + old, 0, (cells - old) * sizeof *table->sum);
	table->zones = zones_needed;
}

static ldn_table *table_for(sums *which, int worker, window part, const int32_t *zone)
{
	int32_t greatest = -1;
	for (size_t i = 0, n = (size_t)part.width * (size_t)part.height; i < n; i++)
		greatest = zone[i] > greatest ? zone[i] : greatest;
	table_room(&which->tables[worker], (size_t)(greatest + 1));
	return &which->tables[worker];
}

typedef enum addend { ADD_AREA, ADD_VALUES, ADD_STOCKS } addend;

static bool block_add(sums *which, addend kind, const session *run, int worker, window part, const int32_t *zone, const uint16_t *key,
	const float *numbers, failure *why)
{
	size_t wide = (size_t)part.width;
	ldn_table *table = table_for(which, worker, part, zone);
	autofree void *scratch = memory_new(ldn_table_scratch(which->bins), 1);
	const double *area = run ? session_cell_areas(run, part.y, why) : NULL;
	if (run && !area)
		return false;
	if (table->zones == 0)
		return true;
	for (int y = 0; y < part.height; y++) {
		size_t at = (size_t)y * wide;
		ldn_status status = kind == ADD_AREA ? ldn_table_add_area(table, wide, zone + at, key + at, area[y], scratch)
			: kind == ADD_VALUES ? ldn_table_add_values(table, wide, zone + at, key + at, numbers + at, scratch)
			: ldn_table_add_stocks(table, wide, zone + at, key + at, numbers + at, area[y], scratch);
		if (status != LDN_OK)
			return failure_set(why, _("sums by zone: %s"), ldn_status_text(status));
	}
	return true;
}

bool sums_add_area(sums *which, const session *run, int worker, window part, const int32_t *zone, const uint16_t *key, failure *why)
{
	return block_add(which, ADD_AREA, run, worker, part, zone, key, NULL, why);
}

bool sums_add_values(sums *which, int worker, window part, const int32_t *zone, const uint16_t *key, const float *values, failure *why)
{
	return block_add(which, ADD_VALUES, NULL, worker, part, zone, key, values, why);
}

bool sums_add_stocks(sums *which, const session *run, int worker, window part, const int32_t *zone, const uint16_t *key, const float *stock, failure *why)
{
	return block_add(which, ADD_STOCKS, run, worker, part, zone, key, stock, why);
}

/* --- joining --- */

bool codes_join(const int32_t *mine, size_t count, int32_t **codes, size_t *total, int32_t **position_of, failure *why)
{
	size_t *lengths, bytes = 0;
	*position_of = NULL;
	if (rank_count() == 1) {
		*codes = memory_new(count, sizeof **codes);
		memcpy(*codes, mine, count * sizeof **codes);
		*total = count;
		return true;
	}
	unsigned char **every = rank_gather(mine, count * sizeof *mine, &lengths);
	int32_t *joined = NULL;
	for (int r = 0; every && r < rank_count(); r++) {
		size_t more = lengths[r] / sizeof *mine;
		joined = memory_grow(joined, bytes / sizeof *mine + more, sizeof *joined);
		for (size_t i = 0; i < more; i++) {
			int32_t next;
			memcpy(&next, every[r] + i * sizeof next, sizeof next);
			size_t at = 0, known = bytes / sizeof *mine;
			while (at < known && joined[at] != next)
				at++;
			if (at == known) {
				joined[at] = next;
				bytes += sizeof *mine;
			}
		}
		free(every[r]);
	}
	free(every);
	free(lengths);
	void *shared = joined;
	rank_share(&shared, &bytes);
	*codes = shared;
	*total = bytes / sizeof *mine;
	*position_of = memory_new(count, sizeof **position_of);
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at < *total; at++)
			if ((*codes)[at] == mine[i])
				(*position_of)[i] = (int32_t)at;
	return why->code == OUTCOME_DONE;
}

bool zones_join(zones *all, failure *why)
{
	if (!rank_agree(why))
		return false;
	size_t count = ldn_units_count(all->table);
	int32_t *mine = memory_new(count, sizeof *mine);
	for (size_t i = 0; i < count; i++)
		mine[i] = ldn_units_code(all->table, i);
	bool fine = codes_join(mine, count, &all->codes, &all->count, &all->position_of, why);
	free(mine);
	return fine;
}

bool sums_join(sums *which, failure *why)
{
	ldn_table *sum = &which->tables[0];
	zones *all = which->zones;
	for (int t = 0; t < which->threads; t++)
		table_room(&which->tables[t], ldn_units_count(all->table));
	for (int t = 1; t < which->threads; t++)
		ldn_table_merge(sum, &which->tables[t]);
	if (all->position_of) {
		ldn_table moved = {.bins = sum->bins, .bits = sum->bits};
		table_room(&moved, all->count);
		for (size_t z = 0; z < ldn_units_count(all->table); z++) {
			size_t from = z * sum->bins, to = (size_t)all->position_of[z] * sum->bins;
			memcpy(moved.count + to, sum->count + from, sum->bins * sizeof *sum->count);
			memcpy(moved.sum + to, sum->sum + from, sum->bins * sizeof *sum->sum);
		}
		free(sum->count);
		free(sum->sum);
		*sum = moved;
	}
	return session_table_join(sum, why);
}

size_t zones_count(const zones *all)
{
	return all->count;
}

int32_t zones_code(const zones *all, size_t position)
{
	return all->codes[position];
}

typedef struct code_at {
	int32_t code;
	size_t at;
} code_at;

static int code_order(const void *a, const void *b)
{
	int32_t first = ((const code_at *)a)->code, second = ((const code_at *)b)->code;
	return (first > second) - (first < second);
}

size_t *zones_sorted(const zones *all)
{
	code_at *list = memory_new(all->count, sizeof *list);
	size_t *order = memory_new(all->count, sizeof *order);
	for (size_t i = 0; i < all->count; i++)
		list[i] = (code_at){all->codes[i], i};
	qsort(list, all->count, sizeof *list, code_order);
	for (size_t i = 0; i < all->count; i++)
		order[i] = list[i].at;
	free(list);
	return order;
}
