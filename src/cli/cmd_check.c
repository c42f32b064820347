/* aftermine check: is an instance whole? */
#include <stdio.h>

#include "cli/command.h"
#include "cli/instance.h"
#include "cli/report.h"

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
		report_json(stdout, json_pack("{s:b,s:o}", "ok", faults->len == 0, "faults", list));
		return;
	}
	for (guint i = 0; i < faults->len; i++)
		puts(g_ptr_array_index(faults, i));
	if (faults->len == 0)
		puts(_("The instance is whole: pages, hashes, chains of revisions, and what search is made of."));
}

static gboolean look(const char *dir, GPtrArray *faults, GError **error)
{
	if (!instance_look(dir, faults, error))
		return FALSE;
	g_autoptr(store) s = instance_open(dir, error);
	return s && (!rebuild_option || store_rebuild(s, error)) && store_check(s, faults, error);
}

/* That the database is too damaged to be looked through, or is none, is an answer; that it cannot be looked at is a failure. */
static outcome run(char **arguments, GError **error)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) wrong = NULL;
	if (!look(arguments[0], faults, &wrong)) {
		if (!g_error_matches(wrong, STORE_ERROR, STORE_ERROR_DAMAGED)) {
			g_propagate_error(error, g_steal_pointer(&wrong));
			return OUTCOME_FAILED;
		}
		g_ptr_array_add(faults, g_strdup(wrong->message));
	}
	tell(faults);
	return faults->len ? OUTCOME_NO : OUTCOME_DONE;
}

const command command_check = {
	.name = "check",
	.summary = N_("is the instance whole; exit 1 and a list if not"),
	.arguments = "DIR",
	.description = N_("Reads every page of the database, verifies every revision's hash and its link to the one before, and compares search, facets, maps and "
	                  "references with what the revisions give. Exit status 1: it is not whole, or its database is none; what is wrong is listed."),
	.example = "  aftermine check instance\n  aftermine check instance --rebuild\n",
	.options = options,
	.minimum = 1,
	.maximum = 1,
	.run = run,
};
