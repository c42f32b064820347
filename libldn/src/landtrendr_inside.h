/* What the three files of LandTrendr share. Inside, values are multiplied by the disturbance sign: a disturbance always goes up, a recovery
 * down. An observation is a valid year; x is its year, counted from the first of the whole stack. */
#ifndef LDN_LANDTRENDR_INSIDE_H
#define LDN_LANDTRENDR_INSIDE_H

#include <math.h>

#include "ldn/landtrendr.h"

#define ADDITIONS_MAX 21                 /* of candidate vertices, by the authors' program */
#define VERTICES_MAX (ADDITIONS_MAX + 2)

typedef struct observations {
	int n;
	int at[LDN_YEARS_MAX];           /* index of the year */
	double x[LDN_YEARS_MAX], y[LDN_YEARS_MAX];
	double zero;                     /* a residual up to this is rounding */
} observations;

/* Observations that are vertices, rising; the first and the last always are. */
typedef struct vertices {
	int n;
	int at[VERTICES_MAX];
} vertices;

typedef struct line {
	double x, y, slope;
} line;

static inline double line_at(line l, double x)
{
	return l.y + l.slope * (x - l.x);
}

static inline double line_residual(const observations *o, line l, int i)
{
	double r = o->y[i] - line_at(l, o->x[i]);

	return fabs(r) <= o->zero ? 0 : r;
}

/* Sum of squared residuals of observations a..b. */
static inline double line_squares(const observations *o, line l, int a, int b)
{
	double sum = 0;

	for (int i = a; i <= b; i++) {
		double r = line_residual(o, l, i);
		sum += r * r;
	}
	return sum;
}

/* The least-squares line of observations a..b. */
static inline line line_free(const observations *o, int a, int b)
{
	double x = 0, y = 0, xx = 0, xy = 0;

	for (int i = a; i <= b; i++) {
		x += o->x[i];
		y += o->y[i];
	}
	x /= b - a + 1;
	y /= b - a + 1;
	for (int i = a; i <= b; i++) {
		double dx = o->x[i] - x;
		xx += dx * dx;
		xy += dx * (o->y[i] - y);
	}
	return (line){x, y, xy / xx};
}

/* Greater or less beyond rounding, so that the first of equals wins whatever the order of the arithmetic. */
static inline bool greater(double a, double b)
{
	return a > b && a - b > 1e-10 * fabs(b);
}

/* Mean squared residual of the least-squares line of observations a..b; 0 below three. */
static inline double segment_score(const observations *o, int a, int b)
{
	return b - a < 2 ? 0 : line_squares(o, line_free(o, a, b), a, b) / (b - a + 1);
}

/* Steeper of the two angles at the middle of three points, more where a rise follows: `weight` more for a rise of the whole range. */
double ldn_vertex_score(const double x[3], const double y[3], double range, double weight);

/* Toward zero to whole units. */
double ldn_whole(const ldn_landtrendr_rule *rule, double v);

void ldn_despike(double threshold, observations *o);
void ldn_candidates(const ldn_landtrendr_rule *rule, const observations *o, vertices *v);
void ldn_cull(const ldn_landtrendr_rule *rule, const observations *o, vertices *v);

/* A fit through vertices. */
typedef struct model {
	vertices at;
	double value[VERTICES_MAX], slope[VERTICES_MAX];
	double p, f, ms_regression, ms_residual;
} model;

/* The chosen model of all between the given vertices and a single segment. The first way changes observations (too fast recoveries). */
model ldn_model_main(const ldn_landtrendr_rule *rule, observations *o, const vertices *start);
model ldn_model_second(const ldn_landtrendr_rule *rule, const observations *o, const vertices *start);

#endif
