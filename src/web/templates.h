/* The embedded templates, compiled for a language on first use and kept. */
#pragma once

#include "base/language.h"
#include "base/mustache.h"

/* Renders a template with a view; {{>page}} within it is the template `page` (NULL: none). Free with g_free. */
char *template_render(const language *l, const char *name, const char *page, const json_t *view, gsize *length, GError **error);
