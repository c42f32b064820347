/* A list of the dates of layers: whatever the bytes, every layer has a possible date, or the fault is said. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "layers.h"
#include "years.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	layers list = {0};
	failure why = {0};
	FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	if (!file)
		return 0;
	bool fine = layers_parse("dates.csv", file, &list, &why);
	fclose(file);
	if (fine != (why.code == OUTCOME_DONE) || fine != (why.text[0] == 0))
		abort();
	for (size_t i = 0; fine && i < list.count; i++) {
		const layer_date *on = &list.dates[i];
		if (on->year < YEAR_FIRST || on->year > YEAR_LAST || on->month < 0 || on->month > 12 || on->day < 0 || on->day > 31 || (on->month == 0) != (on->day == 0))
			abort();
	}
	layers_free(&list);
	return 0;
}
