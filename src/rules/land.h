/* What a set of sites covers on the ellipsoid, each hectare counted once. */
#pragma once

#include <glib.h>

/* In hectares. gross: the areas of the sites added up. net: of their union. contested: of what sites of several organisations claim. */
typedef struct land_totals {
	double gross, net, contested;
	guint sites;  /* in the set */
	guint mapped; /* of those, with a boundary */
} land_totals;
