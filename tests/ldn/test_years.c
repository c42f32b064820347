/* Years from names, lists and time axes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "season.h"
#include "years.h"

static void names_hold_one_year(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int year;
	} cases[] = {{"ndvi_2004.tif", 2004}, {"2004.tif", 2004}, {"/data/1999/mod13q1-2012.tif", 2012}, {"MOD13Q1.A2014353.h30.tif", 2014}, {"20190104_B04.tif", 2019},
		{"s2_201907.tif", 2019}, {"ndvi_2004_2004.tif", 2004}, {"LC08_12345_20170304.tif", 2017}, {"y2001", 2001}, {"2001", 2001}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(year_from_name(cases[i].name), cases[i].year);
}

static void what_is_no_year_is_not_taken_for_one(void **state)
{
	(void)state;
	static const char *const names[] = {"ndvi.tif", "tile_1234.tif", "9999.tif", "12004.tif", "ndvi_20.tif", "20041332.tif", "2004366.123456", "20049999.tif", "", "h12v09"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(year_from_name(names[i]), i == 6 ? 2004 : 0);
}

static void two_years_are_told_from_one(void **state)
{
	(void)state;
	int first, last;
	assert_int_equal(year_from_name("modis_2001_2017.tif"), -1);
	assert_true(year_range_from_name("modis_2001_2017.tif", &first, &last));
	assert_int_equal(first, 2001);
	assert_int_equal(last, 2017);
	assert_false(year_range_from_name("modis_2017_2001.tif", &first, &last));
	assert_false(year_range_from_name("modis_2001.tif", &first, &last));
	assert_false(year_range_from_name("a_2001_2005_2010.tif", &first, &last));
}

static void lists_are_read_whole_or_refused(void **state)
{
	(void)state;
	int years[8];
	failure why = {0};
	assert_int_equal(years_parse("2001-2003,2005", years, 8, &why), 4);
	assert_int_equal(years[3], 2005);
	static const char *const wrong[] = {"", "2001-", "-2001", "2003-2001", "2001,,2002", "2001;2002", "2001-2020", "20011", "abc", "2001-2003x"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		failure fresh = {0};
		assert_int_equal(years_parse(wrong[i], years, 8, &fresh), 0);
		assert_int_equal(fresh.code, OUTCOME_USAGE);
	}
}

static void days_are_those_of_the_calendar(void **state)
{
	(void)state;
	int year, month, day;
	static const struct {
		const char *units;
		double value;
		int year, month, day;
	} axis[] = {{"days since 2000-01-01", 59, 2000, 2, 29}, {"days since 2000-01-01", 365, 2000, 12, 31}, {"hours since 1999-12-31", 24.5, 2000, 1, 1},
		{"days since 2001-03-01", -1, 2001, 2, 28}, {"months since 2000-07-01", 6, 2001, 1, 15}, {"months since 2000-07-01", -7, 1999, 12, 15},
		{"years since 1990-01-01", 12.5, 2002, 0, 0}};
	for (size_t i = 0; i < sizeof axis / sizeof *axis; i++) {
		assert_true(date_from_time(axis[i].units, axis[i].value, &year, &month, &day));
		assert_int_equal(year * 10000 + month * 100 + day, axis[i].year * 10000 + axis[i].month * 100 + axis[i].day);
	}
	assert_true(date_from_name("MOD13Q1.A2014353.h20v11.tif", &year, &month, &day));
	assert_int_equal(year * 10000 + month * 100 + day, 20141219);
}

static void a_season_counts_for_the_year_in_which_it_ends(void **state)
{
	(void)state;
	season summer, wet;
	failure why = {0};
	assert_true(season_read("06-01..08-31", &summer, &why) && season_read("11-01..03-31", &wet, &why));
	assert_int_equal(season_year(&summer, 2004, 8, 31), 2004);
	assert_int_equal(season_year(&summer, 2004, 9, 1), 0);
	assert_int_equal(season_year(&wet, 2004, 11, 1), 2005);
	assert_int_equal(season_year(&wet, 2005, 3, 31), 2005);
	assert_int_equal(season_year(&wet, 2005, 4, 1), 0);
	static const char *const wrong[] = {"", "06-01", "6-1..8-31", "13-01..08-31", "06-01..08-32", "06-01..08-311", "06.01..08.31", "06-01--08-31"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		failure fresh = {0};
		assert_false(season_read(wrong[i], &summer, &fresh));
		assert_int_equal(fresh.code, OUTCOME_USAGE);
	}
}

static void time_axes_follow_their_units(void **state)
{
	(void)state;
	assert_int_equal(year_from_time("days since 2000-01-01", 0), 2000);
	assert_int_equal(year_from_time("days since 2000-01-01", 365), 2000);
	assert_int_equal(year_from_time("days since 2000-01-01", 366), 2001);
	assert_int_equal(year_from_time("days since 1970-01-01 00:00:00", 10957), 2000);
	assert_int_equal(year_from_time("hours since 1900-01-01", 876576), 2000);
	assert_int_equal(year_from_time("seconds since 1970-01-01", 946684800), 2000);
	assert_int_equal(year_from_time("seconds since 1970-01-01", 946684799), 1999);
	assert_int_equal(year_from_time("months since 2000-07-01", 6), 2001);
	assert_int_equal(year_from_time("years since 1990-01-01", 12.5), 2002);
	assert_int_equal(year_from_time("fortnights since 2000-01-01", 3), 0);
	assert_int_equal(year_from_time("days", 3), 0);
	assert_int_equal(year_from_time("days since 2000-01-01", 1e300), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names_hold_one_year), cmocka_unit_test(what_is_no_year_is_not_taken_for_one),
		cmocka_unit_test(two_years_are_told_from_one), cmocka_unit_test(lists_are_read_whole_or_refused), cmocka_unit_test(time_axes_follow_their_units), cmocka_unit_test(days_are_those_of_the_calendar),
		cmocka_unit_test(a_season_counts_for_the_year_in_which_it_ends)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
