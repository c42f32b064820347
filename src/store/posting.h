/* Which documents a part of a question (a word, a phrase, a prefix) occurs in, and how much each match weighs.
 *
 * Documents are only ever added, so what was found once stays true: a kept posting is extended by the documents that came since. The
 * postings asked for last are kept, up to a number of bytes.
 */
#pragma once

#include "store/bits.h"
#include "store/database.h"
#include "store/question.h"

/* Few documents stand in a rising list; many as bits, with the number of bits before each word of them, so that the place of a
 * document's weight is known at once. */
typedef struct posting {
	gatomicrefcount references;
	guint n, upto;     /* looked at documents 1 to upto */
	guint8 *weights;   /* of the n documents, in order */
	guint8 peak;       /* the largest of them */
	guint32 *list;
	gsize words;       /* of bits; 0: a list */
	guint64 *bits;
	guint32 *before;
	guint8 *peaks;     /* the largest weight among the documents of each word of bits */
} posting;

typedef struct postings postings;

/* Keeps as many bytes of postings as set; a store with more documents may use more. */
postings *postings_new(void);
void postings_free(postings *p);
void postings_clear(postings *p);

/* The posting of a part of a question, over at least documents 1 to upto. Free with posting_release. */
posting *postings_get(postings *p, database *d, const part *asked, guint upto, GError **error);
void posting_release(posting *p);

/* The weight of a document; 0: it does not occur there. Asked for with falling documents, *at (the posting's n at first) makes lists quick. */
guint posting_weight(const posting *p, guint document, guint *at);
/* Of the posting's documents 64 * w to 64 * w + 63, as bits, those that weigh at least so much (from 1 on). It must be bits. */
guint64 posting_heavy(const posting *p, gsize w, guint8 least);

/* Has the processor fetch what the two above read of these documents: first where their weights are, then those. */
static inline void posting_expect(const posting *p, gsize w)
{
	__builtin_prefetch(&p->bits[w]);
	__builtin_prefetch(&p->before[w]);
}

static inline void posting_expect_weights(const posting *p, gsize w)
{
	__builtin_prefetch(&p->weights[p->before[w]]);
}
