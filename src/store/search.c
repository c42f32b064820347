#include "base/canonical.h"
#include "record/message.h"
#include "store/excerpt.h"
#include "store/finding.h"
#include "store/snippet.h"

#include <math.h>
#include <string.h>

#define LIMIT_DEFAULT 20
#define LIMIT_MAX 1000

/* hash: as it is kept beside the text, which may be an excerpt; NULL: it is made of the text. */
static record *read_text(const char *text, const char *hash, GError **error)
{
	g_autoptr(GError) cause = NULL;
	record *r = hash ? record_from_excerpt(text, strlen(text), hash, &cause) : record_from_canonical(text, strlen(text), &cause);
	if (!r)
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("A revision is not readable (%s). Run 'aftermine check'."), cause->message);
	return r;
}

static record *read_envelope(const char *text, GError **error)
{
	return read_text(text, NULL, error);
}

/* The row of a document or, by seq, of a revision, which must be there. Reset it. */
static sqlite3_stmt *row_of(store_reader *r, sql which, guint number, GError **error)
{
	sqlite3_stmt *row = database_bind(&r->d, which, error, "i", (gint64)number);
	int code = row ? database_step(&r->d, row, error) : SQLITE_ERROR;
	if (code == SQLITE_DONE)
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("A document or its revision is missing. Run 'aftermine check --rebuild'."));
	return code == SQLITE_ROW ? row : NULL;
}

record *document_read(store_reader *r, guint document, const char *const *members, GError **error)
{
	sqlite3_stmt *row = row_of(r, SQL_REVISION_AT, r->index->seq[document], error);
	if (!row)
		return NULL;
	const char *text = column_text(row, 0);
	g_autofree char *excerpt = members ? excerpt_make(text, members) : NULL;
	record *found = read_text(excerpt ? excerpt : text, column_text(row, 1), error);
	sqlite3_reset(row);
	return found;
}

/* ---- hits ---- */

static void brief_is_damaged(GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("What lists show of a record is not readable. Run 'aftermine check --rebuild'."));
}

/* Does what is kept beside a document's title (its brief, its title and summary) hold these members? */
static gboolean is_light(const kind *k, const char *const *members)
{
	for (const char *const *m = members; m && *m; m++) {
		const field *f = kind_field(k, *m);
		gboolean titled = g_strcmp0(*m, k->title) == 0 || g_strcmp0(*m, k->summary) == 0;
		if (!f || strchr(*m, '.') || f->type == FIELD_GROUP || !(titled || f->flags & FIELD_BRIEF))
			return FALSE;
	}
	return members != NULL;
}

static void put_line(json_t *body, const char *name, const char *text)
{
	if (name && *text && !json_object_get(body, name))
		json_object_set_new(body, name, json_string(text));
}

/* A record of what is kept beside its title: a tenth of the time that reading the revision takes. */
static record *read_light(store_reader *r, guint document, GError **error)
{
	sqlite3_stmt *row = database_bind(&r->d, SQL_HIT_BRIEF, error, "i", (gint64)document);
	if (!row || database_step(&r->d, row, error) != SQLITE_ROW)
		return NULL;
	const char *brief = column_text(row, 4);
	json_t *body = canonical_read(brief, strlen(brief));
	record *found = body ? g_new(record, 1) : NULL;
	if (found) {
		*found = (record){ .kind = kinds[r->index->kind[document]], .id = g_strdup(column_text(row, 0)), .revision = (guint)sqlite3_column_int64(row, 3),
			.state = RECORD_PUBLISHED, .time = g_new(char, TIME_TEXT), .body = body };
		time_text(r->index->since[document], found->time);
		put_line(body, found->kind->title, column_text(row, 1));
		put_line(body, found->kind->summary, column_text(row, 2));
	} else {
		brief_is_damaged(error);
	}
	sqlite3_reset(row);
	return found;
}

record *document_read_for(store_reader *r, guint document, const char *const *members, GError **error)
{
	return is_light(kinds[r->index->kind[document]], members) ? read_light(r, document, error) : document_read(r, document, members, error);
}

/* A column's text, and a text of g_malloc's, which is freed, as texts that last as long as the result. */
static const char *keep_column(pool *texts, sqlite3_stmt *row, int column)
{
	const char *text = column_text(row, column);
	return pool_text(texts, text, (gsize)sqlite3_column_bytes(row, column));
}

static const char *keep_text(pool *texts, char *text)
{
	const char *kept = pool_text(texts, text, strlen(text));
	g_free(text);
	return kept;
}

static const char *keep_time(pool *texts, gint64 seconds)
{
	char *text = pool_take(texts, TIME_TEXT);
	time_text(seconds, text);
	return text;
}

/* The row of texts of a hit, which holds it. */
static const text_row *texts_of(store_hit *hit, pool *texts, store_reader *r, GError **error)
{
	text_rows *kept = r->index->rows;
	hit->row = text_rows_get(kept, hit->number);
	sqlite3_stmt *row = hit->row ? NULL : row_of(r, SQL_HIT_TEXT, hit->number, error);
	if (row) {
		hit->row = text_rows_add(kept, hit->number, row, texts);
		sqlite3_reset(row);
	}
	return hit->row;
}

static gboolean fill_canonical(store_hit *hit, pool *texts, store_reader *r, GError **error)
{
	sqlite3_stmt *row = row_of(r, SQL_REVISION_AT, r->index->seq[hit->number], error);
	if (!row)
		return FALSE;
	hit->canonical = keep_column(texts, row, 0);
	hit->hash = keep_column(texts, row, 1);
	hit->id = keep_column(texts, row, 2);
	hit->revision = (guint)sqlite3_column_int64(row, 3);
	sqlite3_reset(row);
	return TRUE;
}

/* id, title, summary and revision of a hit that shows nothing of its texts. */
static gboolean fill_named(store_hit *hit, pool *texts, store_reader *r, GError **error)
{
	sqlite3_stmt *row = row_of(r, SQL_HIT, hit->number, error);
	if (!row)
		return FALSE;
	hit->id = keep_column(texts, row, 0);
	hit->title = keep_column(texts, row, 1);
	hit->summary = keep_column(texts, row, 2);
	hit->revision = (guint)sqlite3_column_int64(row, 3);
	sqlite3_reset(row);
	return TRUE;
}

static gboolean fill_shown(store_hit *hit, pool *texts, store_reader *r, const question *words, gboolean brief, GError **error)
{
	const text_row *row = texts_of(hit, texts, r, error);
	if (!row)
		return FALSE;
	hit->id = row->id;
	hit->title = row->title;
	hit->summary = row->summary;
	hit->revision = row->revision;
	if (words)
		hit->snippet = keep_text(texts, snippet_make(words, row->found_summary, row->found_body));
	hit->brief = brief ? row->brief : NULL;
	if (brief && !row->brief_is_readable)
		brief_is_damaged(error);
	return !brief || row->brief_is_readable;
}

static gboolean fill_hit(store_hit *hit, pool *texts, store_reader *r, guint document, const question *words, const store_query *q, GError **error)
{
	hit->kind = kinds[r->index->kind[document]];
	hit->number = document;
	if (q->canonical)
		return fill_canonical(hit, texts, r, error);
	hit->time = keep_time(texts, r->index->since[document]);
	gboolean ok = q->bodies && !words ? fill_named(hit, texts, r, error) : fill_shown(hit, texts, r, words, q->briefs && !q->bodies, error);
	return ok && (!q->bodies || (hit->record = document_read(r, document, q->members, error)));
}

void store_result_free(store_result *result)
{
	if (!result)
		return;
	for (gsize i = 0; i < result->n; i++) {
		text_row_release(result->hits[i].row);
		if (result->hits[i].record)
			record_free(result->hits[i].record);
	}
	for (gsize i = 0; i < result->n_facets; i++)
		g_free(result->facets[i].values);
	if (result->texts)
		pool_free(result->texts);
	g_free(result->hits);
	g_free(result->facets);
	g_free(result);
}

/* ---- search ---- */

static guint count_behind(const finding *f, guint last)
{
	guint n = 0;
	bits_walk walk = bits_walk_begin(f->found, f->index->words);
	for (guint document; bits_next(&walk, &document);)
		n += document > last;
	return n;
}

static gboolean fill_result(store_result *out, const finding *f, store_reader *r, const store_query *q, GError **error)
{
	guint limit = q->limit == 0 ? LIMIT_DEFAULT : MIN(q->limit, LIMIT_MAX);
	g_autoptr(GArray) documents = finding_order(f, r, q, q->offset, limit, error);
	if (!documents)
		return FALSE;
	out->total = f->total;
	if (g_strcmp0(q->sort, "number") == 0)
		out->behind = count_behind(f, documents->len ? g_array_index(documents, guint32, documents->len - 1) : q->after);
	out->hits = g_new0(store_hit, documents->len + 1);
	out->texts = pool_new();
	for (; out->n < documents->len; out->n++)
		if (!fill_hit(&out->hits[out->n], out->texts, r, g_array_index(documents, guint32, out->n), f->question, q, error)) {
			out->n++; /* half a hit is freed too */
			return FALSE;
		}
	if (q->facets)
		out->facets = finding_facets(f, q, &out->n_facets);
	return TRUE;
}

store_result *store_search(store_reader *r, const store_query *q, GError **error)
{
	if (!view_begin(r, error))
		return NULL;
	finding f = { 0 };
	store_result *out = finding_make(&f, r, q, error) ? g_new0(store_result, 1) : NULL;
	if (out && !fill_result(out, &f, r, q, error))
		g_clear_pointer(&out, store_result_free);
	finding_clear(&f);
	view_end(r);
	return out;
}

gboolean store_each(store_reader *r, const store_query *q, gboolean (*visit)(const record *, gpointer), gpointer data, GError **error)
{
	if (!view_begin(r, error))
		return FALSE;
	finding f = { 0 };
	gboolean ok = finding_make(&f, r, q, error);
	g_autoptr(GArray) documents = ok ? finding_order(&f, r, q, 0, G_MAXUINT32, error) : NULL;
	ok = documents != NULL;
	for (guint i = 0; ok && i < documents->len; i++) {
		g_autoptr(record) found = document_read(r, g_array_index(documents, guint32, i), q->members, error);
		ok = found != NULL;
		if (ok && !visit(found, data))
			break;
	}
	finding_clear(&f);
	view_end(r);
	return ok;
}

/* ---- places ---- */

static void place_free(gpointer data)
{
	store_place *p = data;
	g_free(p->id);
	g_free(p->title);
	g_free(p);
}

static gboolean add_place(GPtrArray *places, store_reader *r, guint document, GError **error)
{
	sqlite3_stmt *row = database_bind(&r->d, SQL_PLACE, error, "i", (gint64)document);
	int code = row ? database_step(&r->d, row, error) : SQLITE_ERROR;
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE; /* it has no place */
	store_place *p = g_new0(store_place, 1);
	p->kind = kinds[r->index->kind[document]];
	p->id = g_strdup(column_text(row, 0));
	p->title = g_strdup(column_text(row, 1));
	p->longitude = sqlite3_column_double(row, 2);
	p->latitude = sqlite3_column_double(row, 3);
	sqlite3_reset(row);
	g_ptr_array_add(places, p);
	return TRUE;
}

GPtrArray *store_places(store_reader *r, const store_query *q, GError **error)
{
	if (!view_begin(r, error))
		return NULL;
	finding f = { 0 };
	GPtrArray *places = g_ptr_array_new_with_free_func(place_free);
	gboolean ok = finding_make(&f, r, q, error);
	bits_walk walk = bits_walk_begin(f.found, ok ? f.index->words : 0);
	for (guint document; ok && bits_next(&walk, &document);)
		ok = add_place(places, r, document, error);
	finding_clear(&f);
	view_end(r);
	if (!ok)
		g_clear_pointer(&places, g_ptr_array_unref);
	return places;
}

gboolean store_place_of(store_reader *r, const char *kind_name, const char *id, const char *as_of, double *longitude, double *latitude, GError **error)
{
	gint64 end = G_MAXINT64;
	char text[21];
	if (as_of && !time_of_day_end(as_of, &end, text, error))
		return FALSE;
	sqlite3_stmt *row = database_bind(&r->d, SQL_PLACE_AS_OF, error, "ssi", kind_name, id, end);
	if (!row || database_step(&r->d, row, error) != SQLITE_ROW)
		return FALSE;
	gboolean placed = sqlite3_column_type(row, 0) != SQLITE_NULL;
	*longitude = sqlite3_column_double(row, 0);
	*latitude = sqlite3_column_double(row, 1);
	sqlite3_reset(row);
	return placed;
}

/* Widens the box by those of a document. */
static gboolean extend(store_reader *r, guint document, double box[4], GError **error)
{
	sqlite3_stmt *rows = database_bind(&r->d, SQL_BOX_OF, error, "i", (gint64)document);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW)
		for (int i = 0; i < 4; i++) {
			double edge = sqlite3_column_double(rows, i);
			box[i] = i < 2 ? MIN(box[i], edge) : MAX(box[i], edge);
		}
	return code == SQLITE_DONE;
}

gboolean store_extent(store_reader *r, const store_query *q, double box[4], GError **error)
{
	const double nothing[] = { INFINITY, INFINITY, -INFINITY, -INFINITY };
	finding f = { 0 };
	memcpy(box, nothing, sizeof nothing);
	if (!view_begin(r, error))
		return FALSE;
	gboolean ok = finding_make(&f, r, q, error);
	bits_walk walk = bits_walk_begin(f.found, ok ? f.index->words : 0);
	for (guint document; ok && bits_next(&walk, &document);)
		ok = extend(r, document, box, error);
	finding_clear(&f);
	view_end(r);
	return ok && box[0] <= box[2];
}

/* ---- records ---- */

/* The record in the first row of a statement that is bound; NULL without an error: no row. */
static record *read_one(store_reader *r, sqlite3_stmt *row, GError **error)
{
	int code = row ? database_step(&r->d, row, error) : SQLITE_ERROR;
	if (code != SQLITE_ROW)
		return NULL;
	record *found = read_envelope(column_text(row, 0), error);
	sqlite3_reset(row);
	return found;
}

record *store_get(store_reader *r, const char *kind_name, const char *id, const char *as_of, GError **error)
{
	gint64 end;
	char text[21];
	if (as_of && !time_of_day_end(as_of, &end, text, error))
		return NULL;
	return read_one(r, as_of ? database_bind(&r->d, SQL_REVISION_AS_OF, error, "sss", kind_name, id, text)
	                         : database_bind(&r->d, SQL_REVISION_PUBLIC, error, "ss", kind_name, id), error);
}

#define TITLES_MOST 4096 /* practices, organisations and countries, which many records name */

/* FALSE: it is not known whether there is one. */
static gboolean take_title(index_t *x, const char *name, char **title)
{
	gpointer kept = NULL;
	g_mutex_lock(&x->lock);
	gboolean known = g_hash_table_lookup_extended(x->titles, name, NULL, &kept);
	*title = g_strdup(kept);
	g_mutex_unlock(&x->lock);
	return known;
}

static void put_title(index_t *x, const char *name, const char *title)
{
	g_mutex_lock(&x->lock);
	if (g_hash_table_size(x->titles) == TITLES_MOST)
		g_hash_table_remove_all(x->titles);
	g_hash_table_replace(x->titles, g_strdup(name), g_strdup(title));
	g_mutex_unlock(&x->lock);
}

static char *read_title(store_reader *r, const char *kind_name, const char *id, gint64 end, GError **error)
{
	sqlite3_stmt *row = database_bind(&r->d, SQL_TITLE, error, "ssi", kind_name, id, end);
	if (!row || database_step(&r->d, row, error) != SQLITE_ROW)
		return NULL;
	char *title = g_strdup(column_text(row, 0));
	sqlite3_reset(row);
	return title;
}

char *store_title(store_reader *r, const char *kind_name, const char *id, const char *as_of, GError **error)
{
	gint64 end = G_MAXINT64;
	char text[21];
	if (as_of && !time_of_day_end(as_of, &end, text, error))
		return NULL;
	if (as_of || !r->index)
		return read_title(r, kind_name, id, end, error);
	g_autofree char *name = g_strconcat(kind_name, "/", id, NULL);
	char *title;
	if (take_title(r->index, name, &title))
		return title;
	GError *failed = NULL;
	title = read_title(r, kind_name, id, end, &failed);
	if (failed)
		g_propagate_error(error, failed);
	else
		put_title(r->index, name, title);
	return title;
}

record *store_revision(store_reader *r, const char *kind_name, const char *id, guint revision, GError **error)
{
	return read_one(r, revision ? database_bind(&r->d, SQL_REVISION_NUMBERED, error, "ssi", kind_name, id, (gint64)revision)
	                            : database_bind(&r->d, SQL_REVISION_NEWEST, error, "ss", kind_name, id), error);
}

static void record_free_any(gpointer data)
{
	record_free(data);
}

GPtrArray *store_revisions(store_reader *r, const char *kind_name, const char *id, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(record_free_any);
	sqlite3_stmt *rows = database_bind(&r->d, SQL_REVISION_ALL, error, "ss", kind_name, id);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW) {
		record *found = read_envelope(column_text(rows, 0), error);
		if (!found) {
			sqlite3_reset(rows);
			return NULL;
		}
		g_ptr_array_add(all, found);
	}
	return code == SQLITE_DONE ? g_steal_pointer(&all) : NULL;
}

static gboolean exists(gpointer data, const char *kind_name, const char *id)
{
	store_reader *r = data;
	gint64 found = 0;
	return database_number(&r->d, &found, 0, SQL_EXISTS, NULL, "ss", kind_name, id) && found;
}

record_lookup store_lookup(store_reader *r)
{
	return (record_lookup) { exists, r };
}

/* ---- references ---- */

static void reference_free(gpointer data)
{
	store_reference *f = data;
	g_free(f->id), g_free(f->title), g_free(f->path);
	g_free(f);
}

/* end: seconds since 1970; NULL: now. */
static void add_reference(GPtrArray *found, const index_t *x, sqlite3_stmt *row, const char *from_kind, const gint64 *end)
{
	gint64 document = sqlite3_column_int64(row, 0);
	gsize k = kind_position(column_text(row, 1));
	if (document < 1 || document > x->n || k == kinds_count || (from_kind && strcmp(from_kind, kinds[k]->name) != 0))
		return;
	if (end ? x->since[document] > *end || *end >= x->until[document] : !bits_has(x->live[k], (guint)document))
		return;
	store_reference *f = g_new0(store_reference, 1);
	f->kind = kinds[k];
	f->id = g_strdup(column_text(row, 2));
	f->title = g_strdup(column_text(row, 3));
	f->path = g_strdup(column_text(row, 4));
	g_ptr_array_add(found, f);
}

GPtrArray *store_referrers(store_reader *r, const char *kind_name, const char *id, const char *from_kind, const char *as_of, GError **error)
{
	gint64 end;
	char text[21];
	if ((as_of && !time_of_day_end(as_of, &end, text, error)) || !view_begin(r, error))
		return NULL;
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(reference_free);
	sqlite3_stmt *rows = database_bind(&r->d, SQL_REFERRERS, error, "ss", kind_name, id);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW)
		add_reference(found, r->index, rows, from_kind, as_of ? &end : NULL);
	view_end(r);
	return code == SQLITE_DONE ? g_steal_pointer(&found) : NULL;
}

guint store_count(store_reader *r, const char *kind_name, GError **error)
{
	gsize k = kind_position(kind_name);
	if (k == kinds_count || !view_begin(r, error))
		return 0;
	guint n = r->index->live_n[k];
	view_end(r);
	return n;
}
