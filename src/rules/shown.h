/* What satellites show on a set of sites together, each hectare once: the measured areas of the newest measurement of every site, added up. A pledge's,
 * a country's, an organisation's, the world's land. Pure. */
#pragma once

#include "rules/cover.h"

typedef struct shown_land {
	measured_hectares areas[MEASURED_AREAS]; /* SAY_TOO_SMALL: measured, and none of them can tell; SAY_NOTHING: no measurement speaks of it */
	guint told[MEASURED_AREAS]; /* sites that gave it */
	guint trends[TREND_SAYS];   /* measured sites whose vegetation takes that course */
	guint sites, measured;      /* in the set, each once; of those with a measurement */
	guint unmapped;             /* of the measured, without a boundary: what they overlap is not known */
	double oldest, newest;      /* ends of the periods that went in; NaN: none */
	double off;                 /* hectares of measured sites that are counted with another */
} shown_land;

/* covers: what they show of land cover is added to it; NULL: it is not asked for. */
shown_land land_shown(const measuring_facts *f, const char *const *sites, gsize n, cover_sum *covers);
