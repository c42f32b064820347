/* A measurement computed once more from its inputs: do the same bytes come out? */
#pragma once

#include "cli/measuring_keep.h"

typedef struct recompute_inputs {
	const char *id;
	char **images;       /* NULL-terminated; or */
	const char *table;   /* this */
	const char *program; /* ldn; NULL: found */
} recompute_inputs;

/* *difference: the first one, in words; NULL if the canonical bytes of the body are the same. FALSE with an error if it cannot be computed. */
gboolean measurement_recompute(store_reader *r, const recompute_inputs *from, char **difference, GError **error);
