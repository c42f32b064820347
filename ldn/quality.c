#include "quality.h"

#include <stdint.h>

const char *const quality_names[] = {"none", "scl", "fmask", "hls", "qa-pixel", NULL};

/* A quality band is a list of classes, of which some are clear, or a set of bits, of which some spoil. */
static const struct {
	uint32_t clear; /* classes: bit 1 << class of each that is clear; 0: bits */
	uint32_t spoilt; /* bits */
} kinds[] = {
	[QUALITY_NONE] = {0, 0}, /* every cell with a value */
	[QUALITY_SCL] = {1u << 4 | 1u << 5 | 1u << 6 | 1u << 7, 0}, /* Sentinel-2 scene classification: vegetation, bare, water, unclassified (4 to 7) */
	[QUALITY_FMASK] = {1u << 0 | 1u << 1, 0}, /* Fmask: clear land and clear water (0 and 1) */
	[QUALITY_HLS] = {0, 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4}, /* Fmask of HLS: neither cloud, nor beside cloud, nor shadow, nor snow (bits 1 to 4 not set) */
	[QUALITY_QA_PIXEL] = {0, 0x3F}, /* QA_PIXEL of Landsat Collection 2: neither fill, nor cloud, nor beside cloud, nor cirrus, nor shadow, nor snow (bits 0 to 5 not set) */
};

bool quality_clear(quality_kind kind, double value)
{
	if (kind == QUALITY_NONE)
		return true;
	if (!(value >= 0 && value <= UINT16_MAX) || value != (double)(uint32_t)value)
		return false;
	uint32_t whole = (uint32_t)value;
	if (kind == QUALITY_HLS && whole == 255) /* fill */
		return false;
	return kinds[kind].clear ? whole < 32 && (kinds[kind].clear >> whole & 1) : (whole & kinds[kind].spoilt) == 0;
}
