/* Which of its two forms an interface answers with: data for programs, or a page for people (RFC 9110, 12.5.1). */
#pragma once

#include "web/request.h"

/* Does an Accept header prefer a page to data? Browsers name text/html; NULL and what names neither want data. */
gboolean accept_prefers_page(const char *accept);
/* The same for a request of a negotiated route, where the parameter f (json, html) goes before the header. */
gboolean accept_wants_page(const request *r);
