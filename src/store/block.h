/* In which documents a word occurs and how often, kept ready for search: FTS5 would give the same a row at a time, a hundred times slower.
 *
 * A block holds a word's documents among 4096 that follow each other. The writer makes a block's rows when its last document is there
 * (projection_add), and those of the documents since when told to tidy up; what neither holds yet, search asks FTS5 for.
 *
 * A row's bytes: first the documents, by their place in the block from 0: the byte 1 and a bit for each place (512 bytes, the lowest bit
 * first) when they are many, or the byte 0, how many they are and the steps from each to the next, as varints. Then, for each, the times it
 * has the word: one byte where only the body has it (1 to 255 times); else 0 and title, summary and body as varints. A varint is seven bits
 * to the byte, low ones first, the eighth set where more follow.
 */
#pragma once

#include "store/database.h"
#include "store/question.h"

#define BLOCK_DOCUMENTS 4096
#define BLOCK_TIMES 2000 /* counted up to here: a thousand times weigh as much as any number (tokenizer.h) */

/* Makes the rows of every block that is full and not yet there, or, tidying, of every document. Needs a transaction. */
gboolean blocks_fill(database *d, gboolean tidying, GError **error);

/* How many documents, from 1 on, blocks hold. */
gboolean blocks_upto(database *d, guint *upto, GError **error);

/* Can blocks answer this part? A phrase is a matter of places in the text, which they do not keep. */
gboolean blocks_can(const part *p);
/* Appends the documents (guint32, rising) that have the part's word, or any word that begins so, and what each weighs (guint8). */
gboolean blocks_read(database *d, const part *p, GArray *documents, GArray *weights, GError **error);
