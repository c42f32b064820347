/* Who is at the other end of a connection. */
#pragma once

#include <microhttpd.h>
#include <sys/socket.h>

#include "web/settings.h"

/* The connection's own; NULL if the system does not tell. */
const struct sockaddr *peer_address(struct MHD_Connection *mhd);
/* The address that the proxy in front saw: the last entry, for those before it are what the client said. NULL: none, or the proxy is not believed. */
const char *peer_forwarded(struct MHD_Connection *mhd, const settings *s);
gboolean peer_is_loopback(struct MHD_Connection *mhd);
