#include "ldn/zonal.h"

#include <math.h>
#include <string.h>

#ifndef __SIZEOF_INT128__
#error "libldn needs 128-bit integers: gcc or clang for a 64-bit machine"
#endif

/* Two's complement in two words, added and multiplied as one. */
__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 wide_unsigned;

static inline wide wide_of(ldn_sum sum)
{
	return (wide)(((wide_unsigned)(uint64_t)sum.high << 64) | sum.low);
}

static inline ldn_sum sum_of(wide value)
{
	return (ldn_sum){(uint64_t)(wide_unsigned)value, (int64_t)((wide_unsigned)value >> 64)};
}

/* Unsigned, so that a sum beyond its range wraps instead of being undefined. */
static inline void add_to(ldn_sum *sum, wide term)
{
	*sum = sum_of((wide)((wide_unsigned)wide_of(*sum) + (wide_unsigned)term));
}

static const double area_unit = 0x1p44; /* 2^LDN_BITS_AREA */
_Static_assert(LDN_BITS_AREA == 44, "area_unit is 2^LDN_BITS_AREA");

/* unit is a power of two, so the product is exact. */
static inline int quantize(double value, double unit, wide *out)
{
	double scaled = value * unit;
	if (!(fabs(scaled) < 0x1p126))
		return 0;
	*out = fabs(scaled) < 0x1p53 ? (wide)llrint(scaled) : (wide)scaled;
	return 1;
}

ldn_status ldn_sum_make(double value, int bits, ldn_sum *sum)
{
	wide w;
	if (!quantize(value, ldexp(1.0, bits), &w))
		return LDN_ERROR_OVERFLOW;
	*sum = sum_of(w);
	return LDN_OK;
}

ldn_sum ldn_sum_add(ldn_sum a, ldn_sum b)
{
	add_to(&a, wide_of(b));
	return a;
}

double ldn_sum_value(ldn_sum sum, int bits)
{
	return ldexp((double)wide_of(sum), -bits);
}

static inline uint16_t bin_of(ldn_axis axis, int value)
{
	uint16_t last = (uint16_t)(axis.highest - axis.lowest + 1);
	uint16_t above = (uint16_t)(value - axis.lowest);
	return above < last ? above : last;
}

void ldn_key_start(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key)
{
	for (size_t i = 0; i < n; i++)
		key[i] = bin_of(axis, values[i]);
}

void ldn_key_push(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key)
{
	uint16_t bins = (uint16_t)ldn_axis_bins(axis);
	for (size_t i = 0; i < n; i++)
		key[i] = (uint16_t)((unsigned)key[i] * bins + bin_of(axis, values[i]));
}

void ldn_key_start_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key)
{
	for (size_t i = 0; i < n; i++)
		key[i] = bin_of(axis, values[i]);
}

void ldn_key_push_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key)
{
	uint16_t bins = (uint16_t)ldn_axis_bins(axis);
	for (size_t i = 0; i < n; i++)
		key[i] = (uint16_t)((unsigned)key[i] * bins + bin_of(axis, values[i]));
}

void ldn_table_clear(ldn_table *table)
{
	memset(table->count, 0, table->zones * table->bins * sizeof *table->count);
	memset(table->sum, 0, table->zones * table->bins * sizeof *table->sum);
}

ldn_status ldn_table_merge(ldn_table *into, const ldn_table *from)
{
	if (into->zones != from->zones || into->bins != from->bins || into->bits != from->bits)
		return LDN_ERROR_ARGUMENT;
	for (size_t k = 0; k < into->zones * into->bins; k++) {
		into->count[k] += from->count[k];
		add_to(&into->sum[k], wide_of(from->sum[k]));
	}
	return LDN_OK;
}

double ldn_table_value(const ldn_table *table, size_t zone, size_t bin)
{
	return ldn_sum_value(table->sum[zone * table->bins + bin], table->bits);
}

double ldn_table_zone_value(const ldn_table *table, size_t zone)
{
	ldn_sum all = {0};
	for (size_t bin = 0; bin < table->bins; bin++)
		add_to(&all, wide_of(table->sum[zone * table->bins + bin]));
	return ldn_sum_value(all, table->bits);
}

/* Histograms of one run of cells: counts in four lanes, so that neighbours of one class do not wait for each other, or sums of integers. */
enum { LANES = 4 };
struct histogram {
	size_t bins;
	int64_t *sum;    /* [bins] */
	uint32_t *count; /* [LANES * bins], the first lane alone beside sums */
};

size_t ldn_table_scratch(size_t bins)
{
	const size_t one = sizeof(int64_t) + LANES * sizeof(uint32_t);
	return bins > SIZE_MAX / one ? 0 : bins * one;
}

/* A run shorter than this is added cell by cell: emptying the histogram would cost more. */
static int is_short(size_t cells, size_t bins)
{
	return cells <= bins / 4;
}

static struct histogram open_histogram(size_t bins, size_t cells, void *scratch)
{
	if (!is_short(cells, bins))
		memset(scratch, 0, ldn_table_scratch(bins));
	return (struct histogram){bins, scratch, (uint32_t *)((int64_t *)scratch + bins)};
}

static int is_inside(const ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key)
{
	uint16_t greatest_key = 0;
	int32_t greatest_zone = 0;
	for (size_t i = 0; i < n; i++)
		greatest_key = key[i] > greatest_key ? key[i] : greatest_key;
	for (size_t i = 0; zone && i < n; i++)
		greatest_zone = zone[i] > greatest_zone ? zone[i] : greatest_zone;
	return n == 0 || (greatest_key < table->bins && (size_t)greatest_zone < table->zones);
}

/* The end of the run of one zone that begins at i; counts of a run fit 32 bits. */
static size_t end_of_run(size_t i, size_t n, const int32_t *zone)
{
	size_t end = n - i > UINT32_MAX ? i + UINT32_MAX : n, k = i + 1;
	if (!zone)
		return end;
	while (k < end && zone[k] == zone[i])
		k++;
	return k;
}

static void count_keys(struct histogram *h, size_t n, const uint16_t *key)
{
	uint32_t *a = h->count, *b = a + h->bins, *c = b + h->bins, *d = c + h->bins;
	size_t i = 0;
	for (; i + LANES <= n; i += LANES) {
		a[key[i]]++;
		b[key[i + 1]]++;
		c[key[i + 2]]++;
		d[key[i + 3]]++;
	}
	for (; i < n; i++)
		a[key[i]]++;
}

static void flush_counts(struct histogram *h, wide area, uint64_t *count, ldn_sum *sum)
{
	uint32_t *a = h->count, *b = a + h->bins, *c = b + h->bins, *d = c + h->bins;
	for (size_t k = 0; k < h->bins; k++) {
		uint64_t cells = (uint64_t)a[k] + b[k] + c[k] + d[k];
		a[k] = b[k] = c[k] = d[k] = 0;
		if (cells) {
			count[k] += cells;
			add_to(&sum[k], area * (wide)cells);
		}
	}
}

ldn_status ldn_table_add_area(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, double area, void *scratch)
{
	wide one;
	if (table->bits != LDN_BITS_AREA || !is_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	if (!quantize(area, area_unit, &one))
		return LDN_ERROR_OVERFLOW;

	struct histogram h = open_histogram(table->bins, n, scratch);
	for (size_t i = 0, end; i < n; i = end) {
		end = end_of_run(i, n, zone);
		if (zone && zone[i] < 0)
			continue;
		size_t row = (zone ? (size_t)zone[i] : 0) * table->bins;
		uint64_t *count = table->count + row;
		ldn_sum *sum = table->sum + row;
		if (!is_short(end - i, table->bins)) {
			count_keys(&h, end - i, key + i);
			flush_counts(&h, one, count, sum);
			continue;
		}
		for (size_t k = i; k < end; k++) {
			count[key[k]]++;
			add_to(&sum[key[k]], one);
		}
	}
	return LDN_OK;
}

static inline int is_missing(float value)
{
	return isnan(value) || value == (float)LDN_NODATA;
}

/* The largest magnitude; infinity stands out, missing values do not count. */
static float greatest(size_t n, const float *value)
{
	float most = 0.0f;
	for (size_t i = 0; i < n; i++) {
		float size = value[i] == (float)LDN_NODATA ? 0.0f : fabsf(value[i]);
		most = size > most ? size : most;
	}
	return most;
}

/* Sums of round(value * 2^scale) times a factor. Every term is an integer before it is added: the grouping cannot matter. */
static void add_scaled(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, const float *value, int scale, wide factor,
	void *scratch)
{
	double unit = ldexp(1.0, scale);
	struct histogram h = open_histogram(table->bins, n, scratch);
	int64_t room = INT64_MAX >> 1;
	double most = greatest(n, value) * unit;
	size_t safe = most > 1.0 ? (size_t)((double)room / most) : n;

	for (size_t i = 0, end; i < n; i = end) {
		end = end_of_run(i, n, zone);
		end = end - i > safe ? i + (safe ? safe : 1) : end;
		if (zone && zone[i] < 0)
			continue;
		size_t row = (zone ? (size_t)zone[i] : 0) * table->bins;
		int gathered = !is_short(end - i, table->bins);
		for (size_t k = i; k < end; k++) {
			if (is_missing(value[k]))
				continue;
			int64_t term = llrint((double)value[k] * unit);
			if (gathered) {
				h.sum[key[k]] += term;
				h.count[key[k]]++;
			} else {
				table->count[row + key[k]]++;
				add_to(&table->sum[row + key[k]], factor * term);
			}
		}
		for (size_t k = 0; gathered && k < table->bins; k++)
			if (h.count[k]) {
				table->count[row + k] += h.count[k];
				add_to(&table->sum[row + k], factor * h.sum[k]);
				h.count[k] = 0;
				h.sum[k] = 0;
			}
	}
}

ldn_status ldn_table_add_values(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, const float *value, void *scratch)
{
	if (table->bits != LDN_BITS_COUNT || !is_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	if (!(greatest(n, value) < 0x1p31f))
		return LDN_ERROR_OVERFLOW;
	add_scaled(table, n, zone, key, value, LDN_BITS_COUNT, 1, scratch);
	return LDN_OK;
}

/* Stocks are held to 2^-16 t/ha: with the area's 44 bits they make the 60 of the sum. */
enum { STOCK_SCALE = LDN_BITS_STOCK - LDN_BITS_AREA };

ldn_status ldn_table_add_stocks(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, const float *stock, double area,
	void *scratch)
{
	wide one;
	if (table->bits != LDN_BITS_STOCK || !is_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	if (!(greatest(n, stock) < 0x1p15f) || !(fabs(area) < 0x1p49) || !quantize(area, area_unit, &one))
		return LDN_ERROR_OVERFLOW;
	add_scaled(table, n, zone, key, stock, STOCK_SCALE, one, scratch);
	return LDN_OK;
}

static int are_parts_inside(const ldn_table *table, size_t n, size_t zone, const uint16_t *key)
{
	return zone < table->zones && is_inside(table, n, NULL, key);
}

static ldn_status add_part(ldn_table *table, size_t cell, double term, double unit)
{
	wide w;
	if (!quantize(term, unit, &w))
		return LDN_ERROR_OVERFLOW;
	table->count[cell]++;
	add_to(&table->sum[cell], w);
	return LDN_OK;
}

ldn_status ldn_table_add_parts(ldn_table *table, size_t n, size_t zone, const uint16_t *key, const double *fraction, double area)
{
	if (table->bits != LDN_BITS_AREA || !are_parts_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	double unit = ldexp(1.0, table->bits);
	ldn_status status = LDN_OK;
	for (size_t i = 0; i < n && status == LDN_OK; i++)
		if (fraction[i] > 0.0)
			status = add_part(table, zone * table->bins + key[i], fraction[i] * area, unit);
	return status;
}

ldn_status ldn_table_add_values_parts(ldn_table *table, size_t n, size_t zone, const uint16_t *key, const double *fraction,
	const float *value)
{
	if (table->bits != LDN_BITS_COUNT || !are_parts_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	if (!(greatest(n, value) < 0x1p31f))
		return LDN_ERROR_OVERFLOW;
	double unit = ldexp(1.0, table->bits);
	ldn_status status = LDN_OK;
	for (size_t i = 0; i < n && status == LDN_OK; i++)
		if (fraction[i] > 0.0 && !is_missing(value[i]))
			status = add_part(table, zone * table->bins + key[i], fraction[i] * (double)value[i], unit);
	return status;
}

ldn_status ldn_table_add_stocks_parts(ldn_table *table, size_t n, size_t zone, const uint16_t *key, const double *fraction,
	const float *stock, double area)
{
	if (table->bits != LDN_BITS_STOCK || !are_parts_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	if (!(greatest(n, stock) < 0x1p15f) || !(fabs(area) < 0x1p49))
		return LDN_ERROR_OVERFLOW;
	double unit = ldexp(1.0, table->bits);
	ldn_status status = LDN_OK;
	for (size_t i = 0; i < n && status == LDN_OK; i++)
		if (fraction[i] > 0.0 && !is_missing(stock[i]))
			status = add_part(table, zone * table->bins + key[i], fraction[i] * ((double)stock[i] * area), unit);
	return status;
}
