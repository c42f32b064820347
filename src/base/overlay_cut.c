#include "base/overlay_cut.h"

#include <math.h>
#include <stdlib.h>

edges *edges_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(edge));
}

double edge_at(const edge *e, double y)
{
	return y <= e->y0 ? e->x0 : y >= e->y1 ? e->x1 : e->x0 + (y - e->y0) / (e->y1 - e->y0) * (e->x1 - e->x0);
}

lonlat_box edges_box(const edges *list)
{
	lonlat_box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	for (guint i = 0; i < list->len; i++) {
		const edge *e = &edge_of(list, i);
		b.west = fmin(b.west, fmin(e->x0, e->x1)), b.east = fmax(b.east, fmax(e->x0, e->x1));
		b.south = fmin(b.south, e->y0), b.north = fmax(b.north, e->y1);
	}
	return b;
}

/* ---- a side of the box ---- */

/* Where what is laid on a side begins or ends. */
typedef struct mark {
	guint32 shape;
	double y;
} mark;

static int mark_compare(gconstpointer a, gconstpointer b)
{
	const mark *p = a, *q = b;
	return p->shape != q->shape ? (p->shape < q->shape ? -1 : 1) : p->y < q->y ? -1 : p->y > q->y;
}

static void lay_on_side(GArray *marks, const edge *e)
{
	const mark ends[] = {{e->shape, e->y0}, {e->shape, e->y1}};
	g_array_append_vals(marks, ends, 2);
}

/* Two marks in one place cancel: one stretch goes on where the other ends, or both begin or end. Gives how many are left, in order. */
static guint cancel_marks(GArray *marks)
{
	guint left = 0;
	g_array_sort(marks, mark_compare);
	for (guint i = 0; i < marks->len; i++) {
		const mark *one = &g_array_index(marks, mark, i);
		if (left > 0 && mark_compare(one, &g_array_index(marks, mark, left - 1)) == 0)
			left--;
		else
			g_array_index(marks, mark, left++) = *one;
	}
	return left;
}

/* Of each shape the stretches that lie an odd number of times on the side: from each odd mark to the next. */
static void add_side(GArray *marks, double x, edges *out)
{
	guint n = cancel_marks(marks);
	for (guint i = 0; i + 1 < n; i += 2) {
		const mark *low = &g_array_index(marks, mark, i), *high = low + 1;
		const edge e = {x, low->y, x, high->y, low->shape};
		g_array_append_val(out, e);
	}
}

/* ---- cutting ---- */

/* The latitude at which an edge that goes from one side of a meridian to the other passes it. */
static double edge_passes(const edge *e, double x)
{
	return fmin(fmax(e->y0 + (x - e->x0) / (e->x1 - e->x0) * (e->y1 - e->y0), e->y0), e->y1);
}

/* Cuts at a meridian: the edge becomes what lies on the side of sign, the rest is laid on the meridian. FALSE if nothing is left. */
static gboolean cut_meridian(edge *e, double x, int sign, GArray *marks)
{
	double from = sign * (e->x0 - x), to = sign * (e->x1 - x);
	if (from >= 0 && to >= 0)
		return TRUE;
	edge beyond = *e;
	gboolean some = from > 0 || to > 0;
	if (some) {
		double y = edge_passes(e, x);
		if (from > 0)
			e->x1 = x, e->y1 = beyond.y0 = y;
		else
			e->x0 = x, e->y0 = beyond.y1 = y;
	}
	if (beyond.y0 < beyond.y1)
		lay_on_side(marks, &beyond);
	return some && e->y0 < e->y1;
}

static gboolean cut_parallels(edge *e, double south, double north)
{
	if (e->y1 <= south || e->y0 >= north)
		return FALSE;
	const edge whole = *e;
	if (e->y0 < south)
		e->x0 = edge_at(&whole, south), e->y0 = south;
	if (e->y1 > north)
		e->x1 = edge_at(&whole, north), e->y1 = north;
	return TRUE;
}

edges *edges_within(const edges *list, const lonlat_box *b)
{
	g_autoptr(GArray) west = g_array_new(FALSE, FALSE, sizeof(mark));
	g_autoptr(GArray) east = g_array_new(FALSE, FALSE, sizeof(mark));
	edges *out = edges_new();
	for (guint i = 0; i < list->len; i++) {
		edge e = edge_of(list, i);
		if (cut_parallels(&e, b->south, b->north) && cut_meridian(&e, b->west, 1, west) && cut_meridian(&e, b->east, -1, east))
			g_array_append_val(out, e);
	}
	add_side(west, b->west, out);
	add_side(east, b->east, out);
	return out;
}

gboolean edges_halves(const edges *list, const lonlat_box *b, lonlat_box half[2])
{
	double x = 0.5 * (b->west + b->east), y = 0.5 * (b->south + b->north);
	gboolean wide = b->west < x && x < b->east, high = b->south < y && y < b->north;
	guint meridian = 0, parallel = 0;
	for (guint i = 0; i < list->len; i++) {
		const edge *e = &edge_of(list, i);
		meridian += (e->x0 < x) != (e->x1 < x);
		parallel += e->y0 < y && e->y1 > y;
	}
	half[0] = half[1] = *b;
	if (wide && (!high || meridian <= parallel))
		half[0].east = half[1].west = x;
	else
		half[0].north = half[1].south = y;
	return wide || high;
}
