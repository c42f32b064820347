#include "web/assets.h"

#include <jansson.h>
#include <string.h>

extern const guint8 web_bundle[], web_bundle_end[];

const char *const encoding_names[ENCODING_COUNT] = { NULL, "gzip", "br" };
static const char *const endings[ENCODING_COUNT] = { "", ".gz", ".br" };

static struct {
	GResource *bundle;
	GHashTable *by_hash, *by_name; /* -> asset */
	GHashTable *addresses;         /* name -> "/static/HASHED" */
} assets;

static GBytes *bundle_file(const char *folder, const char *name, const char *ending)
{
	g_autofree char *path = g_strconcat("/aftermine/", folder, "/", name, ending, NULL);
	return g_resource_lookup_data(assets.bundle, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void add_asset(const char *name, const json_t *row)
{
	asset *a = g_new0(asset, 1);
	a->name = g_strdup(name);
	a->hashed = g_strdup(json_string_value(json_object_get(row, "hashed")));
	a->content_type = g_strdup(json_string_value(json_object_get(row, "type")));
	for (guint i = 0; i < ENCODING_COUNT; i++)
		a->bytes[i] = bundle_file("static", name, endings[i]);
	g_hash_table_insert(assets.by_hash, a->hashed, a);
	g_hash_table_insert(assets.by_name, a->name, a);
	g_hash_table_insert(assets.addresses, a->name, g_strconcat("/static/", a->hashed, NULL));
}

static void load(void)
{
	static gsize once;
	if (!g_once_init_enter(&once))
		return;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_bytes_new_static(web_bundle, (gsize)(web_bundle_end - web_bundle));
	assets.bundle = g_resource_new_from_data(bytes, &error);
	if (error)
		g_error("embedded files: %s", error->message); /* a broken build */
	assets.by_hash = g_hash_table_new(g_str_hash, g_str_equal);
	assets.by_name = g_hash_table_new(g_str_hash, g_str_equal);
	assets.addresses = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GBytes) listed = bundle_file("static", "manifest.json", "");
	gsize size;
	const char *data = g_bytes_get_data(listed, &size);
	json_t *manifest = json_loadb(data, size, 0, NULL);
	const char *name;
	json_t *row;
	json_object_foreach(manifest, name, row)
		add_asset(name, row);
	json_decref(manifest);
	g_once_init_leave(&once, 1);
}

asset *asset_find(const char *hashed)
{
	load();
	return g_hash_table_lookup(assets.by_hash, hashed);
}

asset *asset_named(const char *name)
{
	load();
	return g_hash_table_lookup(assets.by_name, name);
}

const char *asset_address(const char *name)
{
	load();
	return g_hash_table_lookup(assets.addresses, name);
}

GBytes *asset_template(const char *name)
{
	load();
	return bundle_file("templates", name, ".mustache");
}
