/* aftermine backup: an instance as it is at this moment in one file, while it is served. */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/whole.h"
#include "base/zip.h"
#include "cli/command.h"
#include "cli/instance.h"
#include "cli/report.h"

static gboolean with_key_option, json_option;
static const GOptionEntry options[] = {
	{ "with-key", 0, 0, G_OPTION_ARG_NONE, &with_key_option, N_("With log.key: whoever has such a backup can sign in the log's name"), NULL },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

typedef struct backup {
	const char *dir, *copy; /* copy: of the database */
	char *about;
} backup;

static gboolean to_stream(gpointer stream, const void *bytes, gsize length, GError **error)
{
	if (fwrite(bytes, 1, length, stream) == length)
		return TRUE;
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("The backup could not be written: %s. Free some space, or choose another place."), g_strerror(errno));
	return FALSE;
}

/* A file of the instance that has to be there, or need not. */
static gboolean add(zip_writer *w, const backup *b, const char *name, gboolean needed, GError **error)
{
	g_autofree char *path = g_build_filename(b->dir, name, NULL);
	char *text = NULL;
	gsize length;
	if (!needed && !g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	gboolean ok = g_file_get_contents(path, &text, &length, error) && zip_add(w, name, text, length, error);
	if (text)
		explicit_bzero(text, length);
	g_free(text);
	return ok;
}

static gboolean fill(FILE *out, gpointer data, GError **error)
{
	const backup *b = data;
	g_autoptr(zip_writer) w = zip_writer_new(to_stream, out);
	FILE *database = g_fopen(b->copy, "rbe");
	if (!database) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("%s cannot be read: %s."), b->copy, g_strerror(errno));
		return FALSE;
	}
	gboolean ok = zip_add(w, "backup.json", b->about, strlen(b->about), error) && add(w, b, "settings.ini", TRUE, error) && add(w, b, "log.pub", FALSE, error) &&
	              add(w, b, "log.former", FALSE, error) &&
	              (!with_key_option || add(w, b, "log.key", TRUE, error)) && zip_add_file(w, "records.db", database, error) && zip_finish(w, error);
	fclose(database);
	return ok;
}

static char *about(guint64 entries)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
	json_auto_t *says = json_pack("{s:s,s:s,s:s,s:I,s:b}", "what", "backup of an aftermine instance", "time", time, "version", AFTERMINE_VERSION, "entries", (json_int_t)entries, "key",
	    with_key_option);
	char *text = json_dumps(says, JSON_INDENT(1)), *copy = g_strconcat(text, "\n", NULL);
	free(text);
	return copy;
}

/* The copy of the database stands beside the backup while it is made, and its like from an interrupted one is in nobody's way. */
static gboolean make(const char *dir, const char *file, guint64 *entries, GError **error)
{
	g_autoptr(store) s = instance_open(dir, error);
	g_autoptr(store_reader) r = s ? store_reader_open(s, error) : NULL;
	g_autofree char *folder = g_strconcat(file, ".XXXXXX", NULL);
	if (!r || !store_log_size(r, entries, error))
		return FALSE;
	if (!g_mkdtemp_full(folder, 0700)) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("%s cannot be written: %s. Choose a place this user may write to, with space."), file, g_strerror(errno));
		return FALSE;
	}
	g_autofree char *copy = g_build_filename(folder, "records.db", NULL);
	backup b = { dir, copy, about(*entries) };
	gboolean ok = store_copy(r, copy, error) && file_write_whole(file, 0600, fill, &b, error);
	folder_remove(folder); /* with what the database laid beside its copy */
	g_free(b.about);
	return ok;
}

static outcome run(char **arguments, GError **error)
{
	guint64 entries;
	if (!make(arguments[0], arguments[1], &entries, error))
		return OUTCOME_FAILED;
	if (json_option) {
		report_json(stdout, json_pack("{s:b,s:s,s:I,s:b}", "ok", TRUE, "written", arguments[1], "entries", (json_int_t)entries, "key", with_key_option));
		return OUTCOME_DONE;
	}
	g_autofree char *text = g_strdup_printf(with_key_option ? _("%s holds the instance, with the key of its log: keep it where nobody else can read it.")
	                                                        : _("%s holds the instance. The key of its log is not in it: keep a copy of log.key in a safe place."), arguments[1]);
	puts(text);
	return OUTCOME_DONE;
}

const command command_backup = {
	.name = "backup",
	.summary = N_("an instance in one file, while it is served"),
	.arguments = "DIR FILE",
	.description = N_("Writes records with all their revisions and drafts, files, settings and the public key of the log, as they are at one moment, to a ZIP archive that only its "
	                  "owner can read. Readers and writers are not disturbed. An older backup of that name is replaced when the new one is whole. log.key comes along with "
	                  "--with-key only."),
	.example = "  aftermine backup /var/lib/aftermine /var/backups/aftermine-2026-11-27.zip\n",
	.options = options,
	.minimum = 2,
	.maximum = 2,
	.run = run,
};
