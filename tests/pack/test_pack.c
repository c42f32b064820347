/* Packs made of a store, read back, altered. */
#include "example.h"

#include <string.h>

#include "log/note.h"
#include "pack/pack.h"
#include "record/record.h"

/* A log of one key, whatever its entries. */
typedef struct log_of {
	note_key *key;
	char *public, *signed_text;
	pack_source source;
} log_of;

static log_of source_of(store_reader *r, note_key *key, guint64 size)
{
	merkle_tiles tiles = { store_log_hashes, r };
	log_of l = { key, note_key_public(key), checkpoint_sign(&tiles, size, key, NULL, NULL), { 0 } };
	l.source = (pack_source) { .key = l.public, .checkpoint = l.signed_text };
	pack_source_store(&l.source, r, size);
	return l;
}

static void log_of_clear(log_of *l)
{
	g_free(l->public), g_free(l->signed_text);
}

static gboolean collect(gpointer data, const void *bytes, gsize length, GError **error)
{
	(void)error;
	g_byte_array_append(data, bytes, (guint)length);
	return TRUE;
}

static GByteArray *pack_of(store_reader *r, note_key *key, guint64 size)
{
	log_of l = source_of(r, key, size);
	GByteArray *bytes = g_byte_array_new();
	g_autoptr(GError) error = NULL;
	gboolean ok = pack_write(&l.source, collect, bytes, &error);
	if (!ok)
		fail_msg("%s", error->message);
	log_of_clear(&l);
	return bytes;
}

/* Is the pack of these bytes refused, and with what words? NULL: it holds. */
static char *refusal(const example *e, const GByteArray *bytes)
{
	g_autofree char *path = g_build_filename(e->folder, "some.zip", NULL);
	g_autoptr(GError) error = NULL;
	assert_true(g_file_set_contents(path, (const char *)bytes->data, bytes->len, NULL));
	g_autoptr(pack) p = pack_open(path, &error);
	if (p && pack_verify(p, NULL, &error))
		return NULL;
	assert_true(g_error_matches(error, PACK_ERROR, PACK_ERROR_FALSE));
	return g_strdup(error->message);
}

/* Three records, one of them changed, one withdrawn, one longer than an entry of the log. */
static guint64 fill(example *e)
{
	guint64 size;
	g_autofree char *text = g_strnfill(19000, 'x'), *lessons = g_strdup_printf("{'title':'Long','summary':'%s','challenge':'%s','lessons':['%s','%s']}", text, text, text, text);
	put(e, record_of("case", "one", RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{'title':'One','latitude':46.5,'longitude':-81.0}"));
	put(e, record_of("case", "two", RECORD_PUBLISHED, "2026-01-02T00:00:00Z", "{'title':'Two'}"));
	put(e, record_of("case", "one", RECORD_DRAFT, "2026-01-03T00:00:00Z", "{'title':'One, a draft'}"));
	put(e, record_of("case", "one", RECORD_PUBLISHED, "2026-01-04T00:00:00Z", "{'title':'One again','latitude':46.5,'longitude':-81.0}"));
	put(e, record_of("case", "long", RECORD_PUBLISHED, "2026-01-05T00:00:00Z", lessons));
	put(e, record_of("case", "two", RECORD_WITHDRAWN, "2026-01-06T00:00:00Z", "{'title':'Two'}"));
	put(e, record_of("site", "site", RECORD_PUBLISHED, "2026-01-07T00:00:00Z",
	    "{'name':'Site','boundary':{'type':'MultiPolygon','coordinates':[[[[10,10],[11,10],[11,11],[10,10]]]]}}"));
	assert_true(store_log_size(e->r, &size, NULL));
	return size;
}

static void a_pack_holds_and_is_the_same_when_made_again(void **state)
{
	example *e = *state;
	g_autoptr(note_key) key = note_key_new("land.example.org", NOTE_ED25519, NULL);
	guint64 size = fill(e);
	assert_int_equal(size, 6);
	g_autoptr(GByteArray) once = pack_of(e->r, key, size), again = pack_of(e->r, key, size);
	assert_int_equal(once->len, again->len);
	assert_memory_equal(once->data, again->data, once->len);
	assert_null(refusal(e, once));
	assert_null(memmem(once->data, once->len, "a draft", 7));
}

static void a_pack_of_an_earlier_size_is_that_of_the_log_then(void **state)
{
	example *e = *state;
	g_autoptr(note_key) key = note_key_new("land.example.org", NOTE_ED25519, NULL);
	put(e, record_of("case", "one", RECORD_PUBLISHED, "2026-01-01T00:00:00Z", "{'title':'One'}"));
	g_autoptr(GByteArray) then = pack_of(e->r, key, 1);
	put(e, record_of("case", "two", RECORD_PUBLISHED, "2026-01-02T00:00:00Z", "{'title':'Two'}"));
	g_autoptr(GByteArray) now = pack_of(e->r, key, 1);
	guint64 size;
	assert_int_equal(then->len, now->len);
	assert_memory_equal(then->data, now->data, then->len);
	assert_true(store_log_size_as_of(e->r, "2026-01-01", &size, NULL));
	assert_int_equal(size, 1);
	assert_true(store_log_size_as_of(e->r, "2025-12-31", &size, NULL));
	assert_int_equal(size, 0);
	assert_true(store_log_size_as_of(e->r, "2026-02-01", &size, NULL));
	assert_int_equal(size, 2);
}

static void an_empty_log_has_a_pack_too(void **state)
{
	example *e = *state;
	g_autoptr(note_key) key = note_key_new("land.example.org", NOTE_ED25519, NULL);
	g_autoptr(GByteArray) bytes = pack_of(e->r, key, 0);
	assert_null(refusal(e, bytes));
}

static void every_changed_byte_is_found(void **state)
{
	example *e = *state;
	g_autoptr(note_key) key = note_key_new("land.example.org", NOTE_ED25519, NULL);
	g_autoptr(GByteArray) whole = pack_of(e->r, key, fill(e));
	for (guint at = 0; at < whole->len; at += 17959) {
		whole->data[at] ^= 0x20;
		g_autofree char *says = refusal(e, whole);
		assert_non_null(says);
		whole->data[at] ^= 0x20;
	}
}

/* Files come with the pack when they were there, and only then. */
static void files_that_records_name_come_with_it(void **state)
{
	example *e = *state;
	g_autoptr(note_key) key = note_key_new("land.example.org", NOTE_ED25519, NULL);
	g_autoptr(GBytes) picture = g_bytes_new_static("picture", 7);
	char sha256[65];
	assert_true(store_file_put(e->s, picture, "image/png", sha256, NULL));
	g_autofree char *body = g_strdup_printf("{'title':'P','site':'site','period_from':2000,'period_until':2020,'method':'m','method_version':'1','pictures':[{'title':'t','sha256':'%s'}]}", sha256);
	g_autofree char *name = g_strdup_printf("files/%s.png", sha256);
	put(e, record_of("measurement", "old", RECORD_PUBLISHED, "2001-01-01T00:00:00Z", body));
	g_autoptr(GByteArray) before = pack_of(e->r, key, 1);
	assert_null(memmem(before->data, before->len, name, strlen(name)));
	put(e, record_of("case", "later", RECORD_PUBLISHED, NULL, "{'title':'Later'}"));
	g_autoptr(GByteArray) after = pack_of(e->r, key, 2);
	assert_non_null(memmem(after->data, after->len, name, strlen(name)));
	assert_null(refusal(e, after));
}

/* ---- into an empty store ---- */

static gboolean no_files(gpointer data, store_file_visit visit, gpointer to, GError **error)
{
	(void)data, (void)visit, (void)to, (void)error;
	return TRUE;
}

static void an_empty_store_takes_the_log_in_entry_by_entry(void **state)
{
	example *e = *state, *other = NULL;
	g_autoptr(note_key) key = note_key_new("land.example.org", NOTE_ED25519, NULL);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	guint64 size = fill(e);
	log_of l = source_of(e->r, key, size);
	store_log_source from = { size, l.source.revision, no_files, l.source.data };
	assert_int_equal(example_begin((void **)&other), 0);
	assert_true(store_log_restore(other->s, &from, &error));
	g_autoptr(GByteArray) one = pack_of(e->r, key, size), two = pack_of(other->r, key, size);
	assert_int_equal(one->len, two->len);
	assert_memory_equal(one->data, two->data, one->len);
	assert_true(store_check(other->s, faults, NULL));
	assert_int_equal(faults->len, 0);
	assert_finds(other, "again", "one");
	put(other, record_of("case", "one", RECORD_PUBLISHED, NULL, "{'title':'One once more'}"));
	assert_false(store_log_restore(other->s, &from, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_CONFLICT));
	example_end((void **)&other);
	log_of_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pack_holds_and_is_the_same_when_made_again, example_begin, example_end),
		cmocka_unit_test_setup_teardown(a_pack_of_an_earlier_size_is_that_of_the_log_then, example_begin, example_end),
		cmocka_unit_test_setup_teardown(an_empty_log_has_a_pack_too, example_begin, example_end),
		cmocka_unit_test_setup_teardown(every_changed_byte_is_found, example_begin, example_end),
		cmocka_unit_test_setup_teardown(files_that_records_name_come_with_it, example_begin, example_end),
		cmocka_unit_test_setup_teardown(an_empty_store_takes_the_log_in_entry_by_entry, example_begin, example_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
