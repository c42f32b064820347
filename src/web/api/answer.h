/* What the interfaces have in common: links of documents, a document as a page for people, and the parameters that select places and times. */
#pragma once

#include "base/crs.h"
#include "base/shape.h"
#include "base/span.h"
#include "web/accept.h"
#include "web/response.h"
#include "web/route.h"
#include "web/view.h"

#define GEOJSON_MEDIA "application/geo+json"
#define API_LIMIT 100       /* entries of a page when the request does not say */
#define API_LIMIT_MOST 1000

/* Adds a link (RFC 8288) to a list of them; href: an address of this site from its "/" on, or absolute. */
void api_link(json_t *links, const request *r, const char *relation, const char *type, const char *title, const char *href);
/* An absolute address of this site: printf of a path; free with g_free. */
char *api_address(const request *r, const char *path, ...) G_GNUC_PRINTF(2, 3);
/* The same with the day of an as-of request kept. */
char *api_address_as_of(const request *r, const char *path, ...) G_GNUC_PRINTF(2, 3);
/* Links to this document ("self") and its other form ("alternate"), of the type that data has here. */
void api_link_forms(json_t *links, const request *r, const char *type);

/* Answers with a document of some type; coordinates are written with at most 15 significant digits, as which every decimal number of that length is read back. */
void api_document(response *out, const char *type, json_t *document);

/* A new view for templates/interface: title, sentence, no sections (pages/sheet.h adds them); where: pairs of label and address for the breadcrumbs, ended by NULL. */
json_t *api_view(const request *r, const char *title, const char *sentence, ...) G_GNUC_NULL_TERMINATED;
/* A table of the links of a document. */
json_t *api_links_table(const request *r, const json_t *links);

/* ---- which entries ---- */

/* Parameters that OGC API Features and STAC share. */
typedef struct selection {
	gboolean boxed;
	double given[4];     /* as asked: least and greatest first axis in [0], [2], second in [1], [3] */
	double box[4];       /* west, south, east, north that enclose it */
	const crs *box_crs;
	gboolean timed;
	span time;
	guint limit, after;
} selection;

/* Reads bbox, bbox-crs, datetime, limit and after from texts, any of which may be NULL. FALSE: the answer is given, a 400 that names the parameter. */
typedef struct selection_texts {
	const char *bbox, *bbox_crs, *datetime, *limit, *after;
} selection_texts;
gboolean selection_read(const request *r, response *out, const selection_texts *texts, selection *s);

/* Does a geometry of longitude and latitude meet the box, exactly, in the box's own system? */
gboolean selection_meets(const selection *s, const json_t *geometry);

/* Rows of route_parameter (the first two with what is special to the interface behind them), and schemas. */
#define API_SCHEMA_BBOX "{\"type\":\"array\",\"oneOf\":[{\"minItems\":4,\"maxItems\":4},{\"minItems\":6,\"maxItems\":6}],\"items\":{\"type\":\"number\"}}"
#define API_SCHEMA_TEXT "{\"type\":\"string\"}"
#define API_PARAMETER_LIMIT { "limit", N_("At most so many in one answer; a link leads to the next."), "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100}" }
#define API_PARAMETER_AFTER { "after", N_("Where the answer before ended; set by its link to the next."), "{\"type\":\"integer\",\"minimum\":0}" }
#define API_PARAMETERS_END { NULL, NULL, NULL }
