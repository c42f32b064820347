#include "ldn/zonal.h"

#include <math.h>
#include <string.h>

#include "lanes.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

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

LDN_CLONES static void key_start(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key)
{
	for (size_t i = 0; i < n; i++)
		key[i] = bin_of(axis, values[i]);
}

void ldn_key_start(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key)
{
	key_start(axis, n, values, key);
}

LDN_CLONES static void key_push(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key)
{
	uint16_t bins = (uint16_t)ldn_axis_bins(axis);
	for (size_t i = 0; i < n; i++)
		key[i] = (uint16_t)((unsigned)key[i] * bins + bin_of(axis, values[i]));
}

void ldn_key_push(ldn_axis axis, size_t n, const int16_t *values, uint16_t *key)
{
	key_push(axis, n, values, key);
}

LDN_CLONES static void key_start_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key)
{
	for (size_t i = 0; i < n; i++)
		key[i] = bin_of(axis, values[i]);
}

void ldn_key_start_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key)
{
	key_start_u8(axis, n, values, key);
}

LDN_CLONES static void key_push_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key)
{
	uint16_t bins = (uint16_t)ldn_axis_bins(axis);
	for (size_t i = 0; i < n; i++)
		key[i] = (uint16_t)((unsigned)key[i] * bins + bin_of(axis, values[i]));
}

void ldn_key_push_u8(ldn_axis axis, size_t n, const uint8_t *values, uint16_t *key)
{
	key_push_u8(axis, n, values, key);
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

/* Histograms of one run of cells: counts and sums in four lanes, so that neighbours of one class do not wait for each other. */
enum { LANES = 4 };
struct histogram {
	size_t bins;
	int64_t *sum;    /* [LANES * bins] */
	uint32_t *count; /* [LANES * bins] */
};

size_t ldn_table_scratch(size_t bins)
{
	const size_t one = LANES * (sizeof(int64_t) + sizeof(uint32_t));
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
	return (struct histogram){bins, scratch, (uint32_t *)((int64_t *)scratch + LANES * bins)};
}

LDN_CLONES static int is_inside(const ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key)
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
	for (int32_t other = 0; k + 16 <= end; k += 16) {
		for (size_t j = 0; j < 16; j++)
			other |= zone[k + j] ^ zone[i];
		if (other)
			break;
	}
	while (k < end && zone[k] == zone[i])
		k++;
	return k;
}

/* Bit k: cell i + k + 1 has another key or zone than cell i + k. */
static uint64_t changes_of_64(size_t i, const int32_t *zone, const uint16_t *key)
{
	uint64_t changes = 0;
#if defined(__SSE2__)
	for (size_t k = 0; k < 64; k += 16) {
		__m128i same[2];
		for (size_t h = 0; h < 2; h++) {
			const uint16_t *at = key + i + k + 8 * h;
			same[h] = _mm_cmpeq_epi16(_mm_loadu_si128((const __m128i *)(const void *)at), _mm_loadu_si128((const __m128i *)(const void *)(at + 1)));
			if (zone) {
				const int32_t *in = zone + i + k + 8 * h;
				__m128i low = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(const void *)in), _mm_loadu_si128((const __m128i *)(const void *)(in + 1)));
				in += 4;
				__m128i high = _mm_cmpeq_epi32(_mm_loadu_si128((const __m128i *)(const void *)in), _mm_loadu_si128((const __m128i *)(const void *)(in + 1)));
				same[h] = _mm_and_si128(same[h], _mm_packs_epi32(low, high));
			}
		}
		changes |= (uint64_t)(0xffff & ~(unsigned)_mm_movemask_epi8(_mm_packs_epi16(same[0], same[1]))) << k;
	}
#else
	for (size_t k = 0; k < 64; k++)
		changes |= (uint64_t)(key[i + k] != key[i + k + 1] || (zone && zone[i + k] != zone[i + k + 1])) << k;
#endif
	return changes;
}

/* Maps come in patches: cells of one zone and key that follow each other are added at once. */
static void add_area_patches(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, wide one)
{
	size_t start = 0;
	for (size_t i = 0; i < n;) {
		uint64_t changes;
		size_t here = i;
		if (i + 64 < n) {
			changes = changes_of_64(i, zone, key);
			i += 64;
		} else {
			changes = i + 1 == n || key[i] != key[i + 1] || (zone && zone[i] != zone[i + 1]);
			i++;
		}
		for (; changes; changes &= changes - 1) {
			size_t end = here + (size_t)__builtin_ctzll(changes) + 1, cells = end - start;
			if (!zone || zone[start] >= 0) {
				size_t cell = (zone ? (size_t)zone[start] : 0) * table->bins + key[start];
				table->count[cell] += cells;
				add_to(&table->sum[cell], one * (wide)cells);
			}
			start = end;
		}
	}
}

/* Keys that differ from the one before. */
LDN_CLONES static size_t key_changes(size_t n, const uint16_t *key)
{
	size_t all = 0;
	for (size_t i = 1; i < n;) {
		uint16_t some = 0;
		size_t end = n - i > 4096 ? i + 4096 : n;
		for (; i < end; i++)
			some = (uint16_t)(some + (key[i] != key[i - 1]));
		all += some;
	}
	return all;
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

/* Maps of noise: every run of a zone goes through a histogram. */
static void add_area_noise(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, wide one, void *scratch)
{
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
}

ldn_status ldn_table_add_area(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, double area, void *scratch)
{
	wide one;
	if (table->bits != LDN_BITS_AREA || !is_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	if (!quantize(area, area_unit, &one))
		return LDN_ERROR_OVERFLOW;
	if (key_changes(n, key) < n / 3)
		add_area_patches(table, n, zone, key, one);
	else
		add_area_noise(table, n, zone, key, one, scratch);
	return LDN_OK;
}

static inline int is_missing(float value)
{
	return isnan(value) || value == (float)LDN_NODATA;
}

/* Floats as bits, which compare as whole numbers do: the vector unit takes no branch. */
static const uint32_t bits_of_size = 0x7fffffff, bits_of_infinity = 0x7f800000, bits_of_nodata = 0xc7000000;
_Static_assert(LDN_NODATA == -0x8000, "bits_of_nodata is that float");

static inline uint32_t is_there(uint32_t bits)
{
	return (uint32_t)((bits & bits_of_size) <= bits_of_infinity) & (uint32_t)(bits != bits_of_nodata);
}

/* The largest magnitude; infinity stands out, missing values do not count. */
LDN_CLONES static float greatest(size_t n, const float *value)
{
	uint32_t most = 0;
	float out;
	for (size_t i = 0; i < n; i++) {
		uint32_t bits;
		memcpy(&bits, value + i, sizeof bits);
		uint32_t size = bits & bits_of_size & -is_there(bits);
		most = size > most ? size : most;
	}
	memcpy(&out, &most, sizeof out);
	return out;
}

enum { TERMS = 256 };

/* llrint(value * unit) where a value is there, else 0; products stay within 2^51: adding 1.5 * 2^52 leaves the rounded product in the lowest bits. */
LDN_CLONES static void make_terms(size_t n, const float *value, double unit, int64_t *restrict term, uint32_t *restrict there)
{
	static const double magic = 0x1.8p52;
	static const int64_t bits_of_magic = 0x4338000000000000;
	union {
		uint32_t bits[TERMS];
		float value[TERMS];
	} clean;
	union {
		double value[TERMS];
		int64_t bits[TERMS];
	} shifted;
	for (size_t k = 0; k < n; k++) {
		uint32_t bits;
		memcpy(&bits, value + k, sizeof bits);
		there[k] = is_there(bits);
		clean.bits[k] = bits & -there[k];
	}
	for (size_t k = 0; k < n; k++)
		shifted.value[k] = (double)clean.value[k] * unit + magic;
	for (size_t k = 0; k < n; k++)
		term[k] = shifted.bits[k] - bits_of_magic;
}

static void make_large_terms(size_t n, const float *value, double unit, int64_t *term, uint32_t *there)
{
	for (size_t k = 0; k < n; k++) {
		there[k] = !is_missing(value[k]);
		term[k] = there[k] ? llrint((double)value[k] * unit) : 0;
	}
}

static void gather_terms(struct histogram *h, size_t n, const uint16_t *key, const int64_t *term, const uint32_t *there)
{
	for (size_t k = 0; k < n; k++) {
		size_t at = k % LANES * h->bins + key[k];
		h->sum[at] += term[k];
		h->count[at] += there[k];
	}
}

static void flush_terms(struct histogram *h, wide factor, uint64_t *count, ldn_sum *sum)
{
	for (size_t k = 0; k < h->bins; k++) {
		uint64_t cells = 0;
		int64_t terms = 0;
		for (size_t lane = k; lane < LANES * h->bins; lane += h->bins) {
			cells += h->count[lane];
			terms += h->sum[lane];
			h->count[lane] = 0;
			h->sum[lane] = 0;
		}
		count[k] += cells;
		add_to(&sum[k], factor * terms);
	}
}

/* Sums of round(value * 2^scale) times a factor. Every term is an integer before it is added: the grouping cannot matter. */
static void add_scaled(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, const float *value, float most, int scale, wide factor,
	void *scratch)
{
	double unit = ldexp(1.0, scale), largest = (double)most * unit;
	struct histogram h = open_histogram(table->bins, n, scratch);
	size_t safe = largest > 1.0 ? (size_t)((double)(INT64_MAX >> 1) / largest) : n;

	for (size_t i = 0, end; i < n; i = end) {
		end = end_of_run(i, n, zone);
		end = end - i > safe ? i + (safe ? safe : 1) : end;
		if (zone && zone[i] < 0)
			continue;
		size_t row = (zone ? (size_t)zone[i] : 0) * table->bins;
		int gathered = !is_short(end - i, table->bins);
		for (size_t from = i; from < end; from += TERMS) {
			int64_t term[TERMS];
			uint32_t there[TERMS];
			size_t some = end - from < TERMS ? end - from : TERMS;
			(largest < 0x1p51 ? make_terms : make_large_terms)(some, value + from, unit, term, there);
			if (gathered)
				gather_terms(&h, some, key + from, term, there);
			for (size_t k = 0; !gathered && k < some; k++) {
				table->count[row + key[from + k]] += there[k];
				add_to(&table->sum[row + key[from + k]], factor * term[k]);
			}
		}
		if (gathered)
			flush_terms(&h, factor, table->count + row, table->sum + row);
	}
}

ldn_status ldn_table_add_values(ldn_table *table, size_t n, const int32_t *zone, const uint16_t *key, const float *value, void *scratch)
{
	if (table->bits != LDN_BITS_COUNT || !is_inside(table, n, zone, key))
		return LDN_ERROR_ARGUMENT;
	float most = greatest(n, value);
	if (!(most < 0x1p31f))
		return LDN_ERROR_OVERFLOW;
	add_scaled(table, n, zone, key, value, most, LDN_BITS_COUNT, 1, scratch);
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
	float most = greatest(n, stock);
	if (!(most < 0x1p15f) || !(fabs(area) < 0x1p49) || !quantize(area, area_unit, &one))
		return LDN_ERROR_OVERFLOW;
	add_scaled(table, n, zone, key, stock, most, STOCK_SCALE, one, scratch);
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
