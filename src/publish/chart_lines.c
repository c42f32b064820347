#include <math.h>
#include <stdlib.h>

#include "publish/chart_parts.h"

/* Where data stand on the sheet. */
typedef struct plot {
	double left, right, top, bottom;
	double edge; /* how far names may reach beyond the data */
	double x0, x1, y0, y1;
} plot;

static double at_x(const plot *p, double x)
{
	return p->left + (x - p->x0) / (p->x1 - p->x0) * (p->right - p->left);
}

static double at_y(const plot *p, double y)
{
	return p->bottom - (y - p->y0) / (p->y1 - p->y0) * (p->bottom - p->top);
}

static void stretch(double value, double *low, double *high)
{
	if (!isfinite(value))
		return;
	*low = MIN(*low, value);
	*high = MAX(*high, value);
}

static void plot_span(plot *p, const chart_lines *lines)
{
	double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
	for (gsize s = 0; s < lines->n_series; s++)
		for (gsize i = 0; i < lines->series[s].n; i++) {
			const chart_point *point = &lines->series[s].points[i];
			stretch(point->x, &x0, &x1);
			stretch(point->y, &y0, &y1);
			stretch(point->low, &y0, &y1);
			stretch(point->high, &y0, &y1);
		}
	for (gsize i = 0; i < lines->n_moments; i++)
		stretch(lines->moments[i].x, &x0, &x1);
	if (lines->to > lines->from)
		x0 = lines->from, x1 = lines->to;
	if (!lines->away_from_zero)
		y0 = MIN(y0, 0);
	if (!(x1 > x0))
		x0 = isfinite(x0) ? x0 - 1 : 0, x1 = x0 + 2;
	if (!(y1 > y0))
		y0 = isfinite(y0) ? y0 : 0, y1 = y0 + 1;
	p->x0 = x0, p->x1 = x1, p->y0 = y0, p->y1 = y1;
}

static void paint_value_axis(drawing *d, const chart *c, plot *p)
{
	double step = chart_step(p->y0, p->y1, 4);
	p->y0 = floor(p->y0 / step + 1e-9) * step;
	p->y1 = ceil(p->y1 / step - 1e-9) * step;
	int decimals = step >= 1 ? 0 : (int)MIN(6, ceil(-log10(step)) + (fmod(step * pow(10, ceil(-log10(step))), 1) > 1e-9));
	for (int i = 0; i <= (int)lround((p->y1 - p->y0) / step); i++) {
		double value = p->y0 + i * step, y = at_y(p, value);
		drawing_line(d, value == 0 ? INK_MUTED : INK_RULE, 1, 0, (double[]){CHART_MARGIN, y, p->right, y}, 2);
		g_autofree char *label = language_number(c->language, value, decimals);
		drawing_text(d, &(text_style){.size = 11.5, .ink = INK_MUTED}, CHART_MARGIN, y - 16, label);
	}
}

static void paint_years(drawing *d, const plot *p)
{
	double width = p->right - p->left;
	double step = MAX(1, chart_step(p->x0, p->x1, (int)MAX(2, width / 64)));
	if (step == 2.5)
		step = 5;
	for (double year = ceil(p->x0 / step) * step; year <= p->x1 + 1e-9; year += step) {
		double x = at_x(p, year);
		drawing_line(d, INK_MUTED, 1, 0, (double[]){x, p->bottom, x, p->bottom + 4}, 2);
		g_autofree char *label = g_strdup_printf("%.0f", year);
		drawing_text(d, &(text_style){.size = 11.5, .ink = INK_MUTED, .align = TEXT_MIDDLE}, x, p->bottom + 5, label);
	}
}

static void paint_series(drawing *d, const plot *p, const chart_series *s)
{
	if (!s->n)
		return;
	g_autofree double *xy = g_new(double, 4 * s->n + 2);
	gsize n = 0;
	for (gsize i = 0; i < s->n; i++) {
		if (s->shape == CHART_STEPS && i) {
			xy[2 * n] = at_x(p, s->points[i].x);
			xy[2 * n + 1] = at_y(p, s->points[i - 1].y);
			n++;
		}
		xy[2 * n] = at_x(p, s->points[i].x);
		xy[2 * n + 1] = at_y(p, s->points[i].y);
		n++;
	}
	if (s->shape == CHART_STEPS && s->until > s->points[s->n - 1].x) {
		xy[2 * n] = at_x(p, s->until);
		xy[2 * n + 1] = xy[2 * n - 1];
		n++;
	}
	if (s->shape == CHART_STEPS)
		drawing_area(d, s->mark, s->colour, xy, n, at_y(p, MAX(p->y0, 0)));
	if (s->shape != CHART_DOTS)
		drawing_line(d, s->colour, s->mark == TRUST_PROMISED ? 1.5 : 2.25, s->mark == TRUST_PROMISED ? 5 : 0, xy, n);
	for (gsize i = 0; i < s->n; i++) {
		const chart_point *point = &s->points[i];
		double x = at_x(p, point->x);
		if (isfinite(point->low) && isfinite(point->high) && point->high > point->low)
			drawing_whisker(d, s->colour, x, at_y(p, point->low), x, at_y(p, point->high));
		if (s->shape == CHART_DOTS || s->n < 40)
			drawing_dot(d, s->mark, s->colour, x, at_y(p, point->y), s->shape == CHART_DOTS ? 4 : 3.5);
	}
}

typedef struct name_tag {
	const chart_series *series;
	double x, y, width, height;
	text_align align;
} name_tag;

static int by_height(const void *a, const void *b)
{
	const name_tag *p = a, *q = b;
	return (p->y > q->y) - (p->y < q->y);
}

/* Room right of the data for the names of lines that run to the end; a quarter of the plot at most. */
static double room_for_names(drawing *d, const plot *p, const chart_lines *lines)
{
	double room = 0, most = (p->right - p->left) / 4;
	for (gsize s = 0; s < lines->n_series; s++) {
		const chart_series *series = &lines->series[s];
		double width;
		if (!series->n || !series->name)
			continue;
		drawing_text_extent(d, &(text_style){.size = 12, .bold = TRUE}, series->name, &width, NULL);
		double over = at_x(p, MAX(series->points[series->n - 1].x, series->shape == CHART_STEPS ? series->until : -INFINITY)) + 11 + width - p->edge;
		if (over <= most)
			room = MAX(room, over);
	}
	return room;
}

/* Names stand at the end of their lines; those that would touch are moved apart. */
static void paint_names(drawing *d, const plot *p, const chart_lines *lines)
{
	g_autofree name_tag *tags = g_new0(name_tag, lines->n_series + 1);
	gsize n = 0;
	double widest = (p->right - p->left) * 0.42;
	for (gsize s = 0; s < lines->n_series; s++) {
		const chart_series *series = &lines->series[s];
		if (!series->n || !series->name)
			continue;
		const chart_point *last = &series->points[series->n - 1];
		text_style style = {.size = 12, .bold = TRUE, .width = 0};
		name_tag *tag = &tags[n++];
		tag->series = series;
		drawing_text_extent(d, &style, series->name, &tag->width, &tag->height);
		if (tag->width > widest) {
			style.width = widest;
			drawing_text_extent(d, &style, series->name, &tag->width, &tag->height);
		}
		double x = at_x(p, series->shape == CHART_STEPS ? MAX(last->x, series->until) : last->x);
		tag->align = x + 10 + tag->width > p->edge ? TEXT_END : TEXT_START;
		tag->x = tag->align == TEXT_END ? MIN(x - 2, p->edge) : x + 9;
		tag->y = at_y(p, last->y) - (tag->align == TEXT_END ? tag->height + 7 : tag->height / 2);
	}
	qsort(tags, n, sizeof *tags, by_height);
	for (gsize i = 1; i < n; i++)
		tags[i].y = MAX(tags[i].y, tags[i - 1].y + tags[i - 1].height + 2);
	double floor_y = p->bottom - 2;
	for (gsize i = n; i-- > 0;) {
		tags[i].y = MIN(tags[i].y, floor_y - tags[i].height);
		floor_y = tags[i].y - 2;
	}
	for (gsize i = 0; i < n; i++)
		drawing_text(d, &(text_style){.size = 12, .bold = TRUE, .ink = tags[i].series->colour, .align = tags[i].align, .width = tags[i].width + 1,
			.cover = TRUE}, tags[i].x, tags[i].y, tags[i].series->name);
}

/* Words of moments that are close to each other stand in two rows. */
static void paint_moments(drawing *d, const plot *p, const chart_lines *lines)
{
	double ends[2] = {-INFINITY, -INFINITY};
	for (gsize i = 0; i < lines->n_moments; i++) {
		double x = at_x(p, lines->moments[i].x), width;
		drawing_line(d, INK_MUTED, 1, 3, (double[]){x, p->top - 36, x, p->bottom}, 2);
		text_style style = {.size = 11.5, .ink = INK_MUTED};
		drawing_text_extent(d, &style, lines->moments[i].label, &width, NULL);
		style.align = x + 5 + width > p->edge ? TEXT_END : TEXT_START;
		double from = style.align == TEXT_END ? x - 4 - width : x + 4;
		int row = from >= ends[0] || from < ends[1] ? 0 : 1;
		ends[row] = from + width + 6;
		drawing_text(d, &style, style.align == TEXT_END ? x - 4 : x + 4, p->top - (row ? 23 : 38), lines->moments[i].label);
	}
}

double chart_paint_lines(drawing *d, const chart *c, double y)
{
	double width = drawing_width(d);
	gboolean narrow = width < 480;
	const chart_lines *lines = c->lines;
	plot p = {.left = CHART_MARGIN + (narrow ? 46 : 58), .right = width - CHART_MARGIN - 14, .top = y + (lines->n_moments ? 38 : 18)};
	p.bottom = p.top + (narrow ? 190 : 260);
	p.edge = width - CHART_MARGIN;
	plot_span(&p, lines);
	p.right -= room_for_names(d, &p, lines);
	paint_value_axis(d, c, &p);
	paint_years(d, &p);
	for (gsize s = 0; s < lines->n_series; s++)
		paint_series(d, &p, &lines->series[s]);
	paint_moments(d, &p, lines);
	paint_names(d, &p, lines);
	return p.bottom + 22;
}
