/* Part of a kept record without reading the whole: lists show a few members of many records. */
#pragma once

#include <glib.h>

/* The envelope's canonical text with only those members of its body, "results.value" being a member of the objects in results; NULL for a text
 * that is not an envelope. members is NULL-terminated. Free with g_free. */
char *excerpt_make(const char *envelope, const char *const *members);
