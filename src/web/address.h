/* The target of a request taken apart: path, query, language prefix. Strict: what a browser would never send is refused, not repaired.
 * Source: RFC 3986, 2.1 and 3.3-3.4; application/x-www-form-urlencoded as the WHATWG URL Standard, 5.1, reads it. */
#pragma once

#include <glib.h>

#define ADDRESS_LENGTH 8192       /* bytes of the whole target */
#define ADDRESS_PARAMETERS 64
#define ADDRESS_NAME 64           /* bytes of a parameter's name */
#define ADDRESS_VALUE 4096        /* bytes of a value in a query: a filter with a polygon in it */
#define ADDRESS_SEGMENTS 12

typedef struct parameter {
	const char *name, *value;
} parameter;

/* Why a target or a body is refused: an HTTP status and a sentence for the sender. Static strings; a msgid. */
typedef struct refusal {
	int status;
	const char *detail;
} refusal;

typedef struct address {
	char *buffer;        /* holds everything below */
	char *path;          /* decoded, without query and language prefix; always begins with "/" */
	const char *prefix;  /* first segment if it is a language tag ("mn"), else NULL */
	gboolean trailing_slash; /* the path ended in "/" (taken off), and is not "/" itself */
	GArray *parameters;  /* parameter, in order */
} address;

/* Takes a raw target apart. FALSE: refused. Free with address_clear in both cases. */
gboolean address_parse(const char *target, address *out, refusal *why);
void address_clear(address *a);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(address, address_clear)

/* The language tag that begins a raw target's path ("/mn/cases" -> "mn"), or NULL; nothing is allocated. */
const char *address_prefix(const char *target);

/* Reads "a=1&b=2" in place (text is changed, parameters point into it). value_limit: bytes of one value. */
gboolean parameters_parse(char *text, gsize value_limit, GArray *parameters, refusal *why);
const char *parameters_get(const GArray *parameters, const char *name);

/* Appends text so that it can stand as a segment of a path or as a name or value of a query. */
void address_escape(GString *out, const char *text);
