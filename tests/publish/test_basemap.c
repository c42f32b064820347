#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "publish/basemap.h"

static gboolean covers(const basemap_country *c, float x, float y)
{
	gboolean inside = FALSE;
	for (gsize r = 0; r < c->n_rings; r++)
		for (gsize i = 0, n = c->rings[r].n, j = n - 1; i < n; j = i++) {
			const float *p = &c->rings[r].points[2 * i], *q = &c->rings[r].points[2 * j];
			if ((p[1] > y) != (q[1] > y) && x < (q[0] - p[0]) * (y - p[1]) / (q[1] - p[1]) + p[0])
				inside = !inside;
		}
	return inside;
}

/* Places deep inside their country, from any atlas. */
static const struct { const char *iso3; float x, y; } places[] = {
	{"MNG", 104, 46}, {"AUS", 134, -25}, {"BRA", -52, -12}, {"ZAF", 21, -30}, {"LSO", 28.3f, -29.6f}, {"RUS", 179, 67}, {"RUS", -175, 66.5f},
	{"RUS", 60, 60}, {"CAN", -105, 56}, {"USA", -100, 40}, {"USA", -150, 65}, {"XKX", 20.9f, 42.6f}, {"FJI", 178, -17.8f},
};

static void a_country_is_found_by_its_code_and_covers_its_land(void **state)
{
	(void)state;
	for (int detail = 0; detail < 2; detail++) {
		const basemap *map = basemap_get(detail ? BASEMAP_FINE : BASEMAP_COARSE);
		for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
			const basemap_country *c = basemap_find(map, places[i].iso3);
			assert_non_null(c);
			assert_true(covers(c, places[i].x, places[i].y));
		}
		assert_false(covers(basemap_find(map, "ZAF"), 28.3f, -29.6f)); /* Lesotho is a hole */
		assert_null(basemap_find(map, "ZZZ"));
		assert_null(basemap_find(map, ""));
		assert_null(basemap_find(map, NULL));
	}
}

static void no_outline_crosses_the_antimeridian_or_leaves_the_globe(void **state)
{
	(void)state;
	for (int detail = 0; detail < 2; detail++) {
		const basemap *map = basemap_get(detail ? BASEMAP_FINE : BASEMAP_COARSE);
		assert_true(map->n > 170);
		for (gsize i = 0; i < map->n; i++)
			for (gsize r = 0; r < map->countries[i].n_rings; r++) {
				const basemap_ring *ring = &map->countries[i].rings[r];
				for (gsize k = 0; k < ring->n; k++) {
					float x = ring->points[2 * k], y = ring->points[2 * k + 1], next = ring->points[2 * ((k + 1) % ring->n)];
					assert_true(x >= -180.001f && x <= 180.001f && y >= -90.001f && y <= 90.001f);
					/* Antarctica runs along the pole from edge to edge. */
					assert_true(fabsf(next - x) < 180 || y < -89);
				}
			}
	}
}

static void a_map_of_a_country_leaves_far_islands_out(void **state)
{
	(void)state;
	const basemap *map = basemap_get(BASEMAP_FINE);
	const basemap_country *france = basemap_find(map, "FRA"), *mongolia = basemap_find(map, "MNG");
	assert_true(france->west > -10 && france->east < 12 && france->south > 40);
	assert_true(mongolia->west < 88.5f && mongolia->east > 119 && mongolia->south < 42.5f && mongolia->north > 51.5f);
}

static void the_geojson_keeps_to_the_standard(void **state)
{
	(void)state;
	g_autoptr(GBytes) bytes = basemap_geojson(BASEMAP_COARSE), again = basemap_geojson(BASEMAP_COARSE);
	assert_ptr_equal(bytes, again);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	assert_true(length < 256 * 1024);
	json_t *collection = json_loadb(text, length, 0, NULL);
	const json_t *features = json_object_get(collection, "features"), *feature;
	gsize i, lesotho = 0;
	json_array_foreach(features, i, feature) {
		const json_t *properties = json_object_get(feature, "properties"), *geometry = json_object_get(feature, "geometry");
		const char *iso3 = json_string_value(json_object_get(properties, "iso3"));
		assert_non_null(iso3);
		assert_non_null(json_string_value(json_object_get(properties, "name")));
		const json_t *polygon, *ring;
		gsize p, r;
		json_array_foreach(json_object_get(geometry, "coordinates"), p, polygon) {
			lesotho += strcmp(iso3, "ZAF") == 0 && json_array_size(polygon) == 2;
			json_array_foreach(polygon, r, ring) {
				gsize n = json_array_size(ring);
				assert_true(n >= 4);
				assert_true(json_equal(json_array_get(ring, 0), json_array_get(ring, n - 1)));
			}
		}
	}
	assert_int_equal(lesotho, 1);
	json_decref(collection);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_country_is_found_by_its_code_and_covers_its_land),
		cmocka_unit_test(no_outline_crosses_the_antimeridian_or_leaves_the_globe),
		cmocka_unit_test(a_map_of_a_country_leaves_far_islands_out),
		cmocka_unit_test(the_geojson_keeps_to_the_standard),
	};
	return cmocka_run_group_tests_name("basemap", tests, NULL, NULL);
}
