/* JSON for people to read and compare: members in their order, one a line, indented by two spaces; numbers as in canonical form. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The text with a line end, NUL-terminated after *length bytes; free with g_free. NULL with an error for what has no canonical form. */
char *pretty_text(const json_t *value, gsize *length, GError **error);
