#include "base/progress.h"
#include "record/message.h"
#include "store/inside.h"
#include "store/land_faces.h"
#include "store/projection.h"

#include <signal.h>
#include <string.h>

#define GROUP_CHANGES 4096 /* the most changes of one transaction, unless one caller brings more */

/* What a written revision got; handed to the records when it is durable. */
typedef struct given {
	guint revision;
	char *time, *previous;
	char hash[65];
} given;

typedef struct request {
	const language *speaks; /* the language of the thread that asked */
	store_change *changes;
	gsize n;
	given *given;
	writer_job job;
	gpointer data;
	gboolean done, ok, spoiled; /* spoiled: the group's transaction cannot be committed */
	GError *error;
	GCond finished;
} request;

struct writer {
	store *s;
	database d;
	GThread *thread;
	GMutex lock;
	GCond wake;
	GQueue waiting;
	gboolean stop;
};

/* ---- one change ---- */

static void conflict(const record *r, guint expected, guint is, GError **error)
{
	if (is == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT, _("%s %s: there is no such record to change. Add it as a new one."), r->kind->name, r->id);
	else if (expected == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT, _("%s %s: is already there (revision %u). Change that one, or choose another id."),
		    r->kind->name, r->id, is);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    _("%s %s: was changed meanwhile (revision %u, not %u). Look at the newer one and make the change again."), r->kind->name, r->id, is, expected);
}

static gboolean time_is_valid(const char *time)
{
	if (strlen(time) != 20 || time[10] != 'T' || time[19] != 'Z')
		return FALSE;
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(time, NULL);
	return t != NULL;
}

static gboolean change_is_valid(const record *r, GError **error)
{
	if (!r->kind || !r->id || !id_is_valid(r->id) || !json_is_object(r->body) || !r->author) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("%s %.130s: a record needs a kind, an id like giant-mine, an author and a body."),
		    r->kind ? r->kind->name : "record", r->id ? r->id : "");
		return FALSE;
	}
	if (r->time && !time_is_valid(r->time)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("%s %s: \"%.40s\" is not a time. Write it like 2026-08-24T09:00:00Z."), r->kind->name, r->id,
		    r->time);
		return FALSE;
	}
	return TRUE;
}

static char *time_now(void)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	return g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
}

/* Now, but not before what was written last: the clock may have been put back, and the order of the log is that of its times, so that what was published
 * at the end of a day that is over never changes. NULL with an error. */
static char *time_next(database *d, GError **error)
{
	char *now = time_now();
	sqlite3_stmt *row = database_bind(d, SQL_TIME_NEWEST, error, "");
	int code = row ? database_step(d, row, error) : SQLITE_ERROR;
	if (code == SQLITE_ROW && strcmp(column_text(row, 0), now) > 0) {
		g_free(now);
		now = g_strdup(column_text(row, 0));
	}
	if (code == SQLITE_ROW)
		sqlite3_reset(row);
	if (code == SQLITE_ERROR)
		g_clear_pointer(&now, g_free);
	return now;
}

/* The record's newest revision: its number (0: none), hash and time. */
static gboolean find_latest(database *d, const record *r, given *latest, GError **error)
{
	*latest = (given) { 0 };
	sqlite3_stmt *row = database_bind(d, SQL_LATEST, error, "ss", r->kind->name, r->id);
	int code = row ? database_step(d, row, error) : SQLITE_ERROR;
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE;
	latest->revision = (guint)sqlite3_column_int64(row, 0);
	latest->previous = g_strdup(column_text(row, 1));
	latest->time = g_strdup(column_text(row, 2));
	sqlite3_reset(row);
	return TRUE;
}

static gboolean insert_revision(database *d, record *r, GError **error)
{
	gsize length;
	g_autofree char *envelope = record_canonical(r, &length, error);
	if (!envelope)
		return FALSE;
	if (length > STORE_RECORD_BYTES) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("%s %s: is larger than %d MiB. Shorten its texts or simplify its geometry."), r->kind->name,
		    r->id, STORE_RECORD_BYTES >> 20);
		return FALSE;
	}
	if (!database_run(d, SQL_REVISION_INSERT, error, "ssiisss", r->kind->name, r->id, (gint64)r->revision, (gint64)r->state, r->time, r->hash, envelope))
		return FALSE;
	if (r->state < RECORD_PUBLISHED)
		return TRUE;
	return database_run(d, SQL_LOG_ENTRY_INSERT, error, "i", (gint64)sqlite3_last_insert_rowid(d->handle)) && projection_add(d, r, error);
}

static gboolean write_change(database *d, const store_change *c, given *got, GError **error)
{
	if (!change_is_valid(c->record, error))
		return FALSE;
	given latest;
	gboolean ok = find_latest(d, c->record, &latest, error);
	if (ok && c->expected != STORE_EXPECT_ANY && c->expected != latest.revision) {
		conflict(c->record, c->expected, latest.revision, error);
		ok = FALSE;
	}
	got->time = ok ? c->record->time ? g_strdup(c->record->time) : time_next(d, error) : NULL;
	ok = ok && got->time;
	if (ok && latest.time && strcmp(got->time, latest.time) < 0) {
		if (c->record->time) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("%s %s: a revision of %s cannot follow one of %s. Give a later time, or none."),
			    c->record->kind->name, c->record->id, got->time, latest.time);
			ok = FALSE;
		} else { /* the clock was put back */
			g_free(got->time);
			got->time = g_strdup(latest.time);
		}
	}
	if (ok) {
		record r = *c->record;
		r.revision = got->revision = latest.revision + 1;
		r.previous = got->previous = g_steal_pointer(&latest.previous);
		r.time = got->time;
		ok = insert_revision(d, &r, error);
		memcpy(got->hash, r.hash, sizeof got->hash);
	}
	g_free(latest.previous);
	g_free(latest.time);
	return ok;
}

/* ---- one caller ---- */

static void given_clear(given *g)
{
	g_clear_pointer(&g->time, g_free);
	g_clear_pointer(&g->previous, g_free);
}

/* All of a caller's changes or none of them. */
static gboolean write_request(database *d, request *q)
{
	if (!database_run(d, SQL_SAVEPOINT, &q->error, ""))
		return FALSE;
	gboolean ok = TRUE;
	for (gsize i = 0; ok && i < q->n; i++)
		if ((ok = write_change(d, &q->changes[i], &q->given[i], &q->error)))
			progress_say(N_("Writing records"), i + 1, q->n);
	if (ok && database_run(d, SQL_SAVEPOINT_RELEASE, &q->error, ""))
		return TRUE;
	/* A full disk may have ended the whole transaction; what cannot be undone alone is undone with all. */
	q->spoiled = sqlite3_get_autocommit(d->handle) || !database_run(d, SQL_SAVEPOINT_UNDO, NULL, "") ||
	             !database_run(d, SQL_SAVEPOINT_RELEASE, NULL, "");
	return FALSE;
}

/* ---- a group of callers ---- */

static void fail_group(GPtrArray *group, const GError *why)
{
	for (guint i = 0; i < group->len; i++) {
		request *q = g_ptr_array_index(group, i);
		if (q->ok && why)
			q->error = g_error_copy(why);
		q->ok = FALSE;
	}
}

static void write_group(writer *w, GPtrArray *group)
{
	g_autoptr(GError) failed = NULL;
	gboolean ok = database_run(&w->d, SQL_BEGIN_WRITE, &failed, "");
	for (guint i = 0; i < group->len; i++) {
		request *q = g_ptr_array_index(group, i);
		q->ok = ok && write_request(&w->d, q);
		if (ok && q->spoiled) {
			failed = q->error ? g_error_copy(q->error) : NULL;
			ok = FALSE;
		}
		if (!ok && !q->error)
			q->error = failed ? g_error_copy(failed) : g_error_new(STORE_ERROR, STORE_ERROR_IO, "The change could not be written. Try again.");
	}
	/* Publication and log entry are one transaction. */
	ok = ok && land_settle(&w->d, &failed) && log_grow(&w->d, &failed) && database_run(&w->d, SQL_COMMIT, &failed, "");
	if (!ok) {
		if (!sqlite3_get_autocommit(w->d.handle))
			sqlite3_exec(w->d.handle, "ROLLBACK", NULL, NULL, NULL);
		fail_group(group, failed);
	}
}

/* Lets readers find what is new without making it themselves. Should this fail, the next reader does it. */
static void publish_index(writer *w)
{
	if (!database_run(&w->d, SQL_BEGIN, NULL, ""))
		return;
	index_release(store_index(w->s, &w->d, NULL));
	database_run(&w->d, SQL_COMMIT, NULL, "");
}

static void finish(writer *w, GPtrArray *group)
{
	g_mutex_lock(&w->lock);
	for (guint i = 0; i < group->len; i++) {
		request *q = g_ptr_array_index(group, i);
		q->done = TRUE;
		g_cond_signal(&q->finished);
	}
	g_mutex_unlock(&w->lock);
}

/* The callers waiting now, in order, up to a job, which runs alone. NULL: the end. */
static GPtrArray *next_group(writer *w)
{
	g_mutex_lock(&w->lock);
	while (g_queue_is_empty(&w->waiting) && !w->stop)
		g_cond_wait(&w->wake, &w->lock);
	GPtrArray *group = g_queue_is_empty(&w->waiting) ? NULL : g_ptr_array_new();
	gsize changes = 0;
	for (request *q; group && (q = g_queue_peek_head(&w->waiting)) != NULL;) {
		if (group->len > 0 && (q->job || changes + q->n > GROUP_CHANGES))
			break;
		g_ptr_array_add(group, g_queue_pop_head(&w->waiting));
		changes += q->n;
		if (q->job)
			break;
	}
	g_mutex_unlock(&w->lock);
	return group;
}

/* Signals are for the threads of whoever opened the store. */
static void leave_signals(void)
{
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
}

static gpointer writer_thread(gpointer data)
{
	writer *w = data;
	leave_signals();
	for (GPtrArray *group; (group = next_group(w)) != NULL;) {
		request *first = g_ptr_array_index(group, 0);
		language_speak(first->speaks); /* what goes wrong is said to who asked */
		if (first->job) {
			first->ok = first->job(w->s, &w->d, first->data, &first->error);
		} else {
			write_group(w, group);
			publish_index(w);
		}
		finish(w, group);
		g_ptr_array_unref(group);
	}
	return NULL;
}

writer *writer_start(store *s, database *d)
{
	writer *w = g_new0(writer, 1);
	w->s = s;
	w->d = *d;
	g_mutex_init(&w->lock);
	g_cond_init(&w->wake);
	g_queue_init(&w->waiting);
	w->thread = g_thread_new("store writer", writer_thread, w);
	return w;
}

void writer_stop(writer *w)
{
	g_mutex_lock(&w->lock);
	w->stop = TRUE;
	g_cond_signal(&w->wake);
	g_mutex_unlock(&w->lock);
	g_thread_join(w->thread);
	database_close(&w->d);
	g_mutex_clear(&w->lock);
	g_cond_clear(&w->wake);
	g_free(w);
}

static gboolean wait_for(writer *w, request *q, GError **error)
{
	g_cond_init(&q->finished);
	q->speaks = language_spoken();
	g_mutex_lock(&w->lock);
	g_queue_push_tail(&w->waiting, q);
	g_cond_signal(&w->wake);
	while (!q->done)
		g_cond_wait(&q->finished, &w->lock);
	g_mutex_unlock(&w->lock);
	g_cond_clear(&q->finished);
	if (q->error)
		g_propagate_error(error, q->error);
	return q->ok;
}

gboolean writer_run(writer *w, writer_job job, gpointer data, GError **error)
{
	request q = { .job = job, .data = data };
	return wait_for(w, &q, error);
}

gboolean store_write(store *s, store_change *changes, gsize n, GError **error)
{
	g_autofree given *got = g_new0(given, n);
	request q = { .changes = changes, .n = n, .given = got };
	gboolean ok = wait_for(s->writer, &q, error);
	for (gsize i = 0; i < n; i++) {
		record *r = changes[i].record;
		if (ok) {
			r->revision = got[i].revision;
			memcpy(r->hash, got[i].hash, sizeof r->hash);
			g_free(r->previous), g_free(r->time);
			r->previous = g_steal_pointer(&got[i].previous);
			r->time = g_steal_pointer(&got[i].time);
		}
		given_clear(&got[i]);
	}
	return ok;
}
