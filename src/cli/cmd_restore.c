/* aftermine restore: the instance of a backup. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "base/whole.h"
#include "base/zip.h"
#include "cli/command.h"
#include "cli/instance.h"
#include "cli/making.h"
#include "cli/report.h"

static gboolean json_option;
static const GOptionEntry options[] = {
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

static const struct {
	const char *name;
	int mode;
	gboolean needed;
} parts[] = {
	{ "settings.ini", 0644, TRUE },
	{ "log.pub", 0644, FALSE },
	{ "log.former", 0644, FALSE },
	{ "log.key", 0600, FALSE },
	{ "records.db", 0644, TRUE },
};

typedef struct restoring {
	const char *file;
	zip_reader *zip;
	gboolean key; /* there is one */
} restoring;

typedef struct part {
	const guint8 *bytes;
	gsize length;
} part;

static gboolean fill(FILE *out, gpointer data, GError **error)
{
	const part *p = data;
	if (fwrite(p->bytes, 1, p->length, out) == p->length)
		return TRUE;
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("The instance could not be written: %s. Free some space, or choose another place."), g_strerror(errno));
	return FALSE;
}

/* Every part that is there, into the folder; the database must be as it was written. */
static outcome unpack(const char *folder, gpointer data, GError **error)
{
	restoring *r = data;
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *path = g_build_filename(folder, parts[i].name, NULL);
		GError *why = NULL;
		part p = { 0 };
		p.bytes = zip_get(r->zip, parts[i].name, &p.length, &why);
		if (why) {
			g_propagate_prefixed_error(error, why, "%s: ", r->file);
			return OUTCOME_FAILED;
		}
		if (!p.bytes && parts[i].needed) {
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is not a backup: it holds no %s. \"aftermine backup\" makes one."), r->file, parts[i].name);
			return OUTCOME_FAILED;
		}
		if (p.bytes && !file_write_whole(path, parts[i].mode, fill, &p, error))
			return OUTCOME_FAILED;
		if (p.bytes && strcmp(parts[i].name, "log.key") == 0)
			r->key = TRUE;
	}
	if (!instance_look(folder, faults, error))
		return OUTCOME_FAILED;
	for (guint i = 0; i < faults->len; i++)
		fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(faults, i));
	return faults->len ? OUTCOME_NO : OUTCOME_DONE;
}

static outcome run(char **arguments, GError **error)
{
	const char *file = arguments[0], *dir = arguments[1];
	g_autoptr(GMappedFile) mapped = g_mapped_file_new(file, FALSE, error);
	if (!mapped)
		return OUTCOME_FAILED;
	g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(mapped);
	g_autoptr(zip_reader) zip = zip_open(bytes, error);
	if (!zip) {
		g_prefix_error(error, "%s: ", file);
		return OUTCOME_FAILED;
	}
	restoring r = { file, zip, FALSE };
	outcome answer = instance_make(dir, unpack, &r, error);
	if (answer != OUTCOME_DONE)
		return answer;
	if (json_option) {
		report_json(stdout, json_pack("{s:b,s:s,s:b}", "ok", TRUE, "instance", dir, "key", r.key));
		return OUTCOME_DONE;
	}
	g_autofree char *text = g_strdup_printf(r.key ? _("%s is restored, with the key of its log.") : _("%s is restored. Put log.key, which you keep elsewhere, into it before you serve it."), dir);
	puts(text);
	return OUTCOME_DONE;
}

const command command_restore = {
	.name = "restore",
	.summary = N_("the instance of a backup, in a new folder"),
	.arguments = "FILE DIR",
	.description = N_("Makes DIR, which is not there yet or empty, of what \"backup\" wrote to FILE. DIR has its name when it is whole: checksums hold and every page of the database is as it "
	                  "was written. \"verify\" then says more. Without log.key in the backup put the copy that you keep into DIR."),
	.example = "  aftermine restore /var/backups/aftermine-2026-11-27.zip /var/lib/aftermine\n",
	.options = options,
	.minimum = 2,
	.maximum = 2,
	.run = run,
};
