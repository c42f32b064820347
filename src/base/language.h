/* A language the site speaks: its messages (gettext catalogue, embedded), and how it writes numbers, dates and lists (ICU). */
#pragma once

#include <glib.h>

typedef struct language language;

/* Marks a message that is translated where it is shown. */
#define N_(message) message

/* Tags in the order offered: "en", then those with a catalogue; "en-XA" (accented) and "ar-XB" (right to left) are pseudo-languages that
 * tests use and settings hide. */
const char *const *language_tags(void);
/* The language of a tag ("mn"), or NULL. Loaded on first use, never freed, any thread. */
const language *language_get(const char *tag);
/* The best offered one for an Accept-Language header (RFC 9110, 12.5.4); English when nothing fits. */
const language *language_negotiate(const char *accept_language);

const char *language_tag(const language *l);
const char *language_name(const language *l); /* its own name: "Монгол" */
gboolean language_is_rtl(const language *l);

/* Message lookup; the message itself when there is no translation. */
const char *language_text(const language *l, const char *message);
/* What a thread says of itself (faults of records, errors) it says in the language set here: English until then. */
void language_speak(const language *l);
const language *language_spoken(void); /* NULL: none was set */
const char *language_said(const char *message) G_GNUC_FORMAT(1);
/* Plural message for n, by the language's own rule. */
const char *language_plural(const language *l, const char *one, const char *many, guint64 n);

/* All below: free with g_free. */
char *language_number(const language *l, double value, int max_decimals);     /* 12,345.6 */
#define LANGUAGE_NUMBER 48
/* The same into a buffer; FALSE for the few it cannot write: zero, negative ones, from a million on, and all where digits are not 0 to 9. */
gboolean language_number_into(const language *l, double value, int max_decimals, char out[static LANGUAGE_NUMBER]);
char *language_significant(const language *l, double value, int digits);      /* 12,300 for 12345 with 3 */
char *language_date(const language *l, const char *date);                     /* "2026-08" -> August 2026; "2026" stays */
char *language_percent(const language *l, double share, int max_decimals);    /* 0.82 -> 82 % */
char *language_list(const language *l, const char *const *items);             /* a, b and c */
char *language_country(const language *l, const char *iso3);                  /* "MNG" -> Mongolia */
const char *language_country_name(const language *l, const char *iso3);       /* the same, borrowed; NULL for a code that is none */
/* Sorts strings as the language does: a qsort_r/g_ptr_array comparison of two texts. */
int language_compare(const language *l, const char *a, const char *b);
