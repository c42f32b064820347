#include "store/posting.h"

#include <string.h>

typedef struct kept {
	char *expression;
	posting *posting;
	GList link; /* in the queue of use, most recent first */
} kept;

struct postings {
	GMutex lock;
	GHashTable *kept;
	GQueue use;
	gsize bytes, bytes_max;
};

static gsize posting_bytes(const posting *p)
{
	return sizeof(kept) + sizeof *p + 64 + p->n * (sizeof *p->documents + sizeof *p->weights);
}

void posting_release(posting *p)
{
	if (!p || !g_atomic_ref_count_dec(&p->references))
		return;
	g_free(p->documents);
	g_free(p->weights);
	g_free(p);
}

static void kept_free(gpointer data)
{
	kept *k = data;
	posting_release(k->posting);
	g_free(k->expression);
	g_free(k);
}

postings *postings_new(gsize bytes)
{
	postings *p = g_new0(postings, 1);
	g_mutex_init(&p->lock);
	p->kept = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kept_free);
	g_queue_init(&p->use);
	p->bytes_max = bytes;
	return p;
}

void postings_clear(postings *p)
{
	g_mutex_lock(&p->lock);
	g_queue_init(&p->use); /* its links are members of what the table frees */
	g_hash_table_remove_all(p->kept);
	p->bytes = 0;
	g_mutex_unlock(&p->lock);
}

void postings_free(postings *p)
{
	if (!p)
		return;
	postings_clear(p);
	g_hash_table_unref(p->kept);
	g_mutex_clear(&p->lock);
	g_free(p);
}

static posting *take(postings *p, const char *expression)
{
	g_mutex_lock(&p->lock);
	kept *k = g_hash_table_lookup(p->kept, expression);
	posting *found = k ? k->posting : NULL;
	if (k) {
		g_queue_unlink(&p->use, &k->link);
		g_queue_push_head_link(&p->use, &k->link);
		g_atomic_ref_count_inc(&found->references);
	}
	g_mutex_unlock(&p->lock);
	return found;
}

static void drop(postings *p, kept *k)
{
	g_queue_unlink(&p->use, &k->link);
	p->bytes -= posting_bytes(k->posting);
	g_hash_table_remove(p->kept, k->expression);
}

static void keep(postings *p, const char *expression, posting *found)
{
	if (posting_bytes(found) > p->bytes_max / 2)
		return;
	g_mutex_lock(&p->lock);
	kept *k = g_hash_table_lookup(p->kept, expression);
	if (k && k->posting->upto >= found->upto) {
		g_mutex_unlock(&p->lock);
		return;
	}
	if (k)
		drop(p, k);
	k = g_new0(kept, 1);
	k->expression = g_strdup(expression);
	k->link.data = k;
	k->posting = found;
	g_atomic_ref_count_inc(&found->references);
	g_hash_table_insert(p->kept, k->expression, k);
	g_queue_push_head_link(&p->use, &k->link);
	p->bytes += posting_bytes(found);
	while (p->bytes > p->bytes_max)
		drop(p, p->use.tail->data);
	g_mutex_unlock(&p->lock);
}

static posting *look_up(database *d, const char *expression, const posting *old, guint upto, GError **error)
{
	g_autoptr(GArray) documents = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(GArray) weights = g_array_new(FALSE, FALSE, sizeof(guint16));
	if (old) {
		g_array_append_vals(documents, old->documents, old->n);
		g_array_append_vals(weights, old->weights, old->n);
	}
	sqlite3_stmt *rows = database_bind(d, SQL_MATCH, error, "si", expression, (gint64)(old ? old->upto : 0));
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		guint32 document = (guint32)sqlite3_column_int64(rows, 0);
		guint16 weight = (guint16)sqlite3_column_int(rows, 1);
		g_array_append_val(documents, document);
		g_array_append_val(weights, weight);
	}
	if (code != SQLITE_DONE)
		return NULL;
	posting *p = g_new0(posting, 1);
	g_atomic_ref_count_init(&p->references);
	p->n = documents->len;
	p->upto = upto;
	p->documents = g_memdup2(documents->data, p->n * sizeof *p->documents);
	p->weights = g_memdup2(weights->data, p->n * sizeof *p->weights);
	return p;
}

posting *postings_get(postings *p, database *d, const char *expression, guint upto, GError **error)
{
	posting *old = take(p, expression);
	if (old && old->upto >= upto)
		return old;
	posting *found = look_up(d, expression, old, upto, error);
	posting_release(old);
	if (found)
		keep(p, expression, found);
	return found;
}
