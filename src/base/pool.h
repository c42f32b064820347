/* Memory of one piece of work, such as a page: taken bit by bit, given back all at once. For one thread at a time. */
#pragma once

#include <glib.h>

typedef struct pool pool;

pool *pool_new(void);
void pool_free(pool *p);
/* Gives back all that was taken; the pool can be used on. */
void pool_empty(pool *p);
/* So many bytes, zero, aligned for any pointer; never NULL. */
gpointer pool_take(pool *p, gsize size);
/* The text with a NUL behind it. */
char *pool_text(pool *p, const char *text, gsize length);
/* Texts one after the other, up to a NULL. */
char *pool_join(pool *p, const char *first, ...) G_GNUC_NULL_TERMINATED;
