/* Where a series may bend: despiking, candidate vertices, culling by angle. */
#include "landtrendr_inside.h"

#define DESPIKE_ROUNDS_MAX 100 /* times the number of observations; every round takes away a good part of a spike */

double ldn_vertex_score(const double x[3], const double y[3], double range, double weight)
{
	double before = fabs(atan((y[1] - y[0]) / (x[1] - x[0]))), after = fabs(atan((y[2] - y[1]) / (x[2] - x[1])));
	double rise = range > 0 ? (y[2] - y[1]) * weight / range : 0;

	return (before > after ? before : after) * (1 + (rise > 0 ? rise : 0));
}

static double spike(const observations *o, int i)
{
	double before = fabs(o->y[i] - o->y[i - 1]), after = fabs(o->y[i] - o->y[i + 1]), most = before > after ? before : after;

	return most > 0 ? 1 - fabs(o->y[i - 1] - o->y[i + 1]) / most : 0;
}

/* Every round damps the strongest spike, the last round one below the threshold. */
void ldn_despike(double threshold, observations *o)
{
	double strength[LDN_YEARS_MAX], strongest = threshold < 1 ? INFINITY : 0;

	strength[0] = strength[o->n - 1] = 0;
	for (int i = 1; i + 1 < o->n; i++)
		strength[i] = spike(o, i);
	for (int round = 0; strongest > threshold && round < DESPIKE_ROUNDS_MAX * o->n; round++) {
		int k = 0;
		for (int i = 1; i < o->n; i++)
			k = greater(strength[i], strength[k]) ? i : k;
		strongest = strength[k];
		if (k == 0)
			return;
		o->y[k] += strongest * ((o->y[k - 1] + o->y[k + 1]) / 2 - o->y[k]);
		for (int i = k > 1 ? k - 1 : 1; i <= k + 1 && i + 1 < o->n; i++)
			strength[i] = spike(o, i);
	}
}

/* The observation inside a segment farthest from its least-squares line; -1 when all lie on it. A fall in the last year makes no vertex. */
static int segment_farthest(const ldn_landtrendr_rule *rule, const observations *o, int a, int b)
{
	line l = line_free(o, a, b);
	double farthest = 0;
	int last = b - 1, found = -1;

	if (b == o->n - 1 && rule->disturbance_weight != 0 && !(o->y[b] > o->y[b - 1]))
		last--;
	for (int i = a + 1; i <= last; i++) {
		double r = fabs(line_residual(o, l, i));
		if (greater(r, farthest)) {
			farthest = r;
			found = i;
		}
	}
	return found;
}

static int segment_worst(const double *score, int n)
{
	int worst = 0;

	for (int k = 1; k < n; k++)
		worst = greater(score[k], score[worst]) ? k : worst;
	return worst;
}

void ldn_candidates(const ldn_landtrendr_rule *rule, const observations *o, vertices *v)
{
	int target = rule->max_segments + 1 + rule->overshoot;
	double score[VERTICES_MAX];

	target = target < o->n - 2 ? target : o->n - 2;
	target = target < VERTICES_MAX ? target : VERTICES_MAX;
	*v = (vertices){2, {0, o->n - 1}};
	score[0] = segment_score(o, 0, o->n - 1);
	while (v->n < target) {
		int k = segment_worst(score, v->n - 1);
		if (score[k] <= 0)
			return;
		int farthest = segment_farthest(rule, o, v->at[k], v->at[k + 1]);
		if (farthest < 0) {
			score[k] = 0;
			continue;
		}
		for (int j = v->n; j > k + 1; j--) {
			v->at[j] = v->at[j - 1];
			score[j - 1] = score[j - 2];
		}
		v->at[k + 1] = farthest;
		v->n++;
		score[k] = segment_score(o, v->at[k], farthest);
		score[k + 1] = segment_score(o, farthest, v->at[k + 2]);
	}
}

typedef struct scaled {
	double y[VERTICES_MAX], x[VERTICES_MAX], range;
} scaled;

/* Vertices with the range of y brought to the range of x. */
static void vertices_scale(const observations *o, const vertices *v, scaled *s)
{
	double least = o->y[0], most = o->y[0];

	for (int i = 1; i < o->n; i++) {
		least = o->y[i] < least ? o->y[i] : least;
		most = o->y[i] > most ? o->y[i] : most;
	}
	s->range = o->x[o->n - 1] - o->x[0];
	for (int k = 0; k < v->n; k++) {
		s->x[k] = o->x[v->at[k]];
		s->y[k] = (o->y[v->at[k]] - least) / (most - least) * s->range;
	}
}

/* The authors' program forgets its own weight when it scores again. */
#define WEIGHT_AGAIN 2

void ldn_cull(const ldn_landtrendr_rule *rule, const observations *o, vertices *v)
{
	double score[VERTICES_MAX];
	scaled s;

	if (v->n <= 3)
		return;
	vertices_scale(o, v, &s);
	for (int k = 1; k + 1 < v->n; k++)
		score[k] = ldn_vertex_score(s.x + k - 1, s.y + k - 1, s.range, rule->disturbance_weight);
	while (v->n > rule->max_segments + 1) {
		int least = 1;
		for (int k = 2; k + 1 < v->n; k++)
			least = greater(score[least], score[k]) ? k : least;
		v->n--;
		for (int k = least; k < v->n; k++) {
			v->at[k] = v->at[k + 1];
			s.x[k] = s.x[k + 1];
			s.y[k] = s.y[k + 1];
			score[k] = score[k + 1];
		}
		for (int k = least > 1 ? least - 1 : 1; k <= least && k + 1 < v->n; k++)
			score[k] = ldn_vertex_score(s.x + k - 1, s.y + k - 1, s.range, WEIGHT_AGAIN);
	}
}
