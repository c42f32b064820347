/* What a single value must be to fit its field: the rules that validation, schema and table share. */
#pragma once

#include "record/kind.h"

/* Bounds of a number, count or year: those declared, else those of its type. */
void field_bounds(const field *f, double *minimum, double *maximum);

/* A whole number, also when it is written as 3.0. */
gboolean value_is_whole(const json_t *value, gint64 *whole);

/* Text of a line (no control characters) or of paragraphs (tab and newline allowed): not empty, not padded with white space. */
gboolean text_is_clean(const char *text, gsize length, gboolean paragraphs);
#define TEXT_LINE_PATTERN "^[^\\u0000-\\u0020\\u007f-\\u009f\\u2028\\u2029]([^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*[^\\u0000-\\u0020\\u007f-\\u009f\\u2028\\u2029])?$"
#define TEXT_PATTERN "^[^\\u0000-\\u0020\\u007f-\\u009f]([^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]*[^\\u0000-\\u0020\\u007f-\\u009f])?$"

/* YYYY, YYYY-MM or YYYY-MM-DD of the Gregorian calendar, within the years of LIMIT_YEAR_*. */
gboolean date_is_valid(const char *text);

/* HH:MM, from 00:00 to 23:59. */
gboolean time_is_valid(const char *text);
#define TIME_PATTERN "^([01][0-9]|2[0-3]):[0-5][0-9]$"

/* A SHA-256 as hexadecimal digits in lower case. */
gboolean sha256_is_valid(const char *text);
#define SHA256_PATTERN "^[0-9a-f]{64}$"

/* An absolute http or https address with an ASCII host. */
gboolean url_is_valid(const char *text);
#define URL_PATTERN "^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][^\\u0000-\\u0020\\u007f-\\u009f\"<>\\\\^`{|}\\u2028\\u2029]*)?$"

/* A valid GeoJSON Polygon or MultiPolygon (RFC 7946, base/boundary.h): what is wrong with it, and where below `pointer`; nothing added if it is right. */
void geometry_validate(const json_t *geometry, const char *pointer, GPtrArray *faults);
