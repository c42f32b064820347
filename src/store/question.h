/* What a person typed into a search box, taken apart: words, "phrases" and prefix* that must all occur. Any text is a question. */
#pragma once

#include "store/words.h"

#define QUESTION_BYTES 1000 /* of the text are looked at */
#define QUESTION_PARTS 16
#define PART_WORDS 48

/* Folded words that must stand one after the other; the last may be the beginning of a word. */
typedef struct part {
	char *words[PART_WORDS + 1];
	guint8 lengths[PART_WORDS]; /* bytes of each */
	guint n;
	gboolean prefix;
	gboolean loose; /* neither quoted nor short: where it stands nowhere, it may be the beginning of a word */
} part;

typedef struct question {
	part *parts[QUESTION_PARTS];
	guint n;
	word_beginnings begins; /* of the parts */
	gboolean phrases; /* a part has several words: what stands between them matters */
	gboolean blank; /* nothing but white space: no question at all. Not blank without a part: nothing can answer it. */
} question;

question *question_parse(const char *text);
void question_free(question *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(question, question_free)

/* The part as an FTS5 expression: "limed soil" or "rehab" *. It is also the part's name. Free with g_free. */
char *part_expression(const part *p);
