/* Searches a store from several threads without pause and prints how long a search takes.
 * usage: search DATABASE [THREADS] [SECONDS] [plain]     plain: without facets */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "prose.h"
#include "store/store.h"

typedef struct searcher {
	store *s;
	guint32 seed;
	gboolean facets;
	gint64 until;
	GArray *microseconds;
	guint64 found;
	gboolean ok;
} searcher;

/* One to three words that people would search for (not the hundred commonest), one in five the beginning of a word. */
static char *question_of(prose *p)
{
	GString *text = g_string_new(NULL);
	for (guint n = 1 + prose_below(p, 3); n > 0; n--) {
		const char *word = prose_word(p, 100 + prose_rank(p, 5000));
		int length = (int)strlen(word);
		gboolean prefix = prose_below(p, 5) == 0 && length > 5;
		g_string_append_printf(text, "%.*s%s ", prefix ? length - 2 : length, word, prefix ? "*" : "");
	}
	return g_string_free(text, FALSE);
}

static gboolean search_once(searcher *x, prose *p, store_reader *r)
{
	static const char *const countries[] = { "AUS", "CAN", "CHL", "ZAF", "USA", "AFG", "AGO", "ALB", "AND" };
	static const char *const themes[] = { "land-rehabilitation", "biodiversity-net-gain", "circular-economy" };
	g_autofree char *text = prose_below(p, 4) ? question_of(p) : NULL;
	const char *country[] = { countries[prose_below(p, G_N_ELEMENTS(countries))], NULL };
	const char *theme[] = { themes[prose_below(p, G_N_ELEMENTS(themes))], NULL };
	store_filter filters[] = { { "country", country }, { "themes", theme } };
	store_query q = { .kind = "case", .text = text, .filters = filters, .n_filters = prose_below(p, 3), .facets = x->facets, .facet_limit = 12 };
	gint64 begin = g_get_monotonic_time();
	g_autoptr(store_result) result = store_search(r, &q, NULL);
	gint64 taken = g_get_monotonic_time() - begin;
	g_array_append_val(x->microseconds, taken);
	x->found += result ? result->total : 0;
	return result != NULL;
}

static gpointer search_on(gpointer data)
{
	searcher *x = data;
	prose *p = prose_new(x->seed);
	g_autoptr(store_reader) r = store_reader_open(x->s, NULL);
	x->ok = r != NULL;
	while (x->ok && g_get_monotonic_time() < x->until)
		x->ok = search_once(x, p, r);
	prose_free(p);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return x < y ? -1 : x > y;
}

static double cpu_seconds(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void report(const char *what, GArray *all, double cpu, guint64 found)
{
	qsort(all->data, all->len, sizeof(gint64), by_size);
	const gint64 *t = (const gint64 *)(gconstpointer)all->data;
	printf("%-10s %7u searches  p50 %7.3f ms  p99 %7.3f ms  worst %7.3f ms  CPU %.3f ms each  found %.0f each\n", what, all->len,
	    (double)t[all->len / 2] / 1e3, (double)t[all->len * 99ul / 100] / 1e3, (double)t[all->len - 1] / 1e3, cpu * 1e3 / all->len,
	    (double)found / all->len);
}

static gboolean round_of(store *s, const char *what, guint threads, double seconds, gboolean facets, guint32 seed)
{
	g_autofree searcher *x = g_new0(searcher, threads);
	g_autofree GThread **t = g_new0(GThread *, threads);
	double before = cpu_seconds();
	gint64 until = g_get_monotonic_time() + (gint64)(seconds * 1e6);
	for (guint i = 0; i < threads; i++) {
		x[i] = (searcher) { s, seed + i, facets, until, g_array_new(FALSE, FALSE, sizeof(gint64)), 0, TRUE };
		t[i] = g_thread_new("searcher", search_on, &x[i]);
	}
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint64));
	gboolean ok = TRUE;
	guint64 found = 0;
	for (guint i = 0; i < threads; i++) {
		g_thread_join(t[i]);
		g_array_append_vals(all, x[i].microseconds->data, x[i].microseconds->len);
		g_array_unref(x[i].microseconds);
		ok = ok && x[i].ok;
		found += x[i].found;
	}
	report(what, all, cpu_seconds() - before, found);
	return ok;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s DATABASE [THREADS] [SECONDS] [plain]\n", argv[0]);
		return 2;
	}
	guint threads = argc > 2 ? (guint)strtoul(argv[2], NULL, 10) : 2;
	double seconds = argc > 3 ? g_ascii_strtod(argv[3], NULL) : 3;
	gboolean facets = argc <= 4;
	g_autoptr(GError) error = NULL;
	gint64 begin = g_get_monotonic_time();
	g_autoptr(store) s = store_open(argv[1], STORE_OPEN, &error);
	if (!s) {
		fprintf(stderr, "%s\n", error->message);
		return 3;
	}
	printf("opened in %.1f ms\n", (double)(g_get_monotonic_time() - begin) / 1e3);
	gboolean ok = round_of(s, "cold", threads, seconds, facets, 1) && round_of(s, "warm", threads, seconds, facets, 1) &&
	              round_of(s, "other", threads, seconds, facets, 1000);
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	printf("memory %.1f MiB at most\n", (double)u.ru_maxrss / 1024);
	return ok ? 0 : 3;
}
