/* Writes content/records/ anew from the collected files and content/written/: build/tests/record/collect COLLECTED-FOLDER content. Run it twice
 * when organisations or practices changed: other kinds name those that were built in. */
#include <stdio.h>

#include "base/pretty.h"
#include "shipped.h"

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: collect COLLECTED-FOLDER CONTENT-FOLDER\n");
		return 2;
	}
	g_autofree char *why = NULL, *written = g_build_filename(argv[2], "written", NULL);
	json_auto_t *shipped = shipped_records(argv[1], written, &why);
	if (!shipped) {
		fprintf(stderr, "collect: %s\n", why);
		return 3;
	}
	for (gsize i = 0; shipped_plurals[i]; i++) {
		g_autoptr(GError) error = NULL;
		gsize length = 0;
		g_autofree char *name = g_strconcat(shipped_plurals[i], ".json", NULL), *path = g_build_filename(argv[2], "records", name, NULL);
		g_autofree char *text = pretty_text(json_object_get(shipped, shipped_plurals[i]), &length, &error);
		if (!text || !g_file_set_contents(path, text, (gssize)length, &error)) {
			fprintf(stderr, "collect: %s: %s\n", path, error->message);
			return 3;
		}
		printf("%4zu %s\n", json_array_size(json_object_get(shipped, shipped_plurals[i])), shipped_plurals[i]);
	}
	return 0;
}
