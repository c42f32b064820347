/* Records as a table (RFC 4180 CSV, UTF-8): one row a record, one column a field by its dotted path; entry i of a repeated group is
 * "results.1.value"; repeated terms, references and years are joined with ";"; other repeated values are "lessons.1". A geometry is its
 * GeoJSON. First column: id. A text that a spreadsheet would take for a formula has an apostrophe before it, which reading takes off. */
#pragma once

#include "record/record.h"

/* Header and rows of these bodies; free with g_string_free. ids[i] belongs to bodies[i]. Without bodies: a header to fill in. */
GString *table_write(const kind *k, const char *const *ids, json_t *const *bodies, gsize n);

/* The same for records that are never in memory together: each is seen, for the columns there will be; then the header; then a row for each. Both append. */
typedef struct table_columns table_columns;
table_columns *table_columns_new(const kind *k);
void table_columns_free(table_columns *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(table_columns, table_columns_free)
void table_columns_see(table_columns *t, const json_t *body);
void table_header(table_columns *t, GString *out);
void table_row(const table_columns *t, GString *out, const char *id, const json_t *body);

/* Reads a table back: an array of {"id":..., "body":{...}}, bodies normalised; new reference. Every fault of the text goes into faults
 * (pointer "/ROW/COLUMN", rows counted from 1 with the header). */
json_t *table_read(const kind *k, const char *text, gsize length, GPtrArray *faults);

/* Data dictionary of one kind as Markdown: field, type, unit, vocabulary, required, definition. */
GString *kind_dictionary(const kind *k);
