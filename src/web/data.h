/* Records as data, for every kind from its declaration: /KINDS.json, .csv, .geojson, .atom with the list's own parameters, /KINDS/ID likewise. */
#pragma once

#include "web/query.h"
#include "web/request.h"
#include "web/response.h"

#define DATA_FORMATS (FORMAT_JSON | FORMAT_CSV | FORMAT_GEOJSON | FORMAT_ATOM) /* those that every kind has */
#define DATA_VALUES 300 /* of a facet, the most frequent; ?more=PATH gives all of one */
#define DATA_PAGE 1000 /* records an answer holds at most; more by page, with Link headers */

/* Answers a route that has a kind, in the request's format. */
void data_answer(const request *r, response *out);
/* A record, a list (k NULL: every kind) in the request's format. */
void data_one(const request *r, response *out, const kind *k, const char *id);
void data_list(const request *r, response *out, const kind *k);
/* What a page found itself, as data. */
void data_found(const request *r, response *out, const kind *k, const query *q, const store_result *result);
guint data_per_page(const request *r);
/* /search.json, .csv, .geojson: hits of every kind. */
void data_search(const request *r, response *out);

/* A record's envelope with its hash and address; new reference. */
json_t *data_record(const request *r, record *rec);

/* How many records of a kind are published, or were on the request's day; 0 with an error of the store. */
guint data_count(const request *r, const char *kind_name, GError **error);
