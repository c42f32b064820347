/* The facets, validity and orders of all documents, in memory: a projection of the projections.
 *
 * An index is never changed once others can see it. A newer one is made from it and from what the database has more; the sets that did
 * not change are shared. So a reader counts on an index that stands still, without a lock.
 */
#pragma once

#include "store/chunk.h"
#include "store/database.h"
#include "store/document_set.h"
#include "store/text_rows.h"

/* A facet of a kind and its values (numbers). */
typedef struct index_facet {
	guint8 kind;      /* position in kinds[] */
	guint16 column;   /* of the documents that have any value of it; COLUMNS: none */
	const char *path; /* interned */
	guint n;
	guint32 *values;  /* those of many documents first */
	guint apart;      /* how many of them have no column */
} index_facet;

/* Documents in the order of a sort key; those without one come last, by number. rank[document] is its place, first[i] the first place that any of
 * documents 64 * i to 64 * i + 63 has. */
typedef struct index_order {
	gatomicrefcount references;
	guint n, keyed; /* documents; those that have a key */
	guint32 *documents, *rank, *first;
} index_order;

struct index {
	gatomicrefcount references;
	guint64 generation;
	guint n; /* documents are numbered 1 to n */
	gsize words;
	guint8 *kind;
	gint64 *since, *until; /* a document is listed from since to before until, seconds since 1970 */
	guint32 *previous;     /* of the same record; 0: none */
	guint32 *seq;          /* of its revision: documents are the log's entries, numbered from 1 */
	guint64 **live;        /* for each kind the documents listed now, and how many */
	guint *live_n;
	guint values; /* facet values are numbered 1 to values */
	document_set **set; /* of each value the documents that have it */
	const char **value; /* interned */
	guint32 *value_facet; /* position in facets */
	guint16 *value_column; /* values of a kind have columns while there are any, those of small facets first; COLUMNS: none */
	guint32 *column_value; /* of each kind 512; 0: a facet's */
	guint16 *columns_used; /* of each kind */
	guint facets;
	index_facet *facet;
	guint64 **answered; /* for each facet the documents that have any value of it */
	guint64 pairs;      /* of a document and one of its values that has no column */
	guint chunks;
	index_chunk **chunk;
	text_rows *rows; /* those kept of these documents; shared with newer indexes of the same numbers */
	GMutex lock; /* of what is made when it is first asked for: */
	GHashTable *orders;
	GHashTable *counted[2]; /* facets.c: counts of queries, younger and older ones */
	gsize counted_bytes;    /* of the younger ones */
	GHashTable *titles;     /* search.c: of records that others name, by kind and id; NULL: there is none of that id */
};

/* What the database has: from nothing (old NULL) or from an older index. d must be in a transaction. */
index_t *index_load(const index_t *old, database *d, GError **error);
index_t *index_hold(index_t *x);
void index_release(index_t *x);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(index_t, index_release)

/* The order of a sort path ("newest" too, newest first); free with index_order_release. d must see the same generation. */
index_order *index_get_order(index_t *x, database *d, const char *path, GError **error);
void index_order_release(index_order *order);

/* Counts in a set of documents of a kind how often each value occurs that has a column, and each other one too where all are asked for; and by facet of the kind how
 * many have any. counts begins with x->values + 1 zeros, answered has room for x->facets. */
void index_count_values(const index_t *x, gsize of_kind, const guint64 *set, gboolean all, guint32 *counts, guint32 *answered);
/* The values of a document with paths and names, in the order of the declaration's fields; free with g_free. */
store_value *index_facets(const index_t *x, guint document, gsize *n);

/* A table for counts of queries. */
GHashTable *facets_kept(void);

/* Position in kinds[]; kinds_count for a kind that is not declared. */
gsize kind_position(const char *name);
