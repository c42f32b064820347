#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/tile.h"

static void names_are_those_of_the_specification(void **state)
{
	(void)state;
	static const struct { const char *path; tile_name name; } good[] = {
		{ "0/x001/x234/067", { 0, 1234067, 256 } }, { "entries/000", { TILE_ENTRIES, 0, 256 } }, { "1/000.p/17", { 1, 0, 17 } },
		{ "entries/x001/067.p/255", { TILE_ENTRIES, 1067, 255 } }, { "63/999", { 63, 999, 256 } },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		tile_name name;
		assert_true(tile_name_parse(good[i].path, &name));
		assert_int_equal(name.level, good[i].name.level);
		assert_int_equal(name.n, good[i].name.n);
		assert_int_equal(name.width, good[i].name.width);
		g_autofree char *path = tile_name_path(&name);
		assert_string_equal(path, good[i].path);
	}
}

static void what_is_not_a_name_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "0", "0/", "0/1", "0/0001", "0/x001", "0/x000/001", "0/001/002", "64/000", "-1/000", "00/000", "entry/000", "0/000.p/0", "0/000.p/256", "0/000.p/01",
		"0/000.p", "0/000.p/1/2", "0/x999/x999/x999/x999/x999/x999/x999/999", "0/../000", "0/00a", "entries/x001/", "0/000.p/", "0//000",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		tile_name name;
		assert_false(tile_name_parse(bad[i], &name));
	}
}

static void count(const tile_name *name, gpointer data)
{
	g_autofree char *path = tile_name_path(name);
	g_ptr_array_add(data, g_steal_pointer(&path));
	assert_true(tile_exists(name, 70000));
}

static void a_tree_of_70000_has_the_tiles_the_specification_counts(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	tiles_each(0, 70000, count, paths);
	/* 274 bundles, 274 tiles of leaves, 2 above them, 1 above those */
	assert_int_equal(paths->len, 274 + 274 + 2 + 1);
	assert_string_equal(g_ptr_array_index(paths, 273), "entries/273.p/112");
	assert_string_equal(g_ptr_array_index(paths, 547), "0/273.p/112");
	assert_string_equal(g_ptr_array_index(paths, 548), "1/000");
	assert_string_equal(g_ptr_array_index(paths, 549), "1/001.p/17");
	assert_string_equal(g_ptr_array_index(paths, 550), "2/000.p/1");
	g_ptr_array_set_size(paths, 0);
	tiles_each(69999, 70000, count, paths);
	assert_int_equal(paths->len, 2);
	tile_name beyond = { 0, 274, 1 }, wide = { 0, 273, 113 }, whole = { 0, 273, 256 }, high = { 9, 0, 1 };
	assert_false(tile_exists(&beyond, 70000) || tile_exists(&wide, 70000) || tile_exists(&whole, 70000) || tile_exists(&high, 70000));
}

static void bundles_give_back_their_entries_and_stop_at_damage(void **state)
{
	(void)state;
	g_autoptr(GByteArray) bundle = g_byte_array_new();
	g_autofree char *longest = g_strnfill(TILE_ENTRY_BYTES, 'x');
	bundle_add(bundle, "one", 3);
	bundle_add(bundle, "", 0);
	bundle_add(bundle, longest, TILE_ENTRY_BYTES);
	gsize at = 0, length;
	const guint8 *entry;
	assert_true(bundle_next(bundle->data, bundle->len, &at, &entry, &length));
	assert_int_equal(length, 3);
	assert_memory_equal(entry, "one", 3);
	assert_true(bundle_next(bundle->data, bundle->len, &at, &entry, &length));
	assert_int_equal(length, 0);
	assert_false(bundle_next(bundle->data, bundle->len - 1, &at, &entry, &length));
	assert_true(at < bundle->len - 1);
	assert_true(bundle_next(bundle->data, bundle->len, &at, &entry, &length));
	assert_int_equal(length, TILE_ENTRY_BYTES);
	assert_false(bundle_next(bundle->data, bundle->len, &at, &entry, &length));
	assert_int_equal(at, bundle->len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_the_specification),
		cmocka_unit_test(what_is_not_a_name_is_refused),
		cmocka_unit_test(a_tree_of_70000_has_the_tiles_the_specification_counts),
		cmocka_unit_test(bundles_give_back_their_entries_and_stop_at_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
