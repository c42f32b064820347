/* Records as a GeoPackage: one file that a GIS opens, a table a kind. Kinds with a place are layers (points, or whatever their boundaries are), the
 * others tables without geometry. Columns: id, title, summary, revision, time, hash, the kind's fields that hold one value, and the whole body as JSON.
 * The same records in the same order give the same bytes. Source: OGC GeoPackage Encoding Standard 1.3 (OGC 12-128r17), RFC 7946. */
#pragma once

#include <stdio.h>

#include "record/record.h"

typedef struct geopackage geopackage;

/* In a temporary file until it is finished. NULL with an error. */
geopackage *geopackage_new(GError **error);
void geopackage_free(geopackage *g);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(geopackage, geopackage_free)

/* Adds a record; records of one kind come together. */
gboolean geopackage_add(geopackage *g, const record *r, GError **error);
/* Completes it and writes its bytes to a stream. Nothing may be added then. */
gboolean geopackage_finish(geopackage *g, FILE *out, GError **error);
