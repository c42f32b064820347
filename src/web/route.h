/* Routes are rows. Dispatch, sitemap, API description and the test that calls every route as every role all read this one table
 * (src/web/routes.c). A new page is one file in pages/ and one row. */
#pragma once

#include "web/response.h"

typedef enum permission { /* no default: 0 is not a permission and refuses to start */
	PERMISSION_ANYONE = 1,
	PERMISSION_SIGNED_IN,
	PERMISSION_CONTRIBUTOR,
	PERMISSION_CURATOR,
	PERMISSION_SECRETARIAT,
	PERMISSION_LOOPBACK /* only from the machine itself: /metrics */
} permission;

typedef enum csrf {
	CSRF_NONE_SAFE_METHOD = 1,
	CSRF_TOKEN,
	CSRF_SAME_ORIGIN,
	CSRF_NONE_ONLY_ASKS /* a POST that changes nothing: a question too long for an address */
} csrf;

typedef enum cache_policy {
	CACHE_NEVER = 1,  /* no-store */
	CACHE_RECORDS,    /* true until the store changes: kept in the page cache by generation; revalidated by ETag */
	CACHE_FOREVER     /* the address carries a fingerprint */
} cache_policy;

/* A parameter of an address: for its check and for the API descriptions. */
typedef struct route_parameter {
	const char *name, *says; /* says: a msgid */
	const char *schema;      /* JSON Schema, as text */
} route_parameter;

typedef struct route {
	const char *method;  /* "GET" also answers HEAD */
	const char *pattern; /* "/cases/{id}": one part of letters, digits, - and _; "/static/{+file}": the rest of the path */
	unsigned formats;    /* endings that may follow the path, FORMAT_HTML for none */
	void (*handler)(const request *r, response *out);
	permission permission;
	csrf csrf;
	gsize body_limit; /* bytes; 0: no body */
	cache_policy cache;
	const char *summary; /* one sentence, for the API description and the sitemap */
	const char *kind;    /* the kind whose records this address lists ("/cases") or shows ("/cases/{id}"): JSON, CSV, GeoJSON and Atom are answered from its
	                        declaration (data.c), the handler sees the other formats only */
	gboolean timeless;   /* the same on every day: ?as-of= changes nothing */
	gboolean leads;      /* answers with the address (307) of what it says it is, or 503 while that is being made */
	gboolean negotiated;  /* an interface: data for programs, a page for people who ask for one (accept.h). Knows its parameters: those below, f, lang and as-of;
	                         any other is refused */
	const route_parameter *parameters; /* ended by one without a name; NULL: none of its own */
	const char *answers, *schema; /* what it answers programs with: a media type, and the schema's name in content/api/schemas.json (NULL: not JSON, or any) */
	const char *computed; /* a parameter that only the handler understands; with it, it sees those formats too */
} route;

extern const route routes[];
/* Does every row say all it must, and no two the same? */
gboolean routes_check(const route *rows, gsize n, GError **error);
extern const gsize routes_count;
