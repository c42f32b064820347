#include "ldn/landcover.h"

#include <string.h>

int ldn_transition_multiplier(size_t classes)
{
	return classes <= 10 ? 10 : 100;
}

void ldn_landcover_nest(const ldn_legend *legend, size_t n, const int16_t *raw, uint8_t *position)
{
	for (size_t i = 0; i < n; i++)
		position[i] = legend->position[(uint16_t)raw[i]];
}

void ldn_landcover_kind(const ldn_legend *legend, size_t n, const uint8_t *position, uint8_t *kind)
{
	uint8_t table[256] = {0};
	for (size_t k = 0; k < legend->count && k < LDN_LEGEND_CLASSES; k++)
		table[k + 1] = legend->classes[k].unccd;
	for (size_t i = 0; i < n; i++)
		kind[i] = table[position[i]];
}

void ldn_landcover_transition(int multiplier, size_t n, const uint8_t *from, const uint8_t *to, int16_t *code)
{
	for (size_t i = 0; i < n; i++) {
		int16_t joined = (int16_t)(multiplier * from[i] + to[i]);
		code[i] = from[i] != 0 && to[i] != 0 ? joined : LDN_NODATA;
	}
}

void ldn_landcover_persistence(int multiplier, size_t n, const uint8_t *from, const uint8_t *to, int16_t *code)
{
	for (size_t i = 0; i < n; i++) {
		int16_t joined = (int16_t)(from[i] == to[i] ? from[i] : multiplier * from[i] + to[i]);
		code[i] = from[i] != 0 && to[i] != 0 ? joined : LDN_NODATA;
	}
}

void ldn_landcover_degradation(const ldn_matrix *matrix, size_t n, const uint8_t *from, const uint8_t *to, int16_t *classes)
{
	const uint8_t most = LDN_LEGEND_CLASSES;
	for (size_t i = 0; i < n; i++) {
		int8_t meaning = matrix->meaning[from[i] <= most ? from[i] : 0][to[i] <= most ? to[i] : 0];
		classes[i] = meaning == LDN_MEANING_NONE ? LDN_NODATA : meaning;
	}
}

ldn_status ldn_landcover_changes(size_t n, size_t years, const uint8_t *cover, int16_t *changes, int16_t *since, uint8_t *scratch)
{
	if (years == 0 || years > INT16_MAX)
		return LDN_ERROR_ARGUMENT;

	uint8_t *last = scratch;
	memset(last, 0, n);
	for (size_t i = 0; i < n; i++) {
		if (changes)
			changes[i] = LDN_NODATA;
		if (since)
			since[i] = LDN_NODATA;
	}
	for (size_t k = 0; k < years; k++) {
		const uint8_t *now = cover + k * n;
		int16_t left = (int16_t)(years - 1 - k);
		for (size_t i = 0; i < n; i++) {
			int first = last[i] == 0 && now[i] != 0;
			int changed = last[i] != 0 && now[i] != 0 && now[i] != last[i];
			if (changes)
				changes[i] = first ? 0 : (int16_t)(changes[i] + changed);
			if (since)
				since[i] = changed ? left : since[i];
			last[i] = now[i] != 0 ? now[i] : last[i];
		}
	}
	return LDN_OK;
}
