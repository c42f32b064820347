/* Every address the site answers. A page: one file in pages/ and one row here. A kind without a family
 * has pages made from its declaration (RECORDS) until a family takes them over. */
#include "web/api/description.h"
#include "web/api/ogc.h"
#include "web/api/stac.h"
#include "web/data.h"
#include "web/feed.h"
#include "web/harvest.h"
#include "web/memento.h"
#include "web/pages/families.h"
#include "web/pages/pages.h"
#include "web/route.h"
#include "web/service.h"
#include "web/sitemap.h"

/* The last arguments: the summary, and what else the row says. */
#define GET(pattern_, formats_, handler_, cache_, ...) \
	{ .method = "GET", .pattern = pattern_, .formats = formats_, .handler = handler_, .permission = PERMISSION_ANYONE, .csrf = CSRF_NONE_SAFE_METHOD, \
	  .cache = cache_, .summary = __VA_ARGS__ }
#define RECORDS(plural_, kind_) \
	GET("/" plural_, FORMAT_HTML | DATA_FORMATS, page_records, CACHE_RECORDS, "All records of a kind, as it declares them", .kind = kind_), \
	GET("/" plural_ "/{id}", FORMAT_HTML | DATA_FORMATS, page_record, CACHE_RECORDS, "One record, as its kind declares it", .kind = kind_)

/* An interface: what it answers programs with, its schema, its parameters. */
#define INTERFACE(pattern_, handler_, answers_, schema_, parameters_, summary_) \
	GET(pattern_, FORMAT_HTML, handler_, CACHE_RECORDS, summary_, .negotiated = TRUE, .answers = answers_, .schema = schema_, .parameters = parameters_)

const route routes[] = {
	GET("/organisations", FORMAT_HTML | DATA_FORMATS, page_organisations, CACHE_RECORDS, "Organisations the records name", .kind = "organisation"),
	GET("/organisations/{id}", FORMAT_HTML | DATA_FORMATS, page_organisation, CACHE_RECORDS, "An organisation: what it promised, did and paid", .kind = "organisation"),
	GET("/", FORMAT_HTML, page_home, CACHE_RECORDS, "What was promised, what was done, what the land shows"),
	GET("/world", FORMAT_SVG, page_world, CACHE_RECORDS, "The home page's map as a picture"),
	GET("/basemap", FORMAT_GEOJSON, page_basemap, CACHE_RECORDS, "Outlines of countries for the live map", .timeless = TRUE),
	GET("/cases", FORMAT_HTML | DATA_FORMATS | FORMAT_BIB | FORMAT_RIS | FORMAT_CSL | FORMAT_SVG, page_cases, CACHE_RECORDS,
		"The compilation: case studies with facets, words, list and map", .kind = "case"),
	GET("/cases/compare", FORMAT_HTML, page_cases_compare, CACHE_RECORDS, "Two to four cases side by side"),
	GET("/cases/{id}", FORMAT_HTML | DATA_FORMATS | FORMAT_BIB | FORMAT_RIS | FORMAT_CSL | FORMAT_SVG, page_case, CACHE_RECORDS, "A case study", .kind = "case"),
	GET("/cases/{id}/map", FORMAT_SVG, page_case_map, CACHE_RECORDS, "Where a case lies, as a picture"),
	GET("/practices", FORMAT_HTML | DATA_FORMATS, page_practices, CACHE_RECORDS, "Techniques of restoration", .kind = "practice"),
	GET("/practices/{id}", FORMAT_HTML | DATA_FORMATS, page_practice, CACHE_RECORDS, "A technique: when it works, when it fails, where it was used", .kind = "practice"),
	GET("/data", FORMAT_HTML, page_data, CACHE_RECORDS, "Everything as files"),
	GET("/data/pack", FORMAT_HTML, pack_newest, CACHE_NEVER, "Leads to the newest data pack: the whole registry in one file", .leads = TRUE, .answers = "application/zip"),
	GET("/data/geopackage", FORMAT_HTML, pack_newest_package, CACHE_NEVER, "Leads to the newest GeoPackage: every record in one file for a GIS", .leads = TRUE, .answers = "application/geopackage+sqlite3"),
	GET("/packs/{sha256}", FORMAT_HTML, pack_file, CACHE_FOREVER, "A data pack under the SHA-256 of its bytes, whole or in ranges", .answers = "application/zip"),
	GET("/packs/{sha256}/geopackage", FORMAT_HTML, pack_package, CACHE_FOREVER, "The GeoPackage of a data pack", .answers = "application/geopackage+sqlite3"),
	GET("/method", FORMAT_HTML, page_method, CACHE_RECORDS, "How figures come to be", .timeless = TRUE),
	GET("/sites/overlaps", FORMAT_HTML | FORMAT_JSON | FORMAT_CSV, page_overlaps, CACHE_RECORDS, "Land that several sites cover: gross, net, contested, and every overlap"),
	GET("/sites", FORMAT_HTML | DATA_FORMATS, page_sites, CACHE_RECORDS, "Mines and restored areas", .kind = "site"),
	GET("/sites/{id}", FORMAT_HTML | DATA_FORMATS | FORMAT_SVG, page_site, CACHE_RECORDS,
		"A site: what satellites show, pledges, land account (.svg: ?chart=map, curve, balance or transitions; ?chart=boundary or reference and &revision=2: what a revision drew anew)", .kind = "site"),
	GET("/pledges", FORMAT_HTML | DATA_FORMATS | FORMAT_ICS, page_pledges, CACHE_RECORDS, "Pledges with computed status and completeness", .kind = "pledge", .computed = "status"),
	GET("/pledges/{id}", FORMAT_HTML | DATA_FORMATS | FORMAT_ICS | FORMAT_SVG, page_pledge, CACHE_RECORDS, "A pledge: the promise, its status and why, charts (?chart=gap, burn-up, map, balance or transitions; ?target=1)", .kind = "pledge"),
	GET("/pledges/{id}/discrepancies", FORMAT_JSON | FORMAT_CSV, page_pledge_discrepancies, CACHE_RECORDS,
		"Promised, reported and measured by target, year and site, with the difference and a verdict"),
	GET("/discrepancies", FORMAT_JSON | FORMAT_CSV, page_discrepancies, CACHE_RECORDS,
		"Promised, reported and measured of every pledge by target, year and site, with the difference and a verdict (?verdict=above)"),
	GET("/countries", FORMAT_HTML | FORMAT_JSON | FORMAT_CSV | FORMAT_SVG, page_countries, CACHE_RECORDS, "Countries with what is known about each; a map as a picture"),
	GET("/countries/{id}", FORMAT_HTML | FORMAT_JSON | FORMAT_CSV | FORMAT_SVG, page_country, CACHE_RECORDS, "A country: LDN targets, pledges, policies, cases, finance"),
	RECORDS("progress", "progress"),
	RECORDS("measurements", "measurement"),
	RECORDS("reviews", "review"),
	GET("/targets", FORMAT_HTML | DATA_FORMATS, page_targets, CACHE_RECORDS, "Land degradation neutrality targets of countries", .kind = "target"),
	GET("/targets/{id}", FORMAT_HTML | DATA_FORMATS, page_target, CACHE_RECORDS, "A country's LDN target", .kind = "target"),
	GET("/policies/compare", FORMAT_HTML, page_policies_compare, CACHE_RECORDS, "Policies of two to four countries side by side (?country=AUS&country=CAN)"),
	GET("/policies", FORMAT_HTML | DATA_FORMATS, page_policies, CACHE_RECORDS, "Laws, funds and incentives", .kind = "policy"),
	GET("/policies/{id}", FORMAT_HTML | DATA_FORMATS, page_policy, CACHE_RECORDS, "A policy: how it works, figures, observed effects", .kind = "policy"),
	GET("/finance", FORMAT_HTML | DATA_FORMATS, page_finance, CACHE_RECORDS, "Mechanisms that pay for restoration", .kind = "finance"),
	GET("/finance/{id}", FORMAT_HTML | DATA_FORMATS, page_finance_one, CACHE_RECORDS, "A finance mechanism", .kind = "finance"),
	GET("/projects", FORMAT_HTML | DATA_FORMATS | FORMAT_IATI, page_projects, CACHE_RECORDS, "Projects that seek finance or partners", .kind = "project"),
	GET("/projects/{id}", FORMAT_HTML | DATA_FORMATS | FORMAT_IATI, page_project, CACHE_RECORDS, "A project", .kind = "project"),
	GET("/offers", FORMAT_HTML | DATA_FORMATS, page_offers, CACHE_RECORDS, "What organisations offer", .kind = "offer"),
	GET("/offers/{id}", FORMAT_HTML | DATA_FORMATS, page_offer, CACHE_RECORDS, "An offer", .kind = "offer"),
	GET("/coalition", FORMAT_HTML, page_coalition, CACHE_RECORDS, "The coalition: members, meetings, who is late"),
	GET("/meetings", DATA_FORMATS | FORMAT_ICS, NULL, CACHE_RECORDS, "Meetings of the coalition as data", .kind = "meeting"),
	GET("/meetings/{id}", FORMAT_HTML | DATA_FORMATS | FORMAT_ICS, page_meeting, CACHE_RECORDS, "A meeting: agenda, decisions, actions", .kind = "meeting"),
	GET("/forum", FORMAT_HTML | DATA_FORMATS | FORMAT_ICS, page_forums, CACHE_RECORDS, "Events", .kind = "forum"),
	GET("/forum/{id}", FORMAT_HTML | DATA_FORMATS | FORMAT_ICS, page_forum, CACHE_RECORDS, "An event: agenda, outcome, announcements", .kind = "forum"),
	GET("/editions", FORMAT_HTML | DATA_FORMATS, page_editions, CACHE_RECORDS, "Issues of the compilation", .kind = "edition"),
	GET("/editions/{id}", FORMAT_HTML | DATA_FORMATS, page_edition, CACHE_RECORDS, "An issue of the compilation", .kind = "edition"),
	GET("/embed/{plural}/{id}", FORMAT_HTML, page_embed, CACHE_RECORDS, "How to show a pledge, site, organisation, case or country elsewhere"),
	GET("/embed/{plural}/{id}/badge", FORMAT_SVG, page_embed_badge, CACHE_RECORDS, "Its status as a badge"),
	GET("/embed/{plural}/{id}/card", FORMAT_HTML | FORMAT_PNG, page_embed_card, CACHE_RECORDS, "A card for a frame of another site, or the picture of a link"),
	GET("/feed", FORMAT_ATOM | FORMAT_JSON, feed_answer, CACHE_RECORDS, "What was published, changed and withdrawn, newest first, with the search's parameters", .answers = "application/feed+json"),
	GET("/search", FORMAT_HTML | FORMAT_JSON | FORMAT_CSV | FORMAT_GEOJSON, page_search, CACHE_RECORDS, "Search of every kind of record"),
	GET("/api", FORMAT_HTML, description_page, CACHE_RECORDS, "How programs read the registry: every address, parameter and schema"),
	GET("/api/openapi", FORMAT_JSON, description_answer, CACHE_RECORDS, "This interface, described in OpenAPI 3.1", .schema = "openapi"),
	GET("/api/records", FORMAT_HTML, service_kinds, CACHE_RECORDS, "The kinds of record and how many there are", .answers = "application/json", .schema = "kinds"),
	GET("/api/records/{kind}", FORMAT_HTML, service_records, CACHE_RECORDS, "Records of a kind, with the list's parameters", .answers = "application/json", .schema = "list"),
	GET("/api/records/{kind}/{id}", FORMAT_HTML, service_record, CACHE_RECORDS, "A record as published", .answers = "application/json", .schema = "record"),
	GET("/api/records/{kind}/{id}/revisions", FORMAT_HTML, service_revisions, CACHE_RECORDS, "All public revisions of a record, oldest first", .answers = "application/json", .schema = "revisions"),
	GET("/api/records/{kind}/{id}/revisions/{n}", FORMAT_HTML, service_revision, CACHE_RECORDS, "One revision, in the canonical bytes its hash is made of", .timeless = TRUE,
		.answers = "application/json", .schema = "revision"),
	INTERFACE("/ogc", ogc_landing, "application/json", "landingPage", NULL, "Sites, cases, pledges and projects as features for a GIS (OGC API Features)"),
	INTERFACE("/ogc/api", ogc_openapi, OPENAPI_TYPE, "openapi", NULL, "The interface for features, described in OpenAPI 3.0"),
	INTERFACE("/ogc/conformance", ogc_conformance, "application/json", "confClasses", NULL, "What the interface for features conforms to"),
	INTERFACE("/ogc/collections", ogc_collections, "application/json", "collections", NULL, "The collections of features"),
	INTERFACE("/ogc/collections/{collectionId}", ogc_collection_one, "application/json", "collection", NULL, "A collection of features"),
	INTERFACE("/ogc/collections/{collectionId}/queryables", ogc_queryables, "application/schema+json", "jsonSchema", NULL, "What a filter on a collection may ask"),
	INTERFACE("/ogc/collections/{collectionId}/items", ogc_items, GEOJSON_MEDIA, "featureCollectionGeoJSON", ogc_items_parameters, "Features by place, time and filter"),
	INTERFACE("/ogc/collections/{collectionId}/items/{featureId}", ogc_item, GEOJSON_MEDIA, "featureGeoJSON", ogc_item_parameters, "A feature"),
	INTERFACE("/stac", stac_landing, "application/json", "landingPage", NULL, "Measurements from satellite images as a STAC catalogue"),
	INTERFACE("/stac/api", stac_openapi, OPENAPI_TYPE, "openapi", NULL, "The interface for measurements, described in OpenAPI 3.0"),
	INTERFACE("/stac/conformance", stac_conformance, "application/json", "confClasses", NULL, "What the interface for measurements conforms to"),
	INTERFACE("/stac/collections", stac_collections, "application/json", "collections", NULL, "The collections of the STAC catalogue"),
	INTERFACE("/stac/collections/measurements", stac_collection, "application/json", "collection", NULL, "The measurements as a STAC collection"),
	INTERFACE("/stac/collections/measurements/items", stac_items, GEOJSON_MEDIA, "featureCollectionGeoJSON", stac_items_parameters, "Measurements by place and time"),
	INTERFACE("/stac/collections/measurements/items/{itemId}", stac_item, GEOJSON_MEDIA, "featureGeoJSON", NULL, "A measurement as a STAC item"),
	INTERFACE("/stac/search", stac_search, GEOJSON_MEDIA, "featureCollectionGeoJSON", stac_search_parameters, "Search of measurements"),
	{ .method = "POST", .pattern = "/stac/search", .formats = FORMAT_HTML, .handler = stac_search, .permission = PERMISSION_ANYONE, .csrf = CSRF_NONE_ONLY_ASKS, .body_limit = 1 << 20,
	  .cache = CACHE_NEVER, .summary = N_("Search of measurements with a JSON body"), .negotiated = TRUE, .answers = GEOJSON_MEDIA, .schema = "featureCollectionGeoJSON" },
	GET("/schema/{kind}", FORMAT_JSON, service_schema, CACHE_RECORDS, "JSON Schema of a kind", .timeless = TRUE, .schema = "jsonSchema"),
	GET("/log", FORMAT_HTML, page_log, CACHE_RECORDS, "The log: nothing changes without a trace"),
	GET("/log/checkpoint", FORMAT_HTML, log_checkpoint, CACHE_NEVER, "Size and root of the log, signed (C2SP tlog-checkpoint)", .answers = "text/plain"),
	GET("/log/key", FORMAT_HTML, log_key, CACHE_NEVER, "The public key of the log, as Go's sumdb/note reads it", .answers = "text/plain"),
	GET("/log/tile/{+name}", FORMAT_HTML, log_tile, CACHE_FOREVER, "Hashes and entries of the log (C2SP tlog-tiles)", .answers = "application/octet-stream"),
	GET("/log/proof/{kind}/{id}/{n}", FORMAT_HTML, log_proof_of, CACHE_NEVER, "Proof that a revision is in the log (C2SP tlog-proof)", .answers = "text/plain"),
	GET("/log/verify", FORMAT_HTML, page_verify, CACHE_RECORDS, "A proof checked in the reader's browser (?of=KIND/ID/N: of a revision here)"),
	GET("/log/certificate/{kind}/{id}/{n}", FORMAT_HTML, page_certificate, CACHE_RECORDS, "A certificate for paper: a revision, its place in the log, a code that leads to the check"),
	GET("/log/code/{kind}/{id}/{n}", FORMAT_SVG, log_code, CACHE_RECORDS, "QR code that leads from paper to the check of a revision"),
	GET("/timemap/{+address}", FORMAT_HTML, memento_timemap, CACHE_RECORDS, "The days on which a record changed, with an address for each (RFC 7089)", .timeless = TRUE),
	GET("/oai", FORMAT_HTML, harvest_answer, CACHE_NEVER, "OAI-PMH 2.0: the registry for harvesters (?verb=Identify)"),
	{ .method = "POST", .pattern = "/oai", .formats = FORMAT_HTML, .handler = harvest_answer, .permission = PERMISSION_ANYONE, .csrf = CSRF_SAME_ORIGIN, .body_limit = 8192,
	  .cache = CACHE_NEVER, .summary = "OAI-PMH 2.0 with the arguments in a form, as the protocol allows" },
	GET("/robots.txt", FORMAT_HTML, service_robots, CACHE_RECORDS, "What robots may read", .timeless = TRUE),
	GET("/sitemap", FORMAT_XML, sitemap_answer, CACHE_RECORDS, "Every page and record, or a list of parts", .timeless = TRUE),
	GET("/sitemap/{part}", FORMAT_XML, sitemap_answer, CACHE_RECORDS, "A part of a sitemap that is too long for one file", .timeless = TRUE),
	GET("/health", FORMAT_HTML, service_health, CACHE_NEVER, "Is the site up and its database readable", .answers = "application/json"),
	{ .method = "GET", .pattern = "/metrics", .formats = FORMAT_HTML, .handler = service_metrics, .permission = PERMISSION_LOOPBACK, .csrf = CSRF_NONE_SAFE_METHOD,
	  .cache = CACHE_NEVER, .summary = "What the server counts of itself, for Prometheus" },
	GET("/files/{sha256}", FORMAT_HTML, service_file, CACHE_FOREVER, "A picture, map or piece of evidence, under the SHA-256 of its bytes", .answers = "*/*"),
	GET("/static/{+file}", FORMAT_HTML, service_static, CACHE_NEVER, "Style sheets, scripts, fonts"),
};
const gsize routes_count = G_N_ELEMENTS(routes);
