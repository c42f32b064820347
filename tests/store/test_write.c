#include "example.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

static void a_first_revision_is_numbered_hashed_and_timed(void **state)
{
	example *e = *state;
	g_autoptr(GError) error = NULL;
	g_autoptr(record) r = record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'T'}");
	assert_true(store_write(e->s, &(store_change) { r, 0 }, 1, &error));
	assert_int_equal(r->revision, 1);
	assert_null(r->previous);
	assert_int_equal(strlen(r->hash), 64);
	assert_int_equal(strlen(r->time), 20);
	g_autoptr(record) kept = store_get(e->r, "case", "a", NULL, &error);
	assert_string_equal(kept->hash, r->hash);
	assert_true(json_equal(kept->body, r->body));
}

static void a_later_revision_names_the_one_before(void **state)
{
	example *e = *state;
	g_autoptr(record) r = record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'T'}");
	assert_true(store_write(e->s, &(store_change) { r, 0 }, 1, NULL));
	g_autofree char *first = g_strdup(r->hash);
	g_clear_pointer(&r->time, g_free);
	assert_true(store_write(e->s, &(store_change) { r, 1 }, 1, NULL));
	assert_int_equal(r->revision, 2);
	assert_string_equal(r->previous, first);
}

static void another_revision_than_expected_is_a_conflict_and_changes_nothing(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'T'}"));
	guint64 before = store_generation(e->s);
	static const guint wrong[] = { 0, 2, 7 };
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(record) r = record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'U'}");
		assert_false(store_write(e->s, &(store_change) { r, wrong[i] }, 1, &error));
		assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT));
		assert_int_equal(r->revision, 0);
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(record) missing = record_of("case", "b", RECORD_PUBLISHED, NULL, "{'title':'U'}");
	assert_false(store_write(e->s, &(store_change) { missing, 1 }, 1, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT));
	assert_int_equal(store_generation(e->s), before);
}

static void a_callers_changes_are_written_all_or_none(void **state)
{
	example *e = *state;
	put(e, record_of("case", "there", RECORD_PUBLISHED, NULL, "{'title':'T'}"));
	g_autoptr(record) fresh = record_of("case", "fresh", RECORD_PUBLISHED, NULL, "{'title':'Fresh'}");
	g_autoptr(record) clash = record_of("case", "there", RECORD_PUBLISHED, NULL, "{'title':'Clash'}");
	store_change changes[] = { { fresh, 0 }, { clash, 0 } };
	assert_false(store_write(e->s, changes, 2, NULL));
	assert_finds(e, "fresh", "");
	assert_null(store_revision(e->r, "case", "fresh", 0, NULL));
	changes[1].expected = 1;
	assert_true(store_write(e->s, changes, 2, NULL));
	assert_finds(e, "fresh", "fresh");
}

static void what_cannot_be_a_record_is_refused(void **state)
{
	example *e = *state;
	static const char *const ids[] = { "", "A", "a b", "../a", "a--b", "-a", "a'" };
	for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(record) r = record_of("case", ids[i], RECORD_DRAFT, NULL, "{}");
		assert_false(store_write(e->s, &(store_change) { r, 0 }, 1, &error));
		assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
	}
	g_autoptr(record) time = record_of("case", "a", RECORD_DRAFT, "2026-01-01", "{}");
	assert_false(store_write(e->s, &(store_change) { time, 0 }, 1, NULL));
	g_autoptr(record) large = record_of("case", "a", RECORD_DRAFT, NULL, "{}");
	g_autofree char *text = g_strnfill(STORE_RECORD_BYTES, 'x');
	json_object_set_new(large->body, "title", json_string(text));
	assert_false(store_write(e->s, &(store_change) { large, 0 }, 1, NULL));
}

static void time_does_not_run_backwards_in_a_history(void **state)
{
	example *e = *state;
	put(e, record_of("case", "a", RECORD_PUBLISHED, "2030-01-01T00:00:00Z", "{'title':'T'}"));
	g_autoptr(GError) error = NULL;
	g_autoptr(record) early = record_of("case", "a", RECORD_PUBLISHED, "2029-01-01T00:00:00Z", "{'title':'T'}");
	assert_false(store_write(e->s, &(store_change) { early, 1 }, 1, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
	g_autoptr(record) now = record_of("case", "a", RECORD_PUBLISHED, NULL, "{'title':'T'}");
	assert_true(store_write(e->s, &(store_change) { now, 1 }, 1, NULL));
	assert_string_equal(now->time, "2030-01-01T00:00:00Z");
}

enum { WRITERS = 8, EACH = 40 };

typedef struct author {
	example *e;
	guint number;
	guint written, conflicts;
} author;

/* Each writes pairs of records that must always be seen together, and fights with the others over one. */
static gpointer write_pairs(gpointer data)
{
	author *a = data;
	for (guint i = 0; i < EACH; i++) {
		g_autofree char *first = g_strdup_printf("pair-%u-%u-a", a->number, i), *second = g_strdup_printf("pair-%u-%u-b", a->number, i);
		g_autoptr(record) x = record_of("case", first, RECORD_PUBLISHED, NULL, "{'title':'Pair','country':'CAN'}");
		g_autoptr(record) y = record_of("case", second, RECORD_PUBLISHED, NULL, "{'title':'Pair','country':'CAN'}");
		store_change changes[] = { { x, 0 }, { y, 0 } };
		a->written += store_write(a->e->s, changes, 2, NULL);
		g_autoptr(record) shared = record_of("case", "shared", RECORD_PUBLISHED, NULL, "{'title':'Shared'}");
		g_autoptr(GError) error = NULL;
		if (!store_write(a->e->s, &(store_change) { shared, i }, 1, &error))
			a->conflicts += g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT);
	}
	return NULL;
}

typedef struct watcher {
	example *e;
	gint stop;
	guint looks, odd;
} watcher;

static gpointer watch_pairs(gpointer data)
{
	watcher *w = data;
	g_autoptr(store_reader) r = store_reader_open(w->e->s, NULL);
	while (!g_atomic_int_get(&w->stop)) {
		g_autoptr(store_result) found = store_search(r, &(store_query) { .kind = "case", .text = "pair", .facets = TRUE, .limit = 1000 }, NULL);
		if (!found)
			break;
		guint counted = found->n_facets ? found->facets[0].values[0].count : 0;
		w->odd += found->total % 2 + (counted != found->total) + (found->n != found->total);
		w->looks++;
	}
	return NULL;
}

static void many_writers_and_readers_see_whole_transactions(void **state)
{
	example *e = *state;
	author authors[WRITERS] = { 0 };
	watcher watchers[2] = { { .e = e }, { .e = e } };
	GThread *writing[WRITERS], *watching[2];
	for (guint i = 0; i < 2; i++)
		watching[i] = g_thread_new("watcher", watch_pairs, &watchers[i]);
	for (guint i = 0; i < WRITERS; i++) {
		authors[i] = (author) { .e = e, .number = i };
		writing[i] = g_thread_new("author", write_pairs, &authors[i]);
	}
	guint conflicts = 0;
	for (guint i = 0; i < WRITERS; i++) {
		g_thread_join(writing[i]);
		assert_int_equal(authors[i].written, EACH);
		conflicts += authors[i].conflicts;
	}
	for (guint i = 0; i < 2; i++) {
		g_atomic_int_set(&watchers[i].stop, 1);
		g_thread_join(watching[i]);
		assert_int_equal(watchers[i].odd, 0);
		assert_true(watchers[i].looks > 0);
	}
	g_autoptr(GPtrArray) shared = store_revisions(e->r, "case", "shared", NULL);
	assert_int_equal(shared->len + conflicts, WRITERS * EACH);
	assert_int_equal(store_count(e->r, "case", NULL), WRITERS * EACH * 2 + 1);
	assert_int_equal(store_generation(e->s), WRITERS * EACH * 2 + shared->len);
}

static void another_process_is_noticed(void **state)
{
	example *e = *state;
	put_case(e, "a", "Copper", "s", "x");
	assert_finds(e, "copper", "a");
	g_autoptr(store) other = store_open(e->path, STORE_OPEN, NULL);
	example second = { .s = other };
	put_case(&second, "b", "Copper too", "s", "x");
	assert_finds(e, "copper", "a b");
	assert_int_equal(store_generation(e->s), 2);
	put_case(e, "c", "Copper again", "s", "x");
	assert_int_equal(store_count(e->r, "case", NULL), 3);
}

static void a_reading_connection_cannot_write_or_look_elsewhere(void **state)
{
	example *e = *state;
	sqlite3 *handle = NULL;
	assert_int_equal(sqlite3_open_v2(e->path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "UPDATE revision SET state = 0", NULL, NULL, NULL), SQLITE_OK); /* nothing there yet */
	sqlite3_close(handle);
	put_case(e, "a", "T", "s", "x");
	assert_int_equal(sqlite3_open_v2(e->path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(handle, "UPDATE revision SET state = 0", NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(handle, "DELETE FROM revision", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
}

static void what_is_held_stays_as_it_is_until_it_is_let_go(void **state)
{
	example *e = *state;
	put_case(e, "a", "Copper", "s", "x");
	assert_true(store_hold(e->r, NULL));
	guint64 held = store_reader_generation(e->r);
	put_case(e, "a", "Copper changed", "s", "x");
	put_case(e, "b", "Copper too", "s", "x");
	assert_finds(e, "copper", "a");
	assert_int_equal(store_count(e->r, "case", NULL), 1);
	g_autofree char *before = store_title(e->r, "case", "a", NULL, NULL);
	g_autoptr(record) whole = store_get(e->r, "case", "a", NULL, NULL);
	assert_string_equal(before, "Copper");
	assert_string_equal(record_title(whole), "Copper");
	assert_null(store_title(e->r, "case", "b", NULL, NULL));
	assert_int_equal(store_reader_generation(e->r), held);
	store_let_go(e->r);
	assert_true(store_reader_generation(e->r) > held);
	assert_int_equal(store_count(e->r, "case", NULL), 2);
	for (guint time = 0; time < 3; time++) { /* without a hold, with one, and what is kept then */
		g_autofree char *after = store_title(e->r, "case", "a", NULL, NULL);
		assert_string_equal(after, "Copper changed");
		assert_true(time > 0 || store_hold(e->r, NULL));
	}
	store_let_go(e->r);
}

static void a_title_is_that_of_the_day_asked_for(void **state)
{
	example *e = *state;
	g_autoptr(GError) error = NULL;
	put(e, record_of("case", "a", RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{'title':'First'}"));
	put(e, record_of("case", "a", RECORD_PUBLISHED, "2026-02-01T00:00:00Z", "{'title':'Second'}"));
	put(e, record_of("case", "a", RECORD_WITHDRAWN, "2026-03-01T00:00:00Z", "{'title':'Third'}"));
	static const char *const days[][2] = { { "2025-12-31", NULL }, { "2026-01-01", "First" }, { "2026-02-28", "Second" }, { "2026-03-01", "Third" }, { NULL, "Third" } };
	for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
		g_autofree char *title = store_title(e->r, "case", "a", days[i][0], &error);
		g_autoptr(record) whole = store_get(e->r, "case", "a", days[i][0], &error);
		assert_true(g_strcmp0(title, days[i][1]) == 0);
		assert_true(g_strcmp0(whole ? record_title(whole) : NULL, title) == 0);
		assert_null(error);
	}
	assert_null(store_title(e->r, "case", "a", "2026-13-01", &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
}

static void every_time_is_written_as_its_calendar_says(void **state)
{
	(void)state;
	g_autoptr(GRand) dice = g_rand_new_with_seed(9);
	const gint64 first = -62135596800, last = 253402300799; /* 0001-01-01 to 9999-12-31 */
	for (guint i = 0; i < 20000; i++) {
		gint64 day = first / 86400 + (last - first) / 86400 * i / 19999, seconds = day * 86400 + (i % 3 ? g_rand_int_range(dice, 0, 86400) : i % 2 ? 0 : 86399);
		g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc(seconds);
		char text[TIME_TEXT];
		time_text(seconds, text);
		g_autofree char *wanted = g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year(moment), g_date_time_get_month(moment),
			g_date_time_get_day_of_month(moment), g_date_time_get_hour(moment), g_date_time_get_minute(moment), g_date_time_get_second(moment));
		assert_string_equal(text, wanted);
	}
	char leap[TIME_TEXT], century[TIME_TEXT], zero[TIME_TEXT];
	time_text(951782400, leap), time_text(-2203891201, century), time_text(-62167219200, zero);
	assert_string_equal(leap, "2000-02-29T00:00:00Z");
	assert_string_equal(century, "1900-02-28T23:59:59Z");
	assert_string_equal(zero, "0000-01-01T00:00:00Z");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_first_revision_is_numbered_hashed_and_timed),
		TEST(a_later_revision_names_the_one_before),
		cmocka_unit_test(every_time_is_written_as_its_calendar_says),
		TEST(another_revision_than_expected_is_a_conflict_and_changes_nothing),
		TEST(a_callers_changes_are_written_all_or_none),
		TEST(what_cannot_be_a_record_is_refused),
		TEST(time_does_not_run_backwards_in_a_history),
		TEST(many_writers_and_readers_see_whole_transactions),
		TEST(another_process_is_noticed),
		TEST(what_is_held_stays_as_it_is_until_it_is_let_go),
		TEST(a_title_is_that_of_the_day_asked_for),
		TEST(a_reading_connection_cannot_write_or_look_elsewhere),
	};
	return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
