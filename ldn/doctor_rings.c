/* Ailments of single rings. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "failure.h"

typedef void ring_look(exam *e, const ring *r, bool hole);

static void rings_look(exam *e, ring_look *look)
{
	for (size_t i = 0; i < e->now.count; i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++)
			look(e, &e->now.parts[i].rings[k], k > 0);
}

/* Drops rings that a test condemns; with its shell a part goes. */
static bool rings_drop(exam *e, bool (*condemned)(const ring *r))
{
	bool changed = false;
	for (size_t i = e->now.count; i-- > 0;) {
		part *p = &e->now.parts[i];
		bool shell = p->count == 0 || condemned(&p->rings[0]);
		for (size_t k = p->count; !shell && k-- > 1;)
			if (condemned(&p->rings[k])) {
				part_drop(p, k);
				changed = true;
			}
		if (shell) {
			shape_drop(&e->now, i);
			changed = true;
		}
	}
	return changed;
}

static bool rings_mend(exam *e, bool (*mend)(ring *r, bool hole))
{
	bool changed = false;
	for (size_t i = 0; i < e->now.count; i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++)
			changed |= mend(&e->now.parts[i].rings[k], k > 0);
	return changed;
}

/* --- not a number --- */

static void not_finite(exam *e, const ring *r, bool hole)
{
	(void)hole;
	for (size_t i = 0; i < r->n; i++)
		if (!isfinite(r->x[i]) || !isfinite(r->y[i])) {
			exam_found(e, NAN, NAN);
			exam_detail(e, _("point %zu of %zu"), i + 1, r->n);
		}
}

void look_not_finite(exam *e)
{
	rings_look(e, not_finite);
}

static bool finite_only(ring *r, bool hole)
{
	size_t kept = 0;
	(void)hole;
	for (size_t i = 0; i < r->n; i++)
		if (isfinite(r->x[i]) && isfinite(r->y[i])) {
			r->x[kept] = r->x[i];
			r->y[kept++] = r->y[i];
		}
	bool changed = kept < r->n;
	r->n = kept;
	return changed;
}

bool mend_not_finite(exam *e)
{
	return rings_mend(e, finite_only);
}

/* --- closing --- */

static void unclosed(exam *e, const ring *r, bool hole)
{
	(void)hole;
	if (r->n && !ring_closed(r)) {
		exam_found(e, r->x[r->n - 1], r->y[r->n - 1]);
		double apart = metres_between(r->x[0], r->y[0], r->x[r->n - 1], r->y[r->n - 1]);
		if (apart < 1e9) /* coordinates beyond reason have an ailment of their own */
			exam_detail(e, _("its ends are %.1f m apart"), apart);
	}
}

void look_unclosed(exam *e)
{
	rings_look(e, unclosed);
}

static bool close_it(ring *r, bool hole)
{
	(void)hole;
	if (r->n == 0 || ring_closed(r))
		return false;
	ring_put(r, r->x[0], r->y[0]);
	return true;
}

bool mend_unclosed(exam *e)
{
	return rings_mend(e, close_it);
}

/* --- points twice in a row --- */

static void repeated(exam *e, const ring *r, bool hole)
{
	(void)hole;
	for (size_t i = 1; i < r->n; i++)
		if (r->x[i] == r->x[i - 1] && r->y[i] == r->y[i - 1])
			exam_found(e, r->x[i], r->y[i]);
}

void look_repeated(exam *e)
{
	rings_look(e, repeated);
}

static bool once(ring *r, bool hole)
{
	size_t kept = r->n ? 1 : 0;
	(void)hole;
	for (size_t i = 1; i < r->n; i++)
		if (r->x[i] != r->x[kept - 1] || r->y[i] != r->y[kept - 1]) {
			r->x[kept] = r->x[i];
			r->y[kept++] = r->y[i];
		}
	bool changed = kept < r->n;
	r->n = kept;
	return changed;
}

bool mend_repeated(exam *e)
{
	return rings_mend(e, once);
}

/* --- too little of a ring --- */

/* Fewer than three different points; the last repeats the first. */
static bool is_few(const ring *r)
{
	size_t different = 0;
	for (size_t i = 0; i + 1 < r->n && different < 3; i++) {
		bool seen = false;
		for (size_t j = 0; j < i && !seen; j++)
			seen = r->x[j] == r->x[i] && r->y[j] == r->y[i];
		different += !seen;
	}
	return different < 3;
}

static void few(exam *e, const ring *r, bool hole)
{
	if (is_few(r)) {
		exam_found(e, r->n ? r->x[0] : NAN, r->n ? r->y[0] : NAN);
		exam_detail(e, hole ? _("a hole") : _("an outer ring"));
	}
}

void look_few(exam *e)
{
	rings_look(e, few);
}

bool mend_few(exam *e)
{
	return rings_drop(e, is_few);
}

/* Nothing of it is a hand wide: every point lies on one line. A figure of eight whose lobes cancel is no such ring. */
static bool is_flat(const ring *r)
{
	double east, north, far = 0, ux = 0, uy = 0;
	if (r->n < 4)
		return true;
	metres_of_degree(r->y[0], &east, &north);
	for (size_t i = 1; i < r->n; i++) {
		double x = (r->x[i] - r->x[0]) * east, y = (r->y[i] - r->y[0]) * north, length = hypot(x, y);
		if (length > far)
			far = length, ux = x / length, uy = y / length;
	}
	for (size_t i = 1; i < r->n; i++)
		if (fabs((r->x[i] - r->x[0]) * east * uy - (r->y[i] - r->y[0]) * north * ux) > 0.001)
			return false;
	return true;
}

static void flat(exam *e, const ring *r, bool hole)
{
	(void)hole;
	if (r->n >= 4 && is_flat(r))
		exam_found(e, r->x[0], r->y[0]);
}

/* A ring round the earth may lie on one parallel. */
void look_flat(exam *e)
{
	if (!e->polar)
		rings_look(e, flat);
}

bool mend_flat(exam *e)
{
	return rings_drop(e, is_flat);
}

/* --- spikes --- */

/* Is the vertex the tip of a spike: its two edges within half a degree of each other, doubling back? What would go with it, in square metres. */
static bool is_spike(const ring *r, size_t at, double *area)
{
	size_t before = at ? at - 1 : r->n - 2, after = at + 1;
	double east, north;
	metres_of_degree(r->y[at], &east, &north);
	double ax = (r->x[before] - r->x[at]) * east, ay = (r->y[before] - r->y[at]) * north;
	double bx = (r->x[after] - r->x[at]) * east, by = (r->y[after] - r->y[at]) * north;
	double cross = fabs(ax * by - ay * bx), dot = ax * bx + ay * by;
	*area = cross / 2;
	return dot > 0 && cross <= 0.0087 * dot;
}

enum { SPIKE_CUT_MOST = 1 }; /* square metres */

static void spike(exam *e, const ring *r, bool hole)
{
	double area;
	(void)hole;
	for (size_t i = 0; r->n >= 5 && i + 1 < r->n; i++)
		if (is_spike(r, i, &area))
			exam_found(e, r->x[i], r->y[i]);
}

void look_spike(exam *e)
{
	rings_look(e, spike);
}

static bool blunt(ring *r, bool hole)
{
	double area;
	bool changed = false;
	(void)hole;
	for (size_t i = r->n; i-- > 0;)
		if (r->n >= 5 && i + 1 < r->n && is_spike(r, i, &area) && area < SPIKE_CUT_MOST) {
			ring_drop(r, i);
			if (i == 0) { /* the ring now begins with its second point */
				r->x[r->n - 1] = r->x[0];
				r->y[r->n - 1] = r->y[0];
			}
			changed = true;
		}
	return changed;
}

bool mend_spike(exam *e)
{
	return rings_mend(e, blunt);
}

/* --- the way round --- */

static bool runs_wrong(const ring *r, bool hole)
{
	double area = ring_area(r);
	return hole ? area > 0 : area < 0;
}

static void winding(exam *e, const ring *r, bool hole)
{
	if (runs_wrong(r, hole))
		exam_found(e, r->x[0], r->y[0]);
}

void look_winding(exam *e)
{
	rings_look(e, winding);
}

static bool turn(ring *r, bool hole)
{
	bool wrong = runs_wrong(r, hole);
	if (wrong)
		ring_reverse(r);
	return wrong;
}

bool mend_winding(exam *e)
{
	return rings_mend(e, turn);
}

/* --- numbers --- */

static void range(exam *e, const ring *r, bool hole)
{
	(void)hole;
	for (size_t i = 0; i < r->n; i++)
		if (fabs(r->x[i]) > 180 && fabs(r->x[i]) <= 540) {
			exam_found(e, r->x[i], r->y[i]);
			return;
		}
}

void look_range(exam *e)
{
	if (!e->placeless)
		rings_look(e, range);
}

void look_many(exam *e)
{
	size_t points = shape_points(&e->now);
	double length = 0;
	for (size_t i = 0; i < e->now.count && points > 1000; i++)
		for (size_t k = 0; k < e->now.parts[i].count; k++)
			length += ring_length(&e->now.parts[i].rings[k]);
	if (points > 100000 || (points > 1000 && length / (double)points < 0.1)) {
		exam_found(e, NAN, NAN);
		exam_detail(e, _("%zu points"), points);
	}
}

/* Decimals of the shortest text that reads back as the number. */
static int decimals(double value)
{
	char text[64];
	for (int digits = 0; digits < 15; digits++) {
		snprintf(text, sizeof text, "%.*f", digits, value);
		if (strtod(text, NULL) == value)
			return digits;
	}
	return 15;
}

enum { DECIMALS_SAMPLE = 400 }; /* points looked at */

/* The most decimals among the coordinates, and the median. */
static bool decimals_of(const shape *s, int *most, int *median)
{
	size_t tally[16] = {0}, seen = 0, half = 0, points = shape_points(s), step = points / DECIMALS_SAMPLE + 1, number = 0;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->parts[i].count; k++)
			for (size_t j = 0; j < s->parts[i].rings[k].n; j++)
				if (number++ % step == 0) {
					tally[decimals(s->parts[i].rings[k].x[j])]++;
					tally[decimals(s->parts[i].rings[k].y[j])]++;
					seen += 2;
				}
	*most = *median = -1;
	for (int d = 0; d < 16; d++) {
		half += tally[d];
		if (*median < 0 && 2 * half > seen)
			*median = d;
		if (tally[d])
			*most = d;
	}
	return seen > 0;
}

void look_coarse(exam *e)
{
	int most, median;
	if (!e->placeless && e->first && decimals_of(&e->of->given, &most, &median) && most <= 2) {
		exam_found(e, NAN, NAN);
		exam_detail(e, most == 0 ? _("no decimals at all") : most == 1 ? _("one decimal at most") : _("two decimals at most"));
	}
}

void look_precise(exam *e)
{
	int most, median;
	if (!e->placeless && e->first && decimals_of(&e->of->given, &most, &median) && median > 9) {
		exam_found(e, NAN, NAN);
		exam_detail(e, _("%d decimals in the middle of them"), median);
	}
}
