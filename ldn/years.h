/* Which year, or day, a file or band is of: from its name, its metadata, or a list the user gives. */
#pragma once

#include <stddef.h>

#include "failure.h"

#define YEAR_FIRST 1800
#define YEAR_LAST 2200

/* The year in a name: a group of exactly 4 digits, or the head of a date of 6 (YYYYMM), 7 (YYYYDDD) or 8 (YYYYMMDD) digits, between 1800 and 2200,
 * with no digit beside it. 0 when there is none, -1 when there are several different ones. Folders are not looked at. */
int year_from_name(const char *name);

/* The years of a name with exactly two, first < last ("modis_2001_2017.tif"). False otherwise. */
bool year_range_from_name(const char *name, int *first, int *last);

/* "2001-2017", "2001,2003-2005": adds to years, at most limit of them; strictly rising is the caller's check. Returns the number, 0 with a
 * failure of usage on anything else. */
size_t years_parse(const char *text, int *years, size_t limit, failure *why);

/* The date at the head of a name's digits: YYYY, YYYYMM (its 15th), YYYYMMDD, YYYY-MM-DD or YYYYDDD; month 0: of the whole year. False if there is none. */
bool date_from_name(const char *name, int *year, int *month, int *day);

/* A value of a CF time axis ("days since 2000-01-01", months, years, hours, minutes, seconds): its calendar year, 0 if it cannot be read. */
int year_from_time(const char *units, double value);
/* Its day: month 0 where the axis counts years, the 15th where it counts months. */
bool date_from_time(const char *units, double value, int *year, int *month, int *day);
