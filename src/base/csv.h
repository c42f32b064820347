/* Comma-separated values: RFC 4180, UTF-8, a byte order mark allowed, any line end. */
#pragma once

#include <glib.h>

/* Called for every row, counted from 1; cells are NUL-terminated, *cells is valid during the call only. FALSE stops the reading. */
typedef gboolean (*csv_row)(gpointer data, guint row, const char *const *cells, gsize n);

/* Reads a whole text. A line without any character is no row. FALSE with an error for what is not CSV or not UTF-8 (row and remedy in the
 * message); rows before the fault were delivered. */
gboolean csv_read(const char *text, gsize length, csv_row each, gpointer data, GError **error);

/* Appends one cell, quoted where it needs to be; the comma before it is the caller's. */
void csv_cell(GString *out, const char *text);
