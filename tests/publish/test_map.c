#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "publish/map.h"

static char *draw(const map *m, double width, drawing_scheme scheme)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = map_draw(m, &(drawing_form){DRAWING_SVG, scheme, width, FALSE}, &error);
	assert_null(error);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	return g_strndup(text, length);
}

static void the_world_fits_in_a_light_file_with_its_points(void **state)
{
	(void)state;
	const map_point points[] = {{106.9, 43, TRUST_REPORTED, INK_LINK, 4, NULL}};
	const map empty = {.title = "World"}, one = {.title = "World", .points = points, .n_points = 1};
	g_autofree char *without = draw(&empty, DRAWING_WIDE, SCHEME_LIGHT), *with = draw(&one, DRAWING_WIDE, SCHEME_LIGHT);
	assert_true(strlen(without) < 200 * 1024);
	assert_true(strlen(with) > strlen(without));
	assert_non_null(strstr(with, "<title>World</title>"));
}

static void a_country_is_drawn_without_the_rest_of_the_world(void **state)
{
	(void)state;
	const map country = {.title = "Mongolia", .country = "MNG"};
	g_autofree char *svg = draw(&country, DRAWING_WIDE, SCHEME_LIGHT);
	assert_true(strlen(svg) < 60 * 1024);
	/* Cut to the frame, though Russia and China reach far beyond it. */
	for (const char *p = svg; (p = strstr(p, " d=\"")); p++)
		for (const char *q = p + 4; *q && *q != '"';) {
			char *end;
			double value = g_ascii_strtod(q, &end);
			if (end == q)
				q++;
			else {
				assert_true(value > -60 && value < 800);
				q = end;
			}
		}
}

static void land_is_drawn_with_its_outline_or_as_a_dot(void **state)
{
	(void)state;
	json_auto_t *large = json_loads("{\"type\":\"Polygon\",\"coordinates\":[[[105,47],[105.1,47],[105.1,47.1],[105,47.1],[105,47]]]}", 0, NULL);
	json_auto_t *small = json_loads("{\"type\":\"MultiPolygon\",\"coordinates\":[[[[105,47],[105.0001,47],[105.0001,47.0001],[105,47]]]]}", 0, NULL);
	json_auto_t *broken = json_loads("{\"type\":\"Polygon\",\"coordinates\":[[\"x\"],7]}", 0, NULL), *point = json_loads("{\"type\":\"Point\",\"coordinates\":[1,2]}", 0, NULL);
	const double bounds[] = {105, 47, 105.1, 47.1};
	const map_shape shapes[] = {{large, TRUST_PROMISED, INK_IMPROVED, "North pit"}, {small, TRUST_MEASURED, INK_IMPROVED, NULL}, {broken, TRUST_PROMISED, INK_IMPROVED, NULL},
		{point, TRUST_PROMISED, INK_IMPROVED, NULL}, {NULL, TRUST_PROMISED, INK_IMPROVED, NULL}};
	gsize sizes[4];
	for (gsize n = 0; n < G_N_ELEMENTS(sizes); n++) {
		const map m = {.title = "Sites", .shapes = shapes, .n_shapes = n == 3 ? G_N_ELEMENTS(shapes) : n, .bounds = bounds, .close = TRUE};
		g_autofree char *svg = draw(&m, DRAWING_WIDE, SCHEME_LIGHT);
		sizes[n] = strlen(svg);
	}
	assert_true(sizes[1] > sizes[0] && sizes[2] > sizes[1]); /* an outline with its name; a dot */
	assert_int_equal(sizes[3] > sizes[2] + 400, 0); /* what is no land draws next to nothing */
}

static void a_tinted_country_differs_from_one_without_a_figure(void **state)
{
	(void)state;
	const map_tint tints[] = {{"MNG", 1}};
	const map plain = {.title = "Mongolia", .bounds = (double[]){85, 40, 120, 53}};
	const map tinted = {.title = "Mongolia", .bounds = plain.bounds, .tints = tints, .n_tints = 1};
	g_autofree char *a = draw(&plain, DRAWING_WIDE, SCHEME_LIGHT), *b = draw(&tinted, DRAWING_WIDE, SCHEME_LIGHT);
	assert_true(strcmp(a, b) != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_fits_in_a_light_file_with_its_points),
		cmocka_unit_test(a_country_is_drawn_without_the_rest_of_the_world),
		cmocka_unit_test(land_is_drawn_with_its_outline_or_as_a_dot),
		cmocka_unit_test(a_tinted_country_differs_from_one_without_a_figure),
	};
	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
