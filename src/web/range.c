#include "web/range.h"

#include <string.h>

/* Digits at *at, which moves behind them; FALSE: there are none, or too many. */
static gboolean take_number(const char **at, guint64 *out)
{
	gsize digits = strspn(*at, "0123456789");
	if (digits == 0 || digits > 18)
		return FALSE;
	*out = g_ascii_strtoull(*at, NULL, 10);
	*at += digits;
	return TRUE;
}

range_answer range_read(const char *range, const char *if_range, const char *etag, guint64 size, guint64 *first, guint64 *length)
{
	guint64 from = 0, to = 0;
	if (!range || g_ascii_strncasecmp(range, "bytes=", 6) != 0 || (if_range && strcmp(if_range, etag) != 0))
		return RANGE_WHOLE;
	const char *at = range + 6;
	gboolean starts = take_number(&at, &from);
	if (*at++ != '-')
		return RANGE_WHOLE;
	gboolean ends = take_number(&at, &to);
	if (*at || (!starts && !ends) || (starts && ends && to < from))
		return RANGE_WHOLE;
	if (!starts) { /* the last so many */
		from = size - MIN(to, size);
		to = G_MAXUINT64;
	}
	if (from >= size)
		return RANGE_BEYOND;
	*first = from;
	*length = (ends ? MIN(to, size - 1) : size - 1) - from + 1;
	return RANGE_PART;
}
