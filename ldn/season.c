#include "season.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static bool day_read(const char *text, int *out)
{
	for (size_t i = 0; i < 5; i++)
		if (i == 2 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
			return false;
	int month = 10 * (text[0] - '0') + text[1] - '0', day = 10 * (text[3] - '0') + text[4] - '0';
	*out = 100 * month + day;
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

bool season_read(const char *text, season *out, failure *why)
{
	*out = (season){0, 0};
	if (!text)
		return true;
	return (strlen(text) == 12 && day_read(text, &out->from) && strncmp(text + 5, "..", 2) == 0 && day_read(text + 7, &out->to)) ||
		failure_usage(why, _("--season %s: write it like 06-01..09-30"), text);
}

int season_year(const season *which, int year, int month, int day)
{
	if (!which->from || !month)
		return year;
	int at = 100 * month + day;
	if (which->from <= which->to)
		return at >= which->from && at <= which->to ? year : 0;
	return at >= which->from ? year + 1 : at <= which->to ? year : 0;
}
