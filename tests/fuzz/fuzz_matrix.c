/* Transition matrices over the UNCCD's seven classes: only the meanings that exist, only between classes, or a fault that says where. */
#include <stdint.h>
#include <stdlib.h>

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
	static ldn_matrix matrix;
	ldn_text_fault fault;

	if (legend.count == 0)
		ldn_legend_unccd(&legend);
	ldn_status status = ldn_matrix_parse((const char *)data, size, &legend, &matrix, &fault);
	require((status == LDN_OK) == (fault.what == NULL) && (status == LDN_OK) == (matrix.count == legend.count));
	for (size_t from = 0; from <= LDN_LEGEND_CLASSES; from++)
		for (size_t to = 0; to <= LDN_LEGEND_CLASSES; to++) {
			int8_t meaning = matrix.meaning[from][to];
			int named = from >= 1 && from <= matrix.count && to >= 1 && to <= matrix.count;
			require(meaning == LDN_MEANING_NONE || (named && meaning >= LDN_DEGRADED && meaning <= LDN_IMPROVED));
		}
	return 0;
}
