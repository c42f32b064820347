/* Areas on the WGS 84 ellipsoid of what is bounded by lines straight in longitude and latitude (RFC 7946), in closed form.
 *
 * The area element is dA = F'(phi) dphi dlambda with F'(phi) = b^2 cos phi / (1 - e^2 sin^2 phi)^2 (Snyder 1987, USGS Professional Paper
 * 1395, eq. 3-12 differentiated). With the third flattening n, 1 - e^2 sin^2 phi = (1 + 2 n cos 2 phi + n^2) / (1 + n)^2, and as
 * 1 / |1 + n exp(2 i phi)|^4 is the square of a geometric series times its conjugate, F' has a Fourier series whose coefficients are known:
 *
 *	F'(phi) = sum over k of C_k cos((2k + 1) phi),   C_k = b^2 (1 + n)^4 (t_k + t_(k+1)),
 *	t_m = (-n)^m (1 + m + (1 - m) n^2) / (1 - n^2)^3.
 *
 * C_k falls as n^k, n = 0.00168: seven terms leave less than 4e-19 of the whole, so sums of sines and cosines are the integral to the
 * last bit of a double. Latitudes and longitudes in degrees, areas in square metres.
 */
#pragma once

#include <glib.h>

/* Signed area of a ring of n >= 3 points xy[2 i], xy[2 i + 1] = longitude, latitude; the first point may but need not be repeated at the
 * end. Positive when it runs counter-clockwise. Longitudes may go beyond 180 where a ring crosses the antimeridian. */
double authalic_ring(const double *xy, gsize n);

/* A slab between two parallels, south <= north, for summing shapes whose sides are straight in it: a shape that is w degrees wide at the
 * slab's middle and widens by g degrees from south to north has the area w * zone + g * moment. Both in square metres a degree. */
typedef struct authalic_slab {
	double zone, moment;
} authalic_slab;
authalic_slab authalic_slab_of(double south, double north);

/* A sum that keeps what adding loses (Neumaier 1974); start with {0, 0}. */
typedef struct kept_sum {
	double sum, lost;
} kept_sum;
void kept_sum_add(kept_sum *s, double value);
static inline double kept_sum_value(const kept_sum *s) { return s->sum + s->lost; }
