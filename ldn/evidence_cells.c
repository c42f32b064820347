/* Rows of a measurement that come from its cells: classes and their areas. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "kernel.h"
#include "ldn/performance.h"
#include "ldn/productivity.h"

enum { PRODUCTIVITY_YEARS_LEAST = 8, RECENT = 3 };

#define INDEX_STEP 10000.0 /* of the 16-bit series that the productivity kernels read */

static bool inside(const parcel *land, size_t i)
{
	return land->fraction[i] > 0;
}

static double weight_of(const parcel *land, size_t i)
{
	return land->area[i / (size_t)land->box.width] / 10000;
}

/* --- areas of classes --- */

/* Hectares of a class: by the share of each cell inside; cells wholly inside; cells touched. */
static void area_row(const evidence *of, const parcel *land, const int16_t *classes, unsigned wanted, const char *quantity, const char *what, bool told)
{
	double range[3] = {0, 0, 0};
	for (size_t i = 0; i < land->n; i++) {
		if (!inside(land, i) || !(classes[i] == LDN_NODATA ? wanted & 1u << 15 : wanted & 1u << (classes[i] + 1)))
			continue;
		double area = weight_of(land, i);
		range[0] += land->fraction[i] * area;
		range[1] += land->fraction[i] > 1 - 1e-9 ? area : 0;
		range[2] += area;
	}
	evidence_row(of, quantity, what, 0, told ? range : (const double[]){NAN, NAN, NAN}, 4, "ha", told ? NULL : of->too_small ? of->too_small : "too few years to tell");
}

/* --- land productivity --- */

static void series_int16(const yearly *values, size_t n, int16_t *out)
{
	for (size_t i = 0; i < values->count * n; i++) {
		double step = round(values->values[i] * INDEX_STEP);
		out[i] = isfinite(step) && fabs(step) < 32700 ? (int16_t)step : LDN_NODATA;
	}
}

static double mean_of(const yearly *values, size_t n, size_t i)
{
	double sum = 0;
	size_t count = 0;
	for (size_t k = 0; k < values->count; k++)
		if (isfinite(values->values[k * n + i]))
			sum += values->values[k * n + i], count++;
	return count ? sum / (double)count : NAN;
}

static int rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static size_t means_add(const parcel *land, const yearly *values, double *means, size_t count)
{
	for (size_t i = 0; i < land->n; i++) {
		double mean = inside(land, i) ? mean_of(values, land->n, i) : NAN;
		if (isfinite(mean) && mean != 0)
			means[count++] = mean;
	}
	return count;
}

/* The 90th percentile of the cells' means over site and reference together: one unit of like land. */
static double best_of(const parcel *site, const yearly *values, const parcel *reference, const yearly *reference_values)
{
	autofree double *means = memory_grow(NULL, site->n + (reference ? reference->n : 0), sizeof *means);
	size_t count = means_add(site, values, means, 0);
	count = reference ? means_add(reference, reference_values, means, count) : count;
	qsort(means, count, sizeof *means, rising);
	return ldn_quantile_sorted(means, count, 0.9);
}

static bool productivity(const parcel *site, const yearly *values, const parcel *reference, const yearly *reference_values, int16_t *out, failure *why)
{
	const ldn_profile *profile = ldn_profile_get(LDN_PRAIS4);
	size_t n = site->n, years = values->count;
	autofree int16_t *series = memory_grow(NULL, n * years, sizeof *series), *class = memory_grow(NULL, 3 * n, sizeof *class);
	autofree double *mean = memory_grow(NULL, n, sizeof *mean);
	autofree int32_t *unit = memory_new(n, sizeof *unit);
	double best = best_of(site, values, reference, reference_values);
	series_int16(values, n, series);
	for (size_t i = 0; i < n; i++)
		mean[i] = mean_of(values, n, i);
	kendall table;
	kendall_build(&table, years);
	ldn_trend_result trend = {.trend = class};
	ldn_state_result state = {.state = class + n};
	ldn_status status = ldn_trend_int16(profile, table.table, series, values->years, years, n, &trend);
	if (status == LDN_OK)
		status = ldn_state_int16(profile, series, n, (ldn_span){0, years - RECENT}, (ldn_span){years - RECENT, RECENT}, &state);
	if (status == LDN_OK)
		status = ldn_performance_means(profile, mean, unit, &best, n, class + 2 * n, NULL);
	kendall_free(&table);
	if (status != LDN_OK)
		return kernel_failed(status, _("productivity"), why);
	ldn_productivity(profile, trend.trend, state.state, class + 2 * n, n, NULL, out);
	return true;
}

/* --- disturbance and recovery --- */

typedef struct goal {
	const evidence *of;
	ldn_landtrendr_rule rule;
	const yearly *values;
	double reference; /* the reference area's mean of the last years; NaN */
} goal;

static double recent_mean(const double *values, size_t count)
{
	double sum = 0;
	size_t found = 0;
	for (size_t k = count > RECENT ? count - RECENT : 0; k < count; k++)
		if (isfinite(values[k]))
			sum += values[k], found++;
	return found ? sum / (double)found : NAN;
}

/* A cell that lost its vegetation within the series goes back to its own past; one that had lost it before goes towards the reference. */
static int16_t state_of(const goal *to, size_t n, size_t i, double *fitted)
{
	const evidence *of = to->of;
	size_t years = to->values->count;
	double up = -of->sign, share = of->percent / 100;
	ldn_segmentation found;
	if (ldn_landtrendr(&to->rule, to->values->years, to->values->values + i, years, n, &found, fitted) != LDN_OK || found.path == LDN_PATH_REJECTED || found.path == LDN_PATH_TOO_FEW)
		return LDN_NODATA;
	ldn_change_filter filter = {.magnitude_min = of->loss_least, .before_min = -INFINITY};
	ldn_change loss = ldn_segmentation_change(&found, of->sign, LDN_CHANGE_LOSS, LDN_CHANGE_GREATEST, &filter);
	double now = fitted[(years - 1) * n];
	if (loss.segment >= 0) {
		double bottom = loss.before - up * loss.magnitude, gained = up * (now - bottom);
		bool back = of->sign < 0 && loss.before > 0 ? now >= share * loss.before : gained >= share * loss.magnitude;
		return back ? LAND_RECOVERED : gained >= of->loss_least / 2 ? LAND_RECOVERING : LAND_DISTURBED;
	}
	bool before = of->restored && of->restored <= to->values->years[0] + 1;
	if (!before)
		return LAND_UNDISTURBED;
	double gained = up * (now - fitted[0]);
	if (of->sign < 0 && to->reference > 0 && now >= share * to->reference)
		return LAND_RECOVERED;
	return gained >= of->loss_least / 2 ? LAND_RECOVERING : LAND_DISTURBED;
}

static void states(const evidence *of, const parcel *site, const yearly *values, int16_t *out)
{
	goal to = {.of = of, .rule = ldn_landtrendr_default, .values = values, .reference = of->reference ? recent_mean(of->reference, of->count) : NAN};
	autofree double *fitted = memory_grow(NULL, values->count * site->n, sizeof *fitted);
	to.rule.unit = 0.001;
	to.rule.background = NAN;
	to.rule.disturbance_sign = of->sign;
	for (size_t i = 0; i < site->n; i++)
		out[i] = inside(site, i) ? state_of(&to, site->n, i, fitted + i) : LDN_NODATA;
}

/* --- rows --- */

static void cells_rows(const evidence *of, const parcel *site)
{
	const ldn_footprint *f = &site->footprint;
	double whole = ldn_sum_value(f->whole_area, LDN_BITS_AREA) / 1e4, touched = ldn_sum_value(f->touched_area, LDN_BITS_AREA) / 1e4;
	evidence_row(of, "area-measured", NULL, 0, (const double[]){ldn_sum_value(f->covered, LDN_BITS_AREA) / 1e4, whole, touched}, 4, "ha", NULL);
	evidence_row(of, "cells", "inside", 0, (const double[]){(double)f->whole, NAN, NAN}, 0, "cells", NULL);
	evidence_row(of, "cells", "boundary", 0, (const double[]){(double)f->boundary, NAN, NAN}, 0, "cells", NULL);
}

enum { UNKNOWN = 1u << 15 };
#define BIT(class) (1u << ((class) + 1))

bool evidence_cells(const evidence *of, const parcel *site, const yearly *values, const parcel *reference, const yearly *reference_values, cell_classes *out,
	failure *why)
{
	static const char lpd[] = "land productivity", fitted[] = "LandTrendr";
	bool told = !of->too_small && values->count >= PRODUCTIVITY_YEARS_LEAST, states_told = !of->too_small && values->count >= (size_t)ldn_landtrendr_default.min_observations;
	out->productivity = memory_grow(NULL, site->n, sizeof *out->productivity);
	out->state = memory_grow(NULL, site->n, sizeof *out->state);
	for (size_t i = 0; i < site->n; i++)
		out->productivity[i] = out->state[i] = LDN_NODATA;
	if (told && !productivity(site, values, reference, reference_values, out->productivity, why))
		return false;
	for (size_t i = 0; i < site->n; i++)
		if (!inside(site, i))
			out->productivity[i] = LDN_NODATA;
	if (states_told)
		states(of, site, values, out->state);
	cells_rows(of, site);
	area_row(of, site, out->productivity, BIT(LDN_IMPROVED), "area-improved", lpd, told);
	area_row(of, site, out->productivity, BIT(LDN_STABLE), "area-stable", lpd, told);
	area_row(of, site, out->productivity, BIT(LDN_DEGRADED), "area-degraded", lpd, told);
	area_row(of, site, out->productivity, UNKNOWN, "area-unknown", lpd, told);
	area_row(of, site, out->state, BIT(LAND_DISTURBED) | BIT(LAND_RECOVERING) | BIT(LAND_RECOVERED), "area-disturbed", fitted, states_told);
	area_row(of, site, out->state, BIT(LAND_RECOVERING), "area-recovering", fitted, states_told);
	area_row(of, site, out->state, BIT(LAND_RECOVERED), "area-recovered", fitted, states_told);
	return true;
}

void cell_classes_free(cell_classes *which)
{
	free(which->productivity);
	free(which->state);
}
