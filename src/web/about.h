/* What handlers know besides the reader of their worker: the store that answers them, and the key that signs its log. */
#pragma once

#include "log/note.h"
#include "web/request.h"
#include "web/shelf.h"

typedef struct site_about {
	store *records;
	const note_key *key; /* NULL: the log is not signed here */
	shelf *shelf;        /* NULL: no data packs are offered */
} site_about;

static inline store *about_records(const request *r)
{
	return ((const site_about *)request_about(r))->records;
}

static inline shelf *about_shelf(const request *r)
{
	return ((const site_about *)request_about(r))->shelf;
}

static inline const note_key *about_key(const request *r)
{
	return ((const site_about *)request_about(r))->key;
}
