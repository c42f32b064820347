/* The compilation that ships with the program (content/), embedded as a GResource under /aftermine/content/. */
#pragma once

#include "record/kind.h"

/* An embedded file by its path below content/ ("vocabularies/themes.json"); NULL if there is none. Free with g_bytes_unref. */
GBytes *content_file(const char *path);

/* The shipped records of a kind: an array of {"id","body"}, sorted by id; empty for a kind that ships none. New reference. */
json_t *content_records(const kind *k);
