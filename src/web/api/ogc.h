/* OGC API Features: Part 1 Core (OGC 17-069r4), Part 2 coordinate reference systems (18-058r1), Part 3 filtering (19-079r2) with CQL2 (21-065r2). /ogc/ ... */
#pragma once

#include "record/cql.h"
#include "web/api/answer.h"

void ogc_landing(const request *r, response *out);
void ogc_conformance(const request *r, response *out);
void ogc_openapi(const request *r, response *out);
void ogc_collections(const request *r, response *out);
void ogc_collection_one(const request *r, response *out); /* /ogc/collections/{id} */
void ogc_queryables(const request *r, response *out);
void ogc_items(const request *r, response *out);
void ogc_item(const request *r, response *out);

extern const route_parameter ogc_items_parameters[], ogc_item_parameters[];

/* ---- of the files of this interface ---- */

/* A kind whose records are features. When they are: from the first of the paths that has the earliest value, until the latest value of the others; open where a
 * record has none of these. */
typedef struct ogc_collection {
	const char *kind;
	const char *const *from, *const *until; /* paths of years or dates */
	const char *places; /* path of the sites it lies at, where it has no place of its own; NULL */
	const char *const *columns; /* of the list for people */
} ogc_collection;
extern const ogc_collection ogc_all[];
extern const gsize ogc_all_count;

/* The collection that the address names; NULL: the answer (404) is given. */
const ogc_collection *ogc_find(const request *r, response *out);
const kind *ogc_kind(const ogc_collection *c);
/* Its GeoJSON geometry in longitude and latitude: its own, or a point for each site it lies at; NULL: none. New reference. */
json_t *ogc_place(const request *r, const ogc_collection *c, const record *rec);
/* When a record is; FALSE: it does not say. */
gboolean ogc_time(const ogc_collection *c, const record *rec, span *time);
/* Appends the members of the body that place and time are read from. */
void ogc_place_members(const ogc_collection *c, GPtrArray *members);
void ogc_time_members(const ogc_collection *c, GPtrArray *members);

/* The collection described: id, title, extent, links, coordinate reference systems. NULL with an error of the store. */
json_t *ogc_describe(const request *r, const ogc_collection *c, GError **error);
/* Its queryables as JSON Schema. */
json_t *ogc_queryables_schema(const request *r, const ogc_collection *c);

/* A document as a page; the document is borrowed. */
void ogc_page_landing(const request *r, response *out, const json_t *document);
void ogc_page_conformance(const request *r, response *out, const json_t *document);
void ogc_page_collections(const request *r, response *out, const json_t *document);
void ogc_page_collection(const request *r, response *out, const ogc_collection *c, const json_t *document);
void ogc_page_queryables(const request *r, response *out, const ogc_collection *c, const json_t *document);
void ogc_page_items(const request *r, response *out, const ogc_collection *c, const json_t *document);
void ogc_page_item(const request *r, response *out, const ogc_collection *c, const record *rec, const json_t *document);

#define OPENAPI_TYPE "application/vnd.oai.openapi+json;version=3.0"
