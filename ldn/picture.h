/* Pictures of a piece of land: cells enlarged, its outline drawn, what lies outside dimmed, missing cells hatched; north up, cells as wide as they are on the
 * ground. Colours as in the platform's pictures. */
#pragma once

#include "parcel.h"

typedef struct colour {
	uint8_t red, green, blue;
} colour;

extern const colour colour_degraded, colour_stable, colour_improved, colour_missing;

/* From three bands (red, green, blue of the picture), stretched together from `dark` to `bright`. */
uint8_t *picture_bands(const parcel *land, const grid *of, const double *const bands[3], double dark, double bright, size_t *size);
/* From an index: bare clay over dry grass to larch between low and high. */
uint8_t *picture_index(const parcel *land, const grid *of, const double *values, double low, double high, size_t *size);
/* From classes: colours[class - first], LDN_NODATA hatched. */
uint8_t *picture_classes(const parcel *land, const grid *of, const int16_t *classes, int first, const colour *colours, size_t *size);

/* A range for the stretch that leaves out the darkest and brightest 2 % of values inside the land's box; false if there are none. */
bool picture_range(const parcel *land, const double *const *bands, size_t count, double *dark, double *bright);
