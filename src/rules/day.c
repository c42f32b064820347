#include "rules/day.h"

#include <math.h>
#include <string.h>

#define N_(text) text

/* Digits p[0..n) as a number, -1 if one is none. */
static int digits(const char *p, int n)
{
	int value = 0;
	for (int i = 0; i < n; i++) {
		if (!g_ascii_isdigit(p[i]))
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

static gboolean split(const char *date, int *year, int *month, int *day)
{
	gsize n = date ? strlen(date) : 0;
	*month = *day = 0;
	if (n < 4 || (*year = digits(date, 4)) < 1)
		return FALSE;
	if (n == 4)
		return TRUE;
	if (n < 7 || date[4] != '-' || (*month = digits(date + 5, 2)) < 1 || *month > 12)
		return FALSE;
	if (n == 7)
		return TRUE;
	/* A time of day may follow ("2026-11-24T23:00:00Z"); it changes nothing here. */
	if (n < 10 || date[7] != '-' || (n > 10 && date[10] != 'T'))
		return FALSE;
	*day = digits(date + 8, 2);
	return *day >= 1 && g_date_valid_dmy((GDateDay)*day, (GDateMonth)*month, (GDateYear)*year);
}

static double point(int year, int month, int day)
{
	g_autoptr(GDate) date = g_date_new_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
	double days = g_date_is_leap_year((GDateYear)year) ? 366 : 365;
	return year + (g_date_get_day_of_year(date) - 1) / days;
}

double day_start(const char *date)
{
	int year, month, day;
	if (!split(date, &year, &month, &day))
		return NAN;
	return point(year, month ? month : 1, day ? day : 1);
}

double day_end(const char *date)
{
	int year, month, day;
	if (!split(date, &year, &month, &day))
		return NAN;
	if (!month)
		return year + 1;
	if (!day)
		return month == 12 ? year + 1 : point(year, month + 1, 1);
	g_autoptr(GDate) next = g_date_new_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
	g_date_add_days(next, 1);
	return point(g_date_get_year(next), g_date_get_month(next), g_date_get_day(next));
}

void day_write(double at, char out[static 11])
{
	out[0] = '\0';
	if (!isfinite(at) || at < 1 || at >= 9999)
		return;
	int year = (int)floor(at);
	double days = g_date_is_leap_year((GDateYear)year) ? 366 : 365;
	g_autoptr(GDate) date = g_date_new_dmy(1, G_DATE_JANUARY, (GDateYear)year);
	g_date_add_days(date, (guint)floor((at - year) * days + 1e-6));
	g_snprintf(out, 11, "%04u-%02u-%02u", (guint)g_date_get_year(date), (guint)g_date_get_month(date), (guint)g_date_get_day(date));
}

int day_months(double from, double to)
{
	char a[11], b[11];
	int y1, m1, d1, y2, m2, d2;
	day_write(from, a);
	day_write(to, b);
	if (!split(a, &y1, &m1, &d1) || !split(b, &y2, &m2, &d2))
		return 0;
	return (y2 - y1) * 12 + (m2 - m1) - (d2 < d1);
}

const char *day_as_of_refused(const char *asked, const char *today)
{
	int year, month, day;
	if (strlen(asked) != 10 || !split(asked, &year, &month, &day) || year < 1000)
		return N_("“as-of” must be a day such as 2026-12-31.");
	if (strcmp(asked, today) > 0)
		return N_("“as-of” lies in the future: nothing is known of that day yet. The latest day is today.");
	return NULL;
}
