/* The operations of tile.c for AVX2: 16 lanes of 16 bits, 8 of 32, 4 doubles at once. */
#include "tile.h"

#ifdef LDN_AVX2
#include <immintrin.h>
#include <math.h>

#define INLINE static inline LDN_AVX2 __attribute__((always_inline))

INLINE __m256i load(const void *from)
{
	return _mm256_loadu_si256((const __m256i_u *)from);
}

INLINE void store(void *to, __m256i value)
{
	_mm256_storeu_si256((__m256i_u *)to, value);
}

/* In the width in which the rows are read next: a wide load from two narrow stores waits for both. */
LDN_AVX2 void ldn_avx2_copy(const int16_t *from, size_t stride, size_t count, int16_t *rows)
{
	for (size_t k = 0; k < count; k++)
		for (size_t at = 0; at < LDN_LANES; at += 16)
			store(rows + k * LDN_LANES + at, load(from + k * stride + at));
}

LDN_AVX2 void ldn_avx2_mark(ldn_tile *tile, size_t n_years)
{
	const __m256i nodata = _mm256_set1_epi16(LDN_NODATA), most = _mm256_set1_epi16(INT16_MAX);
	__m256i missing = _mm256_setzero_si256();

	for (size_t k = 0; k < n_years; k++)
		for (size_t at = 0; at < LDN_LANES; at += 16)
			missing = _mm256_or_si256(missing, _mm256_cmpeq_epi16(load(&tile->low[k][at]), nodata));
	tile->whole = _mm256_testz_si256(missing, missing);
	for (size_t k = 0; !tile->whole && k < n_years; k++)
		for (size_t at = 0; at < LDN_LANES; at += 16) {
			__m256i value = load(&tile->low[k][at]);
			store(&tile->high[k][at], _mm256_blendv_epi8(value, most, _mm256_cmpeq_epi16(value, nodata)));
		}
}

INLINE void signs_part(const ldn_tile *tile, size_t n_years, size_t at, bool whole, int16_t *rising, int16_t *falling)
{
	__m256i up = _mm256_setzero_si256(), down = up;

	for (size_t i = 0; i + 1 < n_years; i++) {
		__m256i early_low = load(&tile->low[i][at]), early_high = whole ? early_low : load(&tile->high[i][at]);
		for (size_t j = i + 1; j < n_years; j++) {
			__m256i late_low = load(&tile->low[j][at]), late_high = whole ? late_low : load(&tile->high[j][at]);
			up = _mm256_sub_epi16(up, _mm256_cmpgt_epi16(late_low, early_high));
			down = _mm256_sub_epi16(down, _mm256_cmpgt_epi16(early_low, late_high));
		}
	}
	store(rising + at, up);
	store(falling + at, down);
}

LDN_AVX2 void ldn_avx2_signs(const ldn_tile *tile, size_t n_years, int16_t *rising, int16_t *falling)
{
	for (size_t at = 0; at < LDN_LANES; at += 16) {
		if (tile->whole)
			signs_part(tile, n_years, at, true, rising, falling);
		else
			signs_part(tile, n_years, at, false, rising, falling);
	}
}

/* Two rows side by side, pair by pair, and their products summed by pair: lanes 0-3 and 8-11 in .a, 4-7 and 12-15 in .b. */
typedef struct halves {
	__m256i a, b;
} halves;

INLINE halves add_products(halves sum, __m256i row, __m256i next, __m256i factors)
{
	sum.a = _mm256_add_epi32(sum.a, _mm256_madd_epi16(_mm256_unpacklo_epi16(row, next), factors));
	sum.b = _mm256_add_epi32(sum.b, _mm256_madd_epi16(_mm256_unpackhi_epi16(row, next), factors));
	return sum;
}

INLINE void store_halves(int32_t *to, halves sum)
{
	store(to, _mm256_permute2x128_si256(sum.a, sum.b, 0x20));
	store(to + 8, _mm256_permute2x128_si256(sum.a, sum.b, 0x31));
}

/* (x, next x) in every 32 bits. */
INLINE __m256i pair_of(int x, int next)
{
	return _mm256_set1_epi32((int)((uint32_t)(uint16_t)next << 16 | (uint16_t)x));
}

INLINE void line_part(const ldn_tile *tile, const int *x, size_t n_years, size_t at, ldn_line_sums *sums)
{
	const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi16(1), nodata = _mm256_set1_epi16(LDN_NODATA);
	halves n = {zero, zero}, sx = n, sxx = n, sy = n, sxy = n;

	for (size_t k = 0; k < n_years; k += 2) {
		bool single = k + 1 == n_years;
		__m256i row = load(&tile->low[k][at]), next = single ? nodata : load(&tile->low[k + 1][at]);
		__m256i gone = _mm256_cmpeq_epi16(row, nodata), next_gone = _mm256_cmpeq_epi16(next, nodata);
		__m256i years = pair_of(x[k], single ? 0 : x[k + 1]);
		row = _mm256_andnot_si256(gone, row);
		next = _mm256_andnot_si256(next_gone, next);
		sy = add_products(sy, row, next, ones);
		sxy = add_products(sxy, row, next, years);
		if (tile->whole)
			continue;
		n = add_products(n, _mm256_andnot_si256(gone, ones), _mm256_andnot_si256(next_gone, ones), ones);
		row = _mm256_andnot_si256(gone, _mm256_set1_epi16((int16_t)x[k]));
		next = _mm256_andnot_si256(next_gone, _mm256_set1_epi16((int16_t)(single ? 0 : x[k + 1])));
		sx = add_products(sx, row, next, ones);
		sxx = add_products(sxx, row, next, years);
	}
	store_halves(sums->y + at, sy);
	store_halves(sums->xy + at, sxy);
	store_halves(sums->n + at, n);
	store_halves(sums->x + at, sx);
	store_halves(sums->xx + at, sxx);
}

LDN_AVX2 void ldn_avx2_line_sums(const ldn_tile *tile, const int *x, size_t n_years, ldn_line_sums *sums)
{
	int32_t sx = 0, sxx = 0;

	for (size_t at = 0; at < LDN_LANES; at += 16)
		line_part(tile, x, n_years, at, sums);
	if (!tile->whole)
		return;
	for (size_t k = 0; k < n_years; k++) {
		sx += x[k];
		sxx += x[k] * x[k];
	}
	for (size_t at = 0; at < LDN_LANES; at += 8) {
		store(sums->n + at, _mm256_set1_epi32((int32_t)n_years));
		store(sums->x + at, _mm256_set1_epi32(sx));
		store(sums->xx + at, _mm256_set1_epi32(sxx));
	}
}

INLINE __m256d doubles(const int32_t *from)
{
	return _mm256_cvtepi32_pd(_mm_loadu_si128((const __m128i_u *)from));
}

LDN_AVX2 void ldn_avx2_slopes(const ldn_line_sums *sums, double *slope)
{
	const __m256d zero = _mm256_setzero_pd(), one = _mm256_set1_pd(1), nan = _mm256_set1_pd(NAN);

	for (size_t i = 0; i < LDN_LANES; i += 4) {
		__m256d n = doubles(sums->n + i), x = doubles(sums->x + i);
		__m256d below = _mm256_sub_pd(_mm256_mul_pd(n, doubles(sums->xx + i)), _mm256_mul_pd(x, x));
		__m256d above = _mm256_sub_pd(_mm256_mul_pd(n, doubles(sums->xy + i)), _mm256_mul_pd(x, doubles(sums->y + i)));
		__m256d b = _mm256_div_pd(above, _mm256_blendv_pd(one, below, _mm256_cmp_pd(below, zero, _CMP_GT_OQ)));
		_mm256_storeu_pd(slope + i, _mm256_blendv_pd(nan, b, _mm256_cmp_pd(n, zero, _CMP_GT_OQ)));
	}
}

LDN_AVX2 void ldn_avx2_sums(const int16_t *rows, size_t n_years, int32_t *sum, int32_t *valid)
{
	const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi16(1), nodata = _mm256_set1_epi16(LDN_NODATA);

	for (size_t at = 0; at < LDN_LANES; at += 16) {
		halves total = {zero, zero};
		__m256i gone = zero;
		int16_t missing[16];
		for (size_t k = 0; k < n_years; k += 2) {
			__m256i row = load(rows + k * LDN_LANES + at), next = k + 1 < n_years ? load(rows + (k + 1) * LDN_LANES + at) : zero;
			__m256i row_gone = _mm256_cmpeq_epi16(row, nodata), next_gone = _mm256_cmpeq_epi16(next, nodata);
			gone = _mm256_sub_epi16(gone, _mm256_add_epi16(row_gone, next_gone));
			total = add_products(total, _mm256_andnot_si256(row_gone, row), _mm256_andnot_si256(next_gone, next), ones);
		}
		store_halves(sum + at, total);
		store(missing, gone);
		for (size_t i = 0; i < 16; i++)
			valid[at + i] = (int32_t)n_years - missing[i];
	}
}

INLINE void exchange(int16_t *a, int16_t *b)
{
	for (size_t at = 0; at < LDN_LANES; at += 16) {
		__m256i one = load(a + at), other = load(b + at);
		store(a + at, _mm256_min_epi16(one, other));
		store(b + at, _mm256_max_epi16(one, other));
	}
}

LDN_AVX2 void ldn_avx2_sort(int16_t (*rows)[LDN_LANES], size_t n)
{
	const __m256i nodata = _mm256_set1_epi16(LDN_NODATA), most = _mm256_set1_epi16(INT16_MAX);

	for (size_t k = 0; k < n; k++)
		for (size_t at = 0; at < LDN_LANES; at += 16) {
			__m256i value = load(&rows[k][at]);
			store(&rows[k][at], _mm256_blendv_epi8(value, most, _mm256_cmpeq_epi16(value, nodata)));
		}
#define EXCHANGE(i, j) exchange(rows[i], rows[j])
	LDN_MERGE_EXCHANGE(n, EXCHANGE)
#undef EXCHANGE
}

/* one x 16-bit lanes of a plus other x those of b, in 32 bits. */
INLINE __m256i weigh(const int16_t *a, const int16_t *b, int one, int other)
{
	__m128i x = _mm_loadu_si128((const __m128i_u *)a), y = _mm_loadu_si128((const __m128i_u *)b);
	__m256i pairs = _mm256_set_m128i(_mm_unpackhi_epi16(x, y), _mm_unpacklo_epi16(x, y));

	return _mm256_madd_epi16(pairs, pair_of(one, other));
}

/* An entry of the lengthened list, divisor times. */
INLINE __m256i entry_of(const int16_t *sorted, size_t m, size_t entry, size_t at, int divisor)
{
	const int16_t *low = sorted + at, *high = sorted + (m - 1) * LDN_LANES + at;

	if (entry == 0)
		return weigh(low, high, divisor + 1, -1);
	if (entry > m)
		return weigh(high, low, divisor + 1, -1);
	return weigh(sorted + (entry - 1) * LDN_LANES + at, low, divisor, 0);
}

/* count times the cut; count x 10 x divisor fits 16 bits. */
INLINE __m256i cut_of(const int16_t *sorted, size_t m, ldn_cut_place place, size_t at, int divisor, int count)
{
	int before = (10 - place.tenths) * count, after = place.tenths * count;
	const int16_t *next = sorted + place.at * LDN_LANES + at;

	if (place.at >= 1 && place.at < m)
		return weigh(next - LDN_LANES, next, before * divisor, after * divisor);
	return _mm256_add_epi32(_mm256_mullo_epi32(entry_of(sorted, m, place.at, at, divisor), _mm256_set1_epi32(before)),
				_mm256_mullo_epi32(entry_of(sorted, m, place.at + 1, at, divisor), _mm256_set1_epi32(after)));
}

LDN_AVX2 void ldn_avx2_classes(const int16_t *sorted, size_t m, const ldn_state_rule *rule, const int32_t *sum, size_t count, int16_t *class)
{
	const int divisor = rule->margin_divisor;

	for (size_t at = 0; at < LDN_LANES; at += 8) {
		__m256i scaled = _mm256_mullo_epi32(load(sum + at), _mm256_set1_epi32(10 * divisor));
		__m256i classes = _mm256_set1_epi32(1), packed;
		for (size_t k = 1; k <= LDN_CUTS; k++) {
			__m256i cut = cut_of(sorted, m, ldn_cut_position(m, k, rule->percentile), at, divisor, (int)count);
			classes = _mm256_sub_epi32(classes, _mm256_cmpgt_epi32(scaled, cut));
		}
		packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(classes, classes), 0x08);
		_mm_storeu_si128((__m128i_u *)(class + at), _mm256_castsi256_si128(packed));
	}
}

#else
typedef int ldn_avx2_absent; /* a file must hold something */
#endif
