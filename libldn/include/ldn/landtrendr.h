/* LandTrendr: a year-by-year series as a few straight segments, and the disturbances and recoveries among them.
 *
 * Years are strictly rising calendar years, gaps allowed, at most LDN_YEARS_MAX; a value that is not finite is missing. Nothing is
 * allocated; one call handles one series and needs about 30 kB of stack.
 *
 * Source: Kennedy, Yang & Cohen 2010, Remote Sensing of Environment 114:2897-2910, with the rules that the authors' program adds
 * (docs/method.md, "LandTrendr", states all of them). Disturbance: Kennedy et al. 2018, Remote Sensing 10:691 (LT-GEE).
 */
#ifndef LDN_LANDTRENDR_H
#define LDN_LANDTRENDR_H

#include <stdbool.h>

#include "ldn/trend.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LDN_SEGMENTS_MAX 20

/* How p is had from F. */
typedef enum ldn_landtrendr_p {
	LDN_P_TAIL = 0,     /* the upper tail itself, exact down to 1e-300 */
	LDN_P_LOWER_FLOAT,  /* original: 1 - lower tail in float, so that everything below 3e-8 ties at 0 */
	LDN_P_LOWER_DOUBLE  /* original where its F test is in double: ties below 1e-16 */
} ldn_landtrendr_p;

/* The settings. Copy ldn_landtrendr_default and change what differs. */
typedef struct ldn_landtrendr_rule {
	int max_segments;          /* 1..LDN_SEGMENTS_MAX: 6 */
	double despike;            /* spikes stronger than this are damped; 1 or more: no despiking. 0.9 */
	int overshoot;             /* so many more vertices are tried at first: 3 */
	double recovery;           /* a recovery of more than this share of the fit's range a year is not believed: 0.25 */
	double p_limit;            /* a fit with a higher p becomes a flat line: 0.05 */
	double best_model;         /* the model of most segments with p at or below (2 - best_model) times the best is taken: 0.75 */
	int min_observations;      /* fewer valid years get a flat line, at least 3: 6 */
	double disturbance_weight; /* vertices before a disturbance are kept this much rather; 0 also lets a fall in the last year be one: 2 */
	double background;         /* a series of which more than 30 % equals this is refused; NaN: no such value. 0 */
	int disturbance_sign;      /* -1: disturbance lowers the index (NBR, NDVI, wetness); 1: it raises it (SWIR) */
	double unit;               /* one step of the scale the rules were made for, in the values' unit: 1 for an index x 1000, 0.001 for 0..1 */
	bool whole_units;          /* original: vertex and fitted values are cut to whole units toward zero */
	ldn_landtrendr_p p;
	bool zero_without_vertex;  /* original: a series without inner vertex gets vertices of value 0 instead of its mean */
} ldn_landtrendr_rule;

/* p as the upper tail, in double; what to use. And the authors' program with its int16 values and float p, for comparison only. */
LDN_API extern const ldn_landtrendr_rule ldn_landtrendr_default;
LDN_API extern const ldn_landtrendr_rule ldn_landtrendr_original;

/* How a segmentation came about. */
typedef enum ldn_landtrendr_path {
	LDN_PATH_REJECTED = 0, /* too much background, or no valid year: no vertices, fit NaN */
	LDN_PATH_TOO_FEW,      /* fewer valid years than asked for: flat at the mean, p 1 */
	LDN_PATH_NO_VERTEX,    /* constant, exactly straight, or all despiked: flat at the mean, p 1 */
	LDN_PATH_FLAT,         /* no model was significant: flat at the mean, p of the best */
	LDN_PATH_SECOND,       /* by the second try: vertex values of all segments solved together */
	LDN_PATH_MAIN          /* by the first: segment after segment */
} ldn_landtrendr_path;

/* Segment k runs from vertex k to vertex k + 1. Values are in the sense and unit of the input. */
typedef struct ldn_segmentation {
	ldn_landtrendr_path path;
	int n_vertices;                            /* segments + 1, or 0 */
	int vertex_year[LDN_SEGMENTS_MAX + 1];
	double vertex_value[LDN_SEGMENTS_MAX + 1];
	double segment_mse[LDN_SEGMENTS_MAX];      /* mean squared residual of the segment's own line; 0 below 3 years and for added flat ones */
	int n_valid;                               /* valid years */
	double p, f;                               /* upper tail of F(2 segments, valid - 2 segments - 1), and F */
	double ms_regression, ms_residual;
	double rmse;                               /* fit against the values as given, over valid years */
} ldn_segmentation;

/* Segments the series values[k * stride], k < n_years. fitted (n_years values, the same stride; may be NULL) gets the fit of every year
 * from the first to the last, missing ones included. LDN_ERROR_ARGUMENT: a setting or the years outside what is said above; a series that
 * cannot be segmented is no error but a path. */
LDN_API ldn_status ldn_landtrendr(const ldn_landtrendr_rule *rule, const int *years, const double *values, size_t n_years, size_t stride,
				  ldn_segmentation *result, double *fitted);

/* A stretch of consecutive segments of the same direction is not joined: a change is one segment. */
typedef struct ldn_change {
	int segment;      /* -1: there is none that passes */
	int year;         /* first year of the change: the start vertex's year + 1 */
	int duration;     /* years from vertex to vertex */
	double before;    /* value of the start vertex */
	double magnitude; /* size of the change, positive */
	double rate;      /* magnitude / duration */
	double dsnr;      /* magnitude / rmse of the whole fit; infinity for a fit without residuals */
} ldn_change;

typedef enum ldn_change_kind { LDN_CHANGE_LOSS, LDN_CHANGE_GAIN } ldn_change_kind;

/* Which of several; the earlier one where they tie. */
typedef enum ldn_change_choice {
	LDN_CHANGE_GREATEST,
	LDN_CHANGE_LEAST,
	LDN_CHANGE_NEWEST,
	LDN_CHANGE_OLDEST,
	LDN_CHANGE_FASTEST,
	LDN_CHANGE_SLOWEST
} ldn_change_choice;

/* Bounds that a change must keep, all included. For an index that disturbance raises, `before` is compared with its sign turned. */
typedef struct ldn_change_filter {
	double magnitude_min;
	int duration_max;      /* 0: any */
	double before_min;     /* -infinity: any */
	int year_min;          /* changes whose first year is earlier are passed over; 0: none */
} ldn_change_filter;

/* The chosen loss or gain of the segmentation: a loss is a segment along which the index goes disturbance_sign's way. filter may be NULL.
 * When none passes: segment -1, year and duration 0, the rest NaN. */
LDN_API ldn_change ldn_segmentation_change(const ldn_segmentation *segmentation, int disturbance_sign, ldn_change_kind kind,
					   ldn_change_choice choice, const ldn_change_filter *filter);

#ifdef __cplusplus
}
#endif
#endif
