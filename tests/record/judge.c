/* Judges records from standard input, one {"kind","body"} a line: writes for each the faults that its declaration finds, a JSON array a
 * line. Rules over several fields are left out with --fields-only: a JSON Schema cannot say them. */
#include <stdio.h>
#include <string.h>

#include "record/validate.h"

static json_t *faults_of(const json_t *line, gboolean fields_only)
{
	const char *name = json_string_value(json_object_get(line, "kind"));
	const kind *declared = name ? kind_by_name(name) : NULL;
	json_t *list = json_array();
	if (!declared)
		return list;
	kind k = *declared;
	if (fields_only)
		k.checks = NULL;
	g_autoptr(GPtrArray) faults = body_validate(&k, json_object_get(line, "body"), NULL);
	for (guint i = 0; i < faults->len; i++) {
		const fault *f = faults->pdata[i];
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "pointer", f->pointer, "message", f->message, "remedy", f->remedy));
	}
	return list;
}

int main(int argc, char **argv)
{
	gboolean fields_only = argc == 2 && strcmp(argv[1], "--fields-only") == 0;
	char *text = NULL;
	size_t capacity = 0;
	for (ssize_t length; (length = getline(&text, &capacity, stdin)) > 0;) {
		json_auto_t *line = json_loadb(text, (size_t)length, JSON_ALLOW_NUL, NULL);
		json_auto_t *faults = line ? faults_of(line, fields_only) : json_pack("[{s:s, s:s}]", "pointer", "", "message", "not JSON");
		json_dumpf(faults, stdout, JSON_COMPACT);
		putchar('\n');
	}
	free(text);
	return 0;
}
