/* The facet values of the index, by document: what counting reads. Chunks that are full are shared between an index and newer ones. */
#pragma once

#include "store/columns.h"

typedef struct index index_t;

#define INDEX_CHUNK 4096

/* The values of 4096 documents following each other. Of document d, i = d % 4096: rows[i] has the columns of those values of its kind that have
 * one; the others are values[start[i]] to before values[start[i + 1]]. */
typedef struct index_chunk {
	gatomicrefcount references;
	guint n; /* rows */
	columns_row *rows;
	guint32 start[INDEX_CHUNK + 1];
	guint32 *values;
} index_chunk;

void chunk_release(index_chunk *c);

/* Starts chunk number of an index with what the old index had of it, and room for the documents there are now. values gathers guint32 until the end. */
void chunk_begin(index_t *x, const index_t *old, guint number, GArray *values);
/* A value of a document: a column of its row if it has one. */
void chunk_add(index_t *x, guint document, guint32 value, GArray *values);
void chunk_end(index_chunk *c, const GArray *values);
