#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "publish/chart.h"
#include "publish/svg.h"

static GBytes *draw_bytes(const chart *c, drawing_format format, drawing_scheme scheme, double width, gboolean plain)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = chart_draw(c, &(drawing_form){format, scheme, width, plain}, &error);
	assert_null(error);
	return bytes;
}

static char *draw(const chart *c, drawing_scheme scheme, double width, gboolean plain)
{
	g_autoptr(GBytes) bytes = draw_bytes(c, DRAWING_SVG, scheme, width, plain);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	return g_strndup(text, length);
}

static const chart *burn_up(void)
{
	static const chart_point path[] = {{2021, 0, NAN, NAN}, {2031, 100000, NAN, NAN}}, reported[] = {{2024, 12614, NAN, NAN}, {2025, 18443, NAN, NAN}};
	static const chart_point measured[] = {{2025, 15000, 12000, 17500}};
	static const chart_series series[] = {
		{"Promised path", TRUST_PROMISED, INK_IMPROVED, CHART_LINE, path, 2, 0},
		{"Reported", TRUST_REPORTED, INK_IMPROVED, CHART_STEPS, reported, 2, 2026.9},
		{"Measured", TRUST_MEASURED, INK_IMPROVED, CHART_DOTS, measured, 1, 0},
	};
	static const chart_moment today = {2026.9, "Today"};
	static const chart_lines lines = {.series = series, .n_series = 3, .moments = &today, .n_moments = 1};
	static chart c = {.title = "18,443 of 100,000 ha & <counting>", .subtitle = "Area restored, hectares", .source = "Source: report 2024", .lines = &lines};
	c.language = language_get("en");
	return &c;
}

static guint count(const char *text, const char *what)
{
	guint n = 0;
	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

static void a_chart_says_what_it_shows_and_obeys_the_strict_policy(void **state)
{
	(void)state;
	g_autofree char *svg = draw(burn_up(), SCHEME_LIGHT, DRAWING_WIDE, FALSE);
	assert_non_null(strstr(svg, "role=\"img\""));
	assert_non_null(strstr(svg, "<title>18,443 of 100,000 ha &amp; &lt;counting&gt;</title>"));
	assert_non_null(strstr(svg, "<desc>"));
	assert_null(strstr(svg, "style="));
	assert_null(strstr(svg, "<script"));
	assert_true(strlen(svg) < 80 * 1024);
}

static void the_same_chart_is_the_same_bytes(void **state)
{
	(void)state;
	g_autofree char *a = draw(burn_up(), SCHEME_LIGHT, DRAWING_WIDE, FALSE);
	g_autofree char *b = draw(burn_up(), SCHEME_LIGHT, DRAWING_WIDE, FALSE);
	assert_true(strcmp(a, b) == 0);
	g_autoptr(GBytes) p = draw_bytes(burn_up(), DRAWING_PDF, SCHEME_LIGHT, DRAWING_WIDE, FALSE);
	g_autoptr(GBytes) q = draw_bytes(burn_up(), DRAWING_PDF, SCHEME_LIGHT, DRAWING_WIDE, FALSE);
	assert_true(g_bytes_equal(p, q));
}

static void a_dark_and_a_narrow_chart_are_drawn_for_their_place(void **state)
{
	(void)state;
	g_autofree char *light = draw(burn_up(), SCHEME_LIGHT, DRAWING_WIDE, FALSE), *dark = draw(burn_up(), SCHEME_DARK, DRAWING_WIDE, FALSE);
	g_autofree char *narrow = draw(burn_up(), SCHEME_LIGHT, DRAWING_NARROW, FALSE), *plain = draw(burn_up(), SCHEME_LIGHT, DRAWING_WIDE, TRUE);
	assert_non_null(strstr(light, "#fbfaf6"));
	assert_null(strstr(dark, "#fbfaf6"));
	assert_non_null(strstr(dark, "#151b1f"));
	assert_non_null(strstr(narrow, "width=\"358px\""));
	assert_null(strstr(plain, "#fbfaf6"));
	assert_true(strlen(plain) < strlen(light));
}

static void each_trust_has_its_own_mark(void **state)
{
	(void)state;
	char *drawn[3];
	for (int mark = 0; mark < 3; mark++) {
		const chart_bar bar = {.label = "x", .text = "1", .value = 1, .low = NAN, .high = NAN, .mark = mark, .colour = INK_IMPROVED};
		const chart_bars bars = {.bars = &bar, .n = 1};
		const chart c = {.title = "x", .language = language_get("en"), .bars = &bars};
		drawn[mark] = draw(&c, SCHEME_LIGHT, DRAWING_WIDE, TRUE);
	}
	assert_int_equal(count(drawn[TRUST_PROMISED], "fill=\"#1f6f5c\""), 0);
	assert_null(strstr(drawn[TRUST_PROMISED], "clip-path"));
	assert_int_equal(count(drawn[TRUST_REPORTED], "fill=\"#1f6f5c\""), 0);
	assert_non_null(strstr(drawn[TRUST_REPORTED], "clip-path"));
	assert_int_equal(count(drawn[TRUST_MEASURED], "fill=\"#1f6f5c\""), 1);
	for (int mark = 0; mark < 3; mark++)
		g_free(drawn[mark]);
}

static void a_matrix_writes_every_cell_and_tints_what_changed(void **state)
{
	(void)state;
	static const char *const labels[] = {"Grassland", "Cropland", "Artificial land"};
	chart_cell cells[9] = {{"● 500", INK_STABLE}, {NULL, INK_STABLE}, {"▼ 12,345", INK_DEGRADED}, [6] = {"▲ 7.5", INK_IMPROVED}};
	const chart_matrix shape = {labels, 3, cells, "2000 to 2020: from, down; to, across"};
	const chart c = {.title = "x", .language = language_get("en"), .matrix = &shape};
	const double widths[] = {DRAWING_WIDE, DRAWING_NARROW};
	for (gsize i = 0; i < G_N_ELEMENTS(widths); i++) {
		g_autofree char *svg = draw(&c, SCHEME_LIGHT, widths[i], TRUE);
		assert_int_equal(count(svg, "#9c3d2e"), 1);
		assert_int_equal(count(svg, "#1f6f5c"), 1);
		assert_int_equal(count(svg, "#d9cdb4"), 1);
	}
}

static void what_nobody_knows_is_not_drawn_as_zero(void **state)
{
	(void)state;
	const chart_bar zero = {.label = "x", .text = "0 ha", .value = 0, .low = NAN, .high = NAN, .mark = TRUST_MEASURED, .colour = INK_IMPROVED};
	const chart_bar unknown = {.label = "x", .text = "0 ha", .value = NAN, .low = NAN, .high = NAN, .mark = TRUST_MEASURED, .colour = INK_IMPROVED};
	const chart_bars with_zero = {.bars = &zero, .n = 1}, with_unknown = {.bars = &unknown, .n = 1};
	const chart a = {.title = "x", .language = language_get("en"), .bars = &with_zero}, b = {.title = "x", .language = language_get("en"), .bars = &with_unknown};
	g_autofree char *drawn_zero = draw(&a, SCHEME_LIGHT, DRAWING_WIDE, TRUE), *drawn_unknown = draw(&b, SCHEME_LIGHT, DRAWING_WIDE, TRUE);
	assert_non_null(strstr(drawn_zero, "stroke=\"#1f6f5c\""));
	assert_null(strstr(drawn_unknown, "stroke=\"#1f6f5c\""));
	assert_non_null(strstr(drawn_unknown, "stroke-dasharray"));
}

static void charts_come_as_print_and_as_picture(void **state)
{
	(void)state;
	g_autoptr(GBytes) pdf = draw_bytes(burn_up(), DRAWING_PDF, SCHEME_LIGHT, 400, FALSE), png = draw_bytes(burn_up(), DRAWING_PNG, SCHEME_LIGHT, 400, FALSE);
	gsize length;
	assert_memory_equal(g_bytes_get_data(pdf, &length), "%PDF-", 5);
	assert_memory_equal(g_bytes_get_data(png, &length), "\x89PNG", 4);
}

static void odd_data_draw_without_harm(void **state)
{
	(void)state;
	const chart_point one[] = {{2020, 5, NAN, NAN}}, same[] = {{2020, 0, NAN, NAN}, {2020, 0, NAN, NAN}}, huge[] = {{2020, 1e12, NAN, NAN}, {2021, -1e12, NAN, NAN}};
	const struct { const chart_point *points; gsize n; } rows[] = {{NULL, 0}, {one, 1}, {same, 2}, {huge, 2}};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const chart_series series = {"x", TRUST_REPORTED, INK_IMPROVED, CHART_STEPS, rows[i].points, rows[i].n, 0};
		const chart_lines lines = {.series = &series, .n_series = 1};
		const chart c = {.title = "x", .language = language_get("en"), .lines = &lines};
		g_autofree char *svg = draw(&c, SCHEME_LIGHT, DRAWING_NARROW, FALSE);
		assert_null(strstr(svg, "nan"));
		assert_null(strstr(svg, "inf"));
	}
	const chart_balance none = {.losses = 0, .gains = 0, .stable = NAN, .unknown = NAN};
	const chart c = {.title = "x", .language = language_get("en"), .balance = &none};
	g_autofree char *svg = draw(&c, SCHEME_LIGHT, DRAWING_NARROW, FALSE);
	assert_null(strstr(svg, "nan"));
}

static void axes_step_in_round_numbers(void **state)
{
	(void)state;
	const struct { double low, high; int count; double step; } rows[] = {
		{0, 100000, 4, 25000}, {0, 18443, 4, 5000}, {0, 1, 4, 0.25}, {0, 0.07, 4, 0.02}, {2020, 2030, 10, 1}, {5, 5, 4, 1}, {0, NAN, 4, 1},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_true(fabs(chart_step(rows[i].low, rows[i].high, rows[i].count) - rows[i].step) <= 1e-12 * rows[i].step);
}

static void the_finished_svg_keeps_names_and_rounds_coordinates(void **state)
{
	(void)state;
	const char *in = "<?xml version=\"1.0\"?>\n<svg width=\"1px\">\n<g id=\"glyph0-1.23456\"><path style=\"fill:rgb(100%,0%,0%);fill-opacity:1;stroke-width:0.123456;\" "
		"d=\"M 1.23456 -0.00001 L 100.999 2\"/></g><use xlink:href=\"#glyph0-1.23456\"/></svg>";
	g_autoptr(GBytes) bytes = svg_finish(in, strlen(in), "a<b", NULL);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	g_autofree char *out = g_strndup(text, length);
	assert_non_null(strstr(out, "id=\"glyph0-1.23456\""));
	assert_non_null(strstr(out, "href=\"#glyph0-1.23456\""));
	assert_non_null(strstr(out, "fill=\"#ff0000\" stroke-width=\"0.12\""));
	assert_null(strstr(out, "fill-opacity"));
	assert_non_null(strstr(out, "M 1.23 -0 L 101 2"));
	assert_non_null(strstr(out, "<title>a&lt;b</title>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chart_says_what_it_shows_and_obeys_the_strict_policy),
		cmocka_unit_test(the_same_chart_is_the_same_bytes),
		cmocka_unit_test(a_dark_and_a_narrow_chart_are_drawn_for_their_place),
		cmocka_unit_test(each_trust_has_its_own_mark),
		cmocka_unit_test(a_matrix_writes_every_cell_and_tints_what_changed), cmocka_unit_test(what_nobody_knows_is_not_drawn_as_zero),
		cmocka_unit_test(charts_come_as_print_and_as_picture),
		cmocka_unit_test(odd_data_draw_without_harm),
		cmocka_unit_test(axes_step_in_round_numbers),
		cmocka_unit_test(the_finished_svg_keeps_names_and_rounds_coordinates),
	};
	return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
