/* How commands tell of faults: on standard error, a line each, "FILE, RECORD, POINTER: what is wrong. What to do." */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "store/import.h"

void report_faults(const GPtrArray *faults);
/* The same as JSON; new reference. */
json_t *faults_to_json(const GPtrArray *faults);

/* What --json prints: indented, with a line's end. Takes the answer. */
void report_json(FILE *out, json_t *answer);
