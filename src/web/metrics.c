#include "web/metrics.h"

#include <stdio.h>
#include <unistd.h>

#include "base/canonical.h"

static const double bounds[METRICS_BUCKETS] = { 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5 }; /* seconds */
metrics server_metrics;

void metrics_answer(unsigned status, gint64 microseconds, gsize bytes, gboolean cached)
{
	guint bucket = 0;
	while (bucket < METRICS_BUCKETS && (double)microseconds > bounds[bucket] * 1e6)
		bucket++;
	metrics_count(answers[MIN(status / 100, 5)], 1);
	metrics_count(buckets[bucket], 1);
	metrics_count(microseconds, (guint64)microseconds);
	metrics_count(bytes, bytes);
	if (cached)
		metrics_count(from_cache, 1);
}

static guint64 resident_bytes(void)
{
	g_autofree char *text = NULL;
	guint64 pages = 0;
	if (g_file_get_contents("/proc/self/statm", &text, NULL, NULL)) {
		char *end;
		g_ascii_strtoull(text, &end, 10);
		pages = g_ascii_strtoull(end, NULL, 10);
	}
	return pages * (guint64)sysconf(_SC_PAGESIZE);
}

static void add(GString *out, const char *name, const char *type, const char *says, guint64 value)
{
	g_string_append_printf(out, "# HELP aftermine_%s %s\n# TYPE aftermine_%s %s\naftermine_%s %" G_GUINT64_FORMAT "\n", name, says, name, type, name, value);
}

char *metrics_text(void)
{
	const metrics *m = &server_metrics;
	GString *out = g_string_new("# HELP aftermine_answers_total Answers by class of status.\n# TYPE aftermine_answers_total counter\n");
	for (guint i = 1; i < 6; i++)
		g_string_append_printf(out, "aftermine_answers_total{status=\"%uxx\"} %" G_GUINT64_FORMAT "\n", i, m->answers[i]);
	g_string_append(out, "# HELP aftermine_answer_seconds From a request's last byte to its answer's last.\n# TYPE aftermine_answer_seconds histogram\n");
	guint64 sum = 0;
	char number[32];
	for (guint i = 0; i < METRICS_BUCKETS; i++) {
		sum += m->buckets[i];
		canonical_number(bounds[i], number);
		g_string_append_printf(out, "aftermine_answer_seconds_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n", number, sum);
	}
	sum += m->buckets[METRICS_BUCKETS];
	g_string_append_printf(out, "aftermine_answer_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", sum);
	canonical_number((double)m->microseconds / 1e6, number);
	g_string_append_printf(out, "aftermine_answer_seconds_sum %s\naftermine_answer_seconds_count %" G_GUINT64_FORMAT "\n", number, sum);
	add(out, "answer_bytes_total", "counter", "Bytes of answers' bodies.", m->bytes);
	add(out, "answers_from_cache_total", "counter", "Answers from the page cache or embedded files.", m->from_cache);
	add(out, "queue_full_total", "counter", "Requests told to come again because the queue was full.", m->queue_full);
	add(out, "limited_total", "counter", "Requests told to come again because their client sent too many.", m->limited);
	add(out, "slow_clients_total", "counter", "Connections ended because the client was too slow.", m->cut_off);
	add(out, "connections", "gauge", "Open connections.", (guint64)MAX(m->connections, 0));
	add(out, "requests_under_way", "gauge", "Requests being answered.", (guint64)MAX(m->under_way, 0));
	add(out, "requests_waiting", "gauge", "Requests waiting for a worker.", (guint64)MAX(m->waiting, 0));
	add(out, "cache_entries", "gauge", "Pages in the cache.", m->cache_entries);
	add(out, "cache_bytes", "gauge", "Bytes of the cache.", m->cache_bytes);
	add(out, "resident_bytes", "gauge", "Memory of the process.", resident_bytes());
	add(out, "uptime_seconds", "counter", "Since the start.", (guint64)((g_get_monotonic_time() - m->started) / G_USEC_PER_SEC));
	return g_string_free(out, FALSE);
}
