/* What every page's view gets beside its own: language, navigation, notices. */
#pragma once

#include "web/response.h"

void layout_add(const request *r, json_t *view);
/* Endings of formats: "json" of FORMAT_JSON. NULL for none. */
const char *format_ending(format f);
/* The format an ending asks for ("json"), 0 for none. */
format format_of(const char *ending);
