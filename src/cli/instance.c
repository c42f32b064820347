#include "cli/instance.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"

char *instance_database(const char *dir)
{
	return g_build_filename(dir, "records.db", NULL);
}

char *instance_settings(const char *dir)
{
	return g_build_filename(dir, "settings.ini", NULL);
}

store *instance_open(const char *dir, GError **error)
{
	g_autofree char *path = instance_database(dir);
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("%s is not an instance: it has no records.db. \"aftermine init %s\" makes one."), dir, dir);
		return NULL;
	}
	return store_open(path, STORE_OPEN, error);
}

/* ---- the key of the log ---- */

/* A name of its own for a log nobody named: its checkpoints are never taken for another's. */
static char *unique_name(void)
{
	g_autofree char *id = g_uuid_string_random();
	return g_strdup_printf("aftermine-%.8s%.4s", id, id + 9);
}

gboolean instance_key_make(const char *dir, const char *origin, GError **error)
{
	g_autofree char *name = origin ? g_strdup(origin) : unique_name(), *secret_path = g_build_filename(dir, "log.key", NULL), *public_path = g_build_filename(dir, "log.pub", NULL);
	g_autoptr(note_key) key = note_key_new(name, NOTE_ED25519, error);
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

note_key *instance_key(const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, "log.key", NULL);
	GStatBuf about;
	if (g_stat(path, &about) != 0 && !instance_key_make(dir, NULL, error))
		return NULL;
	if (g_stat(path, &about) == 0 && (about.st_mode & 077)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, _("%s can be read by others. Make it yours alone: chmod 600 %s"), path, path);
		return NULL;
	}
	char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, error))
		return NULL;
	note_key *key = note_key_parse(g_strchomp(text), error);
	note_wipe(text);
	if (!key)
		g_prefix_error(error, "%s: ", path);
	else if (!note_key_signs(key)) {
		g_set_error(error, NOTE_ERROR, NOTE_ERROR_KEY, _("%s holds a public key, which cannot sign. Restore log.key from where you keep it."), path);
		g_clear_pointer(&key, note_key_free);
	}
	return key;
}
