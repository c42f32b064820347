#include "base/boundary.h"

#include <math.h>
#include <string.h>

#include "base/authalic.h"
#include "base/boundary_parts.h"
#include "base/canonical.h"

gboolean box_meets(const lonlat_box *a, const lonlat_box *b)
{
	return a->west <= b->east && a->east >= b->west && a->south <= b->north && a->north >= b->south;
}

void boundary_free(boundary *b)
{
	if (!b)
		return;
	g_free(b->xy);
	g_free(b->first);
	g_free(b->part);
	g_free(b);
}

/* ---- rings ---- */

ring *ring_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(point));
}

void ring_add(ring *r, double x, double y)
{
	const point p = {x + 0.0, y + 0.0}; /* -0 becomes 0 */
	if (r->len == 0 || ring_at(r, r->len - 1).x != p.x || ring_at(r, r->len - 1).y != p.y)
		g_array_append_val(r, p);
}

static int point_compare(const point *a, const point *b)
{
	return a->x != b->x ? (a->x < b->x ? -1 : 1) : a->y != b->y ? (a->y < b->y ? -1 : 1) : 0;
}

static int ring_compare(gconstpointer a, gconstpointer b)
{
	const ring *p = *(ring *const *)a, *q = *(ring *const *)b;
	for (guint i = 0; i < MIN(p->len, q->len); i++) {
		int order = point_compare(&ring_at(p, i), &ring_at(q, i));
		if (order)
			return order;
	}
	return p->len < q->len ? -1 : p->len > q->len;
}

static int polygon_compare(gconstpointer a, gconstpointer b)
{
	const polygon *p = *(polygon *const *)a, *q = *(polygon *const *)b;
	for (guint i = 0; i < MIN(p->len, q->len); i++) {
		int order = ring_compare(&p->pdata[i], &q->pdata[i]);
		if (order)
			return order;
	}
	return p->len < q->len ? -1 : p->len > q->len;
}

double ring_area(const ring *r)
{
	return r->len < 3 ? 0 : authalic_ring((const double *)(gconstpointer)r->data, r->len);
}

/* Which way round, seen at the smallest point p, where no valid ring turns back: exactly the opposite for the ring drawn backwards. What is
 * too thin for a double to tell goes towards the smaller neighbour. */
static gboolean is_counter_clockwise(const point *before, const point *p, const point *after)
{
	double turn = (after->x - p->x) * (before->y - p->y) - (after->y - p->y) * (before->x - p->x);
	return turn != 0 ? turn > 0 : point_compare(after, before) < 0;
}

/* Without the closing point, the way round that is asked for, from the smallest point on. */
static ring *ring_canonical(const ring *r, gboolean counter_clockwise)
{
	guint n = r->len, start = 0;
	while (n > 1 && point_compare(&ring_at(r, 0), &ring_at(r, n - 1)) == 0)
		n--;
	for (guint i = 1; i < n; i++)
		if (point_compare(&ring_at(r, i), &ring_at(r, start)) < 0)
			start = i;
	gboolean turn = is_counter_clockwise(&ring_at(r, (start + n - 1) % n), &ring_at(r, start), &ring_at(r, (start + 1) % n)) != counter_clockwise;
	ring *out = ring_new();
	for (guint i = 0; i < n; i++) {
		const point *p = &ring_at(r, (turn ? start + n - i : start + i) % n);
		ring_add(out, p->x, p->y);
	}
	return out;
}

/* ---- the canonical form ---- */

static void ring_release(gpointer r)
{
	g_array_unref(r);
}

static void polygon_release(gpointer p)
{
	g_ptr_array_unref(p);
}

polygon *polygon_new(void)
{
	return g_ptr_array_new_with_free_func(ring_release);
}

GPtrArray *polygons_new(void)
{
	return g_ptr_array_new_with_free_func(polygon_release);
}

static void box_of_points(boundary *b)
{
	b->box = (lonlat_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
	for (guint i = 0; i < b->points; i++) {
		b->box.west = fmin(b->box.west, b->xy[2 * i]), b->box.east = fmax(b->box.east, b->xy[2 * i]);
		b->box.south = fmin(b->box.south, b->xy[2 * i + 1]), b->box.north = fmax(b->box.north, b->xy[2 * i + 1]);
	}
}

static boundary *boundary_new(guint points, guint rings)
{
	boundary *b = g_new0(boundary, 1);
	b->points = points;
	b->rings = rings;
	b->xy = g_new(double, 2 * (gsize)points + 1);
	b->first = g_new0(guint, (gsize)rings + 1);
	b->part = g_new0(guint, (gsize)rings + 1);
	b->first[rings] = points;
	return b;
}

boundary *boundary_of_polygons(const GPtrArray *polygons)
{
	g_autoptr(GPtrArray) all = polygons_new();
	guint points = 0, rings = 0;
	for (guint p = 0; p < polygons->len; p++) {
		const polygon *given = polygons->pdata[p];
		polygon *clean = polygon_new();
		for (guint r = 0; r < given->len; r++) {
			ring *one = ring_canonical(given->pdata[r], r == 0);
			points += one->len;
			g_ptr_array_add(clean, one);
		}
		rings += clean->len;
		if (clean->len > 2)
			qsort(clean->pdata + 1, clean->len - 1, sizeof *clean->pdata, ring_compare);
		g_ptr_array_add(all, clean);
	}
	g_ptr_array_sort(all, polygon_compare);
	boundary *b = boundary_new(points, rings);
	guint at = 0, count = 0;
	for (guint p = 0; p < all->len; p++) {
		const polygon *one = all->pdata[p];
		for (guint r = 0; r < one->len; r++, count++) {
			const ring *line = one->pdata[r];
			b->first[count] = at;
			b->part[count] = p;
			memcpy(b->xy + 2 * (gsize)at, line->data, line->len * sizeof(point));
			at += line->len;
		}
	}
	box_of_points(b);
	return b;
}

double boundary_area(const boundary *b)
{
	kept_sum total = {0, 0};
	for (guint r = 0; r < b->rings; r++) {
		double area = fabs(authalic_ring(b->xy + 2 * (gsize)b->first[r], b->first[r + 1] - b->first[r]));
		kept_sum_add(&total, r == 0 || b->part[r] != b->part[r - 1] ? area : -area);
	}
	return kept_sum_value(&total);
}

/* ---- GeoJSON and bytes ---- */

static json_t *ring_geojson(const boundary *b, guint r)
{
	json_t *line = json_array();
	guint n = b->first[r + 1] - b->first[r];
	for (guint i = 0; i <= n; i++) {
		const double *p = b->xy + 2 * (gsize)(b->first[r] + i % n);
		json_array_append_new(line, json_pack("[f,f]", p[0], p[1]));
	}
	return line;
}

json_t *boundary_geojson(const boundary *b)
{
	json_t *parts = json_array();
	for (guint r = 0; r < b->rings; r++) {
		if (r == 0 || b->part[r] != b->part[r - 1])
			json_array_append_new(parts, json_array());
		json_array_append_new(json_array_get(parts, b->part[r]), ring_geojson(b, r));
	}
	if (json_array_size(parts) != 1)
		return json_pack("{s:s, s:o}", "type", "MultiPolygon", "coordinates", parts);
	json_t *only = json_pack("{s:s, s:O}", "type", "Polygon", "coordinates", json_array_get(parts, 0));
	json_decref(parts);
	return only;
}

char *boundary_sha256(const boundary *b)
{
	json_auto_t *geometry = boundary_geojson(b);
	return canonical_hash(geometry, NULL);
}

static void put_number(GByteArray *out, guint64 number, guint bytes)
{
	guint64 little = GUINT64_TO_LE(number);
	g_byte_array_append(out, (const guint8 *)&little, bytes);
}

GBytes *boundary_bytes(const boundary *b)
{
	GByteArray *out = g_byte_array_new();
	put_number(out, b->rings, 4);
	for (guint r = 0; r < b->rings; r++) {
		put_number(out, b->first[r + 1] - b->first[r], 4);
		put_number(out, b->part[r], 4);
	}
	for (gsize i = 0; i < 2 * (gsize)b->points; i++) {
		guint64 bits;
		memcpy(&bits, &b->xy[i], sizeof bits);
		put_number(out, bits, 8);
	}
	return g_byte_array_free_to_bytes(out);
}

static guint64 take_number(const guint8 *at, guint bytes)
{
	guint64 little = 0;
	memcpy(&little, at, bytes);
	return GUINT64_FROM_LE(little);
}

boundary *boundary_from_bytes(const void *bytes, gsize length)
{
	const guint8 *at = bytes;
	gsize rings = length >= 4 ? (gsize)take_number(at, 4) : 0, points = 0;
	if (rings == 0 || rings > (length - 4) / 8)
		return NULL;
	for (gsize r = 0; r < rings; r++)
		points += (gsize)take_number(at + 4 + 8 * r, 4);
	for (gsize r = 0, part = 0; r < rings; r++) {
		gsize is = (gsize)take_number(at + 8 + 8 * r, 4);
		if (is != part && (r == 0 || is != ++part))
			return NULL;
	}
	if (points > length / 16 || length != 4 + 8 * rings + 16 * points)
		return NULL;
	boundary *b = boundary_new((guint)points, (guint)rings);
	guint first = 0;
	for (gsize r = 0; r < rings; r++) {
		b->first[r] = first;
		b->part[r] = (guint)take_number(at + 8 + 8 * r, 4);
		first += (guint)take_number(at + 4 + 8 * r, 4);
	}
	for (gsize i = 0; i < 2 * points; i++) {
		guint64 bits = take_number(at + 4 + 8 * rings + 8 * i, 8);
		memcpy(&b->xy[i], &bits, sizeof bits);
	}
	box_of_points(b);
	return b;
}
