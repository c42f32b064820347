/* A boundary on the map: polygons with holes in WGS 84 degrees, edges straight in longitude and latitude (RFC 7946), in one canonical form.
 *
 * The same land has the same form, whatever ring or point it was drawn from, whichever way round and in whatever order its parts came:
 * rings without repeated points, outer ones counter-clockwise, holes clockwise (RFC 7946, 3.1.6), each begun at its westernmost (then
 * southernmost) point; holes and parts in order of their points; -0 is 0; heights are dropped. What crosses the antimeridian is cut there.
 *
 * An edge over 180 but under 360 degrees of longitude is one that was drawn across the antimeridian and not cut, and goes the short way; a
 * ring that so runs once round the Earth encloses the nearer pole. An edge of exactly 360 degrees runs along the whole map as it is written.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

#define BOUNDARY_POSITIONS 100000 /* the most a reader accepts */
#define BOUNDARY_TANGLE 3e7       /* and the most pairs of edges side by side (polygons_tangle): a second of checking. Land has some 1e6 at most */

typedef struct lonlat_box {
	double west, south, east, north; /* degrees, closed */
} lonlat_box;
gboolean box_meets(const lonlat_box *a, const lonlat_box *b);

typedef struct boundary {
	guint points, rings;
	double *xy;     /* [2 * points] longitude, latitude; rings follow each other, the closing point is not repeated */
	guint *first;   /* [rings + 1] number of each ring's first point; first[rings] = points */
	guint *part;    /* [rings] which polygon a ring belongs to, rising from 0; the first ring of a part is its outside */
	lonlat_box box;
} boundary;

void boundary_free(boundary *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(boundary, boundary_free)

typedef enum boundary_error {
	BOUNDARY_ERROR_FORM,    /* not the JSON of a Polygon or MultiPolygon, or beyond bounds */
	BOUNDARY_ERROR_INVALID, /* rings that cross or touch themselves or each other, holes outside, parts that overlap */
	BOUNDARY_ERROR_TANGLED  /* so many edges beside each other that this cannot be found out: BOUNDARY_TANGLE */
} boundary_error;
#define BOUNDARY_ERROR (boundary_error_quark())
GQuark boundary_error_quark(void);

/* Reads a GeoJSON Polygon or MultiPolygon; NULL with an error that says what is wrong and where. Valid is what OGC 06-103r4 (Simple
 * Features) calls so, as GEOS finds. Any thread. */
boundary *boundary_read(const json_t *geometry, GError **error);

/* The canonical GeoJSON: a Polygon, or a MultiPolygon of several parts. */
json_t *boundary_geojson(const boundary *b);
/* Lower-case hexadecimal SHA-256 of that GeoJSON's canonical bytes (RFC 8785): the name of this land, a measurement's geometry_sha256. */
char *boundary_sha256(const boundary *b);

/* Square metres on the ellipsoid (base/authalic.h). */
double boundary_area(const boundary *b);

/* For the store: the same boundary as bytes, the same on every machine, and back. NULL for bytes that are none. */
GBytes *boundary_bytes(const boundary *b);
boundary *boundary_from_bytes(const void *bytes, gsize length);
