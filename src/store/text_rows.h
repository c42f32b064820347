/* Rows of the table text, kept in memory: what searches show of documents, and the texts their snippets are cut from. A search takes them from here in a small part of the time that
 * the database takes, and without the disk. */
#pragma once

#include "store/database.h"

/* Its texts end with NUL and are never changed. */
typedef struct text_row {
	struct text_slab *slab; /* where it lies; of text_rows */
	guint document, revision;
	gsize size; /* bytes in all */
	const char *id, *title, *summary;       /* shown */
	const canonical_leaf *brief;
	gboolean brief_is_readable;
	const char *found_summary, *found_body; /* searched */
	gpointer bytes[];
} text_row;

void text_row_release(const text_row *row);

/* The rows of one database while its documents keep their numbers. All threads may use them at once. */
typedef struct text_rows text_rows;

#define TEXT_ROWS_BYTES ((gsize)512 << 20) /* where nobody says otherwise */
/* most: bytes in all; when they are full, those kept first go. */
text_rows *text_rows_new(gsize most);
text_rows *text_rows_hold(text_rows *t);
void text_rows_release(text_rows *t);
void text_rows_limit(text_rows *t, gsize most);

/* A document's row, held for the caller; NULL: it is not kept. */
const text_row *text_rows_get(text_rows *t, guint document);
/* The same from a row of SQL_HIT_TEXT, which is kept if there is room; p: for what is needed on the way. */
const text_row *text_rows_add(text_rows *t, guint document, sqlite3_stmt *row, pool *p);
