/* aftermine witness: sees that logs only grow, and says so under its own name. */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/key.h"
#include "cli/report.h"
#include "cli/serving.h"
#include "web/witnessing.h"

static char *name_option, *listen_option;
static char **trust_option;
static gboolean json_option;
static const GOptionEntry options[] = {
	{ "name", 0, 0, G_OPTION_ARG_STRING, &name_option, N_("Name of a new witness: an address without https://, such as ngo.example.org/witness"), "NAME" },
	{ "trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &trust_option, N_("Know the log with this public key from now on (a file, or the key itself); may be given again"), "KEY" },
	{ "listen", 'l', 0, G_OPTION_ARG_STRING, &listen_option, N_("Serve POST /add-checkpoint there"), "HOST:PORT" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

static char *logs_path(const char *folder)
{
	return g_build_filename(folder, "logs", NULL);
}

/* The public keys in the file "logs", one a line. */
static GPtrArray *read_logs(const char *folder, GError **error)
{
	g_autofree char *path = logs_path(folder), *text = NULL;
	g_autoptr(GPtrArray) logs = g_ptr_array_new_with_free_func((GDestroyNotify)note_key_free);
	if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_get_contents(path, &text, NULL, error))
		return NULL;
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	for (char **line = lines; *line; line++) {
		if (!**line)
			continue;
		note_key *key = note_key_parse(*line, error);
		if (!key) {
			g_prefix_error(error, "%s: ", path);
			return NULL;
		}
		g_ptr_array_add(logs, key);
	}
	return g_steal_pointer(&logs);
}

static gboolean write_logs(const char *folder, const GPtrArray *logs, GError **error)
{
	g_autofree char *path = logs_path(folder);
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < logs->len; i++) {
		g_autofree char *line = note_key_public(g_ptr_array_index(logs, i));
		g_string_append_printf(text, "%s\n", line);
	}
	return g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

/* A log has one key here: another one under the same name would be another log. */
static gboolean trust(GPtrArray *logs, const char *given, GError **error)
{
	g_autoptr(note_key) key = key_given(given, error);
	if (!key)
		return FALSE;
	g_autofree char *public = note_key_public(key);
	for (guint i = 0; i < logs->len; i++) {
		const note_key *known = g_ptr_array_index(logs, i);
		g_autofree char *known_public = note_key_public(known);
		if (strcmp(known_public, public) == 0)
			return TRUE;
		if (strcmp(note_key_name(known), note_key_name(key)) == 0) {
			g_set_error(error, NOTE_ERROR, NOTE_ERROR_KEY, _("this witness knows the log %s by another key. If the log was given a new key, ask its operator why; then remove the old line of the file \"logs\"."),
			    note_key_name(key));
			return FALSE;
		}
	}
	g_ptr_array_add(logs, g_steal_pointer(&key));
	return TRUE;
}

static gboolean make_folder(const char *folder, GError **error)
{
	if (g_file_test(folder, G_FILE_TEST_IS_DIR))
		return TRUE;
	if (g_mkdir_with_parents(folder, 0755) == 0)
		return TRUE;
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("%s cannot be made: %s. Choose a folder this user may write to."), folder, g_strerror(errno));
	return FALSE;
}

static gpointer no_reader(gpointer records, GError **error)
{
	(void)error;
	return records;
}

static void no_reader_close(gpointer reader)
{
	(void)reader;
}

static guint64 no_generation(gpointer records)
{
	(void)records;
	return 0;
}

static outcome serve(const char *folder, const note_key *key, const GPtrArray *logs, GError **error)
{
	g_autoptr(settings) s = settings_load(NULL, error);
	if (!s || !settings_listen(s, listen_option, error))
		return OUTCOME_FAILED;
	g_free(s->access_log);
	s->access_log = g_strdup("");
	witnessing w = { .folder = folder, .key = key, .logs = (note_key *const *)logs->pdata, .n_logs = logs->len };
	g_mutex_init(&w.lock);
	const http_site site = { .settings = s, .routes = witnessing_routes, .n_routes = witnessing_routes_count, .records = &w, .open_reader = no_reader, .close_reader = no_reader_close,
		.generation = no_generation, .about = &w };
	outcome answer = serve_site(&site, json_option, error);
	g_mutex_clear(&w.lock);
	return answer;
}

static void tell(const note_key *key, const GPtrArray *logs)
{
	g_autofree char *public = note_key_public(key);
	if (json_option) {
		json_t *known = json_array();
		for (guint i = 0; i < logs->len; i++)
			json_array_append_new(known, json_string(note_key_name(g_ptr_array_index(logs, i))));
		report_json(stdout, json_pack("{s:s,s:o}", "key", public, "logs", known));
		return;
	}
	printf("%s\n", public);
	for (guint i = 0; i < logs->len; i++) {
		printf(_("knows the log %s"), note_key_name(g_ptr_array_index(logs, i)));
		putchar('\n');
	}
}

static outcome run(char **arguments, GError **error)
{
	serving_begin();
	const char *folder = arguments[0];
	g_autofree char *secret = g_build_filename(folder, "witness.key", NULL);
	gboolean fresh = !g_file_test(secret, G_FILE_TEST_EXISTS);
	if (fresh && !name_option)
		return usage_error(error, _("%s is no witness yet: give it a name with --name."), folder);
	if (!fresh && name_option)
		return usage_error(error, _("the witness in %s has a name already; it is part of its key and cannot be changed."), folder);
	if (!make_folder(folder, error) || (fresh && !key_make(folder, "witness", name_option, NOTE_COSIGNATURE, error)))
		return OUTCOME_FAILED;
	g_autoptr(note_key) key = key_load(folder, "witness", error);
	g_autoptr(GPtrArray) logs = key ? read_logs(folder, error) : NULL;
	if (!logs)
		return OUTCOME_FAILED;
	for (char **given = trust_option; given && *given; given++)
		if (!trust(logs, *given, error))
			return OUTCOME_FAILED;
	if (trust_option && !write_logs(folder, logs, error))
		return OUTCOME_FAILED;
	if (!listen_option || !json_option)
		tell(key, logs);
	return listen_option ? serve(folder, key, logs, error) : OUTCOME_DONE;
}

const command command_witness = {
	.name = "witness",
	.summary = N_("see that other logs only grow, and cosign them"),
	.arguments = "DIR",
	.description = N_("Keeps a witness in DIR: its key, the logs it knows, and what it saw of each last. With --listen it cosigns checkpoints that are sent to it, after checking that "
	                  "they continue what it saw. Prints its public key, which log operators need."),
	.example = "  aftermine witness w --name ngo.example.org/witness --trust land.pub\n  aftermine witness w --listen 127.0.0.1:8090\n",
	.options = options,
	.minimum = 1,
	.maximum = 1,
	.run = run,
};
