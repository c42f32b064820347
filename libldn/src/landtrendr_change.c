/* Disturbances and recoveries among the segments of a fit. */
#include "landtrendr_inside.h"

static bool change_passes(const ldn_change *c, int disturbance_sign, const ldn_change_filter *filter)
{
	return !filter || (c->year >= filter->year_min && c->magnitude >= filter->magnitude_min && (filter->duration_max == 0 || c->duration <= filter->duration_max) &&
			   -disturbance_sign * c->before >= filter->before_min);
}

static bool change_better(const ldn_change *c, const ldn_change *than, ldn_change_choice choice)
{
	switch (choice) {
	case LDN_CHANGE_GREATEST:
		return c->magnitude > than->magnitude;
	case LDN_CHANGE_LEAST:
		return c->magnitude < than->magnitude;
	case LDN_CHANGE_NEWEST:
		return c->year > than->year;
	case LDN_CHANGE_FASTEST:
		return c->rate > than->rate;
	case LDN_CHANGE_SLOWEST:
		return c->rate < than->rate;
	case LDN_CHANGE_OLDEST:
		break;
	}
	return c->year < than->year;
}

ldn_change ldn_segmentation_change(const ldn_segmentation *segmentation, int disturbance_sign, ldn_change_kind kind,
				   ldn_change_choice choice, const ldn_change_filter *filter)
{
	ldn_change found = {-1, 0, 0, NAN, NAN, NAN, NAN};

	for (int k = 0; k + 1 < segmentation->n_vertices; k++) {
		double before = segmentation->vertex_value[k], rise = segmentation->vertex_value[k + 1] - before;
		double size = disturbance_sign * (kind == LDN_CHANGE_LOSS ? rise : -rise);
		int from = segmentation->vertex_year[k], duration = segmentation->vertex_year[k + 1] - from;
		ldn_change c = {k, from + 1, duration, before, size, size / duration, size / segmentation->rmse};
		if (size > 0 && change_passes(&c, disturbance_sign, filter) && (found.segment < 0 || change_better(&c, &found, choice)))
			found = c;
	}
	return found;
}
