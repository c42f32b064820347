/* Tables of areas, people and tonnes by zone and class, the same to the last bit for any order, block, thread or rank.
 *
 * A sum is a 128-bit integer of a fixed quantum, so that adding is exact and any order gives the same bits: 2^-44 m^2 for areas (the
 * whole Earth fits 2^35 times), 2^-24 for counts of people, 2^-60 for stocks times areas. A term is rounded once, to its quantum, when
 * it is made: cell areas once a row. Each thread or rank fills its own table; ldn_table_merge adds them up.
 *
 * Classes of several layers are joined into one key a cell (ldn_key_*), the keys of a row are counted (neighbours with one key at
 * once, noise in a histogram), and the counts are multiplied by the row's cell area: a cross table costs no floating-point work a cell.
 */
#ifndef LDN_ZONAL_H
#define LDN_ZONAL_H

#include "ldn/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ldn_sum {
	uint64_t low;
	int64_t high;
} ldn_sum;

#define LDN_BITS_AREA 44
#define LDN_BITS_COUNT 24
#define LDN_BITS_STOCK 60

/* value rounded to a multiple of 2^-bits (ties to even). LDN_ERROR_OVERFLOW: NaN, infinite, or outside +-2^(126 - bits). */
LDN_API ldn_status ldn_sum_make(double value, int bits, ldn_sum *sum);
LDN_API ldn_sum ldn_sum_add(ldn_sum a, ldn_sum b);
/* The nearest double. */
LDN_API double ldn_sum_value(ldn_sum sum, int bits);

/* An axis of a table: the values lowest..highest each have a bin, everything else (no data) the last one.
 * { LDN_DEGRADED, LDN_IMPROVED }: 4 bins; { 1, 7 }: 8 bins. */
typedef struct ldn_axis {
	int16_t lowest, highest;
} ldn_axis;
static inline size_t ldn_axis_bins(ldn_axis axis)
{
	return (size_t)(axis.highest - axis.lowest) + 2;
}
/* The value of a bin; LDN_NODATA for the last one. */
static inline int16_t ldn_axis_value(ldn_axis axis, size_t bin)
{
	return bin + 1 >= ldn_axis_bins(axis) ? LDN_NODATA : (int16_t)(axis.lowest + (int)bin);
}

/* Keys: start with a layer, push others; the last pushed varies fastest. The product of the bins must stay within 65536 (the caller's care;
 * ldn_table_add_* refuse keys outside the table). uint8 layers are positions of land cover, 0 is no data: axis { 1, classes }. */
LDN_API void ldn_key_start(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key);
LDN_API void ldn_key_push(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key);
LDN_API void ldn_key_start_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key);
LDN_API void ldn_key_push_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key);

/* zones * bins cells, zone-major, in the caller's memory (cleared by ldn_table_clear). count: cells; sum: area, people or tonnes by
 * bits. */
typedef struct ldn_table {
	size_t zones, bins;
	int bits;
	uint64_t *count;
	ldn_sum *sum;
} ldn_table;

LDN_API void ldn_table_clear(ldn_table *table);
/* into += from. LDN_ERROR_ARGUMENT: shapes or bits differ. */
LDN_API ldn_status ldn_table_merge(ldn_table *into, const ldn_table *from);
LDN_API double ldn_table_value(const ldn_table *table, size_t zone, size_t bin);
/* Sum over the bins of a zone, added as integers. */
LDN_API double ldn_table_zone_value(const ldn_table *table, size_t zone);

/* Bytes of scratch for the three functions below. */
LDN_API size_t ldn_table_scratch(size_t bins);

/* A piece of a row, n cells. zone[i]: the cell's zone, negative: outside all; NULL: every cell is in zone 0. key[i] < bins.
 * area: one cell of the row, m^2. table->bits is LDN_BITS_AREA. LDN_ERROR_ARGUMENT (nothing added): a key or zone outside the table;
 * LDN_ERROR_OVERFLOW: area. */
LDN_API ldn_status ldn_table_add_area(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, double area, void *scratch);

/* Sum of value[i] (people); NaN and LDN_NODATA count as missing and add nothing, also not to count. table->bits is LDN_BITS_COUNT.
 * LDN_ERROR_OVERFLOW (nothing added): |value| >= 2^31. */
LDN_API ldn_status ldn_table_add_values(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, const float *value,
	void *scratch);

/* Sum of stock[i] * area, stock in t/ha held to 2^-16, |stock| < 32768; NaN and LDN_NODATA are missing. table->bits is LDN_BITS_STOCK:
 * its values are t/ha * m^2; tonnes = value / 10000. */
LDN_API ldn_status ldn_table_add_stocks(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, const float *stock,
	double area, void *scratch);

/* Cells of one zone of which only a part lies in a polygon (fractions 0..1 from coverage.h): each adds fraction * area, rounded once.
 * Cells of fraction 0 are skipped. table->bits is LDN_BITS_AREA. */
LDN_API ldn_status ldn_table_add_parts(ldn_table *table, size_t n, size_t zone, const uint16_t *key, const double *fraction, double area);

/* People and stocks of cells of which a part lies in a polygon: value * fraction, and stock * fraction * area. */
LDN_API ldn_status ldn_table_add_values_parts(ldn_table *table, size_t n, size_t zone, const uint16_t *key, const double *fraction,
	const float *value);
LDN_API ldn_status ldn_table_add_stocks_parts(ldn_table *table, size_t n, size_t zone, const uint16_t *key, const double *fraction,
	const float *stock, double area);

#ifdef __cplusplus
}
#endif
#endif
