/* Land that a revision drew anew: in words and on the map. */
#pragma once

#include "record/kind.h"
#include "record/record.h"
#include "web/request.h"

/* Of how much land a page says what was added and taken away: positions of the boundaries laid over each other, a third of a
 * second's work. What is beyond it is said by the picture alone. */
#define REDRAWN_POSITIONS 100000

/* Sets of a change of a site's boundary, {label, before, after}, what the two sides hold in words, and "redrawn": {text, alt, lazy, still ...}, for
 * parts/history. positions: how many are left to be measured; goes down. Nothing is set for other fields. */
void redrawn_put(json_t *change, const request *r, const field *f, const record *before, const record *after, guint *positions);

/* The picture of what a public revision of this site changed: chart is "boundary" or "reference". NULL without an error: it changed nothing of it, or is
 * none. Free with g_bytes_unref. */
GBytes *redrawn_picture(const request *r, const record *site, const char *chart, guint revision, GError **error);
