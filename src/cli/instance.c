#include "cli/instance.h"

#include <gio/gio.h>
#include <string.h>

#include "base/canonical.h"
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

char *instance_packs(const char *dir)
{
	return g_build_filename(dir, "packs", NULL);
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
	g_autofree char *public_path = g_build_filename(dir, "log.pub", NULL);
	gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
	if (!there && g_file_test(public_path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("%s is missing, which signs the log. Put back the copy that you keep; to begin a log under a new name, move %s away."), path, public_path);
		return NULL;
	}
	if (!there && !instance_key_make(dir, NULL, error))
		return NULL;
	return key_load(dir, "log", error);
}

static void free_key(gpointer key)
{
	note_key_free(key);
}

GPtrArray *instance_former_keys(const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, "log.former", NULL), *text = NULL;
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(free_key);
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&keys);
	if (!g_file_get_contents(path, &text, NULL, error))
		return NULL;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line && (**line || line[1]); line++) {
		note_key *key = note_key_parse(*line, error);
		if (!key) {
			g_prefix_error(error, "%s: ", path);
			return NULL;
		}
		g_ptr_array_add(keys, key);
	}
	return g_steal_pointer(&keys);
}

/* ---- is every byte as it was written? ---- */

static char *settings_sum(const char *dir, GError **error)
{
	g_autofree char *path = instance_settings(dir), *text = NULL;
	gsize length;
	return g_file_get_contents(path, &text, &length, error) ? sha256_hex(text, length) : NULL;
}

gboolean instance_seal(const char *dir, store *s, GError **error)
{
	g_autofree char *sum = settings_sum(dir, error);
	return sum && store_seal(s, "settings.ini", sum, error);
}

gboolean instance_look_settings(const char *dir, store_reader *r, GPtrArray *faults, GError **error)
{
	g_autoptr(GError) why = NULL;
	GError *failed = NULL;
	g_autofree char *is = settings_sum(dir, &why), *should = store_sealed(r, "settings.ini", &failed);
	if (failed) {
		g_propagate_error(error, failed);
		return FALSE;
	}
	if (should && !is)
		g_ptr_array_add(faults, g_strdup(why->message));
	else if (should && strcmp(is, should) != 0)
		g_ptr_array_add(faults, g_strdup_printf(_("%s/settings.ini is not what the server last ran with. If you changed it, start the server once; else put back the settings you had."), dir));
	return TRUE;
}

/* A key file holds a key and a newline, nothing else. The key that it holds, or NULL and a fault. */
static note_key *look_at_key(const char *path, gboolean whole, GPtrArray *faults)
{
	char *text = NULL;
	g_autoptr(GError) why = NULL;
	g_autoptr(note_key) key = g_file_get_contents(path, &text, NULL, &why) ? note_key_parse(g_strchomp(text), &why) : NULL;
	note_wipe(text);
	if (!key) {
		g_ptr_array_add(faults, g_strdup_printf("%s: %s", path, why->message));
		return NULL;
	}
	char *line = whole && note_key_signs(key) ? note_key_secret(key) : note_key_public(key), *should = g_strconcat(line, "\n", NULL);
	gsize length = 0;
	text = NULL;
	gboolean exact = g_file_get_contents(path, &text, &length, NULL) && length == strlen(should) && memcmp(text, should, length) == 0;
	note_wipe(line), note_wipe(should), note_wipe(text);
	if (exact && whole == note_key_signs(key))
		return g_steal_pointer(&key);
	g_ptr_array_add(faults, g_strdup_printf(_("%s is not as this program wrote it. Put back the copy that you keep."), path));
	return NULL;
}

static void look_at_keys(const char *dir, GPtrArray *faults)
{
	g_autofree char *public_path = g_build_filename(dir, "log.pub", NULL), *secret_path = g_build_filename(dir, "log.key", NULL);
	g_autoptr(note_key) public = g_file_test(public_path, G_FILE_TEST_EXISTS) ? look_at_key(public_path, FALSE, faults) : NULL;
	g_autoptr(note_key) whole = g_file_test(secret_path, G_FILE_TEST_EXISTS) ? look_at_key(secret_path, TRUE, faults) : NULL;
	g_autofree char *one = public ? note_key_public(public) : NULL, *other = whole ? note_key_public(whole) : NULL;
	if (one && other && strcmp(one, other) != 0)
		g_ptr_array_add(faults, g_strdup_printf(_("%s is not the public half of %s. Put back the copies that you keep."), public_path, secret_path));
}

/* A line for each key, and nothing else. */
static void look_at_former_keys(const char *dir, GPtrArray *faults)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GPtrArray) keys = instance_former_keys(dir, &why);
	g_autoptr(GString) should = g_string_new(NULL);
	g_autofree char *path = g_build_filename(dir, "log.former", NULL), *is = NULL;
	for (guint i = 0; keys && i < keys->len; i++) {
		g_autofree char *line = note_key_public(g_ptr_array_index(keys, i));
		g_string_append_printf(should, "%s\n", line);
	}
	if (!keys)
		g_ptr_array_add(faults, g_strdup(why->message));
	else if (keys->len && (!g_file_get_contents(path, &is, NULL, NULL) || strcmp(is, should->str) != 0))
		g_ptr_array_add(faults, g_strdup_printf(_("%s holds something else than public keys, one a line. Put back the copy that you keep."), path));
}

/* A data pack is named by the SHA-256 of its bytes. */
static void look_at_packs(const char *dir, GPtrArray *faults)
{
	g_autofree char *folder = instance_packs(dir);
	g_autoptr(GDir) packs = g_dir_open(folder, 0, NULL);
	for (const char *name; packs && (name = g_dir_read_name(packs));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autoptr(GMappedFile) file = strlen(name) > 64 ? g_mapped_file_new(path, FALSE, NULL) : NULL; /* another is being made */
		g_autofree char *sum = file ? sha256_hex(g_mapped_file_get_contents(file), g_mapped_file_get_length(file)) : NULL;
		if (sum && strncmp(sum, name, 64) != 0)
			g_ptr_array_add(faults, g_strdup_printf(_("%s is not the data pack that its name says. Delete it; the server makes another."), path));
	}
}

gboolean instance_look(const char *dir, GPtrArray *faults, GError **error)
{
	g_autofree char *path = instance_database(dir);
	if (g_file_test(path, G_FILE_TEST_EXISTS) && !store_file_check(path, faults, error))
		return FALSE;
	look_at_keys(dir, faults);
	look_at_former_keys(dir, faults);
	look_at_packs(dir, faults);
	return TRUE;
}
