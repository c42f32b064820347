/* Data packs between a file and an instance. */
#pragma once

#include <glib.h>

/* Writes the pack of an instance, as of a day (NULL: now). entries: how many the log has in it. */
gboolean packing_export(const char *dir, const char *out, const char *as_of, guint64 *entries, GError **error);
/* Brings a pack, which is verified first, into an empty instance. */
gboolean packing_import(const char *dir, const char *file, gboolean dry_run, guint64 *entries, GError **error);
