#include "years.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int digits_value(const char *text, int count)
{
	int value = 0;
	for (int i = 0; i < count; i++)
		value = 10 * value + (text[i] - '0');
	return value;
}

/* The year a run of digits stands for, or 0. */
static int run_year(const char *digits, size_t length)
{
	if (length != 4 && length != 6 && length != 7 && length != 8)
		return 0;
	int year = digits_value(digits, 4);
	if (year < YEAR_FIRST || year > YEAR_LAST)
		return 0;
	if (length == 7) {
		int day = digits_value(digits + 4, 3);
		return day >= 1 && day <= 366 ? year : 0;
	}
	if (length >= 6) {
		int month = digits_value(digits + 4, 2);
		if (month < 1 || month > 12)
			return 0;
	}
	if (length == 8) {
		int day = digits_value(digits + 6, 2);
		if (day < 1 || day > 31)
			return 0;
	}
	return year;
}

/* The different years of a name, at most two kept; returns how many were seen (3 stands for more). */
static int name_years(const char *name, int found[2])
{
	const char *slash = strrchr(name, '/');
	int count = 0;
	for (const char *at = slash ? slash + 1 : name; *at;) {
		size_t run = strspn(at, "0123456789");
		if (!run) {
			at++;
			continue;
		}
		int year = run_year(at, run);
		if (year && (count < 1 || found[0] != year) && (count < 2 || found[1] != year)) {
			if (count == 2)
				return 3;
			found[count++] = year;
		}
		at += run;
	}
	return count;
}

int year_from_name(const char *name)
{
	int found[2];
	int count = name_years(name, found);
	return count == 0 ? 0 : count == 1 ? found[0] : -1;
}

bool year_range_from_name(const char *name, int *first, int *last)
{
	int found[2];
	if (name_years(name, found) != 2 || found[0] >= found[1])
		return false;
	*first = found[0];
	*last = found[1];
	return true;
}

static const char *year_read(const char *text, int *year)
{
	size_t run = strspn(text, "0123456789");
	if (run == 0 || run > 4)
		return NULL;
	*year = digits_value(text, (int)run);
	return text + run;
}

size_t years_parse(const char *text, int *years, size_t limit, failure *why)
{
	size_t count = 0;
	for (const char *at = text;;) {
		int first, last;
		at = year_read(at, &first);
		if (!at)
			break;
		last = first;
		if (*at == '-') {
			at = year_read(at + 1, &last);
			if (!at || last < first)
				break;
		}
		for (int year = first; year <= last; year++) {
			if (count == limit) {
				failure_usage(why, _("years %s: more than %zu years"), text, limit);
				return 0;
			}
			years[count++] = year;
		}
		if (*at == 0)
			return count;
		if (*at++ != ',')
			break;
	}
	failure_usage(why, _("years %s: give them as 2001-2017 or 2001,2003,2005"), text);
	return 0;
}

/* Days since 1970-01-01 of a date, and the year of such a day (Gregorian calendar, era by era of 400 years). */
static long long days_of(int year, int month, int day)
{
	int y = year - (month <= 2);
	int era = (y >= 0 ? y : y - 399) / 400;
	int in_era = y - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097LL + in_era * 365 + in_era / 4 - in_era / 100 + day_of_year - 719468;
}

static int year_of_day(long long day)
{
	int year = (int)(1970 + day / 366);
	while (days_of(year + 1, 1, 1) <= day)
		year++;
	while (days_of(year, 1, 1) > day)
		year--;
	return year;
}

int year_from_time(const char *units, double value)
{
	static const struct {
		const char *name;
		double days;
	} unit[] = {{"day", 1}, {"hour", 1.0 / 24}, {"minute", 1.0 / 1440}, {"second", 1.0 / 86400}, {"month", 0}, {"year", -1}};
	const char *since = strstr(units, " since ");
	int year, month = 1, day = 1;
	if (!since || sscanf(since + 7, "%4d-%2d-%2d", &year, &month, &day) < 1 || !isfinite(value) || fabs(value) > 1e12)
		return 0;
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
		if (strncmp(units, unit[i].name, strlen(unit[i].name)) != 0)
			continue;
		double answer;
		if (unit[i].days > 0) {
			double shifted = (double)days_of(year, month, day) + floor(value * unit[i].days);
			if (fabs(shifted) > 1e6)
				return 0;
			answer = year_of_day((long long)shifted);
		} else {
			answer = unit[i].days < 0 ? year + floor(value) : year + floor((month - 1 + value) / 12);
		}
		return answer >= YEAR_FIRST && answer <= YEAR_LAST ? (int)answer : 0;
	}
	return 0;
}
