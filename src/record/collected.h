/* The form in which the compilation's records were collected (cases, pledges, LDN targets, policies, finance mechanisms, practices,
 * organisations, forums) turned into the program's own records. Nothing is dropped: what a vocabulary replaces stays beside it as stated,
 * and a member nobody knows is a fault. One collected record can become several (a pledge and its progress reports, the organisations and
 * practices it names). Standard words for what sources write come from content/collected/. */
#pragma once

#include "record/record.h"

/* Is this JSON in the collected form of that kind (rather than the program's own {"id","body"} or a whole envelope)? */
gboolean collected_is(const char *kind_name, const json_t *item);

/* Converts an array of collected items (or a single one) "as" one of case, pledge, target, policy, finance, practice, organisation, forum.
 * Gives an array of {"kind","id","body"}, references before what refers to them; what an item only names (organisations, practices of the
 * compilation) also has "if_absent": true and is to be stored only where no such record exists yet. Bodies are normalised, not validated.
 * Faults point to the member of the item ("/3/targets/0/deadline"). New reference. */
json_t *collected_convert(const char *kind_name, const json_t *items, GPtrArray *faults);
