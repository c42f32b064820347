#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "rules/land.h"

/* Made-up faces, areas in hectares: 1 alone 60, 1 and 2 together 30, 2 alone 10, 3 alone 5, 2 and 3 together 4. Shape 1 belongs to two sites. */
static const char *const acme[] = {"acme", NULL}, *const both[] = {"acme", "bolt", NULL}, *const bolt[] = {"bolt", NULL}, *const nobody[] = {NULL};

static land_register *example(void)
{
	static const land_site sites[] = {
		{.id = "alpha", .organisations = acme, .shape = 1, .since = 10}, {.id = "beta", .organisations = bolt, .shape = 2, .since = 20},
		{.id = "copy", .organisations = both, .shape = 1, .since = 5}, {.id = "delta", .organisations = nobody, .shape = 3, .since = 7},
		{.id = "point", .organisations = acme},
	};
	static const struct { guint32 members[2], n; double hectares; } faces[] = {{{1}, 1, 60}, {{1, 2}, 2, 30}, {{2}, 1, 10}, {{3}, 1, 5}, {{2, 3}, 2, 4}};
	GArray *list = g_array_new(FALSE, FALSE, sizeof(land_site));
	g_array_append_vals(list, sites, G_N_ELEMENTS(sites));
	overlay_faces *f = overlay_faces_new();
	for (gsize i = 0; i < G_N_ELEMENTS(faces); i++)
		overlay_faces_add(f, OVERLAY_WORLD, faces[i].members, faces[i].n, (overlay_area)(faces[i].hectares * OVERLAY_HECTARE), FALSE);
	return land_register_new(list, f);
}

static void assert_total(const char *ids, double gross, double net, double contested, guint sites, guint mapped)
{
	g_autoptr(land_register) l = example();
	g_auto(GStrv) names = g_strsplit(ids, " ", -1);
	const land_site *list[8];
	gsize n = 0;
	for (; *ids && names[n]; n++)
		list[n] = land_find(l, names[n]);
	land_totals t = land_total(l, list, n);
	if (t.gross != gross || t.net != net || t.contested != contested || t.sites != sites || t.mapped != mapped)
		fail_msg("%s: gross %g net %g contested %g, %u sites, %u mapped", ids, t.gross, t.net, t.contested, t.sites, t.mapped);
}

static void a_hectare_is_counted_once(void **state)
{
	(void)state;
	/* alpha (acme) and beta (bolt) dispute 30 ha; copy stands on alpha's ground but shares an organisation with each of them */
	assert_total("", 0, 0, 0, 0, 0);
	assert_total("alpha", 90, 90, 30, 1, 1);
	assert_total("alpha beta", 134, 104, 30, 2, 2);
	assert_total("beta alpha", 134, 104, 30, 2, 2);
	assert_total("alpha copy", 180, 90, 30, 2, 2);
	assert_total("alpha alpha", 180, 90, 30, 1, 1);
	assert_total("delta", 9, 9, 0, 1, 1); /* nobody is known to have it, so nobody disputes it */
	assert_total("alpha point unheard-of", 90, 90, 30, 3, 1);
	assert_total("point unheard-of point unheard-of", 0, 0, 0, 3, 0);
	assert_total("alpha beta copy delta", 233, 109, 30, 4, 4);
}

static void land_goes_to_the_first_site_of_a_set(void **state)
{
	(void)state;
	g_autoptr(land_register) l = example();
	static const struct { const char *ids; double left[4], off[4]; } expected[] = {
		{"alpha beta copy delta", {90, 14, 0, 5}, {0, 30, 90, 4}}, {"delta copy alpha beta", {9, 90, 0, 10}, {0, 0, 90, 34}}, {"beta point alpha", {44, 0, 60}, {0, 0, 30}},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		g_auto(GStrv) ids = g_strsplit(expected[i].ids, " ", -1);
		guint n = g_strv_length(ids);
		const land_site *sites[4];
		land_share share[4];
		double sum = 0;
		for (guint k = 0; k < n; k++)
			sites[k] = land_find(l, ids[k]);
		land_shares(l, sites, n, share);
		for (guint k = 0; k < n; k++) {
			double whole = expected[i].left[k] + expected[i].off[k];
			assert_true(share[k].left == expected[i].left[k] && share[k].off == expected[i].off[k]);
			assert_true(share[k].kept == (whole > 0 ? expected[i].left[k] / whole : 1));
			sum += share[k].left;
		}
		assert_true(sum == land_total(l, sites, n).net); /* whatever the order, each hectare is one site's */
	}
}

static void overlaps_are_listed_with_both_sites_and_their_day(void **state)
{
	(void)state;
	g_autoptr(land_register) l = example();
	gboolean whole;
	g_autoptr(GArray) list = land_overlaps(l, &whole);
	static const struct { const char *a, *b; double hectares; gint64 since; gboolean contested; } expected[] = {
		{"alpha", "copy", 90, 10, FALSE}, {"alpha", "beta", 30, 20, TRUE}, {"beta", "copy", 30, 20, FALSE}, {"beta", "delta", 4, 20, FALSE},
	};
	assert_true(whole);
	assert_int_equal(list->len, G_N_ELEMENTS(expected));
	for (guint i = 0; i < list->len; i++) {
		const land_overlap *o = &g_array_index(list, land_overlap, i);
		assert_string_equal(o->a->id, expected[i].a);
		assert_string_equal(o->b->id, expected[i].b);
		assert_true(o->hectares == expected[i].hectares && o->since == expected[i].since && o->contested == expected[i].contested);
	}
}

static void what_is_approximate_says_so_and_nothing_else(void **state)
{
	(void)state;
	GArray *sites = g_array_new(FALSE, FALSE, sizeof(land_site));
	const land_site three[] = {{.id = "a", .organisations = acme, .shape = 1}, {.id = "b", .organisations = bolt, .shape = 2}, {.id = "c", .organisations = acme, .shape = 3}};
	g_array_append_vals(sites, three, 3);
	overlay_faces *f = overlay_faces_new();
	const guint32 ab[] = {1, 2}, bc[] = {2, 3};
	overlay_faces_add(f, OVERLAY_WORLD, ab, 2, (overlay_area)OVERLAY_HECTARE, TRUE);
	overlay_faces_add(f, OVERLAY_WORLD, bc, 2, 2 * (overlay_area)OVERLAY_HECTARE, FALSE);
	g_autoptr(land_register) l = land_register_new(sites, f);
	gboolean whole;
	g_autoptr(GArray) list = land_overlaps(l, &whole);
	assert_int_equal(list->len, 2);
	assert_false(g_array_index(list, land_overlap, 0).approximate); /* b c, the larger one */
	assert_true(g_array_index(list, land_overlap, 1).approximate);
	for (guint i = 0; i < 3; i++) {
		const land_site *one = land_find(l, three[i].id);
		assert_int_equal(land_total(l, &one, 1).approximate, i < 2);
	}
	/* A share is exact as long as nothing is off, and where what is off is exact. */
	static const struct { const char *ids; gboolean approximate[2]; } sets[] = {{"a b", {FALSE, TRUE}}, {"b a", {FALSE, TRUE}}, {"b c", {FALSE, FALSE}}};
	for (gsize i = 0; i < G_N_ELEMENTS(sets); i++) {
		g_auto(GStrv) ids = g_strsplit(sets[i].ids, " ", -1);
		const land_site *two[] = {land_find(l, ids[0]), land_find(l, ids[1])};
		land_share share[2];
		land_shares(l, two, 2, share);
		assert_true(share[0].approximate == sets[i].approximate[0] && share[1].approximate == sets[i].approximate[1]);
	}
}

static void less_than_a_square_metre_is_no_overlap_to_list(void **state)
{
	(void)state;
	GArray *sites = g_array_new(FALSE, FALSE, sizeof(land_site));
	const land_site two[] = {{.id = "a", .organisations = acme, .shape = 1}, {.id = "b", .organisations = bolt, .shape = 2}};
	g_array_append_vals(sites, two, 2);
	overlay_faces *f = overlay_faces_new();
	const guint32 members[] = {1, 2};
	overlay_faces_add(f, OVERLAY_WORLD, members, 2, 9999, FALSE);
	g_autoptr(land_register) l = land_register_new(sites, f);
	gboolean whole;
	g_autoptr(GArray) list = land_overlaps(l, &whole);
	assert_int_equal(list->len, 0);
}

/* Two globes and more: sums do not run over. */
static void sums_of_many_globes_are_exact(void **state)
{
	(void)state;
	enum { MANY = 100 };
	const overlay_area globe = G_GINT64_CONSTANT(5100656217240885092);
	GArray *sites = g_array_new(FALSE, FALSE, sizeof(land_site));
	const land_site *list[MANY];
	const land_site one = {.id = "a", .organisations = nobody, .shape = 1};
	g_array_append_val(sites, one);
	overlay_faces *f = overlay_faces_new();
	const guint32 member = 1;
	overlay_faces_add(f, OVERLAY_WORLD, &member, 1, globe, FALSE);
	g_autoptr(land_register) l = land_register_new(sites, f);
	for (int i = 0; i < MANY; i++)
		list[i] = land_find(l, "a");
	land_totals t = land_total(l, list, MANY);
	assert_true(fabs(t.gross - MANY * 51006562172.40885092) < 0.01);
	assert_true(fabs(t.net - 51006562172.40885092) < 1e-4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hectare_is_counted_once), cmocka_unit_test(land_goes_to_the_first_site_of_a_set),
		cmocka_unit_test(overlaps_are_listed_with_both_sites_and_their_day),
		cmocka_unit_test(what_is_approximate_says_so_and_nothing_else),
		cmocka_unit_test(less_than_a_square_metre_is_no_overlap_to_list),
		cmocka_unit_test(sums_of_many_globes_are_exact),
	};
	return cmocka_run_group_tests_name("land", tests, NULL, NULL);
}
