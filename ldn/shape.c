#include "shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "ldn/area.h"

void ring_put(ring *r, double x, double y)
{
	if (r->n == r->room) {
		r->room = r->room ? 2 * r->room : 16;
		r->x = memory_grow(r->x, r->room, sizeof *r->x);
		r->y = memory_grow(r->y, r->room, sizeof *r->y);
	}
	r->x[r->n] = x;
	r->y[r->n++] = y;
}

void ring_drop(ring *r, size_t at)
{
	memmove(r->x + at, r->x + at + 1, (r->n - at - 1) * sizeof *r->x);
	memmove(r->y + at, r->y + at + 1, (r->n - at - 1) * sizeof *r->y);
	r->n--;
}

void ring_reverse(ring *r)
{
	for (size_t i = 0, j = r->n; i + 1 < j; i++) {
		j--;
		double x = r->x[i], y = r->y[i];
		r->x[i] = r->x[j], r->y[i] = r->y[j];
		r->x[j] = x, r->y[j] = y;
	}
}

bool ring_closed(const ring *r)
{
	return r->n > 0 && r->x[0] == r->x[r->n - 1] && r->y[0] == r->y[r->n - 1];
}

bool rings_same(const ring *a, const ring *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->x[i] != b->x[i] || a->y[i] != b->y[i])
			return false;
	return true;
}

static void ring_free(ring *r)
{
	free(r->x);
	free(r->y);
}

ring *part_ring(part *p)
{
	p->rings = memory_grow(p->rings, p->count + 1, sizeof *p->rings);
	p->rings[p->count] = (ring){0};
	return &p->rings[p->count++];
}

void part_drop(part *p, size_t at)
{
	ring_free(&p->rings[at]);
	memmove(p->rings + at, p->rings + at + 1, (p->count - at - 1) * sizeof *p->rings);
	p->count--;
}

part *shape_part(shape *s)
{
	s->parts = memory_grow(s->parts, s->count + 1, sizeof *s->parts);
	s->parts[s->count] = (part){0};
	return &s->parts[s->count++];
}

static void part_free(part *p)
{
	for (size_t i = 0; i < p->count; i++)
		ring_free(&p->rings[i]);
	free(p->rings);
}

void shape_drop(shape *s, size_t at)
{
	part_free(&s->parts[at]);
	memmove(s->parts + at, s->parts + at + 1, (s->count - at - 1) * sizeof *s->parts);
	s->count--;
}

shape shape_copy(const shape *s)
{
	shape copy = {0};
	for (size_t i = 0; i < s->count; i++) {
		part *p = shape_part(&copy);
		for (size_t k = 0; k < s->parts[i].count; k++) {
			const ring *from = &s->parts[i].rings[k];
			ring *to = part_ring(p);
			to->x = memory_grow(NULL, from->n, sizeof *to->x);
			to->y = memory_grow(NULL, from->n, sizeof *to->y);
			to->n = to->room = from->n;
			if (from->n) {
				memcpy(to->x, from->x, from->n * sizeof *to->x);
				memcpy(to->y, from->y, from->n * sizeof *to->y);
			}
		}
	}
	return copy;
}

void shape_free(shape *s)
{
	for (size_t i = 0; i < s->count; i++)
		part_free(&s->parts[i]);
	free(s->parts);
	*s = (shape){0};
}

bool shapes_same(const shape *a, const shape *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (a->parts[i].count != b->parts[i].count)
			return false;
		for (size_t k = 0; k < a->parts[i].count; k++)
			if (!rings_same(&a->parts[i].rings[k], &b->parts[i].rings[k]))
				return false;
	}
	return true;
}

size_t shape_points(const shape *s)
{
	size_t points = 0;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->parts[i].count; k++)
			points += s->parts[i].rings[k].n;
	return points;
}

static void box_add(box *b, double x, double y)
{
	b->west = fmin(b->west, x);
	b->east = fmax(b->east, x);
	b->south = fmin(b->south, y);
	b->north = fmax(b->north, y);
}

static const box nothing = {INFINITY, INFINITY, -INFINITY, -INFINITY};

box ring_box(const ring *r)
{
	box b = nothing;
	for (size_t i = 0; i < r->n; i++)
		box_add(&b, r->x[i], r->y[i]);
	return b;
}

box shape_box(const shape *s)
{
	box b = nothing;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->parts[i].count; k++) {
			if (s->parts[i].rings[k].n == 0)
				continue;
			box own = ring_box(&s->parts[i].rings[k]);
			box_add(&b, own.west, own.south);
			box_add(&b, own.east, own.north);
		}
	return b;
}

void metres_of_degree(double latitude, double *east, double *north)
{
	const double a = 6378137.0, b = 6356752.3142, radian = 0.017453292519943295769;
	double e2 = 1.0 - (b / a) * (b / a), s = sin(latitude * radian), w = 1.0 - e2 * s * s;
	*east = a * cos(latitude * radian) / sqrt(w) * radian;
	*north = a * (1.0 - e2) / (w * sqrt(w)) * radian;
}

double metres_between(double x0, double y0, double x1, double y1)
{
	double east, north;
	metres_of_degree(0.5 * (y0 + y1), &east, &north);
	return hypot((x1 - x0) * east, (y1 - y0) * north);
}

double ring_area(const ring *r)
{
	return ldn_area_ring(r->n, r->x, r->y);
}

double ring_length(const ring *r)
{
	double length = 0;
	for (size_t i = 1; i < r->n; i++)
		length += metres_between(r->x[i - 1], r->y[i - 1], r->x[i], r->y[i]);
	return length;
}

double shape_area(const shape *s)
{
	double area = 0;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->parts[i].count; k++)
			area += (k ? -1 : 1) * fabs(ring_area(&s->parts[i].rings[k]));
	return area;
}

/* ---- tangles ---- */

static int number_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Pairs of spans that meet; sorts them. */
static double spans_meeting(double *from, double *to, size_t n)
{
	qsort(from, n, sizeof *from, number_order);
	qsort(to, n, sizeof *to, number_order);
	double pairs = 0;
	for (size_t i = 0, begun = 0; i < n; i++) {
		while (begun < n && from[begun] <= to[i])
			begun++;
		pairs += (double)(begun - i - 1); /* those that end later and have begun */
	}
	return pairs;
}

static double beside(const shape *s, bool latitude, double *from, double *to)
{
	size_t n = 0;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->parts[i].count; k++) {
			const ring *r = &s->parts[i].rings[k];
			const double *at = latitude ? r->y : r->x;
			for (size_t j = 0; j + 1 < r->n; j++, n++) {
				from[n] = at[j] < at[j + 1] ? at[j] : at[j + 1];
				to[n] = at[j] < at[j + 1] ? at[j + 1] : at[j];
			}
		}
	return spans_meeting(from, to, n);
}

double shape_tangle(const shape *s)
{
	size_t points = shape_points(s);
	if (0.5 * (double)points * (double)points <= SHAPE_TANGLE)
		return 0.5 * (double)points * (double)points;
	double *from = memory_new(points, sizeof *from), *to = memory_new(points, sizeof *to);
	double east = beside(s, false, from, to), north = beside(s, true, from, to);
	free(from);
	free(to);
	return east < north ? east : north;
}
