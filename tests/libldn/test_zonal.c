/* Tables: the same bits for any cutting of the rows, any order, any number of tables merged; and the right sums. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ldn/area.h"
#include "ldn/zonal.h"

enum { ROWS = 40, COLUMNS = 333, CELLS = ROWS * COLUMNS, ZONES = 5, BINS = 9 };

static struct {
	int32_t zone[CELLS];
	uint16_t key[CELLS];
	float people[CELLS], stock[CELLS];
	double area[ROWS], fraction[CELLS];
} map;

static uint64_t seed = 6364136223846793005u;
static double draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) * 0x1p-53;
}

static int fill_map(void **state)
{
	(void)state;
	int32_t zone = 0;
	for (int i = 0; i < CELLS; i++) {
		if (draw() < 0.03)
			zone = (int32_t)(draw() * (ZONES + 1)) - 1; /* runs, and cells outside */
		map.zone[i] = draw() < 0.1 ? (int32_t)(draw() * ZONES) : zone;
		bool patch = i / COLUMNS % 2 && i % COLUMNS && draw() < 0.9; /* every second row a map in patches, the others noise */
		map.key[i] = patch ? map.key[i - 1] : (uint16_t)(draw() * BINS);
		map.people[i] = draw() < 0.05 ? NAN : draw() < 0.05 ? (float)LDN_NODATA : (float)(draw() * (i / COLUMNS % 5 ? 1e5 : 2e9)); /* some rows beyond 2^27 */
		map.stock[i] = draw() < 0.05 ? (float)LDN_NODATA : (float)(draw() * 300);
		map.fraction[i] = draw() < 0.3 ? 0.0 : draw() < 0.5 ? 1.0 : draw();
	}
	return ldn_area_rows(47.3, -0.01, 0.01, 0, ROWS, map.area) != LDN_OK;
}

enum what { AREA, PEOPLE, STOCKS, PARTS };

struct tables {
	uint64_t count[ZONES * BINS];
	ldn_sum sum[ZONES * BINS];
	ldn_table table;
};

static void open_tables(struct tables *t, enum what what)
{
	static const int bits[] = {LDN_BITS_AREA, LDN_BITS_COUNT, LDN_BITS_STOCK, LDN_BITS_AREA};
	t->table = (ldn_table){ZONES, BINS, bits[what], t->count, t->sum};
	ldn_table_clear(&t->table);
}

static void add_piece(struct tables *t, enum what what, int row, size_t from, size_t n)
{
	static _Alignas(16) unsigned char scratch[4096];
	size_t at = (size_t)row * COLUMNS + from;
	assert_true(ldn_table_scratch(BINS) <= sizeof scratch);
	memset(scratch, 0x5a, sizeof scratch); /* nothing may be left over between calls */
	ldn_status status = LDN_OK;
	if (what == AREA)
		status = ldn_table_add_area(&t->table, n, map.zone + at, map.key + at, map.area[row], scratch);
	else if (what == PEOPLE)
		status = ldn_table_add_values(&t->table, n, map.zone + at, map.key + at, map.people + at, scratch);
	else if (what == STOCKS)
		status = ldn_table_add_stocks(&t->table, n, map.zone + at, map.key + at, map.stock + at, map.area[row], scratch);
	else
		status = ldn_table_add_parts(&t->table, n, 2, map.key + at, map.fraction + at, map.area[row]);
	assert_int_equal(status, LDN_OK);
}

static void any_cut_and_any_order_gives_the_same_bits(void **state)
{
	(void)state;
	static struct tables whole, cut[3];
	for (enum what what = AREA; what <= PARTS; what++) {
		open_tables(&whole, what);
		for (int row = 0; row < ROWS; row++)
			add_piece(&whole, what, row, 0, COLUMNS);
		for (int round = 0; round < 5; round++) {
			for (int k = 0; k < 3; k++)
				open_tables(&cut[k], what);
			size_t piece = 1 + (size_t)(draw() * COLUMNS);
			for (int row = ROWS - 1; row >= 0; row--)
				for (size_t from = 0; from < COLUMNS; from += piece) {
					size_t n = COLUMNS - from < piece ? COLUMNS - from : piece;
					add_piece(&cut[(size_t)(draw() * 3)], what, row, from, n);
				}
			assert_int_equal(ldn_table_merge(&cut[2].table, &cut[0].table), LDN_OK);
			assert_int_equal(ldn_table_merge(&cut[2].table, &cut[1].table), LDN_OK);
			assert_memory_equal(whole.count, cut[2].count, sizeof whole.count);
			assert_memory_equal(whole.sum, cut[2].sum, sizeof whole.sum);
		}
	}
}

/* Neumaier's sum: another way to the same number. */
static void add_carefully(double sum[2], double term)
{
	double t = sum[0] + term;
	sum[1] += fabs(sum[0]) >= fabs(term) ? (sum[0] - t) + term : (term - t) + sum[0];
	sum[0] = t;
}

static void sums_are_those_of_compensated_doubles(void **state)
{
	(void)state;
	static struct tables t[4];
	static double careful[4][ZONES * BINS][2];
	memset(careful, 0, sizeof careful);
	for (enum what what = AREA; what <= PARTS; what++) {
		open_tables(&t[what], what);
		for (int row = 0; row < ROWS; row++)
			add_piece(&t[what], what, row, 0, COLUMNS);
	}
	for (int i = 0; i < CELLS; i++) {
		double area = map.area[i / COLUMNS];
		size_t cell = (size_t)map.zone[i] * BINS + map.key[i];
		if (map.fraction[i] > 0)
			add_carefully(careful[PARTS][2 * BINS + map.key[i]], map.fraction[i] * area);
		if (map.zone[i] < 0)
			continue;
		add_carefully(careful[AREA][cell], area);
		if (!isnan(map.people[i]) && map.people[i] != (float)LDN_NODATA)
			add_carefully(careful[PEOPLE][cell], map.people[i]);
		if (map.stock[i] != (float)LDN_NODATA)
			add_carefully(careful[STOCKS][cell], map.stock[i] * area);
	}
	for (int what = AREA; what <= PARTS; what++)
		for (size_t z = 0; z < ZONES; z++)
			for (size_t b = 0; b < BINS; b++) {
				double expected = careful[what][z * BINS + b][0] + careful[what][z * BINS + b][1];
				double near = (what == STOCKS ? 1e-7 : 1e-13) * fabs(expected);
				assert_true(fabs(ldn_table_value(&t[what].table, z, b) - expected) <= near);
			}
}

static void counts_are_cells_with_a_value(void **state)
{
	(void)state;
	uint64_t count[2] = {0};
	ldn_sum sum[2] = {{0}};
	ldn_table table = {1, 2, LDN_BITS_COUNT, count, sum};
	const uint16_t key[5] = {0, 0, 1, 1, 0};
	const float people[5] = {1.5f, NAN, (float)LDN_NODATA, 0, 2};
	int64_t scratch[16];
	assert_int_equal(ldn_table_add_values(&table, 5, NULL, key, people, scratch), LDN_OK);
	assert_int_equal(count[0], 2);
	assert_int_equal(count[1], 1);
	assert_true(ldn_table_value(&table, 0, 0) == 3.5);
	assert_true(ldn_table_zone_value(&table, 0) == 3.5);
}

static void what_lies_outside_the_table_is_refused_and_nothing_is_added(void **state)
{
	(void)state;
	uint64_t count[4] = {0};
	ldn_sum sum[4] = {{0}};
	ldn_table table = {2, 2, LDN_BITS_AREA, count, sum}, people = {2, 2, LDN_BITS_COUNT, count, sum};
	const uint16_t good[2] = {0, 1}, bad[2] = {0, 2};
	const int32_t zones[2] = {0, 1}, far[2] = {0, 2};
	const float huge[2] = {1, 3e9f}, endless[2] = {1, INFINITY};
	int64_t scratch[16];
	assert_int_equal(ldn_table_add_area(&table, 2, zones, bad, 1, scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_table_add_area(&table, 2, far, good, 1, scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_table_add_area(&people, 2, zones, good, 1, scratch), LDN_ERROR_ARGUMENT);
	assert_int_equal(ldn_table_add_area(&table, 2, zones, good, NAN, scratch), LDN_ERROR_OVERFLOW);
	assert_int_equal(ldn_table_add_values(&people, 2, zones, good, huge, scratch), LDN_ERROR_OVERFLOW);
	assert_int_equal(ldn_table_add_values(&people, 2, zones, good, endless, scratch), LDN_ERROR_OVERFLOW);
	assert_int_equal(ldn_table_merge(&table, &people), LDN_ERROR_ARGUMENT);
	for (int i = 0; i < 4; i++)
		assert_true(count[i] == 0 && sum[i].low == 0 && sum[i].high == 0);
}

static void a_sum_keeps_its_digits_from_a_speck_to_the_earth(void **state)
{
	(void)state;
	const double values[] = {0, 1e-4, -1e-4, 58000.123456789, 5.1e14, -5.1e14};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		ldn_sum sum, twice;
		assert_int_equal(ldn_sum_make(values[i], LDN_BITS_AREA, &sum), LDN_OK);
		assert_true(fabs(ldn_sum_value(sum, LDN_BITS_AREA) - values[i]) <= fmax(0x1p-45, 1e-16 * fabs(values[i])));
		twice = ldn_sum_add(sum, sum);
		assert_true(ldn_sum_value(twice, LDN_BITS_AREA) == 2 * ldn_sum_value(sum, LDN_BITS_AREA));
	}
	ldn_sum sum;
	assert_int_equal(ldn_sum_make(1e30, LDN_BITS_AREA, &sum), LDN_ERROR_OVERFLOW);
	assert_int_equal(ldn_sum_make(INFINITY, LDN_BITS_AREA, &sum), LDN_ERROR_OVERFLOW);
}

static void keys_put_each_value_in_its_bin_and_the_rest_in_the_last(void **state)
{
	(void)state;
	const ldn_axis classes = {LDN_DEGRADED, LDN_IMPROVED}, cover = {1, 7}, wide = {-32768, 32766};
	const int16_t values[7] = {-1, 0, 1, LDN_NODATA, 2, 32767, -2};
	const uint8_t covers[7] = {1, 7, 0, 8, 255, 3, 2};
	uint16_t key[7];
	ldn_key_start(classes, 7, values, key);
	for (int i = 0; i < 7; i++)
		assert_int_equal(key[i], i < 3 ? i : 3);
	ldn_key_push_u8(cover, 7, covers, key);
	const int second[7] = {0, 6, 7, 7, 7, 2, 1};
	for (int i = 0; i < 7; i++)
		assert_int_equal(key[i], (i < 3 ? i : 3) * 8 + second[i]);
	assert_int_equal(ldn_axis_value(classes, 0), -1);
	assert_int_equal(ldn_axis_value(classes, 3), LDN_NODATA);
	assert_int_equal(ldn_axis_bins(wide), 65536);
	for (int v = INT16_MIN; v <= INT16_MAX; v++) { /* no value is taken for another across the wrap */
		int16_t value = (int16_t)v;
		ldn_key_start(classes, 1, &value, key);
		assert_int_equal(key[0], v >= -1 && v <= 1 ? v + 1 : 3);
		ldn_key_start((ldn_axis){32760, 32767}, 1, &value, key);
		assert_int_equal(key[0], v >= 32760 ? v - 32760 : 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_cut_and_any_order_gives_the_same_bits),
		cmocka_unit_test(sums_are_those_of_compensated_doubles),
		cmocka_unit_test(counts_are_cells_with_a_value),
		cmocka_unit_test(what_lies_outside_the_table_is_refused_and_nothing_is_added),
		cmocka_unit_test(a_sum_keeps_its_digits_from_a_speck_to_the_earth),
		cmocka_unit_test(keys_put_each_value_in_its_bin_and_the_rest_in_the_last),
	};
	return cmocka_run_group_tests_name("zonal", tests, fill_map, NULL);
}
