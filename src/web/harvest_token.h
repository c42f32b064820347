/* Where a list of OAI-PMH goes on: everything that is needed stands in the token itself, so it is good for as long as the registry. */
#pragma once

#include <glib.h>

typedef struct harvest_token {
	char prefix[17];              /* of the metadata's format */
	char from[21], until[21];     /* times, RFC 3339; "": no bound */
	char set[41];                 /* "": every one */
	guint64 first;                /* number of the log's entry to go on with */
	guint cursor;                 /* how many headers were given before */
} harvest_token;

/* Free with g_free. */
char *harvest_token_text(const harvest_token *t);
/* FALSE for what this site never gave. */
gboolean harvest_token_parse(const char *text, harvest_token *out);

/* A date of OAI-PMH 2.0, 3.3: a day or a second, as the time it begins or ends with; *day: which. FALSE for what is none. */
gboolean harvest_date(const char *text, gboolean end, char out[static 21], gboolean *day);
