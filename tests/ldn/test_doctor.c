/* Every ailment of the doctor's table: found where it is, with its place, mended as the table says; and what holds for all of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ogr_api.h>

#include "doctor.h"
#include "shape_ogr.h"

/* Countries of one degree: AAA from 10 to 14 degrees both ways, BBB east of it. */
static const char world[] =
	"{\"features\":[{\"properties\":{\"iso3\":\"AAA\",\"name\":\"Aland\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[10,40],[14,40],[14,44],[10,44],[10,40]]]}},"
	"{\"properties\":{\"ADM0_A3\":\"BBB\"},\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[[[[14,40],[18,40],[18,44],[14,44],[14,40]]]]}}]}";

static outlines countries;

static int begin(void **state)
{
	failure why = {0};
	(void)state;
	return !outlines_read("world", world, strlen(world), &countries, &why);
}

static int end(void **state)
{
	(void)state;
	outlines_free(&countries);
	return 0;
}

static const doctor usual = {.pixel = 30, .repair = true};

/* A patient from WKT, its rings as they stand there; 99999 is not a number. */
static patient patient_of(const char *wkt)
{
	patient p = {.number = 1};
	OGRGeometryH geometry = NULL;
	char *text = (char *)(size_t)wkt;
	assert_int_equal(OGR_G_CreateFromWkt(&text, NULL, &geometry), OGRERR_NONE);
	shape_add_ogr(&p.given, geometry);
	OGR_G_DestroyGeometry(geometry);
	for (size_t i = 0; i < p.given.count; i++)
		for (size_t k = 0; k < p.given.parts[i].count; k++)
			for (size_t j = 0; j < p.given.parts[i].rings[k].n; j++)
				if (p.given.parts[i].rings[k].x[j] == 99999)
					p.given.parts[i].rings[k].x[j] = p.given.parts[i].rings[k].y[j] = NAN;
	return p;
}

static const finding *finding_of(const patient *p, const char *id)
{
	assert_non_null(ailment_named(id));
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->findings[i].what->id, id) == 0)
			return &p->findings[i];
	return NULL;
}

static void list(const patient *p)
{
	for (size_t i = 0; i < p->count; i++)
		print_message("# %s: %s (%zu)%s\n", p->findings[i].what->id, p->findings[i].detail, p->findings[i].count, p->findings[i].mended ? ", mended" : "");
}

/* Repair of what was repaired: the same shape, nothing invalid. */
static void assert_at_rest(const doctor *d, const patient *p)
{
	patient again = {.number = 1, .given = shape_copy(&p->mended)};
	doctor_see(d, &again);
	assert_true(shapes_same(&again.mended, &p->mended));
	assert_false(again.invalid);
	assert_true(again.area_given == again.area_mended && again.area_mended == p->area_mended);
	patient_free(&again);
}

typedef struct example {
	const char *id;      /* the ailment that must be found */
	const char *wkt;
	double x, y;         /* where; NAN: nowhere in particular */
	size_t part, ring, vertex; /* 0: not asked */
	bool mended, invalid, usable;
	double area;         /* of the repaired shape in the given one's square degrees; NAN: not asked */
} example;

#define N NAN
static const example examples[] = {
	{"self-crossing", "POLYGON((28 -25,28.1 -24.9,28.1 -25,28 -24.9,28 -25))", 28.05, -24.95, 0, 0, 0, true, true, true, 0.005},
	{"self-touching", "POLYGON((28 -25,28.2 -25,28.1 -24.9,28.2 -24.8,28 -24.8,28.1 -24.9,28 -25))", 28.1, -24.9, 1, 1, 3, true, true, true, 0.02},
	{"spike", "POLYGON((28 -25,28.1 -25,28.1 -24.9,28.5 -24.9,28.1 -24.9,28 -24.9,28 -25))", 28.5, -24.9, 1, 1, 4, true, true, true, 0.01},
	{"repeated-point", "POLYGON((28 -25,28.1 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25))", 28.1, -25, 1, 1, 2, true, false, true, 0.01},
	{"unclosed-ring", "POLYGON((28 -25,28.1 -25,28.1 -24.9,28 -24.9))", 28, -24.9, 1, 1, 4, true, true, true, 0.01},
	{"too-few-points", "MULTIPOLYGON(((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25)),((29 -25,29.1 -25,29 -25)))", 29, -25, 2, 1, 1, true, true, true, 0.01},
	{"no-area", "MULTIPOLYGON(((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25)),((29 -25,29.1 -25,29.05 -25,29 -25)))", 29, -25, 2, 1, 1, true, true, true, 0.01},
	{"swapped-axes", "POLYGON((-25 128,-25 128.1,-24.9 128.1,-24.9 128,-25 128))", -25, 128, 1, 1, 1, true, false, true, 0.01},
	{"metres-as-degrees", "POLYGON((500000 7000000,501000 7000000,501000 7001000,500000 7000000))", 500000, 7000000, 1, 1, 1, false, false, false, N},
	{"hole-outside", "POLYGON((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25),(29 -25,29.1 -25,29.1 -24.9,29 -25))", 29, -25, 1, 2, 1, true, true, true, 0.01},
	{"nested-holes", "POLYGON((28 -25,29 -25,29 -24,28 -24,28 -25),(28.2 -24.8,28.8 -24.8,28.8 -24.2,28.2 -24.2,28.2 -24.8),(28.4 -24.6,28.6 -24.6,28.6 -24.4,28.4 -24.4,28.4 -24.6))", 28.4, -24.6, 1, 3, 1, true,
		true, true, 1 - 0.36},
	{"hole-crossing", "POLYGON((28 -25,29 -25,29 -24,28 -24,28 -25),(28.5 -24.8,29.5 -24.8,29.5 -24.2,28.5 -24.2,28.5 -24.8))", 28.5, -24.8, 1, 2, 1, true, true, true, N},
	{"nested-part", "MULTIPOLYGON(((28 -25,29 -25,29 -24,28 -24,28 -25)),((28.4 -24.6,28.6 -24.6,28.6 -24.4,28.4 -24.4,28.4 -24.6)))", 28.4, -24.6, 2, 1, 1, true, true, true, 1},
	{"overlapping-parts", "MULTIPOLYGON(((28 -25,28.2 -25,28.2 -24.8,28 -24.8,28 -25)),((28.1 -24.9,28.3 -24.9,28.3 -24.7,28.1 -24.7,28.1 -24.9)))", 28.1, -24.9, 2, 1, 1, true, true, true, 0.07},
	{"adjoining-parts", "MULTIPOLYGON(((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25)),((28.1 -25,28.2 -25,28.2 -24.9,28.1 -24.9,28.1 -25)))", 28.1, -25, 1, 1, 2, true, true, true, 0.02},
	{"duplicate-part", "MULTIPOLYGON(((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25)),((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25)))", 28, -25, 1, 1, 1, true, true, true, 0.01},
	{"invalid", "POLYGON((28 -25,29 -25,29 -24,28 -24,28 -25),(28 -24.5,28.5 -25,29 -24.5,28.5 -24,28 -24.5))", 28, -25, 1, 1, 1, true, true, true, 0.5},
	{"sliver", "MULTIPOLYGON(((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25)),((29 -25,29.1 -25,29.1 -24.999999,29 -24.999999,29 -25)))", 29, -25, 2, 1, 1, true, false, true, 0.01},
	{"gap", "POLYGON((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25),(28.02 -24.95,28.02 -24.949999,28.08 -24.949999,28.08 -24.95,28.02 -24.95))", 28.02, -24.95, 1, 2, 1, true, false, true, 0.01},
	{"antimeridian", "POLYGON((179.9 -17,-179.9 -17,-179.9 -16.9,179.9 -16.9,179.9 -17))", -179.9, -17, 1, 1, 2, true, false, true, 0.02},
	{"longitude-range", "POLYGON((190 -17,190.1 -17,190.1 -16.9,190 -16.9,190 -17))", 190, -17, 1, 1, 1, true, false, true, 0.01},
	{"winds-round-pole", "POLYGON((0 80,120 80,-120 80,0 80))", 0, 80, 1, 1, 1, false, true, false, N},
	{"winding", "POLYGON((28 -25,28 -24.9,28.1 -24.9,28.1 -25,28 -25))", 28, -25, 1, 1, 1, true, false, true, 0.01},
	{"not-finite", "POLYGON((28 -25,28.1 -25,99999 99999,28.1 -24.9,28 -24.9,28 -25))", N, N, 0, 0, 0, true, true, true, 0.01},
	{"null-island", "POLYGON((-0.001 -0.001,0.001 -0.001,0.001 0.001,-0.001 0.001,-0.001 -0.001))", 0, 0, 0, 0, 0, false, false, false, N},
	{"rectangle", "POLYGON((28 -25,28.1 -25,28.1 -24.9,28 -24.9,28 -25))", 28, -25, 1, 1, 1, false, false, true, 0.01},
	{"huge", "POLYGON((28 -25,30 -25,30.1 -23,28 -23,28 -25))", N, N, 0, 0, 0, false, false, true, N},
	{"tiny", "POLYGON((28 -25,28.00001 -25,28.00001 -24.99999,28 -25))", N, N, 0, 0, 0, false, false, true, N},
	{"few-pixels", "POLYGON((28 -25,28.0005 -25,28.0005 -24.9995,28 -25))", N, N, 0, 0, 0, false, false, true, N},
	{"few-decimals", "POLYGON((28.1 -25.2,28.3 -25.2,28.3 -25.12,28.1 -25.2))", N, N, 0, 0, 0, false, false, true, N},
	{"many-decimals", "POLYGON((28.12345678901 -25.23456789012,28.33456789012 -25.24567890123,28.34567890123 -25.12345678901,28.12345678901 -25.23456789012))", N, N, 0, 0, 0, false, false, true, N},
};

/* As the rest of the world has it: square degrees times the area of one there. */
static double square_degree(double latitude)
{
	double x[5] = {0, 1e-3, 1e-3, 0, 0}, y[5] = {latitude, latitude, latitude + 1e-3, latitude + 1e-3, latitude};
	ring r = {x, y, 5, 5};
	return ring_area(&r) * 1e6;
}

static void each_ailment_is_found_at_its_place_and_mended_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		const example *x = &examples[i];
		patient p = patient_of(x->wkt);
		doctor_see(&usual, &p);
		const finding *f = finding_of(&p, x->id);
		print_message("# %s\n", x->id);
		if (!f || f->mended != x->mended || p.invalid != x->invalid || p.usable != x->usable)
			list(&p);
		assert_non_null(f);
		assert_int_equal(f->mended, x->mended);
		assert_int_equal(p.invalid, x->invalid);
		assert_int_equal(p.usable, x->usable);
		if (isfinite(x->x)) {
			assert_true(fabs(f->places[0].x - x->x) < 1e-9 && fabs(f->places[0].y - x->y) < 1e-9);
		}
		if (x->vertex) {
			assert_int_equal(f->places[0].part, x->part);
			assert_int_equal(f->places[0].ring, x->ring);
			assert_int_equal(f->places[0].vertex, x->vertex);
		}
		if (isfinite(x->area)) {
			box b = shape_box(&p.mended);
			assert_true(fabs(p.area_mended / (x->area * square_degree((b.south + b.north) / 2)) - 1) < 1e-2);
		}
		if (p.usable) {
			assert_true(shape_valid(&p.mended));
			assert_at_rest(&usual, &p);
		}
		patient_free(&p);
	}
}

static void a_good_boundary_has_no_ailment_and_stays_as_it_is(void **state)
{
	(void)state;
	patient p = patient_of("MULTIPOLYGON(((28.00012 -25.0001,28.10021 -25.0002,28.10031 -24.9003,28.05041 -24.85042,28.0005 -24.90052,28.00012 -25.0001),(28.02011 -24.98012,28.02021 -24.96022,28.04031 -24.96132,28.02011 -24.98012)),"
	                       "((28.20012 -25.0001,28.3001 -25.0002,28.25041 -24.85042,28.20012 -25.0001)))");
	doctor_see(&(doctor){&countries, NULL, 30, true}, &p);
	assert_int_equal(p.count, 1); /* at sea, in this small world */
	assert_string_equal(p.findings[0].what->id, "at-sea");
	assert_true(shapes_same(&p.given, &p.mended) && p.usable && !p.invalid && p.area_given == p.area_mended);
	patient_free(&p);
}

static void a_look_alone_changes_nothing_and_says_that_nothing_was_mended(void **state)
{
	(void)state;
	patient p = patient_of(examples[0].wkt);
	doctor_see(&(doctor){.repair = false}, &p);
	assert_true(shapes_same(&p.given, &p.mended));
	assert_true(p.invalid && !p.usable && !finding_of(&p, "self-crossing")->mended);
	patient_free(&p);
}

static patient seen(const char *wkt, const char *said)
{
	patient p = patient_of(wkt);
	doctor_see(&(doctor){&countries, said, 0, true}, &p);
	return p;
}

static void the_country_is_held_against_its_outline(void **state)
{
	(void)state;
	static const char there[] = "POLYGON((11.001 41.002,11.103 41.004,11.105 41.106,11.001 41.002))", next[] = "POLYGON((16.001 41.002,16.103 41.004,16.105 41.106,16.001 41.002))";
	patient p = seen(there, "AAA");
	assert_null(finding_of(&p, "wrong-country"));
	patient_free(&p);
	p = seen(next, "AAA");
	assert_non_null(finding_of(&p, "wrong-country"));
	assert_non_null(strstr(finding_of(&p, "wrong-country")->detail, "said to lie in Aland, but lies in BBB"));
	assert_false(p.usable);
	patient_free(&p);
	p = seen(there, "CCC");
	assert_non_null(finding_of(&p, "unknown-country"));
	patient_free(&p);
	/* Within the error of the outline nothing is said. */
	p = seen("POLYGON((14.05 41.002,14.053 41.004,14.055 41.009,14.05 41.002))", "AAA");
	assert_null(finding_of(&p, "wrong-country"));
	patient_free(&p);
}

static void axes_swapped_against_the_stated_country_are_swapped_back(void **state)
{
	(void)state;
	patient p = seen("POLYGON((41.002 11.001,41.004 11.103,41.106 11.105,41.002 11.001))", "AAA");
	assert_true(finding_of(&p, "swapped-axes")->mended && p.usable);
	assert_true(p.mended.parts[0].rings[0].x[0] == 11.001);
	patient_free(&p);
}

static void sea_and_the_middle_of_a_country_are_told(void **state)
{
	(void)state;
	patient p = seen("POLYGON((30.001 41.002,30.103 41.004,30.105 41.106,30.001 41.002))", NULL);
	assert_non_null(finding_of(&p, "at-sea"));
	patient_free(&p);
	p = seen("POLYGON((11.99 41.99,12.013 41.994,12.015 42.016,11.99 41.99))", NULL);
	assert_non_null(finding_of(&p, "country-centroid"));
	assert_non_null(strstr(finding_of(&p, "country-centroid")->detail, "Aland"));
	patient_free(&p);
	patient point = {.number = 1, .traits = TRAIT_POINTS, .point = {12, 42}};
	doctor_see(&(doctor){&countries, NULL, 0, true}, &point);
	assert_non_null(finding_of(&point, "country-centroid"));
	assert_non_null(finding_of(&point, "point-only"));
	assert_true(point.usable);
	patient_free(&point);
}

/* Round in metres, as GIS programs buffer points, and round in degrees. */
static void circles_of_both_kinds_are_seen_through(void **state)
{
	(void)state;
	for (int degrees = 0; degrees < 2; degrees++)
		for (int n = 16; n <= 64; n *= 2) {
			patient p = {.number = 1};
			ring *r = part_ring(shape_part(&p.given));
			double east, north;
			metres_of_degree(-45, &east, &north);
			for (int i = 0; i <= n; i++) {
				double turn = 2 * M_PI * (i % n) / n;
				ring_put(r, 28 + (degrees ? 0.01 : 1000 / east) * cos(turn), -45 + (degrees ? 0.01 : 1000 / north) * sin(turn));
			}
			doctor_see(&usual, &p);
			const finding *f = finding_of(&p, "circle");
			assert_non_null(f);
			assert_true(fabs(f->places[0].x - 28) < 1e-3 && fabs(f->places[0].y + 45) < 1e-3);
			patient_free(&p);
		}
	patient p = patient_of("POLYGON((0.5 1,1 0.55,1.4 0.6,1.9 1.1,1.7 1.4,1.75 1.9,1.3 2,1.1 1.8,1 1.9,0.8 1.95,0.7 1.7,0.6 1.6,0.4 1.5,0.5 1))");
	doctor_see(&usual, &p);
	assert_null(finding_of(&p, "circle"));
	patient_free(&p);
}

static void what_the_reader_met_is_told(void **state)
{
	static const struct { unsigned trait; const char *id; bool usable; } met[] = {{TRAIT_EMPTY, "empty", false}, {TRAIT_UNREADABLE, "unreadable", false}, {TRAIT_LINES, "line-only", false}, {TRAIT_POINTS, "point-only", true},
		{TRAIT_POINTS | TRAIT_HEIGHT, "height-dropped", true}, {TRAIT_POINTS | TRAIT_CURVE, "curve", true}, {TRAIT_POINTS | TRAIT_LATIN, "text-encoding", true}, {TRAIT_POINTS | TRAIT_CUT, "text-cut", true}};
	(void)state;
	for (size_t i = 0; i < sizeof met / sizeof *met; i++) {
		patient p = {.number = 1, .traits = met[i].trait, .point = {28.12345, -25.12345}};
		doctor_see(&usual, &p);
		assert_non_null(finding_of(&p, met[i].id));
		assert_int_equal(p.usable, met[i].usable);
		patient_free(&p);
	}
	patient p = patient_of("POLYGON((28.01 -25.02,28.103 -25.04,28.105 -24.906,28.01 -25.02))");
	p.traits = TRAIT_POINTS | TRAIT_LOOPS;
	doctor_see(&usual, &p);
	assert_non_null(finding_of(&p, "mixed-geometry"));
	assert_non_null(finding_of(&p, "closed-line"));
	patient_free(&p);
}

static void too_many_points_and_a_feature_twice_are_told(void **state)
{
	(void)state;
	patient p = {.number = 2}, first = {.number = 1};
	ring *r = part_ring(shape_part(&p.given));
	for (int i = 0; i < 2000; i++)
		ring_put(r, 28 + 1e-6 * cos(i * M_PI / 1000) * (1 + 0.3 * (i % 7)), -25 + 1e-6 * sin(i * M_PI / 1000));
	p.same = &first;
	doctor_see(&(doctor){.repair = false}, &p);
	assert_non_null(finding_of(&p, "many-points"));
	assert_string_equal(finding_of(&p, "duplicate-feature")->detail, "the same as feature 1");
	patient_free(&p);
}

static void comb_put(ring *r, int teeth, double slant)
{
	for (int i = 0; i < teeth; i++) {
		ring_put(r, 28 + 0.5 * i / teeth, -25);
		ring_put(r, 28 + 0.5 * (i + 0.5) / teeth + slant, -24.9);
	}
	ring_put(r, 28.5 + slant, -25.1);
	ring_put(r, 28, -25.1);
	ring_put(r, 28, -25);
}

/* GEOS would need a minute for the first, a moment for the second. */
static void a_tangle_is_told_at_once_and_a_straight_comb_is_none(void **state)
{
	(void)state;
	for (int straight = 0; straight < 2; straight++) {
		patient p = {.number = 1};
		comb_put(part_ring(shape_part(&p.given)), 16000, straight ? 0 : 0.5);
		doctor_see(&(doctor){.repair = false}, &p);
		assert_int_equal(finding_of(&p, "tangled") == NULL, straight);
		assert_int_equal(p.usable, straight);
		patient_free(&p);
	}
}

/* Numbers that look like chance and are always the same. */
static double chance(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (double)(*seed >> 40) / (double)(1 << 24);
}

static int scribbles = 200; /* or as many as the program's argument says */

/* Scribbles of every sort: what is called usable is valid and at rest; nothing depends on how often it is repaired. */
static void repairing_what_was_repaired_changes_nothing_on_scribbles_of_every_sort(void **state)
{
	(void)state;
	uint64_t seed = 2026;
	size_t usable = 0;
	for (int turn = 0; turn < scribbles; turn++) {
		patient p = {.number = 1};
		double grid = turn % 3 == 0 ? 8 : turn % 3 == 1 ? 1e3 : 1e7; /* coarse grids make coincidences */
		double west = turn % 5 == 0 ? 179.5 : 28, south = turn % 7 == 0 ? 88.5 : -25;
		for (int parts = 1 + (int)(chance(&seed) * 3); parts > 0; parts--) {
			part *q = shape_part(&p.given);
			for (int rings = 1 + (int)(chance(&seed) * 3); rings > 0; rings--) {
				ring *r = part_ring(q);
				for (int points = (int)(chance(&seed) * 12); points > 0; points--) {
					double x = west + floor(chance(&seed) * grid) / grid, y = south + floor(chance(&seed) * grid) / grid;
					ring_put(r, x > 180 && turn % 2 ? x - 360 : x, y);
				}
				if (r->n && chance(&seed) < 0.9)
					ring_put(r, r->x[0], r->y[0]);
			}
		}
		doctor_see(&usual, &p);
		if (p.usable) {
			usable++;
			assert_true(shape_valid(&p.mended));
			assert_at_rest(&usual, &p);
		}
		patient_free(&p);
	}
	print_message("# %zu of %d scribbles end as usable boundaries\n", usable, scribbles);
	assert_true(4 * usable > 3 * (size_t)scribbles);
}

static void the_table_has_a_word_for_everything(void **state)
{
	size_t count = 0;
	(void)state;
	for (const ailment *a = ailments; a->id; a++, count++) {
		assert_true(strlen(a->says) > 10 && strlen(a->remedy) > 8);
		assert_ptr_equal(ailment_named(a->id), a);
		assert_true(!a->invalid || a->severity != SEVERITY_NOTE);
	}
	assert_true(count >= 20);
	print_message("# %zu ailments\n", count);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		scribbles = (int)strtol(argv[1], NULL, 10);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_ailment_is_found_at_its_place_and_mended_as_the_table_says), cmocka_unit_test(a_good_boundary_has_no_ailment_and_stays_as_it_is),
		cmocka_unit_test(a_look_alone_changes_nothing_and_says_that_nothing_was_mended), cmocka_unit_test(the_country_is_held_against_its_outline),
		cmocka_unit_test(axes_swapped_against_the_stated_country_are_swapped_back), cmocka_unit_test(sea_and_the_middle_of_a_country_are_told),
		cmocka_unit_test(circles_of_both_kinds_are_seen_through), cmocka_unit_test(what_the_reader_met_is_told), cmocka_unit_test(too_many_points_and_a_feature_twice_are_told),
		cmocka_unit_test(a_tangle_is_told_at_once_and_a_straight_comb_is_none),
		cmocka_unit_test(repairing_what_was_repaired_changes_nothing_on_scribbles_of_every_sort), cmocka_unit_test(the_table_has_a_word_for_everything)};
	return cmocka_run_group_tests(tests, begin, end);
}
