/* Polygons as the doctor handles them: parts of rings in longitude and latitude, degrees. The first ring of a part is its shell, the others are
 * holes. As GeoJSON has it the last point of a ring repeats the first, but what was read may not keep to that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct ring {
	double *x, *y;
	size_t n, room;
} ring;

typedef struct part {
	ring *rings;
	size_t count;
} part;

typedef struct shape {
	part *parts;
	size_t count;
} shape;

void ring_put(ring *r, double x, double y);
void ring_drop(ring *r, size_t at);
void ring_reverse(ring *r);
bool ring_closed(const ring *r);
bool rings_same(const ring *a, const ring *b); /* point for point */

ring *part_ring(part *p);   /* a new empty ring at its end; borrowed */
void part_drop(part *p, size_t at);
part *shape_part(shape *s); /* a new empty part at its end; borrowed */
void shape_drop(shape *s, size_t at);

shape shape_copy(const shape *s);
void shape_free(shape *s);
bool shapes_same(const shape *a, const shape *b);
size_t shape_points(const shape *s);

/* No more pairs of edges have to be compared than lie beside each other along longitude, or along latitude: the smaller of these two numbers. Land
 * has some 1e7 at most; beyond SHAPE_TANGLE it is a tangle nobody drew, of which GEOS would take minutes to say whether it is valid. */
#define SHAPE_TANGLE 1e8
double shape_tangle(const shape *s);

typedef struct box {
	double west, south, east, north;
} box;
box ring_box(const ring *r);
box shape_box(const shape *s); /* west > east: nothing in it */

/* Metres of a degree of longitude and of latitude at a latitude, on the ellipsoid (Snyder 1987, eq. 4-18 and 4-21). */
void metres_of_degree(double latitude, double *east, double *north);
double metres_between(double x0, double y0, double x1, double y1); /* near each other: on the local plane */

double ring_area(const ring *r);   /* square metres, signed: ldn_area_ring */
double ring_length(const ring *r); /* metres */
double shape_area(const shape *s); /* shells less holes, whatever way round they run */
