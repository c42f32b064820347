/* What rows of lists show of a record: small enough to be kept beside its title. */
#pragma once

#include "record/record.h"

/* Of the body the members declared FIELD_BRIEF, and of its lead the one entry that stands for it (kind_lead), again with those members only. New
 * reference. */
json_t *record_brief(const record *r);
