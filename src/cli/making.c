#include "cli/making.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/whole.h"

static gboolean is_free(const char *folder, GError **error)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	gboolean there = g_file_test(folder, G_FILE_TEST_EXISTS) && (!dir || g_dir_read_name(dir) != NULL);
	if (there)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("%s is already there and not empty. Choose another folder, or serve the instance that is in it."), folder);
	return !there;
}

outcome instance_make(const char *dir, outcome (*fill)(const char *folder, gpointer data, GError **error), gpointer data, GError **error)
{
	g_autofree char *folder = g_canonicalize_filename(dir, NULL), *parent = g_path_get_dirname(folder), *name = g_path_get_basename(folder);
	g_autofree char *pattern = g_strdup_printf(".%s-XXXXXX", name), *making = g_build_filename(parent, pattern, NULL);
	if (!is_free(folder, error))
		return OUTCOME_FAILED;
	if (g_mkdir_with_parents(parent, 0755) != 0 || !g_mkdtemp_full(making, 0755)) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("%s cannot be made: %s. Choose a folder this user may write to."), folder, g_strerror(errno));
		return OUTCOME_FAILED;
	}
	outcome answer = fill(making, data, error);
	if (answer == OUTCOME_DONE && g_rename(making, folder) != 0) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("%s cannot be made: %s. Choose another folder."), folder, g_strerror(errno));
		answer = OUTCOME_FAILED;
	}
	if (answer != OUTCOME_DONE)
		folder_remove(making);
	return answer;
}
