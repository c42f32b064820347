/* Mustache templates (mustache.5, specification 1.4: comments, delimiters, interpolation, inverted, partials, sections, and the optional
 * modules inheritance and dynamic names): logic-free, HTML-escaped by default, over JSON.
 *
 * Translation: {{#_}}Land restored{{/_}} is a message. It is looked up once, when the template is compiled for a language, so rendering
 * costs nothing more. {{name}} inside a message is a placeholder the translation keeps.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct mustache mustache;

/* What is false for {{#x}} and {{^x}}: absent, null, false, an empty list and an empty text. Zero is a value, not false. ' is escaped as well as
 * & < > ". Whole numbers and reals are written as ECMAScript writes them; views hand over what people read as text.
 */


/* Gives the translation of a message of a template; static or as long-lived as the template. */
typedef const char *(*mustache_translate)(gpointer data, const char *message);

/* Compiles a template. NULL with an error that names line and tag. translate may be NULL: messages stay as they are. */
mustache *mustache_compile(const char *text, gsize length, mustache_translate translate, gpointer data, GError **error);
void mustache_free(mustache *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mustache, mustache_free)

/* Finds a partial by its name; NULL: it renders as nothing. */
typedef const mustache *(*mustache_partial)(gpointer data, const char *name);

/* Appends the rendered text. Fails (FALSE) only past the limits: partials nested over 64 deep, output over 16 MiB. */
gboolean mustache_render(const mustache *m, const json_t *view, mustache_partial partial, gpointer data, GString *out, GError **error);
