#include "outlines.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool ring_read(const json_t *points, part *into)
{
	ring *r = part_ring(into);
	const json_t *point;
	size_t i;
	json_array_foreach(points, i, point) {
		double x = json_number_value(json_array_get(point, 0)), y = json_number_value(json_array_get(point, 1));
		if (!json_is_number(json_array_get(point, 0)) || !(fabs(x) <= 540) || !(fabs(y) <= 90))
			return false;
		ring_put(r, x, y);
	}
	return r->n >= 4;
}

static bool polygon_read(const json_t *rings, shape *into)
{
	part *p = shape_part(into);
	const json_t *points;
	size_t i;
	json_array_foreach(rings, i, points)
		if (!ring_read(points, p))
			return false;
	return p->count > 0;
}

static bool geometry_read(const json_t *geometry, shape *into)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates"), *polygon;
	size_t i;
	if (type && strcmp(type, "Polygon") == 0)
		return polygon_read(coordinates, into);
	if (!type || strcmp(type, "MultiPolygon") != 0)
		return false;
	json_array_foreach(coordinates, i, polygon)
		if (!polygon_read(polygon, into))
			return false;
	return true;
}

/* Planar centre of gravity and area of a ring, longitudes shortened by the cosine of its middle latitude. */
static double ring_centre(const ring *r, double centre[2])
{
	box b = ring_box(r);
	double cosine = cos((b.south + b.north) / 2 * 0.017453292519943295769), area = 0, cx = 0, cy = 0;
	for (size_t i = 0; i + 1 < r->n; i++) {
		double x0 = r->x[i] - r->x[0], y0 = r->y[i] - r->y[0], x1 = r->x[i + 1] - r->x[0], y1 = r->y[i + 1] - r->y[0], cross = x0 * y1 - x1 * y0;
		area += cross;
		cx += (x0 + x1) * cross;
		cy += (y0 + y1) * cross;
	}
	centre[0] = r->x[0] + (area != 0 ? cx / (3 * area) : 0);
	centre[1] = r->y[0] + (area != 0 ? cy / (3 * area) : 0);
	return fabs(area) * cosine;
}

static void centres_find(country *c)
{
	double sum[3] = {0}, largest = 0;
	for (size_t i = 0; i < c->outline.count; i++) {
		double centre[2], area = ring_centre(&c->outline.parts[i].rings[0], centre);
		sum[0] += area;
		sum[1] += area * centre[0];
		sum[2] += area * centre[1];
		if (area > largest) {
			largest = area;
			memcpy(c->centre[1], centre, sizeof centre);
		}
	}
	c->centre[0][0] = sum[1] / sum[0];
	c->centre[0][1] = sum[2] / sum[0];
	c->centre[2][0] = (c->around.west + c->around.east) / 2;
	c->centre[2][1] = (c->around.south + c->around.north) / 2;
}

static bool is_code(const char *text)
{
	return text && strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static void country_read(const json_t *feature, country *c)
{
	static const char *const codes[] = {"iso3", "ISO_A3", "iso_a3", "ADM0_A3", "adm0_a3"}, *const names[] = {"name", "NAME", "NAME_EN", "name_en"};
	const json_t *properties = json_object_get(feature, "properties");
	for (size_t i = 0; i < 5 && !c->iso3[0]; i++) {
		const char *code = json_string_value(json_object_get(properties, codes[i]));
		if (is_code(code))
			memcpy(c->iso3, code, 4);
	}
	for (size_t i = 0; i < 4 && !c->name[0]; i++) {
		const char *name = json_string_value(json_object_get(properties, names[i]));
		snprintf(c->name, sizeof c->name, "%s", name ? name : "");
	}
	if (!c->name[0])
		memcpy(c->name, c->iso3, 4);
}

bool outlines_read(const char *name, const char *text, size_t length, outlines *out, failure *why)
{
	json_error_t at;
	*out = (outlines){0};
	json_t *document = json_loadb(text, length, 0, &at);
	const json_t *features = json_object_get(document, "features"), *feature;
	if (!json_array_size(features)) {
		json_decref(document);
		return failure_set(why, _("%s: is no GeoJSON FeatureCollection of countries; give one with the property iso3"), name);
	}
	size_t i;
	out->items = memory_new(json_array_size(features), sizeof *out->items);
	json_array_foreach(features, i, feature) {
		country *c = &out->items[out->count];
		if (!geometry_read(json_object_get(feature, "geometry"), &c->outline)) {
			shape_free(&c->outline);
			continue;
		}
		country_read(feature, c);
		c->around = shape_box(&c->outline);
		centres_find(c);
		out->count++;
	}
	json_decref(document);
	return out->count || failure_set(why, _("%s: holds no polygon of a country"), name);
}

void outlines_free(outlines *all)
{
	for (size_t i = 0; i < all->count; i++)
		shape_free(&all->items[i].outline);
	free(all->items);
	*all = (outlines){0};
}

const country *outlines_find(const outlines *all, const char *iso3)
{
	for (size_t i = 0; iso3 && i < all->count; i++)
		if (strcmp(all->items[i].iso3, iso3) == 0)
			return &all->items[i];
	return NULL;
}

/* Even-odd over all rings. */
static bool holds(const country *c, double x, double y)
{
	if (x < c->around.west || x > c->around.east || y < c->around.south || y > c->around.north)
		return false;
	bool inside = false;
	for (size_t i = 0; i < c->outline.count; i++)
		for (size_t k = 0; k < c->outline.parts[i].count; k++) {
			const ring *r = &c->outline.parts[i].rings[k];
			for (size_t j = 1; j < r->n; j++)
				if ((r->y[j - 1] > y) != (r->y[j] > y) && x < r->x[j - 1] + (y - r->y[j - 1]) / (r->y[j] - r->y[j - 1]) * (r->x[j] - r->x[j - 1]))
					inside = !inside;
		}
	return inside;
}

/* An outline may run on across the date line, to 190 degrees or -190. */
bool country_holds(const country *c, double x, double y)
{
	return holds(c, x, y) || holds(c, x + 360, y) || holds(c, x - 360, y);
}

const country *outlines_at(const outlines *all, double x, double y)
{
	for (size_t i = 0; i < all->count; i++)
		if (country_holds(&all->items[i], x, y))
			return &all->items[i];
	return NULL;
}

double country_distance(const country *c, double x, double y)
{
	double east, north, least = INFINITY;
	metres_of_degree(y, &east, &north);
	for (size_t i = 0; i < c->outline.count; i++)
		for (size_t k = 0; k < c->outline.parts[i].count; k++) {
			const ring *r = &c->outline.parts[i].rings[k];
			for (size_t j = 1; j < r->n; j++) {
				double ax = remainder(r->x[j - 1] - x, 360) * east, ay = (r->y[j - 1] - y) * north;
				double dx = (r->x[j] - r->x[j - 1]) * east, dy = (r->y[j] - r->y[j - 1]) * north, length = dx * dx + dy * dy;
				double t = length > 0 ? fmin(1, fmax(0, -(ax * dx + ay * dy) / length)) : 0;
				least = fmin(least, hypot(ax + t * dx, ay + t * dy));
			}
		}
	return least;
}

double outlines_distance(const outlines *all, double x, double y)
{
	double least = INFINITY;
	for (size_t i = 0; i < all->count; i++)
		least = fmin(least, country_distance(&all->items[i], x, y));
	return least;
}
