#include <math.h>

#include "publish/chart_parts.h"

#define BAR_HEIGHT 18.0

static double bars_end(const chart_bars *bars)
{
	double to = bars->to;
	for (gsize i = 0; i < bars->n && bars->to <= 0; i++) {
		if (isfinite(bars->bars[i].value))
			to = MAX(to, bars->bars[i].value);
		if (isfinite(bars->bars[i].high))
			to = MAX(to, bars->bars[i].high);
	}
	return to > 0 ? to : 1;
}

/* Width of the widest of the labels, up to a limit. */
static double column_width(drawing *d, const chart_bars *bars, gboolean labels, double limit)
{
	double widest = 0;
	for (gsize i = 0; i < bars->n; i++) {
		double width = 0;
		const char *text = labels ? bars->bars[i].label : bars->bars[i].text;
		if (text)
			drawing_text_extent(d, &(text_style){.size = 13, .bold = !labels}, text, &width, NULL);
		widest = MAX(widest, width);
	}
	return MIN(ceil(widest) + 1, limit);
}

static void paint_bar(drawing *d, const chart_bar *bar, double left, double scale, double y)
{
	if (!isfinite(bar->value)) {
		drawing_line(d, INK_NO_DATA, 1.5, 2, (double[]){left, y, left, y + BAR_HEIGHT}, 2);
		return;
	}
	if (bar->value > 0)
		drawing_bar(d, bar->mark, bar->colour, left, y, bar->value * scale, BAR_HEIGHT);
	else
		drawing_line(d, bar->colour, 2, 0, (double[]){left, y, left, y + BAR_HEIGHT}, 2);
	if (isfinite(bar->low) && isfinite(bar->high) && bar->high > bar->low)
		drawing_whisker(d, INK_TEXT, left + bar->low * scale, y + BAR_HEIGHT / 2, left + bar->high * scale, y + BAR_HEIGHT / 2);
}

/* Where the figure beside a bar starts: past its end and its whisker. */
static double bar_reach(const chart_bar *bar, double scale)
{
	double reach = isfinite(bar->value) ? MAX(bar->value, 0) : 0;
	if (isfinite(bar->high))
		reach = MAX(reach, bar->high);
	return reach * scale + 7;
}

double chart_paint_bars(drawing *d, const chart *c, double y)
{
	const chart_bars *bars = c->bars;
	double width = drawing_width(d);
	gboolean narrow = width < 480;
	double figures = column_width(d, bars, FALSE, width * 0.4);
	/* On a phone the label stands above its bar, which gets the whole width. */
	double labels = narrow ? 0 : column_width(d, bars, TRUE, width * 0.36) + 12;
	double left = CHART_MARGIN + labels + 1, scale = (width - CHART_MARGIN - left - figures - 8) / bars_end(bars);
	for (gsize i = 0; i < bars->n; i++) {
		const chart_bar *bar = &bars->bars[i];
		double height = 0;
		text_style style = {.size = 13, .ink = INK_TEXT, .width = narrow ? width - 2 * CHART_MARGIN : labels - 10};
		drawing_text_extent(d, &style, bar->label, NULL, &height);
		double row = narrow ? BAR_HEIGHT : MAX(BAR_HEIGHT, height), top = narrow ? y + height + 2 : y + (row - BAR_HEIGHT) / 2;
		drawing_text(d, &style, CHART_MARGIN, narrow ? y : y + (row - height) / 2, bar->label);
		paint_bar(d, bar, left, scale, top);
		if (bar->text)
			drawing_text(d, &(text_style){.size = 13, .bold = isfinite(bar->value), .ink = isfinite(bar->value) ? INK_TEXT : INK_MUTED},
				left + bar_reach(bar, scale), top + 0.5, bar->text);
		y = top + (narrow ? BAR_HEIGHT : (row + BAR_HEIGHT) / 2) + (narrow ? 12 : 8);
	}
	return y - 4;
}

static double paint_key(drawing *d, ink colour, trust mark, double x, double y, const char *text)
{
	if (!text)
		return x;
	double width;
	text_style style = {.size = 12.5, .ink = INK_TEXT};
	drawing_text_extent(d, &style, text, &width, NULL);
	drawing_bar(d, mark, colour, x, y + 2, 11, 11);
	drawing_text(d, &style, x + 16, y, text);
	return x + 16 + width + 18;
}

double chart_paint_balance(drawing *d, const chart *c, double y)
{
	const chart_balance *b = c->balance;
	double width = drawing_width(d) - 2 * CHART_MARGIN;
	gboolean narrow = drawing_width(d) < 480;
	double losses = MAX(b->losses, 0), gains = MAX(b->gains, 0), span = losses + gains > 0 ? losses + gains : 1;
	double scale = (width - 8) / span, zero = CHART_MARGIN + 4 + losses * scale, height = 30, top = y + 8;
	if (losses > 0)
		drawing_bar(d, b->mark, INK_DEGRADED, zero - losses * scale, top, losses * scale, height);
	if (gains > 0)
		drawing_bar(d, b->mark, INK_IMPROVED, zero, top, gains * scale, height);
	drawing_line(d, INK_TEXT, 1.5, 0, (double[]){zero, top - 6, zero, top + height + 6}, 2);
	double net = zero + (gains - losses) * scale;
	drawing_line(d, INK_TEXT, 3, 0, (double[]){net, top - 8, net, top + height + 2}, 2);
	y = top + height + 12;
	if (b->net_text)
		y += 4 + drawing_text(d, &(text_style){.size = 13, .bold = TRUE, .ink = INK_TEXT, .width = width}, CHART_MARGIN, y, b->net_text);
	if (isfinite(b->stable) && b->stable > 0) { /* on its own scale: it would dwarf what changed */
		drawing_bar(d, b->mark, INK_STABLE, CHART_MARGIN, y, width, 6);
		y += 12;
	}
	const struct { ink colour; const char *text; } keys[] = {
		{INK_DEGRADED, b->losses_text}, {INK_IMPROVED, b->gains_text}, {INK_STABLE, b->stable_text}, {INK_NO_DATA, b->unknown_text}};
	double x = CHART_MARGIN;
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!keys[i].text)
			continue;
		double needed;
		drawing_text_extent(d, &(text_style){.size = 12.5}, keys[i].text, &needed, NULL);
		if (x > CHART_MARGIN && (narrow || x + needed + 16 > width))
			x = CHART_MARGIN, y += 20;
		x = paint_key(d, keys[i].colour, b->mark, x, y, keys[i].text);
	}
	return y + 20;
}
