#include "base/ical.h"

#include <string.h>

#define FOLD 75 /* bytes of a line, without its end */

void ical_line(GString *out, const char *name, const char *value)
{
	g_autofree char *line = g_strconcat(name, ":", value, NULL);
	gsize room = FOLD;
	for (const char *at = line; *at;) {
		gsize n = MIN(strlen(at), room);
		while (n && ((guchar)at[n] & 0xc0) == 0x80)
			n--; /* a character stays whole */
		g_string_append_len(out, at, (gssize)n);
		at += n;
		g_string_append(out, *at ? "\r\n " : "\r\n");
		room = FOLD - 1;
	}
}

void ical_text(GString *out, const char *name, const char *text)
{
	g_autoptr(GString) escaped = g_string_new(NULL);
	for (const char *at = text ? text : ""; *at; at++) {
		if (strchr("\\;,", *at))
			g_string_append_c(escaped, '\\');
		if (*at == '\n')
			g_string_append(escaped, "\\n");
		else if ((guchar)*at >= 0x20 || *at == '\t')
			g_string_append_c(escaped, *at);
	}
	if (escaped->len)
		ical_line(out, name, escaped->str);
}

static gboolean numbers(const char *text, const char *form, int *a, int *b, int *c)
{
	int *into[] = { a, b, c };
	for (gsize i = 0, k = 0; form[i]; i++) {
		if (form[i] != 'd') {
			if (text[i] != form[i])
				return FALSE;
			k++;
		} else if (!g_ascii_isdigit(text[i])) {
			return FALSE;
		} else {
			*into[k] = *into[k] * 10 + (text[i] - '0');
		}
	}
	return text[strlen(form)] == '\0';
}

gboolean ical_utc(const char *day, const char *time, const char *zone, char out[static 17])
{
	int year = 0, month = 0, date = 0, hour = 0, minute = 0, none = 0;
	if (!numbers(day, "dddd-dd-dd", &year, &month, &date) || !numbers(time, "dd:dd", &hour, &minute, &none))
		return FALSE;
	g_autoptr(GTimeZone) place = g_time_zone_new_identifier(zone);
	g_autoptr(GDateTime) local = place ? g_date_time_new(place, year, month, date, hour, minute, 0) : NULL;
	g_autoptr(GDateTime) utc = local ? g_date_time_to_utc(local) : NULL;
	g_autofree char *text = utc ? g_date_time_format(utc, "%Y%m%dT%H%M%SZ") : NULL;
	return text && g_strlcpy(out, text, 17) == 16;
}

gboolean ical_last_day(const char *date, char out[static 9])
{
	int year = 0, month = 0, day = 0;
	gboolean exact = numbers(date, "dddd-dd-dd", &year, &month, &day);
	if (!exact && (year = month = 0, !numbers(date, "dddd-dd", &year, &month, &day))) {
		year = month = 0;
		if (!numbers(date, "dddd", &year, &month, &day))
			return FALSE;
		month = 12;
	}
	if (year < 1 || year > 9998 || month < 1 || month > 12)
		return FALSE;
	guint8 last = g_date_get_days_in_month((GDateMonth)month, (GDateYear)year);
	if (exact && (day < 1 || day > last))
		return FALSE;
	g_snprintf(out, 9, "%04d%02d%02d", year, month, exact ? day : last);
	return TRUE;
}

void ical_next_day(const char *day, char out[static 9])
{
	GDate date;
	g_date_clear(&date, 1);
	guint64 n = g_ascii_strtoull(day, NULL, 10);
	g_date_set_dmy(&date, (GDateDay)(n % 100), (GDateMonth)(n / 100 % 100), (GDateYear)(n / 10000));
	g_date_add_days(&date, 1);
	g_snprintf(out, 9, "%04d%02d%02d", g_date_get_year(&date), g_date_get_month(&date), g_date_get_day(&date));
}
