/* What checking a boundary will cost, counted before it is done. */
#include <stdlib.h>

#include "base/boundary_parts.h"

/* Boxes of edges by four keys: from, to (south, north) and west, east. */
typedef struct box_edge {
	double west, east, south, north;
	guint west_rank, east_rank; /* 1 is the westernmost */
} box_edge;

static GArray *edge_boxes(const GPtrArray *polygons)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(box_edge));
	for (guint p = 0; p < polygons->len; p++)
		for (guint r = 0; r < ((polygon *)polygons->pdata[p])->len; r++) {
			const ring *line = ((polygon *)polygons->pdata[p])->pdata[r];
			for (guint i = 0; i + 1 < line->len; i++) {
				const point *a = &ring_at(line, i), *b = &ring_at(line, i + 1);
				const box_edge e = {MIN(a->x, b->x), MAX(a->x, b->x), MIN(a->y, b->y), MAX(a->y, b->y), 0, 0};
				g_array_append_val(all, e);
			}
		}
	return all;
}

/* ---- a sorted order of edges, by one of their numbers ---- */

typedef struct place {
	double at;
	guint edge;
} place;

static int place_compare(gconstpointer a, gconstpointer b)
{
	const place *p = a, *q = b;
	return p->at != q->at ? (p->at < q->at ? -1 : 1) : 0;
}

#define PLACES(edges, member) places_sorted(edges, G_STRUCT_OFFSET(box_edge, member))
static place *places_sorted(const GArray *edges, glong member)
{
	place *list = g_new(place, (gsize)edges->len + 1);
	for (guint i = 0; i < edges->len; i++)
		list[i] = (place){G_STRUCT_MEMBER(double, &g_array_index(edges, box_edge, i), member), i};
	qsort(list, edges->len, sizeof *list, place_compare);
	return list;
}

/* How many places lie before x. */
static guint places_before(const place *list, guint n, double x)
{
	guint low = 0, high = n;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (list[middle].at < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- counts over ranks: Fenwick 1994, Softw. Pract. Exper. 24, 327-336 ---- */

static void count_add(gint *tree, guint n, guint rank, gint by)
{
	for (; rank <= n; rank += rank & -rank)
		tree[rank] += by;
}

static gint count_upto(const gint *tree, guint rank)
{
	gint sum = 0;
	for (; rank > 0; rank -= rank & -rank)
		sum += tree[rank];
	return sum;
}

/* From south to north over edges whose boxes the parallel meets: a new one meets those that neither end west of it nor begin east of it. */
static double pairs_of(GArray *edges)
{
	guint n = edges->len, gone = 0;
	g_autofree place *west = PLACES(edges, west), *east = PLACES(edges, east), *south = PLACES(edges, south), *north = PLACES(edges, north);
	g_autofree gint *begun = g_new0(gint, (gsize)n + 1), *ended = g_new0(gint, (gsize)n + 1);
	double pairs = 0;
	for (guint i = 0; i < n; i++) {
		g_array_index(edges, box_edge, west[i].edge).west_rank = i + 1;
		g_array_index(edges, box_edge, east[i].edge).east_rank = i + 1;
	}
	for (guint i = 0; i < n; i++) {
		const box_edge *e = &g_array_index(edges, box_edge, south[i].edge);
		for (; north[gone].at < e->south; gone++) {
			const box_edge *past = &g_array_index(edges, box_edge, north[gone].edge);
			count_add(begun, n, past->west_rank, -1);
			count_add(ended, n, past->east_rank, -1);
		}
		guint beyond = places_before(west, n, e->east);
		while (beyond < n && west[beyond].at == e->east)
			beyond++;
		pairs += count_upto(begun, beyond) - count_upto(ended, places_before(east, n, e->west));
		count_add(begun, n, e->west_rank, 1);
		count_add(ended, n, e->east_rank, 1);
	}
	return pairs;
}

double polygons_tangle(const GPtrArray *polygons, double enough)
{
	g_autoptr(GArray) edges = edge_boxes(polygons);
	double holes = 0;
	for (guint p = 0; p < polygons->len; p++) {
		const polygon *one = polygons->pdata[p];
		holes += (double)(one->len - 1) * ((const ring *)one->pdata[0])->len / BOUNDARY_HOLES;
	}
	double most = 0.5 * edges->len * edges->len;
	return holes + most <= enough ? holes + most : holes + pairs_of(edges); /* nearly all boundaries are too small to come near */
}
