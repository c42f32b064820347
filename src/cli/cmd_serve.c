/* aftermine serve: the web site of an instance, until SIGTERM or SIGINT. */
#include <gio/gio.h>
#include <malloc.h>

#include "base/cells.h"
#include "base/child.h"
#include "cli/command.h"
#include "cli/instance.h"
#include "cli/serving.h"
#include "web/about.h"
#include "web/board_watch.h"
#include "web/data.h"
#include "web/http.h"

#define PACK_SECONDS (12 * 3600) /* that the making of a data pack may take at most */
#define PACK_ANSWER 4096

static char *listen_option, *access_option;
static gboolean json_option;
static const GOptionEntry options[] = {
	{ "listen", 'l', 0, G_OPTION_ARG_STRING, &listen_option, N_("Where to listen (default: the settings file, then 127.0.0.1:8080; port 0: any)"), "HOST:PORT" },
	{ "access-log", 0, 0, G_OPTION_ARG_STRING, &access_option, N_("Access log: a file, - for standard output, empty for none"), "FILE" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Say in JSON where it listens"), NULL },
	{ NULL }
};

static gpointer open_reader(gpointer records, GError **error)
{
	return store_reader_open(records, error);
}

static void close_reader(gpointer reader)
{
	store_reader_close(reader);
}

/* What pages are made from: the records, and the day in UTC, which statuses of pledges depend on. */
static guint64 generation(gpointer records)
{
	guint64 day = (guint64)(g_get_real_time() / (24 * 3600 * G_GINT64_CONSTANT(1000000)));
	return store_generation(records) ^ day << 40;
}

static settings *load_settings(const char *dir, GError **error)
{
	g_autofree char *path = instance_settings(dir);
	g_autoptr(settings) s = settings_load(path, error);
	if (!s || (listen_option && !settings_listen(s, listen_option, error)))
		return NULL;
	if (access_option) {
		g_free(s->access_log);
		s->access_log = g_strdup(access_option);
	} else if (*s->access_log && g_strcmp0(s->access_log, "-") != 0 && !g_path_is_absolute(s->access_log)) {
		char *within = g_build_filename(dir, s->access_log, NULL);
		g_free(s->access_log);
		s->access_log = within;
	}
	return g_steal_pointer(&s);
}

/* Pages are built in buffers that grow to 100 KiB and go at once. By default each such end makes malloc sweep its small free pieces together (a tenth
 * of a search's time, measured), and every thread keeps a heap of its own. */
static void tune_memory(void)
{
	mallopt(M_MXFAST, 0);
	mallopt(M_ARENA_MAX, 4);
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	cells_use();
}

/* A child, so that the memory and the time a pack takes are not the server's. */
static gboolean make_pack(gpointer dir, const char *path, const gint *over, GError **error)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", error);
	const char *const argv[] = { self, "export", dir, path, "--format", "pack", "--json", NULL };
	g_auto(child_answer) answer = { 0 };
	if (!self || !child_run(argv, &(child_limits){ PACK_SECONDS, PACK_ANSWER, over }, &answer, error))
		return FALSE;
	if (answer.status != 0)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", answer.complaint);
	return answer.status == 0;
}

/* NULL without an error: the settings want none. */
static shelf *start_shelf(const char *dir, const settings *s, store *records, const note_key *key, GError **error)
{
	g_autofree char *folder = instance_packs(dir), *public = note_key_public(key);
	return s->data_packs ? shelf_start(folder, public, records, make_pack, (gpointer)(gintptr)dir, error) : NULL;
}

static outcome run(char **arguments, GError **error)
{
	tune_memory();
	g_autoptr(settings) s = load_settings(arguments[0], error);
	g_autoptr(store) records = s ? instance_open(arguments[0], error) : NULL; /* until it is open, a signal ends the program at once */
	serving_begin();
	g_autoptr(note_key) key = records ? instance_key(arguments[0], error) : NULL;
	if (!key || !instance_seal(arguments[0], records, error))
		return OUTCOME_FAILED;
	store_keep_rows(records, s->rows_bytes);
	g_autoptr(GError) failed = NULL;
	g_autoptr(shelf) packs = start_shelf(arguments[0], s, records, key, &failed);
	if (failed) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return OUTCOME_FAILED;
	}
	const site_about about = { records, key, packs };
	const http_site site = { .settings = s, .routes = routes, .n_routes = routes_count, .records = records, .open_reader = open_reader, .close_reader = close_reader,
		.generation = generation, .data = data_answer, .about = &about };
	g_autoptr(board_watch) watch = board_watch_start(records, error);
	return watch ? serve_site(&site, json_option, error) : OUTCOME_FAILED;
}

const command command_serve = {
	.name = "serve",
	.summary = N_("serve the web site of an instance"),
	.arguments = "DIR",
	.description = N_("Serves until it gets SIGTERM or SIGINT; then finishes the requests under way and stops. DIR/settings.ini holds the settings; options go before them."),
	.example = "  aftermine serve instance --listen 127.0.0.1:8080\n",
	.options = options,
	.minimum = 1,
	.maximum = 1,
	.run = run,
};
