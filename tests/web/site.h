/* A site to test against: an instance in a temporary folder with a few records, the server on a port of its own, and a client that sends raw
 * bytes. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gio/gio.h>

#include "web/about.h"
#include "web/http.h"

typedef struct site {
	char *folder;
	store *records;
	note_key *key; /* of the log */
	site_about about;
	settings *settings;
	http *server;
	guint16 port;
} site;

/* Made with the site's own routes and these settings (lines of settings.ini, NULL: none beside a port and short times). */
site *site_start(const char *settings_text, const route *rows, gsize n_rows);
void site_stop(site *s);
/* What is left of a site whose server was stopped already. */
void site_clear(site *s);
/* Puts a record in as published; body as JSON with ' for ". */
void site_put(site *s, const char *kind_name, const char *id, const char *body);

typedef struct reply {
	int status;      /* 0: the connection ended without an answer */
	char *head;      /* status line and headers */
	GByteArray *body; /* as Content-Length says; chunks put together */
} reply;

void reply_free(reply *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reply, reply_free)
/* A header's value, or NULL; the string lives as long as the reply. */
const char *reply_header(const reply *r, const char *name);
const char *reply_text(const reply *r);

int client_open(guint16 port);
void client_send(int fd, const void *bytes, gsize length);
/* Reads one answer; head_only for HEAD. Gives up after ten seconds. */
reply *client_read(int fd, gboolean head_only);
/* One request on a connection of its own. */
reply *ask(site *s, const char *request_text);
/* GET with extra header lines ("" or "Name: value\r\n..."). */
reply *get(site *s, const char *target, const char *headers);
