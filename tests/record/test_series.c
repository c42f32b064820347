/* Tables of values as Earth Engine, AppEEARS and field crews export them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "record/series.h"

static series_table *read_with(const char *text, const series_options *how, guint faults_expected)
{
	g_autoptr(GPtrArray) faults = faults_new();
	g_autoptr(GError) error = NULL;
	series_table *t = series_table_read(text, strlen(text), how, faults, &error);
	if (!t)
		fail_msg("%s", error->message);
	if (faults->len != faults_expected)
		fail_msg("%u faults, the first: line %s: %s", faults->len, ((fault *)faults->pdata[0])->pointer, ((fault *)faults->pdata[0])->message);
	return t;
}

static series_table *read_plain(const char *text)
{
	return read_with(text, &(series_options){.scale = 1}, 0);
}

static const series_year *year_at(const series_table *t, const char *site, guint i)
{
	const site_series *s = series_table_find(t, site);
	assert_non_null(s);
	assert_true(i < s->years->len);
	return &g_array_index(s->years, series_year, i);
}

static void dates_of_many_makers_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int year;
	} dates[] = {
		{"2013", 2013}, {"2013-04-12", 2013}, {"2013-4-2", 2013}, {"2013/04/12", 2013}, {"2013_04_12", 2013}, {"20130412", 2013}, {"201304", 2013}, {"2013102", 2013},
		{"2013-04", 2013}, {"2013-04-12T10:03:00Z", 0}, {"2013-04-12 10:03", 0}, {"Apr 12, 2013", 2013}, {"12 April 2013", 2013}, {"1365724800000", 2013},
		{"LC08_035035_20130412", 2013}, {"1_2013_04_12", 2013}, {"MOD13Q1.A2013097", 2013}, {"A2013097", 2013},
		{"04/12/2013", 0}, {"12.04.2013", 0}, {"", 0}, {"2013-13-01", 0}, {"yesterday", 0}, {"13", 0}, {"20139999", 0}, {"3013", 0}, {"2013400", 0},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(dates); i++) {
		int year = series_date_year(dates[i].text);
		gboolean timed = strchr(dates[i].text, ':') != NULL; /* a time of day after the date is no harm */
		if (year != (timed ? 2013 : dates[i].year))
			fail_msg("\"%s\" is read as %d", dates[i].text, year);
	}
}

static void headings_are_told_by_what_they_say(void **state)
{
	(void)state;
	g_autoptr(series_table) ours = read_plain("Site,Date,Value,Number of cells,Rain (mm),Control\na,2013,0.3,12,200,0.5\n");
	const series_year *y = year_at(ours, "a", 0);
	assert_true(y->value == 0.3 && y->cells == 12 && y->rain == 200 && y->reference == 0.5);
	assert_string_equal(ours->headings[SERIES_RAIN], "Rain (mm)");
	g_autoptr(series_table) engine = read_plain("system:index,NBR,count,plot\n1_2013_04_12,0.2,9,b\n");
	assert_true(year_at(engine, "b", 0)->value == 0.2);
	assert_string_equal(engine->index, "NBR");
	g_autoptr(series_table) appeears = read_plain("ID,Latitude,Longitude,Date,MOD13Q1_061__250m_16_days_NDVI\nc,1,2,2013-04-07,0.41\n");
	assert_true(year_at(appeears, "c", 0)->value == 0.41);
	assert_string_equal(appeears->index, "NDVI");
	g_autoptr(series_table) sorted_ones = read_plain("Category,ID,Latitude,Longitude,Date,MOD13Q1_061__250m_16_days_NDVI\ndumps,c,1,2,2013-04-07,0.41\n");
	assert_true(year_at(sorted_ones, "c", 0)->value == 0.41);
	char *columns[] = {(char *)"value=ndvi_max", NULL};
	g_autoptr(series_table) chosen = read_with("site,year,ndvi_mean,ndvi_max\nd,2013,0.1,0.2\n", &(series_options){.columns = columns, .scale = 1}, 0);
	assert_true(year_at(chosen, "d", 0)->value == 0.2);
}

static void many_dates_become_the_median_of_the_year(void **state)
{
	(void)state;
	g_autoptr(series_table) t = read_plain("site,date,ndvi,rain,cells\na,2014-01-01,0.9,10,5\na,2013-01-01,0.1,10,5\na,2013-05-01,0.3,20,4\na,2013-06-01,,30,5\na,2013-09-01,0.2,0,7\n");
	const series_year *first = year_at(t, "a", 0), *second = year_at(t, "a", 1);
	assert_int_equal(first->year, 2013);
	assert_true(first->value == 0.2 && first->rain == 60 && first->cells == 4);
	assert_true(second->value == 0.9 && second->rain == 10);
	assert_int_equal(t->missing, 1);
}

static void rain_of_the_year_repeated_in_each_row_is_counted_once(void **state)
{
	(void)state;
	g_autoptr(series_table) t = read_plain("site,date,ndvi,precip_mm\na,2013-01-01,0.1,300\na,2013-05-01,0.3,300\n");
	assert_true(year_at(t, "a", 0)->rain == 300);
}

static void bad_rows_are_named_by_their_line_and_the_others_stay(void **state)
{
	(void)state;
	static const char text[] = "site,date,ndvi\na,2013-01-01,0.1\na,soon,0.1\na,2014-01-01,green\n,2015-01-01,0.1\na,2016-01-01,4321\na,2017,0.2\n";
	g_autoptr(GPtrArray) faults = faults_new();
	g_autoptr(series_table) t = series_table_read(text, strlen(text), &(series_options){.scale = 1}, faults, NULL);
	static const char *const lines[] = {"3", "4", "5", "6"};
	assert_int_equal(faults->len, G_N_ELEMENTS(lines));
	for (guint i = 0; i < faults->len; i++)
		assert_string_equal(((fault *)faults->pdata[i])->pointer, lines[i]);
	assert_non_null(strstr(((fault *)faults->pdata[3])->remedy, "--scale 0.0001"));
	assert_int_equal(series_table_find(t, "a")->years->len, 2);
}

static void a_scale_is_taken_to_values_and_reference(void **state)
{
	(void)state;
	g_autoptr(series_table) t = read_with("site,year,ndvi,reference\na,2013,3000,5000\n", &(series_options){.scale = 0.0001}, 0);
	assert_true(fabs(year_at(t, "a", 0)->value - 0.3) < 1e-12 && fabs(year_at(t, "a", 0)->reference - 0.5) < 1e-12);
}

static void what_is_no_table_is_refused_with_what_was_looked_for(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} tables[] = {{"site,colour\na,green\n", "dates"}, {"site,date,colour\na,2013,green\n", "--column value="}, {"site,date,ndvi\n", "no row"}, {"", "no row"}, {"site,date,ndvi\n\"", ""}};
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_autoptr(GPtrArray) faults = faults_new();
		g_autoptr(GError) error = NULL;
		assert_null(series_table_read(tables[i].text, strlen(tables[i].text), &(series_options){.scale = 1}, faults, &error));
		if (!strstr(error->message, tables[i].says))
			fail_msg("%s", error->message);
	}
}

static void the_series_for_ldn_leaves_out_what_is_missing(void **state)
{
	(void)state;
	g_autoptr(series_table) t = read_plain("site,year,ndvi,rain\na,2013,0.25,\na,2014,,300.5\n");
	g_autofree char *text = site_series_csv(series_table_find(t, "a"));
	assert_string_equal(text, "year,value,reference,rain,cells\n2013,0.25,,,\n2014,,,300.5,\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_many_makers_are_read),
		cmocka_unit_test(headings_are_told_by_what_they_say),
		cmocka_unit_test(many_dates_become_the_median_of_the_year),
		cmocka_unit_test(rain_of_the_year_repeated_in_each_row_is_counted_once),
		cmocka_unit_test(bad_rows_are_named_by_their_line_and_the_others_stay),
		cmocka_unit_test(a_scale_is_taken_to_values_and_reference),
		cmocka_unit_test(what_is_no_table_is_refused_with_what_was_looked_for),
		cmocka_unit_test(the_series_for_ldn_leaves_out_what_is_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
