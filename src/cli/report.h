/* How commands tell of faults: on standard error, a line each, "FILE, RECORD, POINTER: what is wrong. What to do." */
#pragma once

#include <jansson.h>

#include "store/import.h"

void report_faults(const GPtrArray *faults);
/* The same as JSON; new reference. */
json_t *faults_to_json(const GPtrArray *faults);
