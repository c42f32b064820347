/* Writes XML 1.0: what is begun is ended, every text is escaped, characters that XML cannot hold are left out. */
#pragma once

#include <glib.h>

typedef struct xml xml;

xml *xml_new(void); /* with the declaration, in UTF-8 */
/* Without it: a part, to be put into another. */
xml *xml_new_fragment(void);
void xml_begin(xml *x, const char *name);
/* Of the element just begun, before anything stands in it; NULL value: none. */
void xml_attribute(xml *x, const char *name, const char *value);
void xml_text(xml *x, const char *text);
void xml_end(xml *x);
/* An element with a text and nothing else; NULL text: none. */
void xml_element(xml *x, const char *name, const char *text);
void xml_comment(xml *x, const char *text);
/* What an xml_new_fragment gave. */
void xml_fragment(xml *x, const char *fragment);
/* The text, everything open ended; free with g_free. Frees the writer. */
char *xml_finish(xml *x);
void xml_free(xml *x);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xml, xml_free)
