/* Stacks of years: which year, and which day, each band is of. */
#include "sources_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>

#include "option.h"
#include "years.h"

typedef struct date {
	int year, month, day; /* year 0: not known; month 0: of the whole year */
} date;

/* A year that stands in a text, with its day where that stands there too. */
static date date_of_text(const char *text)
{
	date found = {year_from_name(text), 0, 0}, whole;
	if (found.year > 0 && date_from_name(text, &whole.year, &whole.month, &whole.day) && whole.year == found.year)
		found = whole;
	return found;
}

/* A value of the NetCDF dimension that a band stands for. */
static date date_of_dimension(GDALDatasetH dataset, const char *dimension, const char *value)
{
	date found = {0};
	double number;
	if (!number_read(value, &number))
		return found;
	autofree char *key = text_format("%s#units", dimension);
	const char *units = GDALGetMetadataItem(dataset, key, NULL);
	if (units && date_from_time(units, number, &found.year, &found.month, &found.day))
		return found;
	bool is_year = number == floor(number) && number >= YEAR_FIRST && number <= YEAR_LAST;
	return (date){is_year ? (int)number : 0, 0, 0};
}

static date date_of_band(GDALDatasetH dataset, int number)
{
	GDALRasterBandH band = GDALGetRasterBand(dataset, number);
	date found = date_of_text(GDALGetDescription(band));
	static const char *const keys[] = {"YEAR", "year", "DATE", "date", "TIME", "time", "long_name"};
	for (size_t i = 0; found.year <= 0 && i < sizeof keys / sizeof *keys; i++) {
		const char *text = GDALGetMetadataItem(band, keys[i], NULL);
		if (!text)
			continue;
		/* 2004-07-01T00:00 begins with its day, 2004-2008 with its first year. */
		autofree char *head = text_copy(text);
		head[strspn(head, "0123456789-")] = 0;
		found = date_of_text(head);
		head[strspn(head, "0123456789")] = 0;
		if (found.year <= 0)
			found = date_of_text(head);
		if (found.year <= 0)
			found = date_of_text(text);
	}
	char **items = GDALGetMetadata(band, NULL);
	for (; found.year <= 0 && items && *items; items++) {
		char *key = NULL;
		const char *value = CPLParseNameValue(*items, &key);
		if (key && value && strncmp(key, "NETCDF_DIM_", 11) == 0)
			found = date_of_dimension(dataset, key + 11, value);
		CPLFree(key);
	}
	return found.year > 0 ? found : (date){0};
}

static bool dates_find(GDALDatasetH dataset, const char *name, const source_band *bands, size_t count, date *dates, failure *why)
{
	int first, last;
	if (count == 1) {
		date named = date_of_text(name);
		*dates = named.year > 0 ? named : date_of_band(dataset, bands->band);
		if (dates->year)
			return true;
		if (named.year < 0)
			return failure_usage(why, _("%s: its name holds several years; say which with --years"), name);
		return failure_usage(why, _("%s: no year in its name or metadata; give the years with --years 2001-2017"), name);
	}
	bool all_known = true;
	for (size_t i = 0; i < count; i++)
		all_known = (dates[i] = date_of_band(dataset, bands[i].band)).year != 0 && all_known;
	if (all_known)
		return true;
	if (year_range_from_name(name, &first, &last) && (size_t)(last - first) + 1 == count) {
		for (size_t i = 0; i < count; i++)
			dates[i] = (date){first + (int)i, 0, 0};
		return true;
	}
	return failure_usage(why, _("%s: no year known for some of its %zu bands; give the years with --years 2001-2017, or choose one band of each file "
	                            "with --band"), name, count);
}

static void stack_sort(source_band *bands, int *years, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0 && years[j - 1] > years[j]; j--) {
			int year = years[j];
			source_band band = bands[j];
			years[j] = years[j - 1];
			bands[j] = bands[j - 1];
			years[j - 1] = year;
			bands[j - 1] = band;
		}
}

/* Bands of one year stand together: each group becomes one band. The stack is what was added last. */
static bool years_collapse(sources *all, int *years, range *added, failure *why)
{
	source_band *bands = all->bands + added->first;
	size_t kept = 0;
	for (size_t i = 0, end; i < added->count; i = end) {
		for (end = i + 1; end < added->count && years[end] == years[i]; end++)
			if (!all->how.annual_mean)
				return failure_usage(why, _("year %d is there twice: %s and %s; --annual-mean takes the mean of a year's rasters"), years[i], bands[i].name,
					bands[end].name);
		source_band one = bands[i];
		if (end - i > 1) {
			one.members = memory_new(end - i, sizeof *one.members);
			one.member_count = end - i;
			memcpy(one.members, bands + i, (end - i) * sizeof *one.members);
			one.name = text_format(_("mean of %zu, %s to %s"), end - i, bands[i].name, bands[end - 1].name);
		}
		years[kept] = years[i];
		bands[kept++] = one;
	}
	added->count = kept;
	all->band_count = added->first + kept;
	return true;
}

/* Only what lies in the season stays, and counts for the year of the season. The stack is what was added last. */
static bool season_keep(sources *all, const date *dates, int *years, range *added, failure *why)
{
	source_band *bands = all->bands + added->first;
	size_t kept = 0;
	for (size_t i = 0; i < added->count; i++) {
		if (all->how.season.from && !dates[i].month)
			return failure_usage(why, _("%s: no day known, which --season needs; dates are read as 20040615, 2004-06-15, 2004167 or 200406"), bands[i].name);
		int year = season_year(&all->how.season, dates[i].year, dates[i].month, dates[i].day);
		if (!year) {
			free(bands[i].name);
			continue;
		}
		years[kept] = year;
		bands[kept++] = bands[i];
	}
	added->count = kept;
	all->band_count = added->first + kept;
	return kept > 0 || failure_usage(why, _("none of the rasters lies in the season"));
}

static bool stack_files(sources *all, const char *const *names, size_t count, int band, bool listed, date *dates, size_t limit, range *added, failure *why)
{
	for (size_t i = 0; i < count; i++) {
		range more = {0};
		GDALDatasetH under, dataset = source_open(all, names[i], false, &under, why);
		if (!dataset)
			return false;
		bool fine = source_add(all, dataset, names[i], band, &more, why);
		if (fine && added->count + more.count > limit)
			fine = failure_usage(why, _("%s: more than %zu rasters in all"), names[i], limit);
		if (fine && !listed)
			fine = dates_find(dataset, names[i], all->bands + more.first, more.count, dates + added->count, why);
		GDALClose(dataset);
		if (!fine)
			return false;
		added->count += more.count;
	}
	return true;
}

bool sources_add_stack(sources *all, const char *const *names, size_t count, int band, const char *list, int *years, size_t limit,
	range *added, failure *why)
{
	enum { RASTERS_MAX = 8192 };
	autofree int *found = memory_new(RASTERS_MAX, sizeof *found);
	autofree date *dates = memory_new(RASTERS_MAX, sizeof *dates);
	size_t listed = 0;
	if (list && !(listed = years_parse(list, found, RASTERS_MAX, why)))
		return false;
	for (size_t i = 0; i < listed; i++)
		dates[i].year = found[i];
	*added = (range){all->band_count, 0};
	if (!stack_files(all, names, count, band, list != NULL, dates, RASTERS_MAX, added, why))
		return false;
	if (list && listed != added->count)
		return failure_usage(why, _("--years names %zu years, the rasters hold %zu bands"), listed, added->count);
	if (!season_keep(all, dates, found, added, why))
		return false;
	stack_sort(all->bands + added->first, found, added->count);
	if (!years_collapse(all, found, added, why))
		return false;
	if (added->count > limit)
		return failure_usage(why, _("more than %zu years in all"), limit);
	memcpy(years, found, added->count * sizeof *years);
	return true;
}
