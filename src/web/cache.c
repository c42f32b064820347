#include "web/cache.h"

#include <string.h>

#define ENTRY_BYTES 3584 /* what an entry takes beside its body, measured: a dozen headers, key, bookkeeping */

typedef struct entry {
	char *key;
	answer *answer;
	gsize bytes;
	GList link;
} entry;

struct cache {
	GMutex lock;
	GHashTable *entries; /* key -> entry */
	GQueue order;        /* last used first */
	gsize bytes, limit;
};

cache *cache_new(gsize bytes)
{
	cache *c = g_new0(cache, 1);
	g_mutex_init(&c->lock);
	c->entries = g_hash_table_new(g_str_hash, g_str_equal);
	c->limit = bytes;
	return c;
}

static void drop(cache *c, entry *e)
{
	g_hash_table_remove(c->entries, e->key);
	g_queue_unlink(&c->order, &e->link);
	c->bytes -= e->bytes;
	answer_unref(e->answer);
	g_free(e->key);
	g_free(e);
}

void cache_free(cache *c)
{
	while (c->order.head)
		drop(c, c->order.head->data);
	g_hash_table_unref(c->entries);
	g_mutex_clear(&c->lock);
	g_free(c);
}

answer *cache_find(cache *c, const char *key, guint64 generation)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&c->lock);
	entry *e = g_hash_table_lookup(c->entries, key);
	if (!e)
		return NULL;
	if (e->answer->generation != generation) {
		drop(c, e);
		return NULL;
	}
	g_queue_unlink(&c->order, &e->link);
	g_queue_push_head_link(&c->order, &e->link);
	return answer_ref(e->answer);
}

void cache_keep(cache *c, const char *key, answer *a)
{
	gsize bytes = a->size + strlen(key) + ENTRY_BYTES;
	if (bytes > c->limit / 8)
		return;
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&c->lock);
	entry *old = g_hash_table_lookup(c->entries, key);
	if (old)
		drop(c, old);
	while (c->bytes + bytes > c->limit)
		drop(c, c->order.tail->data);
	entry *e = g_new0(entry, 1);
	e->key = g_strdup(key);
	e->answer = answer_ref(a);
	e->bytes = bytes;
	e->link.data = e;
	c->bytes += bytes;
	g_hash_table_insert(c->entries, e->key, e);
	g_queue_push_head_link(&c->order, &e->link);
}

void cache_size(cache *c, guint *entries, gsize *bytes)
{
	g_autoptr(GMutexLocker) held G_GNUC_UNUSED = g_mutex_locker_new(&c->lock);
	*entries = g_hash_table_size(c->entries);
	*bytes = c->bytes;
}
