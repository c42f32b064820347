#include "ldn/indicator.h"

#include <math.h>

#include "lanes.h"

/* -1, 0, 1 stay; anything else is no data. Written so that the compiler selects instead of branching. */
static inline int16_t clean(int16_t value)
{
	return value >= LDN_DEGRADED && value <= LDN_IMPROVED ? value : LDN_NODATA;
}

static inline int16_t lesser(int16_t a, int16_t b)
{
	return a < b ? a : b;
}

static inline int16_t greater(int16_t a, int16_t b)
{
	return a > b ? a : b;
}

LDN_CLONES static void combine_strict(size_t n, const int16_t *p, const int16_t *l, const int16_t *c, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		int16_t a = clean(p[i]), b = clean(l[i]), d = clean(c[i]);
		int16_t worst = lesser(lesser(a, b), d), best = greater(greater(a, b), d);
		out[i] = worst < LDN_STABLE ? worst : best; /* no data is the least of all */
	}
}

LDN_CLONES static void combine_any(size_t n, const int16_t *p, const int16_t *l, const int16_t *c, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		int16_t a = clean(p[i]), b = clean(l[i]), d = clean(c[i]);
		int16_t worst = lesser(lesser(a, b), d), best = greater(greater(a, b), d);
		int16_t calm = worst < LDN_STABLE ? worst : best;
		int degraded = (a == LDN_DEGRADED) | (b == LDN_DEGRADED) | (d == LDN_DEGRADED);
		out[i] = degraded ? LDN_DEGRADED : calm;
	}
}

/* As SEPAL: a degraded one beside a missing one counts only if nothing known is stable or improved. */
LDN_CLONES static void combine_alone(size_t n, const int16_t *p, const int16_t *l, const int16_t *c, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		int16_t a = clean(p[i]), b = clean(l[i]), d = clean(c[i]);
		int16_t worst = lesser(lesser(a, b), d), best = greater(greater(a, b), d);
		int16_t calm = worst < LDN_STABLE ? worst : best;
		out[i] = best == LDN_DEGRADED ? LDN_DEGRADED : calm;
	}
}

void ldn_indicator_combine(ldn_one_out_mode mode, size_t n, const int16_t *productivity, const int16_t *landcover, const int16_t *carbon,
	int16_t *indicator)
{
	typedef void combination(size_t, const int16_t *, const int16_t *, const int16_t *, int16_t *);
	static combination *const modes[] = {
		[LDN_STRICT] = combine_strict, [LDN_ANY_DEGRADED] = combine_any, [LDN_ALONE_DEGRADED] = combine_alone};
	modes[mode](n, productivity, landcover, carbon, indicator);
}

LDN_CLONES static void indicator_status(size_t n, const int16_t *baseline, const int16_t *period, int16_t *status)
{
	for (size_t i = 0; i < n; i++) {
		int16_t b = clean(baseline[i]), p = clean(period[i]);
		int16_t worse = b < LDN_STABLE ? LDN_PERSISTENT_DEGRADATION : LDN_RECENT_DEGRADATION;
		int16_t better = b > LDN_STABLE ? LDN_PERSISTENT_IMPROVEMENT : LDN_RECENT_IMPROVEMENT;
		int16_t same = (int16_t)(LDN_STATUS_STABLE + b); /* what the baseline was: degraded, stable, improved */
		int16_t known = p < LDN_STABLE ? worse : p > LDN_STABLE ? better : same;
		status[i] = b == LDN_NODATA || p == LDN_NODATA ? LDN_NODATA : known;
	}
}

void ldn_indicator_status(size_t n, const int16_t *baseline, const int16_t *period, int16_t *status)
{
	indicator_status(n, baseline, period, status);
}

LDN_CLONES static void indicator_status_simple(const ldn_indicator_rule *rule, size_t n, const int16_t *status, int16_t *classes)
{
	for (size_t i = 0; i < n; i++) {
		int16_t s = status[i];
		int16_t other = rule->unknown_status_passes ? s : LDN_NODATA;
		int16_t known = s <= LDN_BASELINE_DEGRADATION ? LDN_DEGRADED : s == LDN_STATUS_STABLE ? LDN_STABLE : LDN_IMPROVED;
		classes[i] = s >= LDN_PERSISTENT_DEGRADATION && s <= LDN_PERSISTENT_IMPROVEMENT ? known : other;
	}
}

void ldn_indicator_status_simple(const ldn_indicator_rule *rule, size_t n, const int16_t *status, int16_t *classes)
{
	indicator_status_simple(rule, n, status, classes);
}

/* The option lists of the three present classes, in the order the code counts them. */
static const int16_t recode_options[3][4] = {
	{LDN_RECODE_NONE, LDN_NODATA, LDN_STABLE, LDN_IMPROVED},
	{LDN_RECODE_NONE, LDN_NODATA, LDN_DEGRADED, LDN_IMPROVED},
	{LDN_RECODE_NONE, LDN_NODATA, LDN_DEGRADED, LDN_STABLE}};

ldn_status ldn_recode_code(int16_t degraded_to, int16_t stable_to, int16_t improved_to, int *code)
{
	const int16_t wanted[3] = {degraded_to, stable_to, improved_to};
	int sum = 0;
	for (int k = 0; k < 3; k++) {
		int option = 0;
		while (option < 4 && recode_options[k][option] != wanted[k])
			option++;
		if (option == 4)
			return LDN_ERROR_ARGUMENT;
		sum = 4 * sum + option;
	}
	*code = sum;
	return LDN_OK;
}

ldn_status ldn_recode_targets(int code, int16_t targets[3])
{
	if (code < 0 || code > 63)
		return LDN_ERROR_ARGUMENT;
	targets[0] = recode_options[0][code / 16];
	targets[1] = recode_options[1][code / 4 % 4];
	targets[2] = recode_options[2][code % 4];
	return LDN_OK;
}

void ldn_indicator_recode(size_t n, const int16_t *in, const int16_t *code, const int16_t *periods, int period, int16_t *out)
{
	int16_t table[64][3];
	for (int k = 0; k < 64; k++) {
		ldn_recode_targets(k, table[k]);
		for (int v = 0; v < 3; v++)
			if (table[k][v] == LDN_RECODE_NONE)
				table[k][v] = (int16_t)(v - 1);
	}
	for (size_t i = 0; i < n; i++) {
		int named = code[i] >= 0 && code[i] <= 63 && periods[i] > 0 && (periods[i] & period) != 0;
		int classed = in[i] >= LDN_DEGRADED && in[i] <= LDN_IMPROVED;
		out[i] = named && classed ? table[code[i]][in[i] + 1] : in[i];
	}
}

ldn_extent ldn_indicator_extent(double degraded_baseline, double degraded_status, double total_land)
{
	ldn_extent extent = {degraded_baseline, degraded_status, degraded_status - degraded_baseline, NAN, NAN, NAN};
	if (total_land > 0.0) {
		extent.share_baseline = 100.0 * degraded_baseline / total_land;
		extent.share_status = 100.0 * degraded_status / total_land;
		extent.share_change = 100.0 * extent.change / total_land;
	}
	return extent;
}
