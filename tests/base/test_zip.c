#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/zip.h"

static gboolean collect(gpointer data, const void *bytes, gsize length, GError **error)
{
	(void)error;
	g_byte_array_append(data, bytes, (guint)length);
	return TRUE;
}

/* An archive of two members. */
static GByteArray *small(void)
{
	GByteArray *out = g_byte_array_new();
	g_autoptr(zip_writer) w = zip_writer_new(collect, out);
	assert_true(zip_add(w, "read-me.txt", "Read me.\n", 9, NULL));
	assert_true(zip_add(w, "log/empty", NULL, 0, NULL));
	assert_true(zip_finish(w, NULL));
	return out;
}

static zip_reader *reader_of(GByteArray *taken, GError **error)
{
	g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(taken);
	return zip_open(bytes, error);
}

static void members_come_back_by_their_names(void **state)
{
	(void)state;
	gsize length;
	g_autoptr(GError) error = NULL;
	g_autoptr(zip_reader) r = reader_of(small(), &error);
	assert_null(error);
	assert_int_equal(zip_count(r), 2);
	assert_string_equal(zip_name(r, 1), "log/empty");
	assert_memory_equal(zip_get(r, "read-me.txt", &length, NULL), "Read me.\n", 9);
	assert_int_equal(length, 9);
	assert_non_null(zip_get(r, "log/empty", &length, NULL));
	assert_int_equal(length, 0);
	assert_null(zip_get(r, "none", &length, &error));
	assert_null(error);
}

static void the_bytes_are_those_of_the_form(void **state)
{
	(void)state;
	/* APPNOTE 6.3: version 2.0, names in UTF-8, stored, 1980-01-01 00:00; nothing beside heads, names and contents. */
	g_autoptr(GByteArray) once = small(), again = small();
	assert_int_equal(once->len, again->len);
	assert_memory_equal(once->data, again->data, once->len);
	static const guint8 head[] = { 'P', 'K', 3, 4, 20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0 };
	assert_memory_equal(once->data, head, sizeof head);
	assert_int_equal(once->len, 30 + 11 + 9 + 30 + 9 + 46 + 11 + 46 + 9 + 22);
}

static void a_file_becomes_the_same_member_as_its_bytes(void **state)
{
	(void)state;
	g_autoptr(GByteArray) one = g_byte_array_new(), other = g_byte_array_new();
	g_autofree char *text = g_strnfill(600000, 'a');
	FILE *file = tmpfile();
	assert_int_equal(fwrite(text, 1, 600000, file), 600000);
	g_autoptr(zip_writer) w = zip_writer_new(collect, one), v = zip_writer_new(collect, other);
	assert_true(zip_add_file(w, "a", file, NULL) && zip_finish(w, NULL));
	assert_true(zip_add(v, "a", text, 600000, NULL) && zip_finish(v, NULL));
	fclose(file);
	assert_int_equal(one->len, other->len);
	assert_memory_equal(one->data, other->data, one->len);
}

static void more_members_than_two_bytes_count_are_read_back(void **state)
{
	(void)state;
	const guint n = 66000;
	GByteArray *out = g_byte_array_new();
	g_autoptr(zip_writer) w = zip_writer_new(collect, out);
	for (guint i = 0; i < n; i++) {
		char name[16];
		g_snprintf(name, sizeof name, "%u", i);
		assert_true(zip_add(w, name, name, strlen(name), NULL));
	}
	assert_true(zip_finish(w, NULL));
	gsize length;
	g_autoptr(zip_reader) r = reader_of(out, NULL);
	assert_int_equal(zip_count(r), n);
	assert_memory_equal(zip_get(r, "65999", &length, NULL), "65999", 5);
}

/* Whatever byte is changed: the archive is refused, a member is, or it holds other names; nothing is read beyond it. */
static void a_changed_byte_is_refused_or_is_another_archive(void **state)
{
	(void)state;
	g_autoptr(GByteArray) whole = small();
	for (guint at = 0; at < whole->len; at++) {
		GByteArray *changed = g_byte_array_append(g_byte_array_new(), whole->data, whole->len);
		gsize length;
		changed->data[at] ^= 0x41;
		g_autoptr(GError) error = NULL;
		g_autoptr(zip_reader) r = reader_of(changed, NULL);
		const guint8 *bytes = r ? zip_get(r, "read-me.txt", &length, &error) : NULL;
		assert_true(!bytes || (length == 9 && memcmp(bytes, "Read me.\n", 9) == 0));
	}
}

static void names_that_leave_the_folder_are_refused(void **state)
{
	(void)state;
	static const char *const names[] = { "../up", "/root", "a//b", "a/./b", "a\\b", "" };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		GByteArray *out = g_byte_array_new();
		g_autoptr(zip_writer) w = zip_writer_new(collect, out);
		g_autoptr(GError) error = NULL;
		assert_true(zip_add(w, names[i], "x", 1, NULL) && zip_finish(w, NULL));
		assert_null(reader_of(out, &error));
		assert_non_null(error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_back_by_their_names),
		cmocka_unit_test(the_bytes_are_those_of_the_form),
		cmocka_unit_test(a_file_becomes_the_same_member_as_its_bytes),
		cmocka_unit_test(more_members_than_two_bytes_count_are_read_back),
		cmocka_unit_test(a_changed_byte_is_refused_or_is_another_archive),
		cmocka_unit_test(names_that_leave_the_folder_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
