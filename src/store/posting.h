/* Which documents a part of a question (a word, a phrase, a prefix) occurs in, and how much each match weighs.
 *
 * Documents are only ever added, so what was found once stays true: a kept posting is extended by the documents that came since. The
 * postings asked for last are kept, up to a number of bytes.
 */
#pragma once

#include "store/database.h"

typedef struct posting {
	gatomicrefcount references;
	guint n, upto;       /* looked at documents 1 to upto */
	guint32 *documents;  /* rising */
	guint16 *weights;
} posting;

typedef struct postings postings;

postings *postings_new(gsize bytes);
void postings_free(postings *p);
void postings_clear(postings *p);

/* The posting of an FTS5 expression of one phrase, over at least documents 1 to upto. Free with posting_release. */
posting *postings_get(postings *p, database *d, const char *expression, guint upto, GError **error);
void posting_release(posting *p);
