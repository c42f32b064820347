#include "store/chunk.h"

#include <string.h>

#include "store/index.h"

void chunk_release(index_chunk *c)
{
	if (!c || !g_atomic_ref_count_dec(&c->references))
		return;
	g_aligned_free(c->rows);
	g_free(c->values);
	g_free(c);
}

void chunk_begin(index_t *x, const index_t *old, guint number, GArray *values)
{
	index_chunk *c = x->chunk[number] = g_new0(index_chunk, 1);
	g_atomic_ref_count_init(&c->references);
	c->n = MIN(x->n + 1 - number * INDEX_CHUNK, INDEX_CHUNK);
	c->rows = g_aligned_alloc0(c->n, sizeof *c->rows, sizeof *c->rows);
	g_array_set_size(values, 0);
	if (old && number < old->chunks) {
		const index_chunk *before = old->chunk[number];
		memcpy(c->rows, before->rows, before->n * sizeof *c->rows);
		memcpy(c->start, before->start, sizeof c->start);
		g_array_append_vals(values, before->values, before->start[INDEX_CHUNK]);
	}
}

void chunk_end(index_chunk *c, const GArray *values)
{
	c->values = g_memdup2(values->data, values->len * sizeof(guint32));
}

void chunk_add(index_t *x, guint document, guint32 value, GArray *values)
{
	const index_facet *facet = &x->facet[x->value_facet[value]];
	columns_row *row = &x->chunk[document / INDEX_CHUNK]->rows[document % INDEX_CHUNK];
	gboolean own = facet->kind == x->kind[document]; /* as good as always: in a damaged database it may not be */
	if (own && facet->column < COLUMNS)
		columns_set(row, facet->column);
	if (own && x->value_column[value] < COLUMNS) {
		columns_set(row, x->value_column[value]);
	} else {
		g_array_append_val(values, value);
		x->pairs++;
	}
}

/* ---- reading ---- */

/* The rows of a chunk's documents in the set. How many. */
static guint collect_rows(const index_chunk *c, const guint64 *set, gsize words, const columns_row **rows)
{
	guint n = 0;
	bits_walk walk = bits_walk_begin(set, words);
	for (guint i; bits_next(&walk, &i);) {
		__builtin_prefetch(&c->rows[i], 0, 2);
		rows[n++] = &c->rows[i];
	}
	return n;
}

#define AHEAD 16 /* documents lie far apart: those that come soon are on their way */

static void count_others(const index_chunk *c, const columns_row *const *rows, guint n, guint32 *counts)
{
	for (guint k = 0; k < n; k++) {
		gsize i = (gsize)(rows[k] - c->rows);
		if (k + AHEAD < n)
			__builtin_prefetch(&c->values[c->start[rows[k + AHEAD] - c->rows]]);
		for (guint32 v = c->start[i]; v < c->start[i + 1]; v++)
			counts[c->values[v]]++;
	}
}

void index_count_values(const index_t *x, gsize of_kind, const guint64 *set, gboolean all, guint32 *counts, guint32 *answered)
{
	const columns_row *rows[INDEX_CHUNK + COLUMNS_TOGETHER];
	guint32 columns[COLUMNS];
	columns_sum sum = { 0 };
	for (guint i = 0; i < x->chunks; i++) {
		gsize first = (gsize)i * (INDEX_CHUNK / 64);
		guint n = collect_rows(x->chunk[i], set + first, MIN(x->words - first, INDEX_CHUNK / 64), rows);
		if (all)
			count_others(x->chunk[i], rows, n, counts);
		columns_add(&sum, rows, n);
	}
	columns_counts(&sum, columns);
	for (guint column = 0; column < x->columns_used[of_kind]; column++)
		counts[x->column_value[of_kind * COLUMNS + column]] = columns[column]; /* a facet's goes to place 0, which is no value's */
	for (guint i = 0; i < x->facets; i++)
		if (x->facet[i].kind == of_kind)
			answered[i] = x->facet[i].column < COLUMNS ? columns[x->facet[i].column] : bits_count_both(x->answered[i], set, x->words);
}

static int by_number(const void *a, const void *b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return x < y ? -1 : x > y;
}

store_value *index_facets(const index_t *x, guint document, gsize *n)
{
	const index_chunk *c = x->chunk[document / INDEX_CHUNK];
	guint i = document % INDEX_CHUNK;
	const guint32 *in_column = x->column_value + x->kind[document] * COLUMNS;
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_array_append_vals(numbers, c->values + c->start[i], c->start[i + 1] - c->start[i]);
	for (guint column = 0; column < x->columns_used[x->kind[document]]; column++)
		if (in_column[column] && columns_has(&c->rows[i], column))
			g_array_append_val(numbers, in_column[column]);
	qsort(numbers->data, numbers->len, sizeof(guint32), by_number);
	store_value *named = g_new(store_value, (gsize)numbers->len + 1);
	for (*n = 0; *n < numbers->len; (*n)++) {
		guint32 value = g_array_index(numbers, guint32, *n);
		named[*n] = (store_value) { x->facet[x->value_facet[value]].path, x->value[value] };
	}
	return named;
}
