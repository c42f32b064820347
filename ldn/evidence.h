/* What a measurement record says of a site, from its yearly values: rows of results, in the words of the platform's vocabulary measured-quantities. */
#pragma once

#include <jansson.h>

#include "ldn/impact.h"
#include "ldn/landcover.h"
#include "ldn/landtrendr.h"
#include "parcel.h"

typedef struct evidence {
	const char *index;      /* "NDVI" */
	int sign;               /* -1: the index falls when vegetation is lost */
	size_t count;           /* years */
	const int *years;
	const double *site;     /* [count] yearly means, NaN missing */
	const double *reference; /* the same of the reference area; NULL: none */
	const double *rain;     /* mm; NULL: none */
	int disturbed, restored; /* first year of each; 0: not said */
	double percent;         /* of the target that counts as recovered: 80 */
	double loss_least;      /* the least fall of the fitted index that is a disturbance: 0.1 */
	ldn_impact_rule rule;
	const char *too_small;  /* why areas and changes of this land cannot be told; NULL: they can */
	json_t *results;        /* rows are added here */
} evidence;

/* Adds a row. year 0, NaN for what is not known, NULL for none; value, low, high are rounded to so many decimals. A row without a value has the note. */
void evidence_row(const evidence *of, const char *quantity, const char *what, int year, const double range[3], int decimals, const char *unit, const char *note);

/* Rows of the series: means, fit, trends, disturbance, recovery, effect, placebo, detectable change. */
void evidence_series(const evidence *of);

/* Classes of cells, for areas and pictures. */
enum { LAND_UNDISTURBED, LAND_DISTURBED, LAND_RECOVERING, LAND_RECOVERED, LAND_STATES };

typedef struct cell_classes {
	int16_t *productivity; /* [n] LDN_DEGRADED .. LDN_IMPROVED, LDN_NODATA outside and where it cannot be told */
	int16_t *state;        /* [n] LAND_...; LDN_NODATA */
} cell_classes;

/* Classes of every cell inside, and their rows. reference may be NULL: performance is then judged within the site, and recovery by the cell's own past alone. */
bool evidence_cells(const evidence *of, const parcel *site, const yearly *values, const parcel *reference, const yearly *reference_values, cell_classes *out,
	failure *why);
void cell_classes_free(cell_classes *which);

/* Rows of land cover: hectares from each of the UNCCD's seven classes to each, between the first and the last map among the images, on the maps' own cells, with
 * what its matrix says of the change. Nothing without maps. *limit: what cannot be told, or NULL (free it). Fails for a single map. */
bool evidence_cover(const evidence *of, const images *all, const char *site, const ldn_legend *legend, char **limit, failure *why);
