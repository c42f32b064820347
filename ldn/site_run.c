/* A site from its inputs to the document of its measurement. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cover.h"
#include "kernel.h"
#include "site.h"
#include "table.h"
#include "years.h"

enum { MARGIN = 3, CELLS_LEAST = 4 };

/* --- what went in --- */

static void parameter(json_t *list, const char *name, const char *value)
{
	json_array_append_new(list, json_pack("{s:s,s:s}", "name", name, "value", value));
}

static void parameter_number(json_t *list, const char *name, double value)
{
	autofree char *text = text_format("%.15g", value), *exact = text_format("%.17g", value);
	parameter(list, name, strtod(text, NULL) == value ? text : exact);
}

static void parameter_given(json_t *list, const char *name, const char *value)
{
	if (value)
		parameter(list, name, value);
}

/* Named as the options are, so that a record says how to compute it again. */
static json_t *parameters(const site_run *job)
{
	const site_settings *s = job->settings;
	json_t *list = json_array();
	parameter(list, "index", s->index);
	if (!s->series) {
		parameter_given(list, "bands", s->bands);
		parameter_given(list, "years", s->years);
		parameter_given(list, "season", s->season);
		parameter(list, "quality", quality_names[s->quality]);
		if (job->images.has[ROLE_COVER])
			parameter(list, "legend", s->legend ? s->legend : "esa");
		parameter_number(list, "scale", s->scale);
		parameter_number(list, "offset", s->offset);
		parameter_number(list, "observations", job->rule.least);
		parameter_number(list, "cover", s->cover);
	}
	parameter_number(list, "percent", s->percent);
	parameter_number(list, "loss-least", s->loss_least);
	if (s->disturbed)
		parameter_number(list, "disturbed", (double)s->disturbed);
	if (s->restored)
		parameter_number(list, "restored", (double)s->restored);
	parameter_number(list, "seed", (double)s->seed);
	return list;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static int by_name(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int names = strcmp(json_string_value(json_object_get(x, "name")), json_string_value(json_object_get(y, "name")));
	return names ? names : strcmp(json_string_value(json_object_get(x, "sha256")), json_string_value(json_object_get(y, "sha256")));
}

/* Files by name, so that the order in which they are given changes nothing. */
static json_t *inputs(const digest *files)
{
	size_t count = digest_count(files);
	json_t *list = json_array();
	autofree json_t **rows = memory_new(count, sizeof *rows);
	for (size_t i = 0; i < count; i++) {
		int year, month, day;
		rows[i] = json_pack("{s:s,s:s}", "name", base_name(digest_path(files, i)), "sha256", digest_hex(files, i));
		if (date_from_name(digest_path(files, i), &year, &month, &day))
			json_object_set_new(rows[i], "year", json_integer(year));
	}
	qsort(rows, count, sizeof *rows, by_name);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, rows[i]);
	return list;
}

static json_t *citations(const site_run *job)
{
	json_t *list = json_array();
	const char *const all[] = {
		job->index && !job->settings->series ? job->index->source : NULL,
		"Kennedy et al. 2010, Remote Sensing of Environment 114, 2897-2910 (LandTrendr)",
		"Stewart-Oaten et al. 1986, Ecology 67, 929-940 (before/after, control/impact); Davison & Hinkley 1997, Bootstrap Methods (block bootstrap, studentised)",
		"White et al. 2017, Remote Sensing of Environment 194, 303-321 (recovery)",
		job->images.has[ROLE_COVER] ? "UNCCD 2021, Good Practice Guidance, SDG indicator 15.3.1, version 2 (land cover: seven classes, matrix of transitions)" : NULL,
		cite_mann_kendall, job->settings->series ? NULL : cite_prais4, job->settings->series ? NULL : cite_area};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i])
			json_array_append_new(list, json_string(all[i]));
	return list;
}

/* --- limits --- */

static void limit(const site_run *job, const char *text)
{
	json_array_append_new(job->limits, json_string(text));
}

static void limit_years(const site_run *job)
{
	char *list = text_copy("");
	for (size_t k = 0; k < job->evidence.count; k++)
		if (!isfinite(job->evidence.site[k])) {
			char *longer = text_format("%s%s%d", list, list[0] ? ", " : "", job->evidence.years[k]);
			free(list);
			list = longer;
		}
	if (list[0]) {
		autofree char *text = text_format("No value for %s: too little of the land was seen clear.", list);
		limit(job, text);
	}
	free(list);
}

static void limits(const site_run *job)
{
	limit(job, "Satellites see how green land is, not which species grow there, nor soil or water.");
	if (!job->has_reference)
		limit(job, job->evidence.rain ? "There is no reference area: only what follows the year's rain is taken out." :
			"There is no reference area: wet and dry years are not taken out.");
	if (job->settings->series) {
		limit(job, "Table, not recomputed from images: the values were made by somebody else.");
	} else if (job->images.dense && !job->settings->season) {
		limit(job, "Images of all seasons went into each year's median: a year with more clear images in its green season looks greener. A season can be set.");
	}
	if (job->too_small)
		limit(job, job->too_small);
	if (job->cover_limit)
		limit(job, job->cover_limit);
	limit_years(job);
}

/* --- the run --- */

bool site_settings_check(site_run *job, failure *why)
{
	const site_settings *s = job->settings;
	if (!s->series && !s->site)
		return failure_usage(why, _("say which land, with --site"));
	if (s->series && (s->site || s->reference || s->pictures))
		return failure_usage(why, _("--series stands alone: it has neither land nor pictures"));
	if (!(s->cover > 0 && s->cover <= 1) || !(s->percent > 0 && s->percent <= 100) || !(s->loss_least > 0) || s->scale == 0)
		return failure_usage(why, _("--cover is above 0 and at most 1, --percent above 0 and at most 100, --loss-least above 0, --scale not 0"));
	if (s->disturbed && s->restored && s->restored <= s->disturbed)
		return failure_usage(why, _("--restored %d is not after --disturbed %d"), (int)s->restored, (int)s->disturbed);
	job->index = ldn_index_find(s->index);
	return true;
}

static bool bands_check(site_run *job, failure *why)
{
	if (job->images.has[ROLE_INDEX])
		return true;
	if (!job->index) {
		return failure_usage(why, _("--index %s: no such index; NDVI, NBR, EVI, SAVI and others are known, or give files of the index itself"), job->settings->index);
	}
	for (int b = 0; b < LDN_BANDS; b++)
		if ((job->index->bands >> b & 1) && !job->images.has[b])
			return failure_usage(why, _("%s needs the band %s, which no image has; say where it is with --bands"), job->index->name, role_names[b]);
	job->rule.index = job->index;
	return true;
}

static bool images_open(site_run *job, const text_list *rest, failure *why)
{
	const site_settings *s = job->settings;
	images_source from = {rest, s->bands, s->years, s->season, s->scale, s->offset};
	if (!images_find(&from, &job->images, job->files, why) || !bands_check(job, why))
		return false;
	if (s->quality != QUALITY_NONE && !job->images.has[ROLE_QUALITY])
		return failure_usage(why, _("--quality %s needs a quality band, which no image has; say where it is with --bands quality=..."), quality_names[s->quality]);
	job->rule.quality = (quality_kind)s->quality;
	job->rule.least = s->observations ? (int)s->observations : job->images.dense ? 3 : 1;
	job->rule.cover = s->cover;
	return true;
}

static bool land_read(site_run *job, failure *why)
{
	const site_settings *s = job->settings;
	int *found = NULL;
	size_t count = yearly_years(&job->images, &found);
	autofree int *years = found;
	if (count == 0)
		return failure_set(why, _("no image lies in the season %s"), s->season ? s->season : "");
	if (count > LDN_YEARS_MAX)
		return failure_set(why, _("%zu years are more than %d"), count, LDN_YEARS_MAX);
	if (!parcel_read(s->site, &job->images.grid, MARGIN, &job->site, why) || !yearly_read(&job->images, &job->rule, &job->site, years, count, &job->values, why))
		return false;
	job->has_reference = s->reference != NULL;
	return !s->reference || (parcel_read(s->reference, &job->images.grid, 0, &job->reference, why) &&
		yearly_read(&job->images, &job->rule, &job->reference, years, count, &job->reference_values, why));
}

static bool evidence_of_land(site_run *job, failure *why)
{
	evidence *of = &job->evidence;
	of->count = job->values.count;
	of->years = job->values.years;
	of->site = job->values.mean;
	of->reference = job->has_reference ? job->reference_values.mean : NULL;
	if (job->site.footprint.whole < CELLS_LEAST)
		of->too_small = job->too_small = text_format("too small to tell: %zu cells lie wholly inside, %d are needed", (size_t)job->site.footprint.whole, CELLS_LEAST);
	return evidence_cells(of, &job->site, &job->values, job->has_reference ? &job->reference : NULL, job->has_reference ? &job->reference_values : NULL, &job->classes, why);
}

static void evidence_of_series(site_run *job)
{
	evidence *of = &job->evidence;
	of->count = job->series.count;
	of->years = job->series.years;
	of->site = job->series.value;
	job->has_reference = job->series.has_reference;
	of->reference = job->series.has_reference ? job->series.reference : NULL;
	of->rain = job->series.has_rain ? job->series.rain : NULL;
	double least = INFINITY;
	for (size_t k = 0; k < of->count; k++)
		least = job->series.cells[k] < least ? job->series.cells[k] : least;
	if (job->series.has_cells)
		evidence_row(of, "cells", "inside", 0, (const double[]){least, NAN, NAN}, 0, "cells", NULL);
	if (job->series.has_cells && least < CELLS_LEAST)
		of->too_small = job->too_small = text_format("too small to tell: %.0f cells, %d are needed", least, CELLS_LEAST);
}

/* The first and last year with a value. */
static bool ends_find(const evidence *of, int ends[2], failure *why)
{
	ends[0] = ends[1] = -1;
	for (size_t k = 0; k < of->count; k++)
		if (isfinite(of->site[k])) {
			ends[0] = ends[0] < 0 ? (int)k : ends[0];
			ends[1] = (int)k;
		}
	return ends[0] >= 0 || failure_set(why, _("in no year was enough of the land seen clear; give more images, or lower --observations or --cover"));
}

const char *site_legend_file(const site_settings *s)
{
	return s->legend && strcmp(s->legend, "esa") != 0 && strcmp(s->legend, "unccd") != 0 ? s->legend : NULL;
}

static bool cover_measure(site_run *job, failure *why)
{
	const char *file = site_legend_file(job->settings);
	ldn_legend *legend = memory_new(1, sizeof *legend);
	bool fine = (!file || digest_add(job->files, file, why)) && cover_legend_open(legend, job->settings->legend, why) &&
		evidence_cover(&job->evidence, &job->images, job->settings->site, legend, &job->cover_limit, why);
	free(legend);
	return fine;
}

bool site_measure(site_run *job, const text_list *rest, failure *why)
{
	const site_settings *s = job->settings;
	evidence *of = &job->evidence;
	int ends[2];
	job->files = digest_new();
	job->pictures = json_array();
	job->limits = json_array();
	*of = (evidence){.index = s->index, .sign = job->index ? job->index->disturbance_sign : -1, .disturbed = (int)s->disturbed, .restored = (int)s->restored,
		.percent = s->percent, .loss_least = s->loss_least, .rule = ldn_impact_default, .results = json_array()};
	of->rule.seed = (uint64_t)s->seed;
	if (s->series ? !digest_add(job->files, s->series, why) || !series_read(s->series, &job->series, why) : !images_open(job, rest, why) || !land_read(job, why))
		return false;
	if (s->series)
		evidence_of_series(job);
	else if (!evidence_of_land(job, why))
		return false;
	if (!ends_find(of, ends, why))
		return false;
	evidence_series(of);
	if (!s->series && !cover_measure(job, why))
		return false;
	limits(job);
	if (!site_pictures(job, ends, why) || !digest_check(job->files, why))
		return false;
	job->document = json_pack("{s:s,s:s,s:s,s:i,s:i,s:o,s:o,s:O,s:O,s:o,s:O}", "form", s->series ? "table" : "images", "method",
		"Yearly means, LandTrendr, recovery, effect against a reference" , "method_version", "ldn " AFTERMINE_VERSION, "period_from", of->years[ends[0]], "period_until", of->years[ends[1]],
		"inputs", inputs(job->files), "parameters", parameters(job), "results", of->results, "pictures", job->pictures, "citations", citations(job), "limits", job->limits);
	return true;
}

void site_free(site_run *job)
{
	json_decref(job->document);
	json_decref(job->pictures);
	json_decref(job->limits);
	json_decref(job->evidence.results);
	for (size_t i = 0; i < job->picture_count; i++)
		free(job->pictured[i].bytes);
	cell_classes_free(&job->classes);
	yearly_free(&job->values);
	yearly_free(&job->reference_values);
	parcel_free(&job->site);
	parcel_free(&job->reference);
	series_free(&job->series);
	images_free(&job->images);
	digest_free(job->files);
	free(job->too_small);
	free(job->cover_limit);
}
