#include "base/authalic.h"

#include <math.h>

#define TERMS 7

/* C_k of the header for a = 6378137 m, 1/f = 298.257223563, in square metres; tests/base/test_authalic.c computes them again. */
static const double coefficient[TERMS] = {
	4.0544237135322806e+13, -136279744969.85188, 343361578.17583709, -768880.47394465280, 1614.0350423978705, -3.2525664618270659, 0.0063723263044851495,
};
static const double radian = 0.017453292519943295769;

/* sin((2k + 1) x) and cos((2k + 1) x), k = 0 .. TERMS - 1. */
typedef struct multiples {
	double sine[TERMS], cosine[TERMS];
} multiples;

static multiples multiples_of(double x)
{
	multiples m;
	double s = sin(x), c = cos(x), twice = 2 * (1 - 2 * s * s), s_before = -s, c_before = c;
	for (int k = 0; k < TERMS; k++) {
		m.sine[k] = s;
		m.cosine[k] = c;
		double s_next = twice * s - s_before, c_next = twice * c - c_before;
		s_before = s, c_before = c;
		s = s_next, c = c_next;
	}
	return m;
}

/* The mean of F along an edge from latitude a to b: every sine of the series times sin(t) / t, so that short edges lose nothing. */
static double mean_height(double a, double b)
{
	double half = 0.5 * (b - a) * radian, mean = 0;
	const multiples middle = multiples_of(0.5 * (a + b) * radian), edge = multiples_of(half);
	for (int k = TERMS - 1; k >= 0; k--) {
		double p = 2 * k + 1, t = p * half;
		mean += coefficient[k] / p * middle.sine[k] * (t == 0 ? 1 : edge.sine[k] / t);
	}
	return mean;
}

double authalic_ring(const double *xy, gsize n)
{
	kept_sum total = {0, 0};
	for (gsize i = 0; i < n; i++) {
		const double *from = xy + 2 * i, *to = i + 1 < n ? from + 2 : xy;
		if (to[0] != from[0])
			kept_sum_add(&total, (from[0] - to[0]) * radian * mean_height(from[1], to[1]));
	}
	return kept_sum_value(&total);
}

/* (sin t - t cos t) / t^3; its Taylor series where the difference would cancel. */
static double third(double t, double sine, double cosine)
{
	double q = t * t;
	if (q > 0.25)
		return (sine - t * cosine) / (t * q);
	return 1.0 / 3 - q * (1.0 / 30 - q * (1.0 / 840 - q * (1.0 / 45360 - q * (1.0 / 3991680 - q / 518918400))));
}

authalic_slab authalic_slab_of(double south, double north)
{
	double half = 0.5 * (north - south) * radian;
	const multiples middle = multiples_of(0.5 * (south + north) * radian), edge = multiples_of(half);
	authalic_slab slab = {0, 0};
	for (int k = TERMS - 1; k >= 0; k--) {
		double p = 2 * k + 1;
		slab.zone += coefficient[k] * 2 / p * middle.cosine[k] * edge.sine[k];
		slab.moment -= coefficient[k] * middle.sine[k] * p * half * half * third(p * half, edge.sine[k], edge.cosine[k]);
	}
	slab.zone *= radian;
	slab.moment *= radian;
	return slab;
}

void kept_sum_add(kept_sum *s, double value)
{
	double sum = s->sum + value;
	s->lost += fabs(s->sum) >= fabs(value) ? (s->sum - sum) + value : (value - sum) + s->sum;
	s->sum = sum;
}
