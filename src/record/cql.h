/* What a program asks of records: a filter in CQL2 (OGC 21-065r2), as text or as JSON, over what a kind declares.
 *
 * Text becomes the JSON form, the JSON form is checked against the kind once, and is then tried on records. What it may say: comparisons with =, <>, <, <=,
 * >, >= (two properties too), LIKE, BETWEEN, IN, IS NULL, AND, OR, NOT, CASEI, ACCENTI; the spatial, the temporal and the array relations.
 *
 * Properties are the fields of the kind by their dotted path ("country", "targets.metric"), but for FIELD_GEOMETRY ones, and "id", "title", "summary",
 * "revision", "published", and "geometry", the place. Where a property has several values (a repeated field), a comparison holds if it holds for any
 * of them. A comparison with what a record does not say is unknown, and so is its NOT: such a record is not found. Dates of records are as exact as their
 * sources: compared with a date they are stretches of time. */
#pragma once

#include "base/crs.h"
#include "base/shape.h"
#include "record/record.h"

#define CQL_DEPTH 32 /* of expressions within each other */
#define CQL_NODES 1000

typedef enum cql_error {
	CQL_ERROR_FORM,    /* not CQL2 */
	CQL_ERROR_PROPERTY /* asks for what the kind does not have, or compares what cannot be compared */
} cql_error;
#define CQL_ERROR (cql_error_quark())
GQuark cql_error_quark(void);

/* The JSON form of CQL2 text; NULL with an error that says what was not understood, and where. */
json_t *cql_parse(const char *text, GError **error);

typedef struct cql cql;

/* Checks an expression in the JSON form. places: in which system its geometries are. NULL with an error that names the operator, the property, and what may stand
 * there. Belongs to the thread that made it, with all that follows. */
cql *cql_compile(const json_t *expression, const kind *k, const crs *places, GError **error);
void cql_free(cql *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cql, cql_free)

/* Is it true of a record? place: where that lies, asked for once if the expression needs it; it may give NULL. */
gboolean cql_matches(const cql *c, const record *r, shape *(*place)(const record *r, gpointer data), gpointer data);

/* The members of the body that it looks at, NULL-terminated; borrowed. */
const char *const *cql_members(const cql *c);
gboolean cql_needs_place(const cql *c);

/* What every record it is true of certainly has, so that an index can go before: facets with one of these values (NULL-terminated list in each), and a
 * box its place meets. */
typedef struct cql_facet {
	const char *path;
	const char **values;
} cql_facet;
const cql_facet *cql_facets(const cql *c, gsize *n);
gboolean cql_box(const cql *c, double box[4]);

/* Those every kind has, NULL-terminated. */
extern const char *const cql_common[];
