#include "store/finding.h"
#include "record/message.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

/* ---- text ---- */

static int rarer_first(const void *a, const void *b)
{
	const finding_part *x = a, *y = b;
	return x->posting->n < y->posting->n ? -1 : x->posting->n > y->posting->n;
}

/* Of the documents of a list those that are in the base and in all other lists. */
static void narrow_to_list(finding *f, guint which)
{
	const posting *list = f->parts[which].posting;
	guint64 *both = g_new0(guint64, f->index->words);
	guint at[QUESTION_PARTS];
	finding_from_the_end(f, at);
	for (guint i = list->n; i-- > 0;) {
		guint document = list->list[i];
		gboolean has = document <= f->index->n && bits_has(f->base, document);
		for (guint k = 0; k < f->n_parts && has; k++)
			has = k == which || f->parts[k].posting->words > 0 || posting_weight(f->parts[k].posting, document, &at[k]) > 0;
		if (has)
			bits_add(both, document);
	}
	g_free(f->base);
	f->base = both;
}

/* Postings that are bits narrow the base all at once; the rarest that is a list, if there is one, is gone through. */
static void narrow(finding *f)
{
	guint list = f->n_parts;
	for (guint k = f->n_parts; k-- > 0;) {
		const posting *p = f->parts[k].posting;
		gsize words = MIN(p->words, f->index->words);
		if (p->words == 0) {
			list = k;
			continue;
		}
		bits_intersect(f->base, p->bits, words);
		memset(f->base + words, 0, (f->index->words - words) * sizeof *f->base);
	}
	if (list < f->n_parts)
		narrow_to_list(f, list);
	if (f->n_parts == 0) /* nothing can answer it */
		memset(f->base, 0, f->index->words * sizeof *f->base);
}

/* Where a part stands. A word that stands nowhere is taken for the beginning of one: it is half typed, or written shorter than the records write it. */
static posting *find_part(finding *f, store_reader *r, part *p, GError **error)
{
	posting *found = postings_get(r->s->postings, &r->d, p, f->index->n, error);
	if (!found || found->n > 0 || !p->loose)
		return found;
	posting_release(found);
	p->prefix = TRUE;
	return postings_get(r->s->postings, &r->d, p, f->index->n, error);
}

static gboolean find_text(finding *f, store_reader *r, const char *text, GError **error)
{
	f->question = question_parse(text);
	if (f->question->blank) {
		g_clear_pointer(&f->question, question_free);
		return TRUE;
	}
	for (; f->n_parts < f->question->n; f->n_parts++) {
		posting *p = find_part(f, r, f->question->parts[f->n_parts], error);
		if (!p)
			return FALSE;
		f->parts[f->n_parts] = (finding_part) { p, logf(1.0f + (float)f->index->n / (float)(p->n + 1)) };
	}
	qsort(f->parts, f->n_parts, sizeof *f->parts, rarer_first);
	narrow(f);
	return TRUE;
}

/* ---- the rest of a query ---- */

static void find_listed(finding *f, gint64 end)
{
	const index_t *x = f->index;
	if (f->every) {
		for (guint n = 1; n <= x->n; n++)
			if ((f->now || x->since[n] <= end) && (x->kind[n] == f->kind || (f->kind == kinds_count && x->kind[n] < kinds_count)))
				bits_add(f->base, n);
		return;
	}
	if (f->now) {
		for (gsize k = 0; k < kinds_count; k++)
			if (f->kind == k || f->kind == kinds_count)
				bits_unite(f->base, x->live[k], x->words);
		return;
	}
	for (guint n = 1; n <= x->n; n++)
		if (x->since[n] <= end && end < x->until[n] && (x->kind[n] == f->kind || (f->kind == kinds_count && x->kind[n] < kinds_count)))
			bits_add(f->base, n);
}

/* Adds what has a box that meets this one, and what has one within it, which surely lies there. */
static gboolean add_box(guint64 *meets, guint64 *within, store_reader *r, double west, double east, double south, double north, GError **error)
{
	sqlite3_stmt *rows = database_bind(&r->d, SQL_BOX, error, "dddd", west, east, south, north);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW) {
		gint64 document = sqlite3_column_int64(rows, 0);
		if (document < 1 || document > r->index->n)
			continue;
		bits_add(meets, (guint)document);
		if (sqlite3_column_int(rows, 1))
			bits_add(within, (guint)document);
	}
	return code == SQLITE_DONE;
}

/* Adds what has no place at all. */
static gboolean add_unplaced(guint64 *to, const index_t *x, store_reader *r, GError **error)
{
	g_autofree guint64 *placed = g_new0(guint64, x->words);
	sqlite3_stmt *rows = database_bind(&r->d, SQL_PLACED, error, "");
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW) {
		gint64 document = sqlite3_column_int64(rows, 0);
		if (document >= 1 && document <= x->n)
			bits_add(placed, (guint)document);
	}
	for (gsize i = 0; i < x->words; i++)
		to[i] |= ~placed[i];
	return code == SQLITE_DONE;
}

static gboolean find_box(finding *f, store_reader *r, const store_query *q, GError **error)
{
	const double *box = q->bbox;
	for (int i = 0; i < 4; i++)
		if (!isfinite(box[i])) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("A box needs four numbers: west, south, east and north in degrees."));
			return FALSE;
		}
	g_autofree guint64 *meets = g_new0(guint64, f->index->words);
	f->within = g_new0(guint64, f->index->words);
	double west = box[0], south = box[1], east = box[2], north = box[3];
	gboolean ok = west <= east ? add_box(meets, f->within, r, west, east, south, north, error)
	                           : add_box(meets, f->within, r, west, 180, south, north, error) && add_box(meets, f->within, r, -180, east, south, north, error);
	ok = ok && (!q->unplaced || (add_unplaced(meets, f->index, r, error) && add_unplaced(f->within, f->index, r, error)));
	bits_intersect(f->base, meets, f->index->words);
	return ok;
}

static gboolean asked_for(const char *const *values, const char *value)
{
	for (gsize i = 0; values && values[i]; i++)
		if (strcmp(values[i], value) == 0)
			return TRUE;
	return FALSE;
}

/* Among every kind "country" is whatever names the country or countries of a kind. */
static gboolean is_facet(const finding *f, const index_facet *facet, const char *path)
{
	if (f->kind != kinds_count)
		return facet->kind == f->kind && strcmp(facet->path, path) == 0;
	const char *country = facet->kind < kinds_count ? kinds[facet->kind]->country : NULL;
	return strcmp(facet->path, path) == 0 || (country && strcmp(path, "country") == 0 && strcmp(facet->path, country) == 0);
}

static guint64 *filter_set(const finding *f, const store_filter *filter)
{
	const index_t *x = f->index;
	guint64 *set = g_new0(guint64, x->words);
	if (f->kind == kinds_count && strcmp(filter->path, "kind") == 0) { /* within a kind it is a field of that name, an organisation's */
		bits_walk walk = bits_walk_begin(f->base, x->words);
		for (guint n; bits_next(&walk, &n);)
			if (asked_for(filter->values, kinds[x->kind[n]]->name))
				bits_add(set, n);
		return set;
	}
	for (guint i = 0; i < x->facets; i++) {
		const index_facet *facet = &x->facet[i];
		if (!is_facet(f, facet, filter->path))
			continue;
		for (guint v = 0; v < facet->n; v++)
			if (asked_for(filter->values, x->value[facet->values[v]]))
				document_set_add(x->set[facet->values[v]], set);
	}
	return set;
}

/* Takes out what does not pass the caller's test. */
static gboolean try_each(finding *f, store_reader *r, const store_query *q, GError **error)
{
	bits_walk walk = bits_walk_begin(f->found, f->index->words);
	for (guint document; bits_next(&walk, &document);) {
		if (q->test_border && f->within && bits_has(f->within, document))
			continue;
		g_autoptr(record) found = document_read_for(r, document, q->test_members, error);
		if (!found)
			return FALSE;
		if (!q->test(found, q->test_data))
			bits_remove(f->found, document);
	}
	return TRUE;
}

static gboolean find_tested(finding *f, store_reader *r, const store_query *q, GError **error)
{
	static GMutex many; /* held while many are tried, by whoever tries them */
	guint known = q->test_border && f->within ? bits_count_both(f->found, f->within, f->index->words) : 0;
	if (bits_count(f->found, f->index->words) - known <= STORE_TRIED_AT_ONCE)
		return try_each(f, r, q, error);
	if (!g_mutex_trylock(&many)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, _("Another question is being answered for which many records must be read. Ask again in a moment, or for fewer of them."));
		return FALSE;
	}
	gboolean done = try_each(f, r, q, error);
	g_mutex_unlock(&many);
	return done;
}

static gboolean make(finding *f, store_reader *r, const store_query *q, gboolean every, GError **error)
{
	*f = (finding) { .index = r->index, .now = !q->as_of, .every = every, .kind = q->kind ? kind_position(q->kind) : kinds_count };
	gint64 end = 0;
	char text[21];
	if (q->as_of && !time_of_day_end(q->as_of, &end, text, error))
		return FALSE;
	gsize words = f->index->words;
	f->base = g_new0(guint64, words);
	if (!q->kind || f->kind < kinds_count)
		find_listed(f, end);
	if ((q->bbox && !find_box(f, r, q, error)) || (q->text && !find_text(f, r, q->text, error))) {
		finding_clear(f);
		return FALSE;
	}
	f->found = g_memdup2(f->base, words * sizeof *f->base);
	f->filter = g_new0(guint64 *, q->n_filters + 1);
	for (; f->filters < q->n_filters; f->filters++) {
		f->filter[f->filters] = filter_set(f, &q->filters[f->filters]);
		bits_intersect(f->found, f->filter[f->filters], words);
	}
	if (q->test && !find_tested(f, r, q, error)) {
		finding_clear(f);
		return FALSE;
	}
	f->total = bits_count(f->found, words);
	return TRUE;
}

gboolean finding_make(finding *f, store_reader *r, const store_query *q, GError **error)
{
	return make(f, r, q, FALSE, error);
}

gboolean finding_make_every(finding *f, store_reader *r, const store_query *q, GError **error)
{
	return make(f, r, q, TRUE, error);
}

void finding_clear(finding *f)
{
	for (gsize i = 0; i < f->filters; i++)
		g_free(f->filter[i]);
	g_free(f->filter);
	g_free(f->base);
	g_free(f->within);
	g_free(f->found);
	for (guint k = 0; k < f->n_parts; k++)
		posting_release(f->parts[k].posting);
	question_free(f->question);
	*f = (finding) { 0 };
}
