#include <math.h>

#include "publish/chart_parts.h"

#define ROW 30.0

/* What of a cell's ground is coloured: enough to be seen, little enough to be read through. */
#define GROUND 0.3

static double head_height(drawing *d, const chart_matrix *m, double column, gboolean narrow)
{
	double most = 0;
	for (gsize i = 0; i < m->n && !narrow; i++) {
		double height;
		drawing_text_extent(d, &(text_style){.size = 11.5, .width = column - 6}, m->labels[i], NULL, &height);
		most = MAX(most, height);
	}
	return most;
}

/* Columns are numbered, and on a wide sheet named. */
static double paint_head(drawing *d, const chart_matrix *m, double left, double column, gboolean narrow, double y)
{
	double names = head_height(d, m, column, narrow);
	for (gsize i = 0; i < m->n; i++) {
		double middle = left + column * ((double)i + 0.5);
		g_autofree char *number = g_strdup_printf("%" G_GSIZE_FORMAT, i + 1);
		drawing_text(d, &(text_style){.size = 12, .bold = TRUE, .ink = INK_TEXT, .align = TEXT_MIDDLE}, middle, y, number);
		if (!narrow)
			drawing_text(d, &(text_style){.size = 11.5, .ink = INK_MUTED, .align = TEXT_MIDDLE, .width = column - 6}, middle, y + 17, m->labels[i]);
	}
	return y + 19 + names;
}

static void paint_cell(drawing *d, const chart_cell *cell, gboolean same, double x, double y, double width)
{
	if (!cell->text) {
		drawing_text(d, &(text_style){.size = 12, .ink = INK_MUTED, .align = TEXT_MIDDLE}, x + width / 2, y + 6, "·");
		return;
	}
	drawing_fill(d, cell->colour, GROUND, x + 1, y + 1, width - 2, ROW - 2);
	double size = 12.5, wide;
	for (; size > 8; size -= 0.5) {
		drawing_text_extent(d, &(text_style){.size = size, .bold = !same}, cell->text, &wide, NULL);
		if (wide <= width - 4)
			break;
	}
	drawing_text(d, &(text_style){.size = size, .bold = !same, .ink = INK_TEXT, .align = TEXT_MIDDLE}, x + width / 2, y + (ROW - size * 1.25) / 2, cell->text);
}

double chart_paint_matrix(drawing *d, const chart *c, double y)
{
	const chart_matrix *m = c->matrix;
	double width = drawing_width(d) - 2 * CHART_MARGIN;
	gboolean narrow = drawing_width(d) < 480;
	double names = narrow ? 92 : 136, left = CHART_MARGIN + names, column = (width - names) / (double)m->n;
	drawing_text(d, &(text_style){.size = 11.5, .ink = INK_MUTED, .width = names - 8}, CHART_MARGIN, y, m->corner);
	double corner;
	drawing_text_extent(d, &(text_style){.size = 11.5, .width = names - 8}, m->corner, NULL, &corner);
	double top = paint_head(d, m, left, column, narrow, y);
	y = MAX(top, y + corner + 4);
	for (gsize row = 0; row < m->n; row++) {
		g_autofree char *name = g_strdup_printf("%" G_GSIZE_FORMAT " %s", row + 1, m->labels[row]);
		double height;
		text_style style = {.size = narrow ? 11 : 12.5, .bold = TRUE, .ink = INK_TEXT, .width = names - 8};
		drawing_line(d, INK_RULE, 1, 0, (double[]){CHART_MARGIN, y, CHART_MARGIN + width, y}, 2);
		drawing_text_extent(d, &style, name, NULL, &height);
		drawing_text(d, &style, CHART_MARGIN, y + (ROW - height) / 2, name);
		for (gsize i = 0; i < m->n; i++)
			paint_cell(d, &m->cells[row * m->n + i], row == i, left + column * (double)i, y, column);
		y += ROW;
	}
	drawing_line(d, INK_RULE, 1, 0, (double[]){CHART_MARGIN, y, CHART_MARGIN + width, y}, 2);
	return y + 4;
}
