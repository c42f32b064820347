/* Dates of records as points on one line. A record's date is as exact as its source: "2030", "2030-06" or "2030-06-15". */
#pragma once

#include <glib.h>

/* Years with a fraction: when the year, month or day begins, or ends (the beginning of the next). NaN for what is no such date. */
double day_start(const char *date);
double day_end(const char *date);

/* The day at a point of the line, "YYYY-MM-DD"; "" for NaN. */
void day_write(double at, char out[static 11]);

/* Whole calendar months between two points; negative if the second lies before; 0 if one is unknown. */
int day_months(double from, double to);

/* Why a page, total or export cannot be had as of a day: a msgid, or NULL if it can. Days are whole ("2026-12-31") and not after today. */
const char *day_as_of_refused(const char *asked, const char *today);
