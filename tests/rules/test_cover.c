/* Land cover of many sites together: like the areas, each hectare once. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/shown.h"

static cover_changes *changes_of(const char *text)
{
	g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
	json_auto_t *results = json_loads(json, 0, NULL);
	assert_non_null(results);
	return cover_changes_read(results);
}

#define ROW(from, to, quantity, value, low, high, years, last) "{'quantity':'" quantity "','from':'" from "','to':'" to "','what':'land cover, " years "','year':" last ",'unit':'ha'," \
	"'value':" value ",'low':" low ",'high':" high "}"

static void rows_are_read_with_their_classes_meaning_and_years(void **state)
{
	(void)state;
	g_autofree cover_changes *c = changes_of("[{'quantity':'area-improved','value':3,'unit':'ha'}," ROW("cropland", "tree-covered", "cover-improved", "40", "38", "42", "2000 to 2019", "2019") ","
		ROW("wetland", "artificial", "cover-degraded", "5", "4", "6", "2000 to 2019", "2019") "]");
	assert_true(c && c->n == 2 && c->first == 2000 && c->last == 2019);
	assert_string_equal(cover_ids[c->rows[0].from], "cropland");
	assert_string_equal(cover_ids[c->rows[0].to], "tree-covered");
	assert_true(c->rows[0].meaning == COVER_GAIN && c->rows[1].meaning == COVER_LOSS && c->rows[1].area.value == 5 && c->rows[1].area.high == 6);
	static const char *const nothing[] = {"[]", "[{'quantity':'cover-improved','value':3,'unit':'ha'}]", "[{'quantity':'cover-improved','from':'moon','to':'wetland','value':3}]",
		"[{'quantity':'cover-improved','from':'wetland','to':'wetland','note':'too small'}]", "[{'quantity':'area-stable','from':'wetland','to':'wetland','value':1}]"};
	for (gsize i = 0; i < G_N_ELEMENTS(nothing); i++)
		assert_null(changes_of(nothing[i]));
	assert_null(cover_changes_read(NULL));
}

static void changes_of_many_sites_add_up_with_overlaps_taken_off(void **state)
{
	(void)state;
	static const char *const nobody[] = {NULL};
	const land_site sites[] = {{.id = "a", .organisations = nobody, .shape = 1}, {.id = "b", .organisations = nobody, .shape = 2}};
	GArray *land = g_array_new(FALSE, FALSE, sizeof(land_site));
	g_array_append_vals(land, sites, 2);
	overlay_faces *f = overlay_faces_new();
	overlay_faces_add(f, OVERLAY_WORLD, (const guint32[]){1}, 1, (overlay_area)(75 * OVERLAY_HECTARE), FALSE);
	overlay_faces_add(f, OVERLAY_WORLD, (const guint32[]){1, 2}, 2, (overlay_area)(25 * OVERLAY_HECTARE), FALSE);
	g_autoptr(land_register) l = land_register_new(land, f);
	g_autofree cover_changes *a = changes_of("[" ROW("cropland", "tree-covered", "cover-improved", "40", "38", "42", "2000 to 2019", "2019") ","
		ROW("cropland", "cropland", "cover-stable", "60", "55", "65", "2000 to 2019", "2019") "]");
	g_autofree cover_changes *b = changes_of("[" ROW("cropland", "tree-covered", "cover-improved", "20", "18", "22", "1995 to 2021", "2021") ","
		ROW("tree-covered", "artificial", "cover-degraded", "5", "4", "6", "1995 to 2021", "2021") "]");
	/* b lies on a quarter of a and was measured later: a keeps three quarters of each figure; all that they share may be of one change. */
	site_measurement list[] = {{.site = "a", .id = "a1", .at = 2020, .known = NAN, .covers = a}, {.site = "b", .id = "b1", .at = 2022, .known = NAN, .covers = b}};
	const measuring_facts facts = {list, 2, l, 2027};
	cover_sum sum = {0}, turned = {0}, alone = {0};
	land_shown(&facts, (const char *const[]){"a", "b"}, 2, &sum);
	land_shown(&facts, (const char *const[]){"b", "a", "b", "none"}, 4, &turned);
	assert_memory_equal(&sum, &turned, sizeof sum);
	const measured_hectares *grown = &sum.area[2][0], *kept = &sum.area[2][2], *built = &sum.area[0][4];
	assert_true(grown->value == 30 + 20 && grown->low == 13 + 18 && grown->high == 42 + 22);
	assert_true(kept->value == 45 && built->value == 5 && sum.area[1][1].say == SAY_NOTHING);
	assert_true(sum.sums[COVER_GAIN] == 50 && sum.sums[COVER_NEITHER] == 45 && sum.sums[COVER_LOSS] == 5);
	assert_true(sum.sites == 2 && sum.first == 1995 && sum.last == 2021);
	cover_sum_add(&alone, a, NULL);
	assert_true(alone.sites == 1 && alone.area[2][0].value == 40 && alone.sums[COVER_NEITHER] == 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_with_their_classes_meaning_and_years),
		cmocka_unit_test(changes_of_many_sites_add_up_with_overlaps_taken_off),
	};
	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
