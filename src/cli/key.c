#include "cli/key.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "cli/command.h"

static char *key_path(const char *folder, const char *name, const char *ending)
{
	g_autofree char *file = g_strconcat(name, ending, NULL);
	return g_build_filename(folder, file, NULL);
}

gboolean key_make(const char *folder, const char *name, const char *key_name, note_algorithm algorithm, GError **error)
{
	g_autofree char *secret_path = key_path(folder, name, ".key"), *public_path = key_path(folder, name, ".pub");
	g_autoptr(note_key) key = note_key_new(key_name, algorithm, error);
	if (!key)
		return FALSE;
	char *secret = note_key_secret(key), *line = g_strconcat(secret, "\n", NULL);
	g_autofree char *public = note_key_public(key), *public_line = g_strconcat(public, "\n", NULL);
	const GFileSetContentsFlags whole = G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE;
	gboolean ok = g_file_set_contents_full(secret_path, line, -1, whole, 0600, error) && g_file_set_contents_full(public_path, public_line, -1, whole, 0644, error);
	note_wipe(secret);
	note_wipe(line);
	return ok;
}

note_key *key_load(const char *folder, const char *name, GError **error)
{
	g_autofree char *path = key_path(folder, name, ".key");
	GStatBuf about;
	if (g_stat(path, &about) == 0 && (about.st_mode & 077)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, _("%s can be read by others. Make it yours alone: chmod 600 %s"), path, path);
		return NULL;
	}
	char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, error))
		return NULL;
	note_key *key = note_key_parse(g_strchomp(text), error);
	note_wipe(text);
	if (!key) {
		g_prefix_error(error, "%s: ", path);
	} else if (!note_key_signs(key)) {
		g_set_error(error, NOTE_ERROR, NOTE_ERROR_KEY, _("%s holds a public key, which cannot sign. Restore it from where you keep it."), path);
		g_clear_pointer(&key, note_key_free);
	}
	return key;
}

note_key *key_given(const char *text_or_file, GError **error)
{
	g_autofree char *text = NULL;
	if (g_file_test(text_or_file, G_FILE_TEST_EXISTS) && !g_file_get_contents(text_or_file, &text, NULL, error))
		return NULL;
	note_key *key = note_key_parse(text ? g_strstrip(text) : text_or_file, error);
	if (!key)
		g_prefix_error(error, text ? "%s: " : _("the key \"%.40s\": "), text_or_file);
	return key;
}
