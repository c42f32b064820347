/* The signed checkpoint of a store's log: signed once for each size, kept with the lines of witnesses. The store knows no keys, the log room no store;
 * here they meet. */
#pragma once

#include "log/checkpoint.h"
#include "store/store.h"

/* The newest checkpoint: as it was kept, with its witnesses, or signed now and kept, so that nobody can sign another for the same size. *size (may be
 * NULL): of the log. NULL with an error: nothing is signed that does not continue what was signed before. Free with g_free. */
char *notary_checkpoint(store *s, store_reader *r, const note_key *key, guint64 *size, GError **error);

/* The checkpoint of an earlier size, with the log's own signature and no other: the same bytes whenever it is asked for, as long as the key is the same. */
char *notary_past(store *s, store_reader *r, const note_key *key, guint64 size, GError **error);

/* Adds a witness's signature lines to the checkpoint that is kept for this size, if they hold: only lines of that witness are taken. FALSE with an error. */
gboolean notary_add(store *s, store_reader *r, guint64 size, const char *lines, const note_key *witness, GError **error);
