/* Measures the log of a store: appending in groups, proofs, and verifying the whole. Rows for bench/run.sh.
 * usage: bench-log FOLDER ENTRIES */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "log/checkpoint.h"
#include "store/store.h"

#define GROUP 1000
#define PROOFS 2000

static double seconds_since(gint64 start)
{
	return (double)(g_get_monotonic_time() - start) / 1e6;
}

static long memory_mib(void)
{
	struct rusage use;
	getrusage(RUSAGE_SELF, &use);
	return use.ru_maxrss / 1024;
}

static void stop_at(const GError *error)
{
	if (error) {
		fprintf(stderr, "bench-log: %s\n", error->message);
		exit(1);
	}
}

static void append(store *s, guint first, guint n)
{
	g_autofree store_change *changes = g_new0(store_change, n);
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < n; i++) {
		record *r = g_new0(record, 1);
		r->kind = kind_by_name("practice");
		r->id = g_strdup_printf("practice-%07u", first + i);
		r->state = RECORD_PUBLISHED;
		r->author = g_strdup("bench");
		r->body = json_pack("{s:s, s:s}", "name", r->id, "definition", "Topsoil is stripped, stored and returned within a season, so that seeds and fungi live.");
		changes[i].record = r;
	}
	store_write(s, changes, n, &error);
	stop_at(error);
	for (guint i = 0; i < n; i++)
		record_free(changes[i].record);
}

/* The slowest of many proofs, each found and checked, in milliseconds. */
static double slowest_proof(store_reader *r, guint64 size)
{
	merkle_tiles tiles = { store_log_hashes, r };
	g_autoptr(GError) error = NULL;
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	merkle_hash root, path[MERKLE_PROOF];
	double slowest = 0;
	merkle_root(&tiles, size, &root, &error);
	stop_at(error);
	for (int i = 0; i < PROOFS; i++) {
		guint64 number = (guint64)g_rand_int_range(random, 0, (gint32)size);
		guint n;
		gint64 start = g_get_monotonic_time();
		merkle_inclusion(&tiles, number, size, path, &n, &error);
		double took = seconds_since(start) * 1000;
		stop_at(error);
		g_auto(store_log_entry) entry = { 0 };
		store_log_entry_get(r, number, &entry, &error);
		stop_at(error);
		merkle_hash leaf = merkle_leaf(entry.bytes, entry.length);
		if (!merkle_inclusion_holds(&leaf, number, size, path, n, &root)) {
			fprintf(stderr, "bench-log: a proof does not hold\n");
			exit(1);
		}
		slowest = MAX(slowest, took);
	}
	return slowest;
}

static void row(const char *what, double figure, const char *unit, gboolean kept, const char *goal)
{
	printf("%s\t%.3g %s\t%s\t%s\n", what, figure, unit, goal, kept ? "kept" : "MISSED");
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: bench-log FOLDER ENTRIES\n");
		return 2;
	}
	guint total = (guint)g_ascii_strtoull(argv[2], NULL, 10);
	g_autofree char *path = g_build_filename(argv[1], "log.db", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(path, STORE_CREATE, &error);
	stop_at(error);
	gint64 start = g_get_monotonic_time();
	for (guint done = 0; done < total; done += GROUP)
		append(s, done, MIN(GROUP, total - done));
	double rate = total / seconds_since(start);
	long memory = memory_mib();
	g_autoptr(store_reader) r = store_reader_open(s, &error);
	stop_at(error);
	double slowest = slowest_proof(r, total);
	start = g_get_monotonic_time();
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	store_log_check(s, faults, &error);
	double took = seconds_since(start);
	gboolean whole = faults->len == 0;
	stop_at(error);
	row("log: publishing in groups of 1,000, entries a second", rate, "/s", rate >= 5000, ">= 5000 /s");
	row("log: the slowest of 2,000 proofs", slowest, "ms", slowest <= 5, "<= 5 ms");
	row("log: verifying the tree over all entries", took, "s", whole && took <= 60, "<= 60 s");
	row("log: memory while publishing", (double)memory, "MiB", TRUE, "flat");
	return 0;
}
