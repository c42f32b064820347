/* aftermine export: published records as JSON, CSV or GeoJSON, one file or a folder with one file a kind. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/instance.h"
#include "cli/report.h"
#include "rules/day.h"
#include "store/export.h"

static char *format_option, *as_option, *as_of_option;
static gboolean json_option;
static const GOptionEntry options[] = {
	{ "format", 0, 0, G_OPTION_ARG_STRING, &format_option, N_("json, csv or geojson (default: by the ending of OUT, else json)"), "FORMAT" },
	{ "as", 0, 0, G_OPTION_ARG_STRING, &as_option, N_("Only records of one kind"), "KIND" },
	{ "as-of", 0, 0, G_OPTION_ARG_STRING, &as_of_option, N_("What was published at the end of a day, such as 2026-12-31"), "DATE" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

static gboolean cannot_write(const char *path, GError **error)
{
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), _("%s cannot be written: %s. Choose a place this user may write to, with space."), path,
	    g_strerror(errno));
	return FALSE;
}

/* A file gets its name when it is whole and safe on the disk. */
static gboolean export_file(store_reader *r, const char *kind_name, export_format format, const char *path, guint *count, GError **error)
{
	g_autofree char *making = g_strconcat(path, ".XXXXXX", NULL);
	int file = g_mkstemp_full(making, O_WRONLY | O_CLOEXEC, 0644);
	FILE *out = file < 0 ? NULL : fdopen(file, "w");
	if (!out)
		return cannot_write(path, error);
	gboolean ok = export_write(r, kind_name, format, as_of_option, out, count, error);
	gboolean safe = ok && fsync(file) == 0;
	if (fclose(out) != 0)
		safe = FALSE;
	if (ok && (!safe || g_rename(making, path) != 0))
		ok = cannot_write(path, error);
	if (!ok)
		g_unlink(making);
	return ok;
}

static gboolean export_folder(store_reader *r, export_format format, const char *folder, guint *total, GError **error)
{
	if (g_mkdir_with_parents(folder, 0755) != 0)
		return cannot_write(folder, error);
	for (gsize i = 0; i < kinds_count; i++) {
		guint count = 0;
		if ((as_option && strcmp(as_option, kinds[i]->name) != 0) || (format == EXPORT_GEOJSON && !kinds[i]->longitude && !kinds[i]->geometry))
			continue;
		if (!as_of_option && store_count(r, kinds[i]->name, NULL) == 0)
			continue;
		g_autofree char *name = g_strdup_printf("%s.%s", kinds[i]->plural, export_format_name(format));
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (!export_file(r, kinds[i]->name, format, path, &count, error))
			return FALSE;
		*total += count;
	}
	return TRUE;
}

/* What OUT ends in behind its last dot; NULL: it is a folder, there already, or written with a slash at its end, or without an ending. */
static const char *ending_of(const char *out)
{
	const char *slash = strrchr(out, '/'), *dot = strrchr(slash ? slash : out, '.');
	gboolean folder = g_str_has_suffix(out, "/") || g_file_test(out, G_FILE_TEST_IS_DIR);
	return folder || !dot || !dot[1] ? NULL : dot + 1;
}

static outcome run(char **arguments, GError **error)
{
	const char *ending = ending_of(arguments[1]);
	int named = ending ? export_format_by_name(ending) : -1;
	int format = format_option ? export_format_by_name(format_option) : named >= 0 ? named : EXPORT_JSON;
	gboolean stream = strcmp(arguments[1], "-") == 0, single = stream || named >= 0;
	if (format < 0)
		return usage_error(error, _("\"%s\" is not a format. There are json, csv and geojson."), format_option);
	if (ending && named < 0)
		return usage_error(error, _("%s: \"%s\" is not a format. OUT ends in .json, .csv or .geojson, or is a folder: write %s/ for one of that name."), arguments[1], ending,
		    arguments[1]);
	if (as_option && !kind_by_name(as_option))
		return usage_error(error, _("\"%s\" is not a kind of record. \"aftermine schema\" lists them."), as_option);
	if (single && format == EXPORT_CSV && !as_option)
		return usage_error(error, _("a table holds records of one kind: name it with --as, or give a folder for one table a kind."));
	if (as_of_option) {
		g_autoptr(GDateTime) now = g_date_time_new_now_utc();
		g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
		const char *cannot = day_as_of_refused(as_of_option, today);
		if (cannot)
			return usage_error(error, "%s", _(cannot));
	}
	g_autoptr(store) s = instance_open(arguments[0], error);
	g_autoptr(store_reader) r = s ? store_reader_open(s, error) : NULL;
	guint count = 0;
	if (!r)
		return OUTCOME_FAILED;
	gboolean ok = stream ? export_write(r, as_option, (export_format)format, as_of_option, stdout, &count, error)
	              : single ? export_file(r, as_option, (export_format)format, arguments[1], &count, error)
	                       : export_folder(r, (export_format)format, arguments[1], &count, error);
	if (!ok)
		return OUTCOME_FAILED;
	FILE *told = stream ? stderr : stdout;
	if (json_option) {
		report_json(told, json_pack("{s:b,s:i,s:s}", "ok", TRUE, "records", (int)count, "written", arguments[1]));
		return OUTCOME_DONE;
	}
	/* In two steps: the sanitizers' build takes a translated format straight to fprintf for one that may be missing. */
	g_autofree char *text = g_strdup_printf(_("%u records written to %s."), count, arguments[1]);
	fprintf(told, "%s\n", text);
	return OUTCOME_DONE;
}

const command command_export = {
	.name = "export",
	.summary = N_("write published records as JSON, CSV or GeoJSON"),
	.arguments = "DIR OUT",
	.description = N_("OUT is a file when it ends in .json, .csv or .geojson, - for standard output, else a folder with one file a kind; a folder "
	                  "whose name has another ending is written with a slash behind it. What is written can be imported again."),
	.example = "  aftermine export instance records.json\n  aftermine export instance tables --format csv\n  aftermine export instance cases.geojson --as case --as-of "
	           "2026-12-31\n",
	.options = options,
	.minimum = 2,
	.maximum = 2,
	.run = run,
};
