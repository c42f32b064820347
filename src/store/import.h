/* Records from outside: read from files of several forms, cleaned, checked all together, and written all or none.
 *
 * JSON: an array (or one) of {"id","body"}, of {"kind","id","body"}, of whole envelopes as export gives them, or of items in the form the
 * compilation was collected in (record/collected.h). CSV: a table of one kind (record/table.h).
 */
#pragma once

#include "store/store.h"

#define IMPORT_FILE_BYTES (64u * 1024 * 1024)

/* What is wrong, where (file, record, JSON pointer), and what to do. */
typedef struct import_fault {
	char *file;    /* name as given */
	char *record;  /* id, or the place in the file: "record 3"; NULL: the file itself */
	char *pointer; /* into the body, or the table: "/2/country"; may be empty */
	char *message, *remedy;
} import_fault;

typedef struct import import;

typedef struct import_counts {
	guint added, changed, unchanged;
} import_counts;

/* An import into the store behind this reader, which must stay open. author answers for the revisions. */
import *import_new(store *s, store_reader *r, const char *author);
void import_free(import *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(import, import_free)

/* Reads a file (by its ending .json or .csv) or its text. kind_name: what the records are; NULL: as they say themselves, or as the file is
 * called ("cases.csv"). What is wrong with the contents goes to the faults; FALSE only for a file that cannot be read. */
gboolean import_file(import *m, const char *path, const char *kind_name, GError **error);
void import_text(import *m, const char *name, const char *text, gsize length, gboolean table, const char *kind_name);
/* One record, {"id","body"}; `where` is what messages call its place: "permits.geojson, feature 12". */
void import_item(import *m, const char *where, const kind *k, const json_t *item);
/* Notes a fault that the caller found. which (the record), pointer and remedy may be NULL. */
void import_found(import *m, const char *file, const char *which, const char *pointer, const char *message, const char *remedy);
/* The compilation that ships with the program. */
void import_content(import *m);

/* Everything found so far: array of import_fault *. */
const GPtrArray *import_faults(const import *m);

/* Checks all records, with references to each other and into the store. Counts what would happen; nothing is written yet. */
gboolean import_check(import *m, gboolean publish, import_counts *counts, GError **error);
/* Writes what import_check found, in one transaction. Published, or as drafts. There must be no faults. */
gboolean import_write(import *m, GError **error);
