/* What a measurement says of the course of the vegetation, in one word. Pure. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum trend_say {
	TREND_NOTHING, /* the record has no such row */
	TREND_TOO_FEW, /* years: no row has a range */
	TREND_NONE,    /* a range contains 0, or the rows contradict each other: no trend that can be told from chance */
	TREND_RISING, TREND_FALLING, /* every range lies on that side of 0: with and without the rain's share */
	TREND_SAYS
} trend_say;

typedef struct trend_word {
	const char *id, *label; /* label: a msgid */
} trend_word;
extern const trend_word trend_words[TREND_SAYS];

/* From the results of a measurement record: the rows of quantity "trend" (Theil-Sen slope of the index a year, 95 per cent range; docs/method.md). */
trend_say trend_of_results(const json_t *results);
