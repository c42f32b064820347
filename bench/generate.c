/* Makes a store full of synthetic published records, the same ones for the same seed.
 * usage: generate DATABASE CASES PLEDGES [SITES [SEED]]    with sites also a report for each pledge and a measurement for every tenth site */
#include <stdio.h>
#include <stdlib.h>

#include "prose.h"
#include "store/store.h"

#define BATCH 500

static record *synthetic(prose *p, const kind *k, guint number)
{
	record *r = g_new0(record, 1);
	r->kind = k;
	r->id = g_strdup_printf("%s-%u", k->name, number);
	r->state = RECORD_PUBLISHED;
	r->author = g_strdup("generator");
	g_autoptr(GDateTime) start = g_date_time_new_utc(2020, 1, 1, 0, 0, 0);
	g_autoptr(GDateTime) time = g_date_time_add_minutes(start, (gint)(number * 20));
	r->time = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
	r->body = prose_body(p, k);
	return r;
}

static gboolean fill(store *s, prose *p, const kind *k, guint n, GError **error)
{
	gboolean ok = TRUE;
	for (guint i = 0; ok && i < n;) {
		store_change changes[BATCH];
		gsize batch = 0;
		for (; batch < BATCH && i < n; batch++, i++)
			changes[batch] = (store_change) { synthetic(p, k, i), 0 };
		ok = store_write(s, changes, batch, error);
		for (gsize c = 0; c < batch; c++)
			record_free(changes[c].record);
	}
	return ok;
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fprintf(stderr, "usage: %s DATABASE CASES PLEDGES [SITES [SEED]]\n", argv[0]);
		return 2;
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(argv[1], STORE_CREATE, &error);
	prose *p = prose_new(argc > 5 ? (guint32)strtoul(argv[5], NULL, 10) : 17);
	gint64 begin = g_get_monotonic_time();
	guint cases = (guint)strtoul(argv[2], NULL, 10), pledges = (guint)strtoul(argv[3], NULL, 10), sites = argc > 4 ? (guint)strtoul(argv[4], NULL, 10) : 0;
	const struct { const char *kind; guint n; } fills[] = {{ "case", cases }, { "pledge", pledges }, { "site", sites }, { "progress", sites ? pledges : 0 },
		{ "measurement", sites / 10 }};
	gboolean ok = s != NULL;
	for (gsize i = 0; ok && i < G_N_ELEMENTS(fills); i++)
		ok = fill(s, p, kind_by_name(fills[i].kind), fills[i].n, &error);
	ok = ok && store_tidy(s, &error);
	double seconds = (double)(g_get_monotonic_time() - begin) / 1e6;
	if (ok)
		printf("%u cases, %u pledges and %u sites in %.1f s\n", cases, pledges, sites, seconds);
	else
		fprintf(stderr, "%s\n", error->message);
	prose_free(p);
	return ok ? 0 : 3;
}
