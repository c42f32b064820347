#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/cells.h"

/* Pieces of every size up to beyond the largest class, each filled to its end with its own number: none may overlap another. */
static void pieces_hold_what_was_asked_for_however_often_they_come_back(void **state)
{
	(void)state;
	enum { N = 600 };
	guint8 *pieces[N] = { 0 };
	guint32 dice = 7;
	for (guint round = 0; round < 40 * N; round++) {
		dice = dice * 1664525 + 1013904223;
		guint i = (dice >> 8) % N;
		if (pieces[i]) {
			for (guint k = 0; k <= i; k++)
				assert_int_equal(pieces[i][k], (guint8)(i * 31));
			cells_give(pieces[i]);
			pieces[i] = NULL;
		} else {
			pieces[i] = cells_take(i + 1);
			assert_non_null(pieces[i]);
			assert_int_equal((uintptr_t)pieces[i] % sizeof(void *), 0);
			memset(pieces[i], (guint8)(i * 31), i + 1);
		}
	}
	for (guint i = 0; i < N; i++)
		if (pieces[i])
			cells_give(pieces[i]);
}

static void a_piece_that_came_back_is_given_out_again(void **state)
{
	(void)state;
	void *first = cells_take(40);
	cells_give(first);
	assert_ptr_equal(cells_take(33), first);
	cells_give(first);
}

static void pieces_are_mallocs_own(void **state)
{
	(void)state;
	free(cells_take(20));
	free(cells_take(2000));
	cells_give(malloc(20));
	cells_give(malloc(2000));
}

static gpointer take_one(gpointer data)
{
	(void)data;
	cells_give(cells_take(100));
	return cells_take(100);
}

static void a_thread_may_give_what_another_took(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		cells_give(g_thread_join(g_thread_new("taking", take_one, NULL)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_hold_what_was_asked_for_however_often_they_come_back),
		cmocka_unit_test(a_piece_that_came_back_is_given_out_again),
		cmocka_unit_test(pieces_are_mallocs_own),
		cmocka_unit_test(a_thread_may_give_what_another_took),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
