#include "example.h"

#include <string.h>

#include "store/database.h"

static void publish(example *e, guint n, const char *prefix)
{
	g_autofree store_change *changes = g_new0(store_change, n);
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("%s-%u", prefix, i), *body = g_strdup_printf("{'name':'%s'}", id);
		changes[i].record = record_of("practice", id, RECORD_PUBLISHED, "2026-08-24T09:00:00Z", body);
	}
	if (!store_write(e->s, changes, n, &error))
		fail_msg("%s", error->message);
	for (guint i = 0; i < n; i++)
		record_free(changes[i].record);
}

static guint64 size_of(example *e)
{
	guint64 size;
	assert_true(store_log_size(e->r, &size, NULL));
	return size;
}

/* The tree of the entries read back one by one: the second way. */
static merkle_hash root_by_entries(example *e, guint64 first, guint64 n)
{
	if (n == 1) {
		g_auto(store_log_entry) entry;
		assert_true(store_log_entry_get(e->r, first, &entry, NULL));
		return merkle_leaf(entry.bytes, entry.length);
	}
	guint64 k = 1;
	while (2 * k < n)
		k *= 2;
	merkle_hash left = root_by_entries(e, first, k), right = root_by_entries(e, first + k, n - k);
	return merkle_node(&left, &right);
}

static merkle_hash root_of(example *e, guint64 size)
{
	merkle_tiles tiles = { store_log_hashes, e->r };
	merkle_hash root;
	assert_true(merkle_root(&tiles, size, &root, NULL));
	return root;
}

static void only_what_is_public_is_an_entry_in_the_order_of_publication(void **state)
{
	example *e = *state;
	put(e, record_of("practice", "liming", RECORD_DRAFT, NULL, "{'name':'Liming'}"));
	put(e, record_of("practice", "hydroseeding", RECORD_PUBLISHED, NULL, "{'name':'Hydroseeding'}"));
	put(e, record_of("practice", "liming", RECORD_PUBLISHED, NULL, "{'name':'Liming'}"));
	put(e, record_of("practice", "hydroseeding", RECORD_WITHDRAWN, NULL, "{'name':'Hydroseeding'}"));
	static const struct { const char *id; guint revision; } should[] = { { "hydroseeding", 1 }, { "liming", 2 }, { "hydroseeding", 2 } };
	assert_int_equal(size_of(e), 3);
	for (guint64 i = 0; i < 3; i++) {
		guint64 number;
		g_auto(store_log_entry) entry;
		assert_true(store_log_entry_get(e->r, i, &entry, NULL));
		assert_string_equal(entry.id, should[i].id);
		assert_int_equal(entry.revision, should[i].revision);
		assert_true(store_log_number(e->r, "practice", should[i].id, should[i].revision, &number, NULL));
		assert_int_equal(number, i);
	}
	guint64 number;
	g_autoptr(GError) error = NULL;
	assert_false(store_log_number(e->r, "practice", "liming", 1, &number, &error));
	assert_null(error);
	g_auto(store_log_entry) none;
	assert_false(store_log_entry_get(e->r, 3, &none, &error));
	assert_null(error);
}

static void the_tree_is_that_of_the_entries_however_they_came(void **state)
{
	example *e = *state;
	static const guint groups[] = { 1, 2, 252, 1, 1, 300, 7 };
	guint64 size = 0;
	for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
		g_autofree char *prefix = g_strdup_printf("p%u", i);
		publish(e, groups[i], prefix);
		size += groups[i];
		assert_int_equal(size_of(e), size);
		merkle_hash is = root_of(e, size), should = root_by_entries(e, 0, size);
		assert_true(merkle_equal(&is, &should));
	}
	/* Roots of the past stay what they were. */
	for (guint64 n = 1; n <= size; n += 37) {
		merkle_hash is = root_of(e, n), should = root_by_entries(e, 0, n);
		assert_true(merkle_equal(&is, &should));
	}
}

static void a_refused_change_leaves_no_entry(void **state)
{
	example *e = *state;
	publish(e, 3, "good");
	merkle_hash before = root_of(e, 3);
	store_change changes[2] = { { record_of("practice", "fine", RECORD_PUBLISHED, NULL, "{'name':'Fine'}"), 0 },
		{ record_of("practice", "good-1", RECORD_PUBLISHED, NULL, "{'name':'Good'}"), 0 } };
	assert_false(store_write(e->s, changes, 2, NULL));
	record_free(changes[0].record), record_free(changes[1].record);
	merkle_hash after = root_of(e, size_of(e));
	assert_true(merkle_equal(&before, &after));
}

static void a_long_revision_is_in_the_log_by_its_hash(void **state)
{
	example *e = *state;
	g_autofree char *name = g_strnfill(70000, 'x'), *body = g_strdup_printf("{'name':'%s'}", name);
	put(e, record_of("practice", "long", RECORD_PUBLISHED, NULL, body));
	g_auto(store_log_entry) entry;
	assert_true(store_log_entry_get(e->r, 0, &entry, NULL));
	assert_int_equal(entry.length, strlen("sha256:") + 64);
	g_autoptr(record) r = store_get(e->r, "practice", "long", NULL, NULL);
	assert_string_equal(entry.bytes + strlen("sha256:"), r->hash);
}

static void a_database_from_before_there_was_a_log_gets_its_log(void **state)
{
	example *e = *state;
	publish(e, 300, "old");
	merkle_hash before = root_of(e, 300);
	database d;
	assert_true(database_open(&d, e->path, DATABASE_WRITE, NULL));
	assert_true(database_execute(&d, "DELETE FROM log_tile", NULL));
	database_close(&d);
	example_reopen(e);
	assert_int_equal(size_of(e), 300);
	merkle_hash after = root_of(e, 300);
	assert_true(merkle_equal(&before, &after));
}

static void the_newest_checkpoint_of_at_most_a_size_is_found(void **state)
{
	example *e = *state;
	assert_null(store_log_checkpoint(e->r, 10, NULL));
	assert_true(store_log_keep(e->s, 3, "three", NULL));
	assert_true(store_log_keep(e->s, 8, "eight", NULL));
	assert_true(store_log_keep(e->s, 8, "eight, seen by a witness", NULL));
	g_autofree char *three = store_log_checkpoint(e->r, 7, NULL), *eight = store_log_checkpoint(e->r, G_MAXUINT64, NULL);
	assert_string_equal(three, "three");
	assert_string_equal(eight, "eight, seen by a witness");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_what_is_public_is_an_entry_in_the_order_of_publication, example_begin, example_end),
		cmocka_unit_test_setup_teardown(the_tree_is_that_of_the_entries_however_they_came, example_begin, example_end),
		cmocka_unit_test_setup_teardown(a_refused_change_leaves_no_entry, example_begin, example_end),
		cmocka_unit_test_setup_teardown(a_long_revision_is_in_the_log_by_its_hash, example_begin, example_end),
		cmocka_unit_test_setup_teardown(a_database_from_before_there_was_a_log_gets_its_log, example_begin, example_end),
		cmocka_unit_test_setup_teardown(the_newest_checkpoint_of_at_most_a_size_is_found, example_begin, example_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
