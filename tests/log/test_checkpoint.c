#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/checkpoint.h"

static char *signed_checkpoint(const note_key *key, guint64 size, const merkle_hash *root)
{
	checkpoint c = { (char *)(gintptr)note_key_name(key), size, *root };
	g_autofree char *text = checkpoint_text(&c), *line = note_sign(key, text, 0);
	return g_strconcat(text, "\n", line, NULL);
}

static void a_checkpoint_reads_as_it_was_written(void **state)
{
	(void)state;
	/* The example of C2SP tlog-checkpoint. */
	const char text[] = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
	g_auto(checkpoint) c = { 0 };
	assert_true(checkpoint_parse(text, &c, NULL));
	assert_string_equal(c.origin, "example.com/behind-the-sofa");
	assert_int_equal(c.size, 20852163);
	g_autofree char *again = checkpoint_text(&c);
	assert_string_equal(again, text);
}

static void what_is_not_a_checkpoint_is_refused_with_its_line(void **state)
{
	(void)state;
	static const struct { const char *text, *line; } bad[] = {
		{ "", "fewer" }, { "a\n1\n", "fewer" }, { "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "first" },
		{ "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "second" }, { "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "second" },
		{ "a\n99999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "second" }, { "a\n1\nCsUYapGGPo4dkMgIAUqom\n", "third" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_auto(checkpoint) c = { 0 };
		g_autoptr(GError) error = NULL;
		assert_false(checkpoint_parse(bad[i].text, &c, &error));
		assert_non_null(strstr(error->message, bad[i].line));
	}
}

static void log_proof_of_two(log_proof *p, const note_key *key)
{
	merkle_hash a = merkle_leaf("a", 1), b = merkle_leaf("b", 1), root = merkle_node(&a, &b);
	*p = (log_proof) { .index = 1, .n = 1, .note = signed_checkpoint(key, 2, &root), .extra = g_strdup("case giant-mine 1") };
	p->path[0] = a;
}

static void a_proof_convinces_of_its_record_and_of_no_other(void **state)
{
	(void)state;
	g_autoptr(note_key) key = note_key_new("land.example", NOTE_ED25519, NULL), other = note_key_new("land.example", NOTE_ED25519, NULL);
	g_auto(log_proof) p, read;
	log_proof_of_two(&p, key);
	g_autofree char *text = log_proof_text(&p);
	g_autoptr(GError) error = NULL;
	assert_true(log_proof_parse(text, strlen(text), &read, NULL));
	assert_string_equal(read.extra, "case giant-mine 1");
	assert_true(log_proof_holds(&read, "b", 1, key, NULL));
	assert_false(log_proof_holds(&read, "a", 1, key, &error));
	assert_non_null(strstr(error->message, "altered"));
	assert_false(log_proof_holds(&read, "b", 1, other, NULL));
	read.index = 0;
	assert_false(log_proof_holds(&read, "b", 1, key, NULL));
}

static void a_changed_byte_of_a_proof_never_convinces_of_anything_else(void **state)
{
	(void)state;
	g_autoptr(note_key) key = note_key_new("land.example", NOTE_ED25519, NULL);
	g_auto(log_proof) p;
	log_proof_of_two(&p, key);
	g_clear_pointer(&p.extra, g_free);
	g_autofree char *text = log_proof_text(&p);
	gsize length = strlen(text);
	for (gsize i = 0; i < length; i++) {
		text[i] = (char)((guint8)text[i] ^ 1);
		g_auto(log_proof) read = { 0 };
		if (log_proof_parse(text, length, &read, NULL))
			assert_false(log_proof_holds(&read, "b", 1, key, NULL));
		text[i] = (char)((guint8)text[i] ^ 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_checkpoint_reads_as_it_was_written),
		cmocka_unit_test(what_is_not_a_checkpoint_is_refused_with_its_line),
		cmocka_unit_test(a_proof_convinces_of_its_record_and_of_no_other),
		cmocka_unit_test(a_changed_byte_of_a_proof_never_convinces_of_anything_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
