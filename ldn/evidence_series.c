/* Rows of a measurement that come from the yearly means. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "kernel.h"
#include "ldn/recovery.h"

static double rounded(double value, int decimals)
{
	double scale = 1;
	for (int i = 0; i < decimals; i++)
		scale *= 10;
	return round(value * scale) / scale;
}

static void set_number(json_t *row, const char *name, double value, int decimals)
{
	if (isfinite(value))
		json_object_set_new(row, name, decimals == 0 ? json_integer((json_int_t)round(value)) : json_real(rounded(value, decimals)));
}

static void set_text(json_t *row, const char *name, const char *text)
{
	if (text)
		json_object_set_new(row, name, json_string(text));
}

void evidence_row(const evidence *of, const char *quantity, const char *what, int year, const double range[3], int decimals, const char *unit, const char *note)
{
	json_t *row = json_pack("{s:s}", "quantity", quantity);
	set_text(row, "what", what);
	if (year)
		json_object_set_new(row, "year", json_integer(year));
	set_number(row, "value", range[0], decimals);
	if (isfinite(range[0])) {
		set_number(row, "low", range[1], decimals);
		set_number(row, "high", range[2], decimals);
	}
	set_text(row, "unit", unit);
	set_text(row, "note", note || isfinite(range[0]) ? note : "too small to tell");
	json_array_append_new(of->results, row);
}

#define ALONE(value) ((const double[]){value, NAN, NAN})

static void yearly_rows(const evidence *of, const char *quantity, const char *what, const double *values, int decimals, const char *unit)
{
	for (size_t k = 0; values && k < of->count; k++)
		if (isfinite(values[k]))
			evidence_row(of, quantity, what, of->years[k], ALONE(values[k]), decimals, unit, NULL);
}

/* --- trend --- */

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Theil-Sen slope with its range by ranks (Hollander & Wolfe 1999, 9.3): the slopes that Mann-Kendall, exact, cannot reject at 5 %. */
static void trend_row(const evidence *of, const char *what, const double *values)
{
	double range[3] = {NAN, NAN, NAN}, p;
	kendall table;
	kendall_build(&table, of->count);
	int16_t s, valid;
	ldn_trend_result result = {.s = &s, .valid = &valid, .p = &p};
	autofree double *slopes = memory_grow(NULL, of->count * of->count, sizeof *slopes);
	size_t n = 0;
	if (ldn_trend_double(ldn_profile_get(LDN_PRAIS4), table.table, values, of->years, of->count, 1, &result) != LDN_OK || valid < 4) {
		evidence_row(of, "trend", what, 0, range, 6, "per year", "too few years to tell");
		kendall_free(&table);
		return;
	}
	for (size_t i = 0; i < of->count; i++)
		for (size_t j = i + 1; j < of->count; j++)
			if (isfinite(values[i]) && isfinite(values[j]))
				slopes[n++] = (values[j] - values[i]) / (of->years[j] - of->years[i]);
	qsort(slopes, n, sizeof *slopes, rising);
	range[0] = n % 2 ? slopes[n / 2] : (slopes[n / 2 - 1] + slopes[n / 2]) / 2;
	int critical = ldn_kendall_critical(table.table, (size_t)valid, 0.05);
	if ((size_t)critical <= n) {
		size_t first = (n - ((size_t)critical - 2)) / 2;
		range[1] = slopes[first ? first - 1 : 0];
		range[2] = slopes[n - (first ? first : 1)];
	}
	autofree char *note = text_format("Mann-Kendall p = %.4f: %s", p, p > 0.05 ? "no trend that can be told from chance" : s > 0 ? "rising" : "falling");
	evidence_row(of, "trend", what, 0, range, 6, "per year", note);
	kendall_free(&table);
}

/* What is left of the site's values when the rain's share is taken out (RESTREND), both as least squares; false if the rain does not vary. */
static bool without_rain(const evidence *of, double *left)
{
	double n = 0, mean_y = 0, mean_x = 0, xy = 0, xx = 0;
	for (size_t k = 0; k < of->count; k++)
		if (isfinite(of->site[k]) && isfinite(of->rain[k]))
			n++, mean_y += of->site[k], mean_x += of->rain[k];
	mean_y /= n, mean_x /= n;
	for (size_t k = 0; k < of->count; k++)
		if (isfinite(of->site[k]) && isfinite(of->rain[k]))
			xy += (of->rain[k] - mean_x) * (of->site[k] - mean_y), xx += (of->rain[k] - mean_x) * (of->rain[k] - mean_x);
	for (size_t k = 0; k < of->count; k++)
		left[k] = of->site[k] - mean_y - xy / xx * (of->rain[k] - mean_x);
	return xx > 0;
}

static void slope_with_rain(const evidence *of, void *scratch, size_t size)
{
	ldn_impact slope;
	autofree char *what = text_format("%s, year and rain together", of->index);
	if (ldn_impact_slope(&of->rule, of->years, of->site, NULL, of->rain, of->count, &slope, scratch, size) != LDN_OK)
		return;
	const char *note = slope.verdict == LDN_IMPACT_TOO_FEW ? "too few years for a range" : slope.verdict == LDN_IMPACT_NONE ? "no change" : slope.effect > 0 ? "rising" : "falling";
	evidence_row(of, "trend", what, 0, (const double[]){slope.effect, slope.low, slope.high}, 6, "per year", isfinite(slope.effect) ? note : "too few years to tell");
}

static void trends(const evidence *of, void *scratch, size_t size)
{
	autofree double *other = memory_grow(NULL, of->count, sizeof *other);
	autofree char *less = text_format("%s less reference", of->index), *dry = text_format("%s with the rain's share taken out", of->index);
	trend_row(of, of->index, of->site);
	for (size_t k = 0; of->reference && k < of->count; k++)
		other[k] = of->site[k] - of->reference[k];
	if (of->reference)
		trend_row(of, less, other);
	if (of->rain && without_rain(of, other)) {
		trend_row(of, dry, other);
		slope_with_rain(of, scratch, size);
	}
}

/* --- fit, disturbance --- */

static void fit(const evidence *of)
{
	ldn_landtrendr_rule rule = ldn_landtrendr_default;
	ldn_segmentation found;
	autofree double *fitted = memory_grow(NULL, of->count, sizeof *fitted);
	rule.unit = 0.001;
	rule.background = NAN;
	rule.disturbance_sign = of->sign;
	if (ldn_landtrendr(&rule, of->years, of->site, of->count, 1, &found, fitted) != LDN_OK || found.n_vertices == 0)
		return;
	for (size_t k = 0; k < of->count && found.path != LDN_PATH_TOO_FEW; k++)
		evidence_row(of, "fitted-index", of->index, of->years[k], ALONE(fitted[k]), 6, NULL, NULL);
	if (of->too_small || found.path == LDN_PATH_TOO_FEW)
		return;
	ldn_change_filter filter = {.magnitude_min = of->loss_least, .before_min = -INFINITY};
	ldn_change loss = ldn_segmentation_change(&found, of->sign, LDN_CHANGE_LOSS, LDN_CHANGE_GREATEST, &filter);
	if (loss.segment < 0)
		return;
	evidence_row(of, "disturbance-year", of->index, loss.year, ALONE(loss.year), 0, NULL, NULL);
	evidence_row(of, "disturbance-magnitude", of->index, loss.year, ALONE(loss.magnitude), 6, NULL, NULL);
}

/* --- recovery --- */

static size_t rows_before(const evidence *of, int year)
{
	size_t k = 0;
	while (k < of->count && of->years[k] < year)
		k++;
	return k;
}

/* Share of the target reached in the newest year with a value, and years until it was. targets: one a year. */
static void against(const evidence *of, const char *target_name, const double *targets)
{
	autofree char *share = text_format("R%.0fP, %s", of->percent, target_name), *until = text_format("%.0f %% of %s", of->percent, target_name);
	size_t last = of->count, reached = of->count;
	for (size_t k = rows_before(of, of->restored); k < of->count; k++) {
		if (!isfinite(of->site[k]) || !(targets[k] > 0))
			continue;
		last = k;
		if (reached == of->count && of->site[k] >= of->percent / 100 * targets[k])
			reached = k;
	}
	if (last == of->count)
		return;
	evidence_row(of, "recovery-ratio", share, of->years[last], ALONE(of->site[last] / (of->percent / 100 * targets[last])), 6, NULL, NULL);
	autofree char *not_yet = text_format("not reached by %d", of->years[last]);
	if (reached < of->count)
		evidence_row(of, "years-to-recovery", until, 0, ALONE(of->years[reached] - of->restored), 0, "years", NULL);
	else
		evidence_row(of, "years-to-recovery", until, 0, ALONE(NAN), 0, "years", not_yet);
}

static void against_past(const evidence *of)
{
	size_t before = rows_before(of, of->disturbed);
	double target;
	if (!of->disturbed || ldn_median_years(of->site, 1, (ldn_span){0, before}, &target) != LDN_OK || !(target > 0))
		return;
	autofree double *targets = memory_grow(NULL, of->count, sizeof *targets);
	for (size_t k = 0; k < of->count; k++)
		targets[k] = target;
	against(of, "its own past", targets);
}

/* dIR, YrYr, RRI of the site as a whole, where the years allow them. */
static void metrics(const evidence *of)
{
	static const ldn_metric plain[] = {LDN_DIR, LDN_YRYR, LDN_RRI};
	ldn_recovery_years when = {of->years, of->count, of->disturbed, of->restored};
	ldn_recovery_rule rule = ldn_recovery_default;
	rule.percent = of->percent;
	rule.disturbance_sign = of->sign;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		double value;
		if (ldn_recovery_check(&rule, plain[i], &when, NULL) == LDN_RECOVERY_FINE && ldn_recovery(&rule, plain[i], &when, of->site, NULL, 0, 1, &value) == LDN_OK && isfinite(value)) {
			autofree char *what = text_format("%s, %d years", ldn_metrics[plain[i]].name, rule.timestep);
			evidence_row(of, "recovery-ratio", what, of->restored + rule.timestep, ALONE(value), 6, NULL, NULL);
		}
	}
}

static void recovery(const evidence *of)
{
	autofree char *share = text_format("%s, share of the reference", of->index);
	for (size_t k = 0; of->reference && k < of->count; k++)
		if (isfinite(of->site[k]) && of->reference[k] > 0)
			evidence_row(of, "recovery-ratio", share, of->years[k], ALONE(of->site[k] / of->reference[k]), 6, NULL, NULL);
	if (!of->restored || of->sign > 0 || of->too_small)
		return;
	against_past(of);
	if (of->reference)
		against(of, "the reference in the same years", of->reference);
	metrics(of);
}

/* --- effect --- */

static const char *effect_note(const evidence *of, const ldn_impact *found)
{
	if (found->verdict == LDN_IMPACT_TOO_FEW)
		return found->before == 0 || found->after == 0 ? "too few years to tell: none before or none after" : "too few years to tell";
	if (found->verdict == LDN_IMPACT_NONE)
		return of->reference ? "no change" : "no change (no reference area: weather can hide or feign one)";
	if (of->reference)
		return found->effect > 0 ? "a rise against the reference" : "a fall against the reference";
	return found->effect > 0 ? "a rise (no reference area: weather can feign it)" : "a fall (no reference area: weather can feign it)";
}

static void effect(const evidence *of, void *scratch, size_t size)
{
	ldn_impact found;
	if (!of->restored)
		return;
	if (of->too_small) {
		evidence_row(of, "effect", of->index, 0, ALONE(NAN), 6, NULL, of->too_small);
		return;
	}
	if (ldn_impact_measure(&of->rule, of->years, of->site, of->reference, of->rain, of->count, of->restored, &found, scratch, size) != LDN_OK)
		return;
	bool told = found.verdict != LDN_IMPACT_TOO_FEW;
	autofree char *what = text_format("%s from %d", of->index, of->restored);
	evidence_row(of, "effect", what, 0, (const double[]){told ? found.effect : NAN, found.low, found.high}, 6, NULL, effect_note(of, &found));
	if (!told)
		return;
	evidence_row(of, "minimum-detectable-change", what, 0, ALONE(found.detectable), 6, NULL, NULL);
	autofree char *dates = text_format("%zu false dates", found.placebos);
	evidence_row(of, "placebo-share", what, 0, ALONE(found.placebo_share), 6, NULL, found.placebos ? dates : "no other date to try");
}

void evidence_series(const evidence *of)
{
	size_t size = ldn_impact_scratch(&of->rule, of->count);
	autofree void *scratch = memory_new(size, 1);
	yearly_rows(of, "vegetation-index", of->index, of->site, 6, NULL);
	yearly_rows(of, "reference-index", of->index, of->reference, 6, NULL);
	yearly_rows(of, "rain", NULL, of->rain, 1, "mm");
	fit(of);
	trends(of, scratch, size);
	recovery(of);
	effect(of, scratch, size);
}
