/* Edges of shapes cut to a box, and boxes halved until few edges are left in each. */
#pragma once

#include "base/boundary.h"

/* Under the even-odd rule, from its southern to its northern end; parallels have no edges. */
typedef struct edge {
	double x0, y0, x1, y1; /* y0 < y1 */
	guint32 shape;
} edge;
typedef GArray edges; /* of edge */
#define edge_of(list, i) g_array_index(list, edge, i)

edges *edges_new(void);
/* The longitude of an edge at a latitude within it. */
double edge_at(const edge *e, double y);
lonlat_box edges_box(const edges *list);

/* What lies in the box. What lies west or east of it is laid on its side, so that every shape stays closed; what then lies twice on a
 * side cancels. */
edges *edges_within(const edges *list, const lonlat_box *b);

/* The box's halves by the meridian or parallel through its middle, whichever cuts fewer edges; FALSE if a double cannot halve it. */
gboolean edges_halves(const edges *list, const lonlat_box *b, lonlat_box half[2]);
