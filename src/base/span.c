#include "base/span.h"

#include <string.h>

/* Digits of a fixed number, within bounds. */
static gboolean read_digits(const char **at, guint digits, guint least, guint most, guint *value)
{
	*value = 0;
	for (guint i = 0; i < digits; i++, (*at)++) {
		if (!g_ascii_isdigit(**at))
			return FALSE;
		*value = *value * 10 + (guint)(**at - '0');
	}
	return *value >= least && *value <= most;
}

static gint64 microseconds(guint year, guint month, guint day)
{
	g_autoptr(GDateTime) begin = g_date_time_new_utc((gint)year, (gint)month, (gint)day, 0, 0, 0);
	return begin ? g_date_time_to_unix(begin) * G_USEC_PER_SEC : G_MININT64;
}

/* "T12:00:00.25+01:00" after a day: what it adds to the day's begin. */
static gboolean read_time(const char *at, gint64 *added)
{
	guint hour, minute, second, offset_hour = 0, offset_minute = 0;
	gint64 fraction = 0, unit = G_USEC_PER_SEC;
	if (!strchr("Tt ", *at++) || !read_digits(&at, 2, 0, 23, &hour) || *at++ != ':' || !read_digits(&at, 2, 0, 59, &minute) || *at++ != ':' || !read_digits(&at, 2, 0, 60, &second))
		return FALSE;
	if (*at == '.') {
		at++;
		if (!g_ascii_isdigit(*at))
			return FALSE;
		for (; g_ascii_isdigit(*at); at++) {
			unit /= 10;
			fraction += unit * (*at - '0');
		}
	}
	char sign = *at++;
	if (sign == '+' || sign == '-') {
		if (!read_digits(&at, 2, 0, 23, &offset_hour) || *at++ != ':' || !read_digits(&at, 2, 0, 59, &offset_minute))
			return FALSE;
	} else if (sign != 'Z' && sign != 'z') {
		return FALSE;
	}
	gint64 offset = (gint64)(offset_hour * 60 + offset_minute) * 60 * (sign == '-' ? -1 : 1);
	*added = ((gint64)hour * 3600 + minute * 60 + second - offset) * G_USEC_PER_SEC + fraction;
	return *at == '\0';
}

gboolean span_read(const char *text, span *out)
{
	guint year, month = 0, day = 0;
	gint64 added;
	if (!read_digits(&text, 4, 1, 9999, &year))
		return FALSE;
	if (*text == '-') {
		text++;
		if (!read_digits(&text, 2, 1, 12, &month))
			return FALSE;
		if (*text == '-') {
			text++;
			if (!read_digits(&text, 2, 1, 31, &day) || !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
				return FALSE;
		}
	}
	out->from = microseconds(year, month ? month : 1, day ? day : 1);
	if (day && *text) {
		if (!read_time(text, &added))
			return FALSE;
		out->until = out->from += added;
		return TRUE;
	}
	guint next_year = !month || month == 12 ? year + 1 : year, next_month = month ? month % 12 + 1 : 1;
	if (day)
		out->until = out->from + G_GINT64_CONSTANT(24) * 3600 * G_USEC_PER_SEC - 1;
	else
		out->until = next_year > 9999 ? G_MAXINT64 : microseconds(next_year, next_month, 1) - 1;
	return *text == '\0';
}

gboolean span_read_interval(const char *text, span *out)
{
	const char *slash = strchr(text, '/');
	if (!slash)
		return span_read(text, out);
	g_autofree char *first = g_strndup(text, (gsize)(slash - text));
	const char *second = slash + 1;
	gboolean open_first = *first == '\0' || strcmp(first, "..") == 0, open_second = *second == '\0' || strcmp(second, "..") == 0;
	span a = { G_MININT64, 0 }, b = { 0, G_MAXINT64 };
	if ((open_first && open_second) || (!open_first && !span_read(first, &a)) || (!open_second && !span_read(second, &b)))
		return FALSE;
	*out = (span) { a.from, b.until };
	return out->from <= out->until;
}

/* Whole days and years follow each other without a gap: the end of one is a microsecond before the begin of the next. */
static gboolean meets(const span *a, const span *b)
{
	return a->until == b->from || (a->until < G_MAXINT64 && a->until + 1 == b->from);
}

gboolean span_relate(span_relation relation, const span *a, const span *b)
{
	switch (relation) {
	case SPAN_AFTER:
		return a->from > b->until;
	case SPAN_BEFORE:
		return a->until < b->from;
	case SPAN_CONTAINS:
		return a->from < b->from && a->until > b->until;
	case SPAN_DISJOINT:
		return a->from > b->until || a->until < b->from;
	case SPAN_DURING:
		return a->from > b->from && a->until < b->until;
	case SPAN_EQUALS:
		return a->from == b->from && a->until == b->until;
	case SPAN_FINISHED_BY:
		return a->until == b->until && a->from < b->from;
	case SPAN_FINISHES:
		return a->until == b->until && a->from > b->from;
	case SPAN_INTERSECTS:
		return a->from <= b->until && a->until >= b->from;
	case SPAN_MEETS:
		return meets(a, b);
	case SPAN_MET_BY:
		return meets(b, a);
	case SPAN_OVERLAPPED_BY:
		return a->from > b->from && a->from < b->until && a->until > b->until;
	case SPAN_OVERLAPS:
		return a->from < b->from && a->until > b->from && a->until < b->until;
	case SPAN_STARTED_BY:
		return a->from == b->from && a->until > b->until;
	case SPAN_STARTS:
		return a->from == b->from && a->until < b->until;
	}
	g_assert_not_reached();
}
