#include "series.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "option.h"
#include "years.h"

enum { COLUMNS = 5, LINE = 1024, SERIES_YEARS = 128 };
static const char *const columns[COLUMNS] = {"year", "value", "reference", "rain", "cells"};

typedef struct reader {
	const char *path;
	int place[COLUMNS]; /* which field holds a column; -1 none */
	int line;
	failure *why;
} reader;

static bool heading_read(reader *r, char *line)
{
	char *fields[COLUMNS];
	int count = fields_cut(line, fields, COLUMNS);
	for (int c = 0; c < COLUMNS; c++) {
		r->place[c] = -1;
		for (int f = 0; f < count; f++)
			if (strcmp(fields[f], columns[c]) == 0)
				r->place[c] = f;
	}
	if (r->place[0] < 0 || r->place[1] < 0)
		return failure_set(r->why, _("%s: its first line must be year,value and, where known, reference,rain,cells"), r->path);
	return true;
}

static bool number_at(reader *r, char *const *fields, int count, int column, double *value)
{
	int place = r->place[column];
	*value = NAN;
	if (place < 0 || place >= count || fields[place][0] == '\0')
		return true;
	return number_read(fields[place], value) || failure_set(r->why, _("%s, line %d: %s \"%.40s\" is not a number"), r->path, r->line, columns[column], fields[place]);
}

static bool line_read(reader *r, char *line, series *out)
{
	char *fields[COLUMNS];
	int count = fields_cut(line, fields, COLUMNS);
	int64_t year = 0;
	if (r->place[0] >= count || !whole_read(fields[r->place[0]], YEAR_FIRST, YEAR_LAST, &year))
		return failure_set(r->why, _("%s, line %d: does not begin with a year"), r->path, r->line);
	if (out->count && year <= out->years[out->count - 1])
		return failure_set(r->why, _("%s, line %d: years must rise"), r->path, r->line);
	if (out->count == SERIES_YEARS)
		return failure_set(r->why, _("%s, line %d: more than %d years"), r->path, r->line, SERIES_YEARS);
	double *const into[] = {NULL, out->value, out->reference, out->rain, out->cells};
	out->years[out->count] = (int)year;
	for (int c = 1; c < COLUMNS; c++)
		if (!number_at(r, fields, count, c, &into[c][out->count]))
			return false;
	out->has_reference |= isfinite(out->reference[out->count]);
	out->has_rain |= isfinite(out->rain[out->count]);
	out->has_cells |= isfinite(out->cells[out->count]);
	out->count++;
	return true;
}

bool series_read(const char *path, series *out, failure *why)
{
	reader r = {.path = path, .why = why};
	char line[LINE];
	*out = (series){.years = memory_new(SERIES_YEARS, sizeof(int)), .value = memory_new(4 * SERIES_YEARS, sizeof(double))};
	out->reference = out->value + SERIES_YEARS;
	out->rain = out->reference + SERIES_YEARS;
	out->cells = out->rain + SERIES_YEARS;
	FILE *file = fopen(path, "r");
	if (!file)
		return failure_system(why, _("opening"), path);
	bool fine = true;
	while (fine && fgets(line, sizeof line, file)) {
		r.line++;
		if (!strchr(line, '\n') && !feof(file))
			fine = failure_set(why, _("%s, line %d: is longer than %d characters"), path, r.line, LINE - 2);
		else
			fine = r.line == 1 ? heading_read(&r, line) : line_read(&r, line, out);
	}
	fine = fine && (!ferror(file) || failure_system(why, _("reading"), path));
	fclose(file);
	return fine && (out->count || failure_set(why, _("%s: holds no year"), path));
}

void series_free(series *which)
{
	free(which->years);
	free(which->value);
}
