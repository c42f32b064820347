#include "period.h"

#include <stdio.h>
#include <string.h>

static bool period_read(const char *which, const char *text, int *first, int *last, failure *why)
{
	char end;
	int fields = sscanf(text, "%4d-%4d%c", first, last, &end);
	if (fields == 1 && strlen(text) <= 4) {
		*last = *first;
		fields = 2;
	}
	return (fields == 2 && *first <= *last) || failure_usage(why, _("--%s %s: give it as 2001-2015"), which, text);
}

static void rows_of(const stack *years, int first, int last, ldn_span *out)
{
	*out = (ldn_span){0, 0};
	for (size_t i = 0; i < years->bands.count; i++)
		if (years->years[i] >= first && years->years[i] <= last) {
			if (!out->count)
				out->first = i;
			out->count++;
		}
}

bool period_cut(stack *years, const char *period, session *run, failure *why)
{
	int first, last;
	ldn_span rows;
	if (!period)
		return true;
	if (!period_read("period", period, &first, &last, why))
		return false;
	rows_of(years, first, last, &rows);
	if (!rows.count)
		return failure_usage(why, _("--period %s: the stack has none of these years (%d-%d)"), period, years->years[0],
			years->years[years->bands.count - 1]);
	if ((int)rows.count < last - first + 1)
		session_note(run, _("period %s: %zu of %d years are there"), period, rows.count, last - first + 1);
	memmove(years->years, years->years + rows.first, rows.count * sizeof *years->years);
	years->bands.first += rows.first;
	years->bands.count = rows.count;
	return true;
}

bool period_span(const stack *years, const char *which, const char *text, size_t first, size_t count, ldn_span *out, failure *why)
{
	int from, to;
	*out = (ldn_span){first, count};
	if (text && !period_read(which, text, &from, &to, why))
		return false;
	if (text)
		rows_of(years, from, to, out);
	if (out->count == 0 || out->first + out->count > years->bands.count)
		return failure_usage(why, _("--%s %s: the stack (%d-%d) has none of these years"), which, text ? text : "", years->years[0],
			years->years[years->bands.count - 1]);
	return true;
}
