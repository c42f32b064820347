/* Maps that the program draws, and the outlines the live map draws on. */
#include <math.h>
#include <string.h>

#include "publish/basemap.h"
#include "publish/map.h"
#include "web/pages/home.h"
#include "web/pages/pages.h"
#include "web/query.h"

drawing_form page_drawing_form(const request *r)
{
	gboolean dark = !g_strcmp0(request_query(r, "scheme"), "dark"), narrow = !g_strcmp0(request_query(r, "width"), "narrow");
	return (drawing_form){ .format = DRAWING_SVG, .scheme = dark ? SCHEME_DARK : SCHEME_LIGHT, .width = narrow ? DRAWING_NARROW : DRAWING_WIDE };
}

void page_basemap(const request *r, response *out)
{
	static const char *const details[] = { "coarse", "fine", NULL };
	const char *detail;
	if (query_choice(r, out, "detail", details, &detail))
		response_bytes(out, "application/geo+json", basemap_geojson(!g_strcmp0(detail, "fine") ? BASEMAP_FINE : BASEMAP_COARSE));
}

char *places_drawn(const language *l, guint total)
{
	g_autofree char *n = language_number(l, PLACES_MOST, 0);
	return total > PLACES_MOST ? view_message(language_text(l, "Only the first {n} are drawn; words and filters narrow the list."), "n", n, NULL) : g_strdup("");
}

GBytes *picture_of_places(const request *r, const store_query *of, const char *title, const map_tint *tints, gsize n_tints, GError **error)
{
	store_query q = *of;
	q.offset = 0;
	q.limit = PLACES_MOST;
	g_autoptr(GPtrArray) places = store_places(request_reader(r), &q, error);
	if (!places)
		return NULL;
	g_autofree map_point *points = g_new0(map_point, places->len + 1);
	for (guint i = 0; i < places->len; i++) {
		const store_place *place = g_ptr_array_index(places, i);
		points[i] = (map_point){ .longitude = place->longitude, .latitude = place->latitude, .mark = TRUST_REPORTED, .colour = INK_IMPROVED, .radius = places->len > 40 ? 3.2 : 4 };
	}
	map m = { .title = title, .points = points, .n_points = places->len, .tints = tints, .n_tints = n_tints };
	drawing_form form = page_drawing_form(r);
	return map_draw(&m, &form, error);
}

void page_world(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) tints = home_tints(r, &error);
	g_autofree map_tint *drawn = g_new0(map_tint, (tints ? tints->len : 0) + 1);
	for (guint i = 0; tints && i < tints->len; i++)
		drawn[i] = (map_tint){ .iso3 = g_array_index(tints, home_tint, i).iso3, .share = g_array_index(tints, home_tint, i).share };
	store_query q = { .kind = "case", .as_of = request_as_of(r) };
	GBytes *picture = tints ? picture_of_places(r, &q, request_text(r, "Cases of the compilation on a map of the world"), drawn, tints->len, &error) : NULL;
	if (picture)
		response_bytes(out, "image/svg+xml", picture);
	else
		response_error(out, r, error);
}
