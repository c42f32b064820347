#include "base/overlay_sweep.h"

#include <math.h>
#include <string.h>

#include "base/authalic.h"
#include "base/overlay_cut.h"

/* Degrees. What rounding can move a point of an edge by (0.02 micrometres); and the lowest slab (0.1 micrometres): nearer to a crossing
 * the order of edges decides over less land than a double can tell. */
#define NOISE 2e-13
#define LOWEST 1e-12

/* Work is counted in sides laid. A box of more than FEW edges, and four more a shape, is halved, as a slab costs as many sides as it has;
 * if halving does not make edges fewer, until RESERVE for each edge is left. */
#define FEW 64
#define RESERVE 512

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
	gboolean approximate; /* some of it was told by parallels, or where edges cross */
	double scale;         /* of the area: see settle_shares */
} cover;

struct sweep {
	lonlat_box cell;
	GArray *numbers; /* guint32, of each shape */
	edges *edges;    /* of all the cell, then of the box at work */
	guint next;      /* the first edge that begins further north than the sweep is */
	double work;     /* what is left for the box */
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
	const cover c = {.members = (guint32 *)list, .n = (guint32)(length / sizeof *list), .scale = 1};
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
	s->edges = edges_new();
	s->sides = g_array_new(FALSE, FALSE, sizeof(side));
	s->covers = g_array_new(FALSE, FALSE, sizeof(cover));
	s->by_members = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, bytes_unref, NULL);
	s->steps = g_hash_table_new(step_hash, g_direct_equal);
	cover_add(s, g_bytes_new(NULL, 0));
	return s;
}

void sweep_free(sweep *s)
{
	GArray *const arrays[] = {s->numbers, s->edges, s->sides, s->covers};
	for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_array_unref(arrays[i]);
	g_hash_table_unref(s->by_members);
	g_hash_table_unref(s->steps);
	g_free(s);
}

/* ---- edges ---- */

static void add_edges(edges *list, const double *xy, guint n, guint32 shape)
{
	for (guint i = 0; i < n; i++) {
		const double *p = xy + 2 * (gsize)i, *q = i + 1 < n ? p + 2 : xy;
		const double *low = p[1] < q[1] ? p : q, *high = p[1] < q[1] ? q : p;
		const edge e = {low[0], low[1], high[0], high[1], shape};
		if (e.y0 < e.y1)
			g_array_append_val(list, e);
	}
}

void sweep_add(sweep *s, const boundary *b, guint32 number)
{
	g_autoptr(GArray) all = edges_new();
	for (guint i = 0; i < b->rings; i++)
		add_edges(all, b->xy + 2 * (gsize)b->first[i], b->first[i + 1] - b->first[i], s->numbers->len);
	g_autoptr(GArray) here = edges_within(all, &s->cell);
	g_array_append_vals(s->edges, here->data, here->len);
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

static void lay_sides(sweep *s, double from, double to, guint fresh)
{
	s->work -= s->sides->len;
	for (guint i = 0; i < s->sides->len; i++) {
		side *one = &g_array_index(s->sides, side, i);
		const edge *e = &edge_of(s->edges, one->edge);
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

static void fill(sweep *s, double from, double to, gboolean approximate)
{
	const authalic_slab slab = authalic_slab_of(from, to);
	guint32 cover_now = 0;
	for (guint i = 0; i < s->sides->len; i++) {
		const side *b = &g_array_index(s->sides, side, i);
		if (cover_now != 0) {
			const side *a = b - 1;
			double below = b->xa - a->xa, above = b->xb - a->xb;
			g_array_index(s->covers, cover, cover_now).approximate |= approximate;
			kept_sum_add(&g_array_index(s->covers, cover, cover_now).area, 0.5 * (below + above) * slab.zone + (above - below) * slab.moment);
		}
		cover_now = cover_toggle(s, cover_now, b->shape);
	}
}

/* From one level to the next, cut where edges cross. Without work left, edges that cross are taken as they lie in the middle: what each
 * shape covers is still exact. */
static void run_slab(sweep *s, double from, double to, guint fresh)
{
	while (from < to) {
		double top = to;
		gboolean crossed = FALSE;
		for (;;) {
			lay_sides(s, from, top, fresh);
			double crossing = first_crossing(s->sides, from, top);
			crossed = crossing < top && top - from > 2 * LOWEST;
			if (!crossed || s->work < 0)
				break;
			top = fmax(from + LOWEST, fmin(crossing, top - LOWEST));
			fresh = 0;
		}
		fill(s, from, top, crossed);
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

static double cover_area(const cover *c)
{
	return kept_sum_value(&c->area) * c->scale;
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
		overlay_area area = (overlay_area)llrint(1e4 * cover_area(c));
		if (area <= 0)
			continue;
		g_autofree guint32 *members = g_new(guint32, c->n);
		for (guint32 k = 0; k < c->n; k++)
			members[k] = number_of(s, c->members[k]);
		qsort(members, c->n, sizeof *members, number_compare);
		overlay_faces_add(out, cell, members, c->n, area, c->approximate);
	}
}

/* The sides that the sweep meets at a latitude; gives how many are new. */
static guint advance(sweep *s, double at)
{
	guint kept = 0;
	for (guint i = 0; i < s->sides->len; i++) {
		const side *one = &g_array_index(s->sides, side, i);
		if (edge_of(s->edges, one->edge).y1 > at)
			g_array_index(s->sides, side, kept++) = *one;
	}
	g_array_set_size(s->sides, kept);
	for (; s->next < s->edges->len && edge_of(s->edges, s->next).y0 <= at; s->next++) {
		const side fresh = {.edge = s->next, .shape = edge_of(s->edges, s->next).shape};
		if (edge_of(s->edges, s->next).y1 > at)
			g_array_append_val(s->sides, fresh);
	}
	return s->sides->len - kept;
}

static void run_exact(sweep *s)
{
	g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(double));
	for (guint i = 0; i < s->edges->len; i++) {
		g_array_append_val(levels, edge_of(s->edges, i).y0);
		g_array_append_val(levels, edge_of(s->edges, i).y1);
	}
	g_array_sort(levels, level_compare);
	for (guint l = 0; l + 1 < levels->len; l++) {
		double from = g_array_index(levels, double, l), to = g_array_index(levels, double, l + 1);
		if (from < to)
			run_slab(s, from, to, advance(s, from));
	}
}

/* 0 to 1, as by chance and always the same. */
static double chance(guint i)
{
	guint32 h = (i + 1) * 0x9E3779B1u;
	h = (h ^ h >> 15) * 0x2C1B3C6Du;
	h = (h ^ h >> 12) * 0x297A2D39u;
	return ((h ^ h >> 15) + 0.5) / 4294967296.0;
}

/* As many bands as there is work left for, each told by a parallel somewhere in it: not in its middle, where teeth that are as regular as the bands
 * would always be met at the same place. */
static void run_sampled(sweep *s, const lonlat_box *b)
{
	guint n = (guint)fmax(RESERVE / 8, s->work / 4 / s->edges->len);
	double from = b->south;
	for (guint i = 0; i < n; i++) {
		double to = b->south + (b->north - b->south) * (i + 1) / n, at = from + (to - from) * chance(i);
		guint fresh = advance(s, at);
		lay_sides(s, at, at, fresh);
		fill(s, from, to, TRUE);
		from = to;
	}
}

static void run_box(sweep *s, edges *list, const lonlat_box *b, double work, gboolean exact)
{
	s->edges = list;
	s->next = 0;
	s->work = work;
	g_array_set_size(s->sides, 0);
	g_array_sort(s->edges, edge_compare);
	if (exact)
		run_exact(s);
	else
		run_sampled(s, b);
}

/* Takes the list. What work is left is shared out by edges, so that it depends on the shapes alone. */
static void run_halved(sweep *s, edges *list, double work)
{
	const lonlat_box b = edges_box(list);
	double n = list->len, few = FEW + 4.0 * s->numbers->len;
	lonlat_box half[2];
	if (n > few && work > RESERVE * n && edges_halves(list, &b, half)) {
		edges *first = edges_within(list, &half[0]), *second = edges_within(list, &half[1]);
		g_array_unref(list);
		double both = (double)first->len + second->len, share = (work - n - both) / fmax(1, both);
		double left = share * first->len, right = share * second->len;
		run_halved(s, first, left);
		run_halved(s, second, right);
		return;
	}
	run_box(s, list, &b, work, n <= few || 2 * n * n <= work);
	g_array_unref(list);
}

static void run_all(sweep *s)
{
	edges *all = s->edges;
	s->edges = NULL;
	run_halved(s, all, OVERLAY_WORK + OVERLAY_WORK_EDGE * (double)all->len);
	s->edges = edges_new();
}

/* ---- what is approximate ---- */

/* What a shape covers by itself: its edges do not cross, so this is exact. */
static double area_alone(const sweep *s, const edges *all, guint32 shape)
{
	sweep *alone = sweep_new(s->cell);
	g_array_append_val(alone->numbers, shape);
	for (guint i = 0; i < all->len; i++) {
		edge one = edge_of(all, i);
		if (one.shape == shape) {
			one.shape = 0;
			g_array_append_val(alone->edges, one);
		}
	}
	run_all(alone);
	double area = alone->covers->len > 1 ? cover_area(&g_array_index(alone->covers, cover, 1)) : 0;
	sweep_free(alone);
	return area;
}

/* By what each shape's approximate faces are too small in all: left is what they have to add up to. The most by which one is off. */
static double shortfalls(const sweep *s, const double *left, double *factor)
{
	guint shapes = s->numbers->len;
	double most = 0;
	for (guint k = 0; k < shapes; k++)
		factor[k] = 0;
	for (guint i = 1; i < s->covers->len; i++) {
		const cover *c = &g_array_index(s->covers, cover, i);
		for (guint32 k = 0; c->approximate && k < c->n; k++)
			factor[c->members[k]] += cover_area(c);
	}
	for (guint k = 0; k < shapes; k++) {
		factor[k] = factor[k] > 0 && left[k] > 0 ? left[k] / factor[k] : 1;
		most = fmax(most, fabs(factor[k] - 1));
	}
	return most;
}

/* What was told by parallels is brought in line with what each shape covers, which is known exactly: faces grow or shrink by the shortfalls of their
 * shapes, all at once, until there are none (generalized iterative scaling: Darroch and Ratcliff 1972, Ann. Math. Stat. 43, 1470-1480). */
static void settle_shares(sweep *s, const edges *all)
{
	enum { ROUNDS = 300 };
	guint shapes = s->numbers->len, most = 0;
	for (guint i = 1; i < s->covers->len; i++)
		if (g_array_index(s->covers, cover, i).approximate)
			most = MAX(most, g_array_index(s->covers, cover, i).n);
	if (!most)
		return;
	g_autofree double *left = g_new(double, (gsize)shapes + 1), *factor = g_new(double, (gsize)shapes + 1);
	for (guint k = 0; k < shapes; k++)
		left[k] = area_alone(s, all, k);
	for (guint i = 1; i < s->covers->len; i++) {
		const cover *c = &g_array_index(s->covers, cover, i);
		for (guint32 k = 0; !c->approximate && k < c->n; k++)
			left[c->members[k]] -= cover_area(c);
	}
	for (int round = 0; round < ROUNDS && shortfalls(s, left, factor) > 1e-12; round++)
		for (guint i = 1; i < s->covers->len; i++) {
			cover *c = &g_array_index(s->covers, cover, i);
			double product = 1;
			for (guint32 k = 0; c->approximate && k < c->n; k++)
				product *= factor[c->members[k]];
			c->scale *= pow(product, 1.0 / most);
		}
}

void sweep_run(sweep *s, overlay_cell cell, overlay_faces *out)
{
	g_autoptr(GArray) whole = g_array_copy(s->edges); /* run_all takes the list */
	run_all(s);
	settle_shares(s, whole);
	give_faces(s, cell, out);
}
