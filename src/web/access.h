/* The access log: one line a request, written by a thread of its own so that a slow disk holds nobody up. Nothing secret goes in: no query values
 * beyond the site's own filters, no headers but none, addresses cut to their network unless the operator wants them whole. */
#pragma once

#include <gio/gio.h>
#include <sys/socket.h>

typedef struct access_log access_log;

/* path "-": standard output; "": none. NULL with an error if the file cannot be opened. */
access_log *access_open(const char *path, gboolean full_addresses, GError **error);
void access_close(access_log *log);
/* forwarded: the address that a trusted proxy saw, or NULL. */
void access_write(access_log *log, const struct sockaddr *client, const char *forwarded, const char *method, const char *target, unsigned status, gsize bytes,
	gint64 microseconds);
/* Writes out what has gathered; called by the server's housekeeping. */
void access_flush(access_log *log);
