/* Sums of the valid values of a span of years, for one tile. Private to the library. */
#ifndef LDN_SPAN_SUMS_H
#define LDN_SPAN_SUMS_H

#include <string.h>

#include "ldn/state.h"
#include "lanes.h"

LDN_INLINE void ldn_load_row(int16_t *restrict row, const int16_t *restrict from, size_t lanes)
{
	if (lanes == LDN_LANES) {
		memcpy(row, from, LDN_LANES * sizeof *row);
		return;
	}
	for (size_t i = 0; i < LDN_LANES; i++)
		row[i] = LDN_NODATA;
	memcpy(row, from, lanes * sizeof *row);
}

LDN_INLINE void ldn_add_row(const int16_t *restrict row, int32_t *restrict sum, int32_t *restrict count)
{
	for (size_t i = 0; i < LDN_LANES; i++) {
		int32_t value = row[i], valid = -(int32_t)(value != LDN_NODATA);
		sum[i] += value & valid;
		count[i] -= valid;
	}
}

/* Sums and counts of rows [span.first, span.first + span.count), pixels [first, first + lanes); lanes beyond count nothing. */
LDN_INLINE void ldn_span_sums(const int16_t *restrict series, size_t n, ldn_span span, size_t first, size_t lanes, int32_t *restrict sum,
			      int32_t *restrict count)
{
	int16_t row[LDN_LANES];

	/* Written as a loop of stores that is no memset: the compiler would call one for so few bytes. */
	ldn_load_row(row, series + span.first * n + first, lanes);
	for (size_t i = 0; i < LDN_LANES; i++) {
		int32_t value = row[i], valid = -(int32_t)(value != LDN_NODATA);
		sum[i] = value & valid;
		count[i] = -valid;
	}
	for (size_t k = 1; k < span.count; k++) {
		ldn_load_row(row, series + (span.first + k) * n + first, lanes);
		ldn_add_row(row, sum, count);
	}
}

#endif
