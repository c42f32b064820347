#include "base/pool.h"

#include <string.h>

#define BLOCK_BYTES (16u * 1024)
#define ALIGNED(size) (((size) + sizeof(gpointer) - 1) & ~(sizeof(gpointer) - 1))

typedef struct block {
	struct block *before;
	gsize used, size;
	gpointer bytes[];
} block;

struct pool {
	block *newest;
};

pool *pool_new(void)
{
	return g_new0(pool, 1);
}

void pool_empty(pool *p)
{
	for (block *b = p->newest, *before; b; b = before) {
		before = b->before;
		g_free(b);
	}
	p->newest = NULL;
}

void pool_free(pool *p)
{
	pool_empty(p);
	g_free(p);
}

/* A block of its own for what is larger than one, under the newest, which still has room. */
static block *add_block(pool *p, gsize size)
{
	gboolean large = size > BLOCK_BYTES / 4;
	gsize room = large ? size : BLOCK_BYTES;
	if (room > G_MAXSIZE - sizeof(block))
		g_error("a page wants %" G_GSIZE_FORMAT " bytes at once", size);
	block *b = g_malloc(sizeof(block) + room);
	*b = (block){ .size = room };
	block **at = large && p->newest ? &p->newest->before : &p->newest;
	b->before = *at;
	*at = b;
	return b;
}

static gpointer take(pool *p, gsize size)
{
	block *b = p->newest;
	if (!b || size > b->size - b->used)
		b = add_block(p, size);
	gpointer taken = (char *)b->bytes + b->used;
	b->used += size;
	return taken;
}

gpointer pool_take(pool *p, gsize size)
{
	if (size > G_MAXSIZE - sizeof(gpointer))
		g_error("a page wants %" G_GSIZE_FORMAT " bytes at once", size);
	return memset(take(p, ALIGNED(size)), 0, size);
}

char *pool_text(pool *p, const char *text, gsize length)
{
	char *copy = take(p, ALIGNED(length + 1));
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *pool_join(pool *p, const char *first, ...)
{
	va_list arguments, again;
	gsize length = 0;
	va_start(arguments, first);
	va_copy(again, arguments);
	for (const char *text = first; text; text = va_arg(arguments, const char *))
		length += strlen(text);
	char *whole = take(p, ALIGNED(length + 1)), *end = whole;
	*end = '\0';
	for (const char *text = first; text; text = va_arg(again, const char *))
		end = stpcpy(end, text);
	va_end(again);
	va_end(arguments);
	return whole;
}
