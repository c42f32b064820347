/* The form in which the compilation's records were collected (cases, pledges, LDN targets, policies, finance mechanisms, practices,
 * organisations) turned into the program's own records. Nothing is dropped: what a vocabulary replaces stays beside it as stated. One
 * collected record can become several (a pledge and its progress reports, the organisations it names). */
#pragma once

#include "record/record.h"

/* Is this JSON in the collected form of that kind (rather than the program's own)? */
gboolean collected_is(const char *kind_name, const json_t *item);

/* Converts an array of collected items "as" one of case, pledge, target, policy, finance, practice, organisation. Gives an array of
 * {"kind","id","body"}, references before what refers to them; faults hold exact messages. New reference. */
json_t *collected_convert(const char *kind_name, const json_t *items, GPtrArray *faults);
