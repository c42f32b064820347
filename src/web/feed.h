/* What was published, changed and withdrawn, as a feed: Atom (RFC 4287, paged as RFC 5005) and JSON Feed 1.1. /feed takes the parameters of the
 * search, /KINDS.atom those of the list, /KINDS/ID.atom is one record's. Newest first; an entry is a revision, and its id the revision's hash as an
 * address (RFC 6920, 7), the same wherever the record is read. */
#pragma once

#include "record/kind.h"
#include "web/response.h"

void feed_answer(const request *r, response *out);                               /* /feed.atom, /feed.json */
void feed_list(const request *r, response *out, const kind *k);                  /* .atom of a list */
void feed_one(const request *r, response *out, const kind *k, const char *id);   /* .atom of a record */

#define FEED_PAGE 50 /* entries, unless per-page says otherwise */
#define FEED_MOST 200
