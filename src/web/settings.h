/* What an operator may set: DIR/settings.ini (a GKeyFile), flags of `aftermine serve` above it. */
#pragma once

#include <glib.h>

typedef struct settings {
	char *host;            /* listen: "127.0.0.1" or "::1" */
	guint16 port;
	char *address;         /* public address for absolute links, "" : from the Host header */
	char *name;            /* of the site */
	char *contact;         /* e-mail address of who runs it; "": postmaster at the site's host */
	char *iati_organisation; /* IATI's identifier of who runs the site; "": its host */
	gboolean trusted_proxy; /* X-Forwarded-For is believed, for the log and the limit on requests */
	gboolean pseudo_languages;
	guint workers;         /* 0: one a processor, 2 to 8 */
	guint queue;           /* requests that may wait for a worker */
	guint connections, connections_per_address;
	guint requests_per_minute, requests_burst; /* of one client; 0 a minute: no limit */
	guint idle_seconds;    /* between requests of one connection */
	guint request_seconds; /* from a request's first byte to its last */
	guint answer_seconds;  /* from the request's last byte to the answer's last */
	guint stop_seconds;
	gsize cache_bytes;     /* rendered pages */
	gsize rows_bytes;      /* what searches show of records */
	gboolean data_packs;  /* made when wanted, and offered */
	char *access_log;      /* a file in DIR, "-" standard output, "" none */
	gboolean full_addresses; /* clients in the access log whole, instead of their network (/24, /48) */
} settings;

/* The defaults, then what the file says (NULL: no file; a missing file is not an error). A key it does not know, or a value out of bounds, is an
 * error that names file, key and bounds. */
settings *settings_load(const char *path, GError **error);
/* "HOST:PORT", "[::1]:8080". */
gboolean settings_listen(settings *s, const char *listen, GError **error);
void settings_free(settings *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(settings, settings_free)

/* The file that `aftermine init` writes: every key with its default and what it means; free with g_free. */
char *settings_template(void);
