/* A tile: LDN_LANES neighbouring pixels of an int16 block, and what the kernels do with all its lanes at once. Private to the library.
 *
 * tile.c holds each operation in plain C and chooses; tile_avx2.c holds the same for AVX2. Both work in whole numbers, or in doubles with
 * the same operations in the same order, so they give the same bytes. */
#ifndef LDN_TILE_H
#define LDN_TILE_H

#include "ldn/state.h"
#include "ldn/trend.h"
#include "lanes.h"

/* Years x lanes. */
typedef int16_t ldn_tile_rows[LDN_YEARS_MAX][LDN_LANES];

/* A missing value stands as the least int16 in `low` (it is LDN_NODATA already) and as the greatest in `high`: then neither low > high nor
 * high < low ever holds for a pair with a missing member, and no mask is needed. `high` is set only if something is missing. */
typedef struct ldn_tile {
	ldn_tile_rows low, high;
	bool whole; /* nothing missing */
} ldn_tile;

/* Sums of a least-squares line, x from the first year. */
typedef struct ldn_line_sums {
	int32_t n[LDN_LANES], x[LDN_LANES], xx[LDN_LANES], y[LDN_LANES], xy[LDN_LANES];
} ldn_line_sums;

/* Pixels [first, first + lanes) of rows [span.first, span.first + span.count) of a block of n; lanes beyond are missing. */
void ldn_tile_rows_take(const int16_t *series, size_t n, ldn_span span, size_t first, size_t lanes, int16_t *rows);

/* Sets high and whole from low. */
void ldn_tile_mark(ldn_tile *tile, size_t n_years);

/* Numbers of rising and of falling pairs of valid years. */
void ldn_tile_signs(const ldn_tile *tile, size_t n_years, int16_t *rising, int16_t *falling);

/* x: years since the first, at most 500. */
void ldn_tile_line_sums(const ldn_tile *tile, const int *x, size_t n_years, ldn_line_sums *sums);

/* Slope of each lane; NaN where n is 0, 0 where the line is not determined. */
void ldn_tile_slopes(const ldn_line_sums *sums, double *slope);

/* Sums and numbers of valid values of each lane of rows of LDN_LANES values. */
void ldn_tile_sums(const int16_t *rows, size_t n_years, int32_t *sum, int32_t *valid);

/* Sorts each lane, missing values last (as INT16_MAX). */
void ldn_tile_sort(int16_t (*rows)[LDN_LANES], size_t n_years);

/* Where cut k = 1..9 of m sorted values lies in the list with one more value at either end: between entries at and at + 1, `tenths`
 * tenths beyond at. */
typedef struct ldn_cut_place {
	size_t at;
	int32_t tenths;
} ldn_cut_place;

#define LDN_CUTS 9

LDN_INLINE ldn_cut_place ldn_cut_position(size_t m, size_t k, ldn_percentile percentile)
{
	size_t position = (m + 1) * k;

	return (ldn_cut_place){position / 10, percentile == LDN_PERCENTILE_LINEAR ? (int32_t)(position % 10) : 0};
}

/* sorted: m rows of LDN_LANES values. 1 + number of cuts that sum / count exceeds, as if no lane had a gap in either. */
void ldn_tile_classes(const int16_t *sorted, size_t m, const ldn_state_rule *rule, const int32_t *sum, size_t count, int16_t *class);

#ifdef LDN_AVX2
void ldn_avx2_copy(const int16_t *from, size_t stride, size_t count, int16_t *rows);
void ldn_avx2_mark(ldn_tile *tile, size_t n_years);
void ldn_avx2_signs(const ldn_tile *tile, size_t n_years, int16_t *rising, int16_t *falling);
void ldn_avx2_line_sums(const ldn_tile *tile, const int *x, size_t n_years, ldn_line_sums *sums);
void ldn_avx2_slopes(const ldn_line_sums *sums, double *slope);
void ldn_avx2_sums(const int16_t *rows, size_t n_years, int32_t *sum, int32_t *valid);
void ldn_avx2_sort(int16_t (*rows)[LDN_LANES], size_t n_years);
void ldn_avx2_classes(const int16_t *sorted, size_t m, const ldn_state_rule *rule, const int32_t *sum, size_t count, int16_t *class);
#endif

/* Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M) calling EXCHANGE(i, j) for rows i < j. */
#define LDN_MERGE_EXCHANGE(n, EXCHANGE)                                 \
	for (size_t p = ldn_half_power(n); p > 0; p /= 2) {             \
		size_t q = ldn_half_power(n), r = 0, d = p;             \
		for (;;) {                                              \
			for (size_t i = 0; i + d < (n); i++)            \
				if ((i & p) == r)                       \
					EXCHANGE(i, i + d);             \
			if (q == p)                                     \
				break;                                  \
			d = q - p;                                      \
			q /= 2;                                         \
			r = p;                                          \
		}                                                       \
	}

/* The greatest power of two below n, 0 for n < 2. */
LDN_INLINE size_t ldn_half_power(size_t n)
{
	size_t power = 1;

	if (n < 2)
		return 0;
	while (power * 2 < n)
		power *= 2;
	return power;
}

#endif
