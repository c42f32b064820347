/* Nanoseconds a pixel of the productivity kernels over 20 years of int16, one thread, everything in cache: the best of many blocks.
 * usage: kernels [SHARE_OF_VALUES_MISSING]    prints rows for bench/run.sh */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
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
} kernel;

static const kernel kernels[] = {
	{"trend", run_trend, ROUNDS, true},
	{"trend with slope and S", run_trend_and_slope, ROUNDS, false},
	{"state", run_state, ROUNDS, true},
	{"key of the mean", run_keys, ROUNDS, true},
	{"rank of the mean, one pass", run_ranks, ROUNDS, true},
	{"performance", run_performance, ROUNDS, true},
	{"LPD-5 and LPD-3", run_classes, ROUNDS, true},
	{"Theil-Sen slope", run_sen, 5, false},
};

int main(int argc, char **argv)
{
	size_t size = ldn_kendall_size(YEARS);
	void *memory = malloc(size);

	table = ldn_kendall_build(memory, size, YEARS);
	if (!table)
		return 1;
	make_series(argc > 1 ? strtod(argv[1], NULL) : 0);
	for (int f = LDN_PRAIS4; f <= LDN_GPG2; f++) {
		const ldn_profile *profile = ldn_profile_get((ldn_profile_name)f);
		double sum = 0;
		for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++) {
			double best = 1e18;
			if (kernels[k].run == run_sen && f != LDN_PRAIS4)
				continue; /* knows no profile */
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
