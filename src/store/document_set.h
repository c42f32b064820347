/* The documents that have something in common: as bits when they are many, as a rising list when few. Never changed once others see it. */
#pragma once

#include "store/bits.h"

typedef struct document_set {
	gatomicrefcount references;
	guint n;
	gsize words;    /* of bits; 0: a list */
	guint64 *bits;
	guint32 *list;
} document_set;

/* A set of old (NULL: nothing) and more documents, rising and all above its own; words: of bits that hold every document. */
document_set *document_set_extend(const document_set *old, const GArray *more, gsize words);
void document_set_release(document_set *s);

/* Adds a set's documents to bits; counts those that bits has too. */
void document_set_add(const document_set *s, guint64 *bits);
guint document_set_count(const document_set *s, const guint64 *bits);
/* Has bits any of them? */
gboolean document_set_meets(const document_set *s, const guint64 *bits);
