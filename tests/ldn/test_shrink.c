/* Overviews of classes: the vote of four cells against one counted by hand, over every kind of square, and at odd edges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "raster_inside.h"

/* The most frequent value that is not none, the smallest among equals; none if there is no other. */
static int elected(const int *v, int count, int none)
{
	int best = none, votes = 0;
	for (int i = 0; i < count; i++) {
		int same = 0;
		for (int j = 0; j < count; j++)
			same += v[j] == v[i];
		if (v[i] != none && (same > votes || (same == votes && v[i] < best))) {
			best = v[i];
			votes = same;
		}
	}
	return best;
}

/* All 5^4 squares of four classes and no data, side by side in two rows. */
static void every_square_elects_as_counted_by_hand(void **state)
{
	enum { KINDS = 5, SQUARES = KINDS * KINDS * KINDS * KINDS };
	static const int none[] = {INT16_MIN, 0};
	static const int kinds[][KINDS] = {{INT16_MIN, -1, 0, 1, INT16_MAX}, {0, 1, 2, 3, 255}};
	static int16_t words[2][2 * SQUARES], smaller_words[SQUARES];
	static uint8_t bytes[2][2 * SQUARES], smaller_bytes[SQUARES];
	(void)state;
	for (int s = 0; s < SQUARES; s++)
		for (int i = 0, rest = s; i < 4; i++, rest /= KINDS) {
			words[i / 2][2 * s + i % 2] = (int16_t)kinds[0][rest % KINDS];
			bytes[i / 2][2 * s + i % 2] = (uint8_t)kinds[1][rest % KINDS];
		}
	raster_shrink(CELL_INT16, true, none[0], words, 2 * SQUARES, 2, smaller_words);
	raster_shrink(CELL_BYTE, true, none[1], bytes, 2 * SQUARES, 2, smaller_bytes);
	for (int s = 0; s < SQUARES; s++) {
		int word[4], byte[4];
		for (int i = 0; i < 4; i++) {
			word[i] = words[i / 2][2 * s + i % 2];
			byte[i] = bytes[i / 2][2 * s + i % 2];
		}
		assert_int_equal(smaller_words[s], elected(word, 4, none[0]));
		assert_int_equal(smaller_bytes[s], elected(byte, 4, none[1]));
	}
}

static void cells_at_an_odd_edge_elect_among_fewer(void **state)
{
	static const int16_t in[3][3] = {{1, 2, INT16_MIN}, {2, 1, 5}, {7, 6, 3}};
	static const int32_t same[3][3] = {{1, 2, INT16_MIN}, {2, 1, 5}, {7, 6, 3}};
	int16_t out[2][2];
	int32_t wide[2][2];
	(void)state;
	raster_shrink(CELL_INT16, true, INT16_MIN, in, 3, 3, out);
	raster_shrink(CELL_INT32, true, INT16_MIN, same, 3, 3, wide);
	static const int16_t expected[2][2] = {{1, 5}, {6, 3}};
	for (int i = 0; i < 4; i++) {
		assert_int_equal(out[i / 2][i % 2], expected[i / 2][i % 2]);
		assert_int_equal(wide[i / 2][i % 2], expected[i / 2][i % 2]);
	}
}

static void numbers_become_the_mean_of_those_there_are(void **state)
{
	static const float in[2][4] = {{1, 2, -32768, -32768}, {3, -32768, -32768, -32768}};
	float out[2];
	(void)state;
	raster_shrink(CELL_FLOAT, false, -32768, in, 4, 2, out);
	assert_true(out[0] == 2.0F && out[1] == -32768.0F);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_square_elects_as_counted_by_hand),
		cmocka_unit_test(cells_at_an_odd_edge_elect_among_fewer),
		cmocka_unit_test(numbers_become_the_mean_of_those_there_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
