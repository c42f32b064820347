/* Witnesses: who saw that a log only ever grew. The log sends its newest checkpoint with a proof that it continues the one the witness saw
 * last; the witness checks and cosigns. Source: C2SP tlog-witness (request and answers of add-checkpoint), C2SP tlog-cosignature. */
#pragma once

#include "log/checkpoint.h"

/* What a witness remembers of one log: the newest checkpoint it cosigned. */
typedef struct witness_memory {
	guint64 size; /* 0: none yet */
	merkle_hash root;
} witness_memory;

/* A request's body: old size, proof, checkpoint. Free with g_free. */
char *witness_request(guint64 old, const merkle_hash *proof, guint n, const char *signed_checkpoint);

typedef enum witness_answer {
	WITNESS_OK = 200,
	WITNESS_BAD_REQUEST = 400,   /* not in the form, or old size above the checkpoint's */
	WITNESS_FORBIDDEN = 403,     /* not signed with the log's key */
	WITNESS_UNKNOWN = 404,       /* another log */
	WITNESS_CONFLICT = 409,      /* the witness saw another size last: body is that size */
	WITNESS_INCONSISTENT = 422   /* the proof does not hold: the log rewrote its history, or the proof is broken */
} witness_answer;

/* Checks a request against what the witness remembers of the log with this key. On WITNESS_OK *memory is the new state, which must be made
 * durable before *body is sent: the cosignature line. Otherwise *memory is as before and *body says why (for WITNESS_CONFLICT: the size).
 * now: seconds since 1970. *body is freed with g_free. */
witness_answer witness_add(const char *request, gsize length, const note_key *log, const note_key *witness, gint64 now, witness_memory *memory, char **body);
