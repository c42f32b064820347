#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/witness.h"

/* A log of up to eight entries, small enough to know its hashes by heart. */
typedef struct scene {
	note_key *log, *witness, *stranger;
	merkle_hash leaves[8];
	witness_memory memory;
	char *body;
} scene;

static gboolean give(gpointer data, guint level, guint64 first, guint count, merkle_hash *out, GError **error)
{
	(void)error;
	assert_int_equal(level, 0);
	memcpy(out, (merkle_hash *)data + first, count * sizeof *out);
	return TRUE;
}

static int set_up(void **state)
{
	scene *s = g_new0(scene, 1);
	s->log = note_key_new("land.example", NOTE_ED25519, NULL);
	s->witness = note_key_new("ngo.example", NOTE_COSIGNATURE, NULL);
	s->stranger = note_key_new("land.example", NOTE_ED25519, NULL);
	for (guint8 i = 0; i < 8; i++)
		s->leaves[i] = merkle_leaf(&i, 1);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	scene *s = *state;
	note_key_free(s->log), note_key_free(s->witness), note_key_free(s->stranger);
	g_free(s->body);
	g_free(s);
	return 0;
}

static char *request_between(scene *s, guint64 old, guint64 size, const note_key *key)
{
	merkle_tiles tiles = { give, s->leaves };
	checkpoint c = { (char *)(gintptr)note_key_name(key), size, { { 0 } } };
	merkle_hash proof[MERKLE_PROOF + 1];
	guint n = 0;
	assert_true(merkle_root(&tiles, size, &c.root, NULL));
	if (old > 0 && old <= size)
		assert_true(merkle_consistency(&tiles, old, size, proof, &n, NULL));
	g_autofree char *text = checkpoint_text(&c), *line = note_sign(key, text, 0), *signed_one = g_strconcat(text, "\n", line, NULL);
	return witness_request(old, proof, n, signed_one);
}

static witness_answer ask(scene *s, const char *request)
{
	g_clear_pointer(&s->body, g_free);
	return witness_add(request, strlen(request), s->log, s->witness, 1788000000, &s->memory, &s->body);
}

static void a_log_that_grows_is_cosigned_each_time(void **state)
{
	scene *s = *state;
	for (guint64 old = 0; old < 8; old += 2) {
		g_autofree char *request = request_between(s, old, old + 2, s->log);
		assert_int_equal(ask(s, request), WITNESS_OK);
		assert_int_equal(s->memory.size, old + 2);
		const char *sent = strstr(request, "\n\n") + 2;
		g_autofree char *bytes = g_strconcat(sent, s->body, NULL);
		g_autoptr(note) n = note_parse(bytes, strlen(bytes), NULL);
		gint64 when;
		assert_int_equal(note_verify(n, s->witness, &when), NOTE_SIGNED);
		assert_int_equal(when, 1788000000);
	}
}

static void a_log_that_rewrites_its_history_is_refused(void **state)
{
	scene *s = *state;
	g_autofree char *first = request_between(s, 0, 4, s->log);
	assert_int_equal(ask(s, first), WITNESS_OK);
	s->leaves[1] = merkle_leaf("changed", 7);
	g_autofree char *longer = request_between(s, 4, 8, s->log), *same = request_between(s, 4, 4, s->log);
	assert_int_equal(ask(s, longer), WITNESS_INCONSISTENT);
	assert_int_equal(ask(s, same), WITNESS_CONFLICT);
	assert_int_equal(s->memory.size, 4);
}

static void a_request_from_another_state_is_told_the_state(void **state)
{
	scene *s = *state;
	g_autofree char *first = request_between(s, 0, 5, s->log), *again = request_between(s, 0, 7, s->log), *next = request_between(s, 5, 7, s->log);
	assert_int_equal(ask(s, first), WITNESS_OK);
	assert_int_equal(ask(s, again), WITNESS_CONFLICT);
	assert_string_equal(s->body, "5\n");
	assert_int_equal(ask(s, next), WITNESS_OK);
}

static void strangers_and_broken_requests_are_refused(void **state)
{
	scene *s = *state;
	g_autoptr(note_key) elsewhere = note_key_new("other.example", NOTE_ED25519, NULL);
	g_autofree char *forged = request_between(s, 0, 4, s->stranger), *other = request_between(s, 0, 4, elsewhere), *ahead = request_between(s, 6, 4, s->log);
	assert_int_equal(ask(s, forged), WITNESS_FORBIDDEN);
	assert_int_equal(ask(s, other), WITNESS_UNKNOWN);
	assert_int_equal(ask(s, ahead), WITNESS_BAD_REQUEST);
	static const char *const broken[] = { "", "old\n\n", "old 0\n", "old x\n\na\n0\n", "old 0\nAAAA\n\na\n", "old 00\n\n" };
	for (gsize i = 0; i < G_N_ELEMENTS(broken); i++)
		assert_int_equal(ask(s, broken[i]), WITNESS_BAD_REQUEST);
	assert_int_equal(s->memory.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_log_that_grows_is_cosigned_each_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_log_that_rewrites_its_history_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_request_from_another_state_is_told_the_state, set_up, tear_down),
		cmocka_unit_test_setup_teardown(strangers_and_broken_requests_are_refused, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
