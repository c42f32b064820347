/* Measurements into an instance: which site is meant, and keeping what was measured. */
#pragma once

#include "cli/measuring.h"
#include "store/store.h"

/* The published site of that id, else the one of that name, other name or identifier ("172" of a register). NULL without an error: none, or several. */
record *measuring_site(store_reader *r, const char *said, GError **error);

/* Keeps pictures and record, published; nothing is written where the newest measurement of that id says the same (changed FALSE). */
gboolean measuring_keep(store *s, store_reader *r, const measuring_answer *answer, const char *author, gboolean *changed, GError **error);

/* Measures every site of the tables that ship with the program (content/tables). kept: how many. */
gboolean measuring_content(store *s, store_reader *r, const char *program, guint *kept, GError **error);

/* Options of `ldn site` that a measurement records among its parameters and that compute it again; NULL-terminated, without dashes. */
extern const char *const measuring_option_names[];
