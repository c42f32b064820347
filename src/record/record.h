/* A record as it is kept: the body a kind declares, in an envelope that says which revision of what it is, since when, by whom and why.
 * A published revision's canonical JSON (RFC 8785) is its identity: the SHA-256 of those bytes names it. */
#pragma once

#include "record/kind.h"

typedef enum record_state { RECORD_DRAFT, RECORD_SUBMITTED, RECORD_IN_REVIEW, RECORD_PUBLISHED, RECORD_WITHDRAWN } record_state;
extern const char *const record_state_names[]; /* "draft" "submitted" "in review" "published" "withdrawn" */

typedef struct record {
	const kind *kind;
	char *id;          /* slug: [a-z0-9]+(-[a-z0-9]+)*, at most 120 bytes */
	guint revision;    /* from 1, counted per record over all its revisions */
	record_state state;
	char *time;        /* UTC, RFC 3339, whole seconds: when this revision came to be */
	char *author;      /* id of the organisation or role that answers for it; never a person's name */
	char *reason;      /* why it changed; NULL for none */
	char *previous;    /* hash of the revision before, NULL for the first */
	json_t *body;
	char hash[65];     /* SHA-256 of the canonical envelope, lower-case hexadecimal */
} record;

void record_free(record *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(record, record_free)
record *record_copy(const record *r);

/* The envelope as JSON: {"kind","id","revision","state","time","author","reason"?,"previous"?,"body"}; new reference. */
json_t *record_to_json(const record *r);
/* From the envelope's JSON; hash computed. NULL with an error that says what is missing. */
record *record_from_json(const json_t *envelope, GError **error);
/* From bytes known to be canonical, as the store keeps them: the hash is taken over them as they are. */
record *record_from_canonical(const char *bytes, gsize length, GError **error);
/* The same from an excerpt of them (store/excerpt.h), with the hash of the whole. */
record *record_from_excerpt(const char *bytes, gsize length, const char *hash, GError **error);
/* Canonical bytes of the envelope; sets r->hash. Free with g_free. */
char *record_canonical(record *r, gsize *length, GError **error);

/* What the log holds of a revision: its canonical bytes, or where these are longer than RECORD_ENTRY_BYTES (all that a log of the form C2SP
 * tlog-tiles can hold) "sha256:" and their hash. Gives the entry, in the bytes given or in the buffer, and its length. */
#define RECORD_ENTRY_BYTES 65535
const char *record_entry(const char *canonical, gsize length, char buffer[static 72], gsize *entry_length);

/* Title and summary by the kind's declaration; borrowed, "" if absent. */
const char *record_title(const record *r);
const char *record_summary(const record *r);

gboolean id_is_valid(const char *id);
/* A slug made of a text ("Giant Mine, NWT" -> "giant-mine-nwt"), transliterated; free with g_free. */
char *id_from_text(const char *text);
