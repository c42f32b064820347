/* What the pack says of itself, in the forms that repositories and tools read. */
#pragma once

#include <jansson.h>

#include "record/kind.h"

/* What all of them need to know. */
typedef struct pack_about {
	const char *origin; /* name of the log */
	const char *root;   /* of its tree, base64 */
	const char *time;   /* of the last entry; the first second of 1970 for an empty log */
	guint64 size;
	guint records;
} pack_about;

/* A member that was written. */
typedef struct pack_member {
	char *name, *sha256;
	guint64 size;
} pack_member;

/* Descriptions tell of some folders as a whole, so that one of their members is enough. The number of the folder, from 0; -1: the member is told of by itself. */
int describe_folder(const char *name);

/* Table Schema (Frictionless, specs.frictionlessdata.io/table-schema) of a table of a kind, from the names of its columns as table_write gives them. */
json_t *describe_table(const kind *k, const char *header);
/* Data Package (specs.frictionlessdata.io/data-package) of the members below data/; tables: schemas by member. */
json_t *describe_package(const pack_about *about, const GPtrArray *members, const json_t *tables);
/* RO-Crate 1.1 (w3id.org/ro/crate/1.1). */
json_t *describe_crate(const pack_about *about, const GPtrArray *members);
/* DataCite Metadata Schema 4.5, as the JSON of its kernel; a DOI is for the repository to give. */
json_t *describe_datacite(const pack_about *about);
/* For people. Free with g_free. */
char *describe_read_me(const pack_about *about);
char *describe_licence(const pack_about *about);
/* What a file of this name is: "text/csv"; by its ending. */
const char *describe_type(const char *name);
