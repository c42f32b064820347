/* Mustache templates (mustache.5, specification 1.4: comments, delimiters, interpolation, inverted, partials, sections, and the optional
 * modules inheritance and dynamic names): logic-free, HTML-escaped by default, over JSON.
 *
 * Translation: {{#_}}Land restored{{/_}} is a message. It is looked up once, when the template is compiled for a language, so rendering
 * costs nothing more. {{name}} inside a message is a placeholder the translation keeps.
 */
#pragma once

#include <jansson.h>

#include "base/pool.h"

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

/* ---- lists ----
 * What a page has many of (rows, values, links) need not be an array of objects: a list holds entries that all have the same members, texts and lists again. It is
 * made, looked into and given back in a small part of the time, as all of it lies in a pool, which must be there until the page is rendered. A view carries a list
 * as if it were JSON: jansson neither looks into it nor frees it. A list of one entry stands for an object. */

typedef struct mustache_list mustache_list;

/* A member of an entry; neither: null. Text is UTF-8, and the caller's: it must live as long as the list. */
typedef struct mustache_cell {
	const char *text;
	const mustache_list *list;
} mustache_cell;

/* members: names, NULL-terminated, that live as long as the list; their text is static. */
mustache_list *mustache_list_new(pool *p, const char *const *members);
/* A new entry at the end: its cells, in the order of the members, all null. They stay where they are. */
mustache_cell *mustache_list_add(mustache_list *list);
guint mustache_list_size(const mustache_list *list);
/* The list as a view carries it, to be set or appended like any new value; it lives as long as the pool. */
json_t *mustache_list_json(mustache_list *list);
/* What a cell that is true holds. */
extern const char mustache_true[];
