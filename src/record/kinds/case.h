/* What others need to know of results of cases. */
#pragma once

#include "record/kind.h"

/* Indicators that tell what became of land, not what was spoilt or planned: terms of the vocabulary indicators, NULL-terminated. */
extern const char *const case_land_indicators[];
/* Is a result hectares of land brought back? */
gboolean case_is_land(const json_t *result);
