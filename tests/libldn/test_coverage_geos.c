/* Coverage against GEOS: area of the intersection of each cell with random polygons, with holes, in parts, crossing themselves (made
 * valid first). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <geos_c.h>

#include "ldn/coverage.h"

enum { SIDE = 12, MOST = 96, RINGS = 8 };

struct shape {
	size_t points, rings;
	double x[MOST], y[MOST];
	size_t first[RINGS];
	uint32_t part[RINGS];
};

static GEOSContextHandle_t geos;
static uint64_t seed = 1442695040888963407u;

static double draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) * 0x1p-53;
}

static void begin_ring(struct shape *s, uint32_t part)
{
	s->first[s->rings] = s->points;
	s->part[s->rings++] = part;
}

static void star(struct shape *s, uint32_t part, double x, double y, double least, double most, size_t n)
{
	begin_ring(s, part);
	for (size_t i = 0; i < n; i++) {
		double angle = 6.283185307179586 * ((double)i + 0.9 * draw()) / (double)n, radius = least + (most - least) * draw();
		s->x[s->points] = x + radius * cos(angle);
		s->y[s->points++] = y + radius * sin(angle);
	}
}

/* Corners anywhere: crosses itself often. */
static void scribble(struct shape *s, uint32_t part, size_t n, int whole)
{
	begin_ring(s, part);
	for (size_t i = 0; i < n; i++) {
		double x = 1 + 10 * draw(), y = 1 + 10 * draw();
		s->x[s->points] = whole ? rint(2 * x) / 2 : x;
		s->y[s->points++] = whole ? rint(2 * y) / 2 : y;
	}
}

static GEOSGeometry *ring_of(const struct shape *s, size_t r)
{
	size_t begin = s->first[r], end = r + 1 < s->rings ? s->first[r + 1] : s->points, n = end - begin;
	GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, (unsigned)n + 1, 2);
	for (size_t i = 0; i <= n; i++) {
		GEOSCoordSeq_setX_r(geos, points, (unsigned)i, s->x[begin + i % n]);
		GEOSCoordSeq_setY_r(geos, points, (unsigned)i, s->y[begin + i % n]);
	}
	return GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, points), NULL, 0);
}

static GEOSGeometry *replace(GEOSGeometry *old, GEOSGeometry *new)
{
	assert_non_null(new);
	GEOSGeom_destroy_r(geos, old);
	return new;
}

/* Rings of a part by symmetric difference, parts by union: the rule of coverage.h in another's words. */
static GEOSGeometry *geometry_of(const struct shape *s)
{
	GEOSGeometry *all = GEOSGeom_createEmptyPolygon_r(geos), *part = GEOSGeom_createEmptyPolygon_r(geos);
	for (size_t r = 0; r < s->rings; r++) {
		GEOSGeometry *ring = ring_of(s, r);
		ring = replace(ring, GEOSMakeValid_r(geos, ring));
		ring = replace(ring, GEOSBuffer_r(geos, ring, 0, 8)); /* drops the lines that repair leaves behind */
		part = replace(part, GEOSSymDifference_r(geos, part, ring));
		GEOSGeom_destroy_r(geos, ring);
		if (r + 1 == s->rings || s->part[r + 1] != s->part[r]) {
			all = replace(all, GEOSUnion_r(geos, all, part));
			part = replace(part, GEOSGeom_createEmptyPolygon_r(geos));
		}
	}
	GEOSGeom_destroy_r(geos, part);
	return all;
}

static double intersection_area(const GEOSGeometry *shape, double column, double row)
{
	GEOSGeometry *cell = GEOSGeom_createRectangle_r(geos, column, row, column + 1, row + 1);
	GEOSGeometry *common = GEOSIntersection_r(geos, shape, cell);
	double area = 0;
	assert_non_null(common);
	GEOSArea_r(geos, common, &area);
	GEOSGeom_destroy_r(geos, cell);
	GEOSGeom_destroy_r(geos, common);
	return area;
}

static void compare(const struct shape *s)
{
	const ldn_polygon polygon = {s->points, s->rings, s->x, s->y, s->first, s->part};
	size_t bytes = ldn_coverage_scratch(&polygon, SIDE);
	void *scratch = malloc(bytes);
	GEOSGeometry *shape = geometry_of(s);
	ldn_coverage coverage;
	double fraction[SIDE];
	assert_non_null(scratch);
	assert_int_equal(ldn_coverage_open(&coverage, &polygon, SIDE, scratch, bytes), LDN_OK);
	for (int row = 0; row < SIDE; row++) {
		assert_int_equal(ldn_coverage_row(&coverage, row, 0, SIDE, fraction), LDN_OK);
		for (int column = 0; column < SIDE; column++) {
			double theirs = intersection_area(shape, column, row);
			if (fabs(fraction[column] - theirs) > 1e-9)
				fail_msg("cell %d, %d: %.17g here, %.17g by GEOS", row, column, fraction[column], theirs);
		}
	}
	GEOSGeom_destroy_r(geos, shape);
	free(scratch);
}

static void polygons_with_holes_have_the_coverage_geos_finds(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		struct shape s = {0};
		star(&s, 0, 6, 6, 3.5, 5.9, 5 + (size_t)(draw() * 25));
		star(&s, 0, 6, 6, 0.3, 3.0, 3 + (size_t)(draw() * 12));
		compare(&s);
	}
}

static void parts_that_overlap_have_the_coverage_of_their_union(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		struct shape s = {0};
		star(&s, 0, 4, 5, 0.5, 3.9, 4 + (size_t)(draw() * 12));
		star(&s, 1, 7, 7, 0.5, 4.9, 4 + (size_t)(draw() * 12));
		star(&s, 1, 7, 7, 0.1, 0.5, 3 + (size_t)(draw() * 5));
		compare(&s);
	}
}

static void polygons_smaller_than_a_cell_have_the_coverage_geos_finds(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		struct shape s = {0};
		star(&s, 0, 5 + 2 * draw(), 5 + 2 * draw(), 0.02, 0.3, 3 + (size_t)(draw() * 8));
		compare(&s);
	}
}

static void polygons_that_cross_themselves_have_the_coverage_of_their_repair(void **state)
{
	(void)state;
	for (int round = 0; round < 120; round++) {
		struct shape s = {0};
		scribble(&s, 0, 4 + (size_t)(draw() * 8), round % 2);
		compare(&s);
	}
}

static int open_geos(void **state)
{
	(void)state;
	geos = GEOS_init_r();
	return geos == NULL;
}

static int close_geos(void **state)
{
	(void)state;
	GEOS_finish_r(geos);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(polygons_with_holes_have_the_coverage_geos_finds),
		cmocka_unit_test(parts_that_overlap_have_the_coverage_of_their_union),
		cmocka_unit_test(polygons_smaller_than_a_cell_have_the_coverage_geos_finds),
		cmocka_unit_test(polygons_that_cross_themselves_have_the_coverage_of_their_repair),
	};
	return cmocka_run_group_tests_name("coverage against GEOS", tests, open_geos, close_geos);
}
