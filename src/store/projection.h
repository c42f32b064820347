/* What search, facets, maps and lists need to know of a record, derived from its body by its kind's declaration. */
#pragma once

#include "store/database.h"

/* Changes when the derivation below changes, so that a database from before is rebuilt when it is opened. */
#define PROJECTION_VERSION "4"

/* Adds the document of a public revision: its row, text, words, facets, sort keys, references, place and land. The
 * faces of land are brought up to date by land_settle (store/land_faces.h). */
gboolean projection_add(database *d, const record *r, GError **error);

/* Empties the projections of `to` and makes them from the revisions of `from` (which may be the same). Needs a transaction on `to`. */
gboolean projection_rebuild(database *to, database *from, GError **error);

/* Names the declarations and the derivation that projections were made by. Free with g_free. */
char *projection_fingerprint(void);

/* SHA-256 over all rows of all projections. Free with g_free. */
char *projection_hash(database *d, GError **error);
