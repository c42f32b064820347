#include "base/shape.h"

#include <gio/gio.h>
#include <geos_c.h>
#include <math.h>
#include <string.h>
#include "base/language.h"

#define _(message) language_said(message)

#define COLLECTION_DEPTH 4

struct shape {
	GEOSGeometry *geometry;
};

static void finish(gpointer geos)
{
	GEOS_finish_r(geos);
}

static GEOSContextHandle_t own_geos(void)
{
	static GPrivate own = G_PRIVATE_INIT(finish);
	GEOSContextHandle_t geos = g_private_get(&own);
	if (!geos)
		g_private_set(&own, geos = GEOS_init_r());
	return geos;
}

static shape *shape_of(GEOSGeometry *geometry)
{
	shape *s = geometry ? g_new(shape, 1) : NULL;
	if (s)
		s->geometry = geometry;
	return s;
}

void shape_free(shape *s)
{
	if (!s)
		return;
	GEOSGeom_destroy_r(own_geos(), s->geometry);
	g_free(s);
}

/* ---- from GeoJSON ---- */

typedef struct reading {
	GEOSContextHandle_t geos;
	guint positions;
} reading;

static GEOSCoordSequence *read_positions(reading *r, const json_t *const *positions, gsize n)
{
	r->positions += (guint)MIN(n, SHAPE_POSITIONS + 1);
	if (r->positions > SHAPE_POSITIONS)
		return NULL;
	g_autofree double *xy = g_new(double, 2 * n + 1);
	for (gsize i = 0; i < n; i++) {
		const json_t *x = json_array_get(positions[i], 0), *y = json_array_get(positions[i], 1);
		xy[2 * i] = json_number_value(x), xy[2 * i + 1] = json_number_value(y);
		if (!json_is_number(x) || !json_is_number(y) || !isfinite(xy[2 * i]) || !isfinite(xy[2 * i + 1]))
			return NULL;
	}
	return GEOSCoordSeq_copyFromBuffer_r(r->geos, xy, (unsigned)n, 0, 0);
}

static GEOSCoordSequence *read_line(reading *r, const json_t *list, gsize least)
{
	gsize n = json_array_size(list);
	if (n < least || n > SHAPE_POSITIONS)
		return NULL;
	g_autofree const json_t **positions = g_new(const json_t *, n + 1);
	for (gsize i = 0; i < n; i++)
		positions[i] = json_array_get(list, i);
	return read_positions(r, positions, n);
}

static GEOSGeometry *read_point(reading *r, const json_t *position)
{
	GEOSCoordSequence *at = read_positions(r, &position, 1);
	return at ? GEOSGeom_createPoint_r(r->geos, at) : NULL;
}

static GEOSGeometry *read_string(reading *r, const json_t *list)
{
	GEOSCoordSequence *line = read_line(r, list, 2);
	return line ? GEOSGeom_createLineString_r(r->geos, line) : NULL;
}

static GEOSGeometry *read_ring(reading *r, const json_t *list)
{
	GEOSCoordSequence *line = read_line(r, list, 4);
	return line ? GEOSGeom_createLinearRing_r(r->geos, line) : NULL;
}

typedef GEOSGeometry *(*reader)(reading *r, const json_t *value);

/* Reads every part of a list; NULL if one is wrong. *n: how many. Free the array. */
static GEOSGeometry **read_parts(reading *r, const json_t *list, reader read, gsize *n)
{
	gsize size = json_array_size(list);
	if (size > SHAPE_POSITIONS)
		return NULL;
	GEOSGeometry **parts = g_new0(GEOSGeometry *, size + 1);
	for (*n = 0; *n < size; (*n)++)
		if (!(parts[*n] = read(r, json_array_get(list, *n))))
			break;
	if (*n == size && size)
		return parts;
	for (gsize i = 0; i < *n; i++)
		GEOSGeom_destroy_r(r->geos, parts[i]);
	g_free(parts);
	return NULL;
}

static GEOSGeometry *read_polygon(reading *r, const json_t *rings)
{
	gsize n;
	g_autofree GEOSGeometry **parts = read_parts(r, rings, read_ring, &n);
	return parts ? GEOSGeom_createPolygon_r(r->geos, parts[0], parts + 1, (unsigned)n - 1) : NULL;
}

static GEOSGeometry *read_many(reading *r, const json_t *list, reader read, int type)
{
	gsize n;
	g_autofree GEOSGeometry **parts = read_parts(r, list, read, &n);
	return parts ? GEOSGeom_createCollection_r(r->geos, type, parts, (unsigned)n) : NULL;
}

static const struct {
	const char *type;
	reader read;
	int many; /* the type of the collection; -1: one alone */
} types[] = {
	{ "Point", read_point, -1 }, { "LineString", read_string, -1 }, { "Polygon", read_polygon, -1 },
	{ "MultiPoint", read_point, GEOS_MULTIPOINT }, { "MultiLineString", read_string, GEOS_MULTILINESTRING }, { "MultiPolygon", read_polygon, GEOS_MULTIPOLYGON },
};

static GEOSGeometry *read_geometry(reading *r, const json_t *geometry, int depth)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates"), *members = json_object_get(geometry, "geometries");
	for (gsize i = 0; type && i < G_N_ELEMENTS(types); i++)
		if (strcmp(type, types[i].type) == 0)
			return types[i].many < 0 ? types[i].read(r, coordinates) : read_many(r, coordinates, types[i].read, types[i].many);
	if (!type || strcmp(type, "GeometryCollection") != 0 || depth == COLLECTION_DEPTH || json_array_size(members) > SHAPE_POSITIONS)
		return NULL;
	g_autofree GEOSGeometry **parts = g_new0(GEOSGeometry *, json_array_size(members) + 1);
	gsize n = 0;
	while (n < json_array_size(members) && (parts[n] = read_geometry(r, json_array_get(members, n), depth + 1)))
		n++;
	if (n == json_array_size(members))
		return GEOSGeom_createCollection_r(r->geos, GEOS_GEOMETRYCOLLECTION, parts, (unsigned)n);
	while (n-- > 0)
		GEOSGeom_destroy_r(r->geos, parts[n]);
	return NULL;
}

shape *shape_read(const json_t *geometry, GError **error)
{
	reading r = { own_geos(), 0 };
	GEOSGeometry *g = read_geometry(&r, geometry, 0);
	if (g && GEOSisValid_r(r.geos, g) != 1) {
		GEOSGeom_destroy_r(r.geos, g);
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("The geometry is not valid: its rings cross or touch themselves or each other. Draw it without crossings."));
		return NULL;
	}
	if (!g && r.positions > SHAPE_POSITIONS)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("The geometry has more than %d positions. Draw it more coarsely."), SHAPE_POSITIONS);
	else if (!g)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("That is not a geometry. Give a type and its coordinates; rings of polygons end where they begin."));
	return shape_of(g);
}

shape *shape_box(const double box[4])
{
	GEOSContextHandle_t geos = own_geos();
	if (box[0] <= box[2])
		return shape_of(GEOSGeom_createRectangle_r(geos, box[0], box[1], box[2], box[3]));
	GEOSGeometry *parts[] = { GEOSGeom_createRectangle_r(geos, box[0], box[1], 180, box[3]), GEOSGeom_createRectangle_r(geos, -180, box[1], box[2], box[3]) };
	return shape_of(GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts, 2));
}

gboolean shape_bounds(const shape *s, double box[4])
{
	GEOSContextHandle_t geos = own_geos();
	return GEOSisEmpty_r(geos, s->geometry) == 0 && GEOSGeom_getXMin_r(geos, s->geometry, &box[0]) && GEOSGeom_getYMin_r(geos, s->geometry, &box[1]) &&
	       GEOSGeom_getXMax_r(geos, s->geometry, &box[2]) && GEOSGeom_getYMax_r(geos, s->geometry, &box[3]);
}

/* Some relations are not defined for collections (GEOS answers 2): then they do not hold. */
gboolean shape_relate(shape_relation relation, const shape *a, const shape *b)
{
	static char (*const relations[])(GEOSContextHandle_t, const GEOSGeometry *, const GEOSGeometry *) = {
		[SHAPE_INTERSECTS] = GEOSIntersects_r, [SHAPE_DISJOINT] = GEOSDisjoint_r, [SHAPE_CONTAINS] = GEOSContains_r, [SHAPE_WITHIN] = GEOSWithin_r,
		[SHAPE_EQUALS] = GEOSEquals_r, [SHAPE_TOUCHES] = GEOSTouches_r, [SHAPE_CROSSES] = GEOSCrosses_r, [SHAPE_OVERLAPS] = GEOSOverlaps_r,
	};
	return relations[relation](own_geos(), a->geometry, b->geometry) == 1;
}
