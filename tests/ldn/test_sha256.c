/* SHA-256 against the examples of FIPS 180-4 and NIST's long message, fed in every way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sha256.h"

static void hash_is(const char *text, size_t length, size_t piece, const char *expected)
{
	sha256 hash;
	char hex[65];
	sha256_start(&hash);
	for (size_t at = 0; at < length; at += piece)
		sha256_add(&hash, text + at, length - at < piece ? length - at : piece);
	sha256_end(&hash, hex);
	assert_string_equal(hex, expected);
}

static void standard_examples_hold_in_pieces_of_any_size(void **state)
{
	(void)state;
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	for (size_t piece = 1; piece <= 70; piece++) {
		hash_is("abc", 3, piece, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
		hash_is(two_blocks, 56, piece, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	}
	hash_is("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void a_million_letters_hash_as_the_standard_says(void **state)
{
	(void)state;
	char *letters = malloc(1000000);
	assert_non_null(letters);
	memset(letters, 'a', 1000000);
	hash_is(letters, 1000000, 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	hash_is(letters, 1000000, 4099, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(letters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(standard_examples_hold_in_pieces_of_any_size), cmocka_unit_test(a_million_letters_hash_as_the_standard_says)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
