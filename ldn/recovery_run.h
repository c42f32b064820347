/* What the files of `ldn recovery` share: cmd_recovery.c (options, run, tables), recovery_targets.c (what recovery is measured against),
 * recovery_layers.c (what comes out of a site's cells). */
#pragma once

#include "ldn/landtrendr.h"
#include "ldn/recovery.h"
#include "sites.h"
#include "spectra.h"

typedef struct recovery_settings {
	common_settings common;
	spectra_settings stack;
	const char *polygons, *layer, *field, *timestep, *target, *reference_years, *references;
	int64_t disturbed, restored, window;
	double percent, loss_min;
	bool skip_missing, mean_end, peer;
	int landtrendr, choose;
	int64_t max_segments, overshoot, min_observations, longest;
	double spike, fastest, p_limit, best_model, least, from_value;
} recovery_settings;

typedef enum target_kind { TARGET_NONE, TARGET_NUMBER, TARGET_PIXEL, TARGET_POLYGON, TARGET_WINDOW, TARGET_REFERENCE } target_kind;

typedef enum output_kind { OUTPUT_METRIC, OUTPUT_TARGET, OUTPUT_VALID, OUTPUT_TREND, OUTPUT_VERTEX_YEAR, OUTPUT_VERTEX_VALUE, OUTPUT_FIT } output_kind;

/* A layer: a value for each cell, and of most kinds a row in the summary of each polygon. */
typedef struct output {
	output_kind kind;
	int which;    /* metric, trend value, vertex or year */
	size_t index; /* spectral index */
	char name[48];
} output;

typedef struct recovery_run {
	const recovery_settings *settings;
	spectra stack;
	sites sites;
	ldn_recovery_rule rule;
	bool last;                    /* R80P in the last year of the stack */
	ldn_landtrendr_rule trend_rule;
	target_kind target;
	double number;                /* TARGET_NUMBER */
	int reference[2];             /* --reference-years, or 0 */
	double *targets;              /* [site * indices + index] of TARGET_POLYGON and TARGET_REFERENCE */
	ldn_recovery_fault *faults;   /* [site * LDN_METRICS + metric] */
	output *offered;              /* what can come out, with its layers */
	layer_spec *layers;
	size_t offered_count;
	output *outputs;              /* what does */
	size_t count;
	bool trend_wanted, metrics_wanted;
	gathering gathered;           /* [site * count + output]; without polygons nothing */
} recovery_run;

/* --- layers --- */

/* The layers that can come out. After the stack, target and rules are known. */
void outputs_make(recovery_run *job);
/* Those that the user wants. After session_start. */
void outputs_choose(recovery_run *job, const session *run);

/* A window whose series have been read. */
typedef struct readings {
	window part;
	double *series;  /* [index][year][cell] */
	double *targets; /* [index][cell] of TARGET_WINDOW, else NULL */
} readings;

/* The rule of one metric of one index. */
ldn_recovery_rule metric_rule(const recovery_run *job, ldn_metric metric, size_t index);

/* Some of a site's cells: values of output o for cell j at values[o * count + j]. */
bool outputs_compute(const recovery_run *job, size_t site, const readings *from, const size_t *cells, size_t count, double *values, failure *why);

/* Has the output a row in the summaries? */
bool output_summed(const output *one);

/* --- targets --- */

bool target_parse(recovery_run *job, failure *why);
/* Passes over the cells of polygons whose target is one number. After session_start and sites_read. */
bool targets_settle(recovery_run *job, session *run, failure *why);
/* Window targets of a site, all indices, for the cells of a window. */
bool targets_around(const recovery_run *job, session *run, int worker, size_t site, window part, double *targets, failure *why);
/* The target of an index for some cells; *step is 0 when it is one number. room: space for count values. compact: the cells' own series
 * [year][cell]. */
bool target_of(const recovery_run *job, size_t site, size_t index, const readings *from, const double *compact, const size_t *cells, size_t count, double *room,
	const double **target, size_t *step, failure *why);
