#include "web/api/ogc.h"

#include <string.h>

#include "web/data.h"

/* Answers with a document, or as a page. */
static void answer(const request *r, response *out, const char *type, json_t *document, void (*page)(const request *r, response *out, const json_t *document))
{
	if (!accept_wants_page(r)) {
		api_document(out, type, document);
		return;
	}
	page(r, out, document);
	json_decref(document);
}

void ogc_landing(const request *r, response *out)
{
	static const struct {
		const char *path, *relation, *type, *title;
	} leads[] = {
		{ "/ogc/api", "service-desc", OPENAPI_TYPE, N_("The description of this interface (OpenAPI 3.0)") }, { "/ogc/api?f=html", "service-doc", "text/html", N_("The description of this interface, to read") },
		{ "/ogc/conformance", "conformance", "application/json", N_("What this interface conforms to") }, { "/ogc/collections", "data", "application/json", N_("The collections") },
	};
	json_t *links = json_array();
	api_link_forms(links, r, "application/json");
	for (gsize i = 0; i < G_N_ELEMENTS(leads); i++) {
		g_autofree char *href = api_address_as_of(r, "%s", leads[i].path);
		api_link(links, r, leads[i].relation, leads[i].type, request_text(r, leads[i].title), href);
	}
	answer(r, out, "application/json", json_pack("{s:s, s:s, s:s, s:o}", "title", request_text(r, N_("Land restoration after mining: features")), "description",
		request_text(r, N_("Sites, case studies, pledges and projects as features for a GIS: OGC API Features with coordinate reference systems and CQL2 filters.")), "attribution",
		"aftermine, CC BY 4.0", "links", links), ogc_page_landing);
}

void ogc_conformance(const request *r, response *out)
{
	static const char *const classes[] = {
		"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
		"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html", "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson", "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
		"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables", "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
		"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter", "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text", "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
		"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2", "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
		"http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison", "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
		"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions", "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
		"http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions", "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions", "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
		"http://www.opengis.net/spec/cql2/1.0/conf/property-property",
	};
	json_t *list = json_array();
	for (gsize i = 0; i < G_N_ELEMENTS(classes); i++)
		json_array_append_new(list, json_string(classes[i]));
	answer(r, out, "application/json", json_pack("{s:o}", "conformsTo", list), ogc_page_conformance);
}

/* Links to this collection in both forms, from wherever it is described. */
static void link_itself(json_t *collection, const request *r)
{
	const char *id = json_string_value(json_object_get(collection, "id"));
	json_t *links = json_object_get(collection, "links");
	g_autofree char *data = api_address_as_of(r, "/ogc/collections/%s?f=json", id), *page = api_address_as_of(r, "/ogc/collections/%s?f=html", id);
	api_link(links, r, "self", "application/json", request_text(r, N_("This collection")), data);
	api_link(links, r, "alternate", "text/html", request_text(r, N_("This collection as a page")), page);
}

void ogc_collections(const request *r, response *out)
{
	json_t *list = json_array(), *links = json_array(), *systems = json_array();
	g_autoptr(GError) error = NULL;
	for (gsize i = 0; i < ogc_all_count && !error; i++) {
		json_t *one = ogc_describe(r, &ogc_all[i], &error);
		if (!one)
			break;
		link_itself(one, r);
		json_object_set_new(one, "crs", json_pack("[s]", "#/crs")); /* the same for all: OGC 18-058r1, 6.2.2 */
		json_array_append_new(list, one);
	}
	for (guint i = 0; crs_numbered(i); i++)
		json_array_append_new(systems, json_string(crs_uri(crs_numbered(i))));
	api_link_forms(links, r, "application/json");
	json_t *document = json_pack("{s:o, s:o, s:o}", "links", links, "crs", systems, "collections", list);
	if (!error) {
		answer(r, out, "application/json", document, ogc_page_collections);
		return;
	}
	json_decref(document);
	response_error(out, r, error);
}

void ogc_collection_one(const request *r, response *out)
{
	const ogc_collection *c = ogc_find(r, out);
	g_autoptr(GError) error = NULL;
	json_t *document = c ? ogc_describe(r, c, &error) : NULL;
	if (error)
		response_error(out, r, error);
	if (!document)
		return;
	api_link_forms(json_object_get(document, "links"), r, "application/json");
	if (accept_wants_page(r)) {
		ogc_page_collection(r, out, c, document);
		json_decref(document);
	} else {
		api_document(out, "application/json", document);
	}
}

void ogc_queryables(const request *r, response *out)
{
	const ogc_collection *c = ogc_find(r, out);
	if (!c)
		return;
	json_t *document = ogc_queryables_schema(r, c);
	if (accept_wants_page(r)) {
		ogc_page_queryables(r, out, c, document);
		json_decref(document);
	} else {
		api_document(out, "application/schema+json", document);
	}
}
