/* The collections of OGC API Features: which kinds they are, where and when their records lie, how they are described. */
#include <string.h>

#include "record/validate.h"
#include "web/api/ogc.h"
#include "web/data.h"

#define PATHS(...) ((const char *const[]) { __VA_ARGS__, NULL })

const ogc_collection ogc_all[] = {
	{ "site", PATHS("opening_year", "disturbed_from", "restored_from"), PATHS("restored_until"), NULL, PATHS("country", "stage", "commodities", "operator") },
	{ "case", PATHS("start_year"), PATHS("end_year"), NULL, PATHS("country", "start_year", "commodities", "evidence_grade") },
	{ "pledge", PATHS("made_on"), PATHS("targets.target_year"), "sites", PATHS("organisations", "countries", "made_on", "targets.target_year") },
	{ "project", PATHS("start_year"), PATHS("end_year"), NULL, PATHS("country", "stage", "area", "start_year") },
};
const gsize ogc_all_count = G_N_ELEMENTS(ogc_all);

const kind *ogc_kind(const ogc_collection *c)
{
	return kind_by_name(c->kind);
}

const ogc_collection *ogc_find(const request *r, response *out)
{
	const char *id = request_part(r, "collectionId");
	for (gsize i = 0; i < ogc_all_count; i++)
		if (strcmp(ogc_kind(&ogc_all[i])->plural, id) == 0)
			return &ogc_all[i];
	response_problem(out, r, 404, request_text(r, N_("There is no such collection")), request_text(r, N_("The list of collections at /ogc/collections names them all.")));
	return NULL;
}

/* ---- where ---- */

static const json_t *first_value(const json_t *body, const char *path)
{
	if (!path)
		return NULL;
	g_autoptr(GPtrArray) values = body_values(body, path);
	return values->len ? values->pdata[0] : NULL;
}

static json_t *places_of_sites(const request *r, const char *path, const record *rec)
{
	g_autoptr(GPtrArray) ids = body_values(rec->body, path);
	json_t *points = json_array();
	double longitude, latitude;
	for (guint i = 0; i < ids->len; i++)
		if (store_place_of(request_reader(r), "site", json_string_value(ids->pdata[i]), request_as_of(r), &longitude, &latitude, NULL))
			json_array_append_new(points, json_pack("[f,f]", longitude, latitude));
	if (json_array_size(points))
		return json_pack("{s:s, s:o}", "type", "MultiPoint", "coordinates", points);
	json_decref(points);
	return NULL;
}

json_t *ogc_place(const request *r, const ogc_collection *c, const record *rec)
{
	const kind *k = rec->kind;
	const json_t *geometry = first_value(rec->body, k->geometry);
	if (geometry)
		return json_incref((json_t *)geometry);
	const json_t *longitude = first_value(rec->body, k->longitude), *latitude = first_value(rec->body, k->latitude);
	if (json_is_number(longitude) && json_is_number(latitude))
		return json_pack("{s:s, s:[f,f]}", "type", "Point", "coordinates", json_number_value(longitude), json_number_value(latitude));
	return c->places ? places_of_sites(r, c->places, rec) : NULL;
}

void ogc_place_members(const ogc_collection *c, GPtrArray *members)
{
	const kind *k = ogc_kind(c);
	const char *paths[] = { k->geometry, k->longitude, k->latitude, c->places };
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++)
		if (paths[i])
			g_ptr_array_add(members, (gpointer)paths[i]);
}

/* ---- when ---- */

static gboolean read_value(const json_t *value, span *out)
{
	char year[32];
	g_snprintf(year, sizeof year, "%04" JSON_INTEGER_FORMAT, json_integer_value(value));
	return span_read(json_is_integer(value) ? year : json_string_value(value), out);
}

/* The earliest and the latest that any of these paths holds. */
static gboolean widest(const json_t *body, const char *const *paths, span *out)
{
	gboolean known = FALSE;
	for (; *paths; paths++) {
		g_autoptr(GPtrArray) values = body_values(body, *paths);
		for (guint i = 0; i < values->len; i++) {
			span one;
			if (!read_value(values->pdata[i], &one))
				continue;
			*out = known ? (span) { MIN(out->from, one.from), MAX(out->until, one.until) } : one;
			known = TRUE;
		}
	}
	return known;
}

gboolean ogc_time(const ogc_collection *c, const record *rec, span *time)
{
	span first, last;
	if (!widest(rec->body, c->from, &first))
		return FALSE;
	*time = (span) { first.from, widest(rec->body, c->until, &last) ? MAX(first.from, last.until) : G_MAXINT64 };
	return TRUE;
}

void ogc_time_members(const ogc_collection *c, GPtrArray *members)
{
	for (const char *const *path = c->from; *path; path++)
		g_ptr_array_add(members, (gpointer)*path);
	for (const char *const *path = c->until; *path; path++)
		g_ptr_array_add(members, (gpointer)*path);
}

/* ---- what a collection is ---- */

/* Where the sites lie, where a kind has no places of its own. */
static gboolean read_extent(const request *r, const ogc_collection *c, double box[4], GError **error)
{
	const double earth[] = { -180, -90, 180, 90 };
	gboolean known = store_extent(request_reader(r), &(store_query) { .kind = c->places ? "site" : c->kind, .as_of = request_as_of(r) }, box, error);
	for (int i = 0; i < 4; i++)
		box[i] = known ? CLAMP(box[i], -ABS(earth[i]), ABS(earth[i])) : earth[i];
	return *error == NULL;
}

json_t *ogc_describe(const request *r, const ogc_collection *c, GError **error)
{
	const kind *k = ogc_kind(c);
	double box[4];
	if (!read_extent(r, c, box, error))
		return NULL;
	json_t *links = json_array(), *systems = json_array();
	for (guint i = 0; crs_numbered(i); i++)
		json_array_append_new(systems, json_string(crs_uri(crs_numbered(i))));
	static const struct {
		const char *path, *relation, *type, *title;
	} leads[] = {
		{ "/items", "items", GEOJSON_MEDIA, N_("Its features") }, { "/items?f=html", "items", "text/html", N_("Its features as a page") },
		{ "/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json", N_("What a filter may ask") },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(leads); i++) {
		g_autofree char *href = api_address_as_of(r, "/ogc/collections/%s%s", k->plural, leads[i].path);
		api_link(links, r, leads[i].relation, leads[i].type, request_text(r, leads[i].title), href);
	}
	api_link(links, r, "license", "text/html", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/");
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:{s:[[f,f,f,f]], s:s}, s:{s:[[n,n]], s:s}}, s:o, s:s, s:o}", "id", k->plural, "title", request_text(r, k->label_plural),
		"description", request_text(r, k->help), "itemType", "feature", "extent", "spatial", "bbox", box[0], box[1], box[2], box[3], "crs", CRS_84,
		"temporal", "interval", "trs", "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian", "crs", systems, "storageCrs", CRS_84, "links", links);
}

/* ---- what a filter may ask ---- */

static json_t *common_queryable(const request *r, const char *name)
{
	static const struct {
		const char *name, *title, *type, *format;
	} common[] = {
		{ "id", N_("Identifier"), "string", NULL }, { "title", N_("Title"), "string", NULL }, { "summary", N_("Summary"), "string", NULL }, { "revision", N_("Revision"), "integer", NULL },
		{ "published", N_("Published"), "string", "date-time" },
	};
	gsize i = 0;
	while (strcmp(common[i].name, name) != 0)
		i++;
	return json_pack("{s:s, s:s, s:s*}", "title", request_text(r, common[i].title), "type", common[i].type, "format", common[i].format);
}

typedef struct listing {
	const request *r;
	const json_t *schema; /* of the kind */
	json_t *properties;
} listing;

/* The schema of one entry at a dotted path of a kind's schema. */
static const json_t *schema_at(const json_t *schema, const char *path)
{
	g_auto(GStrv) names = g_strsplit(path, ".", -1);
	for (char **name = names; *name; name++) {
		schema = json_object_get(json_object_get(schema, "properties"), *name);
		if (json_object_get(schema, "items"))
			schema = json_object_get(schema, "items");
	}
	return schema;
}

static void add_queryable(const char *path, const field *f, gpointer data)
{
	listing *l = data;
	if (f->type == FIELD_GROUP || f->type == FIELD_GEOMETRY || json_object_get(l->properties, path))
		return;
	json_t *one = json_copy((json_t *)schema_at(l->schema, path));
	json_object_set_new(one, "title", json_string(request_text(l->r, f->label)));
	json_object_set_new(one, "description", json_string(request_text(l->r, f->help)));
	json_object_set_new(l->properties, path, one);
}

json_t *ogc_queryables_schema(const request *r, const ogc_collection *c)
{
	const kind *k = ogc_kind(c);
	json_t *schema = kind_schema(k), *properties = json_pack("{s:{s:s, s:s}}", "geometry", "title", request_text(r, N_("Geometry")), "format", "geometry-any");
	listing l = { r, schema, properties };
	for (gsize i = 0; cql_common[i]; i++)
		json_object_set_new(properties, cql_common[i], common_queryable(r, cql_common[i]));
	kind_each_field(k, add_queryable, &l);
	g_autofree char *id = api_address(r, "/ogc/collections/%s/queryables", k->plural);
	json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:o, s:b, s:O}", "$schema", "https://json-schema.org/draft/2020-12/schema", "$id", id, "type", "object", "title", request_text(r, k->label_plural),
		"properties", properties, "additionalProperties", 0, "$defs", json_object_get(schema, "$defs"));
	json_decref(schema);
	return out;
}
