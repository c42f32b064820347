/* aftermine export: published records as JSON, CSV, GeoJSON or GeoPackage, one file or a folder with one file a kind; or all of it as a data pack. */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/whole.h"
#include "cli/command.h"
#include "cli/instance.h"
#include "cli/packing.h"
#include "cli/report.h"
#include "rules/day.h"
#include "store/export.h"

static char *format_option, *as_option, *as_of_option;
static gboolean json_option;
static const GOptionEntry options[] = {
	{ "format", 0, 0, G_OPTION_ARG_STRING, &format_option, N_("json, csv, geojson, gpkg or pack (default: by the ending of OUT, else json)"), "FORMAT" },
	{ "as", 0, 0, G_OPTION_ARG_STRING, &as_option, N_("Only records of one kind"), "KIND" },
	{ "as-of", 0, 0, G_OPTION_ARG_STRING, &as_of_option, N_("What was published at the end of a day, such as 2026-12-31"), "DATE" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

/* One file of records. */
typedef struct exporting {
	store_reader *reader;
	const char *kind;
	export_format format;
	guint count;
} exporting;

static gboolean fill(FILE *out, gpointer data, GError **error)
{
	exporting *e = data;
	return export_write(e->reader, e->kind, e->format, as_of_option, out, &e->count, error);
}

static gboolean export_file(store_reader *r, const char *kind_name, export_format format, const char *path, guint *count, GError **error)
{
	exporting e = { r, kind_name, format, 0 };
	gboolean ok = file_write_whole(path, 0644, fill, &e, error);
	*count = e.count;
	return ok;
}

static gboolean export_folder(store_reader *r, export_format format, const char *folder, guint *total, GError **error)
{
	if (g_mkdir_with_parents(folder, 0755) != 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), _("%s cannot be made: %s. Choose a folder this user may write to."), folder, g_strerror(errno));
		return FALSE;
	}
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

/* The day asked for can be answered. */
static outcome check_day(GError **error)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *today = g_date_time_format(now, "%Y-%m-%d");
	const char *cannot = as_of_option ? day_as_of_refused(as_of_option, today) : NULL;
	return cannot ? usage_error(error, "%s", _(cannot)) : OUTCOME_DONE;
}

static void tell(FILE *told, guint count, const char *out)
{
	if (json_option) {
		report_json(told, json_pack("{s:b,s:i,s:s}", "ok", TRUE, "records", (int)count, "written", out));
		return;
	}
	/* In two steps: the sanitizers' build takes a translated format straight to fprintf for one that may be missing. */
	g_autofree char *text = g_strdup_printf(terminal_plural("%u record written to %s.", "%u records written to %s.", count), count, out);
	fprintf(told, "%s\n", text);
}

static outcome export_pack(const char *dir, const char *out, GError **error)
{
	guint64 entries;
	if (as_option)
		return usage_error(error, _("a data pack holds every kind: leave --as out."));
	if (check_day(error) != OUTCOME_DONE)
		return OUTCOME_USAGE;
	if (!packing_export(dir, out, as_of_option, &entries, error))
		return OUTCOME_FAILED;
	if (json_option) {
		report_json(stdout, json_pack("{s:b,s:I,s:s}", "ok", TRUE, "entries", (json_int_t)entries, "written", out));
		return OUTCOME_DONE;
	}
	g_autofree char *text = g_strdup_printf(_("The log's %" G_GUINT64_FORMAT " entries and all that is made of them written to %s."), entries, out);
	puts(text);
	return OUTCOME_DONE;
}

static outcome run(char **arguments, GError **error)
{
	const char *ending = ending_of(arguments[1]);
	if (g_strcmp0(format_option, "pack") == 0 || (!format_option && g_strcmp0(ending, "zip") == 0))
		return export_pack(arguments[0], arguments[1], error);
	int named = ending ? export_format_by_name(ending) : -1;
	int format = format_option ? export_format_by_name(format_option) : named >= 0 ? named : EXPORT_JSON;
	gboolean stream = strcmp(arguments[1], "-") == 0, single = stream || named >= 0;
	if (format < 0)
		return usage_error(error, _("\"%s\" is not a format. There are json, csv, geojson, gpkg and pack."), format_option);
	if (ending && named < 0)
		return usage_error(error, _("%s: \"%s\" is not a format. OUT ends in .json, .csv, .geojson, .gpkg or .zip, or is a folder: write %s/ for one of that name."), arguments[1],
		    ending, arguments[1]);
	if (as_option && !kind_by_name(as_option))
		return usage_error(error, _("\"%s\" is not a kind of record. \"aftermine schema\" lists them."), as_option);
	if (single && format == EXPORT_CSV && !as_option)
		return usage_error(error, _("a table holds records of one kind: name it with --as, or give a folder for one table a kind."));
	if (check_day(error) != OUTCOME_DONE)
		return OUTCOME_USAGE;
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
	tell(stream ? stderr : stdout, count, arguments[1]);
	return OUTCOME_DONE;
}

const command command_export = {
	.name = "export",
	.summary = N_("write published records as JSON, CSV, GeoJSON or GeoPackage, or all of it as one data pack"),
	.arguments = "DIR OUT",
	.description = N_("OUT is a file when it ends in .json, .csv, .geojson or .gpkg, - for standard output, else a folder with one file a kind; a folder "
	                  "whose name has another ending is written with a slash behind it. JSON, CSV and GeoJSON can be imported again. With --format pack (or an OUT that ends in "
	                  ".zip): the registry whole in one archive, with its log, proofs, files and descriptions; \"verify\" verifies it, \"import\" brings it into an empty "
	                  "instance. What was published at the end of a day that is over gives the same bytes whenever it is exported."),
	.example = "  aftermine export instance records.json\n  aftermine export instance tables --format csv\n  aftermine export instance cases.geojson --as case --as-of "
	           "2026-12-31\n  aftermine export instance pack-2026.zip --format pack --as-of 2026-12-31\n",
	.options = options,
	.minimum = 2,
	.maximum = 2,
	.run = run,
};
