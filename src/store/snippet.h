/* The passage of a text that shows best what was searched for. */
#pragma once

#include "store/question.h"

#define SNIPPET_BYTES 240
#define MARK_BEGIN "\uE000"
#define MARK_END "\uE001"

/* From summary or body: the stretch of at most SNIPPET_BYTES with the most parts of the question, matches between U+E000 and U+E001, "…"
 * where it is cut. The beginning of the summary where nothing matches. Free with g_free. */
char *snippet_make(const question *q, const char *summary, const char *body);
