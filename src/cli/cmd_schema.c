/* aftermine schema: what the kinds declare, for programs and for people. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report.h"
#include "record/table.h"
#include "record/validate.h"

static gboolean as_csv, as_dictionary, as_json;

static const GOptionEntry options[] = {
	{ "csv", 0, 0, G_OPTION_ARG_NONE, &as_csv, N_("The header of the kind's CSV table"), NULL },
	{ "dictionary", 0, 0, G_OPTION_ARG_NONE, &as_dictionary, N_("The data dictionary, as Markdown"), NULL },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("The list of kinds in JSON (the schema of a kind is JSON anyway)"), NULL },
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
};

static outcome print_kind(const kind *k)
{
	if (as_csv) {
		g_autoptr(GString) header = table_write(k, NULL, NULL, 0);
		fputs(header->str, stdout);
	} else if (as_dictionary) {
		g_autoptr(GString) dictionary = kind_dictionary(k);
		fputs(dictionary->str, stdout);
	} else {
		report_json(stdout, kind_schema(k));
	}
	return OUTCOME_DONE;
}

static outcome run(char **arguments, GError **error)
{
	if (as_csv + as_dictionary + as_json > 1)
		return usage_error(error, _("--csv, --dictionary and --json exclude each other."));
	if (arguments[0]) {
		const kind *k = kind_by_name(arguments[0]);
		if (!k)
			return usage_error(error, _("there is no kind \"%s\". \"aftermine schema\" lists them."), arguments[0]);
		return print_kind(k);
	}
	if (as_csv)
		return usage_error(error, _("--csv needs a KIND. \"aftermine schema\" lists them."));
	if (as_json) {
		json_t *list = json_array();
		for (gsize i = 0; i < kinds_count; i++)
			json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s}", "kind", kinds[i]->name, "plural", kinds[i]->plural, "label", kinds[i]->label, "help", kinds[i]->help));
		report_json(stdout, list);
		return OUTCOME_DONE;
	}
	for (gsize i = 0; i < kinds_count; i++)
		if (as_dictionary)
			print_kind(kinds[i]);
		else
			printf("%-13s %s\n", kinds[i]->name, _(kinds[i]->help));
	return OUTCOME_DONE;
}

const command command_schema = {
	.name = "schema",
	.summary = N_("print what a kind of record declares"),
	.arguments = "[KIND]",
	.description = N_("Without a kind, lists the kinds. With one, prints its JSON Schema (2020-12), the header of its CSV table, or its data dictionary."),
	.example = "  aftermine schema case > case.schema.json\n  aftermine schema pledge --csv > pledges.csv\n  aftermine schema --dictionary > dictionary.md\n",
	.options = options,
	.minimum = 0,
	.maximum = 1,
	.run = run,
};
