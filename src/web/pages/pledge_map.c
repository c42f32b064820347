/* The map of a pledge's sites. */
#include <math.h>
#include <string.h>

#include "publish/map.h"
#include "web/pages/pages.h"
#include "web/pages/pledge.h"

static void stretch(double box[static 4], const double more[static 4])
{
	box[0] = fmin(box[0], more[0]), box[1] = fmin(box[1], more[1]), box[2] = fmax(box[2], more[2]), box[3] = fmax(box[3], more[3]);
}

/* What of a pledge can be drawn. */
typedef struct places {
	GArray *shapes, *points; /* map_shape, map_point */
	double box[4];
} places;

static void places_clear(places *p)
{
	g_array_unref(p->shapes);
	g_array_unref(p->points);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(places, places_clear)

static void places_read(places *p, const board_case *known)
{
	*p = (places){g_array_new(FALSE, TRUE, sizeof(map_shape)), g_array_new(FALSE, TRUE, sizeof(map_point)), {INFINITY, INFINITY, -INFINITY, -INFINITY}};
	gboolean few = known->sites->len <= 12;
	for (guint i = 0; i < known->sites->len; i++) {
		const record *site = ((board_site *)g_ptr_array_index(known->sites, i))->site;
		const json_t *geometry = site ? json_object_get(site->body, "geometry") : NULL;
		const json_t *x = site ? json_object_get(site->body, "longitude") : NULL, *y = site ? json_object_get(site->body, "latitude") : NULL;
		const char *label = site && few ? record_title(site) : NULL;
		double box[4];
		if (map_geometry_bounds(geometry, box)) {
			const map_shape shape = {geometry, TRUST_PROMISED, INK_IMPROVED, label};
			stretch(p->box, box);
			g_array_append_val(p->shapes, shape);
		} else if (json_is_number(x) && json_is_number(y)) {
			const map_point point = {json_number_value(x), json_number_value(y), TRUST_PROMISED, INK_IMPROVED, 5, label};
			stretch(p->box, (double[]){point.longitude, point.latitude, point.longitude, point.latitude});
			g_array_append_val(p->points, point);
		}
	}
}

gboolean pledge_map_places(const board_case *known)
{
	g_auto(places) p = {0};
	places_read(&p, known);
	return isfinite(p.box[0]);
}

GBytes *pledge_map(const request *r, const board_case *known, GError **error)
{
	g_auto(places) p = {0};
	places_read(&p, known);
	drawing_form form = page_drawing_form(r);
	/* Sites on several continents are shown on the world. */
	gboolean wide = p.box[2] - p.box[0] > 90;
	const map m = {.title = request_text(r, "Map of the pledge’s sites"), .shapes = (map_shape *)(gpointer)p.shapes->data, .n_shapes = p.shapes->len,
		.points = (map_point *)(gpointer)p.points->data, .n_points = p.points->len, .bounds = wide ? NULL : p.box, .close = TRUE};
	return map_draw(&m, &form, error);
}
