/* Is it the land it says it is? Where it lies, how large it is, and shapes that stand for something else. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "failure.h"

void look_null_island(exam *e)
{
	double x, y;
	box b = shape_box(&e->now);
	bool meets = e->now.count && b.west <= 0.01 && b.east >= -0.01 && b.south <= 0.01 && b.north >= -0.01;
	if (exam_where(e, &x, &y) && ((fabs(x) < 0.01 && fabs(y) < 0.01) || meets))
		exam_found(e, x, y);
}

/* Borders of the outlines may be off by this much. */
enum { BORDER_METRES = 15000, SHORE_METRES = 10000 };

void look_unknown_country(exam *e)
{
	if (e->by->countries && e->by->country && !outlines_find(e->by->countries, e->by->country)) {
		exam_found(e, NAN, NAN);
		exam_detail(e, "%s", e->by->country);
	}
}

void look_wrong_country(exam *e)
{
	double x, y;
	const country *said = e->by->countries ? outlines_find(e->by->countries, e->by->country) : NULL;
	if (!said || !exam_where(e, &x, &y) || country_holds(said, x, y))
		return;
	double far = country_distance(said, x, y);
	if (far < BORDER_METRES)
		return;
	const country *is = outlines_at(e->by->countries, x, y);
	exam_found(e, x, y);
	if (is)
		exam_detail(e, _("it is said to lie in %s, but lies in %s, %.0f km from there"), said->name, is->name, far / 1000);
	else
		exam_detail(e, _("it is said to lie in %s, but lies %.0f km from there, in no country"), said->name, far / 1000);
}

void look_sea(exam *e)
{
	double x, y;
	if (!e->by->countries || !exam_where(e, &x, &y) || outlines_at(e->by->countries, x, y))
		return;
	double far = outlines_distance(e->by->countries, x, y);
	if (far < SHORE_METRES)
		return;
	exam_found(e, x, y);
	exam_detail(e, _("%.0f km from the nearest land"), far / 1000);
}

enum { CENTROID_METRES = 3000 };

void look_centroid(exam *e)
{
	double x, y;
	if (!e->by->countries || !exam_where(e, &x, &y))
		return;
	for (size_t i = 0; i < e->by->countries->count; i++) {
		const country *c = &e->by->countries->items[i];
		bool small = c->around.east - c->around.west < 1 && c->around.north - c->around.south < 1;
		for (size_t k = 0; k < 3 && !small; k++)
			if (fabs(c->centre[k][1] - y) < 0.1 && metres_between(c->centre[k][0], c->centre[k][1], x, y) < CENTROID_METRES) {
				exam_found(e, x, y);
				exam_detail(e, k == 2 ? _("the middle of the extent of %s") : _("the centre of gravity of %s"), c->name);
				return;
			}
	}
}

/* Twelve points or more, all as far from the middle, at even steps. */
static bool is_circle(const ring *r, double centre[2], double *radius)
{
	size_t n = r->n - 1;
	double east, north, least = INFINITY, most = 0, step_least = INFINITY, step_most = 0;
	if (r->n < 13)
		return false;
	centre[0] = centre[1] = 0;
	for (size_t i = 0; i < n; i++) {
		centre[0] += (r->x[i] - r->x[0]) / (double)n;
		centre[1] += (r->y[i] - r->y[0]) / (double)n;
	}
	centre[0] += r->x[0];
	centre[1] += r->y[0];
	metres_of_degree(centre[1], &east, &north);
	for (size_t i = 0; i < n; i++) {
		double d = hypot((r->x[i] - centre[0]) * east, (r->y[i] - centre[1]) * north);
		double step = hypot((r->x[i + 1] - r->x[i]) * east, (r->y[i + 1] - r->y[i]) * north);
		least = fmin(least, d), most = fmax(most, d);
		step_least = fmin(step_least, step), step_most = fmax(step_most, step);
	}
	*radius = (least + most) / 2;
	return least > 0 && most - least < 0.01 * most && step_most < 1.5 * step_least;
}

/* As a circle drawn in degrees, or in metres, gives it: the second is an ellipse in degrees. */
void look_circle(exam *e)
{
	double centre[2], radius;
	for (size_t i = 0; i < e->now.count && !e->placeless; i++) {
		const ring *r = &e->now.parts[i].rings[0];
		bool metres = is_circle(r, centre, &radius);
		if (!metres) { /* stretch longitudes so that degrees are square */
			double east, north;
			metres_of_degree(r->n ? r->y[0] : 0, &east, &north);
			ring square = {.n = r->n, .x = memory_new(r->n, sizeof(double)), .y = r->y};
			for (size_t k = 0; k < r->n; k++)
				square.x[k] = (r->x[k] - r->x[0]) * north / east;
			metres = is_circle(&square, centre, &radius);
			centre[0] = r->n ? r->x[0] + centre[0] * east / north : 0;
			free(square.x);
		}
		if (metres) {
			exam_found(e, centre[0], centre[1]);
			exam_detail(e, _("%zu points at %.0f m from its middle"), r->n - 1, radius);
		}
	}
}

void look_rectangle(exam *e)
{
	if (e->now.count != 1 || e->placeless || e->now.parts[0].count != 1 || e->now.parts[0].rings[0].n != 5)
		return;
	const ring *r = &e->now.parts[0].rings[0];
	bool level[4];
	for (size_t i = 0; i < 4; i++) {
		bool along = r->y[i] == r->y[i + 1], up = r->x[i] == r->x[i + 1];
		if (along == up)
			return;
		level[i] = along;
	}
	if (level[0] == level[2] && level[1] == level[3] && level[0] != level[1])
		exam_found(e, r->x[0], r->y[0]);
}

static void size_look(exam *e, bool (*test)(double area, const doctor *by))
{
	double area = e->now.count && !e->placeless ? shape_area(&e->now) : NAN;
	if (isfinite(area) && test(area, e->by)) {
		exam_found(e, NAN, NAN);
		exam_detail(e, area < 1e4 ? _("%.4g m2") : _("%.6g ha"), area < 1e4 ? area : area / 1e4);
	}
}

static bool is_huge(double area, const doctor *by)
{
	(void)by;
	return area > 2e9;
}

static bool is_tiny(double area, const doctor *by)
{
	(void)by;
	return area < 100;
}

static bool is_few_pixels(double area, const doctor *by)
{
	return by->pixel > 0 && area < 10 * by->pixel * by->pixel;
}

void look_huge(exam *e)
{
	size_look(e, is_huge);
}

void look_tiny(exam *e)
{
	size_look(e, is_tiny);
}

void look_pixels(exam *e)
{
	size_look(e, is_few_pixels);
}

void look_same(exam *e)
{
	double x, y;
	if (e->of->same && exam_where(e, &x, &y)) {
		exam_found(e, x, y);
		exam_detail(e, _("the same as feature %zu"), e->of->same->number);
	}
}
