/* One target of a pledge as something that can be judged: what is promised, from when, until when; the line on which it should be; and
 * what was reported about it. Everything is read from record bodies (kinds pledge and progress); strings are borrowed from them.
 *
 * Conventions: a year stands for its end (a value "for 2024" is the value at the end of 2024; due "in 2030" is due at the end of 2030).
 * Points in time are years with a fraction (day.h). Unknown numbers are NaN, never zero. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct promise {
	gsize number; /* of the target in its pledge, from 1 */
	const char *metric, *unit, *unit_as_stated, *denominator, *land, *duty; /* NULL: not reported */
	const char *deadline; /* "calendar", "closure", "rolling", "none"; NULL: not reported */
	double value;         /* in unit */
	double baseline_value;
	double starts; /* end of the baseline year, else the day the pledge was made */
	double due;    /* end of the target year */
	const char *base;  /* base unit of the unit ("ha" for km2), the unit itself if the vocabulary has no base; NULL without a unit */
	double factor;     /* unit to base unit */
	gboolean accumulates; /* an amount that grows from nothing (area, trees): it may be drawn from zero and added up */
} promise;

gsize promise_count(const json_t *pledge);
/* Target index (from 0) of a pledge; FALSE if there is none. */
gboolean promise_read(const json_t *pledge, gsize index, promise *out);

/* Brings a value in another unit to the promise's unit; NaN where the two do not measure the same. */
double promise_convert(const promise *p, double value, const char *unit);

/* What was reported about a promise, in its unit. */
typedef struct report_point {
	double at;         /* end of the year or period reported on */
	double published;  /* when it was said: reported_on, else the end of the newest year among its sources and the period */
	double value;      /* as it counts towards the promise: cumulative, or the state; in the promise's unit */
	const char *what;
	gsize progress;    /* index into the list given */
	gboolean summed;   /* added up from yearly figures, or from sites: at least this much */
} report_point;

/* The points, oldest first, one a year; figures count that name this target and can be converted to its unit. Reports about single sites of the
 * pledge are added up where they come to more than was reported of the whole. Free with g_array_unref. */
GArray *promise_reports(const promise *p, json_t *const *progress, gsize n);

/* When anything at all was last reported about the pledge ("nothing to report" counts: it is an answer); NaN if never. */
double pledge_last_report(json_t *const *progress, gsize n);

typedef struct path_point {
	double at, value;
	const char *why; /* "baseline", "milestone", "deadline" */
} path_point;

/* The expected-by-now line: from the baseline over the milestones to the deadline, straight between them. Empty where it cannot be drawn: no
 * figure, no start, no end ("by closure" and "rolling" promises need milestones). Free with g_array_unref. */
GArray *promise_path(const json_t *pledge, const promise *p);
/* Value of the line at a time; its first value before it begins, its last after it ends; NaN for an empty line. */
double path_value(const GArray *path, double at);
