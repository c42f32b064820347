/* ldn recovery: when was land disturbed, how much came back, how fast, against what? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "kernel.h"
#include "rank.h"
#include "recovery_run.h"

#define AT(member) offsetof(recovery_settings, member)

static const char *const arithmetics[] = {"tail-p", "original", NULL};
static const char *const choices[] = {"greatest", "least", "newest", "oldest", "fastest", "slowest", NULL};

static const option stack_options[] = {SPECTRA_OPTIONS(recovery_settings, stack), {0}};
static const option metric_options[] = {
	{"polygons", 0, OPTION_TEXT, AT(polygons), "FILE", "vector file of sites; its fields dist_start, rest_start, ref_start, ref_end hold their years"},
	{"layer", 0, OPTION_TEXT, AT(layer), "NAME", "layer of the vector file (default: the first)"},
	{"field", 0, OPTION_TEXT, AT(field), "NAME", "field that names the sites (default: the first text field)"},
	{"disturbed", 0, OPTION_WHOLE, AT(disturbed), "YEAR", "first year of disturbance, of all sites (default: field dist_start)", NULL, 1800, 2200},
	{"restored", 0, OPTION_WHOLE, AT(restored), "YEAR", "first year of restoration, of all sites (default: field rest_start)", NULL, 1800, 2200},
	{"timestep", 'k', OPTION_TEXT, AT(timestep), "YEARS", "years after restoration at which recovery is judged (5), or last: R80P in the last year, the others after 5"},
	{"percent", 0, OPTION_NUMBER, AT(percent), "P", "percent of the target that counts as recovered (80)"},
	{"target", 0, OPTION_TEXT, AT(target), "KIND", "historic (each cell's own median), historic-polygon, window, reference, or a number"},
	{"reference-years", 0, OPTION_TEXT, AT(reference_years), "PERIOD", "years the target is taken from, as 2002-2004, for all sites (default: fields ref_start, ref_end)"},
	{"references", 0, OPTION_TEXT, AT(references), "FILE", "vector file of undisturbed polygons for --target reference"},
	{"window", 0, OPTION_WHOLE, AT(window), "CELLS", "side of the window of --target window (3)", NULL, 1, 255},
	{"skip-missing", 0, OPTION_FLAG, AT(skip_missing), NULL, "window: take the mean of what is there, instead of nothing where a cell is missing"},
	{"loss-min", 0, OPTION_NUMBER, AT(loss_min), "NUMBER", "no RRI where the index fell by less (0.1)"},
	{"mean-end", 0, OPTION_FLAG, AT(mean_end), NULL, "dIR ends at the mean of the last two years, against noise"},
	{"peer", 0, OPTION_FLAG, AT(peer), NULL, "as Spectral-Recovery does: zeros are values, RRI of any loss, targets at or below zero, refusals"},
	{0}};
static const option trend_options[] = {
	{"choose", 0, OPTION_CHOICE, AT(choose), "WHICH", "which disturbance of several", choices},
	{"loss-from", 0, OPTION_NUMBER, AT(least), "NUMBER", "pass over smaller disturbances (0)"},
	{"loss-years", 0, OPTION_WHOLE, AT(longest), "YEARS", "pass over longer disturbances", NULL, 1, 128},
	{"before-from", 0, OPTION_NUMBER, AT(from_value), "NUMBER", "pass over disturbances that begin from a lower index"},
	{"landtrendr", 0, OPTION_CHOICE, AT(landtrendr), "HOW", "p as upper tail in double (default), or the authors' whole numbers and float p", arithmetics},
	{"max-segments", 0, OPTION_WHOLE, AT(max_segments), "N", "segments at most (6)", NULL, 1, LDN_SEGMENTS_MAX},
	{"spike", 0, OPTION_NUMBER, AT(spike), "SHARE", "damp spikes stronger than this (0.9); 1: none"},
	{"overshoot", 0, OPTION_WHOLE, AT(overshoot), "N", "more vertices tried at first (3)", NULL, 0, 100},
	{"fastest", 0, OPTION_NUMBER, AT(fastest), "SHARE", "do not believe a recovery of more than this share of the range a year (0.25)"},
	{"p-limit", 0, OPTION_NUMBER, AT(p_limit), "P", "flat where no fit is significant at this (0.05)"},
	{"best-model", 0, OPTION_NUMBER, AT(best_model), "SHARE", "take the model of most segments with p within 2 - this of the best (0.75)"},
	{"min-years", 0, OPTION_WHOLE, AT(min_observations), "N", "valid years a fit needs (6)", NULL, 3, 128},
	{0}};
static const option *const options[] = {stack_options, metric_options, trend_options, common_options, running_options, NULL};

static void defaults(void *settings)
{
	recovery_settings *s = settings;
	const ldn_landtrendr_rule *rule = &ldn_landtrendr_default;
	common_defaults(settings);
	s->stack.factor = 1;
	s->timestep = "5";
	s->percent = ldn_recovery_default.percent;
	s->loss_min = ldn_recovery_default.loss_min;
	s->window = 3;
	s->from_value = -INFINITY;
	s->max_segments = rule->max_segments;
	s->spike = rule->despike;
	s->overshoot = rule->overshoot;
	s->fastest = rule->recovery;
	s->p_limit = rule->p_limit;
	s->best_model = rule->best_model;
	s->min_observations = rule->min_observations;
}

static bool rules_make(recovery_run *job, failure *why)
{
	const recovery_settings *s = job->settings;
	int64_t step = ldn_recovery_default.timestep;
	job->rule = s->peer ? ldn_recovery_peer : ldn_recovery_default;
	job->last = strcmp(s->timestep, "last") == 0;
	if (!job->last && !whole_read(s->timestep, 0, 200, &step))
		return failure_usage(why, _("--timestep %s: not a number of years, or last"), s->timestep);
	job->rule.timestep = (int)step;
	if (!(s->percent > 0 && s->percent <= 100))
		return failure_usage(why, _("--percent %g: must be above 0, at most 100"), s->percent);
	job->rule.percent = s->percent;
	job->rule.mean_end = s->mean_end;
	if (!s->peer)
		job->rule.loss_min = s->loss_min;
	job->trend_rule = s->landtrendr ? ldn_landtrendr_original : ldn_landtrendr_default;
	ldn_landtrendr_rule *rule = &job->trend_rule;
	rule->max_segments = (int)s->max_segments;
	rule->despike = s->spike;
	rule->overshoot = (int)s->overshoot;
	rule->recovery = s->fastest;
	rule->p_limit = s->p_limit;
	rule->best_model = s->best_model;
	rule->min_observations = (int)s->min_observations;
	rule->background = NAN; /* missing cells are known as such */
	rule->disturbance_sign = spectra_sign(&job->stack, 0);
	ldn_segmentation unused;
	if (ldn_landtrendr(rule, (const int[]){2000}, (const double[]){NAN}, 1, 1, &unused, NULL) != LDN_OK)
		return failure_usage(why, _("--spike, --fastest, --p-limit, --best-model: must be shares between 0 and 1, --fastest above 0"));
	return true;
}

/* --- years that do not fit --- */

static char *fault_text(const recovery_run *job, ldn_recovery_fault fault, ldn_metric metric, const site *place, int year)
{
	const char *name = ldn_metrics[metric].name;
	int first = job->stack.years[0], last = job->stack.years[job->stack.year_count - 1];
	if (fault == LDN_RECOVERY_TIMESTEP)
		return text_format(_("%s: %s needs a --timestep of 1 or more"), place->name, name);
	if (year == 0)
		return text_format(_("%s: %s needs the year of %s: field %s of the polygons, or --%s"), place->name, name,
			!place->years[SITE_RESTORED] ? _("restoration") : _("disturbance"), !place->years[SITE_RESTORED] ? "rest_start" : "dist_start",
			!place->years[SITE_RESTORED] ? "restored" : "disturbed");
	if (fault == LDN_RECOVERY_AFTER_END)
		return text_format(_("%s: %s needs year %d, the stack ends in %d; take a shorter --timestep, or wait"), place->name, name, year, last);
	return text_format(_("%s: %s needs year %d, which the stack of %d to %d does not have"), place->name, name, year, first, last);
}

/* Which metrics each site's years allow. Where they do not, a site among others has no value and a note says so; the only site fails. */
static bool faults_find(recovery_run *job, session *run, failure *why)
{
	enum { NOTES_MAX = 20 };
	size_t notes = 0;
	job->faults = memory_new(job->sites.count * LDN_METRICS, sizeof *job->faults);
	for (size_t s = 0; s < job->sites.count; s++)
		for (size_t o = 0; o < job->count; o++) {
			const output *one = &job->outputs[o];
			const site *place = &job->sites.items[s];
			ldn_recovery_years when = {job->stack.years, job->stack.year_count, place->years[SITE_DISTURBED], place->years[SITE_RESTORED]};
			ldn_recovery_rule rule = metric_rule(job, (ldn_metric)one->which, 0);
			int year;
			if (one->kind != OUTPUT_METRIC || one->index != 0)
				continue;
			ldn_recovery_fault fault = job->faults[s * LDN_METRICS + (size_t)one->which] = ldn_recovery_check(&rule, (ldn_metric)one->which, &when, &year);
			if (fault == LDN_RECOVERY_FINE)
				continue;
			autofree char *text = fault_text(job, fault, (ldn_metric)one->which, place, year);
			if (!place->shape || job->settings->peer)
				return failure_usage(why, _("%s (or leave the layer out with --layers)"), text);
			if (notes++ < NOTES_MAX)
				session_note(run, "%s", text);
		}
	if (notes > NOTES_MAX)
		session_note(run, _("%zu more values of sites cannot be had from these years"), notes - NOTES_MAX);
	for (size_t i = 0; i < job->stack.count; i++)
		if (job->metrics_wanted && !job->settings->peer && spectra_sign(&job->stack, i) > 0)
			session_note(run, _("%s rises when vegetation is lost: it has no share of a target (R80P, Y2R)"), job->stack.names[i]);
	return true;
}

/* --- blocks --- */

/* The layers of a block as they fill, and which cells have been filled. */
typedef struct block_page {
	window part;
	float **layers; /* [output]; NULL where none is written */
	unsigned char *taken;
} block_page;

/* Where sites overlap the first of the file stands in the raster; each has all its cells in its summary. */
static void page_fill(const recovery_run *job, block_page *page, window from, const size_t *cells, size_t count, const double *values)
{
	for (size_t j = 0; j < count; j++) {
		size_t x = cells[j] % (size_t)from.width + (size_t)(from.x - page->part.x), y = cells[j] / (size_t)from.width + (size_t)(from.y - page->part.y);
		size_t at = y * (size_t)page->part.width + x;
		for (size_t o = 0; !page->taken[at] && o < job->count; o++)
			if (page->layers[o] && !isnan(values[o * count + j]))
				page->layers[o][at] = (float)values[o * count + j];
		page->taken[at] = 1;
	}
}

/* One site's share of a block. */
static bool site_block(recovery_run *job, session *run, int worker, size_t which, readings *from, block_page *page, failure *why)
{
	enum { CHUNK = 4096 };
	size_t count;
	autofree size_t *cells = NULL;
	autofree double *targets = NULL;
	if (!site_cells(&job->sites.items[which], run, worker, from->part, &cells, &count, why) || count == 0)
		return why->code == OUTCOME_DONE;
	if (job->target == TARGET_WINDOW && job->metrics_wanted) {
		targets = memory_grow(NULL, (size_t)from->part.width * (size_t)from->part.height * job->stack.count, sizeof *targets);
		if (!targets_around(job, run, worker, which, from->part, targets, why))
			return false;
	}
	from->targets = targets;
	autofree double *values = memory_grow(NULL, job->count * CHUNK, sizeof *values);
	for (size_t done = 0, some; done < count; done += some) {
		some = count - done < CHUNK ? count - done : CHUNK;
		if (!outputs_compute(job, which, from, cells + done, some, values, why))
			return false;
		page_fill(job, page, from->part, cells + done, some, values);
		for (size_t o = 0; job->settings->polygons && o < job->count; o++)
			if (output_summed(&job->outputs[o]) && !gather_add(&job->gathered, which * job->count + o, values + o * some, some, why))
				return false;
	}
	return true;
}

static bool block_fill(recovery_run *job, session *run, int worker, block_page *page, failure *why)
{
	readings from = {.part = sites_window(&job->sites, page->part)};
	size_t n = (size_t)from.part.width * (size_t)from.part.height;
	if (n == 0)
		return true;
	autofree double *series = memory_grow(NULL, n * job->stack.year_count * job->stack.count, sizeof *series);
	from.series = series;
	bool fine = spectra_read(&job->stack, run, worker, from.part, (ldn_span){0, job->stack.year_count}, series, why);
	for (size_t s = 0; fine && s < job->sites.count; s++)
		fine = site_block(job, run, worker, s, &from, page, why);
	return fine;
}

static bool recovery_block(void *context, session *run, int worker, size_t index, window part, failure *why)
{
	recovery_run *job = context;
	sheet *page = sheet_new(run, part);
	(void)index;
	autofree float **layers = memory_new(job->count, sizeof *layers);
	autofree unsigned char *taken = memory_new((size_t)part.width * (size_t)part.height, 1);
	for (size_t o = 0; o < job->count; o++)
		layers[o] = sheet_floats(page, job->outputs[o].name);
	if (block_fill(job, run, worker, &(block_page){part, layers, taken}, why))
		return sheet_put(page, worker, why);
	sheet_free(page);
	return false;
}

/* --- tables --- */

static const char *target_word(const recovery_run *job)
{
	return job->settings->target ? job->settings->target : job->target == TARGET_REFERENCE ? "reference" : "historic";
}

static double known_year(int year)
{
	return year ? year : (double)NAN;
}

static result_table *summary_table(const recovery_run *job)
{
	static const char *const columns[] = {"polygon", "index", "metric", "target", "dist_start", "rest_start", "n_pixels", "n_nan", "n_inf", "n_never", "n_used", "mean",
		"median", "min", "max", "std_pop"};
	result_table *out = table_new("summary", _("Recovery by polygon: over cells whose centre is inside"));
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		table_column(out, columns[i], "");
	for (size_t s = 0; s < job->sites.count; s++)
		for (size_t o = 0; o < job->count; o++) {
			const output *one = &job->outputs[o];
			const site *place = &job->sites.items[s];
			struct gathered *list = &job->gathered.items[s * job->count + o];
			bool metric = one->kind == OUTPUT_METRIC, target = one->kind == OUTPUT_TARGET || (metric && ldn_metrics[one->which].needs_target);
			if (!output_summed(one))
				continue;
			const char *dot = strchr(one->name, '.');
			ldn_summary sum = ldn_summarise(metric ? (ldn_metric)one->which : LDN_DIR, list->values, list->count);
			table_row(out, "ssssddiiiiiddddd", place->name, job->stack.names[one->index], dot ? dot + 1 : one->name, target ? target_word(job) : "-",
				known_year(place->years[SITE_DISTURBED]), known_year(place->years[SITE_RESTORED]), (int64_t)sum.pixels, (int64_t)sum.missing, (int64_t)sum.infinite,
				(int64_t)sum.not_reached, (int64_t)sum.used, sum.mean, sum.median, sum.min, sum.max, sum.deviation);
		}
	return out;
}

static result_table *targets_table(const recovery_run *job)
{
	result_table *out = table_new("targets", _("Targets of recovery that are one number"));
	static const char *const columns[] = {"polygon", "index", "target", "value"};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		table_column(out, columns[i], "");
	for (size_t s = 0; s < job->sites.count; s++)
		for (size_t i = 0; i < job->stack.count; i++)
			table_row(out, "sssd", job->sites.items[s].name, job->stack.names[i], target_word(job), job->targets[s * job->stack.count + i]);
	return out;
}

/* --- run --- */

static size_t bytes_a_cell(const recovery_run *job)
{
	return sizeof(double) * (job->stack.year_count * job->stack.count + (job->target == TARGET_WINDOW ? 2 * job->stack.count + 2 : 0) + 2) + spectra_bytes() + 4;
}

/* Spectral-Recovery takes a polygon without cells for a fault of the caller. */
static bool sites_peopled(const recovery_run *job, failure *why)
{
	for (size_t s = 0; job->settings->peer && s < job->sites.count; s++)
		if (job->sites.items[s].box.width == 0 || job->sites.items[s].small)
			return failure_set(why, _("polygon %s: holds no cell centre; without --peer the cell it lies on would stand for it"), job->sites.items[s].name);
	return true;
}

/* Wetness of forest, for one, is often below 0. */
static void targets_note(const recovery_run *job, session *run)
{
	for (size_t i = 0; job->targets && !job->settings->peer && i < job->stack.count; i++) {
		size_t low = 0;
		for (size_t s = 0; s < job->sites.count; s++)
			low += job->targets[s * job->stack.count + i] <= 0;
		if (low)
			session_note(run, _("%s: the target of %zu polygons is at or below 0, a share of which has no meaning: no R80P, Y2R"), job->stack.names[i], low);
	}
}

static bool job_prepare(recovery_run *job, session *run, const text_list *rest, failure *why)
{
	const recovery_settings *s = job->settings;
	spectra_settings images = s->stack;
	images.as_is = s->peer;
	if (s->common.scale != 0)
		return failure_usage(why, _("--scale rounds to whole numbers; --factor says what stored values are worth"));
	if (!spectra_open(&images, run, rest, &job->stack, why) || !rules_make(job, why) || !target_parse(job, why) || !session_file(run, s->polygons, why) ||
		!session_file(run, s->references, why))
		return false;
	outputs_make(job);
	if (!session_start(run, job->layers, job->offered_count, bytes_a_cell(job), why))
		return false;
	outputs_choose(job, run);
	spectra_cite(&job->stack, run);
	if (job->metrics_wanted)
		session_cite(run, cite_recovery);
	if (job->trend_wanted)
		session_cite(run, cite_landtrendr);
	const int years[SITE_YEARS] = {(int)s->disturbed, (int)s->restored, job->reference[0], job->reference[1]};
	return sites_read(s->polygons, s->layer, s->field, years, run, &job->sites, why) && sites_peopled(job, why) && faults_find(job, run, why);
}

static void job_free(recovery_run *job)
{
	gather_free(&job->gathered);
	sites_free(&job->sites);
	free(job->targets);
	free(job->faults);
	free(job->offered);
	free(job->outputs);
	free(job->layers);
}

static int recovery_do(void *given, const text_list *rest, failure *why)
{
	recovery_run job = {.settings = given};
	session *run = session_open(&command_recovery, given, why);
	if (run)
		job_prepare(&job, run, rest, why);
	if (run && rank_agree(why) && targets_settle(&job, run, why)) {
		targets_note(&job, run);
		gather_begin(&job.gathered, job.sites.count * job.count, run);
		session_blocks(run, _("recovery"), recovery_block, &job, why);
		if (gather_join(&job.gathered, why) && job.settings->polygons)
			session_table(run, summary_table(&job));
		if (why->code == OUTCOME_DONE && job.targets)
			session_table(run, targets_table(&job));
	}
	if (run)
		session_finish(run, why);
	session_close(run);
	job_free(&job);
	return why->code;
}

const command command_recovery = {
	.name = "recovery",
	.summary = "disturbance and recovery of land: segments, shares, years, per cell and polygon",
	.arguments = "STACK...",
	.description = "Reads one image a year (six bands: blue, green, red, nir, swir1, swir2; or an index) and tells for each cell when the land was\n"
	               "disturbed and what came back: LandTrendr segments, and for known years of disturbance and restoration the metrics dIR, YrYr,\n"
	               "R80P, RRI and Y2R against the land's own past or against undisturbed land; with --polygons also a summary of each site.",
	.example = "  ldn recovery landsat_*.tif -o recovery.tif\n"
	           "  ldn recovery landsat_*.tif -i NBR,NDVI --disturbed 2005 --restored 2006 --target historic --reference-years 2002-2004 -o nbr.tif\n"
	           "  ldn recovery landsat_*.tif --polygons mines.gpkg --field name --references forest.gpkg --reference-years 2002-2004 -t mines.csv",
	.options = options,
	.settings_size = sizeof(recovery_settings),
	.defaults = defaults,
	.run = recovery_do};
