#include "base/cells.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>

/* Piece sizes are malloc's: 24, 40, 56 ... bytes; a class is one of them. */
#define STEP 16
#define OVER 8
#define CLASSES 17
#define LARGEST ((CLASSES - 1) * STEP + OVER)
#define KEPT_MOST 4096 /* of a class, what a large page has; more goes to free */

/* A piece that was given back holds the next one. */
typedef struct piece {
	struct piece *next;
} piece;

typedef struct cells {
	piece *first[CLASSES];
	guint n[CLASSES];
} cells;

static __thread cells *mine;

static void free_all(gpointer data)
{
	cells *c = data;
	mine = NULL;
	for (gsize i = 0; i < CLASSES; i++)
		for (piece *p = c->first[i], *next; p; p = next) {
			next = p->next;
			free(p);
		}
	g_free(c);
}

static GPrivate of_thread = G_PRIVATE_INIT(free_all); /* the same as mine, freed with the thread */

static cells *begin(void)
{
	mine = g_new0(cells, 1);
	g_private_set(&of_thread, mine);
	return mine;
}

void *cells_take(size_t size)
{
	cells *c = mine ? mine : begin();
	if (size > LARGEST)
		return malloc(size);
	gsize class = MAX((size + STEP - OVER - 1) / STEP, 1), whole = class * STEP + OVER;
	piece *p = c->first[class];
	if (!p)
		return malloc(whole);
	c->first[class] = p->next;
	c->n[class]--;
	__builtin_prefetch(p->next, 1); /* pieces lie anywhere: the next one comes while this one is filled */
	return p;
}

void cells_give(void *given)
{
	cells *c = mine ? mine : begin();
	gsize size = malloc_usable_size(given), class = size < STEP + OVER ? CLASSES : (size - OVER) / STEP;
	if (class >= CLASSES || c->n[class] == KEPT_MOST) {
		free(given);
		return;
	}
	piece *p = given;
	p->next = c->first[class];
	c->first[class] = p;
	c->n[class]++;
}

void cells_use(void)
{
#ifndef __SANITIZE_ADDRESS__
	json_set_alloc_funcs(cells_take, cells_give);
#endif
}
