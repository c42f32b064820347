#include "jrc.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "ldn/productivity.h"
#include "quantiles.h"
#include "rank.h"
#include "units.h"
#include "whole.h"

enum { CUTS = 9, KEPT = 9 }; /* two keys and the steadiness of each cell */

static const cell_class classes_of_steadiness[] = {{0, "none", 0xD9, 0xD9, 0xD9}, {1, "strong negative", 0xB2, 0x18, 0x2B},
	{2, "moderate negative", 0xF4, 0xA5, 0x82}, {3, "moderate positive", 0x92, 0xC5, 0xDE}, {4, "strong positive", 0x21, 0x66, 0xAC}, {0}};
static const cell_class classes_of_level[] = {{1, "low", 0xF6, 0xE8, 0xC3}, {2, "medium", 0x80, 0xCD, 0xC1}, {3, "high", 0x01, 0x66, 0x5E}, {0}};
static const cell_class classes_of_change[] = {{1, "none", 0xD9, 0xD9, 0xD9}, {2, "one class", 0xFD, 0xAE, 0x61}, {3, "more", 0xD7, 0x30, 0x27}, {0}};
/* Overviews take the most frequent of them: numbers of classes have no mean. */
static const cell_class classes_of_long_term[] = {
	{1, "strong negative, low, none", 0x67, 0x00, 0x1F}, {2, "strong negative, low, one", 0x7F, 0x08, 0x25},
	{3, "strong negative, low, more", 0x97, 0x10, 0x2A}, {4, "strong negative, medium, none", 0xA8, 0x1C, 0x2F},
	{5, "strong negative, medium, one", 0xB6, 0x2D, 0x36}, {6, "strong negative, medium, more", 0xC3, 0x3F, 0x3F},
	{7, "strong negative, high, none", 0xCE, 0x53, 0x4A}, {8, "strong negative, high, one", 0xD9, 0x69, 0x58},
	{9, "strong negative, high, more", 0xE3, 0x80, 0x69}, {10, "moderate negative, low", 0xF4, 0xA5, 0x82},
	{11, "moderate negative, medium", 0xF9, 0xC0, 0xA4}, {12, "moderate negative, high", 0xFD, 0xDB, 0xC7},
	{13, "moderate positive, low", 0xD9, 0xE9, 0xF1}, {14, "moderate positive, medium", 0xC2, 0xDE, 0xEC},
	{15, "moderate positive, high", 0xA7, 0xD0, 0xE4}, {16, "strong positive, low, none", 0x86, 0xBE, 0xDA},
	{17, "strong positive, low, one", 0x66, 0xAB, 0xD0}, {18, "strong positive, low, more", 0x4A, 0x98, 0xC5},
	{19, "strong positive, medium, none", 0x39, 0x86, 0xBC}, {20, "strong positive, medium, one", 0x2B, 0x73, 0xB3},
	{21, "strong positive, medium, more", 0x1C, 0x5F, 0xA1}, {22, "strong positive, high", 0x0F, 0x49, 0x86}, {0}};

static const layer_spec layers[] = {
	{"lpd5", "land productivity dynamics, five classes (JRC)", classes_of_lpd5, CELL_INT16, true, AREAS},
	{"lpd3", "productivity: degraded, stable, improved", classes_of_three, CELL_INT16, true, AREAS},
	{"steadiness", "steadiness: slope and multi-temporal difference", classes_of_steadiness, CELL_INT16, false, AREAS_NAMED},
	{"level", "level of the first years among the region's deciles", classes_of_level, CELL_INT16, false, AREAS_NAMED},
	{"change", "change of decile from the first to the last years", classes_of_change, CELL_INT16, false, AREAS_NAMED},
	{"long_term", "long-term change, 22 classes", classes_of_long_term, CELL_INT16, false, AREAS_NAMED},
	{"scaling", "local net scaling: percent of the ecosystem type's 90th percentile", NULL, CELL_FLOAT, false, AREAS_NONE}};

typedef struct jrc_run {
	const jrc_settings *settings;
	const stack *series;
	ldn_span first, last, late;
	units *types; /* NULL: without local scaling */
	store *kept;
	pthread_mutex_t lock;
	ldn_rank *deciles; /* [CUTS] */
	double cuts[CUTS + 2];
} jrc_run;

/* The kernel takes doubles: some cells at a time, so that they stay in the cache. */
static ldn_status steadiness_of(const stack *years, const int16_t *series, size_t n, uint8_t *steadiness)
{
	enum { SOME = 512 };
	autofree double *values = memory_grow(NULL, SOME * years->bands.count, sizeof *values);
	int16_t class[SOME];
	ldn_status status = LDN_OK;
	for (size_t from = 0; from < n && status == LDN_OK; from += SOME) {
		size_t some = n - from < SOME ? n - from : SOME;
		for (size_t k = 0; k < years->bands.count; k++)
			for (size_t i = 0; i < some; i++) {
				int16_t value = series[k * n + from + i];
				values[k * some + i] = value == LDN_NODATA ? NAN : value;
			}
		status = ldn_jrc_steadiness(values, years->years, years->bands.count, some, class);
		for (size_t i = 0; i < some; i++)
			steadiness[from + i] = class[i] == LDN_NODATA ? UINT8_MAX : (uint8_t)class[i];
	}
	return status;
}

/* The deciles are the region's: a cell outside takes no part. */
static bool deciles_add(jrc_run *job, session *run, int worker, window part, const uint32_t *key, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	unsigned char *inside;
	if (!session_inside(run, worker, part, &inside, why))
		return false;
	autofree int32_t *where = memory_grow(NULL, n, sizeof *where);
	for (size_t i = 0; i < n; i++)
		where[i] = inside && !inside[i] ? -1 : 0;
	free(inside);
	pthread_mutex_lock(&job->lock);
	for (size_t k = 0; k < CUTS; k++)
		ldn_rank_add(&job->deciles[k], where, key, n);
	pthread_mutex_unlock(&job->lock);
	return true;
}

static uint64_t kept_at(const session *run, size_t index)
{
	return (uint64_t)index * blocks_cells(session_plan(run)) * KEPT;
}

static bool gather_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	jrc_run *job = context;
	const stack *years = job->series;
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree int16_t *series = memory_grow(NULL, n * years->bands.count, sizeof *series);
	if (!sources_read_int16(session_sources(run), worker, years->bands, part, series, n, why))
		return false;
	ldn_series_mark_missing(series, n * years->bands.count, session_profile(run)->missing_also);
	autofree uint32_t *key = memory_grow(NULL, 3 * n, sizeof *key);
	autofree uint8_t *steadiness = memory_grow(NULL, n, 1);
	ldn_status status = steadiness_of(years, series, n, steadiness);
	const ldn_span spans[] = {job->first, job->last, job->late};
	for (size_t i = 0; i < 3 && status == LDN_OK; i++)
		status = ldn_mean_keys(series, n, spans[i], key + i * n);
	if (status != LDN_OK)
		return kernel_failed(status, _("productivity"), why);
	uint64_t at = kept_at(run, index);
	return store_put(job->kept, at, key, 8 * n, why) && store_put(job->kept, at + 8 * n, steadiness, n, why) && deciles_add(job, run, worker, part, key, why) &&
		(!job->types || units_gather(job->types, worker, index, part, key + 2 * n, steadiness, why));
}

static bool count_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	jrc_run *job = context;
	size_t n = (size_t)part.width * (size_t)part.height;
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	return store_get(job->kept, kept_at(run, index), key, 4 * n, why) && deciles_add(job, run, worker, part, key, why);
}

/* Every rank comes here, whatever happened before. */
static bool deciles_settle(jrc_run *job, session *run, failure *why)
{
	double q[CUTS];
	for (size_t k = 0; k < CUTS; k++)
		q[k] = (double)(k + 1) / 10;
	if (!rank_agree(why))
		return false;
	while (quantiles_advance(&job->deciles, CUTS, q)) {
		session_blocks(run, _("deciles"), count_block, job, why);
		if (!rank_agree(why))
			return false;
	}
	for (size_t k = 0; k < CUTS; k++) {
		double cut = ldn_rank_value(&job->deciles[k], job->first.count);
		job->cuts[k + 1] = isnan(cut) ? 0 : cut; /* no value anywhere */
	}
	/* The ends of the list do not decide: what lies beyond a decile is in the first or the last class. */
	job->cuts[0] = -INFINITY;
	job->cuts[CUTS + 1] = INFINITY;
	return true;
}

static result_table *deciles_table(const jrc_run *job)
{
	result_table *out = table_new("deciles", _("Deciles of the first years' mean"));
	table_column(out, "decile", "");
	table_column(out, "mean", "");
	for (size_t k = 1; k <= CUTS; k++)
		table_row(out, "id", (int64_t)k, job->cuts[k]);
	return out;
}

/* Local net scaling of a block; NULL without ecosystem types. */
static bool scaling_of(const jrc_run *job, size_t index, window part, double **scaling, failure *why)
{
	size_t n = (size_t)part.width * (size_t)part.height;
	*scaling = NULL;
	if (!job->types)
		return true;
	autofree uint32_t *key = memory_grow(NULL, n, sizeof *key);
	autofree int32_t *type = memory_grow(NULL, n, sizeof *type);
	autofree double *late = memory_grow(NULL, n, sizeof *late);
	if (!units_recall(job->types, index, part, key, type, NULL, why))
		return false;
	for (size_t i = 0; i < n; i++)
		late[i] = ldn_key_mean(key[i], job->late.count);
	*scaling = memory_grow(NULL, n, sizeof **scaling);
	ldn_jrc_scaling(late, type, units_quantiles(job->types), n, *scaling);
	return true;
}

static bool class_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	const jrc_run *job = context;
	const jrc_settings *s = job->settings;
	size_t n = (size_t)part.width * (size_t)part.height;
	uint64_t at = kept_at(run, index);
	autofree uint32_t *key = memory_grow(NULL, 2 * n, sizeof *key);
	autofree uint8_t *kept = memory_grow(NULL, n, 1);
	autofree double *mean = memory_grow(NULL, 2 * n, sizeof *mean);
	autofree int16_t *class = memory_grow(NULL, 6 * n, sizeof *class);
	int16_t *steadiness = class, *level = class + n, *change = class + 2 * n, *long_term = class + 3 * n, *lpd5 = class + 4 * n, *lpd3 = class + 5 * n;
	if (!store_get(job->kept, at, key, 8 * n, why) || !store_get(job->kept, at + 8 * n, kept, n, why))
		return false;
	for (size_t i = 0; i < n; i++) {
		steadiness[i] = kept[i] == UINT8_MAX ? LDN_NODATA : kept[i];
		mean[i] = ldn_key_mean(key[i], job->first.count);
		mean[n + i] = ldn_key_mean(key[n + i], job->last.count);
	}
	ldn_status status = ldn_jrc_level(mean, n, job->cuts, s->low ? (int)s->low : 4, s->high ? (int)s->high : 1, level);
	if (status == LDN_OK)
		status = ldn_jrc_change(mean, mean + n, n, job->cuts, change);
	if (status != LDN_OK)
		return kernel_failed(status, _("productivity"), why);
	double *scaling;
	if (!scaling_of(job, index, part, &scaling, why))
		return false;
	ldn_jrc_long_term(steadiness, level, change, n, long_term);
	ldn_jrc_lpd5(long_term, scaling, s->threshold > 0 ? s->threshold : 50, n, lpd5);
	ldn_lpd5_to_3(lpd5, n, lpd3);
	sheet *page = sheet_new(run, part);
	const int16_t *const each[] = {lpd5, lpd3, steadiness, level, change, long_term};
	for (size_t k = 0; k < sizeof each / sizeof *each; k++)
		sheet_int16(page, layers[k].name, each[k]);
	for (size_t i = 0; !scaling && i < n; i++)
		mean[i] = NAN;
	sheet_double(page, "scaling", scaling ? scaling : mean);
	free(scaling);
	return sheet_put(page, worker, why);
}

static bool spans_find(jrc_run *job, failure *why)
{
	const jrc_settings *s = job->settings;
	size_t years = job->series->bands.count;
	if (years < 5 && !(s->first && s->last && s->scaling))
		return failure_usage(why, _("%zu years are too few for the JRC's scheme, which takes five to scale; say which with --baseline, --recent and --scaled"), years);
	if ((s->low ? s->low : 4) + (s->high ? s->high : 1) > 10)
		return failure_usage(why, _("--low-tenths and --high-tenths: together at most 10"));
	return period_span(job->series, "baseline", s->first, 0, 3, &job->first, why) && period_span(job->series, "recent", s->last, years - 3, 3, &job->last, why) &&
		period_span(job->series, "scaled", s->scaling, years - 5, 5, &job->late, why);
}

static void passes(jrc_run *job, session *run, failure *why)
{
	const blocks *plan = session_plan(run);
	size_t years = job->series->bands.count;
	if (session_start(run, layers, sizeof layers / sizeof *layers, 2 * years + UNITS_BYTES_A_CELL + 50, why) &&
		(job->kept = store_new((uint64_t)blocks_count(plan) * blocks_cells(plan) * KEPT, session_memory(run) / 2, session_scratch(run), why)) &&
		(!job->types || units_ready(job->types, job->late.count, why)))
		session_blocks(run, _("steadiness and level"), gather_block, job, why);
	if (!deciles_settle(job, run, why) || (job->types && !units_settle(job->types, why)))
		return;
	session_blocks(run, _("productivity"), class_block, job, why);
	session_table(run, deciles_table(job));
	if (job->types)
		session_table(run, units_table(job->types, _("Ecosystem types")));
}

void jrc_do(const jrc_settings *settings, const stack *series, session *run, failure *why)
{
	jrc_run job = {.settings = settings, .series = series, .lock = PTHREAD_MUTEX_INITIALIZER};
	units_source from = {.codes = settings->ecosystems, .role = "ecosystem types", .zeros = true};
	job.deciles = memory_new(CUTS, sizeof *job.deciles);
	for (size_t k = 0; k < CUTS; k++) {
		ldn_rank_begin(&job.deciles[k]);
		job.deciles[k].left_out = LDN_KEY_NONE;
	}
	session_cite(run, cite_jrc);
	if (spans_find(&job, why) && (!settings->ecosystems || (job.types = units_new(run, &from, why))))
		passes(&job, run, why);
	if (!settings->ecosystems)
		session_note(run, _("no ecosystem types given: classes follow from long-term change alone (--ecosystems)"));
	units_free(job.types);
	store_free(job.kept);
	free(job.deciles);
}
