/* Vector files as records: read by `ldn vector` in a sandboxed child, attributes mapped to fields, what was found told. */
#pragma once

#include "store/import.h"

typedef struct vector_options {
	char **map;    /* FIELD=ATTRIBUTE, or files with mappings; NULL-terminated or NULL */
	char **set;    /* FIELD=TEXT */
	char **accept; /* ailments that are no reason to refuse */
	char *id, *source, *source_url, *source_kind, *layer, *crs, *program;
} vector_options;

/* Is the file one that `ldn vector` reads: by its name, a .json by its contents, a .csv if the options map something. */
gboolean vector_is(const char *path, const vector_options *o);

/* Adds the file's features to the import. What stands in the way of them goes to the import's faults; FALSE with an error if the file or the
 * options are of no use at all. `told` takes one object a file: {"file","summary","unused":[...]}. */
gboolean vector_import(import *m, const char *path, const kind *k, const vector_options *o, json_t *told, GError **error);

/* What `told` holds, for people, on standard output. */
void vector_tell(const json_t *told);
