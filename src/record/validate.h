/* Does a body keep what its kind declares? Reports every fault, not the first. */
#pragma once

#include "record/record.h"

/* Answers whether a record of that kind and id exists (in the store, or in the same import). NULL lookup: references are not followed. */
typedef struct record_lookup {
	gboolean (*exists)(gpointer data, const char *kind, const char *id);
	gpointer data;
} record_lookup;

/* Empty array: valid. Otherwise faults (fault *) in document order; free with g_ptr_array_unref. */
GPtrArray *body_validate(const kind *k, const json_t *body, const record_lookup *lookup);

/* The same body cleaned as the canonical form wants it: text trimmed and NFC, nulls, empty strings and empty lists left out (absent means
 * "not reported"), terms given by label or alias replaced by their id, numbers written as text made numbers where that is unambiguous.
 * New reference. Never fails: what it cannot clean it leaves for body_validate to name. */
json_t *body_normalise(const kind *k, const json_t *body);

/* JSON Schema 2020-12 of a kind's body; new reference. What it accepts, body_validate accepts without lookup, but for the kind's checks
 * (cross-field rules), which the schema lists under "x-rules". */
json_t *kind_schema(const kind *k);
