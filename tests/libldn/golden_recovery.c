/* Operations of .ldnt files on LandTrendr, spectral indices and recovery. */
#include "golden.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/landtrendr.h"

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

const golden_operation golden_recovery[] = {
	{"landtrendr", run_landtrendr},
	{NULL, NULL},
};
