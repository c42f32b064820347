/* One request and its answer as the rooms of web/ pass them on; handlers see them through request.h and response.h only. */
#pragma once

#include "web/address.h"
#include "web/http.h"
#include "web/response.h"
#include "web/route.h"

/* Request headers that are kept, and their bound: longer ones are refused. */
typedef enum header { HEADER_ACCEPT, HEADER_ACCEPT_LANGUAGE, HEADER_IF_NONE_MATCH, HEADER_IF_MODIFIED_SINCE, HEADER_HOST, HEADER_CONTENT_TYPE, HEADER_ORIGIN, HEADER_ACCEPT_DATETIME, HEADER_RANGE, HEADER_IF_RANGE, HEADER_COUNT } header;
extern const char *const header_names[HEADER_COUNT];
#define HEADER_LENGTH 2048

struct request {
	const http_site *site;
	const char *method;   /* as sent; HEAD is served as GET */
	const char *target;   /* as sent */
	char *headers[HEADER_COUNT];
	GBytes *body;         /* NULL: none */
	gboolean loopback;
	refusal refused;      /* decided before the address was read; status 0: it was not */

	address address;
	GArray *form;         /* parameter; of a form body */
	char *form_text;
	const route *route;
	parameter parts[ADDRESS_SEGMENTS];
	guint n_parts;
	char *part_text;
	format format;
	const char *as_of;
	const language *language;
	gpointer reader;
	pool *pool;
	GPtrArray *lists;     /* what request_query_all gave and request_keep took */
	char *site_address;
	char *root;           /* "" or "/mn" */
};

void request_init(request *r, const http_site *site);
/* Gives back what only the handler needed, in the thread that took it. */
void request_finish(request *r);
void request_clear(request *r);

/* A piece of an open file as a body. The descriptor is closed with whoever holds it. */
typedef struct piece {
	int file;
	guint64 first, length;
} piece;

struct response {
	int status;
	const char *content_type; /* interned */
	GBytes *body;
	piece *piece;         /* instead of a body; NULL: none */
	char etag[40];        /* of the file it is cut from */
	char *file_name, *location, *link, *content_range;
	const char *crs;      /* interned */
	const char *allow;    /* of 405 and OPTIONS */
	gboolean no_store;
	gboolean passing;     /* true at this moment: not kept in the page cache */
	gboolean worded;      /* in the request's language */
	gboolean framed;      /* other sites may show it in a frame */
	gint64 modified;      /* seconds since 1970; 0: not said */
	gint64 memento;       /* when it stood so, seconds since 1970; 0: it stands so now */
	guint retry_after;    /* seconds; 0: none */
};

void response_clear(response *out);
/* Sets the answer; a later one replaces an earlier one. */
void response_set(response *out, int status, const char *content_type, GBytes *body);
/* A problem before there is a language: in English, as the format asks. */
void response_refuse(response *out, const request *r, const refusal *why);
/* Is a refusal a page, by the address as it was sent? */
gboolean refusal_is_page(const request *r);
/* What an address that leads nowhere asks for by its ending. */
format ending_of(const char *target);

/* Finds the route, checks it and calls its handler; always gives an answer. Fills route, format, language, parts of the request. */
void dispatch(request *r, response *out);

/* A route that fits a method and a path without ending; NULL and *allow (interned, "GET, HEAD, OPTIONS") when only the method does not fit. */
const route *route_find(const http_site *site, const char *method, const char *path, format *found, request *parts, const char **allow);
