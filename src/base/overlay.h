/* Every hectare once: boundaries laid over each other and taken apart into faces, each a piece of land with the set of boundaries that
 * cover it. Whatever is asked of any set of sites afterwards (sum, union, what two share) is a sum over faces.
 *
 * Exact for edges straight in longitude and latitude, with areas on the ellipsoid (base/authalic.h). Method: a sweep from south to north
 * through slabs in which no two edges cross; between two neighbouring edges of a slab lies a trapezoid, whose area is a closed formula. A
 * set's area adds up in one order, so it does not depend on the order in which boundaries are given. Inside is even-odd.
 *
 * The world is cut into cells, halved both ways where more than OVERLAY_CROWD boundaries meet, so that a change is a matter of the cells
 * it touches, however long a chain of overlapping neighbours reaches. The cells follow from the set of boundaries alone. Cells of the last
 * level, 2.4 km wide, are not cut further: where many boundaries lie on one such place, time grows with their number.
 *
 * The work in a cell is bounded: OVERLAY_WORK, and OVERLAY_WORK_EDGE more for each edge in it. Within, a cell of many edges is halved again
 * and again, which makes any land that people draw n log n. Only boundaries made to cross each other millions of times (two combs laid
 * across each other) come to the bound; then each box that is left gets its share, and what its edges cover is told by parallels as
 * dense as that allows, the same ones whatever the order; such faces say that they are approximate, and what each shape covers in all stays
 * exact. How many edges a boundary has is bounded by BOUNDARY_POSITIONS.
 *
 * Areas are whole square centimetres: they add up without rounding, in any order, and what is taken away again leaves nothing behind.
 */
#pragma once

#include "base/boundary.h"

#define OVERLAY_CROWD 32
#define OVERLAY_WORK 1e8      /* edges looked at */
#define OVERLAY_WORK_EDGE 400.
#define OVERLAY_HECTARE 1e8 /* square centimetres */

typedef gint64 overlay_area;

/* A cell: the path to it from the whole map, two bits a level (west before east, south before north), then a one, then zeros. The cells
 * within it are the numbers from overlay_cell_first to overlay_cell_last. */
typedef gint64 overlay_cell;
#define OVERLAY_LEVELS 14
#define OVERLAY_WORLD ((overlay_cell)1 << 2 * OVERLAY_LEVELS)
lonlat_box overlay_cell_box(overlay_cell cell);
gboolean overlay_cell_divides(overlay_cell cell); /* FALSE on the last level */
overlay_cell overlay_cell_child(overlay_cell cell, int quarter); /* 0..3 */
overlay_cell overlay_cell_first(overlay_cell cell);
overlay_cell overlay_cell_last(overlay_cell cell);

typedef struct overlay_shape {
	guint32 number; /* the caller's, unique */
	const boundary *boundary;
} overlay_shape;

typedef struct overlay_face {
	overlay_cell cell;
	overlay_area area;
	guint32 members; /* where its shapes begin in overlay_faces.members: n numbers, rising */
	guint32 n;
	gboolean approximate; /* its edges cross more often than is followed: some per cent may go to the wrong set of shapes */
} overlay_face;

/* Faces in the order of cells, and within a cell of their members. No two of a cell have the same members; none is empty. */
typedef struct overlay_faces {
	GArray *faces;   /* overlay_face */
	GArray *members; /* guint32 */
} overlay_faces;

overlay_faces *overlay_faces_new(void);
void overlay_faces_free(overlay_faces *f);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(overlay_faces, overlay_faces_free)
static inline const guint32 *overlay_members(const overlay_faces *f, const overlay_face *face)
{
	return &g_array_index(f->members, guint32, face->members);
}

/* Adds one face; its members are copied. */
void overlay_faces_add(overlay_faces *f, overlay_cell cell, const guint32 *members, guint32 n, overlay_area area, gboolean approximate);

/* Adds the faces of one cell: the shapes are cut at its sides. */
void overlay_cell_faces(overlay_cell cell, const overlay_shape *shapes, gsize n, overlay_faces *out);

/* The faces of the whole world, cell by cell. */
overlay_faces *overlay_world(const overlay_shape *shapes, gsize n);
