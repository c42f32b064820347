/* What the files that make boundaries share: rings and polygons while they are being read. */
#pragma once

#include "base/boundary.h"

typedef struct point {
	double x, y;
} point;

typedef GArray ring;       /* of point */
typedef GPtrArray polygon; /* of ring *: the outside, then holes */

#define ring_at(r, i) g_array_index(r, point, i)

ring *ring_new(void);
/* Repeated points are left out. */
void ring_add(ring *r, double x, double y);
/* Signed square metres; positive counter-clockwise. */
double ring_area(const ring *r);

polygon *polygon_new(void);
GPtrArray *polygons_new(void);

/* What it costs to find out whether polygons are valid, in pairs of edges whose boxes meet, which are all compared: of land a few for each edge, of a
 * comb of slanting teeth half their square. A hole is looked for in its polygon's ring, BOUNDARY_HOLES positions for the cost of a pair (measured
 * with GEOS 3.11: 36 and 5 ns). An upper bound where it does not exceed `enough`. */
#define BOUNDARY_HOLES 6
double polygons_tangle(const GPtrArray *polygons, double enough);

/* The canonical boundary of valid polygons, whose rings need not be in any order. */
boundary *boundary_of_polygons(const GPtrArray *polygons);
