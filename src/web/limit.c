#include "web/limit.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

#define SETS 2048 /* power of two */
#define WAYS 8
#define MINUTE (60 * G_USEC_PER_SEC)

typedef struct bucket {
	guint8 client[16];
	gint64 full_at; /* when it will be full again; 0: unused */
} bucket;

struct client_limit {
	guint burst;
	gint64 pace; /* microseconds a request */
	char policy[64];
	guint8 key[crypto_shorthash_KEYBYTES]; /* nobody can choose addresses that fall into one set */
	bucket sets[SETS][WAYS];
};

client_limit *limit_new(guint per_minute, guint burst)
{
	client_limit *l = g_new0(client_limit, 1);
	l->burst = burst;
	l->pace = MAX(MINUTE / per_minute, 1);
	g_snprintf(l->policy, sizeof l->policy, "\"default\";q=%u;w=%" G_GINT64_FORMAT, burst, MAX((burst * l->pace + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, 1));
	crypto_shorthash_keygen(l->key);
	return l;
}

void limit_free(client_limit *l)
{
	g_free(l);
}

const char *limit_policy(const client_limit *l)
{
	return l->policy;
}

/* The client's bucket, or the fullest of its set, to be taken over. */
static bucket *find(client_limit *l, const guint8 client[16])
{
	guint64 hash;
	crypto_shorthash((guint8 *)&hash, client, 16, l->key);
	bucket *set = l->sets[hash % SETS], *fullest = set;
	for (guint i = 0; i < WAYS; i++) {
		if (set[i].full_at && memcmp(set[i].client, client, 16) == 0)
			return &set[i];
		if (set[i].full_at < fullest->full_at)
			fullest = &set[i];
	}
	*fullest = (bucket){ .full_at = 0 };
	memcpy(fullest->client, client, 16);
	return fullest;
}

static guint seconds_up(gint64 microseconds)
{
	return (guint)((MAX(microseconds, 0) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

gboolean limit_take(client_limit *l, const guint8 client[16], gint64 now, limit_state *state)
{
	bucket *b = find(l, client);
	gint64 full_at = MAX(b->full_at, now), room = l->burst * l->pace - (full_at - now);
	gboolean allowed = room >= l->pace;
	b->full_at = allowed ? full_at + l->pace : full_at;
	state->remaining = (guint)(MAX(allowed ? room - l->pace : room, 0) / l->pace);
	state->full_after = seconds_up(b->full_at - now);
	state->retry_after = allowed ? 0 : MAX(seconds_up(l->pace - room), 1);
	return allowed;
}

/* ---- who it is ---- */

static void take_v4(const void *bytes, guint8 client[static 16])
{
	memset(client, 0, 10);
	memset(client + 10, 0xff, 2); /* RFC 4291, 2.5.5.2 */
	memcpy(client + 12, bytes, 4);
}

static void take_v6(const void *bytes, guint8 client[static 16])
{
	memcpy(client, bytes, 16);
	if (!IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)bytes))
		memset(client + 8, 0, 8);
}

/* FALSE: that is no address. */
static gboolean read_forwarded(const char *forwarded, guint8 client[static 16])
{
	char text[INET6_ADDRSTRLEN + 1];
	struct in6_addr v6;
	struct in_addr v4;
	g_strlcpy(text, forwarded, sizeof text);
	text[strcspn(text, " \t")] = '\0';
	if (inet_pton(AF_INET, text, &v4) == 1)
		take_v4(&v4, client);
	else if (inet_pton(AF_INET6, text, &v6) == 1)
		take_v6(&v6, client);
	else
		return FALSE;
	return TRUE;
}

gboolean limit_client(const struct sockaddr *from, const char *forwarded, guint8 client[static 16])
{
	if (forwarded && read_forwarded(forwarded, client))
		return TRUE;
	if (from && from->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)(gconstpointer)from;
		take_v4(&v4->sin_addr, client);
		return ntohl(v4->sin_addr.s_addr) >> 24 != 127;
	}
	if (from && from->sa_family == AF_INET6) {
		const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(gconstpointer)from)->sin6_addr;
		take_v6(v6, client);
		return !IN6_IS_ADDR_LOOPBACK(v6) && !(IN6_IS_ADDR_V4MAPPED(v6) && client[12] == 127);
	}
	return FALSE;
}
