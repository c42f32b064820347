#include "shipped.h"

#include <string.h>

#include "record/collected.h"

const char *const shipped_plurals[] = { "organisations", "practices", "cases", "pledges", "progress", "targets", "policies", "finance", "forum", NULL };

static const struct {
	const char *kind, *file;
} sources[] = {
	{ "organisation", "organisations.json" }, { "practice", "practices.json" }, { "case", "cases-americas-europe.json" }, { "case", "cases-asia-pacific-africa.json" },
	{ "pledge", "pledges.json" }, { "target", "ldn-targets.json" }, { "policy", "policies.json" }, { "finance", "finance.json" }, { "forum", "forum.json" },
};

json_t *collected_items(const char *folder, const char *kind_name)
{
	json_t *items = json_array();
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
		if (strcmp(sources[i].kind, kind_name) != 0)
			continue;
		g_autofree char *path = g_build_filename(folder, sources[i].file, NULL);
		json_auto_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
		if (!file) {
			json_decref(items);
			return NULL;
		}
		if (json_is_array(file))
			json_array_extend(items, file);
		else
			json_array_append(items, file);
	}
	return items;
}

static int by_id(gconstpointer a, gconstpointer b)
{
	return strcmp(json_string_value(json_object_get(*(json_t *const *)a, "id")), json_string_value(json_object_get(*(json_t *const *)b, "id")));
}

static json_t *sorted(json_t *records)
{
	g_autofree json_t **rows = g_new(json_t *, json_array_size(records) + 1);
	json_t *result = json_array();
	gsize i, n = json_array_size(records);
	for (i = 0; i < n; i++)
		rows[i] = json_array_get(records, i);
	qsort(rows, n, sizeof *rows, by_id);
	for (i = 0; i < n; i++)
		json_array_append(result, rows[i]);
	json_decref(records);
	return result;
}

/* Adds the records of every file of a folder: {plural: [{"id","body"}]}. */
static gboolean written_add(const char *folder, json_t *shipped, char **why)
{
	g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
	const char *name;
	while (files && (name = g_dir_read_name(files))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		json_error_t error;
		json_auto_t *file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
		const char *plural;
		json_t *records;
		json_object_foreach(file, plural, records) if (json_array_extend(json_object_get(shipped, plural), records) != 0) {
			*why = g_strdup_printf("%s: no records of a kind \"%s\" ship", path, plural);
			return FALSE;
		}
		if (!file) {
			*why = g_strdup_printf("%s, line %d: %s", path, error.line, error.text);
			return FALSE;
		}
	}
	if (!files)
		*why = g_strdup_printf("%s cannot be read", folder);
	return files != NULL;
}

json_t *shipped_records(const char *folder, const char *written, char **why)
{
	static const char *const kinds_collected[] = { "organisation", "practice", "case", "pledge", "target", "policy", "finance", "forum" };
	json_auto_t *shipped = json_object();
	for (gsize i = 0; shipped_plurals[i]; i++)
		json_object_set_new(shipped, shipped_plurals[i], json_array());
	for (gsize i = 0; i < G_N_ELEMENTS(kinds_collected); i++) {
		g_autoptr(GPtrArray) faults = faults_new();
		json_auto_t *items = collected_items(folder, kinds_collected[i]);
		json_auto_t *records = items ? collected_convert(kinds_collected[i], items, faults) : NULL;
		if (!records || faults->len) {
			*why = records ? g_strdup(((fault *)faults->pdata[0])->message) : g_strdup_printf("a file of kind %s is missing in %s", kinds_collected[i], folder);
			return NULL;
		}
		json_t *entry;
		gsize j;
		json_array_foreach(records, j, entry) if (!json_object_get(entry, "if_absent"))
		{
			const kind *k = kind_by_name(json_string_value(json_object_get(entry, "kind")));
			json_array_append_new(json_object_get(shipped, k->plural), json_pack("{s:O, s:O}", "id", json_object_get(entry, "id"), "body", json_object_get(entry, "body")));
		}
	}
	if (!written_add(written, shipped, why))
		return NULL;
	for (gsize i = 0; shipped_plurals[i]; i++)
		json_object_set_new(shipped, shipped_plurals[i], sorted(json_incref(json_object_get(shipped, shipped_plurals[i]))));
	return g_steal_pointer(&shipped);
}
