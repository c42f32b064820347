/* Did a site change when something was done there? Before and after, against a reference area in the same years (BACI), with an interval.
 *
 * The annual values of the site less those of the reference (weather that falls on both cancels) are described as a level before, a step at a
 * known year, if wanted a share of the year's rain, and a noise that remembers the year before. The effect is the step: mean after less mean
 * before. Its standard error allows for the memory (lag-1 correlation by moments, freed of the bias that fitting the levels puts into it); its
 * interval comes from a studentised moving-block bootstrap of the whitened residuals, so that short series get the wide interval they deserve.
 * docs/method.md, "Effect", has the coverage that this reaches in made-up sites whose truth is known.
 *
 * Sources: Stewart-Oaten, Murdoch & Parker 1986 (before/after differences between impact and control, years as replicates); Kuensch 1989 and Liu & Singh 1992
 * (moving blocks); Davison & Hinkley 1997, section 8.2.3 (post-blackening) and 5.2 (studentised interval); Worsley et al. 2002 (moments of
 * residuals, freed of bias); Abadie, Diamond & Hainmueller 2010 (placebo). Random numbers: Steele, Lea & Flood 2014 (splitmix64), Blackman & Vigna 2021
 * (xoshiro256**). Only sums, products, quotients and square roots enter, so the same input gives the same bytes on every machine.
 */
#ifndef LDN_IMPACT_H
#define LDN_IMPACT_H

#include "ldn/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LDN_IMPACT_YEARS_MAX 128

/* Random numbers that depend on the seed alone. */
typedef struct ldn_random {
	uint64_t state[4];
} ldn_random;
LDN_API ldn_random ldn_random_from(uint64_t seed);
LDN_API uint64_t ldn_random_next(ldn_random *random);
/* A whole number from 0 to below - 1, all equally likely (below > 0). */
LDN_API size_t ldn_random_below(ldn_random *random, size_t below);
/* Between 0 and 1, 1 excluded. */
LDN_API double ldn_random_unit(ldn_random *random);

typedef struct ldn_impact_rule {
	size_t draws;      /* of the bootstrap: 1999 */
	size_t block;      /* years of a block; 0: the cube root of the number of years, rounded */
	uint64_t seed;
	double confidence; /* 0.95 */
	size_t side_least; /* the least years on either side: 3 */
	size_t least;      /* the least years in all: 8 */
} ldn_impact_rule;
LDN_API extern const ldn_impact_rule ldn_impact_default;

typedef enum ldn_impact_verdict {
	LDN_IMPACT_TOO_FEW = 0, /* years: too small to tell */
	LDN_IMPACT_NONE,        /* the interval contains 0: no change that could be told from the noise */
	LDN_IMPACT_GAIN,
	LDN_IMPACT_LOSS
} ldn_impact_verdict;

typedef struct ldn_impact {
	ldn_impact_verdict verdict;
	size_t before, after;  /* years on either side that have all values */
	double effect;         /* NaN when there is no year on a side */
	double low, high;      /* of the interval; this and what follows NaN for LDN_IMPACT_TOO_FEW */
	double error;          /* standard error */
	double correlation;    /* of the noise with that of the year before */
	double rain;           /* what a unit of rain adds; NaN without rain */
	double detectable;     /* minimum detectable change: the effect that would be found, at this confidence, four times out of five */
	size_t placebos;       /* false dates */
	double placebo_share;  /* of them, whose effect is at least as large; NaN without any */
} ldn_impact;

LDN_API size_t ldn_impact_scratch(const ldn_impact_rule *rule, size_t n_years);

/* The effect of what began in the year `since` (the first year after). years: rising, at most LDN_IMPACT_YEARS_MAX; site: a value a year; reference: of
 * the same years, or NULL: before and after alone, which the weather can feign; rain: or NULL. A year with a NaN is left out. Placebo dates are all others with
 * at least side_least years on either side.
 * LDN_ERROR_ARGUMENT: years that do not rise, too many, a rule without draws or with a confidence outside 0..1; LDN_ERROR_SCRATCH. */
LDN_API ldn_status ldn_impact_measure(const ldn_impact_rule *rule, const int *years, const double *site, const double *reference, const double *rain,
	size_t n_years, int since, ldn_impact *impact, void *scratch, size_t scratch_size);

/* A slope by year with its interval, by the same noise and the same bootstrap: site less reference (or alone), with rain as above. effect is the slope a year;
 * placebos stay 0. before counts the years, after is 0. */
LDN_API ldn_status ldn_impact_slope(const ldn_impact_rule *rule, const int *years, const double *site, const double *reference, const double *rain,
	size_t n_years, ldn_impact *impact, void *scratch, size_t scratch_size);

#ifdef __cplusplus
}
#endif
#endif
