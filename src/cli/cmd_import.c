/* aftermine import: records from files into an instance, all or none. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/import_vector.h"
#include "cli/instance.h"
#include "cli/packing.h"
#include "cli/report.h"
#include "pack/pack.h"

static char *as_option, *author_option;
static vector_options vector;
static gboolean publish_option, dry_run_option, json_option;
static const GOptionEntry options[] = {
	{ "as", 0, 0, G_OPTION_ARG_STRING, &as_option, N_("Kind of the records; else as they say themselves, or as the file is called (cases.csv)"), "KIND" },
	{ "publish", 0, 0, G_OPTION_ARG_NONE, &publish_option, N_("Publish them at once; else they are drafts"), NULL },
	{ "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry_run_option, N_("Only check and count; change nothing"), NULL },
	{ "author", 0, 0, G_OPTION_ARG_STRING, &author_option, N_("Id of the organisation or role that answers for them (default: import)"), "ID" },
	{ "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &vector.map, N_("Vector files: the attribute that fills a field, or a mapping as JSON; may be given again"), "FIELD=ATTRIBUTE|FILE.json" },
	{ "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &vector.set, N_("Vector files: what a field holds for every feature; may be given again"), "FIELD=TEXT" },
	{ "id", 0, 0, G_OPTION_ARG_STRING, &vector.id, N_("Vector files: attribute that ids are made from (default: the name)"), "ATTRIBUTE" },
	{ "source", 0, 0, G_OPTION_ARG_STRING, &vector.source, N_("Vector files: title of the source they come from"), "TITLE" },
	{ "source-url", 0, 0, G_OPTION_ARG_STRING, &vector.source_url, N_("Vector files: address of the source"), "URL" },
	{ "source-kind", 0, 0, G_OPTION_ARG_STRING, &vector.source_kind, N_("Vector files: who stands behind the source, such as government"), "KIND" },
	{ "accept", 0, 0, G_OPTION_ARG_STRING_ARRAY, &vector.accept, N_("Vector files: an ailment that is no reason to refuse, such as wrong-country; may be given again"), "AILMENT" },
	{ "layer", 0, 0, G_OPTION_ARG_STRING, &vector.layer, N_("Vector files: the layer to take (default: all)"), "NAME" },
	{ "crs", 0, 0, G_OPTION_ARG_STRING, &vector.crs, N_("Vector files: reference system where the file does not say it, such as EPSG:32735"), "NAME" },
	{ "ldn", 0, 0, G_OPTION_ARG_FILENAME, &vector.program, N_("Vector files: the program ldn that reads them (default: the one beside this program, or on PATH)"), "PROGRAM" },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

static void tell(const import_counts *c, const GPtrArray *faults, const json_t *files)
{
	if (json_option) {
		json_t *answer = json_pack("{s:b,s:b,s:i,s:i,s:i,s:o}", "ok", faults->len == 0, "dry_run", dry_run_option, "added", (int)c->added, "changed",
		    (int)c->changed, "unchanged", (int)c->unchanged, "faults", faults_to_json(faults));
		if (json_array_size(files))
			json_object_set(answer, "files", (json_t *)(gsize)files);
		report_json(stdout, answer);
		return;
	}
	vector_tell(files);
	report_faults(faults);
	if (faults->len)
		fprintf(stderr, terminal_plural("%u fault: nothing was imported.", "%u faults: nothing was imported.", faults->len), faults->len);
	else if (dry_run_option)
		printf(terminal_plural("Would add %u record, change %u and leave %u as they are. Nothing was changed (--dry-run).",
		           "Would add %u records, change %u and leave %u as they are. Nothing was changed (--dry-run).", c->added), c->added, c->changed, c->unchanged);
	else
		printf(terminal_plural("%u record added, %u changed, %u as they were.", "%u records added, %u changed, %u as they were.", c->added), c->added, c->changed, c->unchanged);
	fputc('\n', faults->len ? stderr : stdout);
}

static outcome import_all(import *m, char **files, GError **error)
{
	import_counts counts;
	json_auto_t *told = json_array();
	for (char **file = files; *file; file++)
		if (!(vector_is(*file, &vector) ? vector_import(m, *file, as_option ? kind_by_name(as_option) : NULL, &vector, told, error)
		                                : import_file(m, *file, as_option, error)))
			return g_error_matches(*error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE) ? OUTCOME_USAGE : OUTCOME_FAILED;
	if (!import_check(m, publish_option, &counts, error))
		return OUTCOME_FAILED;
	gboolean good = import_faults(m)->len == 0;
	if (good && !dry_run_option && !import_write(m, error))
		return OUTCOME_FAILED;
	tell(&counts, import_faults(m), told);
	return good ? OUTCOME_DONE : OUTCOME_NO;
}

/* A data pack comes alone, into an instance without records. */
static outcome import_pack(const char *dir, char **files, GError **error)
{
	guint64 entries;
	if (files[1] || as_option || publish_option)
		return usage_error(error, _("a data pack is imported alone, and as it is: leave the other files, --as and --publish out."));
	g_autoptr(GError) wrong = NULL;
	if (!packing_import(dir, files[0], dry_run_option, &entries, &wrong)) {
		if (g_error_matches(wrong, PACK_ERROR, PACK_ERROR_FALSE)) {
			fprintf(stderr, "%s\n", wrong->message);
			return OUTCOME_NO;
		}
		g_propagate_error(error, g_steal_pointer(&wrong));
		return OUTCOME_FAILED;
	}
	if (json_option) {
		report_json(stdout, json_pack("{s:b,s:b,s:I}", "ok", TRUE, "dry_run", dry_run_option, "entries", (json_int_t)entries));
		return OUTCOME_DONE;
	}
	g_autofree char *text = g_strdup_printf(dry_run_option ? _("Would bring in %" G_GUINT64_FORMAT " entries of a log. Nothing was changed (--dry-run).")
	                                                       : _("%" G_GUINT64_FORMAT " entries of the log are here, with the same root as in the pack."), entries);
	puts(text);
	return OUTCOME_DONE;
}

static outcome run(char **arguments, GError **error)
{
	if (as_option && !kind_by_name(as_option))
		return usage_error(error, _("\"%s\" is not a kind of record. \"aftermine schema\" lists them."), as_option);
	if (author_option && !id_is_valid(author_option))
		return usage_error(error, _("\"%s\" is not an id. Give one of lower-case letters, digits and single hyphens."), author_option);
	if (pack_is(arguments[1]))
		return import_pack(arguments[0], arguments + 1, error);
	g_autoptr(store) s = instance_open(arguments[0], error);
	g_autoptr(store_reader) r = s ? store_reader_open(s, error) : NULL;
	if (!r)
		return OUTCOME_FAILED;
	g_autoptr(import) m = import_new(s, r, author_option ? author_option : "import");
	return import_all(m, arguments + 1, error);
}

const command command_import = {
	.name = "import",
	.summary = N_("add records from JSON, CSV and map files"),
	.arguments = "DIR FILE...",
	.description = N_("Takes the program's own form (as export writes it), and the form the compilation was collected in. All files are one import: if anything "
	                  "is wrong, every fault is named and nothing is changed. Boundaries come as GeoJSON, KML, KMZ, GeoPackage, zipped shapefile, or CSV with WKT "
	                  "or coordinates (then with --map, --set or --source): they are read in a sandbox, checked and repaired, and what was found is told. "
	                  "A data pack (\"export --format pack\") is verified and brought into an instance without records: the same log, entry by entry."),
	.example = "  aftermine import instance cases.json --dry-run\n  aftermine import instance pledges-2026.csv --as pledge --publish\n"
	           "  aftermine import instance permits.zip --as site --map name=mine --set country=USA --source \"Permit register\" --source-kind government\n",
	.options = options,
	.minimum = 2,
	.maximum = -1,
	.run = run,
};
