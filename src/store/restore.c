/* A log from elsewhere, into an empty store. */
#include "base/progress.h"
#include "record/message.h"
#include "store/inside.h"
#include "store/land_faces.h"
#include "store/projection.h"

#include <string.h>

static gboolean restore_entry(database *d, const store_log_source *from, guint64 number, GError **error)
{
	gsize length;
	g_autofree char *bytes = from->revision(from->data, number, &length, error);
	g_autoptr(record) r = bytes ? record_from_canonical(bytes, length, error) : NULL;
	if (!r)
		return FALSE;
	if (strlen(bytes) != length || length > STORE_RECORD_BYTES || r->state < RECORD_PUBLISHED) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("Entry %" G_GUINT64_FORMAT " of the log is no public revision. Get the pack again."), number);
		return FALSE;
	}
	return database_run(d, SQL_REVISION_INSERT, error, "ssiisss", r->kind->name, r->id, (gint64)r->revision, (gint64)r->state, r->time, r->hash, bytes) &&
	       database_run(d, SQL_LOG_ENTRY_INSERT, error, "i", (gint64)sqlite3_last_insert_rowid(d->handle)) && projection_add(d, r, error);
}

static gboolean restore_file(gpointer to, GBytes *bytes, const char *media_type, GError **error)
{
	char sha256[65];
	return file_insert(to, bytes, media_type, FALSE, sha256, error);
}

static gboolean restore_entries(database *d, gpointer data, GError **error)
{
	const store_log_source *from = data;
	gint64 there;
	if (!database_number(d, &there, 0, SQL_GENERATION, error, ""))
		return FALSE;
	if (there) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT, _("%s holds records already. A data pack goes into an empty instance: make one with \"aftermine init\"."), d->path);
		return FALSE;
	}
	for (guint64 i = 0; i < from->size; i++) {
		if (!restore_entry(d, from, i, error))
			return FALSE;
		progress_say(N_("Writing records"), i + 1, from->size);
	}
	g_autofree char *imported = g_strdup_printf("%" G_GUINT64_FORMAT, from->size);
	return from->files(from->data, restore_file, d, error) && land_settle(d, error) && log_grow(d, error) && database_run(d, SQL_ABOUT_SET, error, "ss", "imported", imported);
}

static gboolean restore_job(store *s, database *d, gpointer data, GError **error)
{
	return store_refill(s, d, restore_entries, data, error);
}

gboolean store_log_restore(store *s, const store_log_source *from, GError **error)
{
	return writer_run(s->writer, restore_job, (gpointer)(gsize)from, error);
}
