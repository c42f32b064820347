/* Published records as files of data: what import reads back. */
#pragma once

#include <stdio.h>

#include "store/store.h"

typedef enum export_format { EXPORT_JSON, EXPORT_CSV, EXPORT_GEOJSON } export_format;

/* Format by its name ("json", "csv", "geojson"), which is also the ending of its files; -1 for no such. */
int export_format_by_name(const char *name);
const char *export_format_name(export_format format);

/* Writes the records of a kind that are published, or were on a day (NULL: now), to a stream, sorted by title. JSON: an array of envelopes
 * with their hash. CSV: a table (record/table.h). GeoJSON: a FeatureCollection (RFC 7946) of those that have a place. kind_name NULL: every
 * kind, not for CSV. What the stream refuses is an error. */
gboolean export_write(store_reader *r, const char *kind_name, export_format format, const char *as_of, FILE *out, guint *count, GError **error);

/* A record's place and main members as a GeoJSON feature; NULL if it has no place. New reference. */
json_t *record_feature(const record *r);
