#include "publish/map.h"

#include <math.h>

#include "publish/basemap.h"
#include "publish/ring.h"

/* Degrees to the sheet. Equal Earth: B. Savric, T. Patterson, B. Jenny, The Equal Earth map projection, IJGIS 33 (2019), eq. 1 and 2. */
typedef struct projection {
	gboolean world;
	double longitude0, cosine; /* plain: middle meridian, cosine of the middle parallel */
	double scale, x, y;        /* sheet = (x + scale * px, y - scale * py) */
} projection;

static void project_plane(const projection *p, double longitude, double latitude, double *px, double *py)
{
	if (!p->world) {
		*px = remainder(longitude - p->longitude0, 360) * p->cosine;
		*py = latitude;
		return;
	}
	static const double a1 = 1.340264, a2 = -0.081106, a3 = 0.000893, a4 = 0.003796;
	double t = asin(sqrt(3) / 2 * sin(latitude * G_PI / 180)), t2 = t * t, t6 = t2 * t2 * t2;
	*px = 2 * sqrt(3) * (longitude * G_PI / 180) * cos(t) / (3 * (9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1));
	*py = t * (a4 * t6 * t2 + a3 * t6 + a2 * t2 + a1);
}

static void project(const projection *p, double longitude, double latitude, double *x, double *y)
{
	double px, py;
	project_plane(p, longitude, latitude, &px, &py);
	*x = p->x + p->scale * px;
	*y = p->y - p->scale * py;
}

/* What the map is to show, with air around it. */
static gboolean map_bounds(const map *m, double box[4])
{
	const basemap_country *c = basemap_find(basemap_get(BASEMAP_FINE), m->country);
	if (m->bounds) {
		for (int i = 0; i < 4; i++)
			box[i] = m->bounds[i];
	} else if (c) {
		box[0] = c->west, box[1] = c->south, box[2] = c->east, box[3] = c->north;
	} else
		return FALSE;
	double share = m->close ? 0.2 : 0.06, least = m->close ? 0.01 : 0.4;
	double dx = MAX((box[2] - box[0]) * share, least * 1.25), dy = MAX((box[3] - box[1]) * share, least);
	box[0] -= dx, box[2] += dx;
	box[1] = MAX(box[1] - dy, -90), box[3] = MIN(box[3] + dy, 90);
	return TRUE;
}

/* Fits the projection into the width; gives the height of the map. */
static double projection_fit(projection *p, const map *m, double width)
{
	double box[4], px, py;
	p->world = !map_bounds(m, box);
	if (p->world) {
		project_plane(p, 180, 0, &px, &py);
		p->scale = width / (2 * px);
		double top, bottom; /* the ice cap has no mine */
		project_plane(p, 0, 84, &px, &top);
		project_plane(p, 0, -57, &px, &bottom);
		p->x = width / 2;
		p->y = p->scale * top;
		return p->scale * (top - bottom);
	}
	p->longitude0 = (box[0] + box[2]) / 2;
	p->cosine = MAX(cos((box[1] + box[3]) / 2 * G_PI / 180), 0.05);
	double w = (box[2] - box[0]) * p->cosine, h = box[3] - box[1];
	double height = CLAMP(width * h / w, width * 0.5, width * 0.75);
	p->scale = MIN(width / w, height / h);
	p->x = width / 2;
	p->y = height / 2 + p->scale * (box[1] + box[3]) / 2;
	return height;
}

static double map_share(const map *m, const char *iso3)
{
	for (gsize i = 0; *iso3 && i < m->n_tints; i++)
		if (g_strcmp0(m->tints[i].iso3, iso3) == 0)
			return CLAMP(m->tints[i].share, 0.0, 1.0);
	return -1;
}

/* What of a ring on the sheet lies within the frame, a little beyond it so that its cut edges stay out of sight. Takes the points. */
static GArray *ring_frame(GArray *points, double width, double height)
{
	const struct { int axis; double limit; gboolean below; } sides[] = {{0, -3, FALSE}, {0, width + 3, TRUE}, {1, -3, FALSE}, {1, height + 3, TRUE}};
	for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
		GArray *cut = ring_clip((const double *)(void *)points->data, points->len / 2, sides[i].axis, sides[i].limit, sides[i].below);
		g_array_unref(points);
		points = cut;
	}
	return points;
}

/* One ring, points closer than most of a pixel left out; FALSE if none of it is on the sheet. */
static gboolean paint_ring(drawing *d, const projection *p, const basemap_ring *r, double width, double height)
{
	GArray *points = g_array_sized_new(FALSE, FALSE, sizeof(double), 2 * (guint)r->n);
	double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
	for (gsize i = 0; i < r->n; i++) {
		double at[2];
		project(p, (double)r->points[2 * i], (double)r->points[2 * i + 1], &at[0], &at[1]);
		x0 = MIN(x0, at[0]), x1 = MAX(x1, at[0]), y0 = MIN(y0, at[1]), y1 = MAX(y1, at[1]);
		g_array_append_vals(points, at, 2);
	}
	gboolean seen = x1 >= 0 && x0 <= width && y1 >= 0 && y0 <= height && (x1 - x0 > 1 || y1 - y0 > 1);
	/* A plain map splits what lies on the far side of the world from its middle; such a ring is none of its business. */
	if (!seen || (!p->world && x1 - x0 > 300 * p->cosine * p->scale)) {
		g_array_unref(points);
		return FALSE;
	}
	points = ring_frame(points, width, height);
	double last_x = INFINITY, last_y = INFINITY;
	for (gsize i = 0; i + 1 < points->len; i += 2) {
		double x = g_array_index(points, double, i), y = g_array_index(points, double, i + 1);
		if (hypot(x - last_x, y - last_y) < 0.9)
			continue;
		(isfinite(last_x) ? drawing_to : drawing_move)(d, x, y);
		last_x = x, last_y = y;
	}
	g_array_unref(points);
	return isfinite(last_x);
}

static gboolean paint_country(drawing *d, const projection *p, const basemap_country *c, double width, double height, ink fill, double opacity)
{
	gboolean any = FALSE;
	for (gsize r = 0; r < c->n_rings; r++)
		any |= paint_ring(d, p, &c->rings[r], width, height);
	if (any)
		drawing_shape(d, fill, opacity, INK_PAPER, 0.7);
	return any;
}

/* Land first, and its tint upon it: the faintest tint is still darker than land without one. */
static void paint_countries(drawing *d, const map *m, const projection *p, double width, double height)
{
	const basemap *world = basemap_get(p->world ? BASEMAP_COARSE : BASEMAP_FINE);
	for (gsize i = 0; i < world->n; i++) {
		const basemap_country *c = &world->countries[i];
		if (g_strcmp0(c->iso3, "ATA") == 0 || !paint_country(d, p, c, width, height, INK_LAND, 1))
			continue;
		double share = map_share(m, c->iso3);
		if (share >= 0)
			paint_country(d, p, c, width, height, INK_TINT, 0.25 + 0.75 * share);
		else if (m->country && g_strcmp0(m->country, c->iso3) == 0)
			paint_country(d, p, c, width, height, INK_TINT, 0.4);
	}
}

/* One ring of GeoJSON positions, those closer than half a pixel left out; grows the box of what it covers on the sheet. */
static void trace_ring(drawing *d, const projection *p, const json_t *ring, double box[4])
{
	const json_t *position;
	double last_x = 0, last_y = 0;
	gsize i;
	json_array_foreach(ring, i, position) {
		double x, y;
		project(p, json_number_value(json_array_get(position, 0)), json_number_value(json_array_get(position, 1)), &x, &y);
		if (!i || hypot(x - last_x, y - last_y) >= 0.5) {
			(i ? drawing_to : drawing_move)(d, x, y);
			last_x = x, last_y = y;
		}
		box[0] = MIN(box[0], x), box[1] = MIN(box[1], y), box[2] = MAX(box[2], x), box[3] = MAX(box[3], y);
	}
}

static void paint_label(drawing *d, double x, double y, const char *label)
{
	gboolean left = x > drawing_width(d) * 0.65;
	if (label)
		drawing_text(d, &(text_style){.size = 12, .bold = TRUE, .ink = INK_TEXT, .cover = TRUE, .align = left ? TEXT_END : TEXT_START}, left ? x - 9 : x + 9, y - 8, label);
}

/* All rings of land, and the box they cover on the sheet; FALSE if it is none. */
static gboolean trace_land(drawing *d, const projection *p, const json_t *geometry, double box[4])
{
	const json_t *coordinates = json_object_get(geometry, "coordinates"), *polygon, *ring;
	const char *type = json_string_value(json_object_get(geometry, "type"));
	gboolean one = g_strcmp0(type, "Polygon") == 0;
	gsize i, k;
	box[0] = box[1] = INFINITY, box[2] = box[3] = -INFINITY;
	if (!one && g_strcmp0(type, "MultiPolygon") != 0)
		return FALSE;
	if (one)
		json_array_foreach(coordinates, i, ring)
			trace_ring(d, p, ring, box);
	else
		json_array_foreach(coordinates, k, polygon)
			json_array_foreach(polygon, i, ring)
				trace_ring(d, p, ring, box);
	return box[2] >= box[0];
}

static void paint_shape(drawing *d, const projection *p, const map_shape *s)
{
	double box[4];
	if (!trace_land(d, p, s->geometry, box))
		return;
	drawing_shape(d, s->colour, s->mark == TRUST_PROMISED ? 0 : 0.3, s->colour, 1.8);
	if (box[2] - box[0] < 5 && box[3] - box[1] < 5)
		drawing_dot(d, s->mark, s->colour, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 4);
	paint_label(d, box[2], (box[1] + box[3]) / 2, s->label);
}

/* ---- land that was drawn anew ---- */

#define ADDED INK_LINK
#define ADDED_OPACITY 0.4
#define TAKEN INK_MUTED
#define DASH 4.0

/* Limits what is drawn next to what lies in one land and not in the other. */
static void clip_difference(drawing *d, const projection *p, const json_t *in, const json_t *not_in)
{
	double box[4];
	trace_land(d, p, in, box);
	drawing_clip_shape(d, TRUE);
	trace_land(d, p, not_in, box);
	drawing_clip_shape(d, FALSE);
}

static void unclip_difference(drawing *d)
{
	drawing_unclip(d);
	drawing_unclip(d);
}

static void paint_redrawn(drawing *d, const projection *p, const map_redrawn *m, double width, double height)
{
	double box[4];
	clip_difference(d, p, m->after, m->before);
	drawing_fill(d, ADDED, ADDED_OPACITY, 0, 0, width, height);
	unclip_difference(d);
	clip_difference(d, p, m->before, m->after);
	drawing_bar(d, TRUST_REPORTED, TAKEN, -4, -4, width + 8, height + 8);
	unclip_difference(d);
	if (trace_land(d, p, m->before, box)) /* below the new one: where both run, the line is whole */
		drawing_outline(d, TAKEN, 1.8, DASH);
	if (trace_land(d, p, m->after, box))
		drawing_outline(d, INK_TEXT, 1.8, 0);
}

static void swatch_was(drawing *d, double x, double y)
{
	drawing_line(d, TAKEN, 1.8, DASH, (double[]){x, y + 6, x + 22, y + 6}, 2);
}

static void swatch_is(drawing *d, double x, double y)
{
	drawing_line(d, INK_TEXT, 1.8, 0, (double[]){x, y + 6, x + 22, y + 6}, 2);
}

static void swatch_added(drawing *d, double x, double y)
{
	drawing_fill(d, INK_LAND, 1, x, y, 22, 12); /* what it tints */
	drawing_fill(d, ADDED, ADDED_OPACITY, x, y, 22, 12);
}

static void swatch_taken(drawing *d, double x, double y)
{
	drawing_bar(d, TRUST_REPORTED, TAKEN, x, y, 22, 12);
}

/* The legend, as many entries on a line as fit; gives its height. */
static double paint_legend(drawing *d, const map_redrawn *m, double y)
{
	const struct { const char *text; void (*swatch)(drawing *d, double x, double y); } entries[] = {{m->was, swatch_was}, {m->is, swatch_is}, {m->added, swatch_added}, {m->taken, swatch_taken}};
	double x = 4, line = y + 8, bottom = y;
	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
		text_style style = {.size = 12, .ink = INK_TEXT};
		double width, height;
		if (!entries[i].text)
			continue;
		drawing_text_extent(d, &style, entries[i].text, &width, &height);
		if (x > 4 && x + 29 + width > drawing_width(d) - 4)
			x = 4, line = bottom + 5;
		style.width = drawing_width(d) - x - 33;
		entries[i].swatch(d, x, line + 1.5);
		bottom = MAX(bottom, line + drawing_text(d, &style, x + 29, line, entries[i].text));
		x += 29 + width + 18;
	}
	return bottom + 6 - y;
}

/* A round length on the ground; a degree of a great circle is 111.195 km (mean radius 6371.0088 km). */
static void paint_scale(drawing *d, const projection *p, double width, double height)
{
	double km_per_pixel = 111.195 / p->scale, raw = km_per_pixel * width / 4, power = pow(10, floor(log10(raw)));
	double length = raw / power >= 5 ? 5 * power : raw / power >= 2 ? 2 * power : power, x = 12, y = height - 14;
	g_autofree char *label = length >= 1 ? g_strdup_printf("%.0f km", length) : g_strdup_printf("%.0f m", length * 1000);
	double end = x + length / km_per_pixel;
	drawing_line(d, INK_TEXT, 1.5, 0, (double[]){x, y - 5, x, y, end, y, end, y - 5}, 4);
	drawing_text(d, &(text_style){.size = 11.5, .ink = INK_TEXT}, end + 6, y - 11, label);
}

static double map_paint(drawing *d, gconstpointer data)
{
	const map *m = data;
	double width = drawing_width(d);
	projection p = {0};
	double height = ceil(projection_fit(&p, m, width)); /* whole, or the last row of pixels is only half of the sea's */
	drawing_clip(d, 0, 0, width, height);
	drawing_fill(d, INK_WATER, 1, 0, 0, width, height);
	paint_countries(d, m, &p, width, height);
	for (gsize i = 0; i < m->n_shapes; i++)
		paint_shape(d, &p, &m->shapes[i]);
	if (m->redrawn)
		paint_redrawn(d, &p, m->redrawn, width, height);
	for (gsize i = 0; i < m->n_points; i++) {
		double x, y;
		project(&p, m->points[i].longitude, m->points[i].latitude, &x, &y);
		drawing_dot(d, m->points[i].mark, m->points[i].colour, x, y, m->points[i].radius > 0 ? m->points[i].radius : 4);
		paint_label(d, x, y, m->points[i].label);
	}
	if (m->close && !p.world)
		paint_scale(d, &p, width, height);
	drawing_unclip(d);
	if (m->redrawn)
		height += paint_legend(d, m->redrawn, height);
	if (m->source)
		height += 4 + drawing_text(d, &(text_style){.size = 11, .ink = INK_MUTED, .width = width - 8}, 4, height + 4, m->source);
	return height;
}

/* Grows a box by every position below an array of coordinates, at most as deep as a MultiPolygon's. */
static void box_stretch(const json_t *coordinates, double box[static 4], int depth)
{
	const json_t *entry;
	gsize i;
	if (json_is_number(json_array_get(coordinates, 0))) {
		double x = json_number_value(json_array_get(coordinates, 0)), y = json_number_value(json_array_get(coordinates, 1));
		box[0] = fmin(box[0], x), box[1] = fmin(box[1], y), box[2] = fmax(box[2], x), box[3] = fmax(box[3], y);
		return;
	}
	if (depth < 4)
		json_array_foreach(coordinates, i, entry)
			box_stretch(entry, box, depth + 1);
}

gboolean map_geometry_bounds(const json_t *geometry, double box[static 4])
{
	box[0] = box[1] = INFINITY;
	box[2] = box[3] = -INFINITY;
	box_stretch(json_object_get(geometry, "coordinates"), box, 0);
	return isfinite(box[0]);
}

GBytes *map_draw(const map *m, const drawing_form *form, GError **error)
{
	return drawing_make(form, m->title, m->description, map_paint, m, error);
}
