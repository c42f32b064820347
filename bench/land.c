/* One site more, over a store of many: how long its writing takes, and the totals after it. Prints milliseconds, one figure a line:
 * write-median write-worst redraw-median redraw-worst board-cpu past-board-cpu net gross overlaps
 * usage: land DATABASE */
#include <stdio.h>
#include <time.h>

#include "prose.h"
#include "store/store.h"
#include "web/board.h"

#define ROUNDS 30

static double milliseconds(void)
{
	return (double)g_get_monotonic_time() / 1000;
}

static double processor(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static gboolean write_site(store *s, prose *p, const char *id, double *took, GError **error)
{
	record r = {.kind = kind_by_name("site"), .id = (char *)id, .state = RECORD_PUBLISHED, .author = (char *)"bench", .body = prose_body(p, kind_by_name("site"))};
	store_change change = {&r, STORE_EXPECT_ANY};
	double began = milliseconds();
	gboolean ok = store_write(s, &change, 1, error);
	*took = milliseconds() - began;
	json_decref(r.body);
	g_free(r.previous), g_free(r.time);
	return ok;
}

static int number_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Median and worst of writing new sites, or the same ones with another boundary. */
static gboolean write_some(store *s, prose *p, GError **error)
{
	double took[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		g_autofree char *id = g_strdup_printf("one-more-%d", i);
		if (!write_site(s, p, id, &took[i], error))
			return FALSE;
	}
	qsort(took, ROUNDS, sizeof *took, number_compare);
	printf("%.2f\n%.2f\n", took[ROUNDS / 2], took[ROUNDS - 1]);
	return TRUE;
}

static gboolean judge(store *s, const char *as_of, GError **error)
{
	g_autoptr(store_reader) reader = store_reader_open(s, error);
	double began = processor();
	g_autoptr(board) b = reader ? board_get(reader, store_generation(s), as_of, error) : NULL;
	if (!b)
		return FALSE;
	printf("%.0f\n", processor() - began);
	if (!as_of) {
		gboolean whole;
		const board_area *world = board_land_world(board_land_get(b));
		fprintf(stderr, "%u sites, gross %.1f ha, net %.1f ha, contested %.1f ha, %u overlaps\n", world->all.mapped, world->all.gross, world->all.net,
			world->all.contested, board_land_overlaps(board_land_get(b), &whole)->len);
	}
	return TRUE;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = argc == 2 ? store_open(argv[1], STORE_OPEN, &error) : NULL;
	prose *p = prose_new(4711);
	gboolean ok = s && write_some(s, p, &error) && write_some(s, p, &error) && judge(s, NULL, &error) && judge(s, "2020-12-31", &error);
	if (!ok)
		fprintf(stderr, "%s\n", error ? error->message : "usage: land DATABASE");
	prose_free(p);
	return ok ? 0 : 3;
}
