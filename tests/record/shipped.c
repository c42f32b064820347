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

json_t *shipped_from_collected(const char *folder, char **why)
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
	for (gsize i = 0; shipped_plurals[i]; i++)
		json_object_set_new(shipped, shipped_plurals[i], sorted(json_incref(json_object_get(shipped, shipped_plurals[i]))));
	return g_steal_pointer(&shipped);
}
