#include "base/overlay.h"

#include <string.h>

#include "base/overlay_sweep.h"

/* ---- cells ---- */

static overlay_cell last_bit(overlay_cell cell)
{
	return cell & -cell;
}

lonlat_box overlay_cell_box(overlay_cell cell)
{
	lonlat_box b = {-180, -90, 180, 90};
	for (overlay_cell bit = OVERLAY_WORLD; bit > last_bit(cell); bit >>= 2) {
		double longitude = 0.5 * (b.west + b.east), latitude = 0.5 * (b.south + b.north);
		*(cell & bit ? &b.west : &b.east) = longitude;
		*(cell & bit >> 1 ? &b.south : &b.north) = latitude;
	}
	return b;
}

gboolean overlay_cell_divides(overlay_cell cell)
{
	return last_bit(cell) > 1;
}

overlay_cell overlay_cell_child(overlay_cell cell, int quarter)
{
	overlay_cell bit = last_bit(cell);
	return cell - bit + (2 * quarter + 1) * (bit >> 2);
}

overlay_cell overlay_cell_first(overlay_cell cell)
{
	return cell - last_bit(cell) + 1;
}

overlay_cell overlay_cell_last(overlay_cell cell)
{
	return cell + last_bit(cell) - 1;
}

/* ---- faces ---- */

overlay_faces *overlay_faces_new(void)
{
	overlay_faces *f = g_new0(overlay_faces, 1);
	f->faces = g_array_new(FALSE, FALSE, sizeof(overlay_face));
	f->members = g_array_new(FALSE, FALSE, sizeof(guint32));
	return f;
}

void overlay_faces_free(overlay_faces *f)
{
	if (!f)
		return;
	g_array_unref(f->faces);
	g_array_unref(f->members);
	g_free(f);
}

void overlay_faces_add(overlay_faces *f, overlay_cell cell, const guint32 *members, guint32 n, overlay_area area, gboolean approximate)
{
	const overlay_face face = {.cell = cell, .area = area, .members = f->members->len, .n = n, .approximate = approximate};
	g_array_append_vals(f->members, members, n);
	g_array_append_val(f->faces, face);
}

static int members_compare(gconstpointer a, gconstpointer b, gpointer faces)
{
	const overlay_face *p = a, *q = b;
	const guint32 *x = overlay_members(faces, p), *y = overlay_members(faces, q);
	for (guint32 i = 0; i < MIN(p->n, q->n); i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return p->n < q->n ? -1 : p->n > q->n;
}

void overlay_cell_faces(overlay_cell cell, const overlay_shape *shapes, gsize n, overlay_faces *out)
{
	guint before = out->faces->len;
	sweep *s = sweep_new(overlay_cell_box(cell));
	for (gsize i = 0; i < n; i++)
		sweep_add(s, shapes[i].boundary, shapes[i].number);
	sweep_run(s, cell, out);
	sweep_free(s);
	/* g_array_sort_with_data sorts a whole array; only this cell's faces are to be sorted. */
	if (out->faces->len > before)
		g_qsort_with_data(&g_array_index(out->faces, overlay_face, before), (gint)(out->faces->len - before), sizeof(overlay_face), members_compare, out);
}

/* ---- the world ---- */

static void divide(overlay_cell cell, const overlay_shape *shapes, gsize n, overlay_faces *out)
{
	const lonlat_box b = overlay_cell_box(cell);
	g_autofree overlay_shape *here = g_new(overlay_shape, n + 1);
	gsize count = 0;
	for (gsize i = 0; i < n; i++)
		if (box_meets(&shapes[i].boundary->box, &b))
			here[count++] = shapes[i];
	if (count <= OVERLAY_CROWD || !overlay_cell_divides(cell)) {
		overlay_cell_faces(cell, here, count, out);
		return;
	}
	for (int quarter = 0; quarter < 4; quarter++)
		divide(overlay_cell_child(cell, quarter), here, count, out);
}

overlay_faces *overlay_world(const overlay_shape *shapes, gsize n)
{
	overlay_faces *out = overlay_faces_new();
	divide(OVERLAY_WORLD, shapes, n, out);
	return out;
}
