/* Signed notes: a text and the signatures under it, as lines that people can read and copy.
 * Sources: C2SP signed-note (format, key names and ids, Ed25519), C2SP tlog-cosignature (a witness signs the time as well). */
#pragma once

#include <glib.h>

typedef enum note_algorithm {
	NOTE_ED25519 = 0x01,    /* of the log */
	NOTE_COSIGNATURE = 0x04 /* of a witness: Ed25519 over "cosignature/v1", the time and the text */
} note_algorithm;

#define NOTE_BYTES (64 * 1024) /* the longest note that is read */
#define NOTE_SIGNATURES 64     /* the most signatures that are read */

/* A key that can check and, if it is the whole key, sign. Holds the secret in memory that is wiped when it is freed. */
typedef struct note_key note_key;

/* A new key under a name like "example.org/land" (no spaces, no plus). NULL with an error for a bad name. */
note_key *note_key_new(const char *name, note_algorithm algorithm, GError **error);
/* From "PRIVATE+KEY+name+id+base64" or "name+id+base64", the forms of Go's sumdb/note. NULL with an error that does not quote the secret. */
note_key *note_key_parse(const char *text, GError **error);
void note_key_free(note_key *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(note_key, note_key_free)

const char *note_key_name(const note_key *key);
gboolean note_key_signs(const note_key *key); /* it is a whole key */
char *note_key_public(const note_key *key);   /* "name+id+base64"; free with g_free */
char *note_key_secret(const note_key *key);   /* "PRIVATE+KEY+..."; NULL if it does not sign; free with note_wipe */
void note_wipe(char *secret);                 /* overwrites and frees */

/* The signature line under a text, newline at its end. time: seconds since 1970, for cosignatures; otherwise ignored. Free with g_free. */
char *note_sign(const note_key *key, const char *text, gint64 time);

/* A note taken apart. */
typedef struct note_signature {
	char *name;
	guint8 id[4];
	guint8 *bytes; /* after the id */
	gsize length;
	char *line;    /* as it stands, without newline */
} note_signature;

typedef struct note {
	char *text; /* with its last newline */
	note_signature *signatures;
	gsize n;
} note;

/* NULL with an error that says what is wrong with the form. Nothing is checked yet. */
note *note_parse(const char *bytes, gsize length, GError **error);
void note_free(note *n);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(note, note_free)

typedef enum note_verdict { NOTE_UNSIGNED, NOTE_SIGNED, NOTE_FORGED } note_verdict;
/* Did this key sign the text? FORGED: a line claims so and does not hold. *time (may be NULL): when, for a cosignature; else 0. */
note_verdict note_verify(const note *n, const note_key *key, gint64 *time);

#define NOTE_ERROR (note_error_quark())
typedef enum note_error { NOTE_ERROR_FORM, NOTE_ERROR_KEY } note_error;
GQuark note_error_quark(void);
