#include "ldn/productivity.h"

#include "lanes.h"

void ldn_combine(const int8_t *table, const int16_t *trend, const int16_t *state, const int16_t *performance, size_t n, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		/* Anything but the known classes, no data among them, falls outside the unsigned ranges. */
		unsigned t = (unsigned)(trend[i] + 1), s = (unsigned)(state[i] + 1), p = (unsigned)(performance[i] + 1);
		out[i] = ((t > 2) | (s > 2) | (p > 1)) ? LDN_NODATA : table[(t * 3 + s) * 2 + p];
	}
}

void ldn_productivity(const ldn_profile *profile, const int16_t *trend, const int16_t *state, const int16_t *performance, size_t n,
		      int16_t *lpd5, int16_t *lpd3)
{
	if (lpd5)
		ldn_combine(profile->productivity.lpd5, trend, state, performance, n, lpd5);
	if (lpd3)
		ldn_combine(profile->productivity.lpd3, trend, state, performance, n, lpd3);
}

bool ldn_productivity_own_three(const ldn_profile *profile)
{
	bool own = false;

	for (size_t i = 0; i < LDN_COMBINATIONS; i++) {
		int16_t five = profile->productivity.lpd5[i], three;
		ldn_lpd5_to_3(&five, 1, &three);
		own |= three != profile->productivity.lpd3[i];
	}
	return own;
}

LDN_CLONES static void lpd5_to_3(const int16_t *lpd5, size_t n, int16_t *lpd3)
{
	for (size_t i = 0; i < n; i++) {
		int16_t five = lpd5[i], three = (int16_t)((five >= 3) + (five >= 5) - 1); /* 1, 2 degraded; 3, 4 stable; 5 improved */
		lpd3[i] = five >= 1 && five <= 5 ? three : LDN_NODATA;
	}
}

void ldn_lpd5_to_3(const int16_t *lpd5, size_t n, int16_t *lpd3)
{
	lpd5_to_3(lpd5, n, lpd3);
}
