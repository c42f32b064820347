#include "shape_ogr.h"

#include <cpl_error.h>
#include <stdlib.h>

static OGRGeometryH ring_to_ogr(const ring *r)
{
	OGRGeometryH line = OGR_G_CreateGeometry(wkbLinearRing);
	for (size_t i = 0; i < r->n; i++)
		OGR_G_AddPoint_2D(line, r->x[i], r->y[i]);
	OGR_G_CloseRings(line);
	return line;
}

static OGRGeometryH part_to_ogr(const part *p)
{
	OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
	for (size_t k = 0; k < p->count; k++)
		OGR_G_AddGeometryDirectly(polygon, ring_to_ogr(&p->rings[k]));
	OGR_G_CloseRings(polygon);
	return polygon;
}

/* A polygon or multipolygon; OGR_G_DestroyGeometry frees it. Rings that are not closed are closed. */
static OGRGeometryH shape_to_ogr(const shape *s)
{
	if (s->count == 1)
		return part_to_ogr(&s->parts[0]);
	OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon);
	for (size_t i = 0; i < s->count; i++)
		OGR_G_AddGeometryDirectly(all, part_to_ogr(&s->parts[i]));
	return all;
}

static void polygon_add(shape *s, OGRGeometryH polygon)
{
	part *p = shape_part(s);
	for (int k = 0; k < OGR_G_GetGeometryCount(polygon); k++) {
		OGRGeometryH line = OGR_G_GetGeometryRef(polygon, k);
		ring *r = part_ring(p);
		for (int i = 0; i < OGR_G_GetPointCount(line); i++)
			ring_put(r, OGR_G_GetX(line, i), OGR_G_GetY(line, i));
	}
	if (!p->count)
		shape_drop(s, s->count - 1);
}

void shape_add_ogr(shape *s, OGRGeometryH geometry)
{
	OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
	if (type == wkbPolygon || type == wkbTriangle)
		polygon_add(s, geometry);
	else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection))
		for (int i = 0; i < OGR_G_GetGeometryCount(geometry); i++)
			shape_add_ogr(s, OGR_G_GetGeometryRef(geometry, i));
}

bool shape_valid(const shape *s)
{
	OGRGeometryH geometry = shape_to_ogr(s);
	CPLPushErrorHandler(CPLQuietErrorHandler);
	CPLErrorReset();
	bool valid = OGR_G_IsValid(geometry);
	CPLPopErrorHandler();
	OGR_G_DestroyGeometry(geometry);
	return valid;
}

const char *shape_fault(void)
{
	return CPLGetLastErrorMsg();
}

shape shape_made_valid(const shape *s)
{
	shape out = {0};
	CPLPushErrorHandler(CPLQuietErrorHandler);
	for (size_t i = 0; i < s->count; i++) {
		OGRGeometryH polygon = part_to_ogr(&s->parts[i]);
		OGRGeometryH valid = OGR_G_IsValid(polygon) ? OGR_G_Clone(polygon) : OGR_G_MakeValid(polygon);
		if (valid) {
			shape_add_ogr(&out, valid);
			OGR_G_DestroyGeometry(valid);
		}
		OGR_G_DestroyGeometry(polygon);
	}
	CPLPopErrorHandler();
	return out;
}

shape shape_united(const shape *s)
{
	shape out = {0};
	OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon);
	for (size_t i = 0; i < s->count; i++)
		OGR_G_AddGeometryDirectly(all, part_to_ogr(&s->parts[i]));
	CPLPushErrorHandler(CPLQuietErrorHandler);
	OGRGeometryH united = OGR_G_UnionCascaded(all);
	CPLPopErrorHandler();
	if (united) {
		shape_add_ogr(&out, united);
		OGR_G_DestroyGeometry(united);
	}
	OGR_G_DestroyGeometry(all);
	return out;
}

double shape_overlap(const part *a, const part *b)
{
	OGRGeometryH x = part_to_ogr(a), y = part_to_ogr(b);
	CPLPushErrorHandler(CPLQuietErrorHandler);
	OGRGeometryH both = OGR_G_Intersects(x, y) ? OGR_G_Intersection(x, y) : NULL;
	double area = both ? OGR_G_Area(both) : 0; /* points and lines among it have none */
	CPLPopErrorHandler();
	if (both)
		OGR_G_DestroyGeometry(both);
	OGR_G_DestroyGeometry(x);
	OGR_G_DestroyGeometry(y);
	return area;
}

bool part_within(const part *a, const part *b)
{
	OGRGeometryH x = part_to_ogr(a), y = part_to_ogr(b);
	CPLPushErrorHandler(CPLQuietErrorHandler);
	bool within = OGR_G_Within(x, y);
	CPLPopErrorHandler();
	OGR_G_DestroyGeometry(x);
	OGR_G_DestroyGeometry(y);
	return within;
}
