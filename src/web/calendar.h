/* Dates of records as iCalendar (RFC 5545): milestones and deadlines of pledges, meetings with the actions that are due, events. /KINDS.ics with the list's
 * parameters, /KINDS/ID.ics. An entry's UID and DTSTAMP come from the record and its revision, so a calendar that is read again changes what changed. */
#pragma once

#include "record/kind.h"
#include "web/response.h"

#define CALENDAR_RECORDS 1000 /* records of a list; more by page */

void calendar_list(const request *r, response *out, const kind *k);
void calendar_one(const request *r, response *out, const kind *k, const char *id);
/* Does the record name a day? */
gboolean calendar_has(const request *r, const record *rec);
