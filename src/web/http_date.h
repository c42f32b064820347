/* Dates of HTTP headers (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT". */
#pragma once

#include <glib.h>

#define HTTP_DATE_LENGTH 29

/* Seconds since 1970, of the years 1 to 9999. */
void http_date_write(gint64 seconds, char out[static HTTP_DATE_LENGTH + 1]);
/* FALSE for what is not such a date: a day there is not, a weekday that is not its own, another form than this one. */
gboolean http_date_read(const char *text, gint64 *seconds);
