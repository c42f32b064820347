/* The one place where a request's parameters become a question to the store; pages and data formats share it. Parameters: q (words), any facet of
 * the kind by its path ("themes=...", repeated: any of them), bbox=west,south,east,north, sort, page, per-page, as-of; kind, where no kind
 * is given, and without it country. A parameter that is none of these is left to the page, or to nobody: a link with ?utm_source=... still works. What is there
 * for programs alone (/api/records, /ogc, /stac) refuses it: query_only. */
#pragma once

#include "web/request.h"
#include "web/response.h"

typedef struct query {
	store_query store;      /* what store_search takes; borrows from here and from the request */
	guint page, per_page;   /* page from 1 */
	double box[4];
	GArray *filters;        /* store_filter */
} query;

/* FALSE: a parameter is wrong (page=abc, bbox of three numbers, an order or a term there is not): the answer is given, a 400 that names the parameter,
 * the value, and what may stand there.
 * k NULL: every kind. per_page: when the request does not say; at most `most`. Clear in both cases. */
gboolean query_parse(const request *r, response *out, const kind *k, guint per_page, guint most, query *q);
void query_clear(query *q);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(query, query_clear)

/* The records, whole, that a list in another form than a page asks for, `most` of them unless the request says fewer; NULL: the answer is given. q as of query_parse. */
store_result *query_records(const request *r, response *out, const kind *k, guint most, query *q);
/* A record as it stood on the request's day, a withdrawn one too; NULL: the answer is given. */
record *query_record(const request *r, response *out, const kind *k, const char *id);
/* Answers a program that there is no such record. */
void query_no_record(const request *r, response *out);

/* A parameter of a page's own that takes one of a few values (NULL-terminated): *chosen, NULL if it is absent or empty. FALSE: it is none of them; the
 * answer is given as above. */
gboolean query_choice(const request *r, response *out, const char *name, const char *const *allowed, const char **chosen);

/* fields=title,results.value: which members of the body are wanted; *members NULL-terminated, kept with the request, NULL: all. k NULL: there are none to choose.
 * FALSE: the kind does not have one of them; the answer is given as above. */
gboolean query_members(const request *r, response *out, const kind *k, const char *const **members);

/* An address for programs knows these parameters (NULL-terminated), the facets of k (NULL: none), and what every address takes: lang and as-of. FALSE: the
 * request has another; the answer is given, a 400 that names it and those. */
gboolean query_only(const request *r, response *out, const char *const *known, const kind *k);
/* The same of one name, which stands elsewhere than in the address. */
gboolean query_knows(const request *r, response *out, const char *const *known, const kind *k, const char *name);
/* Answers that a parameter cannot have its value; why: a whole sentence in the reader's language. */
void query_refuse(const request *r, response *out, const char *why);

/* What every picture can be asked for: scheme, width. FALSE: the answer is given. */
gboolean query_check_picture(const request *r, response *out);

/* Adds first, prev and next to the Link header. */
void query_link_pages(const request *r, response *out, const query *q, guint total);
