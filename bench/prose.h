/* Made-up text with the statistics of real text: words drawn by Zipf's law from a vocabulary of its own, and a generator of whole bodies
 * for any declared kind. Everything follows from the seed. */
#pragma once

#include "record/record.h"

#define PROSE_WORDS 30000

typedef struct prose prose;

prose *prose_new(guint32 seed);
void prose_free(prose *p);

guint prose_below(prose *p, guint n);
/* A rank from 0 to n - 1, rank r with a chance proportional to 1 / (r + 1). */
guint prose_rank(prose *p, guint n);
/* The word of a rank; the first ones stand in almost every text, as "the" and "of" do. Lives as long as p. */
const char *prose_word(prose *p, guint rank);

/* A body with every declared field filled, as long as real records are. Terms and references by Zipf's law too. */
json_t *prose_body(prose *p, const kind *k);
