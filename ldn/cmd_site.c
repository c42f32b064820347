/* ldn site: one piece of land in a stack of images: everything a measurement record holds, as JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "evidence.h"
#include "kernel.h"
#include "picture.h"
#include "raster.h"
#include "series.h"
#include "table.h"
#include "whole.h"

enum { MARGIN = 3, CELLS_LEAST = 4 };

typedef struct site_settings {
	const char *site, *reference, *bands, *index, *years, *season, *pictures, *series;
	int quality;
	double scale, offset, cover, percent, loss_least;
	int64_t observations, disturbed, restored, seed;
} site_settings;

#define AT(member) offsetof(site_settings, member)
static const option own[] = {
	{"site", 's', OPTION_TEXT, AT(site), "FILE", "the land: a vector file of polygons, which are united"},
	{"reference", 'r', OPTION_TEXT, AT(reference), "FILE", "undisturbed land of the same kind, under the same weather"},
	{"bands", 'b', OPTION_TEXT, AT(bands), "LIST", "what files hold: red=B04,nir=B08,quality=SCL by a part of their names, red=3,nir=4 by number of band; default: as the bands say, or the index itself"},
	{"index", 'i', OPTION_TEXT, AT(index), "NAME", "vegetation index (NDVI)"},
	{"quality", 'q', OPTION_CHOICE, AT(quality), "KIND", "how the quality band says what is clear", quality_names},
	{"season", 0, OPTION_TEXT, AT(season), "MM-DD..MM-DD", "only images of these days; a season that crosses the new year counts for the year in which it ends"},
	{"years", 'y', OPTION_TEXT, AT(years), "LIST", "years of the layers of every file; default: from the files' names, or from a list of dates among them (dates.csv)"},
	{"scale", 0, OPTION_NUMBER, AT(scale), "X", "reflectance, or the index, is value * scale + offset (1)"},
	{"offset", 0, OPTION_NUMBER, AT(offset), "X", "see --scale (0)"},
	{"observations", 0, OPTION_WHOLE, AT(observations), "N", "clear observations that a cell needs in a year (1; 3 with images of days)", NULL, 1, 1000},
	{"cover", 0, OPTION_NUMBER, AT(cover), "SHARE", "share of the land that must have a value in a year (0.5)"},
	{"disturbed", 0, OPTION_WHOLE, AT(disturbed), "YEAR", "first year of disturbance", NULL, 1800, 2200},
	{"restored", 0, OPTION_WHOLE, AT(restored), "YEAR", "first year of restoration: recovery and effect are counted from here", NULL, 1800, 2200},
	{"percent", 0, OPTION_NUMBER, AT(percent), "P", "percent of the target that counts as recovered (80)"},
	{"loss-least", 0, OPTION_NUMBER, AT(loss_least), "X", "the least fall of the fitted index that is a disturbance (0.1)"},
	{"seed", 0, OPTION_WHOLE, AT(seed), "N", "of the bootstrap (20260824)", NULL, 0, INT64_MAX},
	{"pictures", 'p', OPTION_TEXT, AT(pictures), "DIR", "write pictures and the map of classes into this folder"},
	{"series", 0, OPTION_TEXT, AT(series), "FILE", "instead of images: a CSV file with year,value and, where known, reference,rain,cells"},
	{0}};
static const option *const options[] = {own, NULL};

typedef struct site_run {
	const site_settings *settings;
	const ldn_index *index;
	digest *files;
	images images;
	parcel site, reference;
	yearly values, reference_values;
	series series;
	cell_classes classes;
	yearly_rule rule;
	evidence evidence;
	json_t *document, *pictures, *limits;
	char *too_small;
	bool has_reference;
} site_run;

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
	limit_years(job);
}

/* --- pictures --- */

static bool picture_save(site_run *job, const char *file, const char *title, int year, uint8_t *bytes, size_t size, failure *why)
{
	autofree char *path = text_format("%s/%s", job->settings->pictures, file);
	bool fine = whole_write(path, bytes, size, why);
	free(bytes);
	json_t *row = json_pack("{s:s,s:s,s:s}", "title", title, "file", file, "media_type", "image/png");
	if (year)
		json_object_set_new(row, "year", json_integer(year));
	json_array_append_new(job->pictures, row);
	return fine;
}

/* The three bands a picture is made of; false if the images have none such. */
static bool picture_roles(const images *all, int roles[3], const char **called)
{
	static const struct {
		int roles[3];
		const char *called;
	} kinds[] = {{{LDN_RED, LDN_GREEN, LDN_BLUE}, "natural colours"},
		{{LDN_SWIR1, LDN_NIR, LDN_RED}, "false colours: shortwave infrared, near infrared, red"},
		{{LDN_NIR, LDN_RED, LDN_GREEN}, "false colours: near infrared, red, green"}};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (all->has[kinds[k].roles[0]] && all->has[kinds[k].roles[1]] && all->has[kinds[k].roles[2]]) {
			memcpy(roles, kinds[k].roles, sizeof kinds[k].roles);
			*called = kinds[k].called;
			return true;
		}
	return false;
}

static bool land_pictures(site_run *job, const int which[2], failure *why)
{
	static const char *const files[] = {"start.png", "end.png"};
	int roles[3];
	size_t n = job->site.n, size;
	const char *called;
	if (!picture_roles(&job->images, roles, &called)) {
		for (int p = 0; p < 2; p++) {
			autofree char *title = text_format("%s in %d", job->settings->index, job->evidence.years[which[p]]);
			uint8_t *bytes = picture_index(&job->site, &job->images.grid, job->values.values + (size_t)which[p] * n, 0, 0.8, &size);
			if (!picture_save(job, files[p], title, job->evidence.years[which[p]], bytes, size, why))
				return false;
		}
		return true;
	}
	autofree double *memory = memory_grow(NULL, 6 * n, sizeof *memory);
	const double *bands[6];
	for (int i = 0; i < 6; i++) {
		bands[i] = memory + (size_t)i * n;
		if (!yearly_band(&job->images, &job->rule, &job->site, job->evidence.years[which[i / 3]], roles[i % 3], memory + (size_t)i * n, why))
			return false;
	}
	double dark = 0, bright = 1; /* the same for both, so that they can be compared */
	picture_range(&job->site, bands, 6, &dark, &bright);
	for (int p = 0; p < 2; p++) {
		autofree char *title = text_format("%d, %s", job->evidence.years[which[p]], called);
		uint8_t *bytes = picture_bands(&job->site, &job->images.grid, bands + 3 * p, dark, bright, &size);
		if (!picture_save(job, files[p], title, job->evidence.years[which[p]], bytes, size, why))
			return false;
	}
	return true;
}

static bool any_class(const int16_t *classes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (classes[i] != LDN_NODATA)
			return true;
	return false;
}

static const cell_class state_classes[] = {{LAND_UNDISTURBED, "undisturbed", 0xD9, 0xCD, 0xB4}, {LAND_DISTURBED, "disturbed", 0x9C, 0x3D, 0x2E},
	{LAND_RECOVERING, "recovering", 0x8F, 0xB3, 0x9B}, {LAND_RECOVERED, "recovered", 0x1F, 0x6F, 0x5C}, {0, NULL, 0, 0, 0}};
static const cell_class productivity_classes[] = {{LDN_DEGRADED, "degraded", 0x9C, 0x3D, 0x2E}, {LDN_STABLE, "stable", 0xD9, 0xCD, 0xB4},
	{LDN_IMPROVED, "improved", 0x1F, 0x6F, 0x5C}, {0, NULL, 0, 0, 0}};

static bool class_picture(site_run *job, const char *file, const char *title, const int16_t *classes, const cell_class *list, failure *why)
{
	colour colours[LAND_STATES];
	size_t size = 0, count = 0;
	for (; list[count].name; count++)
		colours[count] = (colour){list[count].red, list[count].green, list[count].blue};
	if (!any_class(classes, job->site.n))
		return true;
	uint8_t *bytes = picture_classes(&job->site, &job->images.grid, classes, list[0].value, colours, &size);
	return picture_save(job, file, title, 0, bytes, size, why);
}

/* The classes as a GeoTIFF of two layers, its tiles stored as they are: the same bytes whatever the compressing library. */
static bool class_map(site_run *job, failure *why)
{
	const window box = job->site.box;
	if (!any_class(job->classes.productivity, job->site.n) && !any_class(job->classes.state, job->site.n))
		return true;
	static const raster_layer layers[] = {{"land productivity", productivity_classes}, {"disturbance and recovery", state_classes}};
	autofree char *path = text_format("%s/classes.tif", job->settings->pictures);
	grid of = grid_window(&job->images.grid, box);
	raster_plan plan = {.path = path, .grid = &of, .type = CELL_INT16, .no_data = LDN_NODATA, .layers = layers, .count = 2};
	raster *out = raster_new(&plan, 0, of.height, (uint64_t)1 << 28, why);
	autofree int16_t *tile = memory_grow(NULL, 2 * (size_t)TILE * TILE, sizeof *tile);
	bool fine = out != NULL;
	for (int y = 0; fine && y < box.height; y += TILE)
		for (int x = 0; fine && x < box.width; x += TILE) {
			window part = {x, y, box.width - x < TILE ? box.width - x : TILE, box.height - y < TILE ? box.height - y : TILE};
			const int16_t *from[] = {job->classes.productivity, job->classes.state};
			size_t size = (size_t)part.width * (size_t)part.height;
			for (size_t k = 0; k < 2; k++)
				for (int row = 0; row < part.height; row++)
					memcpy(tile + k * size + (size_t)row * (size_t)part.width, from[k] + (size_t)(y + row) * (size_t)box.width + (size_t)x, (size_t)part.width * sizeof *tile);
			fine = raster_put(out, part, (const void *const[]){tile, tile + size}, why);
		}
	if (out && fine)
		fine = raster_finish(out, (const char *const[]){"SOFTWARE=ldn " AFTERMINE_VERSION, NULL}, 1, why);
	else if (out)
		raster_abandon(out);
	grid_free(&of);
	if (fine)
		json_array_append_new(job->pictures, json_pack("{s:s,s:s,s:s}", "title", "Classes as a raster: land productivity; disturbance and recovery", "file", "classes.tif",
			"media_type", "image/tiff"));
	return fine;
}

static bool pictures_make(site_run *job, const int ends[2], failure *why)
{
	if (!job->settings->pictures)
		return true;
	int from = job->evidence.years[ends[0]], until = job->evidence.years[ends[1]];
	autofree char *lpd = text_format("Land productivity, %d to %d", from, until), *states = text_format("Disturbance and recovery, %d to %d", from, until);
	return land_pictures(job, ends, why) && class_picture(job, "productivity.png", lpd, job->classes.productivity, productivity_classes, why) &&
		class_picture(job, "recovery.png", states, job->classes.state, state_classes, why) && class_map(job, why);
}

/* --- the run --- */

static bool settings_check(site_run *job, failure *why)
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

static bool measure(site_run *job, const text_list *rest, failure *why)
{
	const site_settings *s = job->settings;
	evidence *of = &job->evidence;
	int ends[2];
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
	limits(job);
	if (!pictures_make(job, ends, why) || !digest_finish(job->files, why) || !digest_check(job->files, why))
		return false;
	job->document = json_pack("{s:s,s:s,s:s,s:i,s:i,s:o,s:o,s:O,s:O,s:o,s:O}", "form", s->series ? "table" : "images", "method",
		"Yearly means, LandTrendr, recovery, effect against a reference" , "method_version", "ldn " AFTERMINE_VERSION, "period_from", of->years[ends[0]], "period_until", of->years[ends[1]],
		"inputs", inputs(job->files), "parameters", parameters(job), "results", of->results, "pictures", job->pictures, "citations", citations(job), "limits", job->limits);
	return true;
}

static int site_do(void *given, const text_list *rest, failure *why)
{
	site_run job = {.settings = given, .files = digest_new(), .pictures = json_array(), .limits = json_array()};
	if (settings_check(&job, why) && measure(&job, rest, why)) {
		autofree char *text = json_text(job.document);
		fputs(text, stdout);
	}
	json_decref(job.document);
	json_decref(job.pictures);
	json_decref(job.limits);
	json_decref(job.evidence.results);
	cell_classes_free(&job.classes);
	yearly_free(&job.values);
	yearly_free(&job.reference_values);
	parcel_free(&job.site);
	parcel_free(&job.reference);
	series_free(&job.series);
	images_free(&job.images);
	digest_free(job.files);
	free(job.too_small);
	return why->code;
}

static void defaults(void *settings)
{
	site_settings *s = settings;
	s->index = "NDVI";
	s->scale = 1;
	s->cover = 0.5;
	s->percent = 80;
	s->loss_least = 0.1;
	s->seed = 20260824;
}

const command command_site = {
	.name = "site",
	.summary = "one piece of land: yearly means, classes, recovery, effect, as JSON",
	.arguments = "IMAGE...",
	.description = "Everything a measurement record holds for a polygon: yearly means of an index over the site and a reference area, each cell weighted by the share that is\n"
	               "inside; areas of land productivity, disturbance and recovery with their interval; trend, LandTrendr fit, recovery, and the effect of restoration before and\n"
	               "after against the reference, with interval, placebo dates and minimum detectable change; pictures. Images are yearly (2014.tif) or of days\n"
	               "(20190104_B04.tif), whose clear observations become a median a year. A stack may also keep a band in each file (red.tif), a layer a date, with a\n"
	               "list of the dates (dates.csv) among the files. Nothing is told of land too small, or years too few.",
	.example = "  ldn site --site mine.geojson --reference forest.geojson --restored 2006 --pictures out 20??.tif\n"
	           "  ldn site --site mine.geojson --bands red=B04,nir=B08,quality=SCL --quality scl --season 10-01..03-31 *_B04.tif *_B08.tif *_SCL.tif\n"
	           "  ldn site --site mine.geojson --bands red=red,nir=nir,quality=fmask --quality fmask --scale 0.0001 red.tif nir.tif fmask.tif dates.csv",
	.options = options,
	.settings_size = sizeof(site_settings),
	.defaults = defaults,
	.run = site_do};
