#include "base/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"

#define _(message) language_said(message)

static gboolean cannot_write(const char *path, GError **error)
{
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("%s cannot be written: %s. Choose a place this user may write to, with space."), path, g_strerror(errno));
	return FALSE;
}

/* The name itself is safe when its folder is. */
static gboolean keep_name(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	int directory = g_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	gboolean ok = directory >= 0 && (fsync(directory) == 0 || errno == EINVAL);
	if (directory >= 0)
		close(directory);
	return ok;
}

gboolean file_write_whole(const char *path, int mode, gboolean (*fill)(FILE *out, gpointer data, GError **error), gpointer data, GError **error)
{
	g_autofree char *making = g_strconcat(path, ".XXXXXX", NULL);
	int file = g_mkstemp_full(making, O_WRONLY | O_CLOEXEC, 0600);
	FILE *out = file < 0 ? NULL : fdopen(file, "w");
	if (!out)
		return cannot_write(path, error);
	gboolean ok = fill(out, data, error);
	gboolean safe = ok && fflush(out) == 0 && fchmod(file, (mode_t)mode) == 0 && fsync(file) == 0;
	if (fclose(out) != 0)
		safe = FALSE;
	if (ok && (!safe || g_rename(making, path) != 0 || !keep_name(path)))
		ok = cannot_write(path, error);
	if (!ok)
		g_unlink(making);
	return ok;
}

FILE *file_scratch(GError **error)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("aftermine-XXXXXX", &path, error);
	FILE *file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
	if (path)
		g_unlink(path);
	if (fd >= 0 && !file) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("No temporary file can be made: %s."), g_strerror(errno));
		close(fd);
	}
	return file;
}

void folder_remove(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir)) != NULL;) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (g_unlink(path) != 0 && errno == EISDIR)
			folder_remove(path);
	}
	g_rmdir(folder);
}
