/* The world's countries as outlines: Natural Earth, public domain, from the npm package world-atlas (TopoJSON), embedded in the program.
 * Borders are Natural Earth's and say nothing about what this site holds about them. */
#pragma once

#include <glib.h>

typedef enum basemap_detail { BASEMAP_COARSE, /* 1:110 million: the world */ BASEMAP_FINE /* 1:50 million: a country */ } basemap_detail;

typedef struct basemap_ring {
	const float *points; /* longitude, latitude in turn; the first point is not repeated */
	gsize n;
} basemap_ring;

typedef struct basemap_country {
	char iso3[4]; /* "" where the outline has no ISO code */
	const char *name; /* English, as Natural Earth has it */
	const basemap_ring *rings;
	gsize n_rings;
	float west, south, east, north; /* of the largest ring with its neighbours: what a map of the country should show */
} basemap_country;

typedef struct basemap {
	const basemap_country *countries;
	gsize n;
} basemap;

/* Decoded on first use, any thread, never freed. */
const basemap *basemap_get(basemap_detail detail);
/* The country of a code, or NULL. */
const basemap_country *basemap_find(const basemap *map, const char *iso3);

/* A GeoJSON FeatureCollection (RFC 7946) of all countries, properties {"iso3","name"}, coordinates to a hundredth of a degree. Made on
 * first use and kept; a new reference each time. */
GBytes *basemap_geojson(basemap_detail detail);
