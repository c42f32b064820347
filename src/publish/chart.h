/* Charts as the site, the book and the wall show them. A chart is declared, not painted: its title says the finding, its subtitle what is
 * drawn and the unit, its last line the source; lines carry their own names; bars start at zero. Texts come translated. */
#pragma once

#include "base/language.h"
#include "publish/drawing.h"

typedef enum chart_shape {
	CHART_LINE,  /* straight between its points: a promised path, a fitted segment */
	CHART_STEPS, /* a value holds until the next one; the area under it carries the mark */
	CHART_DOTS   /* points with their whiskers, not joined */
} chart_shape;

typedef struct chart_point {
	double x, y;
	double low, high; /* interval of y; equal to y, or NaN: none */
} chart_point;

typedef struct chart_series {
	const char *name;
	trust mark;
	ink colour;
	chart_shape shape;
	const chart_point *points; /* x rising */
	gsize n;
	double until; /* steps: the last value is drawn on to here (the day it is still the latest word); 0: it ends at its point */
} chart_series;

/* A vertical line with a word: today, the year of disturbance. */
typedef struct chart_moment {
	double x;
	const char *label;
} chart_moment;

/* Values over years: burn-up of a pledge, recovery curve of a site. */
typedef struct chart_lines {
	const chart_series *series;
	gsize n_series;
	const chart_moment *moments;
	gsize n_moments;
	double from, to;       /* years shown; equal: what the points span */
	gboolean away_from_zero; /* an index, not an amount: the axis may start above zero */
} chart_lines;

typedef struct chart_bar {
	const char *label;
	const char *text; /* the value in words and figures, drawn beside the bar; for an unknown one "not reported" */
	double value;     /* NaN: unknown, no bar is drawn (unknown is never zero) */
	double low, high; /* NaN: none */
	trust mark;
	ink colour;
} chart_bar;

/* Horizontal bars on one scale: gap bar (promised, mapped, net, reported, measured), shares, amounts. */
typedef struct chart_bars {
	const chart_bar *bars;
	gsize n;
	double to; /* end of the scale; 0: the largest value */
} chart_bars;

/* Losses to the left of zero, gains to the right, the net as a tick, stable as the thin middle. Unit: that of the subtitle. */
typedef struct chart_balance {
	double losses, gains; /* both positive or 0 */
	double stable, unknown; /* 0 or NaN: not drawn */
	const char *losses_text, *gains_text, *stable_text, *unknown_text, *net_text;
	trust mark;
} chart_balance;

typedef struct chart_cell {
	const char *text; /* NULL: nothing changed so */
	ink colour;       /* of its ground; a glyph in the text says the same */
} chart_cell;

/* What became of what: from the class of a row to that of a column; the same classes both ways, in one order. */
typedef struct chart_matrix {
	const char *const *labels; /* [n] */
	gsize n;
	const chart_cell *cells;   /* [n * n] row by row */
	const char *corner;        /* what rows and columns are: "2000, down; 2020, across" */
} chart_matrix;

typedef struct chart {
	const char *title, *subtitle, *source;
	const char *description; /* for a screen reader; NULL: title and subtitle */
	const language *language;
	/* exactly one of these */
	const chart_lines *lines;
	const chart_bars *bars;
	const chart_balance *balance;
	const chart_matrix *matrix;
} chart;

/* The picture; free with g_bytes_unref. NULL with an error if it cannot be drawn. */
GBytes *chart_draw(const chart *c, const drawing_form *form, GError **error);

/* Round steps for an axis from low to high in about count steps: gives the step (1, 2, 2.5 or 5 times a power of ten). */
double chart_step(double low, double high, int count);
