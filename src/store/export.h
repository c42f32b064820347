/* Published records as files of data. JSON, CSV and GeoJSON are what import reads back. */
#pragma once

#include <stdio.h>

#include "store/store.h"

typedef enum export_format { EXPORT_JSON, EXPORT_CSV, EXPORT_GEOJSON, EXPORT_GPKG, EXPORT_FORMATS } export_format;

/* Format by its name ("json", "csv", "geojson", "gpkg"), which is also the ending of its files; -1 for no such. */
int export_format_by_name(const char *name);
const char *export_format_name(export_format format);

/* Writes records to a stream, as they are given. JSON: an array of envelopes with their hash. CSV: a table of one kind (record/table.h). GeoJSON: a
 * FeatureCollection (RFC 7946) of those that have a place. GeoPackage: a table a kind (store/geopackage.h); records of a kind come together. The same
 * records give the same bytes. */
typedef struct exporter exporter;
exporter *exporter_new(export_format format, FILE *out, GError **error);
void exporter_free(exporter *e);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(exporter, exporter_free)
gboolean exporter_put(exporter *e, const record *r, GError **error);
/* Completes the file, a table as one of the kind k (NULL where the format needs none); what the stream refused is an error. count: how many records it
 * holds. */
gboolean exporter_finish(exporter *e, const kind *k, guint *count, GError **error);

/* Writes the records of a kind that are published, or were on a day (NULL: now), to a stream, sorted by title. kind_name NULL: every kind, one after
 * the other, not for CSV. */
gboolean export_write(store_reader *r, const char *kind_name, export_format format, const char *as_of, FILE *out, guint *count, GError **error);

