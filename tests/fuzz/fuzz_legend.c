/* Legend files: whatever the bytes, a legend that is in order or a fault that says where. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ldn/landcover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static ldn_legend legend;
	ldn_text_fault fault;
	ldn_status status = ldn_legend_parse((const char *)data, size, &legend, &fault);

	require((status == LDN_OK) == (fault.what == NULL));
	require((status == LDN_OK) == (legend.count > 0) && legend.count <= LDN_LEGEND_CLASSES);
	for (size_t k = 0; k < legend.count; k++) {
		require(k == 0 || legend.classes[k - 1].code < legend.classes[k].code);
		require(memchr(legend.classes[k].name, 0, LDN_LEGEND_NAME) != NULL && legend.classes[k].unccd <= LDN_COVER_WATER);
	}
	for (size_t c = 0; c < sizeof legend.position; c++)
		require(legend.position[c] <= legend.count);
	return 0;
}
