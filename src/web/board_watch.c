#include "web/board_watch.h"

#include "web/board.h"

#define LOOK_EVERY (150 * G_TIME_SPAN_MILLISECOND)

struct board_watch {
	store *records;
	store_reader *reader;
	GThread *thread;
	GMutex lock;
	GCond ended;
	gboolean over;
};

static gboolean renew(const board_watch *w)
{
	g_autoptr(GError) error = NULL;
	if (store_hold(w->reader, &error)) { /* what is written meanwhile is the next board's */
		g_autoptr(board) b = board_get(w->reader, store_reader_generation(w->reader), NULL, &error);
		store_let_go(w->reader);
	}
	if (error)
		g_debug("the board could not be made beforehand: %s", error->message); /* whoever asks for it is told */
	return !error;
}

static gpointer watch(gpointer data)
{
	board_watch *w = data;
	guint64 before = 0, failed = 0; /* what a damaged store cannot give is not tried over and over */
	g_mutex_lock(&w->lock);
	while (!w->over) {
		gint64 until = g_get_monotonic_time() + LOOK_EVERY;
		while (!w->over && g_cond_wait_until(&w->ended, &w->lock, until))
			;
		g_mutex_unlock(&w->lock);
		guint64 now = store_generation(w->records);
		/* The same twice: an import that goes on is waited for. */
		if (now == before && now != failed && !board_is_kept(now))
			failed = renew(w) ? 0 : now;
		before = now;
		g_mutex_lock(&w->lock);
	}
	g_mutex_unlock(&w->lock);
	return NULL;
}

board_watch *board_watch_start(store *records, GError **error)
{
	store_reader *reader = store_reader_open(records, error);
	if (!reader)
		return NULL;
	board_watch *w = g_new0(board_watch, 1);
	w->records = records;
	w->reader = reader;
	g_mutex_init(&w->lock);
	g_cond_init(&w->ended);
	w->thread = g_thread_new("board", watch, w);
	return w;
}

void board_watch_stop(board_watch *w)
{
	if (!w)
		return;
	g_mutex_lock(&w->lock);
	w->over = TRUE;
	g_cond_signal(&w->ended);
	g_mutex_unlock(&w->lock);
	g_thread_join(w->thread);
	store_reader_close(w->reader);
	g_mutex_clear(&w->lock);
	g_cond_clear(&w->ended);
	g_free(w);
}
