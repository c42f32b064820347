/* Shapes to GDAL's geometries and back, and what GEOS knows of them. */
#pragma once

#include <ogr_api.h>

#include "shape.h"

/* Adds the polygons of any geometry, however deep; what is no polygon is passed over. */
void shape_add_ogr(shape *s, OGRGeometryH geometry);

bool shape_valid(const shape *s); /* by OGC Simple Features */
const char *shape_fault(void);    /* what GEOS said of the last one that was not */
shape shape_made_valid(const shape *s); /* each part rebuilt from its edges by the even-odd rule */
shape shape_united(const shape *s);     /* of valid parts */
double shape_overlap(const part *a, const part *b); /* square degrees that two valid parts share */
bool part_within(const part *a, const part *b);     /* a wholly within b; both valid */
