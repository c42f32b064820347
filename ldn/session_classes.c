#include "session.h"

/* The land colours are clay, dry grass and larch: docs, web and maps use the same. */
const cell_class classes_of_three[] = {{-1, N_("degraded"), 0x9C, 0x3D, 0x2E}, {0, N_("stable"), 0xD9, 0xCD, 0xB4}, {1, N_("improved"), 0x1F, 0x6F, 0x5C}, {0}};

const cell_class classes_of_lpd5[] = {{1, N_("declining"), 0x9C, 0x3D, 0x2E}, {2, N_("moderate decline"), 0xC4, 0x7A, 0x5E}, {3, N_("stressed"), 0xE0, 0xB0, 0x7C},
	{4, N_("stable"), 0xD9, 0xCD, 0xB4}, {5, N_("increasing"), 0x1F, 0x6F, 0x5C}, {0}};

const cell_class classes_of_status[] = {{1, N_("persistent degradation"), 0x7A, 0x28, 0x1D}, {2, N_("recent degradation"), 0x9C, 0x3D, 0x2E},
	{3, N_("baseline degradation"), 0xC4, 0x7A, 0x5E}, {4, N_("stable"), 0xD9, 0xCD, 0xB4}, {5, N_("baseline improvement"), 0x8F, 0xB8, 0x9E},
	{6, N_("recent improvement"), 0x4E, 0x94, 0x7E}, {7, N_("persistent improvement"), 0x1F, 0x6F, 0x5C}, {0}};

const cell_class classes_of_cover[] = {{1, N_("tree-covered"), 0x2F, 0x6B, 0x3C}, {2, N_("grassland"), 0xB7, 0xC4, 0x6B}, {3, N_("cropland"), 0xE3, 0xC5, 0x5B},
	{4, N_("wetland"), 0x5C, 0xA0, 0x9B}, {5, N_("artificial"), 0x8C, 0x2F, 0x39}, {6, N_("other land"), 0xC9, 0xB7, 0x9C}, {7, N_("water body"), 0x4A, 0x7F, 0xB0}, {0}};

const cell_class classes_of_response[] = {{1, N_("avoid"), 0x1F, 0x6F, 0x5C}, {2, N_("reduce"), 0xE0, 0xB0, 0x7C}, {3, N_("reverse"), 0x9C, 0x3D, 0x2E}, {0}};

ldn_axis layer_axis(const layer_spec *layer)
{
	ldn_axis axis = {INT16_MAX, INT16_MIN};
	for (const cell_class *row = layer->classes; row && row->name; row++) {
		if (row->value < axis.lowest)
			axis.lowest = (int16_t)row->value;
		if (row->value > axis.highest)
			axis.highest = (int16_t)row->value;
	}
	return axis;
}
