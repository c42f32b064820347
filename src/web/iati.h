/* Projects as activities of the International Aid Transparency Initiative, version 2.03 (iatistandard.org/en/iati-standard/203): /projects.iati.xml with the
 * list's parameters, /projects/ID.iati.xml. The site reports what others do (secondary-reporter). The standard wants a start of every
 * activity: a project that does not say when it begins cannot be told in it and is left out, which a comment in the file says. */
#pragma once

#include "record/kind.h"
#include "web/response.h"

#define IATI_RECORDS 1000 /* projects of a list; more by page */

/* Does the project say when it begins? */
gboolean iati_can_tell(const record *rec);
void iati_list(const request *r, response *out, const kind *k);
void iati_one(const request *r, response *out, const kind *k, const char *id);
