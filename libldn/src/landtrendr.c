/* LandTrendr of one series: what is usable, the two tries, and the answer in calendar years. */
#include "landtrendr_inside.h"

#define BACKGROUND_SHARE_MAX 0.3
#define SEGMENT_MSE_MAX 32767 /* original: an int16 */

const ldn_landtrendr_rule ldn_landtrendr_default = {
	.max_segments = 6,
	.despike = 0.9,
	.overshoot = 3,
	.recovery = 0.25,
	.p_limit = 0.05,
	.best_model = 0.75,
	.min_observations = 6,
	.disturbance_weight = 2,
	.background = 0,
	.disturbance_sign = -1,
	.unit = 1,
};

const ldn_landtrendr_rule ldn_landtrendr_original = {
	.max_segments = 6,
	.despike = 0.9,
	.overshoot = 3,
	.recovery = 0.25,
	.p_limit = 0.05,
	.best_model = 0.75,
	.min_observations = 6,
	.disturbance_weight = 2,
	.background = 0,
	.disturbance_sign = -1,
	.unit = 1,
	.whole_units = true,
	.p = LDN_P_LOWER_FLOAT,
	.zero_without_vertex = true,
};

/* A float before it is cut, as the original has it: 730.9999999 is 731. */
double ldn_whole(const ldn_landtrendr_rule *rule, double v)
{
	return trunc((float)(v / rule->unit)) * rule->unit;
}

static double cut(const ldn_landtrendr_rule *rule, double v)
{
	return rule->whole_units ? ldn_whole(rule, v) : v;
}

static bool rule_holds(const ldn_landtrendr_rule *rule, const int *years, size_t n_years)
{
	if (n_years < 1 || n_years > LDN_YEARS_MAX)
		return false;
	for (size_t k = 1; k < n_years; k++)
		if (years[k] <= years[k - 1])
			return false;
	return rule->max_segments >= 1 && rule->max_segments <= LDN_SEGMENTS_MAX && rule->overshoot >= 0 && rule->overshoot <= 1000 &&
	       rule->min_observations >= 3 && (rule->disturbance_sign == 1 || rule->disturbance_sign == -1) && rule->unit > 0 &&
	       isfinite(rule->unit) && rule->despike >= 0 && rule->recovery > 0 && rule->p_limit >= 0 && rule->p_limit <= 1 &&
	       rule->best_model >= 0 && rule->best_model <= 1 && rule->disturbance_weight >= 0 && isfinite(rule->disturbance_weight);
}

/* The valid years; false if there is none or too much is background. */
static bool observations_take(const ldn_landtrendr_rule *rule, const int *years, const double *values, size_t n_years, size_t stride,
			      observations *o)
{
	int background = 0;

	o->n = 0;
	for (size_t k = 0; k < n_years; k++) {
		double v = values[k * stride];
		if (!isfinite(v))
			continue;
		o->at[o->n] = (int)k;
		o->x[o->n] = years[k] - years[0];
		o->y[o->n++] = v;
		background += v == rule->background;
	}
	return o->n > 0 && background <= BACKGROUND_SHARE_MAX * o->n;
}

static void observations_turn(const ldn_landtrendr_rule *rule, observations *o)
{
	double most = 0;

	for (int i = 0; i < o->n; i++) {
		o->y[i] *= rule->disturbance_sign;
		most = fabs(o->y[i]) > most ? fabs(o->y[i]) : most;
	}
	o->zero = 1e-9 * most;
}

static double observations_mean(const observations *o)
{
	double sum = 0;

	for (int i = 0; i < o->n; i++)
		sum += o->y[i];
	return sum / o->n;
}

static double reported_mse(const ldn_landtrendr_rule *rule, double mse)
{
	return !rule->whole_units ? mse : mse < SEGMENT_MSE_MAX ? trunc(mse) : SEGMENT_MSE_MAX;
}

/* Vertices among all years, as many as the result may hold and one to be dropped. Values still turned. */
typedef struct corners {
	int n;
	int at[LDN_SEGMENTS_MAX + 2];
	double value[LDN_SEGMENTS_MAX + 2], mse[LDN_SEGMENTS_MAX + 2];
} corners;

static void corners_insert(corners *c, int k, int at, double value)
{
	for (int j = c->n; j > k; j--) {
		c->at[j] = c->at[j - 1];
		c->value[j] = c->value[j - 1];
	}
	if (k == 0)
		for (int j = c->n - 1; j > 0; j--)
			c->mse[j] = c->mse[j - 1];
	c->mse[k == 0 ? 0 : c->n - 1] = 0;
	c->at[k] = at;
	c->value[k] = value;
	c->n++;
}

/* Takes the flattest inner vertex away when there are too many. */
static void corners_limit(const ldn_landtrendr_rule *rule, corners *c)
{
	double least = c->value[0], most = c->value[0], lowest = INFINITY, x[LDN_SEGMENTS_MAX + 2], y[LDN_SEGMENTS_MAX + 2];
	int found = 1;

	if (c->n <= rule->max_segments + 1)
		return;
	for (int k = 0; k < c->n; k++) {
		least = c->value[k] < least ? c->value[k] : least;
		most = c->value[k] > most ? c->value[k] : most;
		x[k] = c->at[k];
		y[k] = c->value[k] / rule->unit;
	}
	for (int k = 1; k + 1 < c->n; k++) {
		double score = ldn_vertex_score(x + k - 1, y + k - 1, (most - least) / rule->unit, 2);
		if (k == 1 || greater(lowest, score)) {
			lowest = score;
			found = k;
		}
	}
	c->n--;
	for (int k = found; k < c->n; k++) {
		c->at[k] = c->at[k + 1];
		c->value[k] = c->value[k + 1];
		c->mse[k] = c->mse[k + 1];
	}
}

static void corners_of_model(const ldn_landtrendr_rule *rule, const observations *o, const model *m, size_t n_years, corners *c)
{
	c->n = m->at.n;
	for (int k = 0; k < c->n; k++) {
		c->at[k] = o->at[m->at.at[k]];
		c->value[k] = cut(rule, m->value[k]);
	}
	for (int k = 0; k + 1 < c->n; k++)
		c->mse[k] = reported_mse(rule, segment_score(o, m->at.at[k], m->at.at[k + 1]));
	if (c->at[0] > 0) {
		corners_insert(c, 0, 0, c->value[0]);
		corners_limit(rule, c);
	}
	if (c->at[c->n - 1] < (int)n_years - 1) {
		corners_insert(c, c->n, (int)n_years - 1, c->value[c->n - 1]);
		corners_limit(rule, c);
	}
}

/* One segment over all years, at the mean. */
static void corners_flat(const ldn_landtrendr_rule *rule, const observations *o, size_t n_years, corners *c)
{
	double mean = observations_mean(o), squares = 0;

	for (int i = 0; i < o->n; i++)
		squares += (o->y[i] - mean) * (o->y[i] - mean);
	*c = (corners){.n = 2, .at = {0, (int)n_years - 1}, .value = {mean, mean}, .mse = {reported_mse(rule, squares / o->n)}};
}

static void result_write(const ldn_landtrendr_rule *rule, const int *years, const corners *c, ldn_segmentation *result)
{
	result->n_vertices = c->n;
	for (int k = 0; k < c->n; k++) {
		result->vertex_year[k] = years[c->at[k]];
		result->vertex_value[k] = c->value[k] * rule->disturbance_sign;
	}
	for (int k = 0; k + 1 < c->n; k++)
		result->segment_mse[k] = c->mse[k];
}

static double corners_value(const ldn_landtrendr_rule *rule, const int *years, const corners *c, int k, int year)
{
	int a = years[c->at[k]], b = years[c->at[k + 1]];

	return cut(rule, c->value[k] + (c->value[k + 1] - c->value[k]) * (year - a) / (b > a ? b - a : 1)) * rule->disturbance_sign;
}

/* The fit of every year, and how far the values are from it. */
static void fit_write(const ldn_landtrendr_rule *rule, const int *years, const double *values, size_t n_years, size_t stride,
		      const corners *c, ldn_segmentation *result, double *fitted)
{
	double squares = 0;
	int k = 0;

	for (size_t i = 0; i < n_years; i++) {
		double v = values[i * stride], fit;
		while (k + 2 < c->n && (int)i > c->at[k + 1])
			k++;
		fit = corners_value(rule, years, c, k, years[i]);
		squares += isfinite(v) ? (v - fit) * (v - fit) : 0;
		if (fitted)
			fitted[i * stride] = fit;
	}
	result->rmse = sqrt(squares / result->n_valid);
}

/* The original's answer where it finds no inner vertex: all zero, in the first year. */
static void corners_zero(corners *c)
{
	*c = (corners){.n = 2};
}

/* The path of usable observations, and its corners. */
static void segment(const ldn_landtrendr_rule *rule, observations *o, size_t n_years, corners *c, ldn_segmentation *result)
{
	vertices start;
	model m;

	ldn_despike(rule->despike, o);
	observations_turn(rule, o);
	ldn_candidates(rule, o, &start);
	ldn_cull(rule, o, &start);
	corners_flat(rule, o, n_years, c);
	if (start.n == 2) {
		result->path = LDN_PATH_NO_VERTEX;
		if (rule->zero_without_vertex)
			corners_zero(c);
		return;
	}
	result->path = LDN_PATH_MAIN;
	m = ldn_model_main(rule, o, &start);
	if (m.p > rule->p_limit) {
		result->path = LDN_PATH_SECOND;
		m = ldn_model_second(rule, o, &start);
	}
	result->p = m.p;
	result->f = m.f;
	result->ms_regression = m.ms_regression;
	result->ms_residual = m.ms_residual;
	if (m.p > rule->p_limit) {
		result->path = LDN_PATH_FLAT;
		corners_flat(rule, o, n_years, c);
		c->value[0] = c->value[1] = cut(rule, c->value[0]);
	} else {
		corners_of_model(rule, o, &m, n_years, c);
	}
}

/* Too few for a segmentation. The original gives their mean as the fit, uncut, and two vertices of year and value 0. */
static void few(const ldn_landtrendr_rule *rule, const int *years, observations *o, size_t n_years, size_t stride, const double *values,
		ldn_segmentation *result, double *fitted)
{
	ldn_landtrendr_rule uncut = *rule;
	corners c;

	uncut.whole_units = false;
	result->path = LDN_PATH_TOO_FEW;
	observations_turn(rule, o);
	corners_flat(rule, o, n_years, &c);
	fit_write(&uncut, years, values, n_years, stride, &c, result, fitted);
	if (rule->zero_without_vertex)
		result->n_vertices = 2;
	else
		result_write(rule, years, &c, result);
}

ldn_status ldn_landtrendr(const ldn_landtrendr_rule *rule, const int *years, const double *values, size_t n_years, size_t stride,
			  ldn_segmentation *result, double *fitted)
{
	observations o;
	corners c;

	if (!rule_holds(rule, years, n_years))
		return LDN_ERROR_ARGUMENT;
	*result = (ldn_segmentation){.path = LDN_PATH_REJECTED, .p = 1, .rmse = NAN};
	if (!observations_take(rule, years, values, n_years, stride, &o)) {
		for (size_t k = 0; fitted && k < n_years; k++)
			fitted[k * stride] = NAN;
		return LDN_OK;
	}
	result->n_valid = o.n;
	if (o.n < rule->min_observations) {
		few(rule, years, &o, n_years, stride, values, result, fitted);
		return LDN_OK;
	}
	segment(rule, &o, n_years, &c, result);
	result_write(rule, years, &c, result);
	fit_write(rule, years, values, n_years, stride, &c, result, fitted);
	return LDN_OK;
}
