#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/note.h"

/* Key, text and signature of the documentation of Go's golang.org/x/mod/sumdb/note (BSD-3-Clause): another implementation's word. */
static const char secret[] = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
static const char public[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char text[] = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
static const char line[] = "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

static void keys_and_signatures_are_those_of_another_implementation(void **state)
{
	(void)state;
	g_autoptr(note_key) whole = note_key_parse(secret, NULL), half = note_key_parse(public, NULL);
	assert_non_null(whole);
	assert_non_null(half);
	assert_true(note_key_signs(whole));
	assert_false(note_key_signs(half));
	g_autofree char *made = note_sign(whole, text, 0), *derived = note_key_public(whole), *same = note_key_public(half);
	char *kept = note_key_secret(whole);
	assert_string_equal(made, line);
	assert_string_equal(derived, public);
	assert_string_equal(same, public);
	assert_string_equal(kept, secret);
	note_wipe(kept);
	assert_null(note_key_secret(half));
	g_autofree char *bytes = g_strconcat(text, "\n", line, NULL);
	g_autoptr(note) n = note_parse(bytes, strlen(bytes), NULL);
	assert_non_null(n);
	assert_string_equal(n->text, text);
	assert_int_equal(note_verify(n, half, NULL), NOTE_SIGNED);
}

static void a_changed_byte_is_a_forgery_or_no_note(void **state)
{
	(void)state;
	g_autoptr(note_key) key = note_key_parse(public, NULL);
	g_autofree char *bytes = g_strconcat(text, "\n", line, NULL);
	gsize length = strlen(bytes);
	for (gsize i = 0; i < length; i++)
		for (guint8 flip = 1; flip; flip = (guint8)(flip << 1)) {
			bytes[i] = (char)((guint8)bytes[i] ^ flip);
			g_autoptr(note) n = note_parse(bytes, length, NULL);
			assert_true(!n || note_verify(n, key, NULL) != NOTE_SIGNED);
			bytes[i] = (char)((guint8)bytes[i] ^ flip);
		}
}

static void a_cosignature_tells_when_and_is_no_signature_of_the_log(void **state)
{
	(void)state;
	g_autoptr(note_key) witness = note_key_new("witness.example/w1", NOTE_COSIGNATURE, NULL), log = note_key_parse(secret, NULL);
	g_autofree char *seen = note_sign(witness, text, 1679315147), *own = note_sign(log, text, 0), *vkey = note_key_public(witness);
	g_autofree char *bytes = g_strconcat(text, "\n", own, seen, NULL);
	g_autoptr(note_key) half = note_key_parse(vkey, NULL);
	g_autoptr(note) n = note_parse(bytes, strlen(bytes), NULL);
	gint64 when = 0;
	assert_int_equal(n->n, 2);
	assert_int_equal(note_verify(n, half, &when), NOTE_SIGNED);
	assert_int_equal(when, 1679315147);
	assert_int_equal(note_verify(n, log, &when), NOTE_SIGNED);
	assert_int_equal(when, 0);
	g_autoptr(note_key) stranger = note_key_new("witness.example/w1", NOTE_COSIGNATURE, NULL);
	assert_int_equal(note_verify(n, stranger, NULL), NOTE_UNSIGNED);
}

static void what_is_not_a_key_is_refused_without_quoting_it(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "PRIVATE+KEY+", "PeterNeumann", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
		"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFy", "PeterNeumann+c74f20a3+CRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(note_key_parse(bad[i], &error));
		assert_non_null(error);
		assert_null(strstr(error->message, "AYEK"));
	}
	assert_null(note_key_new("a b", NOTE_ED25519, NULL));
	assert_null(note_key_new("", NOTE_ED25519, NULL));
}

static void what_is_not_a_note_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "\n\n", "text\n", "text\n\n", "text\n\nnot a signature\n", "text\n\n\xe2\x80\x94 name AAAAAAAA", "text\n\n\xe2\x80\x94 name AAAA\n",
		"text\n\n\xe2\x80\x94  AAAAAAAA\n", "te\rxt\n\n\xe2\x80\x94 name AAAAAAAA\n", "te\xffxt\n\n\xe2\x80\x94 name AAAAAAAA\n",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(note_parse(bad[i], strlen(bad[i]), &error));
		assert_non_null(error);
	}
	const char good[] = "a\n\nb\n\n\xe2\x80\x94 name AAAAAAAA\n";
	g_autoptr(note) n = note_parse(good, strlen(good), NULL);
	assert_non_null(n);
	assert_string_equal(n->text, "a\n\nb\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_signatures_are_those_of_another_implementation),
		cmocka_unit_test(a_changed_byte_is_a_forgery_or_no_note),
		cmocka_unit_test(a_cosignature_tells_when_and_is_no_signature_of_the_log),
		cmocka_unit_test(what_is_not_a_key_is_refused_without_quoting_it),
		cmocka_unit_test(what_is_not_a_note_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
