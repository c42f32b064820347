/* Geometries of any sort (point, line, polygon, several, collections) in the plane of longitude and latitude, and how two of them lie to each
 * other: the spatial relations of Simple Features (OGC 06-103r4, 6.1.15), as GEOS finds them. A shape is used on the thread that made it. */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct shape shape;

#define SHAPE_POSITIONS 100000 /* the most a reader accepts */

/* Reads a GeoJSON geometry (RFC 7946). NULL with an error (G_IO_ERROR_INVALID_DATA) that says what is wrong: what is no geometry, has too many positions
 * or is not valid as Simple Features call it. */
shape *shape_read(const json_t *geometry, GError **error);
/* The rectangle of west, south, east and north; west > east crosses the antimeridian. */
shape *shape_box(const double box[4]);
void shape_free(shape *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(shape, shape_free)

/* West, south, east and north of all of it; FALSE: it is empty. */
gboolean shape_bounds(const shape *s, double box[4]);

typedef enum shape_relation {
	SHAPE_INTERSECTS, SHAPE_DISJOINT, SHAPE_CONTAINS, SHAPE_WITHIN, SHAPE_EQUALS, SHAPE_TOUCHES, SHAPE_CROSSES, SHAPE_OVERLAPS
} shape_relation;
gboolean shape_relate(shape_relation relation, const shape *a, const shape *b);
