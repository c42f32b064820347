/* Files embedded in the program (static/bundle.mjs): static files under fingerprinted names, compressed when built; templates. */
#pragma once

#include <gio/gio.h>

typedef enum encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_BROTLI, ENCODING_COUNT } encoding;
extern const char *const encoding_names[ENCODING_COUNT]; /* NULL, "gzip", "br" */

typedef struct asset {
	char *name;         /* "site.css" */
	char *hashed;       /* "site.1f3a9c2b.css" */
	char *content_type; 
	GBytes *bytes[ENCODING_COUNT]; /* NULL: not smaller in that encoding */
	gpointer answers[ENCODING_COUNT]; /* the server's own, made on first use by its event thread */
} asset;

/* By its fingerprinted name, or by its plain name; NULL if there is none. Never freed. */
asset *asset_find(const char *hashed);
asset *asset_named(const char *name);
/* "/static/HASHED" for a plain name, NULL if there is none. */
const char *asset_address(const char *name);
/* A template's text, or NULL. Free with g_bytes_unref. */
GBytes *asset_template(const char *name);
