/* The web server: libmicrohttpd reads and writes, one event thread; a bounded queue hands requests to a bounded pool of workers, each with a
 * reader of its own on the records. A handler never runs on the event thread. */
#pragma once

#include "web/route.h"
#include "web/settings.h"

/* What is served. The three functions stand between the server and the store, so that the server can be tried without one. */
typedef struct http_site {
	const settings *settings;
	const route *routes;
	gsize n_routes;
	gpointer records;
	gpointer (*open_reader)(gpointer records, GError **error); /* called once on each worker's thread */
	void (*close_reader)(gpointer reader);
	guint64 (*generation)(gpointer records); /* any thread */
	void (*data)(const request *r, response *out); /* answers the data formats of routes that have a kind: data_answer */
	gconstpointer about; /* for handlers: request_about() */
} http_site;

typedef struct http http;

/* Checks the routes, binds and starts. NULL with an error that says what to do (address in use, a route without permission ...). */
http *http_start(const http_site *site, GError **error);
/* The port it listens on (settings may ask for 0: any). */
guint16 http_port(const http *h);
/* For framing.h: libmicrohttpd cannot read a request, and would answer so. */
struct MHD_Connection;
void http_unread(struct MHD_Connection *mhd, unsigned status);
/* Takes no new connections, lets requests under way finish (at most settings.stop_seconds), then stops. */
void http_stop(http *h);
