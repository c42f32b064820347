/* Writes an iCalendar object (RFC 5545): lines folded at 75 bytes without cutting a character, texts escaped, CRLF. */
#pragma once

#include <glib.h>

/* name: with its parameters ("DTSTART;VALUE=DATE"); value as it stands. */
void ical_line(GString *out, const char *name, const char *value);
/* A value of type TEXT (3.3.11); NULL or "": no line. */
void ical_text(GString *out, const char *name, const char *text);

/* Is the text a time in the zone there is? "20260824T023000Z" of a local time ("2026-08-24", "10:30") in an IANA zone; FALSE: a time there is not, or a zone
 * this machine does not know. */
gboolean ical_utc(const char *day, const char *time, const char *zone, char out[static 17]);
/* The last day that a date as exact as its source ("2028", "2028-09", "2028-09-30") may mean, as "20281231"; FALSE for what is no date. */
gboolean ical_last_day(const char *date, char out[static 9]);
/* The day after "20281231". */
void ical_next_day(const char *day, char out[static 9]);
