#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cairo.h>
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

/* A picture as its pixels' darkness: how much ink lies in a rectangle of the sheet, 0 to 1. Twice as many pixels as points. */
static double ink_in(cairo_surface_t *sheet, int x, int y, int width, int height)
{
	const unsigned char *bytes = cairo_image_surface_get_data(sheet);
	int stride = cairo_image_surface_get_stride(sheet);
	double sum = 0;
	for (int row = 2 * y; row < 2 * (y + height); row++)
		for (int column = 2 * x; column < 2 * (x + width); column++) {
			uint32_t pixel;
			memcpy(&pixel, bytes + row * stride + 4 * column, sizeof pixel);
			sum += 1 - ((pixel >> 16 & 255) + (pixel >> 8 & 255) + (pixel & 255)) / 765.0;
		}
	return sum / (4 * width * height);
}

typedef struct reading {
	const guint8 *bytes;
	gsize left;
} reading;

static cairo_status_t read_bytes(void *closure, unsigned char *out, unsigned int length)
{
	reading *r = closure;
	if (r->left < length)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(out, r->bytes, length);
	r->bytes += length, r->left -= length;
	return CAIRO_STATUS_SUCCESS;
}

/* West third: taken away, hatched. Middle: kept, bare. East third: added, tinted. */
static void land_drawn_anew_shows_what_came_and_what_went(void **state)
{
	(void)state;
	json_auto_t *before = json_loads("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[0.2,0],[0.2,0.1],[0,0.1],[0,0]]]}", 0, NULL);
	json_auto_t *after = json_loads("{\"type\":\"Polygon\",\"coordinates\":[[[0.1,0],[0.3,0],[0.3,0.1],[0.1,0.1],[0.1,0]]]}", 0, NULL);
	const double bounds[] = {0, 0, 0.3, 0.1};
	const map_redrawn both = {before, after, "before: 2 ha", "now: 2 ha", "added: 1 ha", "taken away: 1 ha"}, same = {after, after, NULL, NULL, NULL, NULL}, grown = {NULL, after, NULL, NULL, NULL, NULL};
	double west[3], middle[3], east[3];
	int height[3];
	for (int i = 0; i < 3; i++) {
		const map m = {.title = "North", .redrawn = (const map_redrawn *[]){&both, &same, &grown}[i], .bounds = bounds, .close = TRUE};
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) bytes = map_draw(&m, &(drawing_form){DRAWING_PNG, SCHEME_LIGHT, 420, FALSE}, &error);
		assert_null(error);
		reading r = {g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes)};
		cairo_surface_t *sheet = cairo_image_surface_create_from_png_stream(read_bytes, &r);
		assert_int_equal(cairo_surface_status(sheet), CAIRO_STATUS_SUCCESS);
		/* 0.3 degrees and a fifth on each side are 420 points: a third of the land is 100 wide, from 60 on, about the middle of 210. */
		west[i] = ink_in(sheet, 80, 80, 60, 50), middle[i] = ink_in(sheet, 180, 80, 60, 50), east[i] = ink_in(sheet, 280, 80, 60, 50);
		height[i] = cairo_image_surface_get_height(sheet);
		cairo_surface_destroy(sheet);
	}
	assert_true(west[0] > middle[0] + 0.05 && east[0] > middle[0] + 0.1);
	assert_true(fabs(middle[0] - middle[1]) < 1e-9 && fabs(east[1] - middle[1]) < 1e-9 && fabs(west[1] - middle[1]) < 1e-9);
	assert_true(fabs(west[2] - middle[1]) < 1e-9 && fabs(middle[2] - east[0]) < 1e-9 && fabs(east[2] - east[0]) < 1e-9);
	assert_true(height[0] > height[1] + 2 * 12); /* the legend */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_fits_in_a_light_file_with_its_points),
		cmocka_unit_test(a_country_is_drawn_without_the_rest_of_the_world),
		cmocka_unit_test(land_is_drawn_with_its_outline_or_as_a_dot),
		cmocka_unit_test(a_tinted_country_differs_from_one_without_a_figure),
		cmocka_unit_test(land_drawn_anew_shows_what_came_and_what_went),
	};
	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
