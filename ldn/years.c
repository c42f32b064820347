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

/* --- days --- */

static const int month_days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

static int leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static void from_day_of_year(int year, int number, int *month, int *day)
{
	*month = 12;
	while (*month > 1 && number <= month_days[*month - 1] + (*month > 2 ? leap(year) : 0))
		(*month)--;
	*day = number - month_days[*month - 1] - (*month > 2 ? leap(year) : 0);
}

static bool date_from_digits(const char *text, size_t length, int *year, int *month, int *day)
{
	if (length != 4 && length != 6 && length != 7 && length != 8)
		return false;
	*year = digits_value(text, 4);
	*month = *day = 0;
	if (*year < YEAR_FIRST || *year > YEAR_LAST)
		return false;
	if (length == 7) {
		int number = digits_value(text + 4, 3);
		if (number < 1 || number > 365 + leap(*year))
			return false;
		from_day_of_year(*year, number, month, day);
		return true;
	}
	if (length >= 6)
		*month = digits_value(text + 4, 2);
	if (length == 8)
		*day = digits_value(text + 6, 2);
	else if (length == 6)
		*day = 15;
	return length == 4 || (*month >= 1 && *month <= 12 && *day >= 1 && *day <= 31);
}

/* "2013-05-27" without its hyphens; false for anything else. */
static bool hyphens_drop(const char *at, char digits[static 9])
{
	const char *shape = "dddd-dd-dd";
	size_t count = 0;
	for (; *shape; shape++, at++) {
		if (*shape == 'd' ? !isdigit((unsigned char)*at) : *at != *shape)
			return false;
		if (*shape == 'd')
			digits[count++] = *at;
	}
	return !isdigit((unsigned char)*at);
}

bool date_from_name(const char *name, int *year, int *month, int *day)
{
	char digits[9] = "";
	const char *slash = strrchr(name, '/');
	for (const char *at = slash ? slash + 1 : name; *at;) {
		size_t length = strspn(at, "0123456789");
		if (length == 4 && hyphens_drop(at, digits) && date_from_digits(digits, 8, year, month, day))
			return true;
		if (length && date_from_digits(at, length, year, month, day))
			return true;
		at += length ? length : 1;
	}
	return false;
}

/* Days since 1970-01-01 of a date, and the date of such a day (Gregorian calendar, era by era of 400 years). */
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

bool date_from_time(const char *units, double value, int *year, int *month, int *day)
{
	static const struct {
		const char *name;
		double days;
	} unit[] = {{"day", 1}, {"hour", 1.0 / 24}, {"minute", 1.0 / 1440}, {"second", 1.0 / 86400}, {"month", 0}, {"year", -1}};
	const char *since = strstr(units, " since ");
	int first_year, first_month = 1, first_day = 1;
	if (!since || sscanf(since + 7, "%4d-%2d-%2d", &first_year, &first_month, &first_day) < 1 || !isfinite(value) || fabs(value) > 1e12)
		return false;
	if (first_year < 1 || first_year > 9999 || first_month < 1 || first_month > 12 || first_day < 1 || first_day > 31)
		return false;
	for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
		if (strncmp(units, unit[i].name, strlen(unit[i].name)) != 0)
			continue;
		double answer, months = first_month - 1 + floor(value);
		*month = *day = 0;
		if (unit[i].days > 0) {
			double shifted = (double)days_of(first_year, first_month, first_day) + floor(value * unit[i].days);
			if (fabs(shifted) > 1e6)
				return false;
			answer = year_of_day((long long)shifted);
			from_day_of_year((int)answer, (int)((long long)shifted - days_of((int)answer, 1, 1)) + 1, month, day);
		} else if (unit[i].days < 0) {
			answer = first_year + floor(value);
		} else {
			answer = first_year + floor(months / 12);
			*month = (int)(months - 12 * floor(months / 12)) + 1;
			*day = 15;
		}
		*year = answer >= YEAR_FIRST && answer <= YEAR_LAST ? (int)answer : 0;
		return *year > 0;
	}
	return false;
}

int year_from_time(const char *units, double value)
{
	int year, month, day;
	return date_from_time(units, value, &year, &month, &day) ? year : 0;
}
