/* What the functions of the ailments share: they note what they find, and ask what the shape is like by now; and ailments that the reader met. */
#include "doctor.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "failure.h"
#include "shape_ogr.h"

/* The vertex of the shape as it was given that lies there. */
static void place_find(const shape *given, place *at)
{
	for (size_t i = 0; i < given->count; i++)
		for (size_t k = 0; k < given->parts[i].count; k++) {
			const ring *r = &given->parts[i].rings[k];
			for (size_t j = 0; j < r->n; j++)
				if (r->x[j] == at->x && r->y[j] == at->y) {
					at->part = i + 1;
					at->ring = k + 1;
					at->vertex = j + 1;
					return;
				}
		}
}

static finding *finding_open(exam *e)
{
	patient *p = e->of;
	if (e->open)
		return e->open;
	p->findings = memory_grow(p->findings, p->count + 1, sizeof *p->findings);
	p->findings[p->count] = (finding){.what = e->what};
	e->open = &p->findings[p->count++];
	return e->open;
}

void exam_found(exam *e, double x, double y)
{
	finding *f = finding_open(e);
	if (isfinite(x) && isfinite(y) && f->count < PLACES_MOST && e->first) {
		place *at = &f->places[f->count];
		*at = (place){.x = x, .y = y};
		place_find(&e->of->given, at);
	} else if (f->count < PLACES_MOST) {
		f->places[f->count] = (place){.x = NAN, .y = NAN};
	}
	f->count++;
}

void exam_detail(exam *e, const char *format, ...)
{
	finding *f = finding_open(e);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(f->detail, sizeof f->detail, format, arguments);
	va_end(arguments);
}

bool exam_valid(exam *e)
{
	if (e->valid < 0)
		e->valid = shape_tangle(&e->now) > SHAPE_TANGLE || shape_valid(&e->now); /* of a tangle it is not asked: look_tangled */
	return e->valid;
}

/* Middle of the largest part's box, or the point. */
bool exam_where(const exam *e, double *x, double *y)
{
	double largest = -1;
	for (size_t i = 0; i < e->now.count; i++) {
		if (!e->now.parts[i].count)
			continue;
		box b = ring_box(&e->now.parts[i].rings[0]);
		double size = (b.east - b.west) * (b.north - b.south);
		if (size > largest) {
			largest = size;
			*x = (b.west + b.east) / 2;
			*y = (b.south + b.north) / 2;
		}
	}
	if (largest < 0 && (e->of->traits & TRAIT_POINTS)) {
		*x = e->of->point[0];
		*y = e->of->point[1];
		largest = 0;
	}
	return largest >= 0 && !e->placeless && fabs(*x) <= 540 && fabs(*y) <= 90;
}

/* ---- what the reader met ---- */

#define LOOK_TRAIT(name, test) \
	void look_##name(exam *e) \
	{ \
		const patient *p = e->of; \
		if (test) \
			exam_found(e, p->traits & TRAIT_POINTS ? p->point[0] : NAN, p->point[1]); \
	}
LOOK_TRAIT(empty, p->traits & TRAIT_EMPTY)
LOOK_TRAIT(unreadable, p->traits & TRAIT_UNREADABLE)
LOOK_TRAIT(point, (p->traits & TRAIT_POINTS) && !p->given.count)
LOOK_TRAIT(line, (p->traits & TRAIT_LINES) && !p->given.count && !(p->traits & TRAIT_POINTS))
LOOK_TRAIT(loop, p->traits & TRAIT_LOOPS)
LOOK_TRAIT(mixed, (p->traits & (TRAIT_POINTS | TRAIT_LINES)) && p->given.count)
LOOK_TRAIT(height, p->traits & TRAIT_HEIGHT)
LOOK_TRAIT(curve, p->traits & TRAIT_CURVE)
LOOK_TRAIT(latin, p->traits & TRAIT_LATIN)
LOOK_TRAIT(cut, p->traits & TRAIT_CUT)
