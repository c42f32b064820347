#include "ldn/trend.h"

#include <math.h>
#include <string.h>

/* p[offset(n) + v]: two-sided probability of v inversions or fewer (or as many at the other end), v = 0..N/2, N = n(n-1)/2. */
struct ldn_kendall {
	size_t years;
	double p[];
};

#define PAIRS_MAX (LDN_EXACT_YEARS_MAX * (LDN_EXACT_YEARS_MAX - 1) / 2)

static size_t pairs(size_t n)
{
	return n * (n - 1) / 2;
}

static size_t row_offset(size_t n)
{
	size_t offset = 0;

	for (size_t m = 2; m < n; m++)
		offset += pairs(m) / 2 + 1;
	return offset;
}

static size_t years_held(size_t n_years)
{
	if (n_years < 2)
		return 2;
	return n_years > LDN_EXACT_YEARS_MAX ? LDN_EXACT_YEARS_MAX : n_years;
}

size_t ldn_kendall_size(size_t n_years)
{
	return sizeof(struct ldn_kendall) + row_offset(years_held(n_years) + 1) * sizeof(double);
}

/* The share of orders of n values with v inversions, from that of n - 1: the new value adds 0..n-1 inversions, each as likely. Only sums of
 * positive terms, so the far tail keeps its full relative precision. */
static void share_next(const double *previous, size_t n, double *share)
{
	size_t last = pairs(n - 1);

	for (size_t v = 0; v <= pairs(n); v++) {
		double sum = 0;
		for (size_t j = v > last ? v - last : 0; j < n && j <= v; j++)
			sum += previous[v - j];
		share[v] = sum / (double)n;
	}
}

const ldn_kendall *ldn_kendall_build(void *memory, size_t size, size_t n_years)
{
	struct ldn_kendall *table = memory;
	double previous[PAIRS_MAX + 1] = {1}, share[PAIRS_MAX + 1];
	double *row;

	if (!memory || size < ldn_kendall_size(n_years))
		return NULL;
	table->years = years_held(n_years);
	row = table->p;
	for (size_t n = 2; n <= table->years; n++) {
		double below = 0;
		share_next(previous, n, share);
		for (size_t v = 0; v <= pairs(n) / 2; v++) {
			below += share[v];
			row[v] = 2 * below < 1 ? 2 * below : 1;
		}
		row += pairs(n) / 2 + 1;
		memcpy(previous, share, sizeof share[0] * (pairs(n) + 1));
	}
	return table;
}

double ldn_kendall_p(const ldn_kendall *table, size_t n, int s)
{
	size_t size = (size_t)(s < 0 ? -(long)s : s);

	if (n < 2)
		return 1;
	if (n > table->years)
		return NAN;
	if (size > pairs(n))
		return 0;
	/* An S of the wrong parity cannot occur; the next larger one that can bounds it. */
	return size ? table->p[row_offset(n) + (pairs(n) - size) / 2] : 1;
}

int ldn_kendall_critical(const ldn_kendall *table, size_t n, double p)
{
	const double *row;
	size_t low = 0, high;

	if (n < 2)
		return 1;
	if (n > table->years)
		return (int)pairs(n) + 1;
	row = &table->p[row_offset(n)];
	/* row rises with v: count the entries at or below p. S = 0 has p = 1 whatever its entry says. */
	high = (pairs(n) + 1) / 2;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (row[middle] <= p)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? (int)(pairs(n) - 2 * (low - 1)) : (int)pairs(n) + 1;
}

double ldn_kendall_variance(size_t n, double tie_sum)
{
	double m = (double)n;

	return (m * (m - 1) * (2 * m + 5) - tie_sum) / 18;
}

double ldn_kendall_z(int s, double variance)
{
	if (s == 0 || !(variance > 0))
		return 0;
	return (s > 0 ? s - 1 : s + 1) / sqrt(variance);
}

double ldn_normal_p(double z)
{
	return erfc(fabs(z) * 0.70710678118654752440);
}
