/* How many requests a client may make: for each address a bucket that empties with every request and fills at a steady pace (GCRA, ITU-T I.371; kept as
 * one time a client). The table is of fixed size: when it is full, whoever has the fullest bucket of a set is forgotten, which costs that client nothing
 * it had. For one thread only: the event thread's. */
#pragma once

#include <glib.h>
#include <sys/socket.h>

typedef struct client_limit client_limit;

typedef struct limit_state {
	guint remaining;   /* requests that are still free to be made at once */
	guint full_after;  /* seconds until the bucket is full again */
	guint retry_after; /* seconds until the next request is free; 0: this one was */
} limit_state;

/* per_minute: the pace; burst: how many at once. */
client_limit *limit_new(guint per_minute, guint burst);
void limit_free(client_limit *l);
/* A request of this client at this time (monotonic microseconds); TRUE: it may be answered. */
gboolean limit_take(client_limit *l, const guint8 client[16], gint64 now, limit_state *state);
/* The quota as the header RateLimit-Policy says it (draft-ietf-httpapi-ratelimit-headers-10, 3): "default";q=600;w=30. Lives as long as the limit. */
const char *limit_policy(const client_limit *l);

/* Who a request counts for: the address, of IPv6 the network /64. forwarded: the address that a trusted proxy saw,
 * or NULL. FALSE: nobody, for it comes from the machine itself. */
gboolean limit_client(const struct sockaddr *from, const char *forwarded, guint8 client[static 16]);
