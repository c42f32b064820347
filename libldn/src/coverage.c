#include "ldn/coverage.h"

#include <float.h>
#include <math.h>
#include <stdalign.h>
#include <string.h>

#define TICKS ((int64_t)1 << 52) /* of a row's height */
static const double tick = 0x1p-52;

/* Edges and centres of cells are round numbers on the map but not in binary: a coordinate within the rounding of its own making of one
 * is that one. */
static double settle(double cells, double noise)
{
	double near = 0.5 * rint(2.0 * cells);
	return fabs(cells - near) <= 4.0 * DBL_EPSILON * (noise + fabs(cells)) ? near : cells;
}

ldn_status ldn_coverage_to_cells(const double geotransform[6], size_t n, const double *map_x, const double *map_y, double *x, double *y)
{
	const double *g = geotransform;
	double det = g[1] * g[5] - g[2] * g[4];
	if (!isfinite(det) || det == 0.0)
		return LDN_ERROR_DOMAIN;
	int straight = g[2] == 0.0 && g[4] == 0.0;
	for (size_t i = 0; i < n; i++) {
		double dx = map_x[i] - g[0], dy = map_y[i] - g[3];
		double wide = fabs(map_x[i]) + fabs(g[0]), high = fabs(map_y[i]) + fabs(g[3]);
		double column = straight ? dx / g[1] : (g[5] * dx - g[2] * dy) / det;
		double row = straight ? dy / g[5] : (g[1] * dy - g[4] * dx) / det;
		x[i] = settle(column, straight ? wide / fabs(g[1]) : (fabs(g[5]) * wide + fabs(g[2]) * high) / fabs(det));
		y[i] = settle(row, straight ? high / fabs(g[5]) : (fabs(g[1]) * high + fabs(g[4]) * wide) / fabs(det));
	}
	return LDN_OK;
}

static size_t ring_end(const ldn_polygon *polygon, size_t ring)
{
	return ring + 1 < polygon->rings ? polygon->ring_first[ring + 1] : polygon->points;
}

static int is_well_formed(const ldn_polygon *polygon)
{
	if (polygon->points > (size_t)1 << 31 || polygon->rings > polygon->points + 1)
		return 0;
	for (size_t r = 0; r < polygon->rings; r++) {
		if (polygon->ring_first[r] > ring_end(polygon, r) || ring_end(polygon, r) > polygon->points)
			return 0;
		if (polygon->ring_part && polygon->ring_part[r] >= polygon->rings)
			return 0;
	}
	for (size_t i = 0; i < polygon->points; i++)
		if (!(fabs(polygon->x[i]) <= 0x1p31) || !(fabs(polygon->y[i]) <= 0x1p31))
			return 0;
	return polygon->rings == 0 || polygon->ring_first[0] == 0;
}

/* Where each array begins in the scratch; all but the last hold numbers of 8 bytes before those of 4. */
struct layout {
	size_t side, cut, full, active, sweep, parity, end;
};

static struct layout lay_out(const ldn_polygon *polygon, size_t columns)
{
	const size_t edges = polygon->points;
	struct layout at;
	at.side = edges * sizeof(ldn_coverage_edge);
	at.cut = at.side + edges * sizeof(ldn_coverage_side);
	at.full = at.cut + (2 * edges + 2) * sizeof(int64_t);
	at.active = at.full + (columns + 1) * sizeof(int64_t);
	at.sweep = at.active + edges * sizeof(uint32_t);
	at.parity = at.sweep + edges * sizeof(uint32_t);
	at.end = (at.parity + polygon->rings + 1 + 7) & ~(size_t)7;
	return at;
}

size_t ldn_coverage_scratch(const ldn_polygon *polygon, size_t columns)
{
	const size_t most = SIZE_MAX / 256; /* 116 bytes a point and 8 a column stay within size_t */
	if (polygon->points > most || polygon->rings > most || columns > most)
		return 0;
	return lay_out(polygon, columns).end;
}

/* Heap sort: in place, without recursion, n log n whatever the order; before() is total, so the result is one. */
#define DEFINE_SORT(name, type, before)                                     \
	static void name(type *a, size_t n)                                 \
	{                                                                   \
		for (size_t start = n / 2, end = n; end > 1;) {             \
			type held;                                          \
			if (start > 0) {                                    \
				held = a[--start];                          \
			} else {                                            \
				held = a[--end];                            \
				a[end] = a[0];                              \
			}                                                   \
			size_t hole = start, child = 2 * hole + 1;          \
			while (child < end) {                               \
				if (child + 1 < end && before(a[child], a[child + 1])) \
					child++;                            \
				if (!before(held, a[child]))                \
					break;                              \
				a[hole] = a[child];                         \
				hole = child;                               \
				child = 2 * hole + 1;                       \
			}                                                   \
			a[hole] = held;                                     \
		}                                                           \
	}

#define EDGE_BEFORE(a, b) ((a).y0 != (b).y0 ? (a).y0 < (b).y0 : (a).order < (b).order)
#define SIDE_BEFORE(a, b) ((a).t0 != (b).t0 ? (a).t0 < (b).t0 : (a).edge < (b).edge)
#define NUMBER_BEFORE(a, b) ((a) < (b))

DEFINE_SORT(sort_edges, ldn_coverage_edge, EDGE_BEFORE)
DEFINE_SORT(sort_sides, ldn_coverage_side, SIDE_BEFORE)
DEFINE_SORT(sort_ticks, int64_t, NUMBER_BEFORE)

static void rewind_cursor(ldn_coverage *coverage)
{
	coverage->next = 0;
	coverage->active_count = 0;
	coverage->row = INT64_MIN;
}

static void take_edges(ldn_coverage *coverage, const ldn_polygon *polygon)
{
	uint32_t order = 0;
	for (size_t r = 0; r < polygon->rings; r++) {
		size_t first = polygon->ring_first[r], end = ring_end(polygon, r);
		for (size_t i = first; i < end; i++, order++) {
			size_t j = i + 1 < end ? i + 1 : first;
			if (polygon->y[i] == polygon->y[j])
				continue; /* level edges bound no area between two heights */
			size_t low = polygon->y[i] < polygon->y[j] ? i : j, high = low == i ? j : i;
			uint32_t part = polygon->ring_part ? polygon->ring_part[r] : 0;
			coverage->edge[coverage->edges++] =
				(ldn_coverage_edge){polygon->x[low], polygon->y[low], polygon->x[high], polygon->y[high], part, order};
		}
	}
}

ldn_status ldn_coverage_open(ldn_coverage *coverage, const ldn_polygon *polygon, size_t columns, void *scratch, size_t scratch_bytes)
{
	memset(coverage, 0, sizeof *coverage);
	if (!is_well_formed(polygon))
		return LDN_ERROR_ARGUMENT;
	size_t needed = ldn_coverage_scratch(polygon, columns);
	if (needed == 0 || needed > scratch_bytes || (uintptr_t)scratch % alignof(double) != 0)
		return LDN_ERROR_SCRATCH;

	struct layout at = lay_out(polygon, columns);
	unsigned char *base = scratch;
	coverage->edge = scratch;
	coverage->side = (void *)(base + at.side);
	coverage->cut = (void *)(base + at.cut);
	coverage->full = (void *)(base + at.full);
	coverage->active = (void *)(base + at.active);
	coverage->sweep = (void *)(base + at.sweep);
	coverage->parity = base + at.parity;
	memset(coverage->parity, 0, polygon->rings + 1);
	coverage->columns = columns;
	take_edges(coverage, polygon);
	sort_edges(coverage->edge, coverage->edges);

	double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
	for (size_t i = 0; i < polygon->points; i++) {
		left = fmin(left, polygon->x[i]);
		right = fmax(right, polygon->x[i]);
		top = fmin(top, polygon->y[i]);
		bottom = fmax(bottom, polygon->y[i]);
	}
	if (polygon->points > 0) {
		coverage->first_column = (int64_t)floor(left);
		coverage->first_row = (int64_t)floor(top);
		coverage->end_column = (int64_t)fmax(ceil(right), floor(left) + 1.0);
		coverage->end_row = (int64_t)fmax(ceil(bottom), floor(top) + 1.0);
	}
	rewind_cursor(coverage);
	return LDN_OK;
}

/* The edges that have some height in the row. */
static void move_to_row(ldn_coverage *coverage, int64_t row)
{
	if (row < coverage->row)
		rewind_cursor(coverage);
	coverage->row = row;
	size_t kept = 0;
	for (size_t k = 0; k < coverage->active_count; k++)
		if (coverage->edge[coverage->active[k]].y1 > (double)row)
			coverage->active[kept++] = coverage->active[k];
	coverage->active_count = kept;
	while (coverage->next < coverage->edges && coverage->edge[coverage->next].y0 < (double)row + 1.0) {
		if (coverage->edge[coverage->next].y1 > (double)row)
			coverage->active[coverage->active_count++] = (uint32_t)coverage->next;
		coverage->next++;
	}
}

static int64_t tick_of(double y, int64_t row)
{
	double t = rint((y - (double)row) * (double)TICKS);
	return t <= 0.0 ? 0 : t >= (double)TICKS ? TICKS : (int64_t)t;
}

/* Where an edge is at a height, never outside its own ends; at an end exactly the vertex, so that neighbours meet. */
static double edge_at(const ldn_coverage_edge *edge, double y)
{
	if (y <= edge->y0)
		return edge->x0;
	if (y >= edge->y1)
		return edge->x1;
	double x = edge->x0 + (edge->x1 - edge->x0) * ((y - edge->y0) / (edge->y1 - edge->y0));
	return fmin(fmax(x, fmin(edge->x0, edge->x1)), fmax(edge->x0, edge->x1));
}

static double side_at(const ldn_coverage *coverage, const ldn_coverage_side *side, int64_t t)
{
	const ldn_coverage_edge *edge = &coverage->edge[side->edge];
	if (t == side->t0 && edge->y0 >= (double)coverage->row)
		return edge->x0;
	if (t == side->t1 && edge->y1 <= (double)coverage->row + 1.0)
		return edge->x1;
	return edge_at(edge, (double)coverage->row + (double)t * tick);
}

/* The piece of a row that is being filled. */
struct piece {
	int64_t first, end;
	double *fraction; /* parts of cells that edges cross */
	int64_t *full;    /* differences of whole heights, in ticks */
};

static void add_full(struct piece *piece, int64_t column, int64_t height)
{
	if (column < piece->end)
		piece->full[column <= piece->first ? 0 : column - piece->first] += height;
}

/* Adds sign times the part of each cell that lies to the right of a line from (a, top) to (b, bottom) of a slab. */
static void add_right_of(struct piece *piece, double a, double b, int64_t height, int sign)
{
	double low = fmin(a, b), high = fmax(a, b), width = high - low, h = sign * ((double)height * tick);
	int64_t whole = (int64_t)ceil(high), c = (int64_t)floor(low);
	add_full(piece, whole, sign * height);
	c = c < piece->first ? piece->first : c;
	whole = whole > piece->end ? piece->end : whole;
	for (; c < whole; c++) {
		double left = (double)c, right = left + 1.0;
		double from = fmax(low, left), to = fmin(high, right);
		/* Heights at which the line is left of the cell count in full, those right of it not at all. */
		double part = width > 0.0 ? ((from - low) + (to - from) * (right - 0.5 * (from + to))) / width : right - low;
		piece->fraction[c - piece->first] += h * part;
	}
}

static void add_trapezoid(struct piece *piece, const ldn_coverage_side *left, const ldn_coverage_side *right, int64_t height)
{
	double low = fmin(left->xa, left->xb), high = fmax(right->xa, right->xb);
	int64_t cell = (int64_t)floor(low);
	if (high <= (double)cell + 1.0) {
		/* Within one cell: mean width times height keeps the digits of a small polygon. */
		if (cell >= piece->first && cell < piece->end)
			piece->fraction[cell - piece->first] +=
				(double)height * tick * 0.5 * ((right->xa - left->xa) + (right->xb - left->xb));
		return;
	}
	add_right_of(piece, left->xa, left->xb, height, 1);
	add_right_of(piece, right->xa, right->xb, height, -1);
}

static int is_left_of(const ldn_coverage_side *a, const ldn_coverage_side *b)
{
	return a->xa != b->xa ? a->xa < b->xa : a->xb != b->xb ? a->xb < b->xb : a->edge < b->edge;
}

/* Sides left to right; nearly sorted already from the slab above. */
static void sort_sweep(ldn_coverage *coverage, size_t count)
{
	for (size_t k = 1; k < count; k++) {
		uint32_t held = coverage->sweep[k];
		size_t j = k;
		for (; j > 0 && is_left_of(&coverage->side[held], &coverage->side[coverage->sweep[j - 1]]); j--)
			coverage->sweep[j] = coverage->sweep[j - 1];
		coverage->sweep[j] = held;
	}
}

/* What rounding alone can move an edge by. */
static double noise_of(const ldn_coverage *coverage, const ldn_coverage_side *side)
{
	const ldn_coverage_edge *edge = &coverage->edge[side->edge];
	return 0x1p-50 * fmax(fabs(edge->x0), fabs(edge->x1));
}

/* The height above which no two neighbours cross; the first crossing of all is between neighbours. At least 2^-32 of a row further on:
 * nearer to a crossing the order is below the digits of y, and what it could change is below 2^-64 of a cell times the slope. */
static int64_t first_crossing(const ldn_coverage *coverage, size_t count, int64_t top, int64_t bottom)
{
	const int64_t least = top + (TICKS >> 32);
	int64_t first = bottom;
	for (size_t k = 1; k < count; k++) {
		const ldn_coverage_side *a = &coverage->side[coverage->sweep[k - 1]], *b = &coverage->side[coverage->sweep[k]];
		double over = a->xb - b->xb, before = b->xa - a->xa;
		if (over <= 0.0 || over <= noise_of(coverage, a) + noise_of(coverage, b))
			continue;
		int64_t at = top + (int64_t)rint((double)(bottom - top) * (before / (before + over)));
		at = at < least ? least : at;
		first = at < first ? at : first;
	}
	return first;
}

/* Left to right: even-odd within a part, parts united; spans that meet along one line are one. */
static void fill_slab(ldn_coverage *coverage, size_t count, int64_t height, struct piece *piece)
{
	const ldn_coverage_side *begin = NULL, *end = NULL;
	size_t inside = 0;
	for (size_t k = 0; k < count; k++) {
		const ldn_coverage_side *side = &coverage->side[coverage->sweep[k]];
		uint8_t *parity = &coverage->parity[coverage->edge[side->edge].part];
		size_t before = inside;
		*parity ^= 1;
		inside = *parity ? inside + 1 : inside - 1;
		if (before == 0 && !(end && end->xa == side->xa && end->xb == side->xb)) {
			if (end)
				add_trapezoid(piece, begin, end, height);
			begin = side;
		}
		if (inside == 0)
			end = side;
	}
	if (end && inside == 0)
		add_trapezoid(piece, begin, end, height);
	for (size_t k = 0; k < count; k++)
		coverage->parity[coverage->edge[coverage->side[coverage->sweep[k]].edge].part] = 0;
}

static size_t open_sides(ldn_coverage *coverage, size_t *cuts)
{
	size_t count = 0;
	*cuts = 0;
	for (size_t k = 0; k < coverage->active_count; k++) {
		const ldn_coverage_edge *edge = &coverage->edge[coverage->active[k]];
		int64_t t0 = tick_of(edge->y0, coverage->row), t1 = tick_of(edge->y1, coverage->row);
		if (t0 == t1)
			continue;
		coverage->side[count++] = (ldn_coverage_side){.t0 = t0, .t1 = t1, .edge = coverage->active[k]};
		coverage->cut[(*cuts)++] = t0;
		coverage->cut[(*cuts)++] = t1;
	}
	sort_sides(coverage->side, count);
	sort_ticks(coverage->cut, *cuts);
	return count;
}

static void fill_row(ldn_coverage *coverage, struct piece *piece)
{
	size_t cuts, count = 0, next = 0, sides = open_sides(coverage, &cuts);
	for (size_t c = 0; c + 1 < cuts; c++) {
		int64_t top = coverage->cut[c], end = coverage->cut[c + 1];
		if (top == end)
			continue;
		size_t kept = 0;
		for (size_t k = 0; k < count; k++)
			if (coverage->side[coverage->sweep[k]].t1 > top)
				coverage->sweep[kept++] = coverage->sweep[k];
		count = kept;
		for (; next < sides && coverage->side[next].t0 == top; next++)
			coverage->sweep[count++] = (uint32_t)next;

		/* Straight lines cross once: more cuts than pairs would be rounding chasing itself. */
		size_t cuts_left = count * count;
		while (top < end) {
			for (size_t k = 0; k < count; k++) {
				ldn_coverage_side *side = &coverage->side[coverage->sweep[k]];
				side->xa = side_at(coverage, side, top);
				side->xb = side_at(coverage, side, end);
			}
			sort_sweep(coverage, count);
			int64_t bottom = cuts_left-- > 0 ? first_crossing(coverage, count, top, end) : end;
			for (size_t k = 0; bottom < end && k < count; k++)
				coverage->side[coverage->sweep[k]].xb = side_at(coverage, &coverage->side[coverage->sweep[k]], bottom);
			fill_slab(coverage, count, bottom - top, piece);
			top = bottom;
		}
	}
}

/* Cells so far out that adding to their numbers could overflow have nothing to do with any grid. */
static int is_near(int64_t number)
{
	return number > -((int64_t)1 << 48) && number < (int64_t)1 << 48;
}

ldn_status ldn_coverage_row(ldn_coverage *coverage, int64_t row, int64_t first_column, size_t n, double *fraction)
{
	if (n > coverage->columns || !is_near(row) || !is_near(first_column))
		return LDN_ERROR_ARGUMENT;
	memset(fraction, 0, n * sizeof *fraction);
	int64_t end_column = first_column + (int64_t)n;
	if (row < coverage->first_row || row >= coverage->end_row || end_column <= coverage->first_column
		|| first_column >= coverage->end_column)
		return LDN_OK;

	memset(coverage->full, 0, (n + 1) * sizeof *coverage->full);
	struct piece piece = {first_column, end_column, fraction, coverage->full};
	move_to_row(coverage, row);
	fill_row(coverage, &piece);

	int64_t height = 0;
	for (size_t i = 0; i < n; i++) {
		height += coverage->full[i];
		double f = (double)height * tick + fraction[i];
		fraction[i] = f < 0.0 ? 0.0 : f > 1.0 ? 1.0 : f;
	}
	return LDN_OK;
}

static void fill_centres(int64_t first, size_t n, double from, double to, uint8_t *inside)
{
	double low = fmax(floor(from + 0.5) - (double)first, 0.0), high = fmin(floor(to + 0.5) - (double)first, (double)n);
	for (double i = low; i < high; i += 1.0)
		inside[(size_t)i] = 1;
}

/* The centres on one level: edges count that reach from it downwards, or, above set, that come down to it. */
static void scan_centres(ldn_coverage *coverage, int above, int64_t first_column, size_t n, uint8_t *inside)
{
	double y = (double)coverage->row + 0.5;
	size_t count = 0;
	for (size_t k = 0; k < coverage->active_count; k++) {
		const ldn_coverage_edge *edge = &coverage->edge[coverage->active[k]];
		if (above ? edge->y0 >= y || edge->y1 < y : edge->y0 > y || edge->y1 <= y)
			continue;
		double x = edge_at(edge, y);
		coverage->side[count] = (ldn_coverage_side){.xa = x, .xb = x, .edge = coverage->active[k]};
		coverage->sweep[count] = (uint32_t)count;
		count++;
	}
	sort_sweep(coverage, count);

	double begin = 0.0;
	size_t depth = 0;
	for (size_t k = 0; k < count; k++) {
		const ldn_coverage_side *side = &coverage->side[coverage->sweep[k]];
		uint8_t *parity = &coverage->parity[coverage->edge[side->edge].part];
		*parity ^= 1;
		if (*parity && depth == 0)
			begin = side->xa;
		depth = *parity ? depth + 1 : depth - 1;
		if (depth == 0)
			fill_centres(first_column, n, begin, side->xa, inside);
	}
	for (size_t k = 0; k < count; k++)
		coverage->parity[coverage->edge[coverage->side[k].edge].part] = 0;
}

ldn_status ldn_coverage_centres(ldn_coverage *coverage, int64_t row, int64_t first_column, size_t n, uint8_t *inside)
{
	if (!is_near(row) || !is_near(first_column))
		return LDN_ERROR_ARGUMENT;
	memset(inside, 0, n);
	if (row < coverage->first_row || row >= coverage->end_row)
		return LDN_OK;
	move_to_row(coverage, row);
	scan_centres(coverage, 0, first_column, n, inside);
	return LDN_OK;
}

ldn_status ldn_coverage_centres_closed(ldn_coverage *coverage, int64_t row, int64_t first_column, size_t n, uint8_t *inside)
{
	ldn_status status = ldn_coverage_centres(coverage, row, first_column, n, inside);
	if (status == LDN_OK && row >= coverage->first_row && row < coverage->end_row)
		scan_centres(coverage, 1, first_column, n, inside);
	return status;
}

ldn_status ldn_footprint_add(ldn_footprint *footprint, size_t n, const double *fraction, const uint8_t *inside, double cell_area)
{
	static const double near = 1e-9;
	ldn_sum one, part;
	ldn_status status = ldn_sum_make(cell_area, LDN_BITS_AREA, &one);
	for (size_t i = 0; i < n && status == LDN_OK; i++) {
		if (inside && inside[i]) {
			footprint->centres++;
			footprint->centre_area = ldn_sum_add(footprint->centre_area, one);
		}
		if (!(fraction[i] > 0.0))
			continue;
		part = one;
		if (fraction[i] != 1.0)
			status = ldn_sum_make(fraction[i] * cell_area, LDN_BITS_AREA, &part);
		footprint->covered = ldn_sum_add(footprint->covered, part);
		if (fraction[i] <= near)
			continue;
		footprint->touched++;
		footprint->touched_area = ldn_sum_add(footprint->touched_area, one);
		if (fraction[i] < 1.0 - near) {
			footprint->boundary++;
		} else {
			footprint->whole++;
			footprint->whole_area = ldn_sum_add(footprint->whole_area, one);
		}
	}
	return status;
}

void ldn_footprint_merge(ldn_footprint *into, const ldn_footprint *from)
{
	into->centres += from->centres;
	into->whole += from->whole;
	into->touched += from->touched;
	into->boundary += from->boundary;
	into->covered = ldn_sum_add(into->covered, from->covered);
	into->centre_area = ldn_sum_add(into->centre_area, from->centre_area);
	into->whole_area = ldn_sum_add(into->whole_area, from->whole_area);
	into->touched_area = ldn_sum_add(into->touched_area, from->touched_area);
}

ldn_status ldn_coverage_point(const ldn_polygon *polygon, double *x, double *y)
{
	if (polygon->points == 0 || !is_well_formed(polygon))
		return LDN_ERROR_ARGUMENT;
	double most = 0.0;
	*x = polygon->x[0];
	*y = polygon->y[0];
	for (size_t r = 0; r < polygon->rings; r++) {
		size_t first = polygon->ring_first[r], end = ring_end(polygon, r);
		if (first == end)
			continue;
		double area = 0.0, sx = 0.0, sy = 0.0, ox = polygon->x[first], oy = polygon->y[first];
		for (size_t i = first; i < end; i++) {
			size_t j = i + 1 < end ? i + 1 : first;
			double ax = polygon->x[i] - ox, ay = polygon->y[i] - oy, bx = polygon->x[j] - ox, by = polygon->y[j] - oy;
			double cross = ax * by - bx * ay;
			area += cross;
			sx += (ax + bx) * cross;
			sy += (ay + by) * cross;
		}
		if (fabs(area) > most) {
			most = fabs(area);
			*x = ox + sx / (3.0 * area);
			*y = oy + sy / (3.0 * area);
		}
	}
	return LDN_OK;
}
