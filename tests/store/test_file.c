#include "example.h"

#include <string.h>

#include "base/canonical.h"

static void a_file_comes_back_under_the_hash_of_its_bytes(void **state)
{
	example *e = *state;
	static const char text[] = "\x89PNG\r\n\x1a\n\0more";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof text);
	g_autofree char *sum = sha256_hex(text, sizeof text);
	char name[65];
	const char *type = NULL;
	assert_true(store_file_put(e->s, bytes, "image/png", name, NULL));
	assert_string_equal(name, sum);
	g_autoptr(GBytes) back = store_file_get(e->r, name, &type, NULL);
	assert_true(g_bytes_equal(back, bytes));
	assert_string_equal(type, "image/png");
}

static void the_same_bytes_are_kept_once_with_their_first_type(void **state)
{
	example *e = *state;
	g_autoptr(GBytes) bytes = g_bytes_new_static("a,b", 3);
	char first[65], second[65];
	const char *type = NULL;
	assert_true(store_file_put(e->s, bytes, "text/csv", first, NULL));
	assert_true(store_file_put(e->s, bytes, "text/plain", second, NULL));
	assert_string_equal(first, second);
	g_autoptr(GBytes) back = store_file_get(e->r, first, &type, NULL);
	assert_string_equal(type, "text/csv");
}

static void an_empty_file_is_a_file(void **state)
{
	example *e = *state;
	g_autoptr(GBytes) bytes = g_bytes_new_static("", 0);
	char name[65];
	const char *type = NULL;
	g_autoptr(GError) error = NULL;
	assert_true(store_file_put(e->s, bytes, "text/plain", name, &error));
	assert_string_equal(name, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	g_autoptr(GBytes) back = store_file_get(e->r, name, &type, NULL);
	assert_int_equal(g_bytes_get_size(back), 0);
}

static void what_a_browser_would_run_is_refused(void **state)
{
	example *e = *state;
	static const char *const types[] = { "text/html", "image/svg+xml", "text/javascript", "application/xhtml+xml", "", "image/png; charset=x" };
	g_autoptr(GBytes) bytes = g_bytes_new_static("<script>", 8);
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autoptr(GError) error = NULL;
		char name[65];
		assert_false(store_file_put(e->s, bytes, types[i], name, &error));
		assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
	}
}

static void too_large_a_file_is_refused(void **state)
{
	example *e = *state;
	gsize size = STORE_FILE_BYTES + 1;
	g_autoptr(GBytes) bytes = g_bytes_new_take(g_malloc0(size), size);
	g_autoptr(GError) error = NULL;
	char name[65];
	assert_false(store_file_put(e->s, bytes, "image/png", name, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID));
}

static void a_hash_nobody_has_is_no_file_and_no_error(void **state)
{
	example *e = *state;
	static const char *const names[] = { "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "", "../records.db", "' OR 1" };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *type = NULL;
		g_autoptr(GError) error = NULL;
		assert_null(store_file_get(e->r, names[i], &type, &error));
		assert_null(error);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, example_begin, example_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_comes_back_under_the_hash_of_its_bytes),
		TEST(the_same_bytes_are_kept_once_with_their_first_type),
		TEST(an_empty_file_is_a_file),
		TEST(what_a_browser_would_run_is_refused),
		TEST(too_large_a_file_is_refused),
		TEST(a_hash_nobody_has_is_no_file_and_no_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
