/* A static map: for readers without JavaScript, for print, for the book. The world in Equal Earth, a country or a place in a plain
 * projection about its middle. */
#pragma once

#include <jansson.h>

#include "publish/drawing.h"

typedef struct map_point {
	double longitude, latitude; /* degrees, WGS 84 */
	trust mark;
	ink colour;
	double radius;     /* pixels; 0: 4 */
	const char *label; /* drawn beside it; NULL: none */
} map_point;

/* Land with its outline: a GeoJSON Polygon or MultiPolygon (RFC 7946); anything else is passed over. Promised land is an outline only, reported
 * and measured land is tinted as well. What would be smaller than a few pixels is drawn as a dot. */
typedef struct map_shape {
	const json_t *geometry;
	trust mark;
	ink colour;
	const char *label; /* NULL: none */
} map_shape;

typedef struct map_tint {
	const char *iso3;
	double share; /* 0..1 of the strongest tint */
} map_tint;

/* Land that was drawn anew: its old outline dashed, its new one whole; what was added is tinted, what was taken away is hatched. Either geometry
 * may be no land. Below the map stands what of it is drawn, in the words of the legend. */
typedef struct map_redrawn {
	const json_t *before, *after;
	const char *was, *is, *added, *taken; /* words of the legend; NULL: none */
} map_redrawn;

typedef struct map {
	const char *title, *description;
	const map_point *points;
	gsize n_points;
	const map_shape *shapes;
	gsize n_shapes;
	const map_redrawn *redrawn; /* NULL: none */
	const map_tint *tints;
	gsize n_tints;
	const char *country; /* shows this country; NULL: the world, or the bounds */
	const double *bounds; /* west, south, east, north; NULL: by country, or the world */
	gboolean close;       /* bounds are those of a few sites: less air around them, and a scale bar */
	const char *source;  /* last line; NULL: none */
} map;

/* West, south, east and north of a GeoJSON geometry's positions; FALSE if it has none. */
gboolean map_geometry_bounds(const json_t *geometry, double box[static 4]);

/* The picture; free with g_bytes_unref. NULL with an error if it cannot be drawn. */
GBytes *map_draw(const map *m, const drawing_form *form, GError **error);
