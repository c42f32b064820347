/* Land cover, what became of what: a matrix of seven classes, of one site or of all sites of a pledge, a country, an organisation. */
#pragma once

#include "rules/cover.h"
#include "web/view.h"

/* That of one measurement; FALSE: it has none. m may be NULL. */
gboolean cover_of(const record *m, cover_sum *out);

/* For parts/chart, with the table; address: that of the page, of which the picture is ?chart=transitions. */
json_t *cover_view(const request *r, const cover_sum *s, const char *address);
/* source: what the figures are of; NULL: the newest measurement of each site. */
GBytes *cover_chart(const request *r, const cover_sum *s, const char *source, GError **error);
/* The same as a table by itself, for pages without pictures. */
json_t *cover_table(const request *r, const cover_sum *s);
/* The same as data: [{from, to, means, hectares, low, high}]; s NULL: null. */
json_t *cover_data(const cover_sum *s);
/* What it says in a sentence. */
char *cover_title(const request *r, const cover_sum *s);
