/* Land productivity dynamics by the JRC's scheme (LPDynR): a way of `ldn productivity`. */
#pragma once

#include "period.h"
#include "session.h"

typedef struct jrc_settings {
	const char *ecosystems;      /* raster of ecosystem types; NULL: without local scaling */
	const char *first, *last;    /* years of the baseline level and of the last state; NULL: the first and the last three */
	const char *scaling;         /* years whose mean is scaled; NULL: the last five */
	int64_t low, high;           /* tenths of the cells of low and of high level; 0: 4 and 1 */
	double threshold;            /* percent of the type's 90th percentile; 0: 50 */
} jrc_settings;

void jrc_do(const jrc_settings *settings, const stack *series, session *run, failure *why);
