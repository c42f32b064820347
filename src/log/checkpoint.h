/* What a log says of itself at one size, and the proof that one entry is in it.
 * Sources: C2SP tlog-checkpoint, C2SP tlog-proof. */
#pragma once

#include "base/merkle.h"
#include "log/note.h"

typedef struct checkpoint {
	char *origin; /* names the log, for ever */
	guint64 size;
	merkle_hash root;
} checkpoint;

void checkpoint_clear(checkpoint *c);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(checkpoint, checkpoint_clear)

/* The text that is signed: origin, size, root, a line each. Free with g_free. */
char *checkpoint_text(const checkpoint *c);
/* From a note's text; lines after the third are let pass. FALSE with an error that says which line is wrong. */
gboolean checkpoint_parse(const char *text, checkpoint *out, GError **error);

/* Signs the tree of `size` entries, for the log that the key names. kept: what was signed last (a note, NULL: nothing yet): a tree that does not
 * continue it is not signed, whatever happened to the database. Gives the note, free with g_free; NULL with an error. */
char *checkpoint_sign(const merkle_tiles *tiles, guint64 size, const note_key *key, const char *kept, GError **error);

/* A proof as a file: which entry, the hashes beside its way, the signed checkpoint. */
typedef struct log_proof {
	guint64 index;
	merkle_hash path[MERKLE_PROOF];
	guint n;
	char *note;  /* the signed checkpoint as it stands */
	char *extra; /* what the file says besides, decoded, not trusted; NULL for nothing */
} log_proof;

void log_proof_clear(log_proof *p);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(log_proof, log_proof_clear)

/* The bytes of a .tlog-proof file. Free with g_free. */
char *log_proof_text(const log_proof *p);
gboolean log_proof_parse(const char *bytes, gsize length, log_proof *out, GError **error);

/* Does it prove that the entry is in the log of this key? The checkpoint is signed, its origin is the key's name, and the path leads to its
 * root. FALSE with the first thing that does not hold. */
gboolean log_proof_holds(const log_proof *p, const void *entry, gsize length, const note_key *key, GError **error);

/* A decimal number without sign or leading zeros, a base64 hash: how logs write them in lines. FALSE for anything else. */
gboolean log_number_parse(const char *text, guint64 *out);
gboolean log_hash_parse(const char *text, merkle_hash *out);
char *log_hash_text(const merkle_hash *hash); /* free with g_free */

typedef enum log_error { LOG_ERROR_FORM, LOG_ERROR_FALSE } log_error;
#define LOG_ERROR (log_error_quark())
GQuark log_error_quark(void);
