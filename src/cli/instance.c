#include "cli/instance.h"

#include <gio/gio.h>

#include "cli/command.h"
#include "cli/key.h"

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

gboolean instance_key_make(const char *dir, const char *origin, GError **error)
{
	g_autofree char *id = g_uuid_string_random(), *unique = g_strdup_printf("aftermine-%.8s%.4s", id, id + 9);
	return key_make(dir, "log", origin ? origin : unique, NOTE_ED25519, error);
}

note_key *instance_key(const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, "log.key", NULL);
	if (!g_file_test(path, G_FILE_TEST_EXISTS) && !instance_key_make(dir, NULL, error))
		return NULL;
	return key_load(dir, "log", error);
}
