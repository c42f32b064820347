/* The log over HTTP: what programs fetch, and that it proves what it says. */
#include "site.h"

#include <string.h>

#include "log/checkpoint.h"

static int begin(void **state)
{
	site *s = site_start(NULL, routes, routes_count);
	for (int i = 1; i <= 5; i++) {
		g_autofree char *id = g_strdup_printf("liming-%d", i), *body = g_strdup_printf("{'name':'Liming %d'}", i);
		site_put(s, "practice", id, body);
	}
	site_put(s, "practice", "liming-2", "{'name':'Liming, slowly'}");
	*state = s;
	return 0;
}

static int end(void **state)
{
	site_stop(*state);
	return 0;
}

static void the_proof_of_each_revision_holds_and_of_no_other(void **state)
{
	site *s = *state;
	g_autoptr(reply) key_text = get(s, "/log/key", "");
	g_autoptr(note_key) key = note_key_parse(reply_text(key_text), NULL);
	assert_non_null(key);
	static const char *const names[] = { "liming-1/1", "liming-2/1", "liming-2/2", "liming-5/1" };
	g_autoptr(GBytes) before = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_auto(GStrv) part = g_strsplit(names[i], "/", 2);
		g_autofree char *where = g_strconcat("/log/proof/practice/", names[i], NULL), *what = g_strdup_printf("/api/records/practice/%s/revisions/%s", part[0], part[1]);
		g_autoptr(reply) proof = get(s, where, ""), entry = get(s, what, "");
		g_auto(log_proof) p = { 0 };
		g_autoptr(GError) error = NULL;
		assert_int_equal(proof->status, 200);
		assert_true(log_proof_parse((const char *)proof->body->data, proof->body->len, &p, NULL));
		if (!log_proof_holds(&p, entry->body->data, entry->body->len, key, &error))
			fail_msg("%s: %s", names[i], error->message);
		if (before)
			assert_false(log_proof_holds(&p, g_bytes_get_data(before, NULL), g_bytes_get_size(before), key, NULL));
		g_clear_pointer(&before, g_bytes_unref);
		before = g_bytes_new(entry->body->data, entry->body->len);
	}
}

static void a_checkpoint_stays_what_it_was_and_the_next_continues_it(void **state)
{
	site *s = *state;
	g_autoptr(reply) first = get(s, "/log/checkpoint", ""), again = get(s, "/log/checkpoint", "");
	assert_string_equal(reply_text(first), reply_text(again));
	site_put(s, "practice", "hydroseeding", "{'name':'Hydroseeding'}");
	g_autoptr(reply) next = get(s, "/log/checkpoint", "");
	g_auto(checkpoint) a = { 0 }, b = { 0 };
	assert_true(checkpoint_parse(reply_text(first), &a, NULL));
	assert_true(checkpoint_parse(reply_text(next), &b, NULL));
	assert_int_equal(b.size, a.size + 1);
	assert_string_not_equal(reply_text(first), reply_text(next));
}

static void what_the_log_does_not_have_is_not_found(void **state)
{
	site *s = *state;
	static const char *const none[] = {
		"/log/tile/0/001", "/log/tile/0/000", "/log/tile/0/000.p/7", "/log/tile/1/000.p/1", "/log/tile/entries/000.p/7", "/log/tile/64/000", "/log/tile/x", "/log/tile/0/../000",
		"/log/proof/practice/liming-1/2", "/log/proof/practice/nothing/1", "/log/proof/nothing/liming-1/1", "/log/proof/practice/liming-1/0", "/log/proof/practice/liming-1/x",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autoptr(reply) r = get(s, none[i], "");
		if (r->status != 404 && r->status != 400)
			fail_msg("%d for %s", r->status, none[i]);
	}
	g_autoptr(reply) tile = get(s, "/log/tile/0/000.p/6", ""), bundle = get(s, "/log/tile/entries/000.p/2", "");
	assert_int_equal(tile->status, 200);
	assert_int_equal(tile->body->len, 6 * 32);
	assert_string_equal(reply_header(tile, "Content-Type"), "application/octet-stream");
	assert_non_null(strstr(reply_header(tile, "Cache-Control"), "immutable"));
	assert_int_equal(bundle->status, 200);
}

static void a_history_that_was_changed_is_not_signed(void **state)
{
	site *s = *state;
	g_autoptr(reply) good = get(s, "/log/checkpoint", "");
	assert_int_equal(good->status, 200);
	g_autofree char *other = g_strdup(reply_text(good));
	char *root = strchr(strchr(other, '\n') + 1, '\n') + 1;
	*root = *root == 'A' ? 'B' : 'A';
	g_auto(GStrv) lines = g_strsplit(other, "\n", 4);
	g_autofree char *text = g_strdup_printf("%s\n%s\n%s\n", lines[0], lines[1], lines[2]), *line = note_sign(s->key, text, 0), *forged = g_strconcat(text, "\n", line, NULL);
	assert_true(store_log_keep(s->records, 6, forged, NULL));
	site_put(s, "practice", "hydroseeding", "{'name':'Hydroseeding'}");
	g_autoptr(reply) refused = get(s, "/log/checkpoint", "");
	assert_int_equal(refused->status, 500);
}

static gboolean says(const reply *page, const char *text)
{
	return strstr(reply_text(page), text) != NULL;
}

static void a_certificate_says_what_was_published_and_what_became_of_it(void **state)
{
	site *s = *state;
	g_autoptr(reply) old = get(s, "/log/certificate/practice/liming-2/1", ""), now = get(s, "/log/certificate/practice/liming-2/2", ""), signed_text = get(s, "/log/checkpoint", "");
	store_reader *r = store_reader_open(s->records, NULL);
	g_autoptr(record) first = store_revision(r, "practice", "liming-2", 1, NULL), second = store_revision(r, "practice", "liming-2", 2, NULL);
	g_auto(checkpoint) c = { 0 };
	assert_true(checkpoint_parse(reply_text(signed_text), &c, NULL));
	g_autofree char *root = log_hash_text(&c.root);
	store_reader_close(r);
	assert_int_equal(old->status, 200);
	assert_true(says(old, "<h1>Liming 2</h1>") && says(old, first->hash) && says(old, "It was changed since: revision 2"));
	assert_true(says(now, "<h1>Liming, slowly</h1>") && says(now, second->hash) && !says(now, "It was changed since"));
	assert_true(says(now, "5 of 6, counted from 0") && says(now, root) && says(now, "/log/code/practice/liming-2/2.svg") && says(now, "/log/verify?of=practice/liming-2/2"));
	static const char *const none[] = { "practice/liming-2/3", "practice/liming-2/0", "practice/nothing/1", "nothing/liming-2/1", "practice/liming-2/x" };
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autofree char *where = g_strconcat("/log/certificate/", none[i], NULL);
		g_autoptr(reply) missing = get(s, where, "");
		assert_int_equal(missing->status, 404);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_proof_of_each_revision_holds_and_of_no_other),
		TEST(a_checkpoint_stays_what_it_was_and_the_next_continues_it),
		TEST(what_the_log_does_not_have_is_not_found),
		TEST(a_certificate_says_what_was_published_and_what_became_of_it),
		TEST(a_history_that_was_changed_is_not_signed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
