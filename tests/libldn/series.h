/* Made-up series for the property tests: the same on every machine. */
#ifndef SERIES_H
#define SERIES_H

#include <stdint.h>
#include <stdlib.h>

#include "ldn/status.h"

static inline uint32_t series_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 32);
}

/* Between 0 and 1, neither of them. */
static inline double series_uniform(uint64_t *seed)
{
	return (series_random(seed) + 0.5) / 4294967296.0;
}

/* n pixels over n_years years, year-major; every pixel has its own level, slope, noise, share of gaps and step of its values (ties). */
static inline int16_t *series_make(uint64_t seed, size_t n_years, size_t n)
{
	int16_t *series = malloc((n_years * n + 1) * sizeof *series);

	for (size_t i = 0; series && i < n; i++) {
		int level = (int)(series_random(&seed) % 9000) - 1000, slope = (int)(series_random(&seed) % 121) - 60;
		int noise = 1 + (int)(series_random(&seed) % 800), gaps = (int)(series_random(&seed) % 8), step = 1 << series_random(&seed) % 9;
		for (size_t k = 0; k < n_years; k++) {
			int value = level + slope * (int)k + (int)(series_random(&seed) % (uint32_t)noise);
			int gone = gaps > 4 && series_random(&seed) % 10 < (uint32_t)(gaps - 4) * 3;
			series[k * n + i] = gone ? LDN_NODATA : (int16_t)(value / step * step);
		}
	}
	return series;
}

#endif
