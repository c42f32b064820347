/* Fits through the vertices, from many segments to one, and the choice among them. */
#include "landtrendr_inside.h"

typedef struct models {
	int n;
	model m[VERTICES_MAX - 1];
} models;

/* --- fitting --------------------------------------------------------------------------------------------------------------------- */

/* The least-squares line of observations a..b through (x[a], y). */
static line line_through(const observations *o, int a, int b, double y)
{
	double xx = 0, xy = 0;

	for (int i = a + 1; i <= b; i++) {
		double dx = o->x[i] - o->x[a];
		xx += dx * dx;
		xy += dx * (o->y[i] - y);
	}
	return (line){o->x[a], y, xy / xx};
}

/* From left to right: each segment joins what stands on its left to the observation on its right, or fits better. */
static void model_trace(const observations *o, model *m)
{
	m->value[0] = o->y[m->at.at[0]];
	for (int k = 0; k + 1 < m->at.n; k++) {
		int a = m->at.at[k], b = m->at.at[k + 1];
		line joined = {o->x[a], m->value[k], (o->y[b] - m->value[k]) / (o->x[b] - o->x[a])};
		line fit = k == 0 ? line_free(o, a, b) : line_through(o, a, b, m->value[k]);
		bool better = greater(line_squares(o, joined, a, b), line_squares(o, fit, a, b));
		m->slope[k] = better ? fit.slope : joined.slope;
		if (better && k == 0)
			m->value[0] = line_at(fit, o->x[a]);
		m->value[k + 1] = better ? line_at(fit, o->x[b]) : o->y[b];
	}
}

/* All vertex values at once: least squares of the continuous line of segments, whose normal equations have three diagonals. */
static void model_solve(const observations *o, model *m)
{
	double diagonal[VERTICES_MAX] = {1}, beside[VERTICES_MAX] = {0}, right[VERTICES_MAX] = {o->y[m->at.at[0]]};

	for (int k = 0; k + 1 < m->at.n; k++) {
		int a = m->at.at[k], b = m->at.at[k + 1];
		for (int i = a + 1; i <= b; i++) {
			double t = (o->x[i] - o->x[a]) / (o->x[b] - o->x[a]), u = 1 - t;
			diagonal[k] += u * u;
			beside[k] += u * t;
			diagonal[k + 1] += t * t;
			right[k] += u * o->y[i];
			right[k + 1] += t * o->y[i];
		}
	}
	for (int k = 1; k < m->at.n; k++) {
		double share = beside[k - 1] / diagonal[k - 1];
		diagonal[k] -= share * beside[k - 1];
		right[k] -= share * right[k - 1];
	}
	for (int k = m->at.n - 1; k >= 0; k--)
		m->value[k] = (right[k] - (k + 1 < m->at.n ? beside[k] * m->value[k + 1] : 0)) / diagonal[k];
	for (int k = 0; k + 1 < m->at.n; k++)
		m->slope[k] = (m->value[k + 1] - m->value[k]) / (m->at.at[k + 1] - m->at.at[k]);
}

/* --- statistics ------------------------------------------------------------------------------------------------------------------ */

static line model_line(const observations *o, const model *m, int k, int j)
{
	double x = o->x[m->at.at[k]];

	return (line){x, m->value[k], (m->value[j] - m->value[k]) / (o->x[m->at.at[j]] - x)};
}

static double model_squares(const observations *o, const model *m)
{
	double first = o->y[0] - m->value[0], sum = fabs(first) <= o->zero ? 0 : first * first;

	for (int k = 0; k + 1 < m->at.n; k++)
		sum += line_squares(o, model_line(o, m, k, k + 1), m->at.at[k] + 1, m->at.at[k + 1]);
	return sum;
}

static double squares_about_mean(const observations *o)
{
	double mean = 0, sum = 0;

	for (int i = 0; i < o->n; i++)
		mean += o->y[i];
	mean /= o->n;
	for (int i = 0; i < o->n; i++)
		sum += (o->y[i] - mean) * (o->y[i] - mean);
	return sum;
}

/* P(F' >= f) of the F distribution with 2 s and e degrees of freedom: the incomplete beta function I(e/2, s; e / (e + 2 s f)), a finite sum
 * of positive terms as s is whole (Abramowitz & Stegun 26.6.4). */
static double f_upper_tail(int s, int e, double f)
{
	double x = e / (e + 2 * s * f), rest = 2 * s * f / (e + 2 * s * f), power = 1, root = sqrt(x), term = 1, sum = 1;

	if (isinf(f))
		return 0;
	for (int i = 0; i < e; i++)
		power *= root;
	for (int j = 1; j < s; j++) {
		term *= (e / 2.0 + j - 1) / j * rest;
		sum += term;
	}
	return power * sum < 1 ? power * sum : 1;
}

static void model_judge(const ldn_landtrendr_rule *rule, const observations *o, model *m)
{
	int q = 2 * (m->at.n - 1), e = o->n - q - 1;
	double all = squares_about_mean(o), residual = model_squares(o, m), least = 1e-5 * rule->unit * rule->unit;

	m->p = 1;
	m->f = m->ms_regression = m->ms_residual = 0;
	if (e <= 0)
		return;
	residual = residual < all ? residual : all;
	m->ms_regression = (all - residual) / q;
	m->ms_residual = residual / e;
	m->f = m->ms_regression < least ? 1e-5 : m->ms_regression / m->ms_residual;
	m->p = f_upper_tail(q / 2, e, m->f);
	if (rule->p == LDN_P_LOWER_FLOAT)
		m->p = 1.0F - (float)(1 - m->p);
	else if (rule->p == LDN_P_LOWER_DOUBLE)
		m->p = 1 - (1 - m->p);
}

/* --- fewer segments -------------------------------------------------------------------------------------------------------------- */

/* The range of the fit in whole units, whatever the rule reports: a recovery at the very limit is judged as the authors' program judges it.
 * A line of segments is highest and lowest at its vertices. */
static double model_range(const ldn_landtrendr_rule *rule, const model *m)
{
	double least = m->value[0], most = m->value[0];

	for (int k = 1; k < m->at.n; k++) {
		least = m->value[k] < least ? m->value[k] : least;
		most = m->value[k] > most ? m->value[k] : most;
	}
	return ldn_whole(rule, most) - ldn_whole(rule, least);
}

/* The segment that recovers fastest for its model's range, if that is too fast; else -1. Exempt: a slope that is not looked at. */
static int model_too_fast(const ldn_landtrendr_rule *rule, const model *m, double exempt)
{
	double range = model_range(rule, m), fastest = rule->recovery;
	int found = -1;

	for (int k = 0; k + 1 < m->at.n; k++) {
		double rate = -m->slope[k] / range;
		if (m->slope[k] < 0 && m->slope[k] != exempt && greater(rate, fastest)) {
			fastest = rate;
			found = k;
		}
	}
	return found;
}

/* The inner vertex that is missed least: squared residuals of the line past it for each year it spans. */
static int model_least(const observations *o, const model *m)
{
	double least = INFINITY;
	int found = 1;

	for (int k = 1; k + 1 < m->at.n; k++) {
		int a = m->at.at[k - 1], b = m->at.at[k + 1];
		double hurt = line_squares(o, model_line(o, m, k - 1, k + 1), a, b) / (o->x[b] - o->x[a]);
		if (k == 1 || greater(least, hurt)) {
			least = hurt;
			found = k;
		}
	}
	return found;
}

static void vertices_remove(vertices *v, int k)
{
	v->n--;
	for (; k < v->n; k++)
		v->at[k] = v->at[k + 1];
}

/* A recovery too fast to be believed takes its right vertex away, and the observation there becomes what its neighbours say. At the end of
 * the series there is one neighbour only, and the vertex stays. Gives the vertex to remove. */
static int model_unbelieved(observations *o, model *m, int segment)
{
	int k = segment + 1, i = m->at.at[k];

	if (k + 1 == m->at.n) {
		m->value[k] = o->y[i] = o->y[i - 1];
		return model_least(o, m);
	}
	o->y[i] = line_at((line){o->x[i - 1], o->y[i - 1], (o->y[i + 1] - o->y[i - 1]) / (o->x[i + 1] - o->x[i - 1])}, o->x[i]);
	return k;
}

/* --- choice ---------------------------------------------------------------------------------------------------------------------- */

static int models_best(const ldn_landtrendr_rule *rule, const models *all)
{
	double best = INFINITY;
	int k = 0;

	for (int i = 0; i < all->n; i++)
		best = all->m[i].p < best ? all->m[i].p : best;
	while (k + 1 < all->n && !(all->m[k].p <= (2 - rule->best_model) * best))
		k++;
	return k;
}

static model models_choose(const ldn_landtrendr_rule *rule, models *all)
{
	int k = models_best(rule, all);

	for (int again = 0; again <= all->m[0].at.n && model_too_fast(rule, &all->m[k], NAN) >= 0; again++) {
		all->m[k].p = 1;
		all->m[k].f = 0;
		k = models_best(rule, all);
	}
	return all->m[k];
}

model ldn_model_main(const ldn_landtrendr_rule *rule, observations *o, const vertices *start)
{
	models all;

	all.m[0].at = *start;
	for (all.n = 1;; all.n++) {
		model *m = &all.m[all.n - 1];
		model_trace(o, m);
		model_judge(rule, o, m);
		if (m->at.n == 2)
			break;
		model before = *m;
		int fast = model_too_fast(rule, m, -rule->unit);
		m[1].at = m->at;
		vertices_remove(&m[1].at, fast >= 0 ? model_unbelieved(o, &before, fast) : model_least(o, m));
	}
	return models_choose(rule, &all);
}

model ldn_model_second(const ldn_landtrendr_rule *rule, const observations *o, const vertices *start)
{
	models all;

	all.m[0].at = *start;
	for (all.n = 1;; all.n++) {
		model *m = &all.m[all.n - 1];
		model_solve(o, m);
		model_judge(rule, o, m);
		if (m->at.n == 2)
			break;
		m[1].at = m->at;
		vertices_remove(&m[1].at, model_least(o, m));
	}
	return models_choose(rule, &all);
}
