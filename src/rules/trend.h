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

/* The index whose values are followed through the years: the first that the results of a measurement record name, so that two are not mixed. NULL: none is named.
 * Borrowed. */
const char *trend_index(const json_t *results);
/* Is a row the value of one year, of this quantity and index (NULL: of any)? */
gboolean trend_is_year(const json_t *row, const char *quantity, const char *index);
/* Of how many years the results give that index: from TREND_CURVE on they can be drawn as a curve. */
guint trend_years(const json_t *results);
#define TREND_CURVE 3

/* From the results of a measurement record: the rows of quantity "trend" (Theil-Sen slope of the index a year, 95 per cent range; docs/method.md). */
trend_say trend_of_results(const json_t *results);
