/* What a page was on a day, in the words of RFC 7089 (Memento): an address with ?as-of=DAY is a memento of the address without it, which is its own
 * TimeGate; /timemap/ADDRESS lists the days on which a record changed. A day's memento is its state at the end of the day, UTC. */
#pragma once

#include "web/response.h"

/* Accept-Datetime on an address that has a past: answers with a redirect to the memento (RFC 7089, 4.1.1), or 400. FALSE: it was not asked for. */
gboolean memento_negotiate(const request *r, response *out);
/* Memento-Datetime and Link of an answer. */
void memento_tell(const request *r, response *out);
/* /timemap/{+address}: RFC 7089, 5, in application/link-format (RFC 6690). */
void memento_timemap(const request *r, response *out);
/* Does what stands at this address depend on the day? */
gboolean memento_has_past(const request *r);
