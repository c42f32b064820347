/* The geometry doctor. Input: a byte of options, then rings: a byte (points; bit 7: a new part), then points as pairs of int16 in 1/64 degrees, or
 * as pairs of doubles. What is repaired is valid, or told to be unusable; repairing it again changes nothing. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>

#include "doctor.h"
#include "shape_ogr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { POINTS_MOST = 24, RINGS_MOST = 8 };

static void require(int holds)
{
	if (!holds)
		abort();
}

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
	return wide ? large + 0.0 : small / 64.0;
}

static shape read_shape(const uint8_t *data, const uint8_t *end, int wide)
{
	shape s = {0};
	for (int rings = 0; data < end && rings < RINGS_MOST; rings++) {
		uint8_t head = *data++;
		part *p = s.count == 0 || head & 128 ? shape_part(&s) : &s.parts[s.count - 1];
		ring *r = part_ring(p);
		for (int i = 0; i < (head & 127) % POINTS_MOST; i++) {
			double x = take(&data, end, wide), y = take(&data, end, wide);
			ring_put(r, x, y);
		}
		if (head & 64 && r->n)
			ring_put(r, r->x[0], r->y[0]);
	}
	return s;
}

static bool tells(const patient *p, const char *id)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->findings[i].what->id, id) == 0 && !p->findings[i].mended)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	doctor d = {.pixel = 30, .repair = true};
	if (size == 0)
		return 0;
	CPLPushErrorHandler(CPLQuietErrorHandler);
	patient first = {.number = 1, .given = read_shape(data + 1, data + size, data[0] & 1)};
	doctor_see(&d, &first);
	if (first.usable && first.mended.count && !tells(&first, "winds-round-pole")) {
		require(shape_valid(&first.mended));
		require(isfinite(first.area_mended) && first.area_mended > 0);
		patient again = {.number = 1, .given = shape_copy(&first.mended)};
		doctor_see(&d, &again);
		require(shapes_same(&again.mended, &first.mended));
		require(!again.invalid && again.usable && again.area_mended == first.area_mended);
		patient_free(&again);
	}
	patient_free(&first);
	CPLPopErrorHandler();
	return 0;
}
