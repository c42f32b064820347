/* Polygon-cell coverage. Input: a byte of options, then rings: a byte (points, new part), then points as pairs of int16 in 1/256
 * cells, or as pairs of doubles. Any polygon gives fractions within 0..1, the same for any cut of the row. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { POINTS = 40, RINGS = 8, COLUMNS = 48, ROWS = 24, CUT = 7 };

static void require(int holds)
{
	if (!holds)
		abort();
}

struct shape {
	double x[POINTS], y[POINTS];
	size_t first[RINGS];
	uint32_t part[RINGS];
	ldn_polygon polygon;
};

static double take(const uint8_t **data, const uint8_t *end, int wide)
{
	int16_t small;
	double large;
	size_t bytes = wide ? sizeof large : sizeof small;
	if ((size_t)(end - *data) < bytes) {
		*data = end;
		return 0;
	}
	memcpy(wide ? (void *)&large : (void *)&small, *data, bytes);
	*data += bytes;
	return wide ? large : small / 256.0;
}

static void read_shape(struct shape *s, const uint8_t *data, const uint8_t *end)
{
	int wide = data < end ? *data++ & 1 : 0;
	s->polygon = (ldn_polygon){0, 0, s->x, s->y, s->first, s->part};
	uint32_t part = 0;
	while (data < end && s->polygon.rings < RINGS) {
		size_t n = *data & 31;
		part += s->polygon.rings > 0 && (*data++ & 32) ? 1 : 0;
		data += s->polygon.rings == 0 ? 1 : 0;
		s->first[s->polygon.rings] = s->polygon.points;
		s->part[s->polygon.rings++] = part;
		for (; n > 0 && s->polygon.points < POINTS && data < end; n--) {
			s->x[s->polygon.points] = take(&data, end, wide);
			s->y[s->polygon.points++] = take(&data, end, wide);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct shape s;
	ldn_coverage coverage;
	double whole[COLUMNS], cut[COLUMNS];
	uint8_t inside[COLUMNS], inside_cut[COLUMNS];

	if (size == 0)
		return 0;
	read_shape(&s, data, data + size);
	size_t bytes = ldn_coverage_scratch(&s.polygon, COLUMNS);
	void *scratch = malloc(bytes);
	require(bytes > 0 && scratch);
	if (ldn_coverage_open(&coverage, &s.polygon, COLUMNS, scratch, bytes) == LDN_OK) {
		int64_t left = coverage.first_column - 1;
		for (int64_t row = coverage.first_row; row < coverage.end_row && row < coverage.first_row + ROWS; row++) {
			require(ldn_coverage_row(&coverage, row, left, COLUMNS, whole) == LDN_OK);
			require(ldn_coverage_centres(&coverage, row, left, COLUMNS, inside) == LDN_OK);
			for (int64_t c = 0; c < COLUMNS; c += CUT) {
				size_t n = COLUMNS - c < CUT ? (size_t)(COLUMNS - c) : CUT;
				require(ldn_coverage_row(&coverage, row, left + c, n, cut + c) == LDN_OK);
				require(ldn_coverage_centres(&coverage, row, left + c, n, inside_cut + c) == LDN_OK);
			}
			require(memcmp(whole, cut, sizeof whole) == 0 && memcmp(inside, inside_cut, sizeof inside) == 0);
			for (int c = 0; c < COLUMNS; c++)
				require(whole[c] >= 0.0 && whole[c] <= 1.0);
		}
	}
	free(scratch);
	return 0;
}
