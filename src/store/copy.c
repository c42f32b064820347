#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/progress.h"
#include "record/message.h"
#include "store/inside.h"
#include "store/pages.h"

#define STEP_PAGES 1024

/* All pages of the view that the reader is in. */
static gboolean copy_pages(store_reader *r, database *to, GError **error)
{
	sqlite3_backup *b = sqlite3_backup_init(to->handle, "main", r->d.handle, "main");
	int code = b ? SQLITE_OK : SQLITE_ERROR;
	while (b && (code = sqlite3_backup_step(b, STEP_PAGES)) == SQLITE_OK)
		progress_say(N_("Copying the database"), (guint64)(sqlite3_backup_pagecount(b) - sqlite3_backup_remaining(b)), (guint64)sqlite3_backup_pagecount(b));
	if (b)
		sqlite3_backup_finish(b);
	return code == SQLITE_DONE || database_fail(to, error);
}

static gboolean make_safe(const char *path, GError **error)
{
	int file = g_open(path, O_RDONLY | O_CLOEXEC, 0);
	gboolean ok = file >= 0 && fsync(file) == 0;
	if (file >= 0)
		close(file);
	if (!ok)
		g_set_error(error, STORE_ERROR, STORE_ERROR_IO, _("%s: cannot be made safe on the disk. See that the disk works."), path);
	return ok;
}

gboolean store_copy(store_reader *r, const char *path, GError **error)
{
	database to = { .path = g_strdup(path) };
	const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
	gint64 ignored;
	/* A transaction of its own keeps the view while others write: the copy is of one moment and never begins anew. */
	gboolean ok = sqlite3_open_v2(path, &to.handle, flags, pages_vfs()) == SQLITE_OK && pages_prepare(to.handle, TRUE);
	if (!ok)
		database_fail(&to, error);
	ok = ok && database_run(&r->d, SQL_BEGIN, error, "") && database_number(&r->d, &ignored, 0, SQL_GENERATION, error, "") && copy_pages(r, &to, error);
	if (!sqlite3_get_autocommit(r->d.handle))
		database_run(&r->d, SQL_COMMIT, NULL, "");
	database_close(&to);
	return ok && make_safe(path, error);
}
