#include "store/land.h"

#include <string.h>

#include "record/message.h"
#include "store/inside.h"

static void site_clear(gpointer data)
{
	store_site *site = data;
	g_free(site->id);
	g_free(site->title);
	g_free(site->values);
}

void store_land_free(store_land *land)
{
	if (!land)
		return;
	g_array_unref(land->sites);
	overlay_faces_free(land->faces);
	g_free(land);
}

/* Did the document hold at the end of the day (G_MAXINT64: does it now)? */
static gboolean holds(const index_t *x, guint document, gint64 end)
{
	return end == G_MAXINT64 ? x->until[document] == G_MAXINT64 : x->since[document] <= end && x->until[document] > end;
}

static gboolean read_sites(store_reader *r, gint64 end, GArray *sites, GError **error)
{
	sqlite3_stmt *rows = database_bind(&r->d, SQL_LAND_EVERY, error, "s", "site");
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW) {
		gint64 document = sqlite3_column_int64(rows, 0);
		if (document < 1 || document > r->index->n || !holds(r->index, (guint)document, end))
			continue;
		store_site site = {.id = g_strdup(column_text(rows, 4)), .title = g_strdup(column_text(rows, 5)), .shape = (guint32)sqlite3_column_int64(rows, 1),
			.since = sqlite3_column_int64(rows, 2), .area = sqlite3_column_int64(rows, 3)};
		site.values = index_facets(r->index, (guint)document, &site.n_values);
		g_array_append_val(sites, site);
	}
	return code == SQLITE_DONE;
}

/* ---- faces kept ---- */

static gboolean read_faces(store_reader *r, overlay_faces *faces, GError **error)
{
	g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(guint32));
	sqlite3_stmt *rows = database_bind(&r->d, SQL_FACES, error, "");
	int code = SQLITE_ERROR;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW) {
		g_array_set_size(members, 0);
		for (const char *at = column_text(rows, 1); *at; at += strspn(at, " ")) {
			char *end;
			guint32 shape = (guint32)g_ascii_strtoull(at, &end, 10);
			if (end == at)
				break;
			g_array_append_val(members, shape);
			at = end;
		}
		overlay_faces_add(faces, sqlite3_column_int64(rows, 0), (const guint32 *)(gpointer)members->data, members->len, sqlite3_column_int64(rows, 2),
			sqlite3_column_int64(rows, 3) != 0);
	}
	return code == SQLITE_DONE;
}

/* ---- faces of other days ---- */

static int number_compare(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return x < y ? -1 : x > y;
}

/* The shapes of the sites, rising, each once. */
static GArray *shapes_of(const GArray *sites)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(guint32));
	GArray *once = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (guint i = 0; i < sites->len; i++)
		if (g_array_index(sites, store_site, i).shape)
			g_array_append_val(all, g_array_index(sites, store_site, i).shape);
	g_array_sort(all, number_compare);
	for (guint i = 0; i < all->len; i++)
		if (i == 0 || g_array_index(all, guint32, i) != g_array_index(all, guint32, i - 1))
			g_array_append_val(once, g_array_index(all, guint32, i));
	return once;
}

/* Are these the shapes of which the store keeps the faces? */
static gboolean is_kept(store_reader *r, const GArray *shapes, gboolean *kept, GError **error)
{
	sqlite3_stmt *rows = database_bind(&r->d, SQL_SHAPES_LISTED, error, "");
	int code = SQLITE_ERROR;
	guint n = 0;
	*kept = TRUE;
	while (rows && (code = database_step(&r->d, rows, error)) == SQLITE_ROW) {
		*kept = *kept && n < shapes->len && g_array_index(shapes, guint32, n) == (guint32)sqlite3_column_int64(rows, 0);
		n++;
	}
	*kept = *kept && n == shapes->len;
	return code == SQLITE_DONE;
}

static void boundary_release(gpointer b)
{
	boundary_free(b);
}

static boundary *read_boundary(store_reader *r, guint32 shape, GError **error)
{
	sqlite3_stmt *row = database_bind(&r->d, SQL_SHAPE_READ, error, "i", (gint64)shape);
	if (!row || database_step(&r->d, row, error) != SQLITE_ROW)
		return NULL;
	boundary *b = boundary_from_bytes(sqlite3_column_blob(row, 0), (gsize)sqlite3_column_bytes(row, 0));
	sqlite3_reset(row);
	if (!b)
		g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("A stored boundary is damaged. Run 'aftermine check --rebuild'."));
	return b;
}

static overlay_faces *lay_anew(store_reader *r, const GArray *shapes, GError **error)
{
	g_autoptr(GPtrArray) boundaries = g_ptr_array_new_with_free_func(boundary_release);
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(overlay_shape));
	for (guint i = 0; i < shapes->len; i++) {
		const overlay_shape shape = {g_array_index(shapes, guint32, i), read_boundary(r, g_array_index(shapes, guint32, i), error)};
		if (!shape.boundary)
			return NULL;
		g_ptr_array_add(boundaries, (gpointer)shape.boundary);
		g_array_append_val(list, shape);
	}
	return overlay_world((const overlay_shape *)(gpointer)list->data, list->len);
}

static gboolean read_land(store_reader *r, gint64 end, store_land *land, GError **error)
{
	gboolean kept = TRUE;
	if (!read_sites(r, end, land->sites, error))
		return FALSE;
	g_autoptr(GArray) shapes = shapes_of(land->sites);
	if (end != G_MAXINT64 && !is_kept(r, shapes, &kept, error))
		return FALSE;
	land->faces = kept ? overlay_faces_new() : lay_anew(r, shapes, error);
	return land->faces && (!kept || read_faces(r, land->faces, error));
}

store_land *store_land_get(store_reader *r, const char *as_of, GError **error)
{
	gint64 end = G_MAXINT64;
	char text[21];
	if ((as_of && !time_of_day_end(as_of, &end, text, error)) || !view_begin(r, error))
		return NULL;
	g_autoptr(store_land) land = g_new0(store_land, 1);
	land->sites = g_array_new(FALSE, FALSE, sizeof(store_site));
	g_array_set_clear_func(land->sites, site_clear);
	gboolean ok = read_land(r, end, land, error);
	view_end(r);
	return ok ? g_steal_pointer(&land) : NULL;
}
