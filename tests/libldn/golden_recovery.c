/* Operations of .ldnt files on LandTrendr, spectral indices and recovery. */
#include "golden.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/landtrendr.h"
#include "ldn/recovery.h"
#include "ldn/spectral.h"

/* tail-p in double; the same cut to whole units, as the vectors were made; the authors' program, its F test in float or double. */
static bool landtrendr_rule(const golden_record *in, ldn_landtrendr_rule *rule)
{
	const char *name = golden_word(in, "rule", "tail-p");

	*rule = strcmp(name, "tail-p") ? ldn_landtrendr_original : ldn_landtrendr_default;
	rule->p = !strcmp(name, "original") ? LDN_P_LOWER_FLOAT : !strcmp(name, "original-double") ? LDN_P_LOWER_DOUBLE : LDN_P_TAIL;
	rule->max_segments = (int)golden_number(in, "max_segments", rule->max_segments);
	rule->despike = golden_number(in, "despike", rule->despike);
	rule->overshoot = (int)golden_number(in, "overshoot", rule->overshoot);
	rule->recovery = golden_number(in, "recovery", rule->recovery);
	rule->p_limit = golden_number(in, "p_limit", rule->p_limit);
	rule->best_model = golden_number(in, "best_model", rule->best_model);
	rule->min_observations = (int)golden_number(in, "min_observations", rule->min_observations);
	rule->background = golden_number(in, "background", rule->background);
	rule->disturbance_sign = (int)golden_number(in, "sign", rule->disturbance_sign);
	return !strcmp(name, "tail-p") || !strcmp(name, "tail-p-whole") || rule->p != LDN_P_TAIL;
}

static void put_change(golden_record *out, const ldn_segmentation *s, int sign)
{
	ldn_change c = ldn_segmentation_change(s, sign, LDN_CHANGE_LOSS, LDN_CHANGE_GREATEST, NULL);

	golden_put(out, "loss_year", c.year);
	golden_put(out, "loss", c.segment < 0 ? 0 : c.magnitude);
	golden_put(out, "loss_duration", c.duration);
}

/* One series; missing values are nan. */
static bool run_landtrendr(const golden_record *in, golden_record *out)
{
	const golden_field *values = golden_find(in, "values");
	size_t n;
	int *years = golden_ints(in, "years", &n);
	double *fitted = calloc(n + 1, sizeof *fitted), vertex_year[LDN_SEGMENTS_MAX + 1] = {0};
	ldn_landtrendr_rule rule;
	ldn_segmentation s;
	bool good = landtrendr_rule(in, &rule) && values && values->count == n && fitted &&
		ldn_landtrendr(&rule, years, values->numbers, n, 1, &s, fitted) == LDN_OK;

	if (good) {
		for (int k = 0; k < s.n_vertices; k++)
			vertex_year[k] = s.vertex_year[k];
		golden_put(out, "path", s.path);
		golden_put(out, "segments", s.n_vertices - 1);
		golden_put_list(out, "vertex_years", vertex_year, (size_t)s.n_vertices);
		golden_put_list(out, "vertex_values", s.vertex_value, (size_t)s.n_vertices);
		golden_put_list(out, "segment_mse", s.segment_mse, s.n_vertices > 1 ? (size_t)s.n_vertices - 1 : 0);
		golden_put_list(out, "fitted", fitted, n);
		golden_put(out, "p", s.p);
		golden_put(out, "f", s.f);
		golden_put(out, "rmse", s.rmse);
		golden_put(out, "valid", s.n_valid);
		put_change(out, &s, rule.disturbance_sign);
	}
	free(years);
	free(fitted);
	return good;
}

/* Reflectances of one pixel under the bands' letters; every index that they suffice for. */
static bool run_index(const golden_record *in, golden_record *out)
{
	double value[LDN_BANDS], index;
	const double *bands[LDN_BANDS] = {NULL};

	for (int b = 0; b < LDN_BANDS; b++) {
		value[b] = golden_number(in, ldn_band_letters[b], NAN);
		bands[b] = golden_find(in, ldn_band_letters[b]) ? &value[b] : NULL;
	}
	for (size_t k = 0; k < LDN_INDICES; k++)
		if (ldn_index_compute(&ldn_indices[k], bands, 1, &index) == LDN_OK)
			golden_put(out, ldn_indices[k].name, index);
	return true;
}

/* Every metric of one pixel; `refused` adds 1 << metric for those that the years or settings do not allow,
 * `refused_NAME` is 1 for one of them. */
static bool run_recovery(const golden_record *in, golden_record *out)
{
	const golden_field *values = golden_find(in, "values");
	ldn_recovery_rule rule = strcmp(golden_word(in, "rule", "default"), "peer") ? ldn_recovery_default : ldn_recovery_peer;
	double target = golden_number(in, "target", NAN), answer, step = golden_number(in, "timestep", rule.timestep);
	size_t n;
	int *years = golden_ints(in, "years", &n), refused = 0;
	ldn_recovery_years when = {years, n, (int)golden_number(in, "disturbance", -9999), (int)golden_number(in, "restoration", -9999)};
	bool good = values && values->count == n;

	rule.timestep = isnan(step) ? LDN_TIMESTEP_LAST : (int)step;
	rule.percent = golden_number(in, "percent", rule.percent);
	rule.loss_min = golden_number(in, "loss_min", rule.loss_min);
	rule.mean_end = golden_number(in, "mean_end", 0) > 0;
	rule.disturbance_sign = (int)golden_number(in, "sign", -1);
	for (int m = 0; good && m < LDN_METRICS; m++) {
		bool fine = ldn_recovery_check(&rule, (ldn_metric)m, &when, NULL) == LDN_RECOVERY_FINE;
		ldn_status status = ldn_recovery(&rule, (ldn_metric)m, &when, values->numbers, &target, 0, 1, &answer);
		good = fine == (status == LDN_OK);
		char name[GOLDEN_NAME_MAX];
		snprintf(name, sizeof name, "refused_%s", ldn_metrics[m].name);
		golden_put(out, name, !fine);
		golden_put(out, ldn_metrics[m].name, fine ? answer : (double)NAN);
		refused += fine ? 0 : 1 << m;
	}
	golden_put(out, "refused", refused);
	free(years);
	return good;
}

/* `values` year-major, `rows` years: each pixel's median, and the median of those. */
static bool run_target_median(const golden_record *in, golden_record *out)
{
	const golden_field *values = golden_find(in, "values");
	size_t rows = (size_t)golden_number(in, "rows", 1), n = values ? values->count / rows : 0;
	double *median = calloc(n + 1, sizeof *median);
	bool good = n > 0 && n * rows == values->count && median &&
		ldn_median_years(values->numbers, n, (ldn_span){0, rows}, median) == LDN_OK;

	if (good) {
		golden_put_list(out, "pixels", median, n);
		golden_put(out, "polygon", ldn_median(median, n));
	}
	free(median);
	return good;
}

static bool run_target_window(const golden_record *in, golden_record *out)
{
	const golden_field *values = golden_find(in, "values");
	size_t width = (size_t)golden_number(in, "width", 1), height = values ? values->count / width : 0;
	double *mean = calloc(width * height + 1, sizeof *mean);
	bool good = height > 0 && width * height == values->count && mean &&
		ldn_window_mean(values->numbers, width, height, (size_t)golden_number(in, "size", 3), golden_number(in, "skip_missing", 0) > 0,
				0, height, mean) == LDN_OK;

	if (good)
		golden_put_list(out, "means", mean, width * height);
	free(mean);
	return good;
}

const golden_operation golden_recovery[] = {
	{"landtrendr", run_landtrendr},
	{"index", run_index},
	{"recovery", run_recovery},
	{"target-median", run_target_median},
	{"target-window", run_target_window},
	{NULL, NULL},
};
