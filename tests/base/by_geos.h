/* Another's overlay as the judge of ours: GEOS unites and cuts on the plane of longitude and latitude, where edges are straight as ours are; authalic.h measures. */
#pragma once

#include <geos_c.h>

#include "base/boundary.h"

/* The polygons of a boundary, to be freed with GEOSGeom_destroy_r. */
GEOSGeometry *boundary_to_geos(GEOSContextHandle_t geos, const boundary *b);
/* Square metres of all polygons of a geometry; of lines and points none. */
double area_by_geos(GEOSContextHandle_t geos, const GEOSGeometry *g);
/* Square metres that boundaries (boundary *) cover together. */
double union_by_geos(const GPtrArray *boundaries);
