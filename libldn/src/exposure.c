#include "ldn/exposure.h"

#include <math.h>

static inline int missing(float people)
{
	return isnan(people) || people == (float)LDN_NODATA;
}

void ldn_exposure_people(size_t n, const float *people, const uint8_t *water, float *clean)
{
	for (size_t i = 0; i < n; i++) {
		float known = people[i] > 0.0f ? people[i] : 0.0f; /* NaN compares false */
		clean[i] = water && water[i] ? 0.0f : known;
	}
}

static void fill_band(size_t n, const int16_t *classes, int16_t wanted, int others, const float *people, const uint8_t *water, float *band)
{
	ldn_exposure_people(n, people, water, band);
	for (size_t i = 0; i < n; i++) {
		int classed = classes[i] >= LDN_DEGRADED && classes[i] <= LDN_IMPROVED;
		band[i] = (others ? !classed : classes[i] == wanted) ? band[i] : 0.0f;
	}
}

void ldn_exposure_bands(size_t n, const int16_t *classes, const float *people, const uint8_t *water, float *degraded, float *stable,
	float *improved, float *unknown)
{
	if (degraded)
		fill_band(n, classes, LDN_DEGRADED, 0, people, water, degraded);
	if (stable)
		fill_band(n, classes, LDN_STABLE, 0, people, water, stable);
	if (improved)
		fill_band(n, classes, LDN_IMPROVED, 0, people, water, improved);
	if (unknown)
		fill_band(n, classes, LDN_NODATA, 1, people, water, unknown);
}

void ldn_exposure_map(const ldn_people_rule *rule, size_t n, const int16_t *classes, const float *people, const uint8_t *water, float *map)
{
	for (size_t i = 0; i < n; i++) {
		int gone = missing(people[i]), turned = rule->degraded_is_negative && classes[i] == LDN_DEGRADED;
		float count = gone ? (float)LDN_NODATA : people[i];
		int nothing = (water && water[i]) || (gone && !rule->missing_wraps);
		map[i] = nothing ? (float)LDN_NODATA : turned ? -count : count;
	}
}
