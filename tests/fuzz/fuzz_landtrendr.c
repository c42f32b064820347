/* Any bytes as settings, years and values of a series: LandTrendr answers within its bounds, and the recovery metrics of the same series
 * answer or refuse. First byte: which of the settings are taken from the bytes; then settings, then values of 2 bytes (or 8 when the first is odd). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/landtrendr.h"
#include "ldn/recovery.h"

typedef struct bytes {
	const uint8_t *at;
	size_t left;
} bytes;

static uint8_t byte(bytes *from)
{
	if (!from->left)
		return 0;
	from->left--;
	return *from->at++;
}

static double share(bytes *from)
{
	return byte(from) / 255.0;
}

static void settings(bytes *from, uint8_t which, ldn_landtrendr_rule *rule)
{
	*rule = which & 2 ? ldn_landtrendr_original : ldn_landtrendr_default;
	if (!(which & 4))
		return;
	rule->max_segments = byte(from) % 24;
	rule->overshoot = byte(from);
	rule->despike = share(from);
	rule->recovery = 2 * share(from);
	rule->p_limit = share(from);
	rule->best_model = share(from);
	rule->min_observations = byte(from) % 12;
	rule->disturbance_weight = byte(from) / 16.0;
	rule->disturbance_sign = byte(from) % 2 ? 1 : -1;
	rule->unit = which & 8 ? 0.001 : 1;
	rule->p = (ldn_landtrendr_p)(byte(from) % 3);
}

static double value(bytes *from, bool wide)
{
	double v = 0;
	uint8_t raw[8];

	for (size_t i = 0; i < sizeof raw; i++)
		raw[i] = wide || i < 2 ? byte(from) : 0;
	memcpy(&v, raw, sizeof v);
	return wide ? v : (raw[0] | raw[1] << 8) == 0xFFFF ? (double)NAN : (double)(raw[0] | raw[1] << 8) - 20000;
}

static void must(bool held)
{
	if (!held)
		abort();
}

static void segmentation_holds(const ldn_landtrendr_rule *rule, const ldn_segmentation *s, const int *years, size_t n)
{
	must(s->n_vertices >= 0 && s->n_vertices <= LDN_SEGMENTS_MAX + 1 && s->n_valid <= (int)n && s->p >= 0 && s->p <= 1);
	if (rule->zero_without_vertex && s->path != LDN_PATH_MAIN && s->path != LDN_PATH_SECOND)
		return;
	for (int k = 0; k < s->n_vertices; k++)
		must(s->vertex_year[k] >= years[0] && s->vertex_year[k] <= years[n - 1] && (k == 0 || n == 1 || s->vertex_year[k] > s->vertex_year[k - 1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bytes from = {data, size};
	uint8_t which = byte(&from);
	int years[LDN_YEARS_MAX];
	double values[LDN_YEARS_MAX], fitted[LDN_YEARS_MAX], out, target = 500;
	size_t n = 0;
	ldn_landtrendr_rule rule;
	ldn_segmentation s;

	settings(&from, which, &rule);
	int step = byte(&from) % 10, restoration = 2000 + byte(&from) % 40;
	for (; from.left && n < LDN_YEARS_MAX; n++) {
		years[n] = 2000 + (int)n * (which & 16 ? 3 : 1);
		values[n] = value(&from, which & 1);
	}
	if (n && ldn_landtrendr(&rule, years, values, n, 1, &s, fitted) == LDN_OK) {
		segmentation_holds(&rule, &s, years, n);
		for (int choice = LDN_CHANGE_GREATEST; choice <= LDN_CHANGE_SLOWEST; choice++)
			must(ldn_segmentation_change(&s, rule.disturbance_sign, LDN_CHANGE_LOSS, (ldn_change_choice)choice, NULL).segment < LDN_SEGMENTS_MAX);
	}
	for (int m = 0; n && m < LDN_METRICS; m++) {
		ldn_recovery_rule metric = which & 32 ? ldn_recovery_peer : ldn_recovery_default;
		ldn_recovery_years when = {years, n, restoration - 2, restoration};
		metric.timestep = step;
		bool fine = ldn_recovery_check(&metric, (ldn_metric)m, &when, NULL) == LDN_RECOVERY_FINE;
		must(fine == (ldn_recovery(&metric, (ldn_metric)m, &when, values, &target, 0, 1, &out) == LDN_OK));
	}
	return 0;
}
