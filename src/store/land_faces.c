#include "store/land_faces.h"

#include <math.h>

#include "base/overlay.h"
#include "record/message.h"

/* ---- shapes ---- */

/* Its number; 0 for what is no boundary. */
static gboolean shape_of(database *d, const json_t *geometry, gint64 *shape, GError **error)
{
	g_autoptr(boundary) b = geometry ? boundary_read(geometry, NULL) : NULL;
	*shape = 0;
	if (!b)
		return TRUE;
	g_autoptr(GBytes) bytes = boundary_bytes(b);
	g_autofree char *sha256 = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	gint64 area = (gint64)llrint(1e4 * boundary_area(b));
	return database_number(d, shape, 0, SQL_SHAPE_FIND, error, "s", sha256) &&
	       (*shape != 0 || database_number(d, shape, 0, SQL_SHAPE_INSERT, error, "siddddb", sha256, area, b->box.west, b->box.south, b->box.east, b->box.north, bytes));
}

static gboolean land_of(database *d, gint64 document, gint64 *shape, gint64 *since, GError **error)
{
	*shape = 0;
	sqlite3_stmt *row = database_bind(d, SQL_LAND_OF, error, "i", document);
	int code = row ? database_step(d, row, error) : SQLITE_ERROR;
	if (code != SQLITE_ROW)
		return code == SQLITE_DONE;
	*shape = sqlite3_column_int64(row, 0);
	*since = sqlite3_column_int64(row, 1);
	sqlite3_reset(row);
	return TRUE;
}

/* A record has taken it up or given it up. */
static gboolean shape_changed(database *d, gint64 shape, GError **error)
{
	gint64 listed;
	return shape == 0 || (database_number(d, &listed, 0, SQL_SHAPE_LISTED, error, "i", shape) &&
	                      database_run(d, listed ? SQL_SHAPE_SHOW : SQL_SHAPE_HIDE, error, "i", shape) && database_run(d, SQL_STALE_ADD, error, "i", shape));
}

gboolean land_add(database *d, gint64 document, gint64 previous, const json_t *geometry, const char *time, GError **error)
{
	gint64 old, shape, since;
	g_autoptr(GDateTime) now = g_date_time_new_from_iso8601(time, NULL);
	if (!shape_of(d, geometry, &shape, error) || !land_of(d, previous, &old, &since, error))
		return FALSE;
	if (shape != old)
		since = now ? g_date_time_to_unix(now) : 0;
	if (shape != 0 && !database_run(d, SQL_LAND_INSERT, error, "iii", document, shape, since))
		return FALSE;
	return shape == old || (shape_changed(d, old, error) && shape_changed(d, shape, error));
}

/* ---- faces ---- */

static GArray *stale_boxes(database *d, GError **error)
{
	g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(lonlat_box));
	sqlite3_stmt *rows = database_bind(d, SQL_STALE_ALL, error, "");
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		const lonlat_box b = {sqlite3_column_double(rows, 0), sqlite3_column_double(rows, 1), sqlite3_column_double(rows, 2), sqlite3_column_double(rows, 3)};
		g_array_append_val(boxes, b);
	}
	return code == SQLITE_DONE ? g_steal_pointer(&boxes) : NULL;
}

static void boundary_release(gpointer b)
{
	boundary_free(b);
}

static gboolean damaged(GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("A stored boundary is damaged. Run 'aftermine check --rebuild'."));
	return FALSE;
}

static gboolean write_faces(database *d, const overlay_faces *faces, GError **error)
{
	g_autoptr(GString) shapes = g_string_new(NULL);
	for (guint i = 0; i < faces->faces->len; i++) {
		const overlay_face *face = &g_array_index(faces->faces, overlay_face, i);
		const guint32 *members = overlay_members(faces, face);
		g_string_truncate(shapes, 0);
		for (guint32 k = 0; k < face->n; k++)
			g_string_append_printf(shapes, "%s%u", k ? " " : "", members[k]);
		if (!database_run(d, SQL_FACE_INSERT, error, "isii", face->cell, shapes->str, face->area, (gint64)face->approximate))
			return FALSE;
	}
	return TRUE;
}

static gboolean settle_leaf(database *d, overlay_cell cell, const lonlat_box *b, GError **error)
{
	g_autoptr(GPtrArray) boundaries = g_ptr_array_new_with_free_func(boundary_release);
	g_autoptr(GArray) shapes = g_array_new(FALSE, FALSE, sizeof(overlay_shape));
	sqlite3_stmt *rows = database_bind(d, SQL_SHAPES_IN, error, "dddd", b->west, b->south, b->east, b->north);
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(d, rows, error)) == SQLITE_ROW) {
		boundary *one = boundary_from_bytes(sqlite3_column_blob(rows, 1), (gsize)sqlite3_column_bytes(rows, 1));
		if (!one) {
			sqlite3_reset(rows);
			return damaged(error);
		}
		const overlay_shape shape = {(guint32)sqlite3_column_int64(rows, 0), one};
		g_ptr_array_add(boundaries, one);
		g_array_append_val(shapes, shape);
	}
	if (code != SQLITE_DONE || !database_run(d, SQL_FACES_DROP, error, "ii", overlay_cell_first(cell), overlay_cell_last(cell)))
		return FALSE;
	g_autoptr(overlay_faces) faces = overlay_faces_new();
	overlay_cell_faces(cell, (const overlay_shape *)(gpointer)shapes->data, shapes->len, faces);
	return write_faces(d, faces, error);
}

/* The cells of overlay_world, found from the top; whole: the faces of all of this cell are gone. */
static gboolean settle_cell(database *d, overlay_cell cell, const GArray *stale, gboolean whole, GError **error)
{
	const lonlat_box b = overlay_cell_box(cell);
	g_autoptr(GArray) here = g_array_new(FALSE, FALSE, sizeof(lonlat_box));
	for (guint i = 0; i < stale->len; i++)
		if (box_meets(&g_array_index(stale, lonlat_box, i), &b))
			g_array_append_val(here, g_array_index(stale, lonlat_box, i));
	if (!here->len && !whole)
		return TRUE;
	gint64 crowd = 0;
	if (overlay_cell_divides(cell) &&
	    !database_number(d, &crowd, 0, SQL_SHAPES_CROWD, error, "ddddi", b.west, b.south, b.east, b.north, (gint64)OVERLAY_CROWD + 1))
		return FALSE;
	if (crowd <= OVERLAY_CROWD)
		return settle_leaf(d, cell, &b, error);
	/* Was it a leaf until now? Then its quarters have to be made, changed or not. */
	if (!database_run(d, SQL_FACES_DROP, error, "ii", cell, cell))
		return FALSE;
	whole = whole || sqlite3_changes(d->handle) > 0;
	for (int quarter = 0; quarter < 4; quarter++)
		if (!settle_cell(d, overlay_cell_child(cell, quarter), here, whole, error))
			return FALSE;
	return TRUE;
}

gboolean land_settle(database *d, GError **error)
{
	g_autoptr(GArray) stale = stale_boxes(d, error);
	if (!stale || !stale->len)
		return stale != NULL;
	return database_run(d, SQL_STALE_EMPTY, error, "") && settle_cell(d, OVERLAY_WORLD, stale, FALSE, error);
}
