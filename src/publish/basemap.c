#include "publish/basemap.h"

#include <gio/gio.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "basemap_data.h"
#include "publish/ring.h"

/* TopoJSON: polygons are lists of arcs; a negative index is an arc walked backwards (~index); arcs are quantised deltas. */
typedef struct arcs {
	float **points;
	gsize *n;
	gsize count;
} arcs;

static json_t *resource_json(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_resource_lookup_data(basemap_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
	if (!bytes)
		g_error("the base map is not in the program: %s", error->message);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	json_t *json = json_loadb(text, length, 0, NULL);
	if (!json)
		g_error("the base map %s is not JSON", path);
	return json;
}

static arcs arcs_decode(const json_t *topology)
{
	const json_t *list = json_object_get(topology, "arcs"), *transform = json_object_get(topology, "transform");
	const json_t *scale = json_object_get(transform, "scale"), *translate = json_object_get(transform, "translate");
	double sx = json_number_value(json_array_get(scale, 0)), sy = json_number_value(json_array_get(scale, 1));
	double tx = json_number_value(json_array_get(translate, 0)), ty = json_number_value(json_array_get(translate, 1));
	arcs a = {.count = json_array_size(list)};
	a.points = g_new0(float *, a.count);
	a.n = g_new0(gsize, a.count);
	for (gsize i = 0; i < a.count; i++) {
		const json_t *arc = json_array_get(list, i);
		double x = 0, y = 0;
		a.n[i] = json_array_size(arc);
		a.points[i] = g_new(float, 2 * a.n[i]);
		for (gsize k = 0; k < a.n[i]; k++) {
			const json_t *delta = json_array_get(arc, k);
			x += json_number_value(json_array_get(delta, 0));
			y += json_number_value(json_array_get(delta, 1));
			a.points[i][2 * k] = (float)(x * sx + tx);
			a.points[i][2 * k + 1] = (float)(y * sy + ty);
		}
	}
	return a;
}

static void arcs_clear(arcs *a)
{
	for (gsize i = 0; i < a->count; i++)
		g_free(a->points[i]);
	g_free(a->points);
	g_free(a->n);
}

/* The ring of these arcs with longitudes running on past 180 degrees where it crosses the antimeridian. One that winds round a pole is
 * closed along it. */
static GArray *ring_decode(const json_t *indices, const arcs *a)
{
	GArray *points = g_array_new(FALSE, FALSE, sizeof(double));
	double turn = 0, last = NAN;
	for (gsize i = 0; i < json_array_size(indices); i++) {
		json_int_t index = json_integer_value(json_array_get(indices, i));
		gsize arc = (gsize)(index < 0 ? ~index : index);
		for (gsize k = 0; arc < a->count && k + 1 < a->n[arc]; k++) { /* the last point is the next arc's first */
			const float *p = &a->points[arc][2 * (index < 0 ? a->n[arc] - 1 - k : k)];
			double point[2] = {(double)p[0], (double)p[1]};
			if (point[0] - last > 180)
				turn -= 360;
			else if (point[0] - last < -180)
				turn += 360;
			last = point[0];
			point[0] += turn;
			g_array_append_vals(points, point, 2);
		}
	}
	const double *p = (const double *)(void *)points->data;
	gsize n = points->len / 2;
	if (n && fabs(p[2 * n - 2] - p[0]) > 180) {
		double pole = p[1] < 0 ? -90 : 90, closing[4] = {p[2 * n - 2], pole, p[0], pole};
		g_array_append_vals(points, closing, 4);
	}
	return points;
}

static void ring_keep(GArray *rings, GArray *points, double shift)
{
	gsize n = points->len / 2;
	if (n >= 3) {
		float *kept = g_new(float, 2 * n);
		for (gsize i = 0; i < 2 * n; i++)
			kept[i] = (float)(g_array_index(points, double, i) + (i % 2 ? 0 : shift));
		basemap_ring ring = {.points = kept, .n = n};
		g_array_append_val(rings, ring);
	}
	g_array_unref(points);
}

/* Adds a ring, cut at the antimeridian (RFC 7946, 3.1.9). Takes the points. */
static void ring_add(GArray *rings, GArray *points)
{
	const double *p = (const double *)(void *)points->data;
	gsize n = points->len / 2;
	double low = INFINITY, high = -INFINITY;
	for (gsize i = 0; i < n; i++)
		low = MIN(low, p[2 * i]), high = MAX(high, p[2 * i]);
	if (high <= 180 && low >= -180) {
		ring_keep(rings, points, 0);
		return;
	}
	double cut = high > 180 ? 180 : -180;
	ring_keep(rings, ring_clip(p, n, 0, cut, TRUE), cut > 0 ? 0 : 360);
	ring_keep(rings, ring_clip(p, n, 0, cut, FALSE), cut > 0 ? -360 : 0);
	g_array_unref(points);
}

static double ring_area(const basemap_ring *r)
{
	double sum = 0;
	for (gsize i = 0; i < r->n; i++) {
		gsize j = i + 1 == r->n ? 0 : i + 1;
		sum += (double)r->points[2 * i] * r->points[2 * j + 1] - (double)r->points[2 * j] * r->points[2 * i + 1];
	}
	/* Enough for "which is the largest": degrees shrunk towards the pole. */
	return fabs(sum / 2) * cos((r->n ? (double)r->points[1] : 0) * G_PI / 180);
}

static void ring_bounds(const basemap_ring *r, float box[4])
{
	box[0] = box[1] = 1000;
	box[2] = box[3] = -1000;
	for (gsize i = 0; i < r->n; i++) {
		box[0] = MIN(box[0], r->points[2 * i]);
		box[1] = MIN(box[1], r->points[2 * i + 1]);
		box[2] = MAX(box[2], r->points[2 * i]);
		box[3] = MAX(box[3], r->points[2 * i + 1]);
	}
}

/* The largest ring, and others within ten degrees of it that count: France without Guiana, the United States without Guam. */
static void country_bounds(basemap_country *c)
{
	gsize largest = 0;
	double most = -1;
	for (gsize i = 0; i < c->n_rings; i++) {
		double area = ring_area(&c->rings[i]);
		if (area > most)
			most = area, largest = i;
	}
	float box[4];
	if (!c->n_rings)
		return;
	ring_bounds(&c->rings[largest], box);
	c->west = box[0], c->south = box[1], c->east = box[2], c->north = box[3];
	for (gsize i = 0; i < c->n_rings; i++) {
		ring_bounds(&c->rings[i], box);
		gboolean near = box[0] < c->east + 10 && box[2] > c->west - 10 && box[1] < c->north + 10 && box[3] > c->south - 10;
		if (near && ring_area(&c->rings[i]) > most / 50) {
			c->west = MIN(c->west, box[0]), c->south = MIN(c->south, box[1]);
			c->east = MAX(c->east, box[2]), c->north = MAX(c->north, box[3]);
		}
	}
}

static void country_rings(basemap_country *c, const json_t *geometry, const arcs *a)
{
	GArray *rings = g_array_new(FALSE, FALSE, sizeof(basemap_ring));
	const json_t *list = json_object_get(geometry, "arcs");
	gboolean multi = g_strcmp0(json_string_value(json_object_get(geometry, "type")), "MultiPolygon") == 0;
	for (gsize p = 0; p < (multi ? json_array_size(list) : 1); p++) {
		const json_t *polygon = multi ? json_array_get(list, p) : list;
		for (gsize r = 0; r < json_array_size(polygon); r++)
			ring_add(rings, ring_decode(json_array_get(polygon, r), a));
	}
	c->n_rings = rings->len;
	c->rings = (const basemap_ring *)(void *)g_array_free(rings, FALSE);
}

/* ISO numeric code -> alpha-3. */
static GHashTable *codes_read(void)
{
	GHashTable *codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	json_t *list = resource_json("/basemap/codes.json");
	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		g_hash_table_insert(codes, g_strdup(json_string_value(json_array_get(row, 2))), g_strdup(json_string_value(json_array_get(row, 1))));
	}
	json_decref(list);
	return codes;
}

static const basemap *basemap_decode(const char *path)
{
	json_t *topology = resource_json(path);
	arcs a = arcs_decode(topology);
	GHashTable *codes = codes_read();
	const json_t *list = json_object_get(json_object_get(json_object_get(topology, "objects"), "countries"), "geometries");
	basemap *map = g_new0(basemap, 1);
	basemap_country *countries = g_new0(basemap_country, json_array_size(list));
	map->countries = countries;
	map->n = json_array_size(list);
	for (gsize i = 0; i < map->n; i++) {
		const json_t *geometry = json_array_get(list, i);
		const char *id = json_string_value(json_object_get(geometry, "id"));
		const char *name = json_string_value(json_object_get(json_object_get(geometry, "properties"), "name"));
		const char *iso3 = id ? g_hash_table_lookup(codes, id) : g_strcmp0(name, "Kosovo") == 0 ? "XKX" : NULL;
		g_strlcpy(countries[i].iso3, iso3 ? iso3 : "", sizeof countries[i].iso3);
		countries[i].name = g_strdup(name);
		country_rings(&countries[i], geometry, &a);
		country_bounds(&countries[i]);
	}
	g_hash_table_unref(codes);
	arcs_clear(&a);
	json_decref(topology);
	return map;
}

const basemap *basemap_get(basemap_detail detail)
{
	static const basemap *coarse, *fine;
	if (detail == BASEMAP_COARSE) {
		if (g_once_init_enter(&coarse))
			g_once_init_leave(&coarse, basemap_decode("/basemap/countries-110m.json"));
		return coarse;
	}
	if (g_once_init_enter(&fine))
		g_once_init_leave(&fine, basemap_decode("/basemap/countries-50m.json"));
	return fine;
}

const basemap_country *basemap_find(const basemap *map, const char *iso3)
{
	for (gsize i = 0; iso3 && *iso3 && i < map->n; i++)
		if (strcmp(map->countries[i].iso3, iso3) == 0)
			return &map->countries[i];
	return NULL;
}

static double hundredth(float degrees)
{
	return round((double)degrees * 100) / 100;
}

/* Every ring as a polygon of its own would fill the holes (Lesotho): a ring inside the one before is its hole, as TopoJSON lists them. */
static gboolean is_hole(const basemap_ring *outer, const basemap_ring *r)
{
	gboolean inside = FALSE;
	float x = r->points[0], y = r->points[1];
	for (gsize i = 0, j = outer->n - 1; i < outer->n; j = i++) {
		const float *p = &outer->points[2 * i], *q = &outer->points[2 * j];
		if ((p[1] > y) != (q[1] > y) && x < (q[0] - p[0]) * (y - p[1]) / (q[1] - p[1]) + p[0])
			inside = !inside;
	}
	return inside;
}

static json_t *ring_json(const basemap_ring *r)
{
	json_t *ring = json_array();
	for (gsize i = 0; i <= r->n; i++) {
		const float *p = &r->points[2 * (i % r->n)];
		json_array_append_new(ring, json_pack("[f,f]", hundredth(p[0]), hundredth(p[1])));
	}
	return ring;
}

static GBytes *geojson_make(const basemap *map)
{
	json_t *features = json_array();
	for (gsize i = 0; i < map->n; i++) {
		const basemap_country *c = &map->countries[i];
		json_t *polygons = json_array();
		const basemap_ring *outer = NULL;
		for (gsize r = 0; r < c->n_rings; r++) {
			const basemap_ring *ring = &c->rings[r];
			if (ring->n < 3)
				continue;
			if (outer && is_hole(outer, ring))
				json_array_append_new(json_array_get(polygons, json_array_size(polygons) - 1), ring_json(ring));
			else {
				json_array_append_new(polygons, json_pack("[o]", ring_json(ring)));
				outer = ring;
			}
		}
		json_array_append_new(features, json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:o}}", "type", "Feature", "properties", "iso3", c->iso3,
			"name", c->name, "geometry", "type", "MultiPolygon", "coordinates", polygons));
	}
	json_t *collection = json_pack("{s:s, s:o}", "type", "FeatureCollection", "features", features);
	char *text = json_dumps(collection, JSON_COMPACT | JSON_REAL_PRECISION(6));
	json_decref(collection);
	GBytes *bytes = g_bytes_new(text, strlen(text));
	free(text);
	return bytes;
}

GBytes *basemap_geojson(basemap_detail detail)
{
	static GBytes *made[2];
	GBytes **slot = &made[detail == BASEMAP_FINE];
	if (g_once_init_enter(slot))
		g_once_init_leave(slot, geojson_make(basemap_get(detail)));
	return g_bytes_ref(*slot);
}
