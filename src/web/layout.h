/* What every page's view gets beside its own: language, navigation, notices. */
#pragma once

#include "web/response.h"

/* The view may hold "without": the formats, as a mask, that this record has nothing to give as. */
void layout_add(const request *r, json_t *view);
/* Endings of formats: "json" of FORMAT_JSON. NULL for none. */
const char *format_ending(format f);
/* Their media types, without parameters. */
const char *format_media(format f);
/* The format that a path's ending asks for ("/cases.csl.json"), the longest there is; 0 for none. *plain: bytes of the path before it. */
format format_of(const char *path, gsize *plain);
