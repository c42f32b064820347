/* How a request is put, before anybody asks what it is about: what two readers of the same bytes (a proxy and we) could take for two different
 * requests is refused, and what libmicrohttpd would end without a word gets one. Source: RFC 9112, 2.2, 3, 5.1, 6.1-6.3. */
#pragma once

#include <microhttpd.h>

#include "web/address.h"

/* Looks at the headers of a request. FALSE: it is refused, and why says how. */
gboolean framing_judge(struct MHD_Connection *mhd, const char *version, refusal *why);

/* What to say to who sent no HTTP request at all, or half of one; a body without end; headers that leave no room for an answer. Static. */
extern const refusal framing_garbage, framing_endless, framing_crowded;

/* How far a request was read when it could be read no further. */
typedef enum framing_part { FRAMING_LINE, FRAMING_HEADERS, FRAMING_BODY } framing_part;

/* What to say of a request that libmicrohttpd gave up reading: in which part, and with which status. Static, and never a 5xx: what a client sends is no failure
 * of the server. */
const refusal *framing_unread(unsigned status, framing_part part);

/* How many bytes of a connection's memory its request takes; the answer's headers need some of what is left. */
gsize framing_size(struct MHD_Connection *mhd);

/* Queues our answer. libmicrohttpd's own answers do not come this way: http_unread() hears of them first, and says on the connection what they would say. */
enum MHD_Result framing_answer(struct MHD_Connection *mhd, unsigned status, struct MHD_Response *answer);

/* Sends a refusal on a connection that is about to be closed, and ends its sending side; never waits. Gives the bytes of its body. */
gsize framing_say(int fd, const refusal *why);

/* Bytes that ever came on a connection; 0 where the system does not tell. */
guint64 framing_came(int fd);
/* Has the other side said that it sends no more? */
gboolean framing_ended(int fd);
