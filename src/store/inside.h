/* What the files of the store share about an open store. */
#pragma once

#include "store/index.h"
#include "store/posting.h"

typedef struct writer writer;

struct store {
	char *path;
	postings *postings;
	GMutex lock; /* of current */
	index_t *current;
	gsize rows_most; /* bytes of text rows, of lock too */
	GMutex refresh; /* held while a newer index is made */
	GMutex watching; /* of watch and watched: other processes may write to the same file */
	database watch;
	gint64 watched;
	writer *writer;
};

struct store_reader {
	store *s;
	database d;
	index_t *index; /* during a view */
	guint views;    /* begun and not ended; those within another one see what it sees */
};

/* A view: a transaction and the index of exactly its generation. Every begun view must be ended; one may lie within another. */
gboolean view_begin(store_reader *r, GError **error);
void view_end(store_reader *r);

/* Makes the current index that of d's transaction, or finds that it already is. NULL without an error: the current one is newer. */
index_t *store_index(store *s, database *d, GError **error);
/* Puts an index in the place of the current one, whatever its generation; takes it over. */
void store_set_index(store *s, index_t *x);
/* In one transaction: what fill puts into the database, the words tidied, and the index made anew. FALSE: all is as it was. Of the writer's thread. */
typedef gboolean store_fill(database *d, gpointer data, GError **error);
gboolean store_refill(store *s, database *d, store_fill *fill, gpointer data, GError **error);

/* The record of a document of the view, with only these members of its body (NULL: all). */
record *document_read(store_reader *r, guint document, const char *const *members, GError **error);
/* The same for a test that looks at these members and at id, revision and time; quicker where no revision must be read for them. */
record *document_read_for(store_reader *r, guint document, const char *const *members, GError **error);

/* Seconds since 1970 as a time text of the years 0000 to 9999 (RFC 3339, UTC). */
#define TIME_TEXT 21
void time_text(gint64 seconds, char text[static TIME_TEXT]);
/* The end of an as-of day as seconds since 1970 and as a time text; FALSE with an error for what is not a day. */
gboolean time_of_day_end(const char *day, gint64 *seconds, char text[static 21], GError **error);

/* Brings the log's tree up to all its entries. Needs a transaction. */
gboolean log_grow(database *d, GError **error);
/* Compares entries, tiles and checkpoints with the revisions; calls found with a sentence for each fault. FALSE: could not look. */
gboolean log_check(database *d, void (*found)(gpointer data, const char *says), gpointer data, GError **error);

/* Keeps a file, from now on or as if it had been there all the time, and gives its SHA-256. */
gboolean file_insert(database *d, GBytes *bytes, const char *media_type, gboolean now, char sha256[static 65], GError **error);

/* The writing thread. A job runs on its connection, alone, outside a transaction. */
typedef gboolean (*writer_job)(store *s, database *d, gpointer data, GError **error);
writer *writer_start(store *s, database *d); /* takes the connection over */
void writer_stop(writer *w);                 /* after all that was accepted is done; closes the connection */
gboolean writer_run(writer *w, writer_job job, gpointer data, GError **error);
