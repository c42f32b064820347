/* What the server counts of itself, one set a process; written by any thread, read by /metrics. */
#pragma once

#include <glib.h>

#define METRICS_BUCKETS 9

typedef struct metrics {
	guint64 answers[6];          /* by hundreds of the status: [2] 2xx ... */
	guint64 from_cache, queue_full, limited, cut_off; /* cut_off: connections ended because they were too slow */
	guint64 bytes;
	guint64 buckets[METRICS_BUCKETS + 1], microseconds;
	gint connections, under_way, waiting;
	guint cache_entries;
	guint64 cache_bytes;
	gint64 started;
} metrics;

extern metrics server_metrics;

#define metrics_count(field, by) ((void)__atomic_add_fetch(&server_metrics.field, (by), __ATOMIC_RELAXED))
void metrics_answer(unsigned status, gint64 microseconds, gsize bytes, gboolean cached);
/* In the text format of Prometheus, version 0.0.4; free with g_free. */
char *metrics_text(void);
