#include "tile.h"

#include <math.h>
#include <string.h>

static void plain_copy(const int16_t *from, size_t stride, size_t count, int16_t *rows)
{
	for (size_t k = 0; k < count; k++)
		memcpy(rows + k * LDN_LANES, from + k * stride, LDN_LANES * sizeof *rows);
}

static void plain_mark(ldn_tile *tile, size_t n_years)
{
	int missing = 0;

	for (size_t k = 0; k < n_years; k++)
		for (size_t i = 0; i < LDN_LANES; i++)
			missing |= tile->low[k][i] == LDN_NODATA;
	tile->whole = !missing;
	for (size_t k = 0; missing && k < n_years; k++)
		for (size_t i = 0; i < LDN_LANES; i++)
			tile->high[k][i] = tile->low[k][i] == LDN_NODATA ? INT16_MAX : tile->low[k][i];
}

/* Vectors of 16 bytes are everywhere; compilers without them take them apart. Comparison works lane by lane, and a true one is -1. The
 * counts stay in registers over all pairs. */
typedef int16_t lanes_128 __attribute__((vector_size(16)));

static void plain_signs(const ldn_tile *tile, size_t n_years, int16_t *rising, int16_t *falling)
{
	const int16_t (*high)[LDN_LANES] = tile->whole ? tile->low : tile->high;

	for (size_t at = 0; at < LDN_LANES; at += sizeof(lanes_128) / sizeof(int16_t)) {
		lanes_128 up = {0}, down = {0};
		for (size_t i = 0; i + 1 < n_years; i++) {
			lanes_128 early_low, early_high, late_low, late_high;
			memcpy(&early_low, &tile->low[i][at], sizeof early_low);
			memcpy(&early_high, &high[i][at], sizeof early_high);
			for (size_t j = i + 1; j < n_years; j++) {
				memcpy(&late_low, &tile->low[j][at], sizeof late_low);
				memcpy(&late_high, &high[j][at], sizeof late_high);
				up -= late_low > early_high;
				down -= late_high < early_low;
			}
		}
		memcpy(rising + at, &up, sizeof up);
		memcpy(falling + at, &down, sizeof down);
	}
}

static void plain_line_sums(const ldn_tile *tile, const int *x, size_t n_years, ldn_line_sums *sums)
{
	memset(sums, 0, sizeof *sums);
	for (size_t k = 0; k < n_years; k++) {
		const int16_t *restrict value = tile->low[k];
		int32_t year = x[k], square = x[k] * x[k];
		for (size_t i = 0; i < LDN_LANES; i++) {
			int32_t valid = -(int32_t)(value[i] != LDN_NODATA), y = value[i] & valid;
			sums->n[i] -= valid;
			sums->x[i] += year & valid;
			sums->xx[i] += square & valid;
			sums->y[i] += y;
			sums->xy[i] += year * y;
		}
	}
}

static void plain_slopes(const ldn_line_sums *sums, double *slope)
{
	for (size_t i = 0; i < LDN_LANES; i++) {
		/* All products are whole numbers below 2^53: the quotient is rounded once. */
		double n = sums->n[i], x = sums->x[i], denominator = n * sums->xx[i] - x * x;
		double b = (n * sums->xy[i] - x * sums->y[i]) / (denominator > 0 ? denominator : 1);
		slope[i] = n > 0 ? b : NAN;
	}
}

static void plain_sums(const int16_t *rows, size_t n_years, int32_t *sum, int32_t *valid)
{
	memset(sum, 0, LDN_LANES * sizeof *sum);
	memset(valid, 0, LDN_LANES * sizeof *valid);
	for (size_t k = 0; k < n_years; k++) {
		const int16_t *restrict value = rows + k * LDN_LANES;
		for (size_t i = 0; i < LDN_LANES; i++) {
			int32_t known = -(int32_t)(value[i] != LDN_NODATA);
			sum[i] += value[i] & known;
			valid[i] -= known;
		}
	}
}

static void exchange(int16_t *restrict a, int16_t *restrict b)
{
	for (size_t i = 0; i < LDN_LANES; i++) {
		int16_t low = a[i] < b[i] ? a[i] : b[i], high = a[i] < b[i] ? b[i] : a[i];
		a[i] = low;
		b[i] = high;
	}
}

static void plain_sort(int16_t (*rows)[LDN_LANES], size_t n)
{
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < LDN_LANES; i++)
			rows[k][i] = rows[k][i] == LDN_NODATA ? INT16_MAX : rows[k][i];
#define EXCHANGE(i, j) exchange(rows[i], rows[j])
	LDN_MERGE_EXCHANGE(n, EXCHANGE)
#undef EXCHANGE
}

/* An entry of the lengthened list times divisor: 0 and m + 1 lie beyond the ends by the range. */
static int32_t entry_of(const int16_t *sorted, size_t m, size_t entry, size_t lane, int32_t divisor)
{
	int32_t low = sorted[lane], high = sorted[(m - 1) * LDN_LANES + lane];

	if (entry == 0)
		return divisor * low - (high - low);
	return entry > m ? divisor * high + (high - low) : divisor * sorted[(entry - 1) * LDN_LANES + lane];
}

static void plain_classes(const int16_t *sorted, size_t m, const ldn_state_rule *rule, const int32_t *sum, size_t count, int16_t *class)
{
	int32_t divisor = rule->margin_divisor;

	for (size_t i = 0; i < LDN_LANES; i++)
		class[i] = 1;
	for (size_t k = 1; k <= LDN_CUTS; k++) {
		ldn_cut_place place = ldn_cut_position(m, k, rule->percentile);
		for (size_t i = 0; i < LDN_LANES; i++) {
			int32_t a = entry_of(sorted, m, place.at, i, divisor), b = entry_of(sorted, m, place.at + 1, i, divisor);
			int32_t cut = 10 * a + place.tenths * (b - a);
			class[i] += 10 * divisor * sum[i] > (int32_t)count * cut;
		}
	}
}

#ifdef LDN_AVX2
#define CHOOSE(operation, ...) (LDN_HAS_AVX2() ? ldn_avx2_##operation(__VA_ARGS__) : plain_##operation(__VA_ARGS__))
#else
#define CHOOSE(operation, ...) plain_##operation(__VA_ARGS__)
#endif

void ldn_tile_rows_take(const int16_t *series, size_t n, ldn_span span, size_t first, size_t lanes, int16_t *rows)
{
	const int16_t *from = series + span.first * n + first;

	if (lanes == LDN_LANES) {
		CHOOSE(copy, from, n, span.count, rows);
		return;
	}
	for (size_t k = 0; k < span.count; k++) {
		for (size_t i = lanes; i < LDN_LANES; i++)
			rows[k * LDN_LANES + i] = LDN_NODATA;
		memcpy(rows + k * LDN_LANES, from + k * n, lanes * sizeof *rows);
	}
}

void ldn_tile_mark(ldn_tile *tile, size_t n_years)
{
	CHOOSE(mark, tile, n_years);
}

void ldn_tile_signs(const ldn_tile *tile, size_t n_years, int16_t *rising, int16_t *falling)
{
	CHOOSE(signs, tile, n_years, rising, falling);
}

void ldn_tile_line_sums(const ldn_tile *tile, const int *x, size_t n_years, ldn_line_sums *sums)
{
	CHOOSE(line_sums, tile, x, n_years, sums);
}

void ldn_tile_slopes(const ldn_line_sums *sums, double *slope)
{
	CHOOSE(slopes, sums, slope);
}

void ldn_tile_sums(const int16_t *rows, size_t n_years, int32_t *sum, int32_t *valid)
{
	CHOOSE(sums, rows, n_years, sum, valid);
}

void ldn_tile_sort(int16_t (*rows)[LDN_LANES], size_t n_years)
{
	CHOOSE(sort, rows, n_years);
}

void ldn_tile_classes(const int16_t *sorted, size_t m, const ldn_state_rule *rule, const int32_t *sum, size_t count, int16_t *class)
{
	CHOOSE(classes, sorted, m, rule, sum, count, class);
}
