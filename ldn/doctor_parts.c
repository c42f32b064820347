/* Ailments of rings among each other: what makes polygons invalid (OGC Simple Features, 6.1.11), and slivers and gaps. GEOS is the judge of what
 * is valid; where and what is the matter is found here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "failure.h"
#include "shape_ogr.h"

void look_tangled(exam *e)
{
	if (shape_tangle(&e->now) > SHAPE_TANGLE)
		exam_found(e, NAN, NAN);
}

/* ---- the same ring twice ---- */

/* The parts, or within a part the holes, that repeat an earlier one. */
static bool twice(exam *e, bool mend)
{
	bool any = false;
	for (size_t i = e->now.count; i-- > 0;) {
		part *p = &e->now.parts[i];
		for (size_t k = p->count; k-- > 2;)
			for (size_t j = 1; j < k; j++)
				if (rings_same(&p->rings[j], &p->rings[k])) {
					any = true;
					if (mend)
						part_drop(p, k);
					else
						exam_found(e, p->rings[k].x[0], p->rings[k].y[0]);
					break;
				}
		for (size_t j = 0; j < i; j++)
			if (e->now.parts[j].count && p->count && rings_same(&e->now.parts[j].rings[0], &p->rings[0])) {
				any = true;
				if (mend)
					shape_drop(&e->now, i);
				else
					exam_found(e, p->rings[0].x[0], p->rings[0].y[0]);
				break;
			}
	}
	return any;
}

void look_twice(exam *e)
{
	twice(e, false);
}

bool mend_twice(exam *e)
{
	return twice(e, true);
}

/* ---- a ring and itself ---- */

static bool ring_valid(const ring *r)
{
	ring copy = *r;
	part one = {&copy, 1};
	shape only = {&one, 1};
	return shape_valid(&only);
}

static bool part_valid(const part *p)
{
	part copy = *p;
	shape only = {&copy, 1};
	return shape_valid(&only);
}

static double side(double ax, double ay, double bx, double by, double px, double py)
{
	return (bx - ax) * (py - ay) - (by - ay) * (px - ax);
}

/* Do two edges cross in their insides? Where. */
static bool edges_cross(const ring *r, size_t i, size_t j, double at[2])
{
	double a = side(r->x[j], r->y[j], r->x[j + 1], r->y[j + 1], r->x[i], r->y[i]), b = side(r->x[j], r->y[j], r->x[j + 1], r->y[j + 1], r->x[i + 1], r->y[i + 1]);
	double c = side(r->x[i], r->y[i], r->x[i + 1], r->y[i + 1], r->x[j], r->y[j]), d = side(r->x[i], r->y[i], r->x[i + 1], r->y[i + 1], r->x[j + 1], r->y[j + 1]);
	if (!((a < 0 && b > 0) || (a > 0 && b < 0)) || !((c < 0 && d > 0) || (c > 0 && d < 0)))
		return false;
	double t = a / (a - b);
	at[0] = r->x[i] + t * (r->x[i + 1] - r->x[i]);
	at[1] = r->y[i] + t * (r->y[i + 1] - r->y[i]);
	return true;
}

typedef struct edge {
	double west, east;
	size_t at;
} edge;

static int by_west(const void *a, const void *b)
{
	const edge *x = a, *y = b;
	return x->west < y->west ? -1 : x->west > y->west ? 1 : x->at < y->at ? -1 : x->at > y->at;
}

enum { PAIRS_MOST = 20000000, CROSSINGS_MOST = 1000 };

typedef struct crossing {
	size_t edge;
	double at[2];
} crossing;

static int by_edge(const void *a, const void *b)
{
	const crossing *x = a, *y = b;
	return x->edge < y->edge ? -1 : x->edge > y->edge ? 1 : x->at[0] < y->at[0] ? -1 : x->at[0] > y->at[0];
}

/* Where a ring crosses itself, in the order of its edges: edges swept from west to east, as many pairs as is decent. */
static size_t crossings_find(const ring *r, crossing *found)
{
	size_t n = r->n - 1, count = 0, pairs = 0;
	autofree edge *edges = memory_new(n, sizeof *edges);
	for (size_t i = 0; i < n; i++)
		edges[i] = (edge){fmin(r->x[i], r->x[i + 1]), fmax(r->x[i], r->x[i + 1]), i};
	qsort(edges, n, sizeof *edges, by_west);
	for (size_t i = 0; i < n && pairs < PAIRS_MOST; i++)
		for (size_t j = i + 1; j < n && edges[j].west <= edges[i].east && pairs < PAIRS_MOST; j++, pairs++) {
			size_t a = edges[i].at < edges[j].at ? edges[i].at : edges[j].at, b = edges[i].at < edges[j].at ? edges[j].at : edges[i].at;
			if (count < CROSSINGS_MOST && edges_cross(r, a, b, found[count].at))
				found[count++].edge = a;
		}
	qsort(found, count, sizeof *found, by_edge);
	return count;
}

void look_crossing(exam *e)
{
	if (exam_valid(e))
		return;
	autofree crossing *found = memory_new(CROSSINGS_MOST, sizeof *found);
	for (size_t i = 0; i < e->now.count; i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++) {
			const ring *r = &e->now.parts[i].rings[k];
			if (r->n < 4 || ring_valid(r))
				continue;
			size_t count = crossings_find(r, found);
			for (size_t c = 0; c < count; c++)
				exam_found(e, found[c].at[0], found[c].at[1]);
			if (count)
				exam_detail(e, _("first after vertex %zu of ring %zu"), found[0].edge + 1, k + 1);
		}
}

typedef struct spot {
	double x, y;
} spot;

static int by_place(const void *a, const void *b)
{
	const spot *p = a, *q = b;
	return p->x < q->x ? -1 : p->x > q->x ? 1 : p->y < q->y ? -1 : p->y > q->y;
}

/* Vertices that a ring passes more than once. */
static bool touches_find(exam *e, const ring *r)
{
	size_t n = r->n - 1;
	bool any = false;
	autofree spot *spots = memory_new(n, sizeof *spots);
	for (size_t i = 0; i < n; i++)
		spots[i] = (spot){r->x[i], r->y[i]};
	qsort(spots, n, sizeof *spots, by_place);
	for (size_t i = 1; i < n; i++)
		if (by_place(&spots[i - 1], &spots[i]) == 0) {
			any = true;
			exam_found(e, spots[i].x, spots[i].y);
		}
	return any;
}

/* Invalid without crossing: it touches itself at a vertex, or runs along itself. */
void look_touching(exam *e)
{
	for (size_t i = 0; i < e->now.count && !exam_valid(e); i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++) {
			const ring *r = &e->now.parts[i].rings[k];
			if (r->n >= 4 && !ring_valid(r) && !touches_find(e, r))
				exam_found(e, r->x[0], r->y[0]);
		}
}

/* ---- a shell and its holes ---- */

static part alone(const ring *r)
{
	return (part){(ring *)(size_t)r, 1};
}

static bool hole_is_outside(const part *p, size_t k)
{
	part hole = alone(&p->rings[k]), shell = alone(&p->rings[0]);
	return shape_overlap(&hole, &shell) == 0;
}

static bool hole_is_nested(const part *p, size_t k)
{
	part hole = alone(&p->rings[k]);
	for (size_t j = 1; j < p->count; j++) {
		part other = alone(&p->rings[j]);
		if (j != k && part_within(&hole, &other) && !(j > k && part_within(&other, &hole)))
			return true;
	}
	return false;
}

static void holes_look(exam *e, bool (*test)(const part *p, size_t k))
{
	for (size_t i = 0; i < e->now.count && !exam_valid(e); i++)
		if (!part_valid(&e->now.parts[i]))
			for (size_t k = 1; k < e->now.parts[i].count; k++)
				if (test(&e->now.parts[i], k))
					exam_found(e, e->now.parts[i].rings[k].x[0], e->now.parts[i].rings[k].y[0]);
}

static bool holes_drop(exam *e, bool (*test)(const part *p, size_t k))
{
	bool changed = false;
	for (size_t i = 0; i < e->now.count; i++)
		if (!part_valid(&e->now.parts[i]))
			for (size_t k = e->now.parts[i].count; k-- > 1;)
				if (test(&e->now.parts[i], k)) {
					part_drop(&e->now.parts[i], k);
					changed = true;
				}
	return changed;
}

void look_hole_outside(exam *e)
{
	holes_look(e, hole_is_outside);
}

bool mend_hole_outside(exam *e)
{
	return holes_drop(e, hole_is_outside);
}

void look_hole_nested(exam *e)
{
	holes_look(e, hole_is_nested);
}

bool mend_hole_nested(exam *e)
{
	return holes_drop(e, hole_is_nested);
}

static bool rings_valid(const part *p)
{
	for (size_t k = 0; k < p->count; k++)
		if (!ring_valid(&p->rings[k]))
			return false;
	return true;
}

/* A hole that reaches beyond its shell or into another hole. */
static bool hole_crosses(const part *p, size_t k)
{
	part hole = alone(&p->rings[k]), shell = alone(&p->rings[0]);
	if (!part_within(&hole, &shell))
		return true;
	for (size_t j = 1; j < p->count; j++) {
		part other = alone(&p->rings[j]);
		if (j != k && shape_overlap(&hole, &other) > 0)
			return true;
	}
	return false;
}

void look_hole_crossing(exam *e)
{
	for (size_t i = 0; i < e->now.count && !exam_valid(e); i++)
		if (!part_valid(&e->now.parts[i]) && rings_valid(&e->now.parts[i]))
			for (size_t k = 1; k < e->now.parts[i].count; k++)
				if (hole_crosses(&e->now.parts[i], k))
					exam_found(e, e->now.parts[i].rings[k].x[0], e->now.parts[i].rings[k].y[0]);
}

/* What GEOS refuses and no row before has a name for: an interior in two pieces, say. */
void look_broken(exam *e)
{
	for (size_t i = 0; i < e->now.count && !exam_valid(e); i++)
		if (e->now.parts[i].count && !part_valid(&e->now.parts[i])) {
			exam_found(e, e->now.parts[i].rings[0].x[0], e->now.parts[i].rings[0].y[0]);
			exam_detail(e, "%s", shape_fault());
		}
}

bool mend_valid(exam *e)
{
	shape valid = shape_made_valid(&e->now);
	bool changed = !shapes_same(&valid, &e->now);
	shape_free(&e->now);
	e->now = valid;
	return changed;
}

/* ---- parts ---- */

static bool boxes_meet(const part *a, const part *b)
{
	box p = ring_box(&a->rings[0]), q = ring_box(&b->rings[0]);
	return p.west <= q.east && q.west <= p.east && p.south <= q.north && q.south <= p.north;
}

/* Looks at pairs of parts, where the whole is invalid though each is valid. */
static void pairs_look(exam *e, bool (*test)(const part *a, const part *b))
{
	if (e->now.count < 2 || exam_valid(e))
		return;
	for (size_t i = 0; i < e->now.count; i++)
		for (size_t j = i + 1; j < e->now.count; j++)
			if (boxes_meet(&e->now.parts[i], &e->now.parts[j]) && test(&e->now.parts[i], &e->now.parts[j]))
				exam_found(e, e->now.parts[j].rings[0].x[0], e->now.parts[j].rings[0].y[0]);
}

static bool is_nested(const part *a, const part *b)
{
	return part_within(a, b) || part_within(b, a);
}

static bool overlap(const part *a, const part *b)
{
	return shape_overlap(a, b) > 0;
}

void look_nested(exam *e)
{
	pairs_look(e, is_nested);
}

void look_overlapping(exam *e)
{
	pairs_look(e, overlap);
}

void look_adjoining(exam *e)
{
	if (e->now.count > 1 && !exam_valid(e))
		exam_found(e, e->now.parts[1].rings[0].x[0], e->now.parts[1].rings[0].y[0]);
}

bool mend_united(exam *e)
{
	shape united = shape_united(&e->now);
	if (!united.count)
		return false;
	shape_free(&e->now);
	e->now = united;
	return true;
}

/* ---- slivers and gaps ---- */

/* Mean width: the area over half the length. */
static bool is_thin(const ring *r)
{
	double length = ring_length(r);
	return r->n >= 4 && length > 0 && 2 * fabs(ring_area(r)) / length < 0.5;
}

void look_sliver(exam *e)
{
	for (size_t i = 0; i < e->now.count; i++)
		if (e->now.parts[i].count && is_thin(&e->now.parts[i].rings[0]))
			exam_found(e, e->now.parts[i].rings[0].x[0], e->now.parts[i].rings[0].y[0]);
}

bool mend_sliver(exam *e)
{
	size_t thin = 0;
	for (size_t i = 0; i < e->now.count; i++)
		thin += e->now.parts[i].count && is_thin(&e->now.parts[i].rings[0]);
	if (thin == e->now.count)
		return false;
	for (size_t i = e->now.count; i-- > 0;)
		if (e->now.parts[i].count && is_thin(&e->now.parts[i].rings[0]))
			shape_drop(&e->now, i);
	return true;
}

void look_gap(exam *e)
{
	for (size_t i = 0; i < e->now.count; i++)
		for (size_t k = 1; k < e->now.parts[i].count; k++)
			if (is_thin(&e->now.parts[i].rings[k]))
				exam_found(e, e->now.parts[i].rings[k].x[0], e->now.parts[i].rings[k].y[0]);
}

bool mend_gap(exam *e)
{
	bool changed = false;
	for (size_t i = 0; i < e->now.count; i++)
		for (size_t k = e->now.parts[i].count; k-- > 1;)
			if (is_thin(&e->now.parts[i].rings[k])) {
				part_drop(&e->now.parts[i], k);
				changed = true;
			}
	return changed;
}
