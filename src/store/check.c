#include "base/progress.h"
#include "record/message.h"
#include "store/block.h"
#include "store/inside.h"
#include "store/projection.h"

#include <string.h>

#define FAULTS_MAX 1000

typedef struct checking {
	GPtrArray *faults;
	char *kind, *id, *hash; /* of the revision before this one */
	gint64 revision;
	gint64 imported; /* up to this one revisions came from elsewhere, without the drafts between them */
} checking;

G_GNUC_PRINTF(2, 3) static void found(checking *c, const char *format, ...)
{
	if (c->faults->len >= FAULTS_MAX)
		return;
	va_list arguments;
	va_start(arguments, format);
	g_ptr_array_add(c->faults, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

/* ---- pages ---- */

static gboolean check_pages(database *d, checking *c, GError **error)
{
	sqlite3_stmt *rows = NULL;
	if (sqlite3_prepare_v2(d->handle, "PRAGMA integrity_check(100)", -1, &rows, NULL) != SQLITE_OK)
		return database_fail(d, error);
	int code;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		if (strcmp(column_text(rows, 0), "ok") != 0)
			found(c, _("The database file is damaged: %s. Restore the last backup."), column_text(rows, 0));
	sqlite3_finalize(rows);
	if (code == SQLITE_DONE)
		return TRUE;
	if ((code & 0xFF) != SQLITE_CORRUPT)
		return database_fail(d, error);
	found(c, _("The database file is damaged so that it cannot be read through. Restore the last backup."));
	return TRUE;
}

/* ---- revisions ---- */

/* The first way in which a row and the envelope in it disagree, or NULL. */
static const char *disagreement(const record *r, sqlite3_stmt *row)
{
	if (strcmp(r->kind->name, column_text(row, 0)) != 0)
		return "its kind";
	if (strcmp(r->id, column_text(row, 1)) != 0)
		return "its id";
	if ((gint64)r->revision != sqlite3_column_int64(row, 2))
		return "its number";
	if ((int)r->state != sqlite3_column_int(row, 3))
		return "its state";
	return strcmp(r->time, column_text(row, 4)) == 0 ? NULL : "its time";
}

static void check_envelope(checking *c, sqlite3_stmt *row)
{
	const char *k = column_text(row, 0), *id = column_text(row, 1), *hash = column_text(row, 5), *text = column_text(row, 6);
	int revision = sqlite3_column_int(row, 2);
	g_autofree char *sum = sha256_hex(text, strlen(text));
	if (strcmp(sum, hash) != 0)
		found(c, _("%s %s, revision %d: its text does not have its hash: it was altered. Restore it from a backup."), k, id, revision);
	g_autoptr(GError) error = NULL;
	json_t *json = json_loads(text, 0, NULL);
	g_autoptr(record) r = json ? record_from_json(json, &error) : NULL;
	json_decref(json);
	if (!r) {
		found(c, _("%s %s, revision %d: is not a record (%s). Restore it from a backup."), k, id, revision, error ? error->message : _("not JSON"));
		return;
	}
	const char *differs = disagreement(r, row);
	if (differs)
		found(c, _("%s %s, revision %d: %s differs from what the text says. Restore it from a backup."), k, id, revision, differs);
	g_autofree char *canonical = record_canonical(r, NULL, NULL);
	if (g_strcmp0(canonical, text) != 0)
		found(c, _("%s %s, revision %d: is not in canonical form. Restore it from a backup."), k, id, revision);
	gboolean drafts_between = revision != c->revision + 1 && sqlite3_column_int64(row, 7) <= c->imported && r->previous;
	if (!drafts_between && g_strcmp0(r->previous, c->hash) != 0)
		found(c, _("%s %s, revision %d: does not follow the revision before it. Restore both from a backup."), k, id, revision);
}

static void check_revision(checking *c, sqlite3_stmt *row)
{
	const char *k = column_text(row, 0), *id = column_text(row, 1);
	if (g_strcmp0(k, c->kind) != 0 || g_strcmp0(id, c->id) != 0) {
		g_free(c->kind), g_free(c->id), g_free(c->hash);
		c->kind = g_strdup(k), c->id = g_strdup(id), c->hash = NULL;
		c->revision = 0;
	}
	gint64 revision = sqlite3_column_int64(row, 2);
	if (revision != c->revision + 1 && sqlite3_column_int64(row, 7) > c->imported)
		found(c, _("%s %s: revision %d is missing. Restore it from a backup."), k, id, (int)c->revision + 1);
	check_envelope(c, row);
	c->revision = revision;
	g_free(c->hash);
	c->hash = g_strdup(column_text(row, 5));
}

static gboolean check_revisions(database *d, checking *c, GError **error)
{
	gint64 all = 0;
	if (!database_number(d, &all, 0, SQL_GENERATION, error, "") || !database_number(d, &c->imported, 0, SQL_ABOUT_GET, error, "s", "imported"))
		return FALSE;
	sqlite3_stmt *rows = database_bind(d, SQL_REVISIONS_EVERY, error, "");
	int code = SQLITE_ERROR;
	for (guint64 n = 1; rows && (code = database_step(d, rows, error)) == SQLITE_ROW; n++) {
		check_revision(c, rows);
		progress_say(N_("Checking revisions"), n, (guint64)all);
	}
	return code == SQLITE_DONE;
}

/* ---- files ---- */

static gboolean check_files(database *d, checking *c, GError **error)
{
	sqlite3_stmt *rows = database_bind(d, SQL_FILES_EVERY, error, "");
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		gsize size = (gsize)sqlite3_column_bytes(rows, 1);
		const void *bytes = sqlite3_column_blob(rows, 1);
		g_autofree char *sum = sha256_hex(size ? bytes : "", size);
		if (strcmp(sum, column_text(rows, 0)) != 0)
			found(c, _("File %s: its bytes do not have this hash: it was altered. Restore it from a backup."), column_text(rows, 0));
	}
	return code == SQLITE_DONE;
}

/* ---- the log ---- */

static void found_in_log(gpointer data, const char *says)
{
	found(data, "%s", says);
}

static gboolean check_log(database *d, checking *c, GError **error)
{
	return log_check(d, found_in_log, c, error);
}

/* ---- projections ---- */

/* The projections are made once more, beside the database, and compared by their hash. */
static gboolean check_projections(database *d, checking *c, GError **error)
{
	database beside;
	if (!database_open(&beside, NULL, DATABASE_SCRATCH, error))
		return FALSE;
	gboolean ok = database_run(&beside, SQL_BEGIN_WRITE, error, "") && projection_rebuild(&beside, d, error) &&
	              database_run(&beside, SQL_COMMIT, error, "");
	g_autofree char *should = ok ? projection_hash(&beside, error) : NULL;
	g_autofree char *is = should ? projection_hash(d, error) : NULL;
	if (is && strcmp(is, should) != 0)
		found(c, _("What search, facets and maps are made of differs from the revisions. Run 'aftermine check --rebuild'."));
	database_close(&beside);
	return is != NULL;
}

/* Damage found on the way is an answer, not a failure to look. */
static gboolean answered(checking *c, GError **inner, GError **error)
{
	if (!*inner)
		return TRUE;
	if (!g_error_matches(*inner, STORE_ERROR, STORE_ERROR_DAMAGED)) {
		g_propagate_error(error, g_steal_pointer(inner));
		return FALSE;
	}
	found(c, "%s", (*inner)->message);
	g_clear_error(inner);
	return TRUE;
}

static gboolean check_job(store *s, database *d, gpointer data, GError **error)
{
	(void)s;
	checking c = { .faults = data };
	gboolean (*const looks[])(database *, checking *, GError **) = { check_pages, check_revisions, check_log, check_files, check_projections };
	gboolean ok = TRUE;
	for (gsize i = 0; ok && i < G_N_ELEMENTS(looks); i++) {
		GError *inner = NULL;
		if (!looks[i](d, &c, &inner))
			ok = answered(&c, &inner, error);
	}
	g_free(c.kind), g_free(c.id), g_free(c.hash);
	return ok;
}

static gboolean check_log_job(store *s, database *d, gpointer data, GError **error)
{
	(void)s;
	checking c = { .faults = data };
	return check_log(d, &c, error);
}

gboolean store_log_check(store *s, GPtrArray *faults, GError **error)
{
	return writer_run(s->writer, check_log_job, faults, error);
}

gboolean store_check(store *s, GPtrArray *faults, GError **error)
{
	return writer_run(s->writer, check_job, faults, error);
}

/* Brings the words' index into one piece, and every document into a block. */
static gboolean tidy_words(database *d, GError **error)
{
	return database_run(d, SQL_WORDS_TIDY, error, "") && blocks_fill(d, TRUE, error);
}

gboolean store_refill(store *s, database *d, store_fill *fill, gpointer data, GError **error)
{
	if (!database_run(d, SQL_BEGIN_WRITE, error, ""))
		return FALSE;
	index_t *x = NULL;
	gboolean ok = fill(d, data, error) && tidy_words(d, error) && (x = index_load(NULL, d, error)) && database_run(d, SQL_COMMIT, error, "");
	if (!ok) {
		if (!sqlite3_get_autocommit(d->handle))
			sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
		index_release(x);
		return FALSE;
	}
	g_mutex_lock(&s->refresh);
	store_set_index(s, x);
	g_mutex_unlock(&s->refresh);
	postings_clear(s->postings);
	return TRUE;
}

static gboolean rebuild(database *d, gpointer data, GError **error)
{
	(void)data;
	return projection_rebuild(d, d, error);
}

static gboolean rebuild_job(store *s, database *d, gpointer data, GError **error)
{
	return store_refill(s, d, rebuild, data, error);
}

gboolean store_rebuild(store *s, GError **error)
{
	return writer_run(s->writer, rebuild_job, NULL, error);
}

static gboolean tidy_job(store *s, database *d, gpointer data, GError **error)
{
	(void)s, (void)data;
	if (!database_run(d, SQL_BEGIN_WRITE, error, ""))
		return FALSE;
	if (tidy_words(d, error) && database_run(d, SQL_COMMIT, error, ""))
		return TRUE;
	if (!sqlite3_get_autocommit(d->handle))
		sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
	return FALSE;
}

gboolean store_tidy(store *s, GError **error)
{
	return writer_run(s->writer, tidy_job, NULL, error);
}

static gboolean hash_job(store *s, database *d, gpointer data, GError **error)
{
	(void)s;
	char **hash = data;
	*hash = projection_hash(d, error);
	return *hash != NULL;
}

char *store_projection_hash(store *s, GError **error)
{
	char *hash = NULL;
	return writer_run(s->writer, hash_job, &hash, error) ? hash : NULL;
}
