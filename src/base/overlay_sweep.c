#include "base/overlay_sweep.h"

#include <math.h>
#include <string.h>

#include "base/authalic.h"
#include "base/boundary_parts.h"

/* Degrees. What rounding can move a point of an edge by (0.02 micrometres); and the lowest slab (0.1 micrometres): nearer to a crossing
 * the order of edges decides over less land than a double can tell. */
#define NOISE 2e-13
#define LOWEST 1e-12

typedef struct edge {
	double x0, y0, x1, y1; /* y0 < y1 */
	guint32 shape;
} edge;

/* An edge within the slab at work: where it enters below and leaves above. */
typedef struct side {
	double xa, xb;
	guint32 edge, shape;
} side;

/* A set of shapes, in the order in which the sweep first came to it; the first one is empty. */
typedef struct cover {
	guint32 *members; /* rising */
	guint32 n;
	kept_sum area;
} cover;

struct sweep {
	lonlat_box cell;
	GArray *numbers; /* guint32, of each shape */
	GArray *edges;
	GArray *levels;  /* double: the latitudes between which no edge begins or ends */
	GArray *sides;
	GArray *covers;
	GHashTable *by_members; /* GBytes -> cover */
	GHashTable *steps;      /* (cover, shape) -> the cover on the other side of one of the shape's edges */
};

static guint step_hash(gconstpointer key)
{
	guint64 k = (guint64)GPOINTER_TO_SIZE(key) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
	return (guint)(k >> 32);
}

static guint32 cover_add(sweep *s, GBytes *members)
{
	gsize length;
	const guint32 *list = g_bytes_get_data(members, &length);
	const cover c = {.members = (guint32 *)list, .n = (guint32)(length / sizeof *list)};
	g_array_append_val(s->covers, c);
	g_hash_table_insert(s->by_members, members, GUINT_TO_POINTER(s->covers->len - 1));
	return s->covers->len - 1;
}

static void bytes_unref(gpointer bytes)
{
	g_bytes_unref(bytes);
}

sweep *sweep_new(lonlat_box cell)
{
	sweep *s = g_new0(sweep, 1);
	s->cell = cell;
	s->numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
	s->edges = g_array_new(FALSE, FALSE, sizeof(edge));
	s->levels = g_array_new(FALSE, FALSE, sizeof(double));
	s->sides = g_array_new(FALSE, FALSE, sizeof(side));
	s->covers = g_array_new(FALSE, FALSE, sizeof(cover));
	s->by_members = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, bytes_unref, NULL);
	s->steps = g_hash_table_new(step_hash, g_direct_equal);
	cover_add(s, g_bytes_new(NULL, 0));
	return s;
}

void sweep_free(sweep *s)
{
	GArray *const arrays[] = {s->numbers, s->edges, s->levels, s->sides, s->covers};
	for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_array_unref(arrays[i]);
	g_hash_table_unref(s->by_members);
	g_hash_table_unref(s->steps);
	g_free(s);
}

/* ---- cutting at the cell's sides ---- */

/* Where an edge meets a side of the cell, computed from the same end whichever way it is drawn, so that two neighbours agree. */
static point meeting(point a, point b, gboolean meridian, double at)
{
	if (b.y < a.y || (b.y == a.y && b.x < a.x)) {
		point swap = a;
		a = b, b = swap;
	}
	return meridian ? (point){at, a.y + (at - a.x) / (b.x - a.x) * (b.y - a.y)} : (point){a.x + (at - a.y) / (b.y - a.y) * (b.x - a.x), at};
}

/* Keeps what of a ring lies on one side of a line (Sutherland and Hodgman 1974). The edges it may leave along the line cancel under the
 * even-odd rule. */
static ring *keep_side(ring *r, gboolean meridian, double at, int sign)
{
	ring *out = ring_new();
	for (guint i = 0; i < r->len; i++) {
		const point *p = &ring_at(r, i), *q = &ring_at(r, i + 1 < r->len ? i + 1 : 0);
		double from = sign * ((meridian ? p->x : p->y) - at), to = sign * ((meridian ? q->x : q->y) - at);
		if (from >= 0)
			ring_add(out, p->x, p->y);
		if ((from > 0 && to < 0) || (from < 0 && to > 0)) {
			point m = meeting(*p, *q, meridian, at);
			ring_add(out, m.x, m.y);
		}
	}
	g_array_unref(r);
	return out;
}

static void add_edges(sweep *s, const ring *r, guint32 shape)
{
	for (guint i = 0; i < r->len; i++) {
		const point *p = &ring_at(r, i), *q = &ring_at(r, i + 1 < r->len ? i + 1 : 0);
		if (p->y == q->y)
			continue;
		const point *low = p->y < q->y ? p : q, *high = p->y < q->y ? q : p;
		const edge e = {low->x, low->y, high->x, high->y, shape};
		g_array_append_val(s->edges, e);
		g_array_append_val(s->levels, low->y);
		g_array_append_val(s->levels, high->y);
	}
}

void sweep_add(sweep *s, const boundary *b, guint32 number)
{
	const lonlat_box *c = &s->cell;
	gboolean within = b->box.west >= c->west && b->box.east <= c->east && b->box.south >= c->south && b->box.north <= c->north;
	for (guint i = 0; i < b->rings; i++) {
		ring *r = ring_new();
		g_array_append_vals(r, b->xy + 2 * (gsize)b->first[i], b->first[i + 1] - b->first[i]);
		if (!within) {
			r = keep_side(r, TRUE, c->west, 1);
			r = keep_side(r, TRUE, c->east, -1);
			r = keep_side(r, FALSE, c->south, 1);
			r = keep_side(r, FALSE, c->north, -1);
		}
		add_edges(s, r, s->numbers->len);
		g_array_unref(r);
	}
	g_array_append_val(s->numbers, number);
}

/* ---- sets ---- */

static guint32 cover_toggle(sweep *s, guint32 from, guint32 shape)
{
	gpointer key = GSIZE_TO_POINTER((gsize)from << 32 | shape), found;
	if (g_hash_table_lookup_extended(s->steps, key, NULL, &found))
		return GPOINTER_TO_UINT(found);
	const cover *c = &g_array_index(s->covers, cover, from);
	GByteArray *members = g_byte_array_new();
	gboolean there = FALSE, placed = FALSE;
	for (guint32 i = 0; i < c->n; i++) {
		there |= c->members[i] == shape;
		if (c->members[i] > shape && !there && !placed) {
			g_byte_array_append(members, (const guint8 *)&shape, sizeof shape);
			placed = TRUE;
		}
		if (c->members[i] != shape)
			g_byte_array_append(members, (const guint8 *)&c->members[i], sizeof shape);
	}
	if (!there && !placed)
		g_byte_array_append(members, (const guint8 *)&shape, sizeof shape);
	GBytes *bytes = g_byte_array_free_to_bytes(members);
	guint32 to;
	if (g_hash_table_lookup_extended(s->by_members, bytes, NULL, &found)) {
		to = GPOINTER_TO_UINT(found);
		g_bytes_unref(bytes);
	} else {
		to = cover_add(s, bytes);
	}
	g_hash_table_insert(s->steps, key, GUINT_TO_POINTER(to));
	return to;
}

/* ---- the sweep ---- */

static double edge_at(const edge *e, double y)
{
	return y <= e->y0 ? e->x0 : y >= e->y1 ? e->x1 : e->x0 + (y - e->y0) / (e->y1 - e->y0) * (e->x1 - e->x0);
}

static int side_compare(gconstpointer a, gconstpointer b)
{
	const side *p = a, *q = b;
	double x = p->xa + p->xb, y = q->xa + q->xb;
	return x != y ? (x < y ? -1 : 1) : p->edge < q->edge ? -1 : p->edge > q->edge;
}

/* West to east in the middle of the slab; nearly in order already from the slab before. */
static void sort_sides(GArray *sides, guint fresh)
{
	side *list = (side *)(gpointer)sides->data;
	if (fresh > 16) {
		qsort(list, sides->len, sizeof *list, side_compare);
		return;
	}
	for (guint i = 1; i < sides->len; i++) {
		side held = list[i];
		guint j = i;
		for (; j > 0 && side_compare(&held, &list[j - 1]) < 0; j--)
			list[j] = list[j - 1];
		list[j] = held;
	}
}

static void lay_sides(const sweep *s, double from, double to, guint fresh)
{
	for (guint i = 0; i < s->sides->len; i++) {
		side *one = &g_array_index(s->sides, side, i);
		const edge *e = &g_array_index(s->edges, edge, one->edge);
		one->xa = edge_at(e, from);
		one->xb = edge_at(e, to);
	}
	sort_sides(s->sides, fresh);
}

/* A level below which the lowest pair of neighbours crosses that does; `to` if none. */
static double first_crossing(const GArray *sides, double from, double to)
{
	double first = to;
	for (guint i = 1; i < sides->len; i++) {
		const side *a = &g_array_index(sides, side, i - 1), *b = &g_array_index(sides, side, i);
		double below = b->xa - a->xa, above = b->xb - a->xb;
		if (below < -NOISE || above < -NOISE)
			first = fmin(first, from + below / (below - above) * (to - from));
	}
	return first;
}

static void fill(sweep *s, double from, double to)
{
	const authalic_slab slab = authalic_slab_of(from, to);
	guint32 cover_now = 0;
	for (guint i = 0; i < s->sides->len; i++) {
		const side *b = &g_array_index(s->sides, side, i);
		if (cover_now != 0) {
			const side *a = b - 1;
			double below = b->xa - a->xa, above = b->xb - a->xb;
			kept_sum_add(&g_array_index(s->covers, cover, cover_now).area, 0.5 * (below + above) * slab.zone + (above - below) * slab.moment);
		}
		cover_now = cover_toggle(s, cover_now, b->shape);
	}
}

/* From one level to the next, cut where edges cross. */
static void run_slab(sweep *s, double from, double to, guint fresh)
{
	while (from < to) {
		double top = to;
		for (;;) {
			lay_sides(s, from, top, fresh);
			double crossing = first_crossing(s->sides, from, top);
			if (crossing >= top || top - from <= 2 * LOWEST)
				break;
			top = fmax(from + LOWEST, fmin(crossing, top - LOWEST));
			fresh = 0;
		}
		fill(s, from, top);
		from = top;
	}
}

static int edge_compare(gconstpointer a, gconstpointer b)
{
	const edge *p = a, *q = b;
	return p->y0 < q->y0 ? -1 : p->y0 > q->y0;
}

static int level_compare(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static guint32 number_of(const sweep *s, guint32 shape)
{
	return g_array_index(s->numbers, guint32, shape);
}

static int number_compare(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return x < y ? -1 : x > y;
}

static void give_faces(const sweep *s, overlay_cell cell, overlay_faces *out)
{
	for (guint i = 1; i < s->covers->len; i++) {
		const cover *c = &g_array_index(s->covers, cover, i);
		overlay_area area = (overlay_area)llrint(1e4 * kept_sum_value(&c->area));
		if (area <= 0)
			continue;
		g_autofree guint32 *members = g_new(guint32, c->n);
		for (guint32 k = 0; k < c->n; k++)
			members[k] = number_of(s, c->members[k]);
		qsort(members, c->n, sizeof *members, number_compare);
		overlay_faces_add(out, cell, members, c->n, area);
	}
}

void sweep_run(sweep *s, overlay_cell cell, overlay_faces *out)
{
	g_array_sort(s->edges, edge_compare);
	g_array_sort(s->levels, level_compare);
	guint next = 0;
	for (guint l = 0; l + 1 < s->levels->len; l++) {
		double from = g_array_index(s->levels, double, l), to = g_array_index(s->levels, double, l + 1);
		if (from == to)
			continue;
		guint kept = 0, before = next;
		for (guint i = 0; i < s->sides->len; i++) {
			const side *one = &g_array_index(s->sides, side, i);
			if (g_array_index(s->edges, edge, one->edge).y1 > from)
				g_array_index(s->sides, side, kept++) = *one;
		}
		g_array_set_size(s->sides, kept);
		for (; next < s->edges->len && g_array_index(s->edges, edge, next).y0 <= from; next++) {
			const side fresh = {.edge = next, .shape = g_array_index(s->edges, edge, next).shape};
			g_array_append_val(s->sides, fresh);
		}
		run_slab(s, from, to, next - before);
	}
	give_faces(s, cell, out);
}
