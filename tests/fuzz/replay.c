/* Runs a fuzz target over the files of its corpus: every input that once broke something is a test for ever. Speaks TAP. */
#include <gio/gio.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int by_name(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static gboolean input_runs(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *bytes = NULL;
	gsize length;
	if (!g_file_get_contents(path, &bytes, &length, NULL))
		return FALSE;
	/* A copy of exactly that size: a read past its end is seen by the sanitizer. */
	uint8_t *copy = g_malloc(MAX(length, 1));
	memcpy(copy, bytes, length);
	LLVMFuzzerTestOneInput(copy, length);
	g_free(copy);
	return TRUE;
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) folder = argc == 2 ? g_dir_open(argv[1], 0, NULL) : NULL;
	if (!folder) {
		fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	for (const char *name; (name = g_dir_read_name(folder));)
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, by_name);

	int broken = 0;
	printf("1..%u\n", names->len + 1);
	printf("%s 1 - the empty input is taken\n", LLVMFuzzerTestOneInput((const uint8_t *)"", 0) == 0 ? "ok" : "not ok");
	for (guint i = 0; i < names->len; i++) {
		gboolean runs = input_runs(argv[1], names->pdata[i]);
		broken += !runs;
		printf("%s %u - %s is taken\n", runs ? "ok" : "not ok", i + 2, (const char *)names->pdata[i]);
	}
	return broken != 0;
}
