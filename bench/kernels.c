/* Nanoseconds a pixel of the productivity kernels over 20 years of int16, and of LandTrendr over 20 of double, one thread, everything in cache: the best of many blocks.
 * usage: kernels [SHARE_OF_VALUES_MISSING]    prints rows for bench/run.sh */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ldn/landtrendr.h"
#include "ldn/performance.h"
#include "ldn/productivity.h"

#define YEARS 20
#define PIXELS 8192
#define UNITS 40
#define ROUNDS 200

static int years[YEARS];
static int16_t series[YEARS * PIXELS], level[PIXELS], trend[PIXELS], change[PIXELS], state[PIXELS], performance[PIXELS];
static int16_t lpd5[PIXELS], lpd3[PIXELS], s[PIXELS];
static double slope[PIXELS], sen[PIXELS], scratch[YEARS * YEARS], quantile[UNITS];
static uint32_t key[PIXELS];
static int32_t unit[PIXELS];
static ldn_rank ranks[UNITS];
static const ldn_kendall *table;
static double nbr[YEARS * PIXELS], fit[YEARS * PIXELS];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* not what others take of the machine */
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void make_series(double missing)
{
	srand(1);
	for (size_t i = 0; i < PIXELS; i++) {
		double level_ = 1000 + rand() % 7000, slope_ = (rand() % 200 - 100) / 2.0;
		unit[i] = (int32_t)(i / 64 % UNITS);
		for (size_t k = 0; k < YEARS; k++) {
			int16_t value = (int16_t)(level_ + slope_ * (double)k + rand() % 1000 - 500);
			series[k * PIXELS + i] = rand() < missing * RAND_MAX ? LDN_NODATA : value;
		}
	}
	for (int k = 0; k < YEARS; k++)
		years[k] = 2004 + k;
	for (int u = 0; u < UNITS; u++) {
		ldn_rank_begin(&ranks[u]);
		quantile[u] = 5000 + u;
	}
}

/* NBR x 1000 of land that is disturbed now and then and grows back, pixel by pixel. */
static void make_disturbed(double missing)
{
	for (size_t i = 0; i < PIXELS; i++) {
		double value = 300 + rand() % 500, high = value;
		for (size_t k = 0; k < YEARS; k++) {
			value += rand() % 12 == 0 ? -(rand() % 500) : value < high ? rand() % 40 : 0;
			nbr[i * YEARS + k] = rand() < missing * RAND_MAX ? NAN : value + rand() % 60 - 30;
		}
	}
}

static void run_landtrendr(const ldn_profile *p)
{
	ldn_segmentation segments;

	(void)p;
	for (size_t i = 0; i < PIXELS; i++)
		ldn_landtrendr(&ldn_landtrendr_default, years, nbr + i * YEARS, YEARS, 1, &segments, fit + i * YEARS);
}

/* What no segmentation can do without: one least-squares line and its fitted values, of the same series. */
static void run_line(const ldn_profile *p)
{
	(void)p;
	for (size_t i = 0; i < PIXELS; i++) {
		const double *y = nbr + i * YEARS;
		double n = 0, x = 0, mean = 0, xx = 0, xy = 0;
		for (size_t k = 0; k < YEARS; k++) {
			double there = !isnan(y[k]);
			n += there;
			x += there * years[k];
			mean += isnan(y[k]) ? 0 : y[k];
		}
		x /= n;
		mean /= n;
		for (size_t k = 0; k < YEARS; k++) {
			xx += isnan(y[k]) ? 0 : (years[k] - x) * (years[k] - x);
			xy += isnan(y[k]) ? 0 : (years[k] - x) * (y[k] - mean);
		}
		for (size_t k = 0; k < YEARS; k++)
			fit[i * YEARS + k] = mean + xy / xx * (years[k] - x);
	}
}

static void run_trend(const ldn_profile *p)
{
	ldn_trend_result r = {.level = level, .trend = trend};

	ldn_trend_int16(p, table, series, years, YEARS, PIXELS, &r);
}

static void run_trend_and_slope(const ldn_profile *p)
{
	ldn_trend_result r = {.slope = slope, .s = s, .level = level, .trend = trend};

	ldn_trend_int16(p, table, series, years, YEARS, PIXELS, &r);
}

static void run_state(const ldn_profile *p)
{
	ldn_state_result r = {.change = change, .state = state};

	ldn_state_int16(p, series, PIXELS, (ldn_span){0, YEARS - 3}, (ldn_span){YEARS - 3, 3}, &r);
}

static void run_keys(const ldn_profile *p)
{
	(void)p;
	ldn_mean_keys(series, PIXELS, (ldn_span){0, YEARS}, key);
}

static void run_ranks(const ldn_profile *p)
{
	(void)p;
	ldn_rank_add(ranks, unit, key, PIXELS);
}

static void run_performance(const ldn_profile *p)
{
	ldn_performance(p, key, unit, quantile, PIXELS, YEARS, performance, NULL);
}

static void run_classes(const ldn_profile *p)
{
	ldn_productivity(p, trend, state, performance, PIXELS, lpd5, lpd3);
}

static void run_sen(const ldn_profile *p)
{
	(void)p;
	ldn_sen_int16(series, years, YEARS, PIXELS, sen, NULL, scratch, sizeof scratch);
}

typedef struct kernel {
	const char *name;
	void (*run)(const ldn_profile *profile);
	int rounds;
	bool in_sum; /* part of the chain of land productivity dynamics */
	bool once;   /* knows no profile */
} kernel;

static const kernel kernels[] = {
	{"trend", run_trend, ROUNDS, true},
	{"trend with slope and S", run_trend_and_slope, ROUNDS, false},
	{"state", run_state, ROUNDS, true},
	{"key of the mean", run_keys, ROUNDS, true},
	{"rank of the mean, one pass", run_ranks, ROUNDS, true},
	{"performance", run_performance, ROUNDS, true},
	{"LPD-5 and LPD-3", run_classes, ROUNDS, true},
	{"Theil-Sen slope", run_sen, 5, false, true},
	{"one least-squares line of disturbed land", run_line, 20, false, true},
	{"LandTrendr of disturbed land", run_landtrendr, 5, false, true},
};

int main(int argc, char **argv)
{
	size_t size = ldn_kendall_size(YEARS);
	void *memory = malloc(size);

	table = ldn_kendall_build(memory, size, YEARS);
	if (!table)
		return 1;
	make_series(argc > 1 ? strtod(argv[1], NULL) : 0);
	make_disturbed(argc > 1 ? strtod(argv[1], NULL) : 0);
	for (int f = LDN_PRAIS4; f <= LDN_GPG2; f++) {
		const ldn_profile *profile = ldn_profile_get((ldn_profile_name)f);
		double sum = 0;
		for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++) {
			double best = 1e18;
			if (kernels[k].once && f != LDN_PRAIS4)
				continue;
			for (int round = 0; round < kernels[k].rounds; round++) {
				double start = now();
				kernels[k].run(profile);
				best = now() - start < best ? now() - start : best;
			}
			sum += kernels[k].in_sum ? best : 0;
			printf("%s, %s\t%.1f ns a pixel\t\t\n", profile->name, kernels[k].name, best / PIXELS);
		}
		printf("%s, the chain of 20 years, one thread\t%.1f ns a pixel\t\t\n", profile->name, sum / PIXELS);
	}
	free(memory);
	return 0;
}
