/* Which documents answer a query, before they are put in order and shown. Needs a begun view. */
#pragma once

#include "store/inside.h"
#include "store/question.h"

/* A part of the question: where it stands, and how much it counts for being rare. */
typedef struct finding_part {
	posting *posting;
	float rarity;
} finding_part;

typedef struct finding {
	index_t *index; /* borrowed from the view */
	question *question; /* NULL: no text */
	gboolean now;   /* not as of another day */
	gboolean every; /* not only what is listed: all documents up to then */
	gsize kind;     /* position in kinds[]; kinds_count: every kind */
	guint64 *base;  /* of the kind, listed at that time, in the box, with the words: all but the filters */
	guint64 *within; /* with a box: what lies in it for sure, or has no place */
	guint64 **filter; /* for each filter the documents that have one of its values */
	gsize filters;
	guint64 *found; /* base and all filters */
	guint total;
	guint n_parts;  /* of the question, the rarest first */
	finding_part parts[QUESTION_PARTS];
} finding;

gboolean finding_make(finding *f, store_reader *r, const store_query *q, GError **error);
/* The same among all documents up to then: replaced ones and withdrawals too. */
gboolean finding_make_every(finding *f, store_reader *r, const store_query *q, GError **error);
void finding_clear(finding *f);

/* Where posting_weight begins in each part. */
static inline void finding_from_the_end(const finding *f, guint at[static QUESTION_PARTS])
{
	for (guint k = 0; k < f->n_parts; k++)
		at[k] = f->parts[k].posting->n;
}

/* Found documents from offset on, at most limit, in the query's order. Array of guint32; free with g_array_unref. */
GArray *finding_order(const finding *f, store_reader *r, const store_query *q, guint offset, guint limit, GError **error);

/* Counts of every facet. */
store_facet *finding_facets(const finding *f, const store_query *q, gsize *n);
