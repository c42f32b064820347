/* People on degraded land (SO 2-3): counts by class come from ldn_table_add_values (zonal.h); here are the maps.
 * People are float, cells without a number (NaN or LDN_NODATA) count nobody; water counts nobody. */
#ifndef LDN_EXPOSURE_H
#define LDN_EXPOSURE_H

#include "ldn/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The people of each cell in the band of its class; 0 in the others. Any band may be NULL. unknown: class is no data. water may be NULL. */
LDN_API void ldn_exposure_bands(size_t n, const int16_t *classes, const float *people, const uint8_t *water, float *degraded, float *stable,
	float *improved, float *unknown);

/* Clean counts for the tables: missing, negative, or water -> 0. water may be NULL. */
LDN_API void ldn_exposure_people(size_t n, const float *people, const uint8_t *water, float *clean);

/* One map of people, LDN_NODATA where they are missing and on water. By the rule as Trends.Earth writes it: people on degraded land
 * are negative, and a missing count is a number like any other, so that on degraded land it reads +32768 (a fault of the peer; its
 * total of two layers, added beforehand, reads 65536). */
LDN_API void ldn_exposure_map(const ldn_people_rule *rule, size_t n, const int16_t *classes, const float *people, const uint8_t *water,
	float *map);

#ifdef __cplusplus
}
#endif
#endif
