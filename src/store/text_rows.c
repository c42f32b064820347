#include "store/text_rows.h"

#include <string.h>

/* Rows are kept in slabs and go with their slab: a heap of as many small pieces would never shrink. */
#define SLAB_BYTES ((gsize)1 << 20)
#define ROW_BYTES_KEPT (SLAB_BYTES / 16) /* what is longer is made for its caller alone */
#define ALIGNED(size) (((size) + sizeof(gpointer) - 1) & ~(sizeof(gpointer) - 1))

typedef struct text_slab {
	gatomicrefcount references; /* of who keeps it and of each row that somebody holds */
	struct text_slab *next;     /* younger */
	gsize used;
	gpointer bytes[];
} text_slab;

struct text_rows {
	gatomicrefcount references;
	GMutex lock; /* of all that follows */
	GPtrArray *of; /* by document; NULL: not kept */
	text_slab *oldest, *newest;
	gsize slabs, most;
};

/* What lies so many bytes from the beginning; they are whole pointers. */
static text_row *row_at(text_slab *slab, gsize bytes)
{
	return (text_row *)&slab->bytes[bytes / sizeof *slab->bytes];
}

static text_slab *slab_new(gsize size)
{
	text_slab *slab = g_malloc(sizeof(text_slab) + size);
	g_atomic_ref_count_init(&slab->references);
	slab->next = NULL;
	slab->used = 0;
	return slab;
}

static void slab_release(text_slab *slab)
{
	if (g_atomic_ref_count_dec(&slab->references))
		g_free(slab);
}

void text_row_release(const text_row *row)
{
	if (row)
		slab_release(row->slab);
}

/* ---- what is kept ---- */

static void drop_oldest(text_rows *t)
{
	text_slab *slab = t->oldest;
	for (gsize at = 0; at < slab->used;) {
		const text_row *row = row_at(slab, at);
		t->of->pdata[row->document] = NULL;
		at += row->size;
	}
	t->oldest = slab->next;
	if (!t->oldest)
		t->newest = NULL;
	t->slabs--;
	slab_release(slab);
}

static void drop_to(text_rows *t, gsize slabs)
{
	while (t->slabs > slabs)
		drop_oldest(t);
}

text_rows *text_rows_new(gsize most)
{
	text_rows *t = g_new0(text_rows, 1);
	g_atomic_ref_count_init(&t->references);
	g_mutex_init(&t->lock);
	t->of = g_ptr_array_new();
	t->most = most / SLAB_BYTES;
	return t;
}

text_rows *text_rows_hold(text_rows *t)
{
	g_atomic_ref_count_inc(&t->references);
	return t;
}

void text_rows_release(text_rows *t)
{
	if (!t || !g_atomic_ref_count_dec(&t->references))
		return;
	drop_to(t, 0);
	g_ptr_array_unref(t->of);
	g_mutex_clear(&t->lock);
	g_free(t);
}

void text_rows_limit(text_rows *t, gsize most)
{
	g_mutex_lock(&t->lock);
	t->most = most / SLAB_BYTES;
	drop_to(t, t->most);
	g_mutex_unlock(&t->lock);
}

/* The kept row of a document, held; the lock is the caller's. */
static const text_row *find(const text_rows *t, guint document)
{
	const text_row *row = document < t->of->len ? t->of->pdata[document] : NULL;
	if (row)
		g_atomic_ref_count_inc(&row->slab->references);
	return row;
}

const text_row *text_rows_get(text_rows *t, guint document)
{
	g_mutex_lock(&t->lock);
	const text_row *row = find(t, document);
	g_mutex_unlock(&t->lock);
	return row;
}

/* A place for a row that will be kept, held; NULL: there is none. */
static text_row *place_of(text_rows *t, guint document, gsize size)
{
	if (size > ROW_BYTES_KEPT || t->most == 0)
		return NULL;
	if (!t->newest || t->newest->used + size > SLAB_BYTES) {
		drop_to(t, t->most - 1);
		text_slab *slab = slab_new(SLAB_BYTES);
		*(t->newest ? &t->newest->next : &t->oldest) = slab;
		t->newest = slab;
		t->slabs++;
	}
	if (document >= t->of->len)
		g_ptr_array_set_size(t->of, (gint)document + 1);
	text_row *row = t->of->pdata[document] = row_at(t->newest, t->newest->used);
	row->slab = t->newest;
	t->newest->used += size;
	g_atomic_ref_count_inc(&t->newest->references);
	return row;
}

static text_row *place_alone(gsize size)
{
	text_slab *slab = slab_new(size);
	text_row *row = row_at(slab, 0);
	row->slab = slab;
	return row;
}

const text_row *text_rows_add(text_rows *t, guint document, sqlite3_stmt *columns, pool *p)
{
	enum { ID, TITLE, SUMMARY, REVISION, BRIEF, FOUND_SUMMARY, FOUND_BODY, N };
	const char *text[N];
	gsize length[N], start[N];
	const canonical_leaf *brief;
	const char *brief_text = column_text(columns, BRIEF);
	gboolean readable = canonical_leaves(brief_text, strlen(brief_text), p, &brief);
	gsize size = readable ? canonical_leaves_size(brief) : 0;
	for (int i = 0; i < N; i++) {
		text[i] = i == REVISION || i == BRIEF ? "" : column_text(columns, i);
		length[i] = strlen(text[i]);
		start[i] = size;
		size += length[i] + 1;
	}
	size = ALIGNED(sizeof(text_row) + size);
	g_mutex_lock(&t->lock);
	const text_row *kept = find(t, document); /* another thread was quicker */
	text_row *row = kept ? NULL : place_of(t, document, size);
	if (!kept && !row)
		row = place_alone(size);
	if (row) {
		row->document = document;
		row->revision = (guint)sqlite3_column_int64(columns, REVISION);
		row->size = size;
		row->brief_is_readable = readable;
		row->brief = readable ? canonical_leaves_copy(brief, row->bytes) : NULL;
		char *texts = (char *)row->bytes;
		for (int i = 0; i < N; i++)
			memcpy(texts + start[i], text[i], length[i] + 1);
		row->id = texts + start[ID], row->title = texts + start[TITLE], row->summary = texts + start[SUMMARY];
		row->found_summary = texts + start[FOUND_SUMMARY], row->found_body = texts + start[FOUND_BODY];
	}
	g_mutex_unlock(&t->lock);
	return kept ? kept : row;
}
