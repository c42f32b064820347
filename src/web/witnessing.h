/* A witness as a web site of its own: POST /add-checkpoint (C2SP tlog-witness), GET / for people. What it saw last of each log is a file, made durable
 * before an answer is sent. */
#pragma once

#include "log/witness.h"
#include "web/route.h"

typedef struct witnessing {
	const char *folder;     /* where its memory lies */
	const note_key *key;    /* of the witness: NOTE_COSIGNATURE */
	note_key *const *logs;  /* the logs it knows, by their public keys */
	gsize n_logs;
	GMutex lock;            /* checking and remembering are one step */
} witnessing;

/* The routes of such a site; its http_site.about is a witnessing. */
extern const route witnessing_routes[];
extern const gsize witnessing_routes_count;

