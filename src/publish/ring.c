#include "publish/ring.h"

GArray *ring_clip(const double *points, gsize n, int axis, double limit, gboolean below)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(double));
	for (gsize i = 0; i < n; i++) {
		const double *p = &points[2 * (i ? i - 1 : n - 1)], *q = &points[2 * i];
		gboolean p_in = below ? p[axis] <= limit : p[axis] >= limit, q_in = below ? q[axis] <= limit : q[axis] >= limit;
		if (p_in != q_in) {
			double t = (limit - p[axis]) / (q[axis] - p[axis]), cut[2];
			cut[axis] = limit;
			cut[1 - axis] = p[1 - axis] + t * (q[1 - axis] - p[1 - axis]);
			g_array_append_vals(out, cut, 2);
		}
		if (q_in)
			g_array_append_vals(out, q, 2);
	}
	return out;
}
