#include "store/geopackage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/canonical.h"
#include "record/message.h"
#include "store/geometry.h"
#include "store/store.h"

#define ROUNDED_VERSION 3040000 /* written over the number of the SQLite that made the file: bytes must not depend on it */

static const char tables[] =
    "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;"
    "BEGIN;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, "
    "organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);"
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),"
    "('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),"
    "('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],"
    "AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],"
    "AXIS[\"Latitude\",NORTH],AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]', 'longitude/latitude in decimal degrees on the WGS 84 spheroid');"
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', "
    "last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, "
    "CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, "
    "z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), "
    "CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents (table_name), "
    "CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));";

struct geopackage {
	char *path;
	sqlite3 *handle;
	sqlite3_stmt *insert; /* into the table of the kind */
	const kind *kind;
	geometry_box box; /* of its records so far */
	char *newest;     /* the latest time among them */
};

static gboolean fail(const geopackage *g, GError **error)
{
	gboolean full = (sqlite3_errcode(g->handle) & 0xFF) == SQLITE_FULL;
	g_set_error(error, STORE_ERROR, full ? STORE_ERROR_FULL : STORE_ERROR_IO, _("The GeoPackage could not be written: %s. Free some space in the folder of temporary files."),
	    sqlite3_errmsg(g->handle));
	return FALSE;
}

static gboolean cannot_copy(GError **error)
{
	g_set_error(error, STORE_ERROR, errno == ENOSPC ? STORE_ERROR_FULL : STORE_ERROR_IO,
	    _("The GeoPackage could not be written: %s. Free some space, or choose another place."), g_strerror(errno));
	return FALSE;
}

geopackage *geopackage_new(GError **error)
{
	g_autoptr(geopackage) g = g_new0(geopackage, 1);
	int file = g_file_open_tmp("aftermine-XXXXXX.gpkg", &g->path, error);
	if (file < 0)
		return NULL;
	close(file);
	if (sqlite3_open_v2(g->path, &g->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    sqlite3_exec(g->handle, tables, NULL, NULL, NULL) != SQLITE_OK) {
		fail(g, error);
		return NULL;
	}
	return g_steal_pointer(&g);
}

void geopackage_free(geopackage *g)
{
	if (!g)
		return;
	sqlite3_finalize(g->insert);
	sqlite3_close(g->handle);
	if (g->path)
		g_unlink(g->path);
	g_free(g->path);
	g_free(g->newest);
	g_free(g);
}

/* ---- tables ---- */

/* What a column is declared as, by the field's type; NULL: it has none. */
static const char *column_type(const field *f)
{
	static const char *const types[] = {
		[FIELD_LINE] = "TEXT", [FIELD_TEXT] = "TEXT", [FIELD_TERM] = "TEXT", [FIELD_REF] = "TEXT", [FIELD_YEAR] = "INTEGER", [FIELD_DATE] = "TEXT", [FIELD_TIME] = "TEXT",
		[FIELD_NUMBER] = "DOUBLE", [FIELD_COUNT] = "INTEGER", [FIELD_YESNO] = "BOOLEAN", [FIELD_URL] = "TEXT", [FIELD_SHA256] = "TEXT", [FIELD_SOURCE] = "INTEGER", [FIELD_GEOMETRY] = NULL,
		[FIELD_GROUP] = NULL,
	};
	if (f->flags & FIELD_REPEATED)
		return f->type == FIELD_TERM || f->type == FIELD_REF ? "TEXT" : NULL;
	return types[f->type];
}

static gboolean has_place(const kind *k)
{
	return k->geometry || k->longitude;
}

static gboolean execute(const geopackage *g, char *statement, GError **error)
{
	gboolean ok = statement && sqlite3_exec(g->handle, statement, NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_free(statement);
	return ok || fail(g, error);
}

static char *create_statement(const kind *k)
{
	sqlite3_str *s = sqlite3_str_new(NULL);
	sqlite3_str_appendf(s, "CREATE TABLE \"%w\" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", k->plural);
	if (has_place(k))
		sqlite3_str_appendf(s, ", geom %s", k->geometry ? "GEOMETRY" : "POINT");
	sqlite3_str_appendall(s, ", record_id TEXT NOT NULL, record_revision INTEGER NOT NULL, record_time TEXT NOT NULL, record_hash TEXT NOT NULL");
	for (const field *f = k->fields; f->name; f++)
		if (column_type(f))
			sqlite3_str_appendf(s, ", \"%w\" %s", f->name, column_type(f));
	sqlite3_str_appendall(s, ", record_json TEXT NOT NULL)");
	return sqlite3_str_finish(s);
}

static char *insert_statement(const kind *k)
{
	sqlite3_str *s = sqlite3_str_new(NULL);
	guint n = 6 + (has_place(k) ? 1 : 0);
	for (const field *f = k->fields; f->name; f++)
		n += column_type(f) != NULL;
	sqlite3_str_appendf(s, "INSERT INTO \"%w\" VALUES (NULL", k->plural);
	for (guint i = 1; i < n; i++)
		sqlite3_str_appendall(s, ", ?");
	sqlite3_str_appendall(s, ")");
	return sqlite3_str_finish(s);
}

static gboolean begin_kind(geopackage *g, const kind *k, GError **error)
{
	if (!execute(g, create_statement(k), error))
		return FALSE;
	char *insert = insert_statement(k);
	int code = insert ? sqlite3_prepare_v2(g->handle, insert, -1, &g->insert, NULL) : SQLITE_NOMEM;
	sqlite3_free(insert);
	g->kind = k;
	g->box = GEOMETRY_NOWHERE;
	return code == SQLITE_OK || fail(g, error);
}

/* Its line among the contents, and of its geometry column. */
static gboolean end_kind(geopackage *g, GError **error)
{
	const kind *k = g->kind;
	if (!k)
		return TRUE;
	g_clear_pointer(&g->insert, sqlite3_finalize);
	g->kind = NULL;
	g_autofree char *changed = g_strdup_printf("%.19s.000Z", g->newest);
	g_clear_pointer(&g->newest, g_free);
	char *contents;
	if (!has_place(k))
		contents = sqlite3_mprintf("INSERT INTO gpkg_contents VALUES (%Q, 'attributes', %Q, %Q, %Q, NULL, NULL, NULL, NULL, NULL)", k->plural, k->label_plural, k->help, changed);
	else if (g->box.west <= g->box.east)
		contents = sqlite3_mprintf("INSERT INTO gpkg_contents VALUES (%Q, 'features', %Q, %Q, %Q, %!.17g, %!.17g, %!.17g, %!.17g, 4326)", k->plural, k->label_plural, k->help, changed,
		    g->box.west, g->box.south, g->box.east, g->box.north);
	else
		contents = sqlite3_mprintf("INSERT INTO gpkg_contents VALUES (%Q, 'features', %Q, %Q, %Q, NULL, NULL, NULL, NULL, 4326)", k->plural, k->label_plural, k->help, changed);
	if (!execute(g, contents, error))
		return FALSE;
	return !has_place(k) || execute(g, sqlite3_mprintf("INSERT INTO gpkg_geometry_columns VALUES (%Q, 'geom', %Q, 4326, 0, 0)", k->plural, k->geometry ? "GEOMETRY" : "POINT"), error);
}

/* ---- rows ---- */

static void bind_value(sqlite3_stmt *s, int column, const json_t *value)
{
	if (json_is_string(value)) {
		sqlite3_bind_text(s, column, json_string_value(value), -1, SQLITE_TRANSIENT);
	} else if (json_is_boolean(value)) {
		sqlite3_bind_int(s, column, json_is_true(value));
	} else if (json_is_integer(value)) {
		sqlite3_bind_int64(s, column, json_integer_value(value));
	} else if (json_is_real(value)) {
		sqlite3_bind_double(s, column, json_real_value(value));
	} else if (json_is_array(value)) {
		g_autoptr(GString) joined = g_string_new(NULL);
		const json_t *entry;
		gsize i;
		json_array_foreach(value, i, entry) g_string_append_printf(joined, "%s%s", i ? ";" : "", json_string_value(entry) ? json_string_value(entry) : "");
		sqlite3_bind_text(s, column, joined->str, -1, SQLITE_TRANSIENT);
	}
}

static void bind_record(geopackage *g, const record *r, const char *body)
{
	sqlite3_stmt *s = g->insert;
	int column = 1;
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	if (has_place(r->kind)) {
		g_autoptr(GByteArray) geometry = geometry_of(r, &g->box);
		if (geometry)
			sqlite3_bind_blob(s, column, geometry->data, (int)geometry->len, SQLITE_TRANSIENT);
		column++;
	}
	sqlite3_bind_text(s, column++, r->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, column++, r->revision);
	sqlite3_bind_text(s, column++, r->time, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, column++, r->hash, -1, SQLITE_STATIC);
	for (const field *f = r->kind->fields; f->name; f++)
		if (column_type(f))
			bind_value(s, column++, json_object_get(r->body, f->name));
	sqlite3_bind_text(s, column, body, -1, SQLITE_STATIC);
}

gboolean geopackage_add(geopackage *g, const record *r, GError **error)
{
	g_autofree char *body = canonical_text(r->body, NULL, error);
	if (!body || (r->kind != g->kind && (!end_kind(g, error) || !begin_kind(g, r->kind, error))))
		return FALSE;
	if (!g->newest || strcmp(r->time, g->newest) > 0) {
		g_free(g->newest);
		g->newest = g_strdup(r->time);
	}
	bind_record(g, r, body);
	int code = sqlite3_step(g->insert);
	sqlite3_reset(g->insert);
	sqlite3_clear_bindings(g->insert);
	return code == SQLITE_DONE || fail(g, error);
}

/* ---- the file ---- */

static gboolean copy(const geopackage *g, FILE *out, GError **error)
{
	static const guint8 version[] = { ROUNDED_VERSION >> 24, (ROUNDED_VERSION >> 16) & 0xFF, (ROUNDED_VERSION >> 8) & 0xFF, ROUNDED_VERSION & 0xFF };
	static const gsize piece = 256 * 1024;
	g_autofree guint8 *buffer = g_malloc(piece);
	FILE *in = g_fopen(g->path, "rbe");
	gboolean ok = in != NULL;
	gsize n;
	for (gboolean first = TRUE; ok && (n = fread(buffer, 1, piece, in)) > 0; first = FALSE) {
		if (first && n >= 100)
			memcpy(buffer + 96, version, sizeof version);
		ok = fwrite(buffer, 1, n, out) == n;
	}
	ok = ok && !ferror(in);
	if (in)
		fclose(in);
	return ok || cannot_copy(error);
}

gboolean geopackage_finish(geopackage *g, FILE *out, GError **error)
{
	if (!end_kind(g, error))
		return FALSE;
	if (sqlite3_exec(g->handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		return fail(g, error);
	sqlite3_close(g->handle);
	g->handle = NULL;
	return copy(g, out, error);
}
