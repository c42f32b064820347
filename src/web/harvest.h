/* OAI-PMH 2.0 at /oai: libraries and aggregators harvest what the registry holds. An item is a record, its date that of its newest public revision, a set
 * is a kind; a withdrawn record is "deleted" and stays so. Lists follow the log, so whoever harvests while records change misses nothing. */
#pragma once

#include "base/xml.h"
#include "record/record.h"
#include "web/response.h"

void harvest_answer(const request *r, response *out);

/* A record as unqualified Dublin Core (DCMES 1.1), the form every repository gives. */
void dublin_core_write(xml *x, const request *r, const record *rec);
