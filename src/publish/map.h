/* A static map: for readers without JavaScript, for print, for the book. The world in Equal Earth, a country or a place in a plain
 * projection about its middle. */
#pragma once

#include "publish/drawing.h"

typedef struct map_point {
	double longitude, latitude; /* degrees, WGS 84 */
	trust mark;
	ink colour;
	double radius;     /* pixels; 0: 4 */
	const char *label; /* drawn beside it; NULL: none */
} map_point;

typedef struct map_tint {
	const char *iso3;
	double share; /* 0..1 of the strongest tint */
} map_tint;

typedef struct map {
	const char *title, *description;
	const map_point *points;
	gsize n_points;
	const map_tint *tints;
	gsize n_tints;
	const char *country; /* shows this country; NULL: the world, or the bounds */
	const double *bounds; /* west, south, east, north; NULL: by country, or the world */
	const char *source;  /* last line; NULL: none */
} map;

/* The picture; free with g_bytes_unref. NULL with an error if it cannot be drawn. */
GBytes *map_draw(const map *m, const drawing_form *form, GError **error);
