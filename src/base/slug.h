/* Names for addresses: a text of any script as lower-case ASCII words with hyphens. */
#pragma once

#include <glib.h>

#define SLUG_MAX 120 /* bytes */

/* Is it [a-z0-9]+(-[a-z0-9]+)*, at most SLUG_MAX bytes? */
gboolean slug_is_valid(const char *text);

/* "Giant Mine, NWT" -> "giant-mine-nwt", "Эрдэнэт" -> "erdenet": transliterated (ICU, Any-Latin and Latin-ASCII), cut after a whole word
 * at SLUG_MAX. "x" followed by a hash for a text that has no letter or digit left. Free with g_free. */
char *slug_from_text(const char *text);
