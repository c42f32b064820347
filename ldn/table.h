/* Tables of results: CSV for a spreadsheet, JSON for programs, aligned columns for people. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "failure.h"

/* A table is a JSON object {"name", "title", "columns": [{"name", "unit"}], "rows": [[...]]}; cells are text, numbers, or null for unknown. */
json_t *table_new(const char *name, const char *title);
void table_column(json_t *table, const char *name, const char *unit); /* unit "" when it has none */
/* The row's cells from left to right: 's' const char * (NULL: unknown), 'i' int64_t, 'd' double (NaN: unknown). */
void table_row(json_t *table, const char *kinds, ...);

/* CSV (RFC 4180, LF): a heading with the columns' names and units, one line a row; numbers with all their digits. */
char *table_csv(const json_t *table);
/* Columns aligned, numbers rounded for reading. */
void table_print(const json_t *table, FILE *out);

/* Write tables (a JSON array) to a path: *.json all of them in one document; else the first as CSV under this name and the others beside it
 * as NAME-TABLE.csv. "-" is standard output. ready: json_text of the tables where somebody has it already, or NULL. */
bool tables_write(const json_t *tables, const char *path, const char *ready, failure *why);
bool tables_are_json(const char *path);

/* The shortest digits that read back as the same double. */
void number_text(double number, char text[32]) __attribute__((nonnull));

/* A document's text, members in the order they were made, ends with a line feed; free it. */
char *json_text(const json_t *document);
