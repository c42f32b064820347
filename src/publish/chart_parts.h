/* The parts a chart is put together from; for chart*.c only. Each paints from y downward and gives the y below it. */
#pragma once

#include "publish/chart.h"

#define CHART_MARGIN 4.0

double chart_paint_lines(drawing *d, const chart *c, double y);
double chart_paint_bars(drawing *d, const chart *c, double y);
double chart_paint_balance(drawing *d, const chart *c, double y);
double chart_paint_matrix(drawing *d, const chart *c, double y);
