/* A made-up site whose truth is known: a level, a step when restoration begins, droughts that fall on the site and its reference alike, and a noise of
 * each that remembers the year before. Used by the tests with few runs and by bench/impact.c with many. */
#pragma once

#include <math.h>

#include "ldn/impact.h"

typedef struct made_up {
	size_t years, before; /* in all, and before the step */
	double step;
	double memory;        /* correlation of the noise with that of the year before */
	double share;         /* of a drought that the site feels, against the reference: 1 the same */
	int heavy;            /* noise with heavy tails: one year in ten is three times as far out */
} made_up;

/* A nearly normal number (sum of twelve uniform ones): variance 1. */
static inline double made_up_normal(ldn_random *random, int heavy)
{
	double sum = -6;
	for (int i = 0; i < 12; i++)
		sum += ldn_random_unit(random);
	if (!heavy)
		return sum;
	return sum * (ldn_random_unit(random) < 0.1 ? 3 : 1) / sqrt(1.8);
}

static inline void made_up_draw(const made_up *truth, ldn_random *random, int *years, double *site, double *reference)
{
	double fresh = sqrt(1 - truth->memory * truth->memory), s = made_up_normal(random, 0), r = made_up_normal(random, 0);
	for (size_t k = 0; k < truth->years; k++) {
		double drought = ldn_random_unit(random) < 0.2 ? -0.15 * ldn_random_unit(random) : 0, weather = 0.04 * made_up_normal(random, 0);
		s = truth->memory * s + fresh * made_up_normal(random, truth->heavy);
		r = truth->memory * r + fresh * made_up_normal(random, truth->heavy);
		years[k] = 2000 + (int)k;
		site[k] = 0.30 + truth->share * (drought + weather) + 0.03 * s + (k >= truth->before ? truth->step : 0);
		reference[k] = 0.55 + drought + weather + 0.02 * r;
	}
}

/* How many of `runs` intervals hold the truth. */
static inline size_t made_up_covered(const made_up *truth, const ldn_impact_rule *rule, size_t runs, uint64_t seed, double *width, void *scratch, size_t scratch_size)
{
	ldn_random random = ldn_random_from(seed);
	size_t covered = 0;
	double widths = 0;
	for (size_t run = 0; run < runs; run++) {
		int years[LDN_IMPACT_YEARS_MAX];
		double site[LDN_IMPACT_YEARS_MAX], reference[LDN_IMPACT_YEARS_MAX];
		ldn_impact impact;
		made_up_draw(truth, &random, years, site, reference);
		if (ldn_impact_measure(rule, years, site, reference, NULL, truth->years, 2000 + (int)truth->before, &impact, scratch, scratch_size))
			return 0;
		covered += impact.low <= truth->step && truth->step <= impact.high;
		widths += impact.high - impact.low;
	}
	if (width)
		*width = widths / (double)runs;
	return covered;
}
