#include "record/series.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "record/message.h"

#define YEAR_LEAST 1900
#define YEAR_MOST 2100
#define FAULTS_MOST 100
#define YEARS_MOST 128

const char *const series_column_names[SERIES_COLUMNS] = {"site", "date", "value", "reference", "rain", "cells"};

/* Headings, lower case without anything but letters and digits, the likeliest first. */
static const char *const synonyms[SERIES_COLUMNS][16] = {
	[SERIES_SITE] = {"site", "siteid", "sitename", "unit", "plot", "plotid", "polygon", "feature", "featureid", "zone", "area", "name", "id", "aid", "category"},
	[SERIES_DATE] = {"date", "year", "datetime", "time", "day", "acquired", "imagedate", "systemtimestart", "timestart", "systemindex"},
	[SERIES_VALUE] = {"value", "index", "ndvi", "nbr", "evi", "ndvimean", "meanndvi", "mean", "median"},
	[SERIES_REFERENCE] = {"reference", "referencevalue", "referencendvi", "referenceindex", "control", "controlvalue", "ref", "ndvireference", "ndvicontrol"},
	[SERIES_RAIN] = {"rain", "rainmm", "rainfall", "rainfallmm", "precipitation", "precipitationmm", "precip", "precipmm", "pr", "ppt"},
	[SERIES_CELLS] = {"cells", "numberofcells", "pixels", "pixelcount", "npixels", "numberofpixels", "count", "n"},
};

/* Indices that a heading may speak of, the longer names first. */
static const char *const indices[] = {"NDVI", "NDMI", "GNDVI", "MSAVI", "OSAVI", "SAVI", "EVI2", "EVI", "NBR2", "NBR", NULL};

/* --- dates --- */

static int in_range(gint64 year)
{
	return year >= YEAR_LEAST && year <= YEAR_MOST ? (int)year : 0;
}

static gint64 digits(const char *text, gsize n)
{
	gint64 value = 0;
	for (gsize i = 0; i < n; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

static gboolean month_and_day(gint64 month, gint64 day)
{
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* A run of digits by itself. */
static int year_of_digits(const char *at, gsize n)
{
	if (n == 4)
		return in_range(digits(at, 4));
	if (n == 6)
		return month_and_day(digits(at + 4, 2), 1) ? in_range(digits(at, 4)) : 0;
	if (n == 7)
		return digits(at + 4, 3) >= 1 && digits(at + 4, 3) <= 366 ? in_range(digits(at, 4)) : 0;
	if (n == 8)
		return month_and_day(digits(at + 4, 2), digits(at + 6, 2)) ? in_range(digits(at, 4)) : 0;
	if (n == 12 || n == 13) {
		g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(digits(at, n) / 1000);
		return t ? in_range(g_date_time_get_year(t)) : 0;
	}
	return 0;
}

/* "2013-04-12", "2013_04_12T...", "2013/4/12" at the head of a text. */
static int year_of_parts(const char *at)
{
	gsize n = strspn(at, "0123456789");
	if (n != 4 || !at[4] || !strchr("-_/.", at[4]))
		return 0;
	char between = at[4];
	gsize months = strspn(at + 5, "0123456789");
	if (months < 1 || months > 2)
		return 0;
	const char *rest = at + 5 + months;
	if (*rest == '\0')
		return month_and_day(digits(at + 5, months), 1) ? in_range(digits(at, 4)) : 0;
	if (*rest != between)
		return 0;
	gsize days = strspn(rest + 1, "0123456789");
	if (days < 1 || days > 2 || !month_and_day(digits(at + 5, months), digits(rest + 1, days)))
		return 0;
	return in_range(digits(at, 4));
}

/* "Apr 12, 2013" as charts of Earth Engine write it, "12 April 2013". */
static int year_of_words(const char *text)
{
	static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
	g_autofree char *lower = g_ascii_strdown(text, -1);
	gsize n = strlen(lower);
	gboolean month = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(months); i++)
		month |= strstr(lower, months[i]) != NULL;
	if (!month || n < 8 || strspn(lower + n - 4, "0123456789") != 4 || !strchr(" ,", lower[n - 5]))
		return 0;
	return in_range(digits(lower + n - 4, 4));
}

int series_date_year(const char *text)
{
	int year = year_of_parts(text);
	gsize n = strspn(text, "0123456789");
	if (!year && n && text[n] == '\0')
		year = year_of_digits(text, n);
	if (!year)
		year = year_of_words(text);
	/* the last part of an image's name: LC08_035035_20130412, MOD13Q1.A2013097, 1_2013_04_12 */
	for (const char *at = text; !year && *at; at++) {
		gboolean begins = at == text || strchr("_.- /", at[-1]) || (at[-1] == 'A' && (at - text < 2 || strchr("_.- ", at[-2])));
		gsize run = strspn(at, "0123456789");
		if (!begins || !run || at == text)
			continue;
		year = year_of_parts(at);
		if (!year && run >= 7 && run <= 8 && (at[run] == '\0' || strchr("_.T", at[run])))
			year = year_of_digits(at, run);
	}
	return year;
}

/* --- headings --- */

static char *plain(const char *heading)
{
	GString *s = g_string_new(NULL);
	for (const char *at = heading; *at; at++)
		if (g_ascii_isalnum(*at))
			g_string_append_c(s, g_ascii_tolower(*at));
	return g_string_free(s, FALSE);
}

typedef struct reading {
	series_table *table;
	const series_options *options;
	GPtrArray *faults;
	int place[SERIES_COLUMNS]; /* column of the table, -1 none */
	GHashTable *by_name;       /* site -> site_series (borrowed) */
	GHashTable *values;        /* "site\nyear" -> yearly (owned) */
	GError *error;
} reading;

static int by_synonym(char **headings, gsize n, series_column role)
{
	for (gsize k = 0; k < G_N_ELEMENTS(synonyms[role]) && synonyms[role][k]; k++)
		for (gsize i = 0; i < n; i++) {
			g_autofree char *is = plain(headings[i]);
			if (strcmp(is, synonyms[role][k]) == 0)
				return (int)i;
		}
	return -1;
}

static const char *index_in(const char *heading)
{
	g_autofree char *upper = g_ascii_strup(heading, -1);
	for (gsize i = 0; indices[i]; i++)
		if (strstr(upper, indices[i]))
			return indices[i];
	return NULL;
}

static gboolean taken(const reading *r, gsize column)
{
	for (int role = 0; role < SERIES_COLUMNS; role++)
		if (r->place[role] == (int)column)
			return TRUE;
	return FALSE;
}

/* "value=ndvi_max" and the like. */
static gboolean place_by_options(reading *r, char **headings, gsize n)
{
	for (char **given = r->options->columns; given && *given; given++) {
		const char *equals = strchr(*given, '=');
		int role = 0, found = -1;
		while (equals && role < SERIES_COLUMNS && !(strlen(series_column_names[role]) == (gsize)(equals - *given) && g_str_has_prefix(*given, series_column_names[role])))
			role++;
		for (gsize i = 0; equals && i < n; i++)
			if (g_ascii_strcasecmp(headings[i], equals + 1) == 0)
				found = (int)i;
		if (!equals || role == SERIES_COLUMNS || found < 0) {
			g_set_error(&r->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("--column %s: write ROLE=HEADING, where ROLE is site, date, value, reference, rain or cells and HEADING stands in the first line."), *given);
			return FALSE;
		}
		r->place[role] = found;
	}
	return TRUE;
}

static gboolean headings_read(reading *r, char **headings, gsize n)
{
	for (int role = 0; role < SERIES_COLUMNS; role++)
		r->place[role] = -1;
	if (!place_by_options(r, headings, n))
		return FALSE;
	for (int role = 0; role < SERIES_COLUMNS; role++)
		if (r->place[role] < 0) {
			int found = by_synonym(headings, n, (series_column)role);
			r->place[role] = found >= 0 && !taken(r, (gsize)found) ? found : -1;
		}
	for (gsize i = 0; r->place[SERIES_VALUE] < 0 && i < n; i++) /* MOD13Q1_061__250m_16_days_NDVI */
		if (index_in(headings[i]) && !taken(r, i))
			r->place[SERIES_VALUE] = (int)i;
	if (r->place[SERIES_DATE] < 0 || r->place[SERIES_VALUE] < 0) {
		g_autofree char *all = g_strjoinv(", ", headings);
		g_set_error(&r->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("no column of the %s could be told from the headings (%s). Name it with --column %s=HEADING."),
		    r->place[SERIES_DATE] < 0 ? _("dates") : _("values"), all, r->place[SERIES_DATE] < 0 ? "date" : "value");
		return FALSE;
	}
	for (int role = 0; role < SERIES_COLUMNS; role++)
		r->table->headings[role] = r->place[role] >= 0 ? g_strdup(headings[r->place[role]]) : NULL;
	const char *index = r->options->index ? r->options->index : index_in(r->table->headings[SERIES_VALUE]);
	r->table->index = g_strdup(index ? index : "NDVI");
	return TRUE;
}

/* --- rows --- */

typedef struct yearly {
	GArray *values, *references, *rains; /* double */
	double cells;
	guint rows;
} yearly;

static void yearly_free(gpointer data)
{
	yearly *y = data;
	g_array_unref(y->values);
	g_array_unref(y->references);
	g_array_unref(y->rains);
	g_free(y);
}

static yearly *yearly_of(reading *r, const char *site, int year)
{
	g_autofree char *key = g_strdup_printf("%s\n%d", site, year);
	yearly *y = g_hash_table_lookup(r->values, key);
	if (!y) {
		y = g_new0(yearly, 1);
		y->values = g_array_new(FALSE, FALSE, sizeof(double));
		y->references = g_array_new(FALSE, FALSE, sizeof(double));
		y->rains = g_array_new(FALSE, FALSE, sizeof(double));
		y->cells = NAN;
		g_hash_table_insert(r->values, g_steal_pointer(&key), y);
	}
	return y;
}

static site_series *site_of(reading *r, const char *name, guint row)
{
	site_series *s = g_hash_table_lookup(r->by_name, name);
	if (!s) {
		s = g_new0(site_series, 1);
		s->site = g_strdup(name);
		s->row = row;
		s->years = g_array_new(FALSE, FALSE, sizeof(series_year));
		g_ptr_array_add(r->table->sites, s);
		g_hash_table_insert(r->by_name, s->site, s);
	}
	return s;
}

static void row_fault(reading *r, guint row, const char *message, const char *remedy)
{
	g_autofree char *at = g_strdup_printf("%u", row);
	if (r->faults->len < FAULTS_MOST)
		fault_add(r->faults, at, message, remedy);
}

static char *cell_of(const reading *r, const char *const *cells, gsize n, series_column role)
{
	int place = r->place[role];
	return g_strstrip(g_strdup(place >= 0 && (gsize)place < n ? cells[place] : ""));
}

static gboolean is_missing(const char *text)
{
	static const char *const words[] = {"", "na", "n/a", "nan", "null", "none", "-", "-9999", "-9999.0", NULL};
	g_autofree char *lower = g_ascii_strdown(text, -1);
	return g_strv_contains(words, lower);
}

/* A number, NaN for one that is missing; FALSE with a fault for anything else. */
static gboolean number_of(reading *r, guint row, const char *const *cells, gsize n, series_column role, double *value)
{
	g_autofree char *text = cell_of(r, cells, n, role);
	char *end;
	*value = NAN;
	if (is_missing(text))
		return TRUE;
	*value = g_ascii_strtod(text, &end);
	if (end != text && *end == '\0' && isfinite(*value))
		return TRUE;
	g_autofree char *message = g_strdup_printf(_("%s \"%.40s\" is not a number"), series_column_names[role], text);
	row_fault(r, row, message, _("Write it like 0.31, or leave the cell empty where there is none."));
	return FALSE;
}

static gboolean index_possible(reading *r, guint row, double value)
{
	if (isnan(value) || fabs(value) <= 2)
		return TRUE;
	g_autofree char *message = g_strdup_printf(_("the value %g is no %s"), value, r->table->index);
	row_fault(r, row, message, _("If all values are multiplied, such as by 10000, say --scale 0.0001."));
	return FALSE;
}

static gboolean row_read(gpointer data, guint row, const char *const *cells, gsize n)
{
	reading *r = data;
	r->table->rows = row;
	if (row == 1) {
		g_autoptr(GPtrArray) headings = g_ptr_array_new_with_free_func(g_free);
		for (gsize i = 0; i < n; i++)
			g_ptr_array_add(headings, g_strstrip(g_strdup(cells[i])));
		g_ptr_array_add(headings, NULL);
		return headings_read(r, (char **)headings->pdata, n);
	}
	g_autofree char *site = cell_of(r, cells, n, SERIES_SITE), *date = cell_of(r, cells, n, SERIES_DATE);
	double value, reference, rain, count;
	int year = series_date_year(date);
	if (!year) {
		g_autofree char *message = g_strdup_printf(_("\"%.40s\" is not a date"), date);
		row_fault(r, row, message, _("Write it like 2013-04-12, or give the year."));
	}
	if (r->place[SERIES_SITE] >= 0 && !*site)
		row_fault(r, row, _("the row names no site"), _("Give the site's id or name."));
	gboolean good = number_of(r, row, cells, n, SERIES_VALUE, &value);
	good &= number_of(r, row, cells, n, SERIES_REFERENCE, &reference);
	good &= number_of(r, row, cells, n, SERIES_RAIN, &rain);
	good &= number_of(r, row, cells, n, SERIES_CELLS, &count);
	value *= r->options->scale, reference *= r->options->scale;
	if (!good || !year || (r->place[SERIES_SITE] >= 0 && !*site) || !index_possible(r, row, value) || !index_possible(r, row, reference))
		return TRUE;
	r->table->missing += isnan(value);
	site_of(r, site, row);
	yearly *y = yearly_of(r, site, year);
	y->rows++;
	if (isfinite(value))
		g_array_append_val(y->values, value);
	if (isfinite(reference))
		g_array_append_val(y->references, reference);
	if (isfinite(rain))
		g_array_append_val(y->rains, rain);
	if (isfinite(value) && isfinite(count) && !(count >= y->cells))
		y->cells = count;
	return TRUE;
}

/* --- years --- */

static int rising(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(GArray *values)
{
	guint n = values->len;
	if (n == 0)
		return NAN;
	g_array_sort(values, rising);
	double upper = g_array_index(values, double, n / 2);
	return n % 2 ? upper : (g_array_index(values, double, n / 2 - 1) + upper) / 2;
}

/* The year's rain repeated in each of its rows, or rain of each date. */
static double rain_of(const GArray *rains)
{
	double sum = 0;
	gboolean same = TRUE;
	for (guint i = 0; i < rains->len; i++) {
		sum += g_array_index(rains, double, i);
		same &= g_array_index(rains, double, i) == g_array_index(rains, double, 0);
	}
	return rains->len == 0 ? NAN : same ? g_array_index(rains, double, 0) : sum;
}

static int by_year(gconstpointer a, gconstpointer b)
{
	return ((const series_year *)a)->year - ((const series_year *)b)->year;
}

static void years_make(reading *r)
{
	GHashTableIter each;
	gpointer key, value;
	g_hash_table_iter_init(&each, r->values);
	while (g_hash_table_iter_next(&each, &key, &value)) {
		const char *cut = strrchr(key, '\n');
		g_autofree char *site = g_strndup(key, (gsize)(cut - (const char *)key));
		yearly *y = value;
		site_series *s = g_hash_table_lookup(r->by_name, site);
		series_year year = {.year = (int)g_ascii_strtoll(cut + 1, NULL, 10), .value = median(y->values), .reference = median(y->references),
			.rain = rain_of(y->rains), .cells = y->cells, .rows = y->rows};
		g_array_append_val(s->years, year);
	}
	for (guint i = 0; i < r->table->sites->len; i++) {
		site_series *s = g_ptr_array_index(r->table->sites, i);
		g_array_sort(s->years, by_year);
		if (s->years->len > YEARS_MOST)
			row_fault(r, s->row, _("the site has more than 128 years"), _("Leave years out."));
	}
}

static void site_series_free(gpointer data)
{
	site_series *s = data;
	g_free(s->site);
	g_array_unref(s->years);
	g_free(s);
}

void series_table_free(series_table *t)
{
	if (!t)
		return;
	for (int role = 0; role < SERIES_COLUMNS; role++)
		g_free(t->headings[role]);
	g_free(t->index);
	g_ptr_array_unref(t->sites);
	g_free(t);
}

series_table *series_table_read(const char *text, gsize length, const series_options *options, GPtrArray *faults, GError **error)
{
	g_autoptr(series_table) t = g_new0(series_table, 1);
	t->sites = g_ptr_array_new_with_free_func(site_series_free);
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, yearly_free);
	reading r = {.table = t, .options = options, .faults = faults, .by_name = names, .values = values};
	gboolean read = csv_read(text, length, row_read, &r, error);
	if (r.error) {
		g_clear_error(error);
		g_propagate_error(error, r.error);
		return NULL;
	}
	if (!read)
		return NULL;
	if (t->sites->len == 0 && faults->len == 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("the table holds no row with a date and a value. Give a heading and rows like site,2013-04-12,0.31."));
		return NULL;
	}
	years_make(&r);
	return g_steal_pointer(&t);
}

const site_series *series_table_find(const series_table *t, const char *site)
{
	for (guint i = 0; i < t->sites->len; i++) {
		const site_series *s = g_ptr_array_index(t->sites, i);
		if (strcmp(s->site, site) == 0)
			return s;
	}
	return NULL;
}

static void cell_add(GString *out, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	g_string_append_c(out, ',');
	if (isfinite(value))
		g_string_append(out, g_ascii_dtostr(text, sizeof text, value));
}

char *site_series_csv(const site_series *s)
{
	GString *out = g_string_new("year,value,reference,rain,cells\n");
	for (guint i = 0; i < s->years->len; i++) {
		const series_year *y = &g_array_index(s->years, series_year, i);
		g_string_append_printf(out, "%d", y->year);
		cell_add(out, y->value);
		cell_add(out, y->reference);
		cell_add(out, y->rain);
		cell_add(out, y->cells);
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}
