/* aftermine check: is an instance whole? */
#include <stdio.h>

#include "cli/command.h"
#include "cli/instance.h"

static gboolean rebuild_option, json_option;
static const GOptionEntry options[] = {
	{ "rebuild", 0, 0, G_OPTION_ARG_NONE, &rebuild_option, N_("First make search, facets and maps anew from the revisions"), NULL },
	{ "json", 0, 0, G_OPTION_ARG_NONE, &json_option, N_("Answer in JSON"), NULL },
	{ NULL }
};

static void tell(const GPtrArray *faults)
{
	if (json_option) {
		json_t *list = json_array();
		for (guint i = 0; i < faults->len; i++)
			json_array_append_new(list, json_string(g_ptr_array_index(faults, i)));
		json_t *answer = json_pack("{s:b,s:o}", "ok", faults->len == 0, "faults", list);
		json_dumpf(answer, stdout, JSON_INDENT(2));
		json_decref(answer);
	} else {
		for (guint i = 0; i < faults->len; i++)
			printf("%s\n", (const char *)g_ptr_array_index(faults, i));
		if (faults->len == 0)
			fputs(_("The instance is whole: pages, hashes, chains of revisions, and what search is made of."), stdout);
	}
	putchar('\n');
}

static outcome run(char **arguments, GError **error)
{
	g_autoptr(store) s = instance_open(arguments[0], error);
	if (!s || (rebuild_option && !store_rebuild(s, error)))
		return OUTCOME_FAILED;
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	if (!store_check(s, faults, error))
		return OUTCOME_FAILED;
	tell(faults);
	return faults->len ? OUTCOME_NO : OUTCOME_DONE;
}

const command command_check = {
	.name = "check",
	.summary = N_("is the instance whole; exit 1 and a list if not"),
	.arguments = "DIR",
	.description = N_("Reads every page of the database, verifies every revision's hash and its link to the one before, and compares search, facets, maps and "
	                  "references with what the revisions give."),
	.example = "  aftermine check instance\n  aftermine check instance --rebuild\n",
	.options = options,
	.minimum = 1,
	.maximum = 1,
	.run = run,
};
