#include "web/api/stac.h"

#include <math.h>
#include <string.h>

#include "web/api/openapi.h"
#include "web/exchange.h"

#define STAC_VERSION "1.1.0"

static const char *const classes[] = {
	"https://api.stacspec.org/v1.0.0/core", "https://api.stacspec.org/v1.0.0/collections", "https://api.stacspec.org/v1.0.0/ogcapi-features", "https://api.stacspec.org/v1.0.0/item-search",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
};

static void answer(const request *r, response *out, const char *title, const char *sentence, json_t *document)
{
	if (!accept_wants_page(r)) {
		api_document(out, "application/json", document);
		return;
	}
	stac_page(r, out, title, sentence, document);
	json_decref(document);
}

static json_t *conformance(void)
{
	json_t *list = json_array();
	for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
		json_array_append_new(list, json_string(classes[i]));
	return list;
}

static void link_to(json_t *links, const request *r, const char *relation, const char *type, const char *title, const char *path)
{
	g_autofree char *href = api_address_as_of(r, "%s", path);
	api_link(links, r, relation, type, request_text(r, title), href);
}

void stac_landing(const request *r, response *out)
{
	static const struct {
		const char *relation, *type, *title, *path;
	} leads[] = {
		{ "root", "application/json", N_("Measurements from satellite images"), "/stac" }, { "conformance", "application/json", N_("What this interface conforms to"), "/stac/conformance" },
		{ "data", "application/json", N_("The collections"), "/stac/collections" }, { "child", "application/json", N_("Measurements"), "/stac/collections/" STAC_COLLECTION },
		{ "service-desc", "application/vnd.oai.openapi+json;version=3.0", N_("The description of this interface (OpenAPI 3.0)"), "/stac/api" },
		{ "service-doc", "text/html", N_("The description of this interface, to read"), "/stac/api?f=html" },
	};
	const char *title = request_text(r, N_("Measurements from satellite images"));
	const char *sentence = request_text(r, N_("What satellites show for mined and restored land: for each measured site and period the figures, maps of classes, pictures, inputs with their checksums, and the place in the signed log."));
	json_t *links = json_array();
	api_link_forms(links, r, "application/json");
	for (gsize i = 0; i < G_N_ELEMENTS(leads); i++)
		link_to(links, r, leads[i].relation, leads[i].type, leads[i].title, leads[i].path);
	for (int post = 0; post < 2; post++) {
		link_to(links, r, "search", GEOJSON_MEDIA, N_("Search of items"), "/stac/search");
		json_object_set_new(json_array_get(links, json_array_size(links) - 1), "method", json_string(post ? "POST" : "GET"));
	}
	answer(r, out, title, sentence, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "type", "Catalog", "stac_version", STAC_VERSION, "id", "aftermine", "title", title, "description", sentence,
		"conformsTo", conformance(), "links", links));
}

void stac_conformance(const request *r, response *out)
{
	answer(r, out, request_text(r, N_("Conformance")), request_text(r, N_("The requirements classes that this interface conforms to, by their addresses.")), json_pack("{s:o}", "conformsTo", conformance()));
}

/* ---- the collection ---- */

/* The years that measurements reach over. */
typedef struct years {
	json_int_t from, until;
} years;

static gboolean widen(const record *rec, gpointer data)
{
	years *y = data;
	y->from = MIN(y->from, json_integer_value(json_object_get(rec->body, "period_from")));
	y->until = MAX(y->until, json_integer_value(json_object_get(rec->body, "period_until")));
	return TRUE;
}

static json_t *end_of(gboolean known, json_int_t year, const char *rest)
{
	return known ? json_sprintf("%04" JSON_INTEGER_FORMAT "%s", year, rest) : json_null();
}

/* The collection; NULL with an error of the store. */
static json_t *stac_describe(const request *r, GError **error)
{
	static const char *const members[] = { "period_from", "period_until", NULL };
	years y = { G_MAXINT, 0 };
	double box[4];
	if (!store_each(request_reader(r), &(store_query) { .kind = "measurement", .as_of = request_as_of(r), .members = members }, widen, &y, error))
		return NULL;
	if (!store_extent(request_reader(r), &(store_query) { .kind = "site", .as_of = request_as_of(r) }, box, error))
		box[0] = -180, box[1] = -90, box[2] = 180, box[3] = 90;
	if (*error)
		return NULL;
	json_t *links = json_array();
	link_to(links, r, "root", "application/json", N_("Measurements from satellite images"), "/stac");
	link_to(links, r, "parent", "application/json", N_("Measurements from satellite images"), "/stac");
	link_to(links, r, "items", GEOJSON_MEDIA, N_("Its items"), "/stac/collections/" STAC_COLLECTION "/items");
	api_link(links, r, "license", "text/html", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/");
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[s,s,s], s:{s:{s:[[f,f,f,f]]}, s:{s:[[o,o]]}}, s:o}", "type", "Collection", "stac_version", STAC_VERSION, "id", STAC_COLLECTION,
		"title", request_text(r, N_("Measurements")), "description", request_text(r, N_("What the satellites show for a site, with inputs, method and uncertainty.")), "license", "CC-BY-4.0",
		"keywords", "land restoration", "mining", "land degradation neutrality", "extent", "spatial", "bbox", MAX(box[0], -180.0), MAX(box[1], -90.0), MIN(box[2], 180.0), MIN(box[3], 90.0),
		"temporal", "interval", end_of(y.until > 0, y.from, "-01-01T00:00:00Z"), end_of(y.until > 0, y.until, "-12-31T23:59:59Z"), "links", links);
}

void stac_collections(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	json_t *one = stac_describe(r, &error), *links = json_array();
	if (!one) {
		json_decref(links);
		response_error(out, r, error);
		return;
	}
	link_to(json_object_get(one, "links"), r, "self", "application/json", N_("Measurements"), "/stac/collections/" STAC_COLLECTION);
	api_link_forms(links, r, "application/json");
	link_to(links, r, "root", "application/json", N_("Measurements from satellite images"), "/stac");
	answer(r, out, request_text(r, N_("Collections")), request_text(r, N_("What there is to search.")), json_pack("{s:[o], s:o}", "collections", one, "links", links));
}

void stac_collection(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	json_t *document = stac_describe(r, &error);
	if (!document) {
		response_error(out, r, error);
		return;
	}
	api_link_forms(json_object_get(document, "links"), r, "application/json");
	answer(r, out, request_text(r, N_("Measurements")), json_string_value(json_object_get(document, "description")), document);
}

/* ---- the description ---- */

static const openapi_shape search = { "3.0.3", N_("Land restoration after mining: measurements"),
	N_("Measurements of sites from satellite images as STAC items: STAC API 1.0 with item search. Content is licensed CC BY 4.0."), "/stac" };

/* What a search by POST takes: the same parameters as members. */
static json_t *search_body(void)
{
	json_t *properties = json_object();
	for (const route_parameter *p = stac_search_parameters; p->name; p++)
		json_object_set_new(properties, p->name, strcmp(p->name, "intersects") == 0 ? json_pack("{s:s}", "$ref", "#/components/schemas/geometryGeoJSON") : json_loads(p->schema, 0, NULL));
	return json_pack("{s:b, s:{s:{s:{s:s, s:o}}}}", "required", 1, "content", "application/json", "schema", "type", "object", "properties", properties);
}

void stac_openapi(const request *r, response *out)
{
	json_t *document = openapi_new(r, &search);
	for (gsize i = 0; i < r->site->n_routes; i++) {
		const route *row = &r->site->routes[i];
		const char *rest = g_str_has_prefix(row->pattern, search.base) ? row->pattern + strlen(search.base) : NULL;
		if (!rest || (*rest != '/' && *rest != '\0'))
			continue;
		json_t *operation = openapi_add(document, r, row, *rest ? rest : "/", row->answers, row->schema, NULL);
		if (strcmp(row->method, "POST") == 0)
			json_object_set_new(operation, "requestBody", search_body());
	}
	openapi_prune(document);
	if (!accept_wants_page(r)) {
		api_document(out, "application/vnd.oai.openapi+json;version=3.0", document);
		return;
	}
	openapi_page(r, out, document, N_("Measurements"), "/stac");
	json_decref(document);
}
