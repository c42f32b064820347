#include "tests/base/by_geos.h"

#include <math.h>

#include "base/authalic.h"

static GEOSGeometry *ring_to_geos(GEOSContextHandle_t geos, const double *xy, guint n)
{
	GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, n + 1, 2);
	for (guint i = 0; i <= n; i++)
		GEOSCoordSeq_setXY_r(geos, points, i, xy[2 * (i % n)], xy[2 * (i % n) + 1]);
	return GEOSGeom_createLinearRing_r(geos, points);
}

GEOSGeometry *boundary_to_geos(GEOSContextHandle_t geos, const boundary *b)
{
	g_autofree GEOSGeometry **rings = g_new(GEOSGeometry *, b->rings), **polygons = g_new(GEOSGeometry *, b->rings);
	guint n = 0;
	for (guint i = 0, end; i < b->rings; i = end) {
		for (end = i; end < b->rings && b->part[end] == b->part[i]; end++)
			rings[end] = ring_to_geos(geos, b->xy + 2 * b->first[end], b->first[end + 1] - b->first[end]);
		polygons[n++] = GEOSGeom_createPolygon_r(geos, rings[i], rings + i + 1, end - i - 1);
	}
	return GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, polygons, n);
}

static double ring_area(GEOSContextHandle_t geos, const GEOSGeometry *line)
{
	const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, line);
	unsigned n = 0;
	GEOSCoordSeq_getSize_r(geos, points, &n);
	g_autofree double *xy = g_new(double, 2 * (gsize)n);
	for (unsigned i = 0; i < n; i++)
		GEOSCoordSeq_getXY_r(geos, points, i, &xy[2 * i], &xy[2 * i + 1]);
	return fabs(authalic_ring(xy, n));
}

double area_by_geos(GEOSContextHandle_t geos, const GEOSGeometry *g)
{
	double area = 0;
	if (GEOSGeomTypeId_r(geos, g) == GEOS_POLYGON) {
		if (GEOSisEmpty_r(geos, g))
			return 0;
		area = ring_area(geos, GEOSGetExteriorRing_r(geos, g));
		for (int i = 0; i < GEOSGetNumInteriorRings_r(geos, g); i++)
			area -= ring_area(geos, GEOSGetInteriorRingN_r(geos, g, i));
	} else if (GEOSGeomTypeId_r(geos, g) >= GEOS_MULTIPOINT) {
		for (int i = 0; i < GEOSGetNumGeometries_r(geos, g); i++)
			area += area_by_geos(geos, GEOSGetGeometryN_r(geos, g, i));
	}
	return area;
}

double union_by_geos(const GPtrArray *boundaries)
{
	GEOSContextHandle_t geos = GEOS_init_r();
	g_autofree GEOSGeometry **list = g_new(GEOSGeometry *, boundaries->len);
	for (guint i = 0; i < boundaries->len; i++)
		list[i] = boundary_to_geos(geos, boundaries->pdata[i]);
	GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, list, boundaries->len), *one = GEOSUnaryUnion_r(geos, all);
	double area = one ? area_by_geos(geos, one) : (double)NAN;
	GEOSGeom_destroy_r(geos, one);
	GEOSGeom_destroy_r(geos, all);
	GEOS_finish_r(geos);
	return area;
}
