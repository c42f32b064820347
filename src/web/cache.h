/* Rendered, compressed answers by address, language and encoding; true while the store's generation is the one they were made from. Bounded by
 * bytes; the one asked for longest ago goes first. Any thread. */
#pragma once

#include "web/finish.h"

typedef struct cache cache;

cache *cache_new(gsize bytes);
void cache_free(cache *c);
/* A reference to the answer, or NULL. */
answer *cache_find(cache *c, const char *key, guint64 generation);
void cache_keep(cache *c, const char *key, answer *a);
void cache_size(cache *c, guint *entries, gsize *bytes);
