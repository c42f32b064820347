#include "example.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "store/database.h"
#include "store/tokenizer.h"

static void fill(example *e)
{
	put(e, record_of("practice", "liming", RECORD_PUBLISHED, NULL, "{'name':'Liming'}"));
	put(e, record_of("case", "sudbury", RECORD_PUBLISHED, "2026-01-01T00:00:00Z",
	           "{'title':'Sudbury','country':'CAN','start_year':1978,'longitude':-81,'latitude':46,'practices':[{'name':'Lime','practice':['liming']}]}"));
	put(e, record_of("case", "sudbury", RECORD_PUBLISHED, NULL, "{'title':'Sudbury regreened','country':'CAN','start_year':1978}"));
	put(e, record_of("case", "draft", RECORD_DRAFT, NULL, "{'title':'Draft'}"));
	put(e, record_of("case", "gone", RECORD_PUBLISHED, NULL, "{'title':'Gone'}"));
	put(e, record_of("case", "gone", RECORD_WITHDRAWN, NULL, "{'title':'Gone'}"));
	put(e, record_of("site", "tip", RECORD_PUBLISHED, NULL, "{'name':'Tip','country':'CAN','geometry':{'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,0]]]}}"));
}

static GPtrArray *faults_of(example *e)
{
	GPtrArray *faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	if (!store_check(e->s, faults, &error))
		fail_msg("%s", error->message);
	return faults;
}

static void assert_fault(example *e, const char *says)
{
	g_autoptr(GPtrArray) faults = faults_of(e);
	for (guint i = 0; i < faults->len; i++)
		if (strstr(g_ptr_array_index(faults, i), says))
			return;
	fail_msg("no fault says \"%s\"; the first of %u: %s", says, faults->len, faults->len ? (const char *)g_ptr_array_index(faults, 0) : "");
}

static void assert_whole(example *e)
{
	g_autoptr(GPtrArray) faults = faults_of(e);
	if (faults->len)
		fail_msg("%s", (const char *)g_ptr_array_index(faults, 0));
}

/* Does to the file what the program never would. */
static void tamper(example *e, const char *text)
{
	database d;
	g_autoptr(GError) error = NULL;
	assert_true(database_open(&d, e->path, DATABASE_WRITE, &error));
	if (!database_execute(&d, text, &error))
		fail_msg("%s", error->message);
	database_close(&d);
}

static void a_store_in_use_is_whole(void **state)
{
	fill(*state);
	assert_whole(*state);
}

static void a_rebuild_gives_the_same_bytes(void **state)
{
	example *e = *state;
	fill(e);
	g_autofree char *before = store_projection_hash(e->s, NULL);
	assert_true(store_rebuild(e->s, NULL));
	g_autofree char *after = store_projection_hash(e->s, NULL);
	assert_string_equal(before, after);
	assert_finds(e, "sudbury", "sudbury");
	put_case(e, "more", "More Sudbury", "s", "x");
	g_autofree char *different = store_projection_hash(e->s, NULL);
	assert_string_not_equal(different, after);
	assert_whole(e);
}

static void projections_that_differ_are_found_and_mended_by_a_rebuild(void **state)
{
	example *e = *state;
	static const char *const tampering[] = {
		"UPDATE document SET title = 'Salem' WHERE id = 'sudbury'", "DELETE FROM facet", "DELETE FROM sort_key WHERE path = 'title'",
		"UPDATE place SET longitude = 0", "DELETE FROM reference", "UPDATE place_box SET west = -180, east = 180", "DELETE FROM text", "UPDATE text SET shown_summary = 'other'",
		"INSERT INTO words (words) VALUES ('delete-all')", "UPDATE facet_value SET value = 'USA' WHERE value = 'CAN'", "UPDATE face SET area = area + 1",
		"DELETE FROM land", "UPDATE shape SET boundary = zeroblob(9)", "DELETE FROM shape_box",
	};
	fill(e);
	for (gsize i = 0; i < G_N_ELEMENTS(tampering); i++) {
		tamper(e, tampering[i]);
		assert_fault(e, "check --rebuild");
		assert_true(store_rebuild(e->s, NULL));
		assert_whole(e);
	}
	assert_finds(e, "sudbury", "sudbury");
}

static char *title_shown(example *e)
{
	g_autoptr(store_result) found = store_search(e->r, &(store_query) { .kind = "case", .text = "sudbury" }, NULL);
	assert_int_equal(found->n, 1);
	return g_strdup(found->hits[0].title);
}

static void what_memory_keeps_of_projections_goes_with_a_rebuild(void **state)
{
	example *e = *state;
	fill(e);
	tamper(e, "UPDATE text SET shown_title = 'Salem' WHERE id = 'sudbury'");
	g_autofree char *before = title_shown(e);
	assert_string_equal(before, "Salem");
	assert_true(store_rebuild(e->s, NULL));
	g_autofree char *after = title_shown(e);
	assert_string_equal(after, "Sudbury regreened");
}

static void hits_are_kept_in_memory_and_with_no_room_for_them_read_again(void **state)
{
	example *e = *state;
	fill(e);
	g_autofree char *read = title_shown(e);
	tamper(e, "UPDATE text SET shown_title = 'Salem' WHERE id = 'sudbury'");
	put_case(e, "more", "Another", "s", "x"); /* what is kept outlives a newer state of the records */
	g_autofree char *kept = title_shown(e);
	store_keep_rows(e->s, 0);
	g_autofree char *read_again = title_shown(e);
	assert_string_equal(read, "Sudbury regreened");
	assert_string_equal(kept, "Sudbury regreened");
	assert_string_equal(read_again, "Salem");
}

static void an_altered_revision_is_found(void **state)
{
	example *e = *state;
	fill(e);
	tamper(e, "DROP TRIGGER revision_is_not_changed; UPDATE revision SET envelope = replace(envelope, '1978', '1987') WHERE id = 'sudbury' AND revision = 2");
	assert_fault(e, "case sudbury, revision 2: its text does not have its hash");
}

static void a_revision_altered_with_its_hash_breaks_the_chain(void **state)
{
	example *e = *state;
	fill(e);
	g_autoptr(record) r = store_revision(e->r, "case", "sudbury", 1, NULL);
	json_object_set_new(r->body, "start_year", json_integer(1987));
	g_autofree char *envelope = record_canonical(r, NULL, NULL);
	char *text = sqlite3_mprintf("DROP TRIGGER revision_is_not_changed; UPDATE revision SET envelope = %Q, hash = %Q WHERE id = 'sudbury' AND revision = 1",
	    envelope, r->hash);
	tamper(e, text);
	sqlite3_free(text);
	assert_fault(e, "case sudbury, revision 2: does not follow the revision before it");
}

static void a_deleted_revision_is_missed(void **state)
{
	example *e = *state;
	fill(e);
	tamper(e, "PRAGMA foreign_keys = OFF; DROP TRIGGER revision_is_not_deleted; DELETE FROM revision WHERE id = 'sudbury' AND revision = 1");
	assert_fault(e, "case sudbury: revision 1 is missing");
}

static void columns_that_differ_from_the_text_are_found(void **state)
{
	example *e = *state;
	fill(e);
	tamper(e, "DROP TRIGGER revision_is_not_changed; UPDATE revision SET state = 3 WHERE id = 'draft'");
	assert_fault(e, "case draft, revision 1: its state differs");
}

static void a_log_that_differs_from_the_revisions_is_found(void **state)
{
	example *e = *state;
	static const char *const tampering[][2] = {
		{ "UPDATE log_tile SET hashes = zeroblob(length(hashes))", "tile 0 of level 0 does not follow" },
		{ "UPDATE log_tile SET hashes = substr(hashes, 1, 64)", "its tree has 2 entries" },
		{ "DROP TRIGGER log_entry_is_not_deleted; DELETE FROM log_entry WHERE number = 1", "are not the entries they should be" },
		{ "DROP TRIGGER log_entry_is_not_changed; UPDATE log_entry SET seq = 4 WHERE number = 2", "are not the entries they should be" },
		{ "INSERT INTO log_checkpoint VALUES (2, 'land.example' || char(10) || '2' || char(10) || 'AAAA' || char(10))", "what was signed for 2 entries" },
		{ "INSERT INTO log_checkpoint VALUES (9, 'land.example' || char(10) || '9' || char(10) || 'AAAA' || char(10))", "what was signed for 9 entries" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(tampering); i++) {
		if (i)
			example_end(state), example_begin(state), e = *state;
		fill(e);
		tamper(e, tampering[i][0]);
		assert_fault(e, tampering[i][1]);
	}
}

static void an_altered_file_is_found(void **state)
{
	example *e = *state;
	char sum[65];
	g_autoptr(GBytes) bytes = g_bytes_new_static("picture", 7);
	assert_true(store_file_put(e->s, bytes, "image/png", sum, NULL));
	assert_whole(e);
	tamper(e, "DROP TRIGGER file_is_not_changed; UPDATE file SET bytes = x'00'");
	assert_fault(e, "its bytes do not have this hash");
}

/* Overwrites a page in the middle of the file. */
static void a_damaged_file_is_found_or_refused(void **state)
{
	example *e = *state;
	fill(e);
	store_reader_close(g_steal_pointer(&e->r));
	store_close(g_steal_pointer(&e->s));
	g_autofree char *whole = NULL;
	gsize length;
	assert_true(g_file_get_contents(e->path, &whole, &length, NULL));
	for (gsize page = 0; page * 4096 < length; page++) {
		g_autofree char *damaged = g_memdup2(whole, length);
		memset(damaged + page * 4096 + (page == 0 ? 100 : 0), 0x5A, 3000);
		assert_true(g_file_set_contents(e->path, damaged, (gssize)length, NULL));
		g_autoptr(GError) error = NULL;
		g_autoptr(store) s = store_open(e->path, STORE_OPEN, &error);
		g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
		gboolean looked = s && store_check(s, faults, &error);
		assert_true(looked ? faults->len > 0 : error != NULL);
	}
	assert_true(g_file_set_contents(e->path, whole, (gssize)length, NULL));
	g_autoptr(GError) error = NULL;
	e->s = store_open(e->path, STORE_OPEN, &error);
	e->r = store_reader_open(e->s, &error);
	assert_null(error);
	assert_whole(e);
}

static void other_files_and_newer_stores_are_refused_with_a_remedy(void **state)
{
	example *e = *state;
	g_autofree char *other = g_build_filename(e->folder, "other", NULL);
	g_autoptr(GError) error = NULL;
	assert_null(store_open(other, STORE_OPEN, &error));
	assert_non_null(strstr(error->message, "aftermine init"));
	g_clear_error(&error);
	assert_null(store_open(e->path, STORE_CREATE, &error));
	assert_non_null(strstr(error->message, "already there"));
	g_clear_error(&error);
	assert_true(g_file_set_contents(other, "This is a letter, not a database. It is long enough to have a header of its own, one hundred bytes and more.", -1, NULL));
	assert_null(store_open(other, STORE_OPEN, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_DAMAGED));
	g_clear_error(&error);
	sqlite3 *handle = NULL;
	g_unlink(other);
	sqlite3_open(other, &handle);
	sqlite3_exec(handle, "CREATE TABLE t (x)", NULL, NULL, NULL);
	sqlite3_close(handle);
	assert_null(store_open(other, STORE_OPEN, &error));
	assert_non_null(strstr(error->message, "is not an aftermine database"));
	g_clear_error(&error);
	tamper(e, "PRAGMA user_version = 999");
	assert_null(store_open(e->path, STORE_OPEN, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_NEWER));
}

/* Every page of the closed file, and that one which changes is told of. */
static void assert_pages_have_sums(const char *path)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *bytes = NULL;
	gsize length;
	assert_true(store_file_check(path, faults, NULL));
	assert_int_equal(faults->len, 0);
	assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	assert_int_equal(bytes[20], 8);
	bytes[length / 2] ^= 1;
	assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
	assert_true(store_file_check(path, faults, NULL));
	assert_int_equal(faults->len, 1);
}

static void every_older_schema_is_migrated_with_its_records(void **state)
{
	example *e = *state;
	for (guint version = 0; version < database_schema_newest(); version++) {
		g_autofree char *path = g_strdup_printf("%s/v%u.db", e->folder, version);
		sqlite3 *handle = NULL;
		assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
		sqlite3_exec(handle, "PRAGMA application_id = 1095128141", NULL, NULL, NULL);
		sqlite3_close(handle);
		database d = { .path = g_strdup(path) };
		g_autoptr(GError) error = NULL;
		assert_int_equal(sqlite3_open(path, &d.handle), SQLITE_OK);
		assert_int_equal(tokenizer_register(d.handle), SQLITE_OK);
		assert_true(version == 0 || database_migrate(&d, version, &error));
		database_close(&d);
		g_autoptr(store) s = store_open(path, STORE_OPEN, &error);
		if (!s)
			fail_msg("%s", error->message);
		example old = { .s = s };
		put_case(&old, "a", "T", "s", "x");
		assert_whole(&old);
		g_clear_pointer(&s, store_close);
		assert_pages_have_sums(path);
	}
}

/* As it was before version 10, when a hit was read from two rows. */
static void texts_of_an_older_schema_get_what_their_hits_show(void **state)
{
	example *e = *state;
	fill(e);
	tamper(e, "CREATE TABLE before (document INTEGER PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL, body TEXT NOT NULL) STRICT;"
	          "INSERT INTO before SELECT document, title, summary, body FROM text; DROP TABLE text; ALTER TABLE before RENAME TO text;"
	          "PRAGMA user_version = 9");
	example_reopen(e);
	assert_whole(e);
	g_autoptr(store_result) found = store_search(e->r, &(store_query) { .text = "regreened", .briefs = TRUE }, NULL);
	assert_int_equal(found->n, 1);
	assert_string_equal(found->hits[0].id, "sudbury");
	assert_int_equal(found->hits[0].revision, 2);
	assert_string_equal(found->hits[0].title, "Sudbury regreened");
	assert_string_equal(canonical_leaf_text(found->hits[0].brief, "country"), "CAN");
	put_case(e, "more", "More Sudbury", "s", "x");
	assert_finds(e, "more", "more");
	assert_whole(e);
}

static void projections_of_an_older_program_are_made_anew_on_opening(void **state)
{
	example *e = *state;
	fill(e);
	tamper(e, "UPDATE about SET value = 'older' WHERE name = 'projection'; DELETE FROM facet; UPDATE document SET title = 'Old'");
	example_reopen(e);
	assert_whole(e);
	assert_finds(e, "regreened", "sudbury");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_store_in_use_is_whole),
		TEST(a_rebuild_gives_the_same_bytes),
		TEST(projections_that_differ_are_found_and_mended_by_a_rebuild),
		TEST(what_memory_keeps_of_projections_goes_with_a_rebuild),
		TEST(hits_are_kept_in_memory_and_with_no_room_for_them_read_again),
		TEST(an_altered_revision_is_found),
		TEST(a_revision_altered_with_its_hash_breaks_the_chain),
		TEST(a_deleted_revision_is_missed),
		TEST(columns_that_differ_from_the_text_are_found),
		TEST(a_log_that_differs_from_the_revisions_is_found),
		TEST(an_altered_file_is_found),
		TEST(a_damaged_file_is_found_or_refused),
		TEST(other_files_and_newer_stores_are_refused_with_a_remedy),
		TEST(every_older_schema_is_migrated_with_its_records),
		TEST(texts_of_an_older_schema_get_what_their_hits_show),
		TEST(projections_of_an_older_program_are_made_anew_on_opening),
	};
	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
