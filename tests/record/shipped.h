/* The compilation as it was collected, and what the converter makes of it; with what was written for it. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Kinds that ship records, in the order they are converted; NULL-terminated plurals. */
extern const char *const shipped_plurals[];

/* The collected files of a folder, converted, and the files of the folder written as they are (content/written/): an object with an array of
 * {"id","body"}, sorted by id, for each plural. NULL, and a message in *why (free with g_free), if a file is missing or broken. New reference. */
json_t *shipped_records(const char *folder, const char *written, char **why);

/* Items of all collected files of a kind in a folder, one after another; NULL if a file is missing. New reference. */
json_t *collected_items(const char *folder, const char *kind_name);
