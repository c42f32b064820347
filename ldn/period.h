/* Parts of a stack of years, as a user names them: "2004-2019". */
#pragma once

#include "ldn/state.h"
#include "session.h"

/* Keep only the years of a period; NULL keeps all. Fails when none is left. Years of the period that the stack lacks are noted. */
bool period_cut(stack *years, const char *period, session *run, failure *why);

/* The rows of the years FIRST-LAST; text NULL: `count` rows from `first`. Fails when the stack has none of them. */
bool period_span(const stack *years, const char *which, const char *text, size_t first, size_t count, ldn_span *out, failure *why);
