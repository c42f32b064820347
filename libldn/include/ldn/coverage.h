/* How much of each grid cell a polygon covers: exact areas of intersection, a row at a time, and the rule of cell centres.
 *
 * Coordinates are in cells: x = columns from the left edge of the grid, y = rows from its upper edge, so cell (r, c) is [c, c + 1] x
 * [r, r + 1] (ldn_coverage_to_cells turns map coordinates into them). A polygon is a bag of rings; rings need not be closed, may run
 * either way round, may touch, cross themselves or each other. Inside a part the even-odd rule holds (holes, bow ties); parts are
 * united, so overlapping parts count once. Nothing is repaired and nothing refused but coordinates that are not finite or beyond 2^31.
 *
 * Method: the row is cut at every vertex and crossing into slabs in which no edges cross; between two edges of a slab lies a
 * trapezoid, whose share of a cell is a closed formula. Slab heights are integers of 2^-52 rows, so a cell that no edge enters has
 * exactly 0 or 1. Time grows with the vertices, with the edges that meet one level, and with the crossings of an invalid polygon: a
 * million vertices of a coast take under a second; a scribble of a thousand lines all across each other takes ten, and is better
 * repaired first.
 */
#ifndef LDN_COVERAGE_H
#define LDN_COVERAGE_H

#include "ldn/status.h"
#include "ldn/zonal.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ldn_polygon {
	size_t points, rings;
	const double *x, *y;        /* [points], cells */
	const size_t *ring_first;   /* [rings]: index of each ring's first point, ascending; a ring ends where the next begins */
	const uint32_t *ring_part;  /* [rings]: the part (0, 1, 2 ...) each ring belongs to; NULL: all one part */
} ldn_polygon;

typedef struct ldn_coverage_edge {
	double x0, y0, x1, y1; /* y0 < y1 */
	uint32_t part;
	uint32_t order; /* as given: ties break the same way on every machine */
} ldn_coverage_edge;

/* An edge within the row at work: where it begins and ends in ticks of 2^-52 rows, where it meets the two ends of the slab. */
typedef struct ldn_coverage_side {
	int64_t t0, t1;
	double xa, xb;
	uint32_t edge;
} ldn_coverage_side;

/* A polygon made ready; plain data over the caller's scratch. One for each thread; rows may be asked in any order, upwards restarts
 * the cursor. */
typedef struct ldn_coverage {
	int64_t first_row, end_row, first_column, end_column; /* the cells it can touch: [first, end) */
	size_t edges, columns;
	ldn_coverage_edge *edge;   /* [edges], by y0 */
	ldn_coverage_side *side;   /* [edges], of the row, by t0 */
	uint32_t *active, *sweep;  /* [edges]: edges of the row; sides of the slab, left to right */
	int64_t *cut;              /* [2 * edges + 2] */
	uint8_t *parity;           /* [parts] */
	int64_t *full;             /* [columns + 1] */
	size_t next, active_count;
	int64_t row;
} ldn_coverage;

/* Map coordinates to cells by the inverse of a GDAL geotransform (rotated and south-up grids included). What lies within rounding of
 * the edge or the centre of a cell is put there: 1.01 on cells of 0.0025 is 404, not 403.99999999999994. LDN_ERROR_DOMAIN: it has no
 * inverse. x and y may be map_x and map_y. */
LDN_API ldn_status ldn_coverage_to_cells(const double geotransform[6], size_t n, const double *map_x, const double *map_y, double *x,
	double *y);

/* Bytes of scratch for this polygon and rows pieces of up to columns cells; 0: too large or malformed (see ldn_coverage_open). */
LDN_API size_t ldn_coverage_scratch(const ldn_polygon *polygon, size_t columns);

/* LDN_ERROR_ARGUMENT: a coordinate not finite or beyond 2^31, rings out of order, more than 2^31 points or a part number of more than
 * the number of rings - 1; LDN_ERROR_SCRATCH: too little, or not aligned for a double. */
LDN_API ldn_status ldn_coverage_open(ldn_coverage *coverage, const ldn_polygon *polygon, size_t columns, void *scratch,
	size_t scratch_bytes);

/* fraction[i] of cell (row, first_column + i), 0..1. n <= columns. */
LDN_API ldn_status ldn_coverage_row(ldn_coverage *coverage, int64_t row, int64_t first_column, size_t n, double *fraction);

/* inside[i] = 1 if the centre of the cell is inside. A centre exactly on an edge belongs to what lies left of it, or below a level
 * edge, so that polygons that share an edge share out the cells. */
LDN_API ldn_status ldn_coverage_centres(ldn_coverage *coverage, int64_t row, int64_t first_column, size_t n, uint8_t *inside);
/* The same as GDAL's polygon filling and so the peers have it: centres on a level lower edge are inside as well, in both of two
 * neighbours. */
LDN_API ldn_status ldn_coverage_centres_closed(ldn_coverage *coverage, int64_t row, int64_t first_column, size_t n, uint8_t *inside);

/* What a polygon is on a grid: exact area, area by centres, and the interval from the cells wholly inside to all cells touched. */
typedef struct ldn_footprint {
	uint64_t centres, whole, touched, boundary; /* cells; boundary = touched - whole */
	ldn_sum covered, centre_area, whole_area, touched_area; /* LDN_BITS_AREA */
} ldn_footprint;

/* Adds a row piece. A fraction within 1e-9 of 0 or 1 counts as 0 or 1 for the cell counts (map coordinates do not hit cell edges to
 * the last bit); areas take the fraction as it is. inside may be NULL: no cells by centre. */
LDN_API ldn_status ldn_footprint_add(ldn_footprint *footprint, size_t n, const double *fraction, const uint8_t *inside, double cell_area);
LDN_API void ldn_footprint_merge(ldn_footprint *into, const ldn_footprint *from);

/* The cell to answer for a polygon without any cell centre inside: the one it covers most of lies at or next to this point, the
 * centroid of its largest part (planar, even-odd not applied); the first point where the area is 0. LDN_ERROR_ARGUMENT: no points. */
LDN_API ldn_status ldn_coverage_point(const ldn_polygon *polygon, double *x, double *y);

#ifdef __cplusplus
}
#endif
#endif
