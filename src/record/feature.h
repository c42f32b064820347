/* Features of a map (GeoJSON, as `ldn vector` gives them) turned into records: attributes become fields by a mapping, geometry the boundary.
 *
 * A mapping is JSON, as a file gives it:
 *   {"id": "permit_id",
 *    "fields": {"name": ["mine", "permittee"],
 *               "country": {"value": "USA"},
 *               "permits.1.bond_status": "bond_status",
 *               "permits.1.status": {"from": "status", "terms": {"Phase III Release": "released"}}},
 *    "ignore": ["acres_total"],
 *    "sources": [{"n": 1, "title": "...", "kind": "government", "url": "..."}]}
 * A field is named by its path as in a table (record/table.h). Of several attributes the first that has a value counts. "terms" replaces words of
 * the attribute; an empty replacement leaves the field out. What no mapping names goes by the attribute's name where it is a field of the kind, or
 * a usual word for one ("mine_name" for name).
 */
#pragma once

#include "record/kind.h"

/* Checks a mapping and adds what a kind takes by itself from attributes of these names. Faults point into the mapping ("/fields/nme").
 * New reference, in the form above; NULL if there are faults. */
json_t *features_mapping(const kind *k, const json_t *mapping, const json_t *collection, GPtrArray *faults);

/* Attributes that a mapping (as features_mapping gives it) makes no use of, in alphabetical order. Free with g_ptr_array_unref. */
GPtrArray *features_unused(const json_t *mapping, const json_t *collection);

typedef struct feature_record {
	guint feature; /* its number in the file, from 1 */
	json_t *item;  /* {"id","body"} */
} feature_record;

/* The records, one for each feature, in order: array of feature_record. A point gives longitude and latitude. Faults point to
 * "/FEATURE/attribute". Bodies are normalised, not validated. Free with g_array_unref. */
GArray *features_convert(const kind *k, const json_t *mapping, const json_t *collection, GPtrArray *faults);
