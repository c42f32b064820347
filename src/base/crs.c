#include "base/crs.h"

#include <math.h>
#include <proj.h>
#include <string.h>

#define ZONES 60
#define GEOMETRY_DEPTH 8

struct crs {
	char uri[64], code[16];
	gboolean geographic, latitude_first;
};

static crs all[3 + 2 * ZONES];

static void add_epsg(crs *c, guint number)
{
	g_snprintf(c->uri, sizeof c->uri, "http://www.opengis.net/def/crs/EPSG/0/%u", number);
	g_snprintf(c->code, sizeof c->code, "EPSG:%u", number);
}

static void fill_all(void)
{
	static gsize filled;
	if (!g_once_init_enter(&filled))
		return;
	all[0] = (crs) { CRS_84, "OGC:CRS84", TRUE, FALSE };
	add_epsg(&all[1], 4326);
	all[1].geographic = all[1].latitude_first = TRUE;
	add_epsg(&all[2], 3857);
	for (guint zone = 1; zone <= ZONES; zone++) {
		add_epsg(&all[2 + zone], 32600 + zone);
		add_epsg(&all[2 + ZONES + zone], 32700 + zone);
	}
	g_once_init_leave(&filled, 1);
}

const crs *crs_numbered(guint number)
{
	fill_all();
	return number < G_N_ELEMENTS(all) ? &all[number] : NULL;
}

const crs *crs_by_uri(const char *uri)
{
	fill_all();
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (strcmp(all[i].uri, uri) == 0)
			return &all[i];
	return NULL;
}

const char *crs_uri(const crs *c)
{
	return c->uri;
}

const char *crs_code(const crs *c)
{
	return c->code;
}

gboolean crs_is_latitude_first(const crs *c)
{
	return c->latitude_first;
}

gboolean crs_is_geographic(const crs *c)
{
	return c->geographic;
}

/* ---- transformations: those of a thread, kept, as making one reads PROJ's database ---- */

typedef struct kept {
	PJ_CONTEXT *context;
	PJ *made[G_N_ELEMENTS(all)];
} kept;

static void kept_free(gpointer data)
{
	kept *k = data;
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		proj_destroy(k->made[i]);
	proj_context_destroy(k->context);
	g_free(k);
}

static kept *kept_get(void)
{
	static GPrivate own = G_PRIVATE_INIT(kept_free);
	kept *k = g_private_get(&own);
	if (k)
		return k;
	k = g_new0(kept, 1);
	k->context = proj_context_create();
	proj_context_set_enable_network(k->context, 0);
	proj_log_level(k->context, PJ_LOG_NONE);
	g_private_set(&own, k);
	return k;
}

static PJ *transformation(const crs *c, PJ_CONTEXT **context)
{
	kept *k = kept_get();
	PJ **made = &k->made[c - all];
	if (!*made)
		*made = proj_create_crs_to_crs(k->context, "OGC:CRS84", c->code, NULL);
	*context = k->context;
	return *made;
}

static gboolean transform(const crs *c, PJ_DIRECTION direction, double *xy, gsize n)
{
	if (c == &all[0])
		return TRUE;
	PJ_CONTEXT *context;
	PJ *p = transformation(c, &context);
	gboolean inside = p != NULL;
	if (p)
		proj_trans_generic(p, direction, xy, 2 * sizeof *xy, n, xy + 1, 2 * sizeof *xy, n, NULL, 0, 0, NULL, 0, 0);
	for (gsize i = 0; i < 2 * n; i += 2)
		if (!p || !isfinite(xy[i]) || !isfinite(xy[i + 1])) {
			xy[i] = xy[i + 1] = NAN;
			inside = FALSE;
		}
	return inside;
}

gboolean crs_project(const crs *c, double *xy, gsize n)
{
	return transform(c, PJ_FWD, xy, n);
}

gboolean crs_unproject(const crs *c, double *xy, gsize n)
{
	return transform(c, PJ_INV, xy, n);
}

gboolean crs_unproject_box(const crs *c, const double box[4], double lonlat[4])
{
	static const int edge_points = 21;
	if (c->geographic) {
		for (int i = 0; i < 4; i++)
			lonlat[i] = box[c->latitude_first ? i ^ 1 : i];
		return TRUE;
	}
	PJ_CONTEXT *context;
	PJ *p = transformation(c, &context);
	return p && proj_trans_bounds(context, p, PJ_INV, box[0], box[1], box[2], box[3], &lonlat[0], &lonlat[1], &lonlat[2], &lonlat[3], edge_points) &&
	       isfinite(lonlat[0]) && isfinite(lonlat[1]) && isfinite(lonlat[2]) && isfinite(lonlat[3]);
}

/* ---- geometries ---- */

static json_t *transform_position(const crs *c, PJ_DIRECTION direction, const json_t *position)
{
	double xy[2] = { json_number_value(json_array_get(position, 0)), json_number_value(json_array_get(position, 1)) };
	if (!json_is_number(json_array_get(position, 1)) || !transform(c, direction, xy, 1))
		return NULL;
	return json_pack("[f,f]", xy[0], xy[1]);
}

static json_t *transform_coordinates(const crs *c, PJ_DIRECTION direction, const json_t *list, int depth)
{
	if (!json_is_array(list) || depth > GEOMETRY_DEPTH)
		return NULL;
	if (json_is_number(json_array_get(list, 0)))
		return transform_position(c, direction, list);
	json_t *out = json_array();
	for (gsize i = 0; out && i < json_array_size(list); i++) {
		json_t *part = transform_coordinates(c, direction, json_array_get(list, i), depth + 1);
		if (!part || json_array_append_new(out, part) != 0)
			g_clear_pointer(&out, json_decref);
	}
	return out;
}

static json_t *transform_geometry(const crs *c, PJ_DIRECTION direction, const json_t *geometry, int depth)
{
	const json_t *parts = json_object_get(geometry, "geometries"), *part;
	gsize i;
	json_t *changed = depth > GEOMETRY_DEPTH ? NULL : parts ? json_array() : transform_coordinates(c, direction, json_object_get(geometry, "coordinates"), 0);
	json_array_foreach(parts, i, part) {
		json_t *one = changed ? transform_geometry(c, direction, part, depth + 1) : NULL;
		if (!one || json_array_append_new(changed, one) != 0)
			g_clear_pointer(&changed, json_decref);
	}
	return changed ? json_pack("{s:O, s:o}", "type", json_object_get(geometry, "type"), parts ? "geometries" : "coordinates", changed) : NULL;
}

json_t *crs_project_geometry(const crs *c, const json_t *geometry)
{
	return transform_geometry(c, PJ_FWD, geometry, 0);
}

json_t *crs_unproject_geometry(const crs *c, const json_t *geometry)
{
	return transform_geometry(c, PJ_INV, geometry, 0);
}
