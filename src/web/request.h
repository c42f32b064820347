/* What a handler sees of a request: already parsed, bounded and checked (UTF-8, sizes, counts) by http.c. All strings are borrowed. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "base/language.h"
#include "base/pool.h"
#include "store/store.h"

typedef enum format { /* by the address's ending, or by Accept on /api/ */
	FORMAT_HTML = 1 << 0,
	FORMAT_JSON = 1 << 1,
	FORMAT_CSV = 1 << 2,
	FORMAT_GEOJSON = 1 << 3,
	FORMAT_BIB = 1 << 4,
	FORMAT_RIS = 1 << 5,
	FORMAT_SVG = 1 << 6,
	FORMAT_ATOM = 1 << 7,
	FORMAT_XML = 1 << 8,
	FORMAT_CSL = 1 << 9,
	FORMAT_ICS = 1 << 10,
	FORMAT_IATI = 1 << 11,
	FORMAT_PNG = 1 << 12
} format;

/* What follows from a kind's declaration: answered for every kind in one place (web/data.h). */
#define FORMATS_DECLARED (FORMAT_JSON | FORMAT_CSV | FORMAT_GEOJSON | FORMAT_ATOM | FORMAT_ICS | FORMAT_IATI)

/* Of these the forms that do not know what a page computes (route.computed). */
#define FORMATS_UNCOMPUTED (FORMAT_ATOM | FORMAT_ICS | FORMAT_IATI)

typedef struct request request;

const char *request_path(const request *r);                          /* without language prefix and ending: "/cases/giant-mine" */
const char *request_address(const request *r);                       /* as asked, path and query */
const char *request_part(const request *r, const char *name);        /* {id} of the route's pattern */
const char *request_query(const request *r, const char *name);       /* first value, NULL if absent */
const char *const *request_query_all(const request *r, const char *name); /* every value, NULL-terminated, never NULL */
/* Memory that is freed (g_free) with the request. */
gpointer request_keep(const request *r, gpointer memory);
/* Memory that lasts until the answer is made: of the lists that its page shows. */
pool *request_pool(const request *r);
void request_each_query(const request *r, void (*visit)(const char *name, const char *value, gpointer data), gpointer data);
GBytes *request_body(const request *r);                              /* borrowed; NULL: none */
const char *request_header(const request *r, const char *name);
format request_format(const request *r);
const char *request_as_of(const request *r); /* a checked date, or NULL */
const language *request_language(const request *r);
/* A message in the request's language: request_text(r, "Open in a map"). Extracted for translators. */
const char *request_text(const request *r, const char *message);
/* What stands before every address of this page's language: "" or "/mn". Templates write href="{{root}}/cases". */
const char *request_root(const request *r);
store_reader *request_reader(const request *r);
const char *request_site_address(const request *r); /* "https://example.org", from the settings or the Host header: for absolute links */
char *request_site_host(const request *r); /* "example.org" of it: the namespace of identifiers that others keep; free with g_free */

const char *request_site_name(const request *r);

/* What the program gave http_site.about (the serve command: a site_about, web/about.h). */
gconstpointer request_about(const request *r);

/* The same page with a query parameter set (NULL value: removed; others kept), path escaped and sorted; free with g_free. For facet and
 * paging links. request_link_toggle adds or removes one value of a repeated parameter and drops "page". */
char *request_link_with(const request *r, const char *name, const char *value);
char *request_link_toggle(const request *r, const char *name, const char *value);
/* What stands before and after the escaped value in a link that adds any value of a parameter that has none yet: request_link_split(r, "country", &after). Free
 * both with g_free. */
char *request_link_split(const request *r, const char *name, char **after);
void request_link_value(GString *link, const char *value); /* appends a value, escaped */
/* As request_link_with, in the format that was asked for: "/cases.json?page=2". */
char *request_link_same(const request *r, const char *name, const char *value);
