/* Effect before and after against a reference: levels, noise with a memory, studentised block bootstrap mixed over the memories that fit. */
#include "ldn/impact.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 3, MEMORIES = 30 };

#define MEMORY_LOW (-0.5)
#define MEMORY_STEP 0.05 /* up to 0.95 */
#define DETECTION 0.8416212335729143 /* the normal quantile of 0.8 */

const ldn_impact_rule ldn_impact_default = { .draws = 1999, .block = 0, .seed = 20260824, .confidence = 0.95, .side_least = 3, .least = 8 };

/* What is fitted to the values. */
typedef struct design {
	size_t n, columns;
	int gap[LDN_IMPACT_YEARS_MAX];               /* years since the one before */
	double plain[COLUMNS_MAX][LDN_IMPACT_YEARS_MAX]; /* the columns as given; the last is the one that is asked about */
	double q[COLUMNS_MAX][LDN_IMPACT_YEARS_MAX]; /* orthonormal */
	double weight[LDN_IMPACT_YEARS_MAX];         /* of the values in the estimate */
} design;

/* One memory that the noise may have (correlation of a year with the year before), and the values seen without it. */
typedef struct memory {
	double rho;
	double *q[COLUMNS_MAX]; /* orthonormal columns without memory */
	double *fresh;          /* residuals without memory, centred */
	double squares;         /* their sum of squares before centring */
	double variance;        /* of the estimate, for a noise of variance 1 */
	double share;           /* how far the values speak for it; all shares add up to 1 */
} memory;

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static double power(double base, size_t exponent)
{
	double result = 1;
	for (; exponent > 0; exponent--)
		result *= base;
	return result;
}

/* Takes what lies along `columns` orthonormal ones out of values. */
static void take_out(double *const *q, size_t columns, size_t n, double *values)
{
	for (size_t k = 0; k < columns; k++) {
		double along = dot(q[k], values, n);
		for (size_t i = 0; i < n; i++)
			values[i] -= along * q[k][i];
	}
}

/* Column k made orthogonal to those before it (twice, for exactness) and of length 1; gives the length, 0 if it depends on them. */
static double column_settle(double *const *q, size_t k, size_t n)
{
	double before = sqrt(dot(q[k], q[k], n));
	take_out(q, k, n, q[k]);
	take_out(q, k, n, q[k]);
	double length = sqrt(dot(q[k], q[k], n));
	if (!(length > 1e-9 * before))
		return 0;
	for (size_t i = 0; i < n; i++)
		q[k][i] /= length;
	return length;
}

/* What is new in the year after a gap, as a share of the noise: with the memory's part it makes the noise as large as before. */
static double renewal(double rho, int gap)
{
	return sqrt(1 - power(rho * rho, (size_t)gap));
}

static void forget(const design *d, double rho, const double *values, double *fresh)
{
	fresh[0] = values[0];
	for (size_t i = 1; i < d->n; i++)
		fresh[i] = (values[i] - power(rho, (size_t)d->gap[i]) * values[i - 1]) / renewal(rho, d->gap[i]);
}

static double estimate_variance(const design *d, double rho)
{
	double sum = 0;
	for (size_t i = 0; i < d->n; i++) {
		double along = 1;
		sum += d->weight[i] * d->weight[i];
		for (size_t j = i + 1; j < d->n; j++) {
			along *= power(rho, (size_t)d->gap[j]);
			sum += 2 * d->weight[i] * d->weight[j] * along;
		}
	}
	return sum;
}

/* Restricted likelihood of a memory but for its squares, times the prior 1 / sqrt(1 - rho^2). */
static double likelihood(const design *d, const memory *m, double volume)
{
	double value = 1 / (volume * sqrt(1 - m->rho * m->rho));
	for (size_t i = 1; i < d->n; i++)
		value /= renewal(m->rho, d->gap[i]);
	return value;
}

/* All memories, with their shares; false when the values leave no noise at all. */
static int memories_weigh(const design *d, const double *value, memory *all, double *room)
{
	size_t n = d->n, free_values = n - d->columns;
	double least = INFINITY, sum = 0;
	for (size_t g = 0; g < MEMORIES; g++) {
		memory *m = &all[g];
		double volume = 1, mean = 0;
		m->rho = MEMORY_LOW + MEMORY_STEP * (double)g;
		for (size_t k = 0; k < d->columns; k++, room += n) {
			m->q[k] = room;
			forget(d, m->rho, d->plain[k], m->q[k]);
			volume *= column_settle(m->q, k, n);
		}
		m->fresh = room;
		room += n;
		forget(d, m->rho, value, m->fresh);
		take_out(m->q, d->columns, n, m->fresh);
		m->squares = dot(m->fresh, m->fresh, n);
		for (size_t i = 0; i < n; i++)
			mean += m->fresh[i] / (double)n;
		for (size_t i = 0; i < n; i++)
			m->fresh[i] -= mean;
		m->variance = estimate_variance(d, m->rho);
		m->share = likelihood(d, m, volume);
		least = m->squares < least ? m->squares : least;
	}
	if (!(least > 1e-24 * dot(value, value, n)))
		return 0;
	for (size_t g = 0; g < MEMORIES; g++)
		sum += all[g].share *= power(sqrt(least / all[g].squares), free_values);
	for (size_t g = 0; g < MEMORIES; g++)
		all[g].share /= sum;
	return 1;
}

/* An error that the estimate may have: fresh noise drawn in blocks, around the end as well, given its memory back, held against its own size. */
static double draw(const design *d, const memory *m, size_t block, ldn_random *random)
{
	double noise[LDN_IMPACT_YEARS_MAX] = { 0 };
	size_t n = d->n;
	for (size_t i = 0; i < n;) {
		size_t at = ldn_random_below(random, n);
		for (size_t j = 0; j < block && i < n; j++, at = at + 1 < n ? at + 1 : 0)
			noise[i++] = m->fresh[at];
	}
	double before = noise[0], error = d->weight[0] * before;
	for (size_t i = 1; i < n; i++) {
		before = power(m->rho, (size_t)d->gap[i]) * before + renewal(m->rho, d->gap[i]) * noise[i];
		error += d->weight[i] * before;
	}
	double squares = dot(noise, noise, n), least = 1e-12 * squares;
	take_out(m->q, d->columns, n, noise);
	double left = dot(noise, noise, n);
	return left > least ? error * sqrt(m->squares / left) : 0;
}

static void sift(double *heap, size_t root, size_t n)
{
	for (size_t child; (child = 2 * root + 1) < n; root = child) {
		if (child + 1 < n && heap[child + 1] > heap[child])
			child++;
		if (heap[root] >= heap[child])
			return;
		double swap = heap[root];
		heap[root] = heap[child];
		heap[child] = swap;
	}
}

static void sort(double *values, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(values, i, n);
	for (size_t end = n; end-- > 1;) {
		double swap = values[0];
		values[0] = values[end];
		values[end] = swap;
		sift(values, 0, end);
	}
}

/* How far the interval reaches to either side. */
static double reach(const ldn_impact_rule *rule, const design *d, const memory *all, double *drawn)
{
	ldn_random random = ldn_random_from(rule->seed);
	size_t block = rule->block;
	while (!rule->block && (2 * block + 1) * (2 * block + 1) * (2 * block + 1) <= 8 * d->n)
		block++; /* the cube root, rounded */
	for (size_t b = 0; b < rule->draws; b++) {
		double place = ldn_random_unit(&random);
		size_t g = 0;
		while (g + 1 < MEMORIES && (place -= all[g].share) > 0)
			g++;
		drawn[b] = fabs(draw(d, &all[g], block < d->n ? block : d->n, &random));
	}
	sort(drawn, rule->draws);
	size_t at = (size_t)ceil(rule->confidence * (double)(rule->draws + 1));
	return drawn[(at < rule->draws ? at : rule->draws) - 1];
}

/* The values that are there, site less reference; their number. */
static size_t gather(const int *years, const double *site, const double *reference, const double *rain, size_t n, int *year, double *value, double *wet)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		double v = reference ? site[i] - reference[i] : site[i];
		if (!isfinite(v) || (rain && !isfinite(rain[i])))
			continue;
		year[count] = years[i];
		wet[count] = rain ? rain[i] : 0;
		value[count++] = v;
	}
	return count;
}

/* The design of a column `asked` beside a level and, if given, rain; 0 if it cannot be told from them. */
static int design_make(design *d, const int *year, const double *wet, int with_rain, const double *asked, size_t n)
{
	double *q[COLUMNS_MAX] = { d->q[0], d->q[1], d->q[2] };
	size_t last = with_rain ? 2 : 1;
	d->n = n;
	d->columns = last + 1;
	for (size_t i = 0; i < n; i++) {
		d->gap[i] = i ? year[i] - year[i - 1] : 1;
		d->plain[0][i] = 1;
		d->plain[1][i] = wet[i];
		d->plain[last][i] = asked[i];
	}
	memcpy(d->q, d->plain, sizeof d->q);
	for (size_t k = 0; k <= last; k++)
		if (column_settle(q, k, n) <= 0)
			return 0;
	double along = dot(d->q[last], asked, n);
	for (size_t i = 0; i < n; i++)
		d->weight[i] = d->q[last][i] / along;
	return 1;
}

static void rain_share(const design *d, const double *wet, const double *asked, const double *value, double effect, ldn_impact *impact)
{
	double left[LDN_IMPACT_YEARS_MAX];
	for (size_t i = 0; i < d->n; i++)
		left[i] = value[i] - effect * asked[i];
	impact->rain = dot(d->q[1], left, d->n) / dot(d->q[1], wet, d->n);
}

/* The interval of an effect that is known. */
static void solve(const ldn_impact_rule *rule, const design *d, const double *value, double *scratch, ldn_impact *impact)
{
	memory all[MEMORIES];
	double width = 0, variance = 0;
	impact->correlation = 0;
	if (memories_weigh(d, value, all, scratch)) {
		for (size_t g = 0; g < MEMORIES; g++) {
			variance += all[g].share * all[g].variance * all[g].squares / (double)(d->n - d->columns);
			impact->correlation += all[g].share * all[g].rho;
		}
		width = reach(rule, d, all, scratch + MEMORIES * (COLUMNS_MAX + 1) * d->n);
	}
	impact->error = sqrt(variance);
	impact->low = impact->effect - width;
	impact->high = impact->effect + width;
	impact->detectable = width + DETECTION * impact->error;
	impact->verdict = impact->low > 0 ? LDN_IMPACT_GAIN : impact->high < 0 ? LDN_IMPACT_LOSS : LDN_IMPACT_NONE;
}

static void step_column(const int *year, size_t n, int since, double *asked)
{
	for (size_t i = 0; i < n; i++)
		asked[i] = year[i] >= since;
}

static void placebos(const ldn_impact_rule *rule, design *d, const int *year, const double *wet, int with_rain, const double *value, size_t n, size_t before,
	ldn_impact *impact)
{
	size_t larger = 0;
	for (size_t first = rule->side_least; first + rule->side_least <= n; first++) {
		double asked[LDN_IMPACT_YEARS_MAX];
		if (first == before)
			continue;
		step_column(year, n, year[first], asked);
		if (!design_make(d, year, wet, with_rain, asked, n))
			continue;
		impact->placebos++;
		larger += fabs(dot(d->weight, value, n)) >= fabs(impact->effect);
	}
	if (impact->placebos)
		impact->placebo_share = (double)larger / (double)impact->placebos;
}

static ldn_status check(const ldn_impact_rule *rule, const int *years, const double *site, size_t n, const void *scratch, size_t size)
{
	if (!rule || !years || !site || n == 0 || n > LDN_IMPACT_YEARS_MAX || rule->draws == 0 || !(rule->confidence > 0 && rule->confidence < 1))
		return LDN_ERROR_ARGUMENT;
	for (size_t i = 1; i < n; i++)
		if (years[i] <= years[i - 1])
			return LDN_ERROR_ARGUMENT;
	return scratch && size >= ldn_impact_scratch(rule, n) ? LDN_OK : LDN_ERROR_SCRATCH;
}

size_t ldn_impact_scratch(const ldn_impact_rule *rule, size_t n_years)
{
	return (rule->draws + MEMORIES * (COLUMNS_MAX + 1) * n_years) * sizeof(double);
}

static const ldn_impact nothing = { .effect = NAN, .low = NAN, .high = NAN, .error = NAN, .correlation = NAN, .rain = NAN, .detectable = NAN, .placebo_share = NAN };

ldn_status ldn_impact_measure(const ldn_impact_rule *rule, const int *years, const double *site, const double *reference, const double *rain, size_t n_years,
	int since, ldn_impact *impact, void *scratch, size_t scratch_size)
{
	int year[LDN_IMPACT_YEARS_MAX];
	double value[LDN_IMPACT_YEARS_MAX], wet[LDN_IMPACT_YEARS_MAX], asked[LDN_IMPACT_YEARS_MAX];
	design d;
	ldn_status status = check(rule, years, site, n_years, scratch, scratch_size);
	if (status)
		return status;
	size_t n = gather(years, site, reference, rain, n_years, year, value, wet);
	*impact = nothing;
	step_column(year, n, since, asked);
	impact->after = (size_t)dot(asked, asked, n);
	impact->before = n - impact->after;
	if (!impact->before || !impact->after || !design_make(&d, year, wet, rain != NULL, asked, n))
		return LDN_OK;
	impact->effect = dot(d.weight, value, n);
	if (rain)
		rain_share(&d, wet, asked, value, impact->effect, impact);
	if (impact->before < rule->side_least || impact->after < rule->side_least || n < rule->least)
		return LDN_OK;
	solve(rule, &d, value, scratch, impact);
	placebos(rule, &d, year, wet, rain != NULL, value, n, impact->before, impact);
	return LDN_OK;
}

ldn_status ldn_impact_slope(const ldn_impact_rule *rule, const int *years, const double *site, const double *reference, const double *rain, size_t n_years,
	ldn_impact *impact, void *scratch, size_t scratch_size)
{
	int year[LDN_IMPACT_YEARS_MAX];
	double value[LDN_IMPACT_YEARS_MAX], wet[LDN_IMPACT_YEARS_MAX], asked[LDN_IMPACT_YEARS_MAX];
	design d;
	ldn_status status = check(rule, years, site, n_years, scratch, scratch_size);
	if (status)
		return status;
	size_t n = gather(years, site, reference, rain, n_years, year, value, wet);
	*impact = nothing;
	impact->before = n;
	for (size_t i = 0; i < n; i++)
		asked[i] = year[i] - year[0];
	if (n < 2 || !design_make(&d, year, wet, rain != NULL, asked, n))
		return LDN_OK;
	impact->effect = dot(d.weight, value, n);
	if (rain)
		rain_share(&d, wet, asked, value, impact->effect, impact);
	if (n >= rule->least)
		solve(rule, &d, value, scratch, impact);
	return LDN_OK;
}
