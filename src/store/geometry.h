/* A record's place as a GeoPackage keeps it: a header and Well-Known Binary, little end first. Source: OGC 12-128r17, section 2.1.3; OGC 06-103r4. */
#pragma once

#include "record/record.h"

/* Degrees; west > east: nowhere yet. */
typedef struct geometry_box {
	double west, south, east, north;
} geometry_box;
#define GEOMETRY_NOWHERE ((geometry_box) { INFINITY, INFINITY, -INFINITY, -INFINITY })

/* The boundary of a record, or else its point; NULL if it has no place. The box grows by it. */
GByteArray *geometry_of(const record *r, geometry_box *box);
