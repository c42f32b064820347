/* A response as libmicrohttpd sends it: headers, compression, ETag. Answers are shared: kept by the page cache and by connections. */
#pragma once

#include <microhttpd.h>

#include "web/assets.h"
#include "web/exchange.h"
#include "web/limit.h"

typedef struct answer {
	struct MHD_Response *full;
	gboolean kept; /* by clients: one that has it is told that it is unchanged */
	unsigned status;
	char etag[40];
	gint64 modified; /* seconds since 1970; 0: not said */
	GBytes *body; /* NULL: none */
	piece piece; /* instead of a body, if its length is not 0 */
	gsize size;
	guint64 generation; /* of the store it was made from */
} answer;

answer *answer_new(const request *r, response *out, encoding e);
/* A static file, in the best encoding both sides know. */
answer *answer_asset(asset *a, encoding e);
answer *answer_plain(const http_site *site, unsigned status, const char *text, guint retry_after);
/* The 304 in place of an answer: made when it is asked for, since most never are and its headers would take as much memory as a page. Free with
 * MHD_destroy_response. */
struct MHD_Response *answer_unchanged(const answer *a);
/* An answer, or its 304, for one client, with what it is told of its limit: RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After. Free
 * with MHD_destroy_response. */
struct MHD_Response *answer_told(const answer *a, gboolean unchanged, const char *policy, const limit_state *left);
answer *answer_ref(answer *a);
void answer_unref(answer *a);

/* The best encoding of an Accept-Encoding header (RFC 9110, 12.5.3) up to `best`. */
encoding encoding_accepted(const char *accept_encoding, encoding best);
/* Does If-None-Match name this ETag (weak comparison, RFC 9110, 13.1.2)? */
gboolean etag_matches(const char *if_none_match, const char *etag);
/* Does the client have it already: by If-None-Match, or without that by If-Modified-Since (RFC 9110, 13.2.2)? */
gboolean answer_is_unchanged(const answer *a, const request *r);
