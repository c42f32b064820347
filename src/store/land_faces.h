/* The land of records in the database: shapes, and the faces they make when they are laid over each other (base/overlay.h). */
#pragma once

#include "store/database.h"

/* The land of a new document of a record; previous: the record's document before, or 0; geometry: its boundary, or NULL (none, or
 * withdrawn). What is no valid boundary has no land. Marks where faces are stale. */
gboolean land_add(database *d, gint64 document, gint64 previous, const json_t *geometry, const char *time, GError **error);

/* Makes the stale faces anew: only in the cells that changed boundaries touch. Needs a transaction. */
gboolean land_settle(database *d, GError **error);
