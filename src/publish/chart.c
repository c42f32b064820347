#include "publish/chart.h"

#include <math.h>

#include "publish/chart_parts.h"

double chart_step(double low, double high, int count)
{
	double raw = (high - low) / MAX(count, 1);
	if (!(raw > 0) || !isfinite(raw))
		return 1;
	double power = pow(10, floor(log10(raw)));
	static const double rounds[] = {1, 2, 2.5, 5, 10};
	for (gsize i = 0; i < G_N_ELEMENTS(rounds); i++)
		if (rounds[i] * power >= raw * (1 - 1e-9))
			return rounds[i] * power;
	return 10 * power;
}

static double chart_head(drawing *d, const chart *c, double y, double width, gboolean narrow)
{
	y += drawing_text(d, &(text_style){.size = narrow ? 16 : 18, .bold = TRUE, .ink = INK_TEXT, .width = width}, CHART_MARGIN, y, c->title);
	if (c->subtitle)
		y += 2 + drawing_text(d, &(text_style){.size = 13, .ink = INK_MUTED, .width = width}, CHART_MARGIN, y + 2, c->subtitle);
	return y;
}

static double chart_paint(drawing *d, gconstpointer data)
{
	const chart *c = data;
	double width = drawing_width(d), inner = width - 2 * CHART_MARGIN, y = 6;
	gboolean narrow = width < 480, plain = drawing_is_plain(d);
	if (!plain)
		y = 12 + chart_head(d, c, y, inner, narrow);
	if (c->lines)
		y = chart_paint_lines(d, c, y);
	else if (c->bars)
		y = chart_paint_bars(d, c, y);
	else if (c->balance)
		y = chart_paint_balance(d, c, y);
	else if (c->matrix)
		y = chart_paint_matrix(d, c, y);
	if (c->source && !plain) {
		y += 8;
		y += drawing_text(d, &(text_style){.size = 11.5, .ink = INK_MUTED, .width = inner}, CHART_MARGIN, y, c->source);
	}
	return y + 6;
}

GBytes *chart_draw(const chart *c, const drawing_form *form, GError **error)
{
	g_autofree char *description = c->description ? g_strdup(c->description)
		: g_strjoin(" ", c->title ? c->title : "", c->subtitle ? c->subtitle : "", c->source ? c->source : "", NULL);
	return drawing_make(form, c->title, description, chart_paint, c, error);
}
