/* aftermine schema: what the kinds declare, for programs and for people. */
#include <stdio.h>

#include "cli/command.h"
#include "record/kind.h"

static outcome run(char **arguments, GError **error)
{
	(void)arguments;
	(void)error;
	for (gsize i = 0; i < kinds_count; i++)
		printf("%-13s %s\n", kinds[i]->name, _(kinds[i]->help));
	return OUTCOME_DONE;
}

const command command_schema = {
	.name = "schema",
	.summary = N_("list the kinds of record"),
	.arguments = "",
	.example = "  aftermine schema\n",
	.run = run,
};
