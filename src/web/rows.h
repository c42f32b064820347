/* Rows of computed figures as a table of text. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* A list of flat objects as CSV (RFC 4180), a column for each name (NULL-terminated), numbers as JSON writes them, null empty. Free with g_free. */
char *rows_csv(const json_t *rows, const char *const *columns);
