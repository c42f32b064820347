#include "web/http_date.h"

#include <string.h>

static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

void http_date_write(gint64 seconds, char out[static HTTP_DATE_LENGTH + 1])
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(seconds);
	if (!t)
		t = g_date_time_new_from_unix_utc(0);
	g_snprintf(out, HTTP_DATE_LENGTH + 1, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * (g_date_time_get_day_of_week(t) - 1), g_date_time_get_day_of_month(t),
		months + 3 * (g_date_time_get_month(t) - 1), g_date_time_get_year(t), g_date_time_get_hour(t), g_date_time_get_minute(t), g_date_time_get_second(t));
}

static int number(const char *at, int digits)
{
	int n = 0;
	for (int i = 0; i < digits; i++)
		n = g_ascii_isdigit(at[i]) && n >= 0 ? 10 * n + (at[i] - '0') : -1;
	return n;
}

static int month_of(const char *name)
{
	for (int i = 0; i < 12; i++)
		if (strncmp(months + 3 * i, name, 3) == 0)
			return i + 1;
	return 0;
}

gboolean http_date_read(const char *text, gint64 *seconds)
{
	char again[HTTP_DATE_LENGTH + 1];
	if (strlen(text) != HTTP_DATE_LENGTH)
		return FALSE;
	int day = number(text + 5, 2), month = month_of(text + 8), year = number(text + 12, 4), hour = number(text + 17, 2), minute = number(text + 20, 2),
	    second = number(text + 23, 2);
	if (day < 1 || month < 1 || year < 1 || hour < 0 || minute < 0 || second < 0)
		return FALSE;
	g_autoptr(GDateTime) t = g_date_time_new_utc(year, month, day, hour, minute, second);
	if (!t)
		return FALSE;
	*seconds = g_date_time_to_unix(t);
	http_date_write(*seconds, again); /* there is one way to write a date */
	return strcmp(text, again) == 0;
}
