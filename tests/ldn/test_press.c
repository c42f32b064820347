/* Maps of classes as DEFLATE streams: another decoder gives the map back, whatever it looks like; the codes are whole and no longer than allowed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libdeflate.h>

#include "huffman.h"
#include "press.h"

static uint32_t next(void)
{
	static uint64_t state = 20260831;
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33);
}

enum { CELLS = 512 * 512 };
static unsigned char map[4 * CELLS], back[4 * CELLS], pressed[4 * CELLS];

static void cell_set(size_t size, size_t i, uint32_t value)
{
	for (size_t b = 0; b < size; b++)
		map[i * size + b] = (unsigned char)(value >> 8 * b);
}

/* Bytes of the stream, after another decoder has given the map back; 0: left to a general compressor. */
static size_t round_trip(size_t cells, size_t width, size_t size)
{
	void *scratch = malloc(press_scratch(cells));
	size_t bytes = press_classes(map, cells, width, size, scratch, pressed, sizeof pressed), got = 0;
	free(scratch);
	if (bytes == 0)
		return 0;
	struct libdeflate_decompressor *engine = libdeflate_alloc_decompressor();
	memset(back, 0xA5, sizeof back);
	assert_int_equal(libdeflate_zlib_decompress(engine, pressed, bytes, back, cells * size, &got), LIBDEFLATE_SUCCESS);
	libdeflate_free_decompressor(engine);
	assert_int_equal(got, cells * size);
	assert_memory_equal(back, map, cells * size);
	return bytes;
}

/* Patches of every size, spots in them, many classes and few, rows that are no multiple of what the vector unit takes. */
static void maps_of_patches_come_back(void **state)
{
	static const size_t sizes[] = {1, 2, 4}, widths[] = {512, 1, 7, 64, 100, 300};
	size_t done = 0;
	(void)state;
	for (int turn = 0; turn < 120; turn++) {
		size_t size = sizes[turn % 3], width = widths[turn / 3 % 6], cells = turn < 18 ? CELLS : 1 + next() % 5000;
		unsigned wide = 1 + next() % 90, high = 1 + next() % 90, spots = 40 + next() % 1000, classes = 1 + next() % 300, salt = next();
		for (size_t i = 0; i < cells; i++) {
			uint32_t patch = (uint32_t)(i % width / wide * 2654435761u ^ i / width / high * 2246822519u ^ salt);
			cell_set(size, i, next() % spots == 0 ? next() : (patch ^ patch >> 15) * 2654435761u >> 7 * size % 20 & 0xffff & (classes | 1));
		}
		done += round_trip(cells, width, size) > 0;
	}
	assert_true(done > 60);
}

static void one_class_takes_next_to_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < CELLS; i++)
		cell_set(2, i, 0x8000);
	assert_in_range(round_trip(CELLS, 512, 2), 1, 1000);
	assert_in_range(round_trip(33, 512, 2), 0, 40); /* less than a row: the first cell is one in 33 */
}

static void noise_and_little_room_are_left_to_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < CELLS; i++)
		cell_set(2, i, next() % 9);
	assert_int_equal(round_trip(CELLS, 512, 2), 0);
	memset(map, 0, sizeof map);
	void *scratch = malloc(press_scratch(CELLS));
	assert_int_equal(press_classes(map, CELLS, 512, 2, scratch, pressed, 100), 0);
	free(scratch);
}

/* Counts that double want a bit more for each symbol, beyond what DEFLATE allows; what occurs more often never has the longer code. */
static void codes_are_whole_and_short_enough(void **state)
{
	static huffman code;
	(void)state;
	for (unsigned longest = 7; longest <= 15; longest += 8)
		for (size_t symbols = 2; symbols <= (longest == 7 ? 19 : 286); symbols++) {
			uint32_t often[HUFFMAN_SYMBOLS] = {0};
			for (size_t s = 0; s < symbols; s++)
				often[s] = symbols < 32 ? 1u << s : next() % 3 ? 0 : next() >> next() % 31;
			huffman_build(often, symbols, longest, &code);
			uint32_t filled = 0, coded = 0;
			for (size_t s = 0; s < symbols; s++) {
				assert_true(code.length[s] <= longest && (code.length[s] > 0 || often[s] == 0));
				filled += code.length[s] ? 1u << (longest - code.length[s]) : 0;
				coded += code.length[s] > 0;
				for (size_t t = 0; t < symbols; t++)
					assert_true(often[s] <= often[t] || !code.length[t] || code.length[s] <= code.length[t]);
			}
			assert_true(coded >= 2);
			assert_int_equal(filled, 1u << longest);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_of_patches_come_back),
		cmocka_unit_test(one_class_takes_next_to_nothing),
		cmocka_unit_test(noise_and_little_room_are_left_to_others),
		cmocka_unit_test(codes_are_whole_and_short_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
