/* STAC 1.1 (SpatioTemporal Asset Catalogs) and STAC API 1.0: measurements of sites with their rasters and pictures. /stac/ ... */
#pragma once

#include "web/api/answer.h"

void stac_landing(const request *r, response *out);
void stac_conformance(const request *r, response *out);
void stac_openapi(const request *r, response *out);
void stac_collections(const request *r, response *out);
void stac_collection(const request *r, response *out);
void stac_items(const request *r, response *out);  /* /stac/collections/measurements/items */
void stac_item(const request *r, response *out);
void stac_search(const request *r, response *out); /* GET and POST */

extern const route_parameter stac_items_parameters[], stac_search_parameters[];

/* ---- of the files of this interface ---- */

#define STAC_COLLECTION "measurements"

/* An item of a measurement; NULL with an error of the store. */
json_t *stac_item_of(const request *r, const record *rec, GError **error);
/* The geometry of the site that a record measures, as of the request's day; NULL: none. New reference. */
json_t *stac_place(const request *r, const record *rec);

/* A document as a page; the document is borrowed. */
void stac_page(const request *r, response *out, const char *title, const char *sentence, const json_t *document);
