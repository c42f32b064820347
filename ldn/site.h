/* One piece of land in a stack of images: what `ldn site` measures, and how its parts share it. */
#pragma once

#include <jansson.h>

#include "digest.h"
#include "evidence.h"
#include "series.h"

typedef struct site_settings {
	const char *site, *reference, *bands, *index, *years, *season, *pictures, *series, *legend;
	int quality;
	double scale, offset, cover, percent, loss_least;
	int64_t observations, disturbed, restored, seed, memory, seconds;
	bool sandbox;
} site_settings;

enum { SITE_FILES_MOST = 8 };

/* A picture or map of the site, in memory. */
typedef struct site_file {
	const char *name; /* of site_file_names */
	uint8_t *bytes;
	size_t size;
} site_file;
extern const char *const site_file_names[]; /* all there can be, ended by NULL */

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
	site_file pictured[SITE_FILES_MOST];
	size_t picture_count;
	char *too_small, *cover_limit;
	bool has_reference;
} site_run;

/* The file --legend names; NULL: none, or a legend that has a name of its own. */
const char *site_legend_file(const site_settings *s);
/* Is what was asked for possible? */
bool site_settings_check(site_run *job, failure *why);
/* Everything: reads, computes, draws; job->document then holds the measurement, job->pictured the files its pictures name. Images, boundaries and
 * tables are read here and nowhere else. */
bool site_measure(site_run *job, const text_list *stack, failure *why);
void site_free(site_run *job);

/* Start, end and classes between the years at these places of the series; into job->pictures and job->pictured. */
bool site_pictures(site_run *job, const int ends[2], failure *why);
