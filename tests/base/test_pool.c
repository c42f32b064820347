#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/pool.h"

/* Pieces of all sizes up to beyond a block, each filled to its end with its own number: none may overlap another. */
static void pieces_are_zero_aligned_and_do_not_overlap_whatever_their_size(void **state)
{
	(void)state;
	enum { N = 300 };
	guint8 *pieces[N];
	gsize sizes[N];
	pool *p = pool_new();
	for (guint round = 0; round < 3; round++) {
		for (guint i = 0; i < N; i++) {
			sizes[i] = i % 50 == 7 ? 5000 * (i / 50) + i : i;
			pieces[i] = pool_take(p, sizes[i]);
			assert_non_null(pieces[i]);
			assert_int_equal((uintptr_t)pieces[i] % sizeof(void *), 0);
			for (gsize k = 0; k < sizes[i]; k++)
				assert_int_equal(pieces[i][k], 0);
			memset(pieces[i], (int)(i % 255 + 1), sizes[i]);
		}
		for (guint i = 0; i < N; i++)
			for (gsize k = 0; k < sizes[i]; k++)
				assert_int_equal(pieces[i][k], i % 255 + 1);
		pool_empty(p);
	}
	pool_free(p);
}

static void a_text_is_a_copy_that_ends(void **state)
{
	(void)state;
	pool *p = pool_new();
	char word[] = "topsoil";
	const char *part = pool_text(p, word, 3), *whole = pool_text(p, word, 7), *empty = pool_text(p, "", 0);
	memset(word, 'x', sizeof word - 1);
	assert_string_equal(part, "top");
	assert_string_equal(whole, "topsoil");
	assert_string_equal(empty, "");
	assert_string_equal(pool_join(p, "Canada", ", ", "Ontario", NULL), "Canada, Ontario");
	assert_string_equal(pool_join(p, "", NULL), "");
	pool_free(p);
}

/* Else a large piece between small ones would cost a block for each of them. */
static void a_large_piece_leaves_the_room_for_small_ones(void **state)
{
	(void)state;
	pool *p = pool_new();
	char *before = pool_take(p, 64);
	pool_take(p, 100000);
	char *after = pool_take(p, 64);
	assert_ptr_equal(after, before + 64);
	pool_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zero_aligned_and_do_not_overlap_whatever_their_size),
		cmocka_unit_test(a_text_is_a_copy_that_ends),
		cmocka_unit_test(a_large_piece_leaves_the_room_for_small_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
