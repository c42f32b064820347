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

/* How the words begin that are looked for. Zeroed: none is. */
#define BEGINNINGS_QUICK 8
#define BEGINNING_LETTERS 3
typedef struct word_beginnings {
	guchar first[256]; /* may a word begin with this byte of its folded form? 0xFF stands for all of a text that is not ASCII */
	guchar letters[BEGINNINGS_QUICK][BEGINNING_LETTERS]; /* the first letters of those that begin with ASCII */
	guchar either[BEGINNINGS_QUICK][BEGINNING_LETTERS];  /* bits in which a text may differ from them: its case, or all where the word is shorter */
	guint n; /* of them; more than there is room for: every byte is looked at */
} word_beginnings;
/* Adds the words that begin with this folded one. */
void word_beginnings_add(word_beginnings *b, const char *word, gsize length);

/* As words_each, but words that begin otherwise may be passed over, which is quick. NULL: all. */
gboolean words_each_from(const char *text, gsize length, const word_beginnings *begins, words_visit visit, gpointer data);

/* The words joined by single spaces, at most so many bytes (0: all): a key to sort and compare by. Free with g_free. */
char *words_fold(const char *text, gsize at_most);
