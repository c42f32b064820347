/* aftermine init: makes an instance, empty or with the compilation that ships with the program. */
#include <gio/gio.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/instance.h"
#include "cli/making.h"
#include "cli/measuring_keep.h"
#include "cli/report.h"
#include "store/import.h"
#include "web/settings.h"

static gboolean demo, json_option;
static char *origin;
static const GOptionEntry options[] = {
	{ "origin", 0, 0, G_OPTION_ARG_STRING, &origin, N_("Name of the log, for ever: the site's address without https:// (default: a random name)"), "NAME" },
	{ "demo", 0, 0, G_OPTION_ARG_NONE, &demo, N_("Load the compilation that ships with the program"), NULL },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

/* What was loaded and measured. */
typedef struct loaded {
	guint records, measured;
	char *unmeasured; /* why nothing was measured; NULL */
} loaded;

/* What ships as a table of values is measured here and now. Without ldn the sites stand unmeasured. */
static outcome measure_demo(store *s, store_reader *r, loaded *what, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *program = measuring_program(NULL, &why);
	if (!program)
		what->unmeasured = g_strdup(why->message);
	return !program || measuring_content(s, r, program, &what->measured, error) ? OUTCOME_DONE : OUTCOME_FAILED;
}

static outcome load_demo(store *s, loaded *what, GError **error)
{
	g_autoptr(store_reader) r = store_reader_open(s, error);
	if (!r)
		return OUTCOME_FAILED;
	g_autoptr(import) m = import_new(s, r, "aftermine");
	import_counts counts;
	import_content(m);
	if (!import_check(m, TRUE, &counts, error))
		return OUTCOME_FAILED;
	if (import_faults(m)->len) {
		report_faults(import_faults(m));
		return OUTCOME_NO;
	}
	if (!import_write(m, error))
		return OUTCOME_FAILED;
	what->records = counts.added;
	return measure_demo(s, r, what, error);
}

static outcome make(const char *folder, gpointer what, GError **error)
{
	g_autofree char *path = instance_database(folder), *preferences = instance_settings(folder), *text = settings_template();
	g_autoptr(store) s = store_open(path, STORE_CREATE, error);
	if (!s || !g_file_set_contents_full(preferences, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error) ||
	    !instance_key_make(folder, origin, error) || !instance_seal(folder, s, error))
		return OUTCOME_FAILED;
	return demo ? load_demo(s, what, error) : OUTCOME_DONE;
}

static void tell(const char *folder, const loaded *what)
{
	if (json_option) {
		report_json(stdout, json_pack("{s:b,s:s,s:i,s:i}", "ok", TRUE, "instance", folder, "records", (int)what->records, "measured", (int)what->measured));
		return;
	}
	if (demo)
		printf(terminal_plural("%u record loaded.", "%u records loaded.", what->records), what->records), putchar('\n');
	if (what->measured)
		printf(terminal_plural("%u site measured from tables.", "%u sites measured from tables.", what->measured), what->measured), putchar('\n');
	if (what->unmeasured)
		printf(_("Nothing is measured: %s"), what->unmeasured), putchar('\n');
	printf(_("%s is ready: \"aftermine serve %s\" serves it."), folder, folder), putchar('\n');
}

static outcome run(char **arguments, GError **error)
{
	g_autofree char *folder = g_canonicalize_filename(arguments[0], NULL);
	loaded what = { 0 };
	outcome answer = instance_make(folder, make, &what, error);
	if (answer == OUTCOME_DONE)
		tell(arguments[0], &what);
	g_free(what.unmeasured);
	return answer;
}

const command command_init = {
	.name = "init",
	.summary = N_("make an instance: a folder with a database and a settings file"),
	.arguments = "DIR",
	.description = N_("Makes DIR with records.db, settings.ini and the key that signs the log (log.key, readable by its owner only; keep a copy in a safe place). With --demo it holds the compilation that ships with the program: case studies, pledges, "
	                  "targets, policies and finance mechanisms with their sources, and reclaimed mine land measured from a table of yearly values."),
	.example = "  aftermine init instance --demo\n  aftermine serve instance\n",
	.options = options,
	.minimum = 1,
	.maximum = 1,
	.run = run,
};
