/* The Range header (RFC 9110, 14.2): a download that was cut goes on where it was. */
#pragma once

#include <glib.h>

typedef enum range_answer { RANGE_WHOLE, RANGE_PART, RANGE_BEYOND } range_answer;

/* Which bytes of `size` a request wants. Several ranges, another unit, or what cannot be understood: the whole, as the standard allows. if_range (NULL: none
 * sent): the part is only wanted if it is this ETag. Only RANGE_PART sets *first and *length (at least 1). RANGE_BEYOND: nothing of it is there. */
range_answer range_read(const char *range, const char *if_range, const char *etag, guint64 size, guint64 *first, guint64 *length);
