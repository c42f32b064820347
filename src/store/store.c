#include "record/message.h"
#include "store/block.h"
#include "store/inside.h"
#include "store/projection.h"

#include <string.h>

#define WATCH_MICROSECONDS G_USEC_PER_SEC

/* ---- the current index ---- */

static index_t *hold_current(store *s)
{
	g_mutex_lock(&s->lock);
	index_t *x = s->current ? index_hold(s->current) : NULL;
	g_mutex_unlock(&s->lock);
	return x;
}

void store_set_index(store *s, index_t *x)
{
	g_mutex_lock(&s->lock);
	index_t *old = s->current;
	s->current = x;
	text_rows_limit(x->rows, s->rows_most);
	g_mutex_unlock(&s->lock);
	index_release(old);
}

index_t *store_index(store *s, database *d, GError **error)
{
	gint64 generation;
	if (!database_number(d, &generation, 0, SQL_GENERATION, error, ""))
		return NULL;
	index_t *x = hold_current(s);
	if (x && x->generation < (guint64)generation) {
		g_mutex_lock(&s->refresh);
		index_release(x);
		x = hold_current(s);
		if (!x || x->generation < (guint64)generation) {
			index_t *newer = index_load(x, d, error);
			index_release(x);
			x = newer;
			if (newer)
				store_set_index(s, index_hold(newer));
		}
		g_mutex_unlock(&s->refresh);
	}
	if (x && x->generation > (guint64)generation)
		g_clear_pointer(&x, index_release);
	return x;
}

static gboolean look_for_others(store *s)
{
	gint64 generation, now = g_get_monotonic_time();
	if (!g_mutex_trylock(&s->watching))
		return FALSE;
	gboolean newer = FALSE;
	if (now - s->watched >= WATCH_MICROSECONDS) {
		s->watched = now;
		if (database_run(&s->watch, SQL_BEGIN, NULL, "")) {
			newer = database_number(&s->watch, &generation, 0, SQL_GENERATION, NULL, "");
			index_t *x = newer ? store_index(s, &s->watch, NULL) : NULL;
			index_release(x);
			database_run(&s->watch, SQL_COMMIT, NULL, "");
		}
	}
	g_mutex_unlock(&s->watching);
	return newer;
}

guint64 store_generation(store *s)
{
	look_for_others(s);
	g_mutex_lock(&s->lock);
	guint64 generation = s->current->generation;
	g_mutex_unlock(&s->lock);
	return generation;
}

void store_keep_rows(store *s, gsize bytes)
{
	g_mutex_lock(&s->lock);
	s->rows_most = bytes;
	text_rows_limit(s->current->rows, bytes);
	g_mutex_unlock(&s->lock);
}

/* ---- opening ---- */

/* The tree of a database from before there was a log. */
static gboolean complete_log(database *d, GError **error)
{
	if (!database_run(d, SQL_BEGIN_WRITE, error, ""))
		return FALSE;
	if (log_grow(d, error) && database_run(d, SQL_COMMIT, error, ""))
		return TRUE;
	sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
	return FALSE;
}

/* Projections made by another derivation (an older program's declarations) are made anew. */
static gboolean freshen(database *d, GError **error)
{
	g_autofree char *now = projection_fingerprint();
	sqlite3_stmt *row = database_bind(d, SQL_ABOUT_GET, error, "s", "projection");
	int code = row ? database_step(d, row, error) : SQLITE_ERROR;
	if (code == SQLITE_ERROR)
		return FALSE;
	gboolean same = code == SQLITE_ROW && strcmp(column_text(row, 0), now) == 0;
	sqlite3_reset(row);
	if (same)
		return TRUE;
	if (!database_run(d, SQL_BEGIN_WRITE, error, ""))
		return FALSE;
	if (projection_rebuild(d, d, error) && blocks_fill(d, TRUE, error) && database_run(d, SQL_COMMIT, error, ""))
		return TRUE;
	sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
	return FALSE;
}

static gboolean load_first(store *s, database *d, GError **error)
{
	if (!database_run(d, SQL_BEGIN, error, ""))
		return FALSE;
	s->current = index_load(NULL, d, error);
	return database_run(d, SQL_COMMIT, s->current ? error : NULL, "") && s->current;
}

store *store_open(const char *path, store_mode mode, GError **error)
{
	database d;
	if (!database_open(&d, path, mode == STORE_CREATE ? DATABASE_CREATE : DATABASE_WRITE, error))
		return NULL;
	store *s = g_new0(store, 1);
	s->path = g_strdup(path);
	s->rows_most = TEXT_ROWS_BYTES;
	g_mutex_init(&s->lock);
	g_mutex_init(&s->refresh);
	g_mutex_init(&s->watching);
	s->postings = postings_new();
	s->watched = g_get_monotonic_time();
	gboolean ok = complete_log(&d, error) && freshen(&d, error) && load_first(s, &d, error) && database_open(&s->watch, path, DATABASE_READ, error);
	if (ok) {
		s->writer = writer_start(s, &d);
		return s;
	}
	database_close(&d);
	store_close(s);
	return NULL;
}

void store_close(store *s)
{
	if (!s)
		return;
	database_close(&s->watch);
	if (s->writer)
		writer_stop(s->writer); /* its connection is the last one and so folds the write-ahead log into the file */
	index_release(s->current);
	postings_free(s->postings);
	g_mutex_clear(&s->lock);
	g_mutex_clear(&s->refresh);
	g_mutex_clear(&s->watching);
	g_free(s->path);
	g_free(s);
}

store_reader *store_reader_open(store *s, GError **error)
{
	store_reader *r = g_new0(store_reader, 1);
	r->s = s;
	if (!database_open(&r->d, s->path, DATABASE_READ, error))
		g_clear_pointer(&r, g_free);
	return r;
}

void store_reader_close(store_reader *r)
{
	if (!r)
		return;
	database_close(&r->d);
	g_free(r);
}

/* ---- views ---- */

gboolean view_begin(store_reader *r, GError **error)
{
	if (r->views > 0) {
		r->views++;
		return TRUE;
	}
	for (;;) {
		GError *failed = NULL;
		if (!database_run(&r->d, SQL_BEGIN, error, ""))
			return FALSE;
		r->index = store_index(r->s, &r->d, &failed);
		if (r->index) {
			r->views = 1;
			return TRUE;
		}
		database_run(&r->d, SQL_COMMIT, NULL, "");
		if (failed) {
			g_propagate_error(error, failed);
			return FALSE;
		}
	}
}

void view_end(store_reader *r)
{
	if (--r->views > 0)
		return;
	g_clear_pointer(&r->index, index_release);
	database_run(&r->d, SQL_COMMIT, NULL, "");
}

gboolean store_hold(store_reader *r, GError **error)
{
	return view_begin(r, error);
}

void store_let_go(store_reader *r)
{
	view_end(r);
}

guint64 store_reader_generation(const store_reader *r)
{
	return r->index ? r->index->generation : store_generation(r->s);
}

static void put_digits(char *text, guint digits, gint64 n)
{
	for (; digits-- > 0; n /= 10)
		text[digits] = (char)('0' + n % 10);
}

/* The day after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March, eras have 400 years. */
void time_text(gint64 seconds, char text[static TIME_TEXT])
{
	gint64 days = seconds / 86400 - (seconds % 86400 < 0), clock = seconds - days * 86400, shifted = days + 719468;
	gint64 era = (shifted < 0 ? shifted - 146096 : shifted) / 146097, day = shifted - era * 146097;
	gint64 year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	gint64 month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5 - 1;
	month += month < 10 ? 3 : -9;
	g_strlcpy(text, "0000-00-00T00:00:00Z", TIME_TEXT);
	put_digits(text, 4, year + 400 * era + (month <= 2));
	put_digits(text + 5, 2, month);
	put_digits(text + 8, 2, day);
	put_digits(text + 11, 2, clock / 3600);
	put_digits(text + 14, 2, clock / 60 % 60);
	put_digits(text + 17, 2, clock % 60);
}

gboolean time_of_day_end(const char *day, gint64 *seconds, char text[static 21], GError **error)
{
	GDate date;
	g_date_clear(&date, 1);
	gboolean shaped = strlen(day) == 10 && day[4] == '-' && day[7] == '-' && strspn(day, "0123456789-") == 10;
	if (shaped) {
		guint y = (guint)g_ascii_strtoull(day, NULL, 10), m = (guint)g_ascii_strtoull(day + 5, NULL, 10);
		guint d = (guint)g_ascii_strtoull(day + 8, NULL, 10);
		if (g_date_valid_dmy((GDateDay)MIN(d, 99), (GDateMonth)MIN(m, 13), (GDateYear)y))
			g_date_set_dmy(&date, (GDateDay)d, (GDateMonth)m, (GDateYear)y);
	}
	if (!g_date_valid(&date)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("\"%.40s\" is not a day. Write it as year-month-day, such as 2026-12-31."), day);
		return FALSE;
	}
	g_snprintf(text, 21, "%sT23:59:59Z", day);
	g_autoptr(GDateTime) end = g_date_time_new_utc(g_date_get_year(&date), g_date_get_month(&date), g_date_get_day(&date), 23, 59, 59);
	*seconds = g_date_time_to_unix(end);
	return TRUE;
}
