/* Tables of results: CSV for a spreadsheet, JSON for programs, aligned columns for people. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "failure.h"

typedef struct result_table result_table;

/* Texts are copied. */
result_table *table_new(const char *name, const char *title);
void table_free(result_table *one);
void table_column(result_table *to, const char *name, const char *unit); /* unit "" when it has none */
/* A row's cells, one for each column: 's' const char * (NULL: unknown), 'w' const char *, a word of ours, which the reader's language has its own for and
 * whose memory lasts as long as the table, 'i' int64_t, 'd' double (not finite: unknown). */
void table_row(result_table *to, const char *kinds, ...);

typedef struct table_list {
	result_table **items;
	size_t count;
} table_list;

void table_list_put(table_list *list, size_t at, result_table *one); /* takes it; those from `at` on move up */
void table_list_free(table_list *list);

/* Columns aligned, numbers rounded for reading. */
void table_print(const result_table *one, FILE *out);

/* The tables as a JSON array of {"name", "title", "columns": [{"name", "unit"}], "rows": [[...]]}, cells text, numbers, or null for unknown; with a manifest
 * {"manifest": ..., "tables": [...]}. Free it. */
char *tables_text(const table_list *list, const json_t *manifest);

/* Write tables to a path: *.json all of them in one document; else the first as CSV under this name and the others beside it as NAME-TABLE.csv. "-" is
 * standard output. ready: tables_text of them where somebody has it already, or NULL. */
bool tables_write(const table_list *list, const char *path, const char *ready, failure *why);
bool tables_are_json(const char *path);

/* A document's text, members in the order they were made, ends with a line feed; free it. */
char *json_text(const json_t *document);
