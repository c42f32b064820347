#include "ldn/productivity.h"

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

void ldn_lpd5_to_3(const int16_t *lpd5, size_t n, int16_t *lpd3)
{
	static const int16_t three[] = {LDN_NODATA, -1, -1, 0, 0, 1};

	for (size_t i = 0; i < n; i++)
		lpd3[i] = lpd5[i] >= 1 && lpd5[i] <= 5 ? three[lpd5[i]] : LDN_NODATA;
}
