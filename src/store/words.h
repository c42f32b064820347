/* The words of a text as search sees them: letters and digits, without case and accents, whatever the script.
 *
 * Latin, Greek, Cyrillic, Arabic ... letters run together into words; "Tromsø", "TROMSO" and "Tromsö" are one word. Scripts written
 * without spaces between words (Chinese, Japanese, Korean, Thai ...) give each character as a word of its own, so that any run of
 * characters can be found as a phrase. Folding: Unicode compatibility decomposition (UAX #15) without its marks, then lower case, and
 * for letters that do not decompose (ø, ł, ß ...) the usual Latin spelling.
 */
#pragma once

#include <glib.h>

#define WORD_MAX 64 /* bytes of a folded word; what is longer is cut */

/* A word: its folded form (not NUL-terminated) and the bytes of the text it stands in. Give FALSE to stop. */
typedef gboolean (*words_visit)(gpointer data, const char *word, gsize length, gsize start, gsize end);

/* Visits every word in order. Bytes that are not UTF-8 separate words. FALSE if a visit stopped it. */
gboolean words_each(const char *text, gsize length, words_visit visit, gpointer data);
/* The same, but words whose folded form begins with a byte that first (256 of them; NULL: all) does not have may be passed over, which is quick. */
gboolean words_each_from(const char *text, gsize length, const gboolean *first, words_visit visit, gpointer data);

/* The words joined by single spaces, at most so many bytes (0: all): a key to sort and compare by. Free with g_free. */
char *words_fold(const char *text, gsize at_most);
