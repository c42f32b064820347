/* The facets, validity and orders of all documents, in memory: a projection of the projections.
 *
 * An index is never changed once others can see it. A newer one is made from it and from what the database has more; the sets that did
 * not change are shared. So a reader counts on an index that stands still, without a lock.
 */
#pragma once

#include "store/bits.h"
#include "store/database.h"

/* The documents that have a value: as bits when they are many, as a rising list when few. */
typedef struct document_set {
	gatomicrefcount references;
	guint n;
	gsize words;    /* of bits; 0: a list */
	guint64 *bits;
	guint32 *list;
} document_set;

/* A facet of a kind and its values (numbers). */
typedef struct index_facet {
	guint8 kind;      /* position in kinds[] */
	const char *path; /* interned */
	guint n;
	guint32 *values;  /* those of many documents first */
} index_facet;

/* Documents in the order of a sort key; those without one come last, by number. rank[document] is its place. */
typedef struct index_order {
	gatomicrefcount references;
	guint n, keyed; /* documents; those that have a key */
	guint32 *documents, *rank;
} index_order;

#define INDEX_CHUNK 4096

/* The values of 4096 documents following each other: of document d, values[start[i]] to before values[start[i + 1]], i = d % 4096. */
typedef struct index_chunk {
	gatomicrefcount references;
	guint32 start[INDEX_CHUNK + 1];
	guint32 *values;
} index_chunk;

typedef struct index {
	gatomicrefcount references;
	guint64 generation;
	guint n; /* documents are numbered 1 to n */
	gsize words;
	guint8 *kind;
	gint64 *since, *until; /* a document is listed from since to before until, seconds since 1970 */
	guint32 *previous;     /* of the same record; 0: none */
	guint64 **live;        /* for each kind the documents listed now, and how many */
	guint *live_n;
	guint values; /* facet values are numbered 1 to values */
	document_set **set;
	const char **value; /* interned */
	guint32 *value_facet; /* position in facets */
	guint facets;
	index_facet *facet;
	guint64 **answered; /* for each facet the documents that have any value of it */
	guint64 pairs;      /* of a document and one of its values */
	guint chunks;
	index_chunk **chunk;
	GMutex lock; /* of what is made when it is first asked for: */
	GHashTable *orders;
	GHashTable *counted[2]; /* facets.c: counts of queries, younger and older ones */
	gsize counted_bytes;    /* of the younger ones */
} index_t;

/* What the database has: from nothing (old NULL) or from an older index. d must be in a transaction. */
index_t *index_load(const index_t *old, database *d, GError **error);
index_t *index_hold(index_t *x);
void index_release(index_t *x);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(index_t, index_release)

/* The order of a sort path ("newest" too, newest first); free with index_order_release. d must see the same generation. */
index_order *index_get_order(index_t *x, database *d, const char *path, GError **error);
void index_order_release(index_order *order);

/* The values of a document, and how many. */
const guint32 *index_values(const index_t *x, guint document, guint *n);
/* The same with paths and names; free with g_free. */
store_value *index_facets(const index_t *x, guint document, gsize *n);

/* Adds the documents of a value to bits; counts those that bits has too. */
void index_add_value(const index_t *x, guint value, guint64 *bits);
guint index_count_value(const index_t *x, guint value, const guint64 *bits);
/* Has bits any document of a value? */
gboolean index_has_value(const index_t *x, guint value, const guint64 *bits);

/* A table for counts of queries. */
GHashTable *facets_kept(void);

/* Position in kinds[]; kinds_count for a kind that is not declared. */
gsize kind_position(const char *name);
