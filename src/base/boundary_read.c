/* From GeoJSON to a boundary: form, bounds, the antimeridian and the poles, validity. */
#include <geos_c.h>
#include <math.h>
#include <string.h>

#include "base/boundary_parts.h"
#include "base/language.h"

#define _(message) language_said(message)
#define N_(message) message

G_DEFINE_QUARK(boundary-error, boundary_error)

/* ---- form ---- */

typedef struct reading {
	char place[96]; /* JSON pointer into the geometry */
	gsize positions;
	GError **error;
} reading;

static gboolean wrong(reading *r, const char *says)
{
	if (r->error && !*r->error)
		g_set_error(r->error, BOUNDARY_ERROR, BOUNDARY_ERROR_FORM, _("The boundary at %s: %s"), r->place, says);
	return FALSE;
}

static gboolean read_position(reading *r, const json_t *position, ring *out)
{
	const json_t *x = json_array_get(position, 0), *y = json_array_get(position, 1);
	if (!json_is_number(x) || !json_is_number(y))
		return wrong(r, _("a position is not a pair of numbers"));
	double longitude = json_number_value(x), latitude = json_number_value(y);
	if (!(fabs(longitude) <= 180 && fabs(latitude) <= 90))
		return wrong(r, _("a position is off the Earth; longitude comes first, in degrees of WGS 84"));
	ring_add(out, longitude, latitude);
	return TRUE;
}

static gboolean read_ring(reading *r, const json_t *line, ring *out)
{
	gsize n = json_array_size(line), length = strlen(r->place);
	if (n < 4)
		return wrong(r, _("a ring has fewer than four positions"));
	r->positions += n;
	if (r->positions > BOUNDARY_POSITIONS)
		return wrong(r, _("there are more than 100000 positions; a metre's detail is enough"));
	for (gsize i = 0; i < n; i++) {
		g_snprintf(r->place + length, sizeof r->place - length, "/%" G_GSIZE_FORMAT, i);
		if (!read_position(r, json_array_get(line, i), out))
			return FALSE;
	}
	r->place[length] = '\0';
	const json_t *first = json_array_get(line, 0), *last = json_array_get(line, n - 1);
	for (gsize i = 0; i < 2; i++)
		if (json_number_value(json_array_get(first, i)) != json_number_value(json_array_get(last, i)))
			return wrong(r, _("a ring does not end where it begins"));
	return TRUE;
}

static gboolean read_polygon(reading *r, const json_t *rings, GPtrArray *polygons)
{
	gsize length = strlen(r->place), i;
	const json_t *line;
	polygon *out = polygon_new();
	g_ptr_array_add(polygons, out);
	if (json_array_size(rings) == 0)
		return wrong(r, _("a polygon has no rings"));
	json_array_foreach(rings, i, line) {
		g_snprintf(r->place + length, sizeof r->place - length, "/%" G_GSIZE_FORMAT, i);
		g_ptr_array_add(out, ring_new());
		if (!read_ring(r, line, out->pdata[i]))
			return FALSE;
	}
	r->place[length] = '\0';
	return TRUE;
}

static gboolean read_polygons(reading *r, const json_t *geometry, GPtrArray *polygons)
{
	const json_t *coordinates = json_object_get(geometry, "coordinates"), *rings;
	const char *type = json_string_value(json_object_get(geometry, "type"));
	gsize i;
	if (g_strcmp0(type, "Polygon") == 0)
		return read_polygon(r, coordinates, polygons);
	if (g_strcmp0(type, "MultiPolygon") != 0 || json_array_size(coordinates) == 0)
		return wrong(r, _("it is not a Polygon or MultiPolygon"));
	gsize length = strlen(r->place);
	json_array_foreach(coordinates, i, rings) {
		g_snprintf(r->place + length, sizeof r->place - length, "/%" G_GSIZE_FORMAT, i);
		if (!read_polygon(r, rings, polygons))
			return FALSE;
	}
	return TRUE;
}

/* ---- antimeridian and poles ---- */

/* Makes longitudes run on where an edge was drawn across the antimeridian. Gives the degrees by which the ring misses its beginning: 0,
 * or 360 either way if it runs round a pole. */
static double run_on(ring *r)
{
	double moved = 0, before = r->len ? ring_at(r, 0).x : 0;
	for (guint i = 1; i < r->len; i++) {
		point *p = &ring_at(r, i);
		double step = p->x - before;
		before = p->x;
		if (fabs(step) > 180 && fabs(step) < 360)
			moved += step > 0 ? -360 : 360;
		p->x += moved;
	}
	return moved;
}

/* A ring round a pole, closed along the map's edge: the pole that leaves it smaller. */
static ring *closed_at_pole(const ring *open, double latitude)
{
	ring *r = ring_new();
	for (guint i = 0; i < open->len; i++)
		ring_add(r, ring_at(open, i).x, ring_at(open, i).y);
	ring_add(r, ring_at(open, open->len - 1).x, latitude);
	ring_add(r, ring_at(open, 0).x, latitude);
	ring_add(r, ring_at(open, 0).x, ring_at(open, 0).y);
	return r;
}

static ring *around_pole(ring *open)
{
	ring *north = closed_at_pole(open, 90), *south = closed_at_pole(open, -90);
	gboolean northern = fabs(ring_area(north)) <= fabs(ring_area(south));
	g_array_unref(open);
	g_array_unref(northern ? south : north);
	return northern ? north : south;
}

static void extent(const ring *r, double *west, double *east)
{
	*west = INFINITY, *east = -INFINITY;
	for (guint i = 0; i < r->len; i++)
		*west = fmin(*west, ring_at(r, i).x), *east = fmax(*east, ring_at(r, i).x);
}

/* A hole is moved to the side of the antimeridian on which its outside, which reaches from west to east, was begun. */
static void follow(double west, double east, ring *hole)
{
	double hole_west, hole_east;
	extent(hole, &hole_west, &hole_east);
	double move = hole_east > east && hole_west - 360 >= west ? -360 : hole_west < west && hole_east + 360 <= east ? 360 : 0;
	for (guint i = 0; move != 0 && i < hole->len; i++)
		ring_at(hole, i).x += move;
}

/* TRUE if anything now lies beyond the edge of the map. */
static gboolean unwrap(GPtrArray *polygons)
{
	gboolean beyond = FALSE;
	for (guint p = 0; p < polygons->len; p++) {
		polygon *one = polygons->pdata[p];
		double outside_west = 0, outside_east = 0, west, east;
		for (guint r = 0; r < one->len; r++) {
			if (run_on(one->pdata[r]) != 0)
				one->pdata[r] = around_pole(one->pdata[r]);
			if (r > 0)
				follow(outside_west, outside_east, one->pdata[r]);
			extent(one->pdata[r], &west, &east);
			if (r == 0)
				outside_west = west, outside_east = east;
			beyond |= west < -180 || east > 180;
		}
	}
	return beyond;
}

/* ---- GEOS ---- */

static GEOSGeometry *ring_to_geos(GEOSContextHandle_t geos, const ring *r)
{
	GEOSCoordSequence *points = GEOSCoordSeq_copyFromBuffer_r(geos, (const double *)(gconstpointer)r->data, r->len, 0, 0);
	return points ? GEOSGeom_createLinearRing_r(geos, points) : NULL;
}

static GEOSGeometry *polygon_to_geos(GEOSContextHandle_t geos, const polygon *p)
{
	g_autofree GEOSGeometry **holes = g_new0(GEOSGeometry *, p->len);
	GEOSGeometry *outside = ring_to_geos(geos, p->pdata[0]);
	gboolean whole = outside != NULL;
	for (guint r = 1; r < p->len; r++)
		whole = (holes[r - 1] = ring_to_geos(geos, p->pdata[r])) && whole;
	if (whole)
		return GEOSGeom_createPolygon_r(geos, outside, holes, p->len - 1);
	GEOSGeom_destroy_r(geos, outside);
	for (guint r = 1; r < p->len; r++)
		GEOSGeom_destroy_r(geos, holes[r - 1]);
	return NULL;
}

static GEOSGeometry *polygons_to_geos(GEOSContextHandle_t geos, const GPtrArray *polygons)
{
	g_autofree GEOSGeometry **parts = g_new0(GEOSGeometry *, (gsize)polygons->len + 1);
	for (guint p = 0; p < polygons->len; p++) {
		parts[p] = polygon_to_geos(geos, polygons->pdata[p]);
		if (!parts[p]) {
			while (p-- > 0)
				GEOSGeom_destroy_r(geos, parts[p]);
			return NULL;
		}
	}
	return GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts, polygons->len);
}

static ring *ring_from_geos(GEOSContextHandle_t geos, const GEOSGeometry *line, double moved)
{
	ring *out = ring_new();
	const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, line);
	unsigned n = 0;
	GEOSCoordSeq_getSize_r(geos, points, &n);
	for (unsigned i = 0; i < n; i++) {
		double x, y;
		GEOSCoordSeq_getXY_r(geos, points, i, &x, &y);
		ring_add(out, x + moved, y);
	}
	return out;
}

/* Adds the polygons of what cutting left; its points and lines have no area. */
static void polygons_from_geos(GEOSContextHandle_t geos, const GEOSGeometry *g, double moved, GPtrArray *polygons)
{
	int type = GEOSGeomTypeId_r(geos, g);
	if (type == GEOS_POLYGON && !GEOSisEmpty_r(geos, g)) {
		polygon *out = polygon_new();
		g_ptr_array_add(polygons, out);
		g_ptr_array_add(out, ring_from_geos(geos, GEOSGetExteriorRing_r(geos, g), moved));
		for (int i = 0; i < GEOSGetNumInteriorRings_r(geos, g); i++)
			g_ptr_array_add(out, ring_from_geos(geos, GEOSGetInteriorRingN_r(geos, g, i), moved));
	} else if (type >= GEOS_MULTIPOINT) {
		for (int i = 0; i < GEOSGetNumGeometries_r(geos, g); i++)
			polygons_from_geos(geos, GEOSGetGeometryN_r(geos, g, i), moved, polygons);
	}
}

/* The parts within each turn of the Earth, moved onto the map; parts that then meet become one. */
static gboolean cut(GEOSContextHandle_t geos, const GEOSGeometry *g, GPtrArray *polygons)
{
	g_autoptr(GPtrArray) pieces = polygons_new();
	for (int turn = -1; turn <= 1; turn++) {
		GEOSGeometry *frame = GEOSGeom_createRectangle_r(geos, -180 + 360.0 * turn, -90, 180 + 360.0 * turn, 90);
		GEOSGeometry *inside = frame ? GEOSIntersection_r(geos, g, frame) : NULL;
		if (inside)
			polygons_from_geos(geos, inside, -360.0 * turn, pieces);
		GEOSGeom_destroy_r(geos, inside);
		GEOSGeom_destroy_r(geos, frame);
		if (!inside)
			return FALSE;
	}
	GEOSGeometry *all = pieces->len ? polygons_to_geos(geos, pieces) : NULL, *one = all ? GEOSUnaryUnion_r(geos, all) : NULL;
	g_ptr_array_set_size(polygons, 0);
	if (one)
		polygons_from_geos(geos, one, 0, polygons);
	GEOSGeom_destroy_r(geos, all);
	GEOSGeom_destroy_r(geos, one);
	return polygons->len > 0;
}

/* GEOS's words for what is invalid, in ours. */
static const struct {
	const char *reason, *says;
} reasons[] = {
	{"Self-intersection", N_("it crosses itself")},
	{"Ring Self-intersection", N_("a ring touches or crosses itself")},
	{"Hole lies outside shell", N_("a hole lies outside its polygon")},
	{"Holes are nested", N_("a hole lies in another hole")},
	{"Interior is disconnected", N_("holes cut it apart")},
	{"Nested shells", N_("one part lies within another")},
	{"Duplicate Rings", N_("a ring stands twice")},
	{"Too few points in geometry component", N_("a ring has no area")},
};

static gboolean invalid(const char *reason, double x, double y, GError **error)
{
	const char *says = N_("it is not a valid polygon");
	for (gsize i = 0; reason && i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(reason, reasons[i].reason) == 0)
			says = reasons[i].says;
	/* Back on the map, where it may have been carried over the antimeridian. */
	x = x > 180 ? x - 360 : x < -180 ? x + 360 : x;
	char longitude[32], latitude[32];
	g_ascii_formatd(longitude, sizeof longitude, "%.7g", x);
	g_ascii_formatd(latitude, sizeof latitude, "%.7g", y);
	g_set_error(error, BOUNDARY_ERROR, BOUNDARY_ERROR_INVALID, _("The boundary is not valid: %s, at longitude %s, latitude %s"), _(says), longitude, latitude);
	return FALSE;
}

static gboolean is_valid(GEOSContextHandle_t geos, const GEOSGeometry *g, GError **error)
{
	char *reason = NULL;
	GEOSGeometry *place = NULL;
	char answer = GEOSisValidDetail_r(geos, g, 0, &reason, &place);
	double x = 0, y = 0;
	if (place) {
		GEOSGeomGetX_r(geos, place, &x);
		GEOSGeomGetY_r(geos, place, &y);
	}
	gboolean valid = answer == 1 || invalid(reason, x, y, error);
	GEOSFree_r(geos, reason);
	GEOSGeom_destroy_r(geos, place);
	return valid;
}

static gboolean is_tangled(const GPtrArray *polygons, GError **error)
{
	if (polygons_tangle(polygons, BOUNDARY_TANGLE) <= BOUNDARY_TANGLE)
		return FALSE;
	g_set_error(error, BOUNDARY_ERROR, BOUNDARY_ERROR_TANGLED, "%s",
		_("The boundary is too tangled to be checked: its edges lie across each other like the teeth of slanting combs, or thousands of holes "
		  "lie in one long ring. Draw it with fewer edges, or as several sites"));
	return TRUE;
}

static gboolean settle(GPtrArray *polygons, gboolean beyond, GError **error)
{
	if (is_tangled(polygons, error))
		return FALSE;
	GEOSContextHandle_t geos = GEOS_init_r();
	GEOSGeometry *g = polygons_to_geos(geos, polygons);
	gboolean ok = g ? is_valid(geos, g, error) : invalid("Too few points in geometry component", ring_at((ring *)((polygon *)polygons->pdata[0])->pdata[0], 0).x,
		ring_at((ring *)((polygon *)polygons->pdata[0])->pdata[0], 0).y, error);
	if (ok && beyond && !cut(geos, g, polygons)) {
		g_set_error(error, BOUNDARY_ERROR, BOUNDARY_ERROR_INVALID, "%s", _("The boundary cannot be cut at the antimeridian: cut it there before the import"));
		ok = FALSE;
	}
	GEOSGeom_destroy_r(geos, g);
	GEOS_finish_r(geos);
	return ok;
}

boundary *boundary_read(const json_t *geometry, GError **error)
{
	g_autoptr(GPtrArray) polygons = polygons_new();
	reading r = {.place = "/coordinates", .error = error};
	if (!read_polygons(&r, geometry, polygons) || !settle(polygons, unwrap(polygons), error))
		return NULL;
	return boundary_of_polygons(polygons);
}
