/* A measurement as a STAC item: where, when, what came out, and the files that hold it. */
#include <math.h>
#include <string.h>

#include "record/record.h"
#include "web/api/stac.h"

json_t *stac_place(const request *r, const record *rec)
{
	const char *id = json_string_value(json_object_get(rec->body, "site"));
	g_autoptr(record) site = id ? store_get(request_reader(r), "site", id, request_as_of(r), NULL) : NULL;
	json_t *geometry = site ? json_object_get(site->body, "geometry") : NULL;
	if (geometry)
		return json_incref(geometry);
	const json_t *x = site ? json_object_get(site->body, "longitude") : NULL, *y = site ? json_object_get(site->body, "latitude") : NULL;
	return x && y ? json_pack("{s:s, s:[f,f]}", "type", "Point", "coordinates", json_number_value(x), json_number_value(y)) : NULL;
}

/* ---- its box ---- */

typedef struct reach {
	double west, south, east, north, least_east, greatest_west; /* the last two: least longitude from 0 on, greatest below 0 */
} reach;

static void reach_over(reach *b, const json_t *list, int depth)
{
	const json_t *part;
	gsize i;
	if (json_is_number(json_array_get(list, 0))) {
		double x = json_number_value(json_array_get(list, 0)), y = json_number_value(json_array_get(list, 1));
		b->west = fmin(b->west, x), b->east = fmax(b->east, x), b->south = fmin(b->south, y), b->north = fmax(b->north, y);
		if (x >= 0)
			b->least_east = fmin(b->least_east, x);
		else
			b->greatest_west = fmax(b->greatest_west, x);
		return;
	}
	if (depth < 6)
		json_array_foreach(list, i, part)
			reach_over(b, part, depth + 1);
}

/* West, south, east, north of a GeoJSON geometry, west > east where it lies on both sides of the antimeridian (RFC 7946, 5.2). */
static json_t *stac_bbox(const json_t *geometry)
{
	reach b = { INFINITY, INFINITY, -INFINITY, -INFINITY, INFINITY, -INFINITY };
	reach_over(&b, json_object_get(geometry, "coordinates"), 0);
	gboolean crosses = b.west == -180 && b.east == 180 && b.least_east - b.greatest_west > 180;
	return json_pack("[f,f,f,f]", crosses ? b.least_east : b.west, b.south, crosses ? b.greatest_west : b.east, b.north);
}

/* ---- its files ---- */

static json_t *asset_of(const char *href, const char *title, const char *type, const char *role)
{
	return json_pack("{s:s, s:s*, s:s, s:[s]}", "href", href, "title", title, "type", type, "roles", role);
}

/* Pictures and maps, each under the SHA-256 of its bytes, which is also given as a multihash (0x12: SHA-256, 0x20: 32 bytes). */
static void add_pictures(json_t *assets, const request *r, const record *rec)
{
	const json_t *pictures = json_object_get(rec->body, "pictures"), *one;
	gsize i;
	json_array_foreach(pictures, i, one) {
		const char *sha256 = json_string_value(json_object_get(one, "sha256")), *type = json_string_value(json_object_get(one, "media_type"));
		gboolean raster = g_strcmp0(type, "image/tiff") == 0;
		g_autofree char *href = api_address(r, "/files/%s", sha256), *name = g_strdup_printf("%s-%" G_GSIZE_FORMAT, raster ? "map" : "picture", i + 1);
		json_t *asset = asset_of(href, json_string_value(json_object_get(one, "title")), raster ? "image/tiff; application=geotiff" : type ? type : "application/octet-stream", raster ? "data" : "overview");
		json_object_set_new(asset, "file:checksum", json_sprintf("1220%s", sha256));
		json_object_set_new(assets, name, asset);
	}
}

static json_t *assets_of(const request *r, const record *rec)
{
	json_t *assets = json_object();
	g_autofree char *data = api_address(r, "/api/records/measurement/%s/revisions/%u", rec->id, rec->revision), *table = api_address_as_of(r, "/measurements/%s.csv", rec->id),
		*proof = api_address(r, "/log/proof/measurement/%s/%u", rec->id, rec->revision);
	add_pictures(assets, r, rec);
	json_t *record_asset = asset_of(data, request_text(r, N_("The whole record, in the bytes its hash is made of")), "application/json", "metadata");
	json_object_set_new(record_asset, "file:checksum", json_sprintf("1220%s", rec->hash));
	json_object_set_new(assets, "record", record_asset);
	json_object_set_new(assets, "table", asset_of(table, request_text(r, N_("The figures as a table")), "text/csv", "data"));
	json_object_set_new(assets, "proof", asset_of(proof, request_text(r, N_("Proof that the record is in the signed log")), "text/plain", "metadata"));
	return assets;
}

/* ---- the whole ---- */

static json_t *properties_of(const request *r, const record *rec, guint64 number)
{
	static const char *const kept[] = { "site", "period_from", "period_until", "measured_on", "form", "method", "method_version", "geometry_sha256", "results", "limits", "citations" };
	json_int_t from = json_integer_value(json_object_get(rec->body, "period_from")), until = json_integer_value(json_object_get(rec->body, "period_until"));
	json_t *out = json_pack("{s:s, s:n, s:o, s:o, s:s, s:s, s:s, s:s, s:i, s:I}", "title", record_title(rec), "datetime", "start_datetime", json_sprintf("%04" JSON_INTEGER_FORMAT "-01-01T00:00:00Z", from),
		"end_datetime", json_sprintf("%04" JSON_INTEGER_FORMAT "-12-31T23:59:59Z", until), "updated", rec->time, "license", "CC-BY-4.0", "aftermine:sha256", rec->hash, "aftermine:kind", "measurement",
		"aftermine:revision", (int)rec->revision, "aftermine:log_index", (json_int_t)number);
	(void)r;
	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
		json_t *value = json_object_get(rec->body, kept[i]);
		g_autofree char *name = g_strconcat("aftermine:", kept[i], NULL);
		if (value)
			json_object_set(out, name, value);
	}
	return out;
}

static json_t *links_of(const request *r, const record *rec)
{
	static const struct {
		const char *relation, *type, *path;
	} up[] = { { "root", "application/json", "" }, { "parent", "application/json", "/collections/" STAC_COLLECTION }, { "collection", "application/json", "/collections/" STAC_COLLECTION } };
	json_t *links = json_array();
	const json_t *inputs = json_object_get(rec->body, "inputs"), *input;
	gsize i;
	g_autofree char *self = api_address_as_of(r, "/stac/collections/" STAC_COLLECTION "/items/%s", rec->id), *page = api_address_as_of(r, "/measurements/%s", rec->id);
	const char *site = json_string_value(json_object_get(rec->body, "site"));
	g_autofree char *site_page = api_address_as_of(r, "/sites/%s", site ? site : "");
	api_link(links, r, "self", GEOJSON_MEDIA, record_title(rec), self);
	for (i = 0; i < G_N_ELEMENTS(up); i++) {
		g_autofree char *href = api_address_as_of(r, "/stac%s", up[i].path);
		api_link(links, r, up[i].relation, up[i].type, NULL, href);
	}
	api_link(links, r, "canonical", "text/html", request_text(r, N_("The record’s own page")), page);
	if (site)
		api_link(links, r, "related", "text/html", request_text(r, N_("The measured site")), site_page);
	json_array_foreach(inputs, i, input)
		if (json_object_get(input, "url"))
			api_link(links, r, "derived_from", "application/octet-stream", json_string_value(json_object_get(input, "name")), json_string_value(json_object_get(input, "url")));
	return links;
}

json_t *stac_item_of(const request *r, const record *rec, GError **error)
{
	guint64 number = 0;
	if (!store_log_number(request_reader(r), "measurement", rec->id, rec->revision, &number, error) && *error)
		return NULL;
	json_t *geometry = stac_place(r, rec);
	json_t *item = json_pack("{s:s, s:s, s:[s], s:s, s:s, s:O, s:o, s:o, s:o}", "type", "Feature", "stac_version", "1.1.0", "stac_extensions", "https://stac-extensions.github.io/file/v2.1.0/schema.json",
		"id", rec->id, "collection", STAC_COLLECTION, "geometry", geometry ? geometry : json_null(), "properties", properties_of(r, rec, number), "links", links_of(r, rec), "assets", assets_of(r, rec));
	if (geometry)
		json_object_set_new(item, "bbox", stac_bbox(geometry));
	json_decref(geometry);
	return item;
}
