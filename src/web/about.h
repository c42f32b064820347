/* What handlers know besides the reader of their worker: the store that answers them, and the key that signs its log. */
#pragma once

#include "log/note.h"
#include "web/request.h"

typedef struct site_about {
	store *records;
	const note_key *key; /* NULL: the log is not signed here */
} site_about;

static inline store *about_records(const request *r)
{
	return ((const site_about *)request_about(r))->records;
}

static inline const note_key *about_key(const request *r)
{
	return ((const site_about *)request_about(r))->key;
}
