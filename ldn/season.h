/* The days of the year that count: a growing season. */
#pragma once

#include "failure.h"

typedef struct season {
	int from, to; /* 100 * month + day, both included; 0: the whole year */
} season;

/* "MM-DD..MM-DD"; NULL: the whole year. May run over the turn of the year. */
bool season_read(const char *text, season *out, failure *why);

/* The year for which a day counts: its own, or the year in which a season that runs over the turn of the year ends; 0: it lies outside. What has no day
 * (month 0) counts for its year. */
int season_year(const season *which, int year, int month, int day);
