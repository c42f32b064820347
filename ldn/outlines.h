/* Outlines of countries, to tell whether a boundary lies where it is said to: GeoJSON with an ISO 3166-1 alpha-3 code in the property iso3 (or
 * ISO_A3, ADM0_A3, also in small letters). They are rough (1:50 million: a border can be off by kilometres), so answers come with a distance. */
#pragma once

#include "failure.h"
#include "shape.h"

typedef struct country {
	char iso3[4];
	char name[64];
	shape outline;
	box around;
	double centre[3][2]; /* centres of gravity of all of it and of its largest part, middle of its box: points that stand in for a country */
} country;

typedef struct outlines {
	country *items;
	size_t count;
} outlines;

/* From the text of the file; `name` for failures. Free with outlines_free. */
bool outlines_read(const char *name, const char *text, size_t length, outlines *out, failure *why);
void outlines_free(outlines *all);

const country *outlines_find(const outlines *all, const char *iso3);
const country *outlines_at(const outlines *all, double x, double y); /* the country there, or NULL: sea */
bool country_holds(const country *c, double x, double y);
double country_distance(const country *c, double x, double y);       /* metres to its border, from either side; approximate */
double outlines_distance(const outlines *all, double x, double y);   /* metres to the nearest country */
