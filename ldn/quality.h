/* Which cells of a satellite image show the land: quality bands and how each says cloud, shadow, snow and fill. */
#pragma once

#include "failure.h"

typedef enum quality_kind { QUALITY_NONE, QUALITY_SCL, QUALITY_FMASK, QUALITY_HLS, QUALITY_QA_PIXEL } quality_kind;

/* Names for an option, in the order of quality_kind, ended by NULL. */
extern const char *const quality_names[];

/* Does a value of the quality band show land or water under a clear sky? A value that is not a whole number from 0 on does not. */
bool quality_clear(quality_kind kind, double value);
