#include "example.h"

#include <stdlib.h>
#include <string.h>

#include "store/columns.h"

/* A small world of cases with random facet values, counted once more the slow way. */
enum { CASES = 1500, DAYS = 4 };

static const char *const countries[] = { "AUS", "CAN", "CHL", "MNG", "ZAF", "PER" };
static const char *const commodities[] = { "copper", "gold", "coal", "nickel" };

typedef struct made {
	gboolean there;      /* on the day asked about */
	guint country;       /* G_N_ELEMENTS(countries): not stated */
	guint commodities;   /* one bit each */
	int year;            /* 0: not stated */
	gboolean lime;       /* the word is in the challenge */
	double longitude, latitude;
} made;

static GRand *dice;

static record *case_of(guint i, const made *m, const char *time)
{
	record *r = record_of("case", "x", RECORD_PUBLISHED, time, "{}");
	g_free(r->id);
	r->id = g_strdup_printf("case-%u", i);
	json_object_set_new(r->body, "title", json_sprintf("Case %u", i));
	if (m->country < G_N_ELEMENTS(countries))
		json_object_set_new(r->body, "country", json_string(countries[m->country]));
	json_t *list = json_array();
	for (guint c = 0; c < G_N_ELEMENTS(commodities); c++)
		if (m->commodities & (1u << c))
			json_array_append_new(list, json_string(commodities[c]));
	json_object_set_new(r->body, "commodities", list);
	if (m->year)
		json_object_set_new(r->body, "start_year", json_integer(m->year));
	json_object_set_new(r->body, "longitude", json_real(m->longitude));
	json_object_set_new(r->body, "latitude", json_real(m->latitude));
	json_object_set_new(r->body, "challenge", json_string(m->lime ? "Acid soil wants lime." : "Dry."));
	return r;
}

static made any_case(void)
{
	return (made) {
		.there = TRUE,
		.country = (guint)MIN(g_rand_int_range(dice, 0, 7), g_rand_int_range(dice, 0, 7)),
		.commodities = g_rand_int_range(dice, 0, 16) & g_rand_int_range(dice, 0, 16),
		.year = g_rand_int_range(dice, 0, 3) ? g_rand_int_range(dice, 1990, 2024) : 0,
		.lime = g_rand_int_range(dice, 0, 3) == 0,
		.longitude = g_rand_double_range(dice, -180, 180),
		.latitude = g_rand_double_range(dice, -90, 90),
	};
}

/* What was published at the end of each day. On day 0 all come; later some change, some are withdrawn. */
static made (*make_world(example *e))[CASES]
{
	made (*world)[CASES] = g_malloc0(DAYS * sizeof *world);
	for (guint day = 0; day < DAYS; day++) {
		g_autofree char *time = g_strdup_printf("2026-01-%02uT12:00:00Z", day + 1);
		g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(store_change));
		for (guint i = 0; i < CASES; i++) {
			made now = any_case();
			if (day > 0 && g_rand_int_range(dice, 0, 20) != 0) {
				world[day][i] = world[day - 1][i];
				continue;
			}
			store_change c = { case_of(i, &now, time), STORE_EXPECT_ANY };
			if (day > 0 && g_rand_int_range(dice, 0, 3) == 0)
				c.record->state = RECORD_WITHDRAWN, now.there = FALSE;
			g_array_append_val(changes, c);
			world[day][i] = now;
		}
		g_autoptr(GError) error = NULL;
		store_write(e->s, (store_change *)(gpointer)changes->data, changes->len, &error);
		assert_null(error);
		for (guint i = 0; i < changes->len; i++)
			record_free(g_array_index(changes, store_change, i).record);
	}
	return world;
}

typedef struct asked {
	guint countries, commodities; /* one bit each; 0: any */
	gboolean lime, boxed;
	double box[4];
} asked;

static gboolean in_box(const made *m, const double *b)
{
	gboolean east = b[0] <= b[2] ? m->longitude >= b[0] && m->longitude <= b[2] : m->longitude >= b[0] || m->longitude <= b[2];
	return east && m->latitude >= b[1] && m->latitude <= b[3];
}

/* but: a facet whose own filter does not count, 'c' for country, 'm' for commodities. */
static gboolean answers(const made *m, const asked *a, char but)
{
	return m->there && (!a->lime || m->lime) && (!a->boxed || in_box(m, a->box)) &&
	       (but == 'c' || !a->countries || (m->country < G_N_ELEMENTS(countries) && (a->countries >> m->country) & 1)) &&
	       (but == 'm' || !a->commodities || (a->commodities & m->commodities));
}

static guint count_in(const store_result *result, const char *path, const char *value)
{
	for (gsize f = 0; f < result->n_facets; f++)
		for (gsize v = 0; strcmp(result->facets[f].path, path) == 0 && v < result->facets[f].n; v++)
			if (strcmp(result->facets[f].values[v].value, value) == 0)
				return result->facets[f].values[v].count;
	return 0;
}

static guint answered_in(const store_result *result, const char *path)
{
	for (gsize f = 0; f < result->n_facets; f++)
		if (strcmp(result->facets[f].path, path) == 0)
			return result->facets[f].answered;
	return 0;
}

static void compare(const store_result *result, const made *world, const asked *a)
{
	guint total = 0, answered = 0, per_country[7] = { 0 }, per_commodity[4] = { 0 }, y2000 = 0;
	for (guint i = 0; i < CASES; i++) {
		const made *m = &world[i];
		total += answers(m, a, 0);
		answered += answers(m, a, 'm') && m->commodities;
		y2000 += answers(m, a, 0) && m->year == 2000;
		per_country[m->country] += answers(m, a, 'c');
		for (guint c = 0; c < 4; c++)
			per_commodity[c] += answers(m, a, 'm') && (m->commodities >> c & 1);
	}
	assert_int_equal(result->total, total);
	assert_int_equal(answered_in(result, "commodities"), answered);
	assert_int_equal(count_in(result, "start_year", "2000"), y2000);
	for (guint c = 0; c < G_N_ELEMENTS(countries); c++)
		assert_int_equal(count_in(result, "country", countries[c]), per_country[c]);
	for (guint c = 0; c < G_N_ELEMENTS(commodities); c++)
		assert_int_equal(count_in(result, "commodities", commodities[c]), per_commodity[c]);
}

static void bits_to_values(guint bits, const char *const *names, guint n, const char **values)
{
	guint at = 0;
	for (guint i = 0; i < n; i++)
		if (bits >> i & 1)
			values[at++] = names[i];
	values[at] = NULL;
}

/* The first values of each facet are those of a count of all of them, and it is told how many there are. */
static void assert_cut(example *e, store_query q, const store_result *full)
{
	q.facet_limit = (guint)g_rand_int_range(dice, 1, 6);
	q.facet_paths = (const char *const[]){ "start_year", "country", "commodities", NULL };
	g_autoptr(store_result) cut = store_search(e->r, &q, NULL);
	assert_int_equal(cut->n_facets, 3);
	for (gsize f = 0; f < cut->n_facets; f++) {
		const store_facet *few = &cut->facets[f], *all = full->facets;
		for (gsize i = 0; i < full->n_facets; i++)
			if (strcmp(full->facets[i].path, few->path) == 0)
				all = &full->facets[i];
		assert_int_equal(few->distinct, all->distinct);
		assert_int_equal(few->answered, all->answered);
		assert_true(few->n >= MIN(q.facet_limit, all->n));
		for (gsize v = 0; v < MIN(q.facet_limit, all->n); v++) {
			assert_string_equal(few->values[v].value, all->values[v].value);
			assert_int_equal(few->values[v].count, all->values[v].count);
		}
	}
}

static void ask(example *e, made (*world)[CASES], guint day, const asked *a)
{
	const char *wanted_countries[7], *wanted_commodities[5];
	bits_to_values(a->countries, countries, G_N_ELEMENTS(countries), wanted_countries);
	bits_to_values(a->commodities, commodities, G_N_ELEMENTS(commodities), wanted_commodities);
	store_filter filters[2];
	gsize n = 0;
	if (a->countries)
		filters[n++] = (store_filter) { "country", wanted_countries };
	if (a->commodities)
		filters[n++] = (store_filter) { "commodities", wanted_commodities };
	g_autofree char *as_of = g_strdup_printf("2026-01-%02u", day + 1);
	store_query q = { .kind = "case", .text = a->lime ? "lime" : NULL, .filters = filters, .n_filters = n, .bbox = a->boxed ? a->box : NULL,
		.as_of = as_of, .facets = TRUE };
	g_autoptr(GError) error = NULL;
	g_autoptr(store_result) then = store_search(e->r, &q, &error);
	assert_null(error);
	compare(then, world[day], a);
	assert_cut(e, q, then);
	if (day < DAYS - 1)
		return;
	q.as_of = NULL;
	g_autoptr(store_result) now = store_search(e->r, &q, &error);
	assert_null(error);
	compare(now, world[day], a);
}

static asked any_question(guint i)
{
	asked a = {
		.countries = i % 3 == 0 ? (guint)g_rand_int_range(dice, 0, 64) : 0,
		.commodities = i % 2 == 0 ? (guint)g_rand_int_range(dice, 0, 16) : 0,
		.lime = i % 4 == 0,
		.boxed = i % 5 == 0,
	};
	a.box[0] = g_rand_double_range(dice, -180, 180), a.box[2] = g_rand_double_range(dice, -180, 180);
	a.box[1] = g_rand_double_range(dice, -90, 0), a.box[3] = g_rand_double_range(dice, 0, 90);
	return a;
}

static void counts_are_those_of_a_plain_count_on_any_day(void **state)
{
	example *e = *state;
	g_autofree made (*world)[CASES] = make_world(e);
	for (guint i = 0; i < 120; i++) {
		asked a = any_question(i);
		ask(e, world, i % DAYS, &a);
	}
	example_reopen(e);
	for (guint i = 0; i < 40; i++) {
		asked a = any_question(i);
		ask(e, world, i % DAYS, &a);
	}
}

/* The index is carried on from change to change; loading it whole must give the same. */
static void small_changes_leave_the_same_counts_and_orders_as_loading_anew(void **state)
{
	example *e = *state;
	static const char *const sorts[] = { "title", "-title", "start_year", "-start_year", "newest", "-newest" };
	g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < 300; i++) {
		made m = any_case();
		put(e, case_of(g_rand_int_range(dice, 0, 150), &m, NULL));
		for (gsize s = 0; s < G_N_ELEMENTS(sorts) && i % 7 == 0; s++)
			g_free(ids_of(e, &(store_query) { .kind = "case", .sort = sorts[s] }));
	}
	for (gsize s = 0; s < G_N_ELEMENTS(sorts); s++)
		g_ptr_array_add(before, ids_of(e, &(store_query) { .kind = "case", .sort = sorts[s], .limit = 1000 }));
	example_reopen(e);
	for (gsize s = 0; s < G_N_ELEMENTS(sorts); s++) {
		g_autofree char *after = ids_of(e, &(store_query) { .kind = "case", .sort = sorts[s], .limit = 1000 });
		assert_string_equal(after, g_ptr_array_index(before, s));
	}
}

static void values_are_given_most_frequent_first_and_cut_but_never_the_chosen_one(void **state)
{
	example *e = *state;
	for (guint i = 0; i < 6; i++) {
		g_autofree char *id = g_strdup_printf("c%u", i);
		g_autofree char *body = g_strdup_printf("{'title':'T','country':'%s'}", i < 3 ? "CAN" : i < 5 ? "AUS" : "PER");
		put(e, record_of("case", id, RECORD_PUBLISHED, NULL, body));
	}
	store_filter filter = { "country", (const char *const[]) { "PER", NULL } };
	g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .filters = &filter, .n_filters = 1, .facets = TRUE, .facet_limit = 1 }, NULL);
	assert_int_equal(r->total, 1);
	assert_int_equal(r->n_facets, 1);
	assert_int_equal(r->facets[0].n, 2);
	assert_int_equal(r->facets[0].distinct, 3);
	assert_int_equal(r->facets[0].answered, 6);
	assert_string_equal(r->facets[0].values[0].value, "CAN");
	assert_int_equal(r->facets[0].values[0].count, 3);
	assert_string_equal(r->facets[0].values[1].value, "PER");
	g_autoptr(store_result) whole = store_search(e->r, &(store_query) { .kind = "case", .facets = TRUE, .facet_limit = 1, .facet_whole = "country" }, NULL);
	assert_int_equal(whole->facets[0].n, 3);
	g_autoptr(store_result) other = store_search(e->r, &(store_query) { .kind = "case", .facets = TRUE, .facet_limit = 1, .facet_whole = "themes" }, NULL);
	assert_int_equal(other->facets[0].n, 1);
}

/* More values than an index has columns for: later ones are counted as well as the first. */
static void values_without_a_column_are_counted_too(void **state)
{
	example *e = *state;
	enum { ROWS = COLUMNS + 150 };
	guint limed = 0;
	for (guint i = 0; i < ROWS; i++) {
		made m = any_case();
		m.year = (int)(1000 + i % (ROWS - 50)); /* the last fifty once more */
		m.lime = i % 3 > 0 || i >= ROWS - 50;
		limed += m.lime;
		put(e, case_of(i, &m, NULL));
	}
	g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .text = "lime", .facets = TRUE }, NULL);
	assert_int_equal(r->total, limed);
	assert_int_equal(answered_in(r, "start_year"), limed);
	for (guint year = 1000; year < 1000 + ROWS - 50; year++) {
		g_autofree char *text = g_strdup_printf("%u", year);
		guint i = year - 1000;
		assert_int_equal(count_in(r, "start_year", text), (i % 3 > 0) + (i < 50));
	}
}

/* More questions than are kept: some counts are found again, some are made anew, all are those of their question. */
static void counts_asked_for_again_are_those_of_their_question(void **state)
{
	example *e = *state;
	enum { ROWS = 60, QUESTIONS = 1600 };
	for (guint i = 0; i < ROWS; i++) {
		made m = any_case();
		put(e, case_of(i, &m, NULL));
	}
	g_autofree guint *first = g_new(guint, QUESTIONS);
	for (guint round = 0; round < 3; round++)
		for (guint i = 0; i < QUESTIONS; i++) {
			guint which = round == 1 ? QUESTIONS - 1 - i : i;
			double box[] = { -180, -90, -180 + 360.0 * (which + 1) / QUESTIONS, 90 };
			g_autoptr(store_result) r = store_search(e->r, &(store_query) { .kind = "case", .bbox = box, .facets = TRUE, .limit = 1 }, NULL);
			guint counted = count_in(r, "country", "AUS") << 16 | answered_in(r, "commodities");
			if (round == 0)
				first[which] = counted;
			assert_int_equal(counted, first[which]);
			assert_true(answered_in(r, "commodities") <= r->total);
		}
	assert_true(first[QUESTIONS - 1] > first[0]);
}

static void without_a_kind_the_kinds_are_counted(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'Lime'}"));
	put(e, record_of("case", "b", RECORD_PUBLISHED, NULL, "{'title':'Lime'}"));
	put(e, record_of("pledge", "c", RECORD_PUBLISHED, NULL, "{'title':'Lime'}"));
	store_filter filter = { "kind", (const char *const[]) { "pledge", NULL } };
	g_autoptr(store_result) r = store_search(e->r, &(store_query) { .text = "lime", .filters = &filter, .n_filters = 1, .facets = TRUE }, NULL);
	assert_int_equal(r->total, 1);
	assert_string_equal(r->hits[0].kind->name, "pledge");
	assert_int_equal(count_in(r, "kind", "case"), 2);
	assert_int_equal(count_in(r, "kind", "pledge"), 1);
}

static void unknown_paths_values_and_kinds_find_nothing(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'Lime','country':'CAN'}"));
	store_filter filter = { "country", (const char *const[]) { "'; DROP", NULL } };
	g_autofree char *value = ids_of(e, &(store_query) { .kind = "case", .filters = &filter, .n_filters = 1, .facets = TRUE });
	filter.path = "nowhere";
	g_autofree char *path = ids_of(e, &(store_query) { .kind = "case", .filters = &filter, .n_filters = 1, .facets = TRUE });
	g_autofree char *kind_name = ids_of(e, &(store_query) { .kind = "dragon", .facets = TRUE });
	g_autofree char *sort = ids_of(e, &(store_query) { .kind = "case", .sort = "dragon" });
	assert_string_equal(value, "");
	assert_string_equal(path, "");
	assert_string_equal(kind_name, "");
	assert_string_equal(sort, "a");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	dice = g_rand_new_with_seed(20260824);
	const struct CMUnitTest tests[] = {
		TEST(counts_are_those_of_a_plain_count_on_any_day),
		TEST(small_changes_leave_the_same_counts_and_orders_as_loading_anew),
		TEST(values_are_given_most_frequent_first_and_cut_but_never_the_chosen_one),
		TEST(values_without_a_column_are_counted_too),
		TEST(counts_asked_for_again_are_those_of_their_question),
		TEST(without_a_kind_the_kinds_are_counted),
		TEST(unknown_paths_values_and_kinds_find_nothing),
	};
	int failed = cmocka_run_group_tests_name("facets", tests, NULL, NULL);
	g_rand_free(dice);
	return failed;
}
