#include "tests/rules/cases.h"

#include "base/boundary.h"
#include "rules/day.h"
#include "rules/status.h"

/* Reads measurement bodies; the bodies must outlive the list. */
static GArray *read_list(const json_t *bodies)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(site_measurement));
	const json_t *body;
	gsize i;
	json_array_foreach(bodies, i, body) {
		site_measurement m;
		assert_true(site_measurement_read(body, i % 2 ? "odd" : "even", &m));
		g_array_append_val(list, m);
	}
	site_measurements_sort((site_measurement *)(void *)list->data, list->len);
	return list;
}

static char *outcome(const pledge_judgement *j)
{
	const char *state = measured_state_words[j->measured_state].id;
	if (j->measured_state < MEASURED_PART)
		return g_strdup_printf("%s %s", j->rule->id, state);
	g_autofree char *value = told_number(j->measured.value), *low = told_number(j->measured.low), *high = told_number(j->measured.high);
	return g_strdup_printf("%s %s %s [%s %s] %u/%u", j->rule->id, state, value, low, high, j->measured.told, j->measured.sites);
}

/* Two sites of 100 hectares each, of which so many are covered by both; "about 10": their boundaries cross more often than is followed. */
static land_register *two_sites(const char *says)
{
	gboolean about = g_str_has_prefix(says, "about ");
	double twice = g_ascii_strtod(says + (about ? strlen("about ") : 0), NULL);
	static const char *const nobody[] = {NULL};
	const land_site sites[] = {{.id = "a", .organisations = nobody, .shape = 1}, {.id = "b", .organisations = nobody, .shape = 2}};
	GArray *list = g_array_new(FALSE, FALSE, sizeof(land_site));
	g_array_append_vals(list, sites, 2);
	overlay_faces *f = overlay_faces_new();
	for (guint32 i = 1; i <= 2 && twice < 100; i++)
		overlay_faces_add(f, OVERLAY_WORLD, &i, 1, (overlay_area)((100 - twice) * OVERLAY_HECTARE), FALSE);
	overlay_faces_add(f, OVERLAY_WORLD, (const guint32[]){1, 2}, 2, (overlay_area)(twice * OVERLAY_HECTARE), about);
	return land_register_new(list, f);
}

static char *judge(char **cells, guint n)
{
	(void)n;
	json_auto_t *pledge = json_pack("{s:[o], s:o}", "targets", told_target(cells[0]), "sites", told_words(cells[1]));
	const char *unit = json_string_value(json_object_get(json_array_get(json_object_get(pledge, "targets"), 0), "unit"));
	json_auto_t *reports = told_reports(cells[2], unit), *bodies = told_measurements(cells[3]);
	g_autoptr(land_register) land = *cells[4] ? two_sites(cells[4]) : NULL;
	g_autofree json_t **progress = g_new0(json_t *, json_array_size(reports) + 1);
	for (gsize i = 0; i < json_array_size(reports); i++)
		progress[i] = json_array_get(reports, i);
	g_autoptr(GArray) list = read_list(bodies);
	promise p;
	assert_true(promise_read(pledge, 0, &p));
	g_autoptr(GArray) measured = promise_measured(pledge, &p, &(measuring_facts){(site_measurement *)(void *)list->data, list->len, land, day_end(cells[5])});
	const pledge_facts facts = {.pledge = pledge, .progress = progress, .n_progress = json_array_size(reports),
		.measured = (measured_value *)(void *)measured->data, .n_measured = measured->len, .changed = (double)NAN};
	pledge_judgement j;
	pledge_judge(&facts, cells[5], &j);
	return outcome(&j);
}

static void the_cases_hold(void **state)
{
	(void)state;
	cases_hold("measured.txt", 7, judge);
}

static void a_value_says_how_old_its_oldest_part_is(void **state)
{
	(void)state;
	json_auto_t *pledge = json_pack("{s:[o], s:[s, s]}", "targets", told_target("100 ha area-restored 2020-2030"), "sites", "a", "b");
	json_auto_t *bodies = told_measurements("a 2020: area-improved 10 [9 11]; b 2024: area-improved 20 [19 21]; a 2025: area-improved 30 [29 31]");
	g_autoptr(GArray) list = read_list(bodies);
	promise p;
	promise_read(pledge, 0, &p);
	g_autoptr(GArray) values = promise_measured(pledge, &p, &(measuring_facts){(site_measurement *)(void *)list->data, list->len, NULL, 2027});
	assert_int_equal(values->len, 3);
	const double expected[][4] = {{2021, 2021, 10, 1}, {2025, 2021, 30, 2}, {2026, 2025, 50, 2}}; /* at, oldest, value, sites that tell */
	for (guint i = 0; i < 3; i++) {
		const measured_value *v = &g_array_index(values, measured_value, i);
		assert_true(v->at == expected[i][0] && v->oldest == expected[i][1] && v->value == expected[i][2] && v->told == expected[i][3]);
		assert_non_null(v->means);
	}
}

static void a_redrawn_boundary_is_seen(void **state)
{
	(void)state;
	json_auto_t *site = json_loads("{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,0]]]}}", 0, NULL), *bare = json_object();
	json_auto_t *turned = json_loads("{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[2,2],[2,0],[0,0],[2,2]]]}}", 0, NULL);
	json_auto_t *moved = json_loads("{\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2.0001],[0,0]]]}}", 0, NULL);
	g_autoptr(boundary) land = boundary_read(json_object_get(site, "geometry"), NULL);
	g_autofree char *hash = boundary_sha256(land);
	assert_int_equal(site_boundary_state(turned, hash), BOUNDARY_SAME); /* the same land, drawn from another corner the other way round */
	assert_int_equal(site_boundary_state(moved, hash), BOUNDARY_REDRAWN);
	assert_int_equal(site_boundary_state(site, hash), BOUNDARY_SAME);
	assert_int_equal(site_boundary_state(site, "00"), BOUNDARY_REDRAWN);
	assert_int_equal(site_boundary_state(site, NULL), BOUNDARY_UNKNOWN);
	assert_int_equal(site_boundary_state(bare, hash), BOUNDARY_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cases_hold),
		cmocka_unit_test(a_value_says_how_old_its_oldest_part_is),
		cmocka_unit_test(a_redrawn_boundary_is_seen),
	};
	return cmocka_run_group_tests_name("measured", tests, NULL, NULL);
}
