/* Changes: documents seen as what came one after the other. A document is a public revision; its number is that of its entry in the log, plus one. */
#include "store/finding.h"
#include "record/message.h"

#define LIMIT_DEFAULT 20
#define LIMIT_MAX 1000

static void changed_free(gpointer data)
{
	store_changed *c = data;
	record_free(c->record);
	record_free(c->before);
	g_free(c);
}

/* What left: revisions that are not found, of which the forerunner is. */
static void add_leavers(const finding *f, gint64 end)
{
	const index_t *x = f->index;
	for (guint n = x->n; n >= 1; n--) /* from the end, so that none is taken for the forerunner of another */
		if (x->previous[n] && x->since[n] <= end && bits_has(f->found, x->previous[n]))
			bits_add(f->found, n);
}

static void keep_newest(const finding *f, gint64 end)
{
	const index_t *x = f->index;
	for (guint n = 1; n <= x->n; n++)
		if (x->previous[n] && x->since[n] <= end)
			bits_remove(f->found, x->previous[n]);
}

static gboolean time_read(const char *text, gint64 *seconds, GError **error)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(text, NULL);
	if (t)
		*seconds = g_date_time_to_unix(t);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("\"%.40s\" is not a time. Write it like 2026-08-24T09:00:00Z."), text);
	return t != NULL;
}

static gboolean keep_between(const finding *f, const store_range *range, GError **error)
{
	gint64 from = G_MININT64, until = G_MAXINT64;
	if ((range->from && !time_read(range->from, &from, error)) || (range->until && !time_read(range->until, &until, error)))
		return FALSE;
	for (guint n = 1; n <= f->index->n; n++)
		if (n <= range->first || f->index->since[n] < from || f->index->since[n] > until)
			bits_remove(f->found, n);
	return TRUE;
}

/* The found documents in order, from the offset on. Free with g_array_unref. */
static GArray *page_of(const finding *f, gboolean rising, guint offset, guint limit)
{
	GArray *documents = g_array_new(FALSE, FALSE, sizeof(guint32));
	guint last = f->index->n;
	for (guint i = 0, seen = 0; i < last && documents->len < limit; i++) {
		guint32 n = rising ? i + 1 : last - i;
		if (bits_has(f->found, n) && seen++ >= offset)
			g_array_append_val(documents, n);
	}
	return documents;
}

static store_changed *changed_read(store_reader *r, guint document, GError **error)
{
	guint before = r->index->previous[document];
	store_changed *c = g_new0(store_changed, 1);
	c->number = document - 1;
	c->record = document_read(r, document, NULL, error);
	c->before = c->record && before ? document_read(r, before, NULL, error) : NULL;
	if (c->record && (c->before || !before))
		return c;
	changed_free(c);
	return NULL;
}

static gboolean narrow(finding *f, const store_query *q, const store_range *range, GError **error)
{
	gint64 end = G_MAXINT64;
	char text[21];
	if (q->as_of && !time_of_day_end(q->as_of, &end, text, error))
		return FALSE;
	add_leavers(f, end);
	if (range->newest)
		keep_newest(f, end);
	return keep_between(f, range, error);
}

static GPtrArray *changes_of(store_reader *r, finding *f, const store_query *q, const store_range *range, guint *total, GError **error)
{
	if (!narrow(f, q, range, error))
		return NULL;
	g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func(changed_free);
	g_autoptr(GArray) documents = page_of(f, range->rising, q->offset, q->limit == 0 ? LIMIT_DEFAULT : MIN(q->limit, LIMIT_MAX));
	*total = bits_count(f->found, f->index->words);
	for (guint i = 0; i < documents->len; i++) {
		store_changed *c = changed_read(r, g_array_index(documents, guint32, i), error);
		if (!c)
			return NULL;
		g_ptr_array_add(changes, c);
	}
	return g_steal_pointer(&changes);
}

GPtrArray *store_changes(store_reader *r, const store_query *q, const store_range *range, guint *total, GError **error)
{
	if (!view_begin(r, error))
		return NULL;
	finding f = { 0 };
	GPtrArray *changes = finding_make_every(&f, r, q, error) ? changes_of(r, &f, q, range, total, error) : NULL;
	finding_clear(&f);
	view_end(r);
	return changes;
}
