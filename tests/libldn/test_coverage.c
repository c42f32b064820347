/* Polygon-cell coverage: against areas worked out by hand, and against the properties that any right answer has. GEOS:
 * test_coverage_geos.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ldn/coverage.h"

enum { WIDE = 40, HIGH = 30, MOST = 256 };

struct shape {
	size_t points, rings;
	double x[MOST], y[MOST];
	size_t first[32];
	uint32_t part[32];
};

static void add_ring(struct shape *s, uint32_t part, size_t n, const double *xy)
{
	s->first[s->rings] = s->points;
	s->part[s->rings++] = part;
	for (size_t i = 0; i < n; i++) {
		s->x[s->points] = xy[2 * i];
		s->y[s->points++] = xy[2 * i + 1];
	}
}

#define RING(shape, part, ...)                                                              \
	do {                                                                                \
		const double xy_[] = {__VA_ARGS__};                                         \
		add_ring(shape, part, sizeof xy_ / (2 * sizeof *xy_), xy_);                 \
	} while (0)

static ldn_polygon view(const struct shape *s)
{
	return (ldn_polygon){s->points, s->rings, s->x, s->y, s->first, s->part};
}

static void *open_coverage(ldn_coverage *c, const ldn_polygon *p, size_t columns)
{
	size_t bytes = ldn_coverage_scratch(p, columns);
	void *scratch = malloc(bytes);
	assert_non_null(scratch);
	assert_int_equal(ldn_coverage_open(c, p, columns, scratch, bytes), LDN_OK);
	return scratch;
}

/* fraction and centres of cells (0..HIGH, 0..WIDE), asked for in pieces of so many columns */
static void cover(const struct shape *s, size_t piece, double fraction[HIGH][WIDE], uint8_t inside[HIGH][WIDE])
{
	ldn_polygon p = view(s);
	ldn_coverage c;
	void *scratch = open_coverage(&c, &p, piece);
	for (int row = 0; row < HIGH; row++)
		for (size_t x = 0; x < WIDE; x += piece) {
			size_t n = WIDE - x < piece ? WIDE - x : piece;
			assert_int_equal(ldn_coverage_row(&c, row, (int64_t)x, n, &fraction[row][x]), LDN_OK);
			if (inside)
				assert_int_equal(ldn_coverage_centres(&c, row, (int64_t)x, n, &inside[row][x]), LDN_OK);
		}
	free(scratch);
}

static double total(double fraction[HIGH][WIDE])
{
	double sum = 0.0;
	for (int r = 0; r < HIGH; r++)
		for (int c = 0; c < WIDE; c++)
			sum += fraction[r][c];
	return sum;
}

static double area_of(const struct shape *s)
{
	static double fraction[HIGH][WIDE];
	cover(s, WIDE, fraction, NULL);
	return total(fraction);
}

static uint64_t seed = 88172645463325252u;
static double draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) * 0x1p-53;
}

static double shoelace(size_t n, const double *x, const double *y)
{
	double sum = 0.0;
	for (size_t i = 0; i < n; i++) {
		size_t j = (i + 1) % n;
		sum += (x[i] - x[0]) * (y[j] - y[0]) - (x[j] - x[0]) * (y[i] - y[0]);
	}
	return 0.5 * fabs(sum);
}

/* A star-shaped ring, so valid whatever the radii. */
static void random_star(struct shape *s, uint32_t part, double x, double y, double least, double most, size_t n)
{
	s->first[s->rings] = s->points;
	s->part[s->rings++] = part;
	for (size_t i = 0; i < n; i++) {
		double angle = 6.283185307179586 * ((double)i + 0.9 * draw()) / (double)n, radius = least + (most - least) * draw();
		s->x[s->points] = x + radius * cos(angle);
		s->y[s->points++] = y + radius * sin(angle);
	}
}

static void a_polygon_along_cell_edges_covers_whole_cells_and_nothing_else(void **state)
{
	(void)state;
	struct shape s = {0};
	RING(&s, 0, 4, 3, 9, 3, 9, 7, 4, 7);
	static double f[HIGH][WIDE];
	static uint8_t in[HIGH][WIDE];
	cover(&s, WIDE, f, in);
	for (int r = 0; r < HIGH; r++)
		for (int c = 0; c < WIDE; c++) {
			int should = r >= 3 && r < 7 && c >= 4 && c < 9;
			assert_true(f[r][c] == (double)should);
			assert_int_equal(in[r][c], should);
		}
}

static void a_triangle_covers_the_share_geometry_says(void **state)
{
	(void)state;
	struct shape s = {0};
	RING(&s, 0, 0, 0, 4, 0, 0, 4);
	static double f[HIGH][WIDE];
	cover(&s, WIDE, f, NULL);
	for (int r = 0; r < 4; r++)
		for (int c = 0; c < 4; c++)
			assert_true(fabs(f[r][c] - (r + c < 3 ? 1.0 : r + c == 3 ? 0.5 : 0.0)) < 1e-15);
}

static void a_polygon_within_one_cell_keeps_its_digits(void **state)
{
	(void)state;
	struct shape s = {0};
	const double d = 0x1p-20; /* a millionth of a cell */
	RING(&s, 0, 7.25, 8.5, 7.25 + d, 8.5, 7.25 + d, 8.5 + d, 7.25, 8.5 + d);
	static double f[HIGH][WIDE];
	cover(&s, WIDE, f, NULL);
	assert_true(fabs(f[8][7] / (d * d) - 1.0) < 1e-12);
	assert_true(total(f) == f[8][7]);
}

static void a_flat_sliver_and_a_steep_one_have_their_area(void **state)
{
	(void)state;
	struct shape flat = {0}, steep = {0};
	RING(&flat, 0, 0.5, 2.25, 39.5, 2.375, 39.5, 2.5);
	RING(&steep, 0, 2.25, 0.5, 2.375, 29.5, 2.5, 29.5);
	assert_true(fabs(area_of(&flat) / (0.5 * 39 * 0.125) - 1.0) < 1e-12);
	assert_true(fabs(area_of(&steep) / (0.5 * 29 * 0.125) - 1.0) < 1e-12);
}

static void holes_and_islands_in_holes_count_by_even_and_odd_whatever_their_direction(void **state)
{
	(void)state;
	struct shape s = {0};
	RING(&s, 0, 1, 1, 21, 1, 21, 21, 1, 21);
	RING(&s, 0, 3.5, 3.5, 15.5, 3.5, 15.5, 15.5, 3.5, 15.5);
	RING(&s, 0, 5.25, 5.25, 5.25, 9.25, 9.25, 9.25, 9.25, 5.25);
	assert_true(fabs(area_of(&s) - (400 - 144 + 16)) < 1e-12);
}

static void parts_that_overlap_or_touch_count_once(void **state)
{
	(void)state;
	struct shape overlap = {0}, touching = {0}, twice = {0};
	RING(&overlap, 0, 1.5, 1.5, 11.5, 1.5, 11.5, 11.5, 1.5, 11.5);
	RING(&overlap, 1, 6.5, 6.5, 6.5, 16.5, 16.5, 16.5, 16.5, 6.5);
	assert_true(fabs(area_of(&overlap) - 175.0) < 1e-12);
	RING(&touching, 0, 1.3, 1.3, 5.7, 1.3, 5.7, 5.3, 1.3, 5.3);
	RING(&touching, 1, 5.7, 1.3, 9.1, 1.3, 9.1, 5.3, 5.7, 5.3);
	static double f[HIGH][WIDE];
	cover(&touching, WIDE, f, NULL);
	assert_true(fabs(total(f) - 7.8 * 4.0) < 1e-12);
	assert_true(f[3][5] == 1.0); /* the seam is no boundary */
	RING(&twice, 0, 1.5, 1.5, 11.5, 1.5, 11.5, 11.5, 1.5, 11.5);
	RING(&twice, 1, 1.5, 1.5, 11.5, 1.5, 11.5, 11.5, 1.5, 11.5);
	assert_true(fabs(area_of(&twice) - 100.0) < 1e-12);
}

static void a_bow_tie_and_a_star_have_both_their_halves(void **state)
{
	(void)state;
	struct shape tie = {0}, spike = {0}, star = {0};
	RING(&tie, 0, 2, 2, 12, 12, 12, 2, 2, 12);
	assert_true(fabs(area_of(&tie) - 50.0) < 1e-9);
	RING(&spike, 0, 2, 2, 10, 2, 20, 2, 10, 2, 10, 6, 2, 6); /* out to (20, 2) and back */
	assert_true(fabs(area_of(&spike) - 32.0) < 1e-12);
	/* The five-pointed star drawn in one stroke: even-odd leaves out the pentagon in the middle. */
	const double turn = 6.283185307179586, radius = 9.0;
	star.first[0] = 0;
	star.rings = 1;
	star.points = 5;
	for (int i = 0; i < 5; i++) {
		star.x[i] = 15.0 + radius * sin(turn * 2 * i / 5);
		star.y[i] = 14.0 - radius * cos(turn * 2 * i / 5);
	}
	double inner = radius * cos(turn / 5) / cos(turn / 10);
	double outline = 5 * radius * inner * sin(turn / 10), pentagon = 2.5 * inner * inner * sin(turn / 5);
	assert_true(fabs(area_of(&star) - (outline - pentagon)) < 1e-9);
}

static void random_polygons_have_their_shoelace_area_and_their_pieces_add_up(void **state)
{
	(void)state;
	static double whole[HIGH][WIDE], pieces[HIGH][WIDE];
	static uint8_t in_whole[HIGH][WIDE], in_pieces[HIGH][WIDE];
	for (int round = 0; round < 300; round++) {
		struct shape s = {0};
		double size = round % 3 == 0 ? 0.4 : 13.0;
		random_star(&s, 0, 20 + draw(), 15 + draw(), 0.2 * size, size, 3 + (size_t)(draw() * 60));
		cover(&s, WIDE, whole, in_whole);
		double area = shoelace(s.points, s.x, s.y);
		assert_true(fabs(total(whole) - area) <= 1e-12 * fmax(area, 1.0));
		cover(&s, 7, pieces, in_pieces);
		assert_memory_equal(whole, pieces, sizeof whole);
		assert_memory_equal(in_whole, in_pieces, sizeof in_whole);
	}
}

static void where_a_ring_starts_and_which_way_it_runs_changes_nothing_but_rounding(void **state)
{
	(void)state;
	static double a[HIGH][WIDE], b[HIGH][WIDE];
	static uint8_t in_a[HIGH][WIDE], in_b[HIGH][WIDE];
	for (int round = 0; round < 100; round++) {
		struct shape s = {0}, t;
		random_star(&s, 0, 20, 15, 3, 13, 5 + (size_t)(draw() * 30));
		t = s;
		size_t turn = (size_t)(draw() * (double)s.points);
		for (size_t i = 0; i < s.points; i++) {
			size_t from = (i + turn) % s.points;
			from = round % 2 ? s.points - 1 - from : from;
			t.x[i] = s.x[from];
			t.y[i] = s.y[from];
		}
		cover(&s, WIDE, a, in_a);
		cover(&t, WIDE, b, in_b);
		for (int r = 0; r < HIGH; r++)
			for (int c = 0; c < WIDE; c++)
				assert_true(fabs(a[r][c] - b[r][c]) < 1e-13);
		assert_memory_equal(in_a, in_b, sizeof in_a);
	}
}

static void a_polygon_and_its_complement_fill_every_cell(void **state)
{
	(void)state;
	static double a[HIGH][WIDE], b[HIGH][WIDE];
	static uint8_t in_a[HIGH][WIDE], in_b[HIGH][WIDE];
	for (int round = 0; round < 100; round++) {
		struct shape s = {0}, rest;
		random_star(&s, 0, 20, 15, 2, 14, 5 + (size_t)(draw() * 40));
		rest = s;
		RING(&rest, 0, 0, 0, WIDE, 0, WIDE, HIGH, 0, HIGH);
		cover(&s, WIDE, a, in_a);
		cover(&rest, WIDE, b, in_b);
		for (int r = 0; r < HIGH; r++)
			for (int c = 0; c < WIDE; c++) {
				assert_true(fabs(a[r][c] + b[r][c] - 1.0) < 1e-13);
				assert_int_equal(in_a[r][c] + in_b[r][c], 1);
			}
	}
}

static void polygons_that_share_an_edge_share_out_the_centres(void **state)
{
	(void)state;
	/* Edges run through centres on purpose. */
	struct shape left = {0}, right = {0}, upper = {0};
	RING(&left, 0, 2.5, 2.5, 6.5, 2.5, 8.5, 6.5, 2.5, 6.5);
	RING(&right, 0, 6.5, 2.5, 11.5, 2.5, 11.5, 6.5, 8.5, 6.5);
	RING(&upper, 0, 2.5, 0.5, 11.5, 0.5, 11.5, 2.5, 2.5, 2.5);
	static double f[HIGH][WIDE];
	static uint8_t a[HIGH][WIDE], b[HIGH][WIDE], c[HIGH][WIDE];
	cover(&left, WIDE, f, a);
	cover(&right, WIDE, f, b);
	cover(&upper, WIDE, f, c);
	int cells = 0;
	for (int r = 0; r < HIGH; r++)
		for (int k = 0; k < WIDE; k++) {
			assert_true(a[r][k] + b[r][k] + c[r][k] <= 1);
			cells += a[r][k] + b[r][k] + c[r][k];
		}
	assert_int_equal(cells, 9 * 6);
}

static void rows_asked_for_in_any_order_are_the_same(void **state)
{
	(void)state;
	struct shape s = {0};
	random_star(&s, 0, 20, 15, 2, 14, 50);
	static double down[HIGH][WIDE];
	double row[WIDE];
	cover(&s, WIDE, down, NULL);
	ldn_polygon p = view(&s);
	ldn_coverage c;
	void *scratch = open_coverage(&c, &p, WIDE);
	for (int k = 0; k < 200; k++) {
		int r = (int)(draw() * HIGH);
		assert_int_equal(ldn_coverage_row(&c, r, 0, WIDE, row), LDN_OK);
		assert_memory_equal(row, down[r], sizeof row);
	}
	free(scratch);
}

static void the_bytes_are_the_same_whoever_compiled_it(void **state)
{
	(void)state;
	/* Coordinates without libm, many crossings; FNV-1a over every fraction. The number is that of gcc 12 on x86-64, and of clang 14. */
	static double f[HIGH][WIDE];
	uint64_t hash = 14695981039346656037u, noise = 1;
	for (int round = 0; round < 20; round++) {
		struct shape s = {0};
		for (int i = 0; i < 24; i++) {
			s.first[s.rings] = s.points;
			s.part[s.rings] = (uint32_t)(i / 12);
			s.rings += i % 6 == 0;
			noise = noise * 6364136223846793005u + 1442695040888963407u;
			s.x[s.points] = (double)(noise >> 32) * 0x1p-32 * WIDE;
			noise = noise * 6364136223846793005u + 1442695040888963407u;
			s.y[s.points++] = (double)(noise >> 32) * 0x1p-32 * HIGH;
		}
		cover(&s, WIDE, f, NULL);
		const unsigned char *bytes = (const unsigned char *)f;
		for (size_t i = 0; i < sizeof f; i++)
			hash = (hash ^ bytes[i]) * 1099511628211u;
	}
	if (hash != 0x29d836c370c7308a)
		fail_msg("%016llx", (unsigned long long)hash);
}

static void the_footprint_brackets_the_area(void **state)
{
	(void)state;
	struct shape s = {0};
	RING(&s, 0, 2.25, 2.25, 6.75, 2.25, 6.75, 5.5, 2.25, 5.5);
	static double f[HIGH][WIDE];
	static uint8_t in[HIGH][WIDE];
	cover(&s, WIDE, f, in);
	ldn_footprint whole = {0}, halves[2] = {{0}};
	for (int r = 0; r < HIGH; r++) {
		assert_int_equal(ldn_footprint_add(&whole, WIDE, f[r], in[r], 900.0), LDN_OK);
		ldn_footprint_add(&halves[0], 5, f[r], in[r], 900.0);
		ldn_footprint_add(&halves[1], WIDE - 5, f[r] + 5, in[r] + 5, 900.0);
	}
	assert_int_equal(whole.touched, 5 * 4);
	assert_int_equal(whole.whole, 3 * 2);
	assert_int_equal(whole.boundary, 14);
	assert_int_equal(whole.centres, 5 * 3);
	assert_true(fabs(ldn_sum_value(whole.covered, LDN_BITS_AREA) - 900.0 * 4.5 * 3.25) < 1e-9);
	assert_true(ldn_sum_value(whole.touched_area, LDN_BITS_AREA) == 900.0 * 20);
	assert_true(ldn_sum_value(whole.whole_area, LDN_BITS_AREA) == 900.0 * 6);
	ldn_footprint_merge(&halves[0], &halves[1]);
	assert_memory_equal(&whole, &halves[0], sizeof whole);
}

static void a_polygon_without_a_centre_names_a_cell(void **state)
{
	(void)state;
	struct shape s = {0};
	double x, y;
	RING(&s, 0, 7.1, 3.1, 7.3, 3.1, 7.3, 3.2, 7.1, 3.2);
	ldn_polygon p = view(&s);
	assert_int_equal(ldn_coverage_point(&p, &x, &y), LDN_OK);
	assert_true(fabs(x - 7.2) < 1e-12 && fabs(y - 3.15) < 1e-12);
	ldn_polygon none = {0};
	assert_int_equal(ldn_coverage_point(&none, &x, &y), LDN_ERROR_ARGUMENT);
}

static void map_coordinates_become_cells_also_on_rotated_and_south_up_grids(void **state)
{
	(void)state;
	const double north[6] = {1.0, 0.0025, 0, 41.5, 0, -0.0025}, turned[6] = {100, 3, 4, 200, 4, -3}, flat[6] = {0, 1, 1, 0, 1, 1};
	double mx = 1.01, my = 41.49, x, y;
	assert_int_equal(ldn_coverage_to_cells(north, 1, &mx, &my, &x, &y), LDN_OK);
	assert_true(fabs(x - 4.0) < 1e-10 && fabs(y - 4.0) < 1e-10);
	mx = 100 + 3 * 5.0 + 4 * 7.0;
	my = 200 + 4 * 5.0 - 3 * 7.0;
	assert_int_equal(ldn_coverage_to_cells(turned, 1, &mx, &my, &x, &y), LDN_OK);
	assert_true(fabs(x - 5.0) < 1e-12 && fabs(y - 7.0) < 1e-12);
	assert_int_equal(ldn_coverage_to_cells(flat, 1, &mx, &my, &x, &y), LDN_ERROR_DOMAIN);
}

static void malformed_polygons_are_refused(void **state)
{
	(void)state;
	double x[3] = {0, 1, NAN}, y[3] = {0, 1, 2}, row[4];
	size_t first[2] = {0, 5};
	uint32_t part[1] = {7};
	unsigned char scratch[4096] __attribute__((aligned(16)));
	ldn_coverage c;
	ldn_polygon bad = {3, 1, x, y, first, NULL};
	assert_int_equal(ldn_coverage_open(&c, &bad, 4, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	x[2] = 3e9;
	assert_int_equal(ldn_coverage_open(&c, &bad, 4, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	x[2] = 0;
	assert_int_equal(ldn_coverage_open(&c, &bad, 4, scratch, 64), LDN_ERROR_SCRATCH);
	assert_int_equal(ldn_coverage_open(&c, &bad, 4, scratch + 1, 4000), LDN_ERROR_SCRATCH);
	assert_int_equal(ldn_coverage_open(&c, &bad, 4, scratch, sizeof scratch), LDN_OK);
	assert_int_equal(ldn_coverage_row(&c, 0, 0, 5, row), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_coverage_row(&c, INT64_MAX, 0, 4, row), LDN_ERROR_ARGUMENT);
	bad.rings = 2;
	assert_int_equal(ldn_coverage_open(&c, &bad, 4, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
	bad.rings = 1;
	bad.ring_part = part;
	assert_int_equal(ldn_coverage_open(&c, &bad, 4, scratch, sizeof scratch), LDN_ERROR_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_polygon_along_cell_edges_covers_whole_cells_and_nothing_else),
		cmocka_unit_test(a_triangle_covers_the_share_geometry_says),
		cmocka_unit_test(a_polygon_within_one_cell_keeps_its_digits),
		cmocka_unit_test(a_flat_sliver_and_a_steep_one_have_their_area),
		cmocka_unit_test(holes_and_islands_in_holes_count_by_even_and_odd_whatever_their_direction),
		cmocka_unit_test(parts_that_overlap_or_touch_count_once),
		cmocka_unit_test(a_bow_tie_and_a_star_have_both_their_halves),
		cmocka_unit_test(random_polygons_have_their_shoelace_area_and_their_pieces_add_up),
		cmocka_unit_test(where_a_ring_starts_and_which_way_it_runs_changes_nothing_but_rounding),
		cmocka_unit_test(a_polygon_and_its_complement_fill_every_cell),
		cmocka_unit_test(polygons_that_share_an_edge_share_out_the_centres),
		cmocka_unit_test(rows_asked_for_in_any_order_are_the_same),
		cmocka_unit_test(the_bytes_are_the_same_whoever_compiled_it),
		cmocka_unit_test(the_footprint_brackets_the_area),
		cmocka_unit_test(a_polygon_without_a_centre_names_a_cell),
		cmocka_unit_test(map_coordinates_become_cells_also_on_rotated_and_south_up_grids),
		cmocka_unit_test(malformed_polygons_are_refused),
	};
	return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
