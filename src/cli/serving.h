/* A web site until SIGTERM or SIGINT: then the requests under way are finished. */
#pragma once

#include "cli/command.h"
#include "web/http.h"

/* To be called before any thread is made but the store's own, so that all leave the signals to serve_site. */
void serving_begin(void);
/* Starts it, says on standard output where it listens (as JSON if so), waits for the signal, stops it. FAILED with an error if it cannot start. */
outcome serve_site(const http_site *site, gboolean json, GError **error);
