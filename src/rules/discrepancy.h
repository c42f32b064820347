/* What was promised, reported and measured, side by side by year and site, with the difference and a verdict: the table that people download.
 * The pledge as a whole stands first in each year, then its sites. A promise is not divided between sites unless the pledge has only one. Pure. */
#pragma once

#include "rules/status.h"

typedef enum discrepancy_verdict {
	DISCREPANCY_NOTHING,      /* neither reported nor measured */
	DISCREPANCY_NOT_REPORTED, /* measured, not reported */
	DISCREPANCY_NOT_MEASURED, /* reported, not measured */
	DISCREPANCY_TOO_SMALL,    /* measured, too small to tell */
	DISCREPANCY_IN_PART,      /* more reported than measured, but not every site is measured, or the range has no upper end */
	DISCREPANCY_BELOW,        /* less reported than the measured range */
	DISCREPANCY_WITHIN,
	DISCREPANCY_ABOVE,        /* more reported than the measured range allows */
	DISCREPANCY_VERDICTS
} discrepancy_verdict;

typedef struct discrepancy_word {
	const char *id, *glyph, *label; /* label: a msgid */
	const char *means;              /* one sentence; a msgid */
} discrepancy_word;
extern const discrepancy_word discrepancy_words[DISCREPANCY_VERDICTS];

typedef struct discrepancy_row {
	int year;          /* the row is for its end */
	const char *site;  /* id; NULL: the pledge as a whole */
	gsize target;      /* from 1 */
	const char *unit;  /* of every figure in the row */
	double promised;   /* by the line, at the end of the year; NaN: no line, or not divided between sites */
	double reported;
	double measured, low, high;
	int measured_year; /* the year itself, or the next one measured; 0: none */
	guint sites, told; /* of the pledge; those that gave the measured value */
	double difference, difference_low, difference_high; /* reported less measured */
	discrepancy_verdict verdict;
} discrepancy_row;

/* The rows of one target (index from 0) as of a day, oldest year first: every year with a report, a measurement, a milestone or the deadline, until
 * the year of the day. list: all measurements (sorted as site_measurements_sort does), those of other sites are passed over. Free with g_array_unref. */
GArray *promise_discrepancies(const pledge_facts *f, gsize index, const site_measurement *list, gsize n, const char *today);
