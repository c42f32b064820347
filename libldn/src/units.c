/* Units of the performance metric: codes, and a table from code to dense index in the caller's memory. */
#include "ldn/performance.h"

#include <string.h>

/* Order of the ESA CCI classes in the units (Trends.Earth gee/productivity.py). */
static const uint8_t esa_order[] = {
	10, 11, 12, 20, 30, 40, 50, 60, 61, 62, 70, 71, 72, 80, 81, 82, 90, 100,
	160, 170, 110, 130, 180, 190, 120, 121, 122, 140, 150, 151, 152, 153, 200, 201, 202, 210,
};

int ldn_esa_index(int esa_class)
{
	for (size_t i = 0; i < sizeof esa_order; i++)
		if (esa_order[i] == esa_class)
			return (int)i + 1;
	return 0;
}

void ldn_unit_codes(const int16_t *soil, const int16_t *cover, size_t n, int32_t *unit)
{
	uint8_t index[256] = {0};

	for (size_t i = 0; i < sizeof esa_order; i++)
		index[esa_order[i]] = (uint8_t)(i + 1);
	for (size_t i = 0; i < n; i++) {
		int known = cover[i] >= 0 && cover[i] < 256 ? index[cover[i]] : 0;
		unit[i] = known && soil[i] >= 0 ? soil[i] * 100 + known : LDN_UNIT_NONE;
	}
}

struct ldn_units {
	size_t capacity, count, mask;
	int32_t cells[]; /* codes in order of first sight, then slots: index or -1 */
};

static size_t slot_count(size_t capacity)
{
	size_t slots = 4;

	while (slots < 2 * capacity)
		slots *= 2;
	return slots;
}

size_t ldn_units_size(size_t capacity)
{
	if (capacity > INT32_MAX / 8)
		return SIZE_MAX;
	return sizeof(struct ldn_units) + (capacity + slot_count(capacity)) * sizeof(int32_t);
}

ldn_units *ldn_units_init(void *memory, size_t size, size_t capacity)
{
	struct ldn_units *units = memory;

	if (!memory || capacity == 0 || ldn_units_size(capacity) == SIZE_MAX || size < ldn_units_size(capacity))
		return NULL;
	units->capacity = capacity;
	units->count = 0;
	units->mask = slot_count(capacity) - 1;
	for (size_t i = 0; i <= units->mask; i++)
		units->cells[capacity + i] = -1;
	return units;
}

size_t ldn_units_count(const ldn_units *units)
{
	return units->count;
}

int32_t ldn_units_code(const ldn_units *units, size_t index)
{
	return index < units->count ? units->cells[index] : LDN_UNIT_NONE;
}

/* The slot that holds the code, or the empty one where it would go. */
static size_t slot_of(const ldn_units *units, int32_t code)
{
	const int32_t *slots = units->cells + units->capacity;
	size_t at = ((uint32_t)code * 2654435769u >> 7) & units->mask;

	while (slots[at] >= 0 && units->cells[slots[at]] != code)
		at = (at + 1) & units->mask;
	return at;
}

int32_t ldn_units_find(const ldn_units *units, int32_t code)
{
	return units->cells[units->capacity + slot_of(units, code)];
}

ldn_status ldn_units_index(ldn_units *units, const int32_t *code, size_t n, int32_t *index)
{
	ldn_status status = LDN_OK;
	int32_t last_code = LDN_UNIT_NONE, last_index = -1;

	for (size_t i = 0; i < n; i++) {
		if (code[i] == LDN_UNIT_NONE) {
			index[i] = -1;
			continue;
		}
		if (code[i] != last_code) {
			size_t at = slot_of(units, code[i]);
			int32_t *slot = &units->cells[units->capacity + at];
			last_code = code[i];
			if (*slot < 0 && units->count < units->capacity) {
				units->cells[units->count] = code[i];
				*slot = (int32_t)units->count++;
			} else if (*slot < 0) {
				status = LDN_ERROR_OVERFLOW;
			}
			last_index = *slot;
		}
		index[i] = last_index;
	}
	return status;
}
