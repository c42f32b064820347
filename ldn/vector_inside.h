/* What the files of the vector reader share. */
#pragma once

#include <ogr_api.h>

#include "vector.h"

/* A feature's attributes as a JSON object; new reference. Sets traits and country of `f`. */
json_t *vector_properties(OGRFeatureH feature, const vector_wish *wish, const char *form, vector_feature *f);
