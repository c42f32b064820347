/* How a request is put, before anybody asks what it is about: what two readers of the same bytes (a proxy and we) could take for two different
 * requests is refused, and what libmicrohttpd would end without a word gets one. Source: RFC 9112, 2.2, 3, 5.1, 6.1-6.3. */
#pragma once

#include <microhttpd.h>

#include "web/address.h"

/* Looks at the headers of a request. FALSE: it is refused, and why says how. */
gboolean framing_judge(struct MHD_Connection *mhd, const char *version, refusal *why);

/* What to say to who sent no HTTP request at all, or half of one, or a body without end. Static. */
extern const refusal framing_garbage, framing_endless;

/* Sends a refusal on a connection that libmicrohttpd is about to close without an answer; never waits. Gives the bytes of its body. */
gsize framing_say(int fd, const refusal *why);

/* Bytes that ever came and went on a connection; zeros where the system does not tell. */
typedef struct traffic {
	guint64 came, went;
} traffic;

traffic framing_traffic(int fd);
