#include "tests/rules/cases.h"

#include "rules/account.h"

/* "2023 20: disturbed 100 20 0 120, ...": progress bodies. */
static json_t *told_accounts(const char *text)
{
	json_t *list = json_array();
	g_auto(GStrv) parts = g_strsplit(text, ";", -1);
	for (char **p = parts; *p; p++) {
		told_part part;
		part_read(*p, &part);
		json_t *rows = json_array(), *body = json_pack("{s:I, s:o}", "year", (json_int_t)g_ascii_strtoll(part.before[0], NULL, 10), "land_account", rows);
		if (strcmp(part.before[1], "-") != 0)
			json_object_set_new(body, "newly_disturbed", json_real(g_ascii_strtod(part.before[1], NULL)));
		g_auto(GStrv) lines = g_strsplit(part.after, ",", -1);
		for (char **line = lines; *line; line++) {
			g_auto(GStrv) w = g_strsplit(g_strstrip(*line), " ", -1);
			json_array_append_new(rows, json_pack("{s:s, s:f, s:f, s:f, s:f}", "stage", w[0], "opening", g_ascii_strtod(w[1], NULL), "gained",
				g_ascii_strtod(w[2], NULL), "lost", g_ascii_strtod(w[3], NULL), "closing", g_ascii_strtod(w[4], NULL)));
		}
		json_array_append_new(list, body);
		g_strfreev(part.before);
	}
	return list;
}

static void read_account(const json_t *list, land_account *out)
{
	static const char *const ids[] = {"r1", "r2", "r3", "r4"};
	json_t *bodies[4];
	gsize n = json_array_size(list);
	assert_true(n <= G_N_ELEMENTS(bodies));
	for (gsize i = 0; i < n; i++)
		bodies[i] = json_array_get(list, i);
	land_account_of_site(out, ids, bodies, n);
}

static char *account(char **cells, guint n)
{
	(void)n;
	static const char *const kinds[ACCOUNT_FAULTS] = {"row", "entered", "connection", "stage-gone", "gap", "twice"};
	json_auto_t *list = told_accounts(cells[0]);
	g_auto(land_account) a = {0};
	read_account(list, &a);
	GString *out = g_string_new(a.faults->len ? NULL : "balances ");
	for (guint i = 0; i < a.faults->len; i++) {
		const account_fault *f = &g_array_index(a.faults, account_fault, i);
		g_autofree char *expected = told_number(f->expected), *found = told_number(f->found);
		assert_non_null(account_fault_says[f->kind]);
		g_string_append_printf(out, "%s %d %s%s%s/%s ", kinds[f->kind], f->year, f->stage < 0 ? "" : land_stage_ids[f->stage], f->stage < 0 ? "" : " ", expected, found);
	}
	g_autofree char *closing = told_number(g_array_index(a.years, account_year, a.years->len - 1).all.closing);
	g_string_append(out, closing);
	return g_string_free(out, FALSE);
}

static void the_cases_hold(void **state)
{
	(void)state;
	cases_hold("account.txt", 2, account);
}

static void sites_add_up_year_by_year(void **state)
{
	(void)state;
	json_auto_t *one = told_accounts("2023 20: disturbed 100 20 0 120; 2024 0: disturbed 120 0 20 100, recovering 0 20 0 20");
	json_auto_t *two = told_accounts("2024 5: disturbed 50 5 0 55"), *silent = json_pack("[{s:i}]", "year", 2024);
	g_auto(land_account) a = {0}, b = {0}, none = {0}, forth = {0}, back = {0};
	read_account(one, &a);
	read_account(two, &b);
	read_account(silent, &none);
	land_account_add(&forth, &a);
	land_account_add(&forth, &none);
	land_account_add(&forth, &b);
	land_account_add(&back, &b);
	land_account_add(&back, &a);
	assert_int_equal(forth.years->len, 2);
	for (guint i = 0; i < 2; i++) {
		const account_year *y = &g_array_index(forth.years, account_year, i), *z = &g_array_index(back.years, account_year, i);
		assert_int_equal(y->year, 2023 + (int)i);
		assert_int_equal(y->sites, i + 1);
		assert_true(y->all.closing == z->all.closing && y->newly_disturbed == z->newly_disturbed);
	}
	const account_year *last = &g_array_index(forth.years, account_year, 1);
	assert_true(last->stages[STAGE_DISTURBED].closing == 155 && last->stages[STAGE_RECOVERING].closing == 20 && last->all.closing == 175);
	assert_true(last->newly_disturbed == 5);
	assert_false(last->stages[STAGE_CERTIFIED].known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cases_hold),
		cmocka_unit_test(sites_add_up_year_by_year),
	};
	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
