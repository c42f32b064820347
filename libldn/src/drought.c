#include "ldn/drought.h"

#include <math.h>

#define SPI_LIMIT 8.2 /* the normal quantile of the least probability a double near 1 can hold */

/* ln Gamma(x) for x > 0: Stirling's series after moving x above 12. libm's lgamma writes a global. */
static double log_gamma(double x)
{
	static const double terms[] = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156};
	double shift = 1, square, sum = 0, power;

	while (x < 12)
		shift *= x++;
	square = x * x;
	power = x;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		sum += terms[i] / power;
		power *= square;
	}
	return (x - 0.5) * log(x) - x + 0.91893853320467274178 + sum - log(shift);
}

/* Regularised lower incomplete gamma function P(a, x): power series below a + 1, continued fraction (Lentz) above. */
static double gamma_series(double a, double x)
{
	double term = 1 / a, sum = term;

	for (int k = 1; k < 10000 && fabs(term) > fabs(sum) * 1e-17; k++) {
		term *= x / (a + k);
		sum += term;
	}
	return sum * exp(a * log(x) - x - log_gamma(a));
}

static double gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;

	for (int k = 1; k < 10000; k++) {
		double numerator = -k * (k - a), factor;
		b += 2;
		d = 1 / (numerator * d + b);
		c = b + numerator / c;
		factor = d * c;
		h *= factor;
		if (fabs(factor - 1) < 1e-16)
			break;
	}
	return h * exp(a * log(x) - x - log_gamma(a));
}

static double gamma_lower(double a, double x)
{
	if (!(x > 0))
		return 0;
	if (isinf(x))
		return 1;
	return x < a + 1 ? gamma_series(a, x) : 1 - gamma_fraction(a, x);
}

ldn_status ldn_gamma_fit(const double *totals, size_t n, ldn_gamma *gamma)
{
	double sum = 0, logs = 0, wet = 0, dry = 0, first = NAN, mean, a;
	bool varies = false;

	for (size_t i = 0; i < n; i++) {
		if (isnan(totals[i]))
			continue;
		if (totals[i] < 0 || isinf(totals[i]))
			return LDN_ERROR_ARGUMENT;
		if (totals[i] == 0) {
			dry++;
			continue;
		}
		varies |= wet > 0 && totals[i] != first;
		first = wet > 0 ? first : totals[i];
		wet++;
		sum += totals[i];
		logs += log(totals[i]);
	}
	if (!varies)
		return LDN_ERROR_DOMAIN;
	mean = sum / wet;
	a = log(mean) - logs / wet;
	if (!(a > 0))
		return LDN_ERROR_DOMAIN;
	gamma->shape = (1 + sqrt(1 + 4 * a / 3)) / (4 * a);
	gamma->scale = mean / gamma->shape;
	gamma->dry = dry / (wet + dry);
	return LDN_OK;
}

double ldn_gamma_cdf(const ldn_gamma *gamma, double x)
{
	if (isnan(x))
		return NAN;
	return x < 0 ? 0 : gamma->dry + (1 - gamma->dry) * gamma_lower(gamma->shape, x / gamma->scale);
}

static double normal_cdf(double z)
{
	return 0.5 * erfc(-z * 0.70710678118654752440);
}

/* Newton and Halley steps on the normal distribution from a coarse start (Abramowitz and Stegun 26.2.23); worked in the lower half, where
 * erfc keeps its relative precision. */
double ldn_normal_quantile(double p)
{
	double lower, t, z;

	if (!(p >= 0 && p <= 1))
		return NAN;
	if (p == 0 || p == 1)
		return p == 0 ? -INFINITY : INFINITY;
	if (p == 0.5)
		return 0;
	lower = p < 0.5 ? p : 1 - p;
	t = sqrt(-2 * log(lower));
	z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
	for (int step = 0; step < 4; step++) {
		double density = 0.39894228040143267794 * exp(-z * z / 2), u = (normal_cdf(z) - lower) / density;
		z -= u / (1 + z * u / 2);
	}
	return p < 0.5 ? z : -z;
}

static double spi_of(const ldn_gamma *gamma, double total)
{
	double z = ldn_normal_quantile(ldn_gamma_cdf(gamma, total));

	return z > SPI_LIMIT ? SPI_LIMIT : z < -SPI_LIMIT ? -SPI_LIMIT : z;
}

size_t ldn_spi_scratch_size(size_t reference_count)
{
	return reference_count * sizeof(double);
}

ldn_status ldn_spi(const double *totals, size_t n_years, size_t n, size_t reference_first, size_t reference_count, double *spi,
		   void *scratch, size_t scratch_size)
{
	double *reference = scratch;

	if (reference_count == 0 || reference_first > n_years || reference_count > n_years - reference_first || ((!totals || !spi) && n))
		return LDN_ERROR_ARGUMENT;
	if (!scratch || scratch_size < ldn_spi_scratch_size(reference_count))
		return LDN_ERROR_SCRATCH;
	for (size_t i = 0; i < n; i++) {
		ldn_gamma gamma;
		bool fits;
		for (size_t k = 0; k < reference_count; k++)
			reference[k] = totals[(reference_first + k) * n + i];
		fits = ldn_gamma_fit(reference, reference_count, &gamma) == LDN_OK;
		for (size_t k = 0; k < n_years; k++) {
			double total = totals[k * n + i];
			spi[k * n + i] = fits && total >= 0 ? spi_of(&gamma, total) : NAN;
		}
	}
	return LDN_OK;
}

void ldn_spi_scale(const double *spi, size_t n, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		double scaled = spi[i] * 1000;
		if (isnan(scaled))
			out[i] = LDN_NODATA;
		else
			out[i] = (int16_t)lround(scaled > 32767 ? 32767 : scaled < -32767 ? -32767 : scaled);
	}
}

static int16_t class_of(const ldn_drought_rule *rule, int16_t spi)
{
	int16_t class = 0;

	if (spi == LDN_NODATA || spi < rule->lowest)
		return spi;
	for (int k = 0; k < LDN_DROUGHT_CLASSES - 1; k++)
		class += rule->limit_is_milder[k] ? spi < rule->limits[k] : spi <= rule->limits[k];
	return class;
}

void ldn_drought_class(const ldn_profile *profile, const int16_t *spi, size_t n, int16_t *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = class_of(&profile->drought, spi[i]);
}

ldn_status ldn_drought_worst(const ldn_profile *profile, const int16_t *spi, size_t n_years, size_t n, int16_t *worst)
{
	const ldn_drought_rule *rule;
	size_t used = n_years;

	if (!profile || n_years == 0 || ((!spi || !worst) && n))
		return LDN_ERROR_ARGUMENT;
	rule = &profile->drought;
	if (rule->period_years_used < rule->period_years && used > (size_t)rule->period_years_used)
		used = (size_t)rule->period_years_used;
	for (size_t i = 0; i < n; i++) {
		int16_t least = LDN_NODATA;
		bool spoilt = false;
		for (size_t k = 0; k < used; k++) {
			int16_t value = spi[k * n + i];
			spoilt |= value == LDN_NODATA;
			if (value != LDN_NODATA && (least == LDN_NODATA || value < least))
				least = value;
		}
		worst[i] = spoilt && rule->missing_spoils_period ? LDN_NODATA : least;
	}
	return LDN_OK;
}
