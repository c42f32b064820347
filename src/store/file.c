#include "record/message.h"
#include "store/inside.h"

#include <string.h>

const char *const store_media_types[] = {
	"image/png", "image/jpeg", "image/webp", "image/tiff", "application/pdf", "application/json", "application/geo+json", "application/geopackage+sqlite3",
	"application/zip", "text/csv", "text/plain", NULL,
};

gboolean file_insert(database *d, GBytes *bytes, const char *media_type, gboolean now, char sha256[static 65], GError **error)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	if (!g_strv_contains(store_media_types, media_type)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("\"%.60s\" files are not kept. Use PNG, JPEG, WebP, TIFF, PDF, JSON, CSV, plain text or zip."), media_type);
		return FALSE;
	}
	if (size > STORE_FILE_BYTES) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("The file is larger than %d MiB. Make it smaller, or name an address where it can be had."),
		    STORE_FILE_BYTES >> 20);
		return FALSE;
	}
	g_autofree char *sum = sha256_hex(size ? data : "", size);
	memcpy(sha256, sum, 65);
	return database_run(d, SQL_FILE_INSERT, error, "ssbi", sum, media_type, bytes, (gint64)now);
}

typedef struct filing {
	GBytes *bytes;
	const char *media_type;
	char sha256[65];
} filing;

static gboolean put_job(store *s, database *d, gpointer data, GError **error)
{
	(void)s;
	filing *f = data;
	return file_insert(d, f->bytes, f->media_type, TRUE, f->sha256, error);
}

gboolean store_file_put(store *s, GBytes *bytes, const char *media_type, char sha256[static 65], GError **error)
{
	filing f = { .bytes = bytes, .media_type = media_type };
	if (!writer_run(s->writer, put_job, &f, error))
		return FALSE;
	memcpy(sha256, f.sha256, 65);
	return TRUE;
}

static GBytes *found_file(store_reader *r, sqlite3_stmt *row, const char **media_type, GError **error)
{
	if (!row || database_step(&r->d, row, error) != SQLITE_ROW)
		return NULL;
	*media_type = g_intern_string(column_text(row, 0));
	GBytes *bytes = g_bytes_new(sqlite3_column_blob(row, 1), (gsize)sqlite3_column_bytes(row, 1));
	sqlite3_reset(row);
	return bytes;
}

GBytes *store_file_get(store_reader *r, const char *sha256, const char **media_type, GError **error)
{
	return found_file(r, database_bind(&r->d, SQL_FILE_GET, error, "s", sha256), media_type, error);
}

GBytes *store_file_kept(store_reader *r, const char *sha256, const char *time, const char **media_type, GError **error)
{
	return found_file(r, database_bind(&r->d, SQL_FILE_KEPT, error, "ss", sha256, time), media_type, error);
}

/* ---- files beside the database ---- */

typedef struct sealing {
	const char *name, *sha256;
} sealing;

static char *sealed(database *d, const char *name, GError **error)
{
	g_autofree char *row_name = g_strconcat("seal ", name, NULL);
	sqlite3_stmt *row = database_bind(d, SQL_ABOUT_GET, error, "s", row_name);
	if (!row || database_step(d, row, error) != SQLITE_ROW)
		return NULL;
	char *sum = g_strdup(column_text(row, 0));
	sqlite3_reset(row);
	return sum;
}

static gboolean seal_job(store *s, database *d, gpointer data, GError **error)
{
	(void)s;
	const sealing *what = data;
	GError *failed = NULL;
	g_autofree char *is = sealed(d, what->name, &failed), *row_name = g_strconcat("seal ", what->name, NULL);
	if (failed) {
		g_propagate_error(error, failed);
		return FALSE;
	}
	return g_strcmp0(is, what->sha256) == 0 || database_run(d, SQL_ABOUT_SET, error, "ss", row_name, what->sha256);
}

gboolean store_seal(store *s, const char *name, const char *sha256, GError **error)
{
	return writer_run(s->writer, seal_job, &(sealing) { name, sha256 }, error);
}

char *store_sealed(store_reader *r, const char *name, GError **error)
{
	return sealed(&r->d, name, error);
}
