#include "layers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fields.h"
#include "option.h"
#include "years.h"

enum { LINE = 1024, FIELDS = 32, LAYERS_MAX = 65536, YEARS_LISTED = 128 };

bool layers_named(const char *path)
{
	size_t length = strlen(path);
	return length > 4 && strcasecmp(path + length - 4, ".csv") == 0;
}

typedef struct reader {
	const char *path;
	int line, date, layer; /* which field holds what; layer -1: lines are in order */
	failure *why;
} reader;

static bool heading_read(reader *r, char *line)
{
	char *fields[FIELDS];
	int count = fields_cut(line, fields, FIELDS);
	r->date = r->layer = -1;
	for (int f = 0; f < count; f++) {
		r->date = strcasecmp(fields[f], "date") == 0 ? f : r->date;
		r->layer = strcasecmp(fields[f], "layer") == 0 || strcasecmp(fields[f], "band") == 0 ? f : r->layer;
	}
	return r->date >= 0 || failure_set(r->why, _("%s: its first line must name a column date and, where lines are in another order than layers, layer"), r->path);
}

static bool line_read(reader *r, char *line, layers *out)
{
	char *fields[FIELDS];
	int count = fields_cut(line, fields, FIELDS);
	layer_date date;
	int64_t number = (int64_t)out->count + 1;
	if (r->date >= count || !date_from_name(fields[r->date], &date.year, &date.month, &date.day))
		return failure_set(r->why, _("%s, line %d: holds no date; write it like 2013-05-27"), r->path, r->line);
	if (r->layer >= 0 && (r->layer >= count || !whole_read(fields[r->layer], 1, LAYERS_MAX, &number)))
		return failure_set(r->why, _("%s, line %d: its layer is not a number from 1 to %d"), r->path, r->line, LAYERS_MAX);
	if (number > LAYERS_MAX)
		return failure_set(r->why, _("%s, line %d: more than %d layers"), r->path, r->line, LAYERS_MAX);
	if ((size_t)number > out->count) {
		out->dates = memory_grow(out->dates, (size_t)number, sizeof *out->dates);
		memset(out->dates + out->count, 0, ((size_t)number - out->count) * sizeof *out->dates);
		out->count = (size_t)number;
	}
	if (out->dates[number - 1].year)
		return failure_set(r->why, _("%s, line %d: layer %d has a date already"), r->path, r->line, (int)number);
	out->dates[number - 1] = date;
	return true;
}

static bool all_dated(const layers *list, const char *path, failure *why)
{
	if (list->count == 0)
		return failure_set(why, _("%s: holds no date"), path);
	for (size_t i = 0; i < list->count; i++)
		if (!list->dates[i].year)
			return failure_set(why, _("%s: layer %zu has no date"), path, i + 1);
	return true;
}

bool layers_parse(const char *path, FILE *file, layers *out, failure *why)
{
	reader r = {.path = path, .why = why};
	char line[LINE];
	bool fine = true;
	*out = (layers){.said = path};
	while (fine && fgets(line, sizeof line, file)) {
		r.line++;
		if (!strchr(line, '\n') && !feof(file))
			fine = failure_set(why, _("%s, line %d: is longer than %d characters"), path, r.line, LINE - 2);
		else
			fine = r.line == 1 ? heading_read(&r, line) : line_read(&r, line, out);
	}
	fine = fine && (!ferror(file) || failure_system(why, _("reading"), path));
	return fine && all_dated(out, path, why);
}

bool layers_read(const char *path, layers *out, failure *why)
{
	FILE *file = fopen(path, "r");
	if (!file)
		return failure_system(why, _("opening"), path);
	bool fine = layers_parse(path, file, out, why);
	fclose(file);
	return fine;
}

bool layers_of_years(const char *years, layers *out, failure *why)
{
	int list[YEARS_LISTED];
	*out = (layers){.count = years_parse(years, list, YEARS_LISTED, why), .said = "--years"};
	out->dates = memory_new(out->count, sizeof *out->dates);
	for (size_t i = 0; i < out->count; i++)
		out->dates[i].year = list[i];
	return out->count > 0;
}

void layers_free(layers *which)
{
	free(which->dates);
	*which = (layers){0};
}
