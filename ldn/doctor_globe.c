/* Ailments of longitude and latitude: other units, the wrong order, the date line, the poles. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "failure.h"
#include "shape_ogr.h"

/* ---- units and order ---- */

static box box_now(const exam *e)
{
	return shape_box(&e->now);
}

/* Latitudes beyond 90 that would be good longitudes, beside longitudes that would be good latitudes. */
static bool surely_swapped(const box *b)
{
	double x = fmax(fabs(b->west), fabs(b->east)), y = fmax(fabs(b->south), fabs(b->north));
	return y > 90 && y <= 180 && x <= 90;
}

void look_metres(exam *e)
{
	box b = box_now(e);
	double x = fmax(fabs(b.west), fabs(b.east)), y = fmax(fabs(b.south), fabs(b.north));
	if (!e->now.count && (e->of->traits & TRAIT_POINTS))
		x = fabs(e->of->point[0]), y = fabs(e->of->point[1]);
	else if (!e->now.count || b.west > b.east)
		return;
	if (x > 540 || (y > 90 && !(y <= 180 && x <= 90))) {
		e->placeless = true;
		exam_found(e, e->now.count ? b.west : e->of->point[0], e->now.count ? b.south : e->of->point[1]);
	}
}

enum { NEAR_METRES = 50000 };

void look_swapped(exam *e)
{
	double x, y;
	box b = box_now(e);
	if (e->placeless || !e->now.count)
		return;
	if (surely_swapped(&b)) {
		exam_found(e, b.west, b.south);
		return;
	}
	const country *said = e->by->countries ? outlines_find(e->by->countries, e->by->country) : NULL;
	if (said && exam_where(e, &x, &y) && fabs(x) <= 90 && country_holds(said, y, x) && !country_holds(said, x, y) && country_distance(said, x, y) > NEAR_METRES) {
		exam_found(e, x, y);
		exam_detail(e, _("so it lies in %s, as it is said to"), said->name);
	}
}

bool mend_swapped(exam *e)
{
	for (size_t i = 0; i < e->now.count; i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++) {
			ring *r = &e->now.parts[i].rings[k];
			double *x = r->x;
			r->x = r->y;
			r->y = x;
		}
	return true;
}

/* ---- the date line ---- */

static bool jumps(const ring *r, size_t at)
{
	return fabs(r->x[at] - r->x[at - 1]) > 180;
}

/* Longitudes of the ring running on; false if it does not come back to where it began. */
static bool run_on(ring *r)
{
	double turn = 0;
	for (size_t i = 1; i < r->n; i++) {
		double next = r->x[i] + turn;
		if (next - r->x[i - 1] > 180)
			turn -= 360, next -= 360;
		else if (next - r->x[i - 1] < -180)
			turn += 360, next += 360;
		r->x[i] = next;
	}
	return turn == 0;
}

void look_pole(exam *e)
{
	e->polar = false;
	for (size_t i = 0; i < e->now.count && !e->placeless; i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++) {
			shape one = {0};
			const ring *r = &e->now.parts[i].rings[k];
			ring *copy = part_ring(shape_part(&one));
			for (size_t j = 0; j < r->n; j++)
				ring_put(copy, r->x[j], r->y[j]);
			if (!run_on(copy)) {
				e->polar = true;
				exam_found(e, r->x[0], r->y[0]);
			}
			shape_free(&one);
		}
}

void look_antimeridian(exam *e)
{
	for (size_t i = 0; i < e->now.count && !e->placeless && !e->polar; i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++) {
			const ring *r = &e->now.parts[i].rings[k];
			for (size_t j = 1; j < r->n; j++)
				if (jumps(r, j))
					exam_found(e, r->x[j], r->y[j]);
		}
}

static void shift(ring *r, double by)
{
	for (size_t i = 0; i < r->n && by != 0; i++)
		r->x[i] += by;
}

/* Whole turns that bring x into -180..180. */
static double turns_of(double x)
{
	return -360 * floor((x + 180) / 360);
}

/* A part with its rings running on, beginning in -180..180, holes beside their shell. */
static void part_run_on(part *p)
{
	for (size_t k = 0; k < p->count; k++) {
		ring *r = &p->rings[k];
		run_on(r);
		box b = ring_box(r), shell = ring_box(&p->rings[0]);
		if (k == 0)
			shift(r, fabs(b.west) <= 180 ? 0 : turns_of(b.west));
		else if (b.west > shell.east)
			shift(r, -360);
		else if (b.east < shell.west)
			shift(r, 360);
	}
}

/* What of the ring lies west (or east) of a meridian, closed along it (Sutherland and Hodgman 1974). */
static ring ring_side(const ring *r, double meridian, bool east)
{
	ring out = {0};
	for (size_t i = 0; i + 1 < r->n; i++) {
		double a = r->x[i] - meridian, b = r->x[i + 1] - meridian;
		bool in_a = east ? a >= 0 : a <= 0, in_b = east ? b >= 0 : b <= 0;
		if (in_a)
			ring_put(&out, r->x[i], r->y[i]);
		if (in_a != in_b && a != 0 && b != 0)
			ring_put(&out, meridian, r->y[i] + a / (a - b) * (r->y[i + 1] - r->y[i]));
	}
	if (out.n)
		ring_put(&out, out.x[0], out.y[0]);
	return out;
}

/* A part's piece within 360 degrees from `west`, brought to -180..180, added to the shape. */
static void piece_add(const part *p, double west, shape *into)
{
	part piece = {0};
	for (size_t k = 0; k < p->count; k++) {
		ring upper = ring_side(&p->rings[k], west, true), both = ring_side(&upper, west + 360, false);
		free(upper.x);
		free(upper.y);
		if (both.n >= 4) {
			shift(&both, -180 - west);
			*part_ring(&piece) = both;
		} else {
			free(both.x);
			free(both.y);
			if (k == 0)
				break;
		}
	}
	shape one = {&piece, 1};
	if (!piece.count)
		return;
	/* A meridian met several times leaves stretches there and back: taken out by GEOS, where GDAL has it. */
	shape clean = shape_valid(&one) ? shape_copy(&one) : shape_made_valid(&one);
	for (size_t i = 0; i < clean.count; i++)
		*shape_part(into) = clean.parts[i];
	free(clean.parts);
	for (size_t k = piece.count; k-- > 0;)
		part_drop(&piece, k);
	free(piece.rings);
}

bool mend_antimeridian(exam *e)
{
	shape cut = {0};
	if (e->polar || e->placeless)
		return false;
	for (size_t i = 0; i < e->now.count; i++) {
		part *p = &e->now.parts[i];
		if (!p->count)
			continue;
		part_run_on(p);
		box b = ring_box(&p->rings[0]);
		if (b.west >= -180 && b.east <= 180) {
			shape one = {p, 1}, copy = shape_copy(&one);
			*shape_part(&cut) = copy.parts[0];
			free(copy.parts);
		} else {
			for (double west = -540; west <= 180; west += 360)
				if (b.east > west && b.west < west + 360)
					piece_add(p, west, &cut);
		}
	}
	shape_free(&e->now);
	e->now = cut;
	return true;
}
