/* Rings of points cut by straight lines. */
#pragma once

#include <glib.h>

/* What of a closed ring of n points (x, y in turn, first not repeated) lies on one side of x = limit (axis 0) or y = limit (axis 1): below it
 * if below, else above. An array of doubles, x and y in turn, free with g_array_unref; parts that the cut separates stay joined along it.
 * Source: I. Sutherland, G. Hodgman, Reentrant polygon clipping, CACM 17 (1974). */
GArray *ring_clip(const double *points, gsize n, int axis, double limit, gboolean below);
