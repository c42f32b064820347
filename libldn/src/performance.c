#include "ldn/performance.h"
#include "ldn/trend.h"

#include "tile.h"

#include <math.h>
#include <string.h>

/* --- means as keys ---------------------------------------------------------------------------------------------------------------
 *
 * key = floor((mean + 32768) * 65536). Two means with at most 128 years differ by at least 1 / (128 * 127) > 2^-16 unless they are equal, so
 * different means have different keys; and a mean above -32768 has a key of at least 65536 / 128, so 0 is free for "none". */

LDN_CLONES
static void tile_keys(const int32_t *restrict sum, const int32_t *restrict count, uint32_t *restrict key)
{
	double value[LDN_LANES];
	uint64_t bits[LDN_LANES];

	/* The fraction of value is 0 or lies within 1/128 .. 127/128, so rounding value - 0.498 to the nearest is its floor; adding 2^52
	 * rounds, and leaves the whole number in the low bits. */
	for (size_t i = 0; i < LDN_LANES; i++) {
		double n = count[i] | (int32_t)(count[i] == 0);
		value[i] = (sum[i] + 32768.0 * n) * 65536.0 / n - 0.498 + 4503599627370496.0;
	}
	memcpy(bits, value, sizeof bits);
	for (size_t i = 0; i < LDN_LANES; i++)
		key[i] = (uint32_t)bits[i] & -(uint32_t)(count[i] != 0);
}

ldn_status ldn_mean_keys(const int16_t *series, size_t n, ldn_span span, uint32_t *key)
{
	uint32_t tile[LDN_LANES];
	int32_t sum[LDN_LANES], valid[LDN_LANES];
	ldn_tile_rows rows;

	if (span.count == 0 || span.count > LDN_YEARS_MAX || ((!series || !key) && n))
		return LDN_ERROR_ARGUMENT;
	for (size_t first = 0; first < n; first += LDN_LANES) {
		size_t lanes = n - first < LDN_LANES ? n - first : LDN_LANES;
		ldn_tile_rows_take(series, n, span, first, lanes, rows[0]);
		ldn_tile_sums(rows[0], span.count, sum, valid);
		tile_keys(sum, valid, tile);
		memcpy(key + first, tile, lanes * sizeof *key);
	}
	return LDN_OK;
}

double ldn_key_mean(uint32_t key, size_t span_count)
{
	if (key == LDN_KEY_NONE)
		return NAN;
	/* The one sum / count with this key; most pixels have all their years. */
	for (uint64_t count = span_count; count > 0; count--) {
		uint64_t low = key * count, sum = (low + 65535) >> 16;
		if ((sum << 16) - low < count)
			return ((double)sum - 32768.0 * (double)count) / (double)count;
	}
	return NAN;
}

/* --- exact quantile by digits -------------------------------------------------------------------------------------------------- */

/* Bits of the key not yet looked at before and after each pass. */
static const int shift_before[] = {32, 21, 10}, shift_after[] = {21, 10, 0};

void ldn_rank_begin(ldn_rank *rank)
{
	memset(rank, 0, sizeof *rank);
	rank->above = UINT32_MAX;
	rank->left_out = LDN_KEY_ZERO;
}

void ldn_rank_fork(ldn_rank *to, const ldn_rank *from)
{
	*to = *from;
	memset(to->bins, 0, sizeof to->bins);
	to->above = UINT32_MAX;
}

static void add_first(ldn_rank *ranks, const int32_t *index, const uint32_t *key, size_t n, uint32_t left_out)
{
	for (size_t i = 0; i < n; i++)
		if (index[i] >= 0 && key[i] != LDN_KEY_NONE && key[i] != left_out)
			ranks[index[i]].bins[key[i] >> shift_after[0]]++;
}

static void add_later(ldn_rank *ranks, const int32_t *index, const uint32_t *key, size_t n, int pass, uint32_t left_out)
{
	int before = shift_before[pass], after = shift_after[pass];
	uint32_t mask = ((uint32_t)1 << (before - after)) - 1;

	for (size_t i = 0; i < n; i++) {
		ldn_rank *rank;
		uint32_t group;
		if (index[i] < 0 || key[i] == LDN_KEY_NONE || key[i] == left_out)
			continue;
		rank = &ranks[index[i]];
		group = key[i] >> before;
		if (group == rank->prefix)
			rank->bins[key[i] >> after & mask]++;
		else if (group > rank->prefix && key[i] < rank->above)
			rank->above = key[i];
	}
}

void ldn_rank_add(ldn_rank *ranks, const int32_t *index, const uint32_t *key, size_t n)
{
	size_t first = 0;

	while (first < n && index[first] < 0)
		first++;
	if (first == n)
		return;
	if (ranks[index[first]].pass == 0)
		add_first(ranks, index, key, n, ranks[index[first]].left_out);
	else if (ranks[index[first]].pass < LDN_RANK_PASSES)
		add_later(ranks, index, key, n, ranks[index[first]].pass, ranks[index[first]].left_out);
}

void ldn_rank_merge(ldn_rank *into, const ldn_rank *from)
{
	for (size_t b = 0; b < LDN_RANK_BINS; b++)
		into->bins[b] += from->bins[b];
	if (from->above < into->above)
		into->above = from->above;
}

/* The next key in this last pass's group after bin, or the least one above the group. */
static uint32_t next_key(const ldn_rank *rank, size_t bin)
{
	for (size_t b = bin + 1; b < (size_t)1 << shift_before[2]; b++)
		if (rank->bins[b])
			return (rank->prefix << shift_before[2]) | (uint32_t)b;
	return rank->above;
}

ldn_rank_state ldn_rank_advance(ldn_rank *rank, double q)
{
	double position;
	uint64_t sought;
	size_t bin = 0;

	if (rank->pass >= LDN_RANK_PASSES)
		return LDN_RANK_DONE;
	for (size_t b = 0; rank->pass == 0 && b < LDN_RANK_BINS; b++)
		rank->count += rank->bins[b];
	if (rank->count) {
		position = (double)(rank->count - 1) * q;
		sought = (uint64_t)position;
		while (rank->below + rank->bins[bin] <= sought && bin + 1 < LDN_RANK_BINS)
			rank->below += rank->bins[bin++];
		if (rank->pass == LDN_RANK_PASSES - 1) {
			rank->low = (rank->prefix << shift_before[2]) | (uint32_t)bin;
			rank->fraction = position - (double)sought;
			rank->high = rank->low;
			if (rank->fraction > 0 && rank->below + rank->bins[bin] <= sought + 1)
				rank->high = next_key(rank, bin);
		}
		rank->prefix = rank->pass ? (rank->prefix << (shift_before[rank->pass] - shift_after[rank->pass])) | (uint32_t)bin
					  : (uint32_t)bin;
	}
	memset(rank->bins, 0, sizeof rank->bins);
	rank->above = UINT32_MAX;
	rank->pass++;
	return rank->pass < LDN_RANK_PASSES ? LDN_RANK_AGAIN : LDN_RANK_DONE;
}

double ldn_rank_value(const ldn_rank *rank, size_t span_count)
{
	double low, high;

	if (rank->pass < LDN_RANK_PASSES || rank->count == 0)
		return NAN;
	low = ldn_key_mean(rank->low, span_count);
	high = ldn_key_mean(rank->high, span_count);
	return low + rank->fraction * (high - low);
}

double ldn_quantile_sorted(const double *values, size_t n, double q)
{
	double position;
	size_t at;

	if (n == 0 || !(q >= 0 && q <= 1))
		return NAN;
	position = (double)(n - 1) * q;
	at = (size_t)position;
	if (at + 1 >= n)
		return values[n - 1];
	return values[at] + (position - (double)at) * (values[at + 1] - values[at]);
}

/* --- the sub-indicator ----------------------------------------------------------------------------------------------------------- */

static bool quantile_answers(const ldn_performance_rule *rule, double q)
{
	return !isnan(q) && q != 0 && !(q < 0 && rule->negative_unit_is_nodata);
}

ldn_status ldn_performance(const ldn_profile *profile, const uint32_t *key, const int32_t *index, const double *quantile, size_t n,
			   size_t span_count, int16_t *performance, double *ratio)
{
	const ldn_performance_rule *rule;

	if (!profile || ((!key || !index || !quantile || !performance) && n) || span_count == 0 || span_count > LDN_YEARS_MAX)
		return LDN_ERROR_ARGUMENT;
	rule = &profile->performance;
	for (size_t i = 0; i < n; i++) {
		double q = index[i] < 0 ? NAN : quantile[index[i]], border;
		if (key[i] == LDN_KEY_NONE || !quantile_answers(rule, q)) {
			performance[i] = LDN_NODATA;
			if (ratio)
				ratio[i] = NAN;
			continue;
		}
		/* The key at which mean / q meets the limit: only beside it, and where the ratio is asked for, is the mean worked out. */
		border = (rule->ratio_limit * q + 32768) * 65536;
		if (!ratio && q > 0 && fabs(key[i] - border) > 2) {
			performance[i] = key[i] < border ? LDN_DEGRADED : LDN_STABLE;
		} else {
			double r = ldn_key_mean(key[i], span_count) / q;
			performance[i] = r <= rule->ratio_limit ? LDN_DEGRADED : LDN_STABLE;
			if (ratio)
				ratio[i] = r;
		}
	}
	return LDN_OK;
}

ldn_status ldn_performance_means(const ldn_profile *profile, const double *mean, const int32_t *index, const double *quantile, size_t n,
				 int16_t *performance, double *ratio)
{
	if (!profile || ((!mean || !index || !quantile || !performance) && n))
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 0; i < n; i++) {
		double q = index[i] < 0 ? NAN : quantile[index[i]], r = NAN;
		if (!isnan(mean[i]) && quantile_answers(&profile->performance, q))
			r = mean[i] / q;
		performance[i] = isnan(r) ? LDN_NODATA : r <= profile->performance.ratio_limit ? LDN_DEGRADED : LDN_STABLE;
		if (ratio)
			ratio[i] = r;
	}
	return LDN_OK;
}
