/* Stretches of time, as exact as they were written: a year, a month, a day, an instant, an interval between two of them, open at an end.
 * Sources: RFC 3339; OGC 17-069r4, 7.15.4 (datetime: "a/b", "../b", "a/.."); OGC 21-065r2 (CQL2), 7.8 (relations, after Allen 1983). */
#pragma once

#include <glib.h>

typedef struct span {
	gint64 from, until; /* microseconds since 1970, both ends included; an open end is G_MININT64, G_MAXINT64 */
} span;

/* Reads "2030", "2030-06", "2030-06-15" or "2030-06-15T12:00:00Z" (RFC 3339, with an offset and a fraction or without). FALSE: it is none of them. */
gboolean span_read(const char *text, span *out);
/* The same, or two of them with a slash between; "" and ".." are an open end, but not both. FALSE also where it ends before it begins. */
gboolean span_read_interval(const char *text, span *out);

typedef enum span_relation {
	SPAN_AFTER, SPAN_BEFORE, SPAN_CONTAINS, SPAN_DISJOINT, SPAN_DURING, SPAN_EQUALS, SPAN_FINISHED_BY, SPAN_FINISHES, SPAN_INTERSECTS, SPAN_MEETS, SPAN_MET_BY,
	SPAN_OVERLAPPED_BY, SPAN_OVERLAPS, SPAN_STARTED_BY, SPAN_STARTS
} span_relation;
gboolean span_relate(span_relation relation, const span *a, const span *b);
