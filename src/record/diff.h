/* What changed between two bodies of one kind, in the words of the declaration. */
#pragma once

#include "record/kind.h"

typedef struct change {
	char *path;   /* JSON pointer into the newer body (the older, for what is gone) */
	char *label;  /* "Results, 2: Value", in the language the thread speaks */
	const field *field; /* of the value; the group itself where a whole entry came or went */
	json_t *before, *after; /* borrowed from the bodies; NULL where absent */
} change;

/* Array of change *, in declaration order; free with g_ptr_array_unref. Repeated groups are matched in order. */
GPtrArray *body_diff(const kind *k, const json_t *before, const json_t *after);
