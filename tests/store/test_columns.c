#include "example.h"

#include "store/columns.h"

#define ROWS 3000

/* Every number of rows around what is added together, and lists of any length one after another, give what counting one by one gives. */
static void sums_are_those_of_counting_bit_by_bit(void **state)
{
	(void)state;
	g_autoptr(GRand) dice = g_rand_new_with_seed(7);
	columns_row *rows = g_aligned_alloc0(ROWS, sizeof *rows, sizeof *rows);
	for (guint i = 0; i < ROWS; i++)
		for (guint column = 0; column < COLUMNS; column++)
			if ((guint)g_rand_int_range(dice, 0, COLUMNS) >= column) /* from always to hardly ever */
				columns_set(&rows[i], column);
	for (guint n = 0; n < ROWS; n += n < 70 ? 1 : 613) {
		const columns_row *list[ROWS + COLUMNS_TOGETHER];
		columns_sum sum = { 0 };
		guint32 counts[COLUMNS], wanted[COLUMNS] = { 0 };
		for (guint done = 0, some; done < n; done += some) {
			some = (guint)g_rand_int_range(dice, 1, (gint32)(n - done) + 1);
			for (guint i = 0; i < some; i++)
				list[i] = &rows[done + i];
			columns_add(&sum, list, some);
		}
		columns_counts(&sum, counts);
		for (guint i = 0; i < n; i++)
			for (guint column = 0; column < COLUMNS; column++)
				wanted[column] += columns_has(&rows[i], column);
		assert_memory_equal(counts, wanted, sizeof counts);
	}
	g_aligned_free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sums_are_those_of_counting_bit_by_bit) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
