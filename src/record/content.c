#include "record/content.h"

#include <gio/gio.h>

#include "record/content-resource.h"

GBytes *content_file(const char *path)
{
	g_autofree char *full = g_strconcat("/aftermine/content/", path, NULL);
	return g_resource_lookup_data(content_get_resource(), full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

json_t *content_records(const kind *k)
{
	g_autofree char *path = g_strdup_printf("records/%s.json", k->plural);
	g_autoptr(GBytes) bytes = content_file(path);
	if (!bytes)
		return json_array();
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	json_error_t error;
	json_t *records = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!records)
		g_error("The embedded content/%s is not JSON: line %d: %s. The program was built from a damaged tree.", path, error.line, error.text);
	return records;
}
