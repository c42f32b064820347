/* Years from names, lists and time axes: whatever the bytes, a year in bounds, or none. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "years.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { LIMIT = 128 };
	int years[LIMIT], first, last;
	failure why = {0};
	double value = 0;
	char *text = calloc(size + 1, 1);
	if (!text)
		return 0;
	memcpy(text, data, size);
	int year = year_from_name(text);
	require(year == 0 || year == -1 || (year >= YEAR_FIRST && year <= YEAR_LAST));
	if (year_range_from_name(text, &first, &last))
		require(first >= YEAR_FIRST && first < last && last <= YEAR_LAST && year == -1);
	size_t count = years_parse(text, years, LIMIT, &why);
	require(count <= LIMIT && (count > 0) == (why.code == OUTCOME_DONE));
	if (size >= sizeof value)
		memcpy(&value, data + size - sizeof value, sizeof value);
	year = year_from_time(text, value);
	require(year == 0 || (year >= YEAR_FIRST && year <= YEAR_LAST));
	free(text);
	return 0;
}
