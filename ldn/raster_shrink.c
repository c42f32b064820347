/* Overviews: a raster of half the width and height, classes by vote, numbers by mean. */
#include "raster_inside.h"

#include <math.h>

/* The same as the votes below for full squares, as whole rows for the vector unit: none is the least value of these types, so that it comes first
 * when the four are sorted. Returns how many were done. */
#define ELECT(type)                                                                                                                     \
	static int elect_##type(const type *restrict top, const type *restrict bottom, int count, type *restrict out, type none)       \
	{                                                                                                                               \
		for (int x = 0; x < count; x++) {                                                                                       \
			type a = top[2 * x], b = top[2 * x + 1], c = bottom[2 * x], d = bottom[2 * x + 1];                              \
			type low = a < b ? a : b, high = a < b ? b : a, low2 = c < d ? c : d, high2 = c < d ? d : c;                    \
			type s0 = low < low2 ? low : low2, x1 = low < low2 ? low2 : low;                                                \
			type s3 = high < high2 ? high2 : high, x2 = high < high2 ? high : high2;                                        \
			type s1 = x1 < x2 ? x1 : x2, s2 = x1 < x2 ? x2 : x1;                                                            \
			type least = s2 != none ? s2 : s3;                                                                              \
			least = s1 != none ? s1 : least;                                                                                \
			least = s0 != none ? s0 : least;                                                                                \
			type best = ((s2 == s3) & (s2 != none)) ? s2 : least;                                                           \
			best = ((s1 == s2) & (s1 != none)) ? s1 : best;                                                                 \
			out[x] = ((s0 == s1) & (s0 != none)) ? s0 : best;                                                               \
		}                                                                                                                       \
		return count;                                                                                                           \
	}

ELECT(uint8_t)
ELECT(int16_t)
#define ELECT_uint8_t(top, bottom, count, out, none) (none == 0 ? elect_uint8_t(top, bottom, count, out, none) : 0)
#define ELECT_int16_t(top, bottom, count, out, none) (none == INT16_MIN ? elect_int16_t(top, bottom, count, out, none) : 0)
#define ELECT_int32_t(top, bottom, count, out, none) 0

/* The most frequent of up to four values, no data never if there is another; among equals the smallest, so that what is worse is seen. */
#define SHRINK_CLASSES(type)                                                                                                            \
	static type vote_##type(const type *v, int count, type none)                                                                    \
	{                                                                                                                               \
		type best = none;                                                                                                       \
		int votes = 0;                                                                                                          \
		for (int i = 0; i < count; i++) {                                                                                       \
			int same = 0;                                                                                                   \
			for (int j = 0; j < count; j++)                                                                                 \
				same += v[i] == v[j];                                                                                   \
			if (v[i] != none && (same > votes || (same == votes && v[i] < best))) {                                         \
				best = v[i];                                                                                            \
				votes = same;                                                                                           \
			}                                                                                                               \
		}                                                                                                                       \
		return best;                                                                                                            \
	}                                                                                                                               \
	static void shrink_classes_##type(const type *in, int width, int height, type *out, type none)                                 \
	{                                                                                                                               \
		for (int y = 0; y < raster_half(height); y++, out += raster_half(width)) {                                                            \
			const type *top = in + (size_t)(2 * y) * (size_t)width, *bottom = top + width;                                  \
			bool below = 2 * y + 1 < height;                                                                                \
			int done = below ? ELECT_##type(top, bottom, width / 2, out, none) : 0;                                         \
			for (int x = done; x < raster_half(width); x++) {                                                                     \
				type v[4] = {top[2 * x]};                                                                               \
				int count = 1;                                                                                          \
				if (2 * x + 1 < width)                                                                                  \
					v[count++] = top[2 * x + 1];                                                                    \
				for (int i = 2 * x; below && i < width && i < 2 * x + 2; i++)                                           \
					v[count++] = bottom[i];                                                                         \
				out[x] = vote_##type(v, count, none);                                                                   \
			}                                                                                                               \
		}                                                                                                                       \
	}                                                                                                                               \
	static void shrink_numbers_##type(const type *in, int width, int height, type *out, type none)                     \
	{                                                                                                                               \
		for (int y = 0; y < raster_half(height); y++)                                                                                  \
			for (int x = 0; x < raster_half(width); x++) {                                                                         \
				double sum = 0;                                                                                         \
				int count = 0;                                                                                          \
				for (int i = 0; i < 4; i++) {                                                                           \
					int cx = 2 * x + (i & 1), cy = 2 * y + (i >> 1);                                                \
					if (cx >= width || cy >= height || in[(size_t)cy * (size_t)width + (size_t)cx] == none)         \
						continue;                                                                               \
					sum += (double)in[(size_t)cy * (size_t)width + (size_t)cx];                                     \
					count++;                                                                                        \
				}                                                                                                       \
				double mean = count ? sum / count : (double)none;                                                       \
				out[(size_t)y * (size_t)raster_half(width) + (size_t)x] = (type)nearbyint(mean);                              \
			}                                                                                                               \
	}

SHRINK_CLASSES(uint8_t)
SHRINK_CLASSES(int16_t)
SHRINK_CLASSES(int32_t)

static void shrink_numbers_float(const float *in, int width, int height, float *out, float none)
{
	for (int y = 0; y < raster_half(height); y++)
		for (int x = 0; x < raster_half(width); x++) {
			double sum = 0;
			int count = 0;
			for (int i = 0; i < 4; i++) {
				int cx = 2 * x + (i & 1), cy = 2 * y + (i >> 1);
				if (cx < width && cy < height && in[(size_t)cy * (size_t)width + (size_t)cx] != none) {
					sum += (double)in[(size_t)cy * (size_t)width + (size_t)cx];
					count++;
				}
			}
			out[(size_t)y * (size_t)raster_half(width) + (size_t)x] = count ? (float)(sum / count) : none;
		}
}

void raster_shrink(cell_type type, bool classes, double none, const void *in, int width, int height, void *smaller)
{
	switch (type) {
	case CELL_BYTE:
		classes ? shrink_classes_uint8_t(in, width, height, smaller, (uint8_t)none)
			: shrink_numbers_uint8_t(in, width, height, smaller, (uint8_t)none);
		break;
	case CELL_INT16:
		classes ? shrink_classes_int16_t(in, width, height, smaller, (int16_t)none)
			: shrink_numbers_int16_t(in, width, height, smaller, (int16_t)none);
		break;
	case CELL_INT32:
		classes ? shrink_classes_int32_t(in, width, height, smaller, (int32_t)none)
			: shrink_numbers_int32_t(in, width, height, smaller, (int32_t)none);
		break;
	case CELL_FLOAT:
		shrink_numbers_float(in, width, height, smaller, (float)none);
		break;
	}
}
