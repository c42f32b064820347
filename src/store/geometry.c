#include "store/geometry.h"

#include <math.h>
#include <string.h>

enum { WKB_POINT = 1, WKB_POLYGON = 3, WKB_MULTIPOLYGON = 6 };

static void put_number(GByteArray *out, guint32 number)
{
	guint32 little = GUINT32_TO_LE(number);
	g_byte_array_append(out, (const guint8 *)&little, sizeof little);
}

static void put_double(GByteArray *out, double value)
{
	guint64 bits;
	memcpy(&bits, &value, sizeof bits);
	bits = GUINT64_TO_LE(bits);
	g_byte_array_append(out, (const guint8 *)&bits, sizeof bits);
}

static void put_head(GByteArray *out, guint32 type)
{
	static const guint8 little_end_first = 1;
	g_byte_array_append(out, &little_end_first, 1);
	put_number(out, type);
}

static void put_position(GByteArray *out, double x, double y, geometry_box *box)
{
	put_double(out, x);
	put_double(out, y);
	box->west = fmin(box->west, x), box->east = fmax(box->east, x);
	box->south = fmin(box->south, y), box->north = fmax(box->north, y);
}

static void put_polygon(GByteArray *out, const json_t *rings, geometry_box *box)
{
	gsize i, k;
	const json_t *ring, *position;
	put_head(out, WKB_POLYGON);
	put_number(out, (guint32)json_array_size(rings));
	json_array_foreach(rings, i, ring) {
		put_number(out, (guint32)json_array_size(ring));
		json_array_foreach(ring, k, position)
			put_position(out, json_number_value(json_array_get(position, 0)), json_number_value(json_array_get(position, 1)), box);
	}
}

static gboolean put_boundary(GByteArray *out, const json_t *geometry, geometry_box *box)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates"), *polygon;
	gsize i;
	if (g_strcmp0(type, "Polygon") == 0) {
		put_polygon(out, coordinates, box);
		return TRUE;
	}
	if (g_strcmp0(type, "MultiPolygon") != 0)
		return FALSE;
	put_head(out, WKB_MULTIPOLYGON);
	put_number(out, (guint32)json_array_size(coordinates));
	json_array_foreach(coordinates, i, polygon) put_polygon(out, polygon, box);
	return TRUE;
}

static const json_t *value_of(const record *r, const char *path)
{
	g_autoptr(GPtrArray) values = path ? body_values(r->body, path) : NULL;
	return values && values->len ? g_ptr_array_index(values, 0) : NULL;
}

GByteArray *geometry_of(const record *r, geometry_box *all)
{
	g_autoptr(GByteArray) shape = g_byte_array_new(), out = g_byte_array_new();
	geometry_box box = GEOMETRY_NOWHERE;
	const json_t *longitude = value_of(r, r->kind->longitude), *latitude = value_of(r, r->kind->latitude);
	gboolean boundary = put_boundary(shape, value_of(r, r->kind->geometry), &box);
	if (!boundary && json_is_number(longitude) && json_is_number(latitude)) {
		put_head(shape, WKB_POINT);
		put_position(shape, json_number_value(longitude), json_number_value(latitude), &box);
	}
	if (shape->len == 0)
		return NULL;
	/* "GP", version 1 of the form, little end first, with an envelope for what is no point. */
	const guint8 head[] = { 'G', 'P', 0, boundary ? 0x03 : 0x01 };
	g_byte_array_append(out, head, sizeof head);
	put_number(out, 4326);
	if (boundary)
		put_double(out, box.west), put_double(out, box.east), put_double(out, box.south), put_double(out, box.north);
	g_byte_array_append(out, shape->data, shape->len);
	all->west = fmin(all->west, box.west), all->east = fmax(all->east, box.east);
	all->south = fmin(all->south, box.south), all->north = fmax(all->north, box.north);
	return g_steal_pointer(&out);
}
