/* Dates in headers: what is read is written as it was, and is a second of the years 1 to 9999. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/http_date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char again[HTTP_DATE_LENGTH + 1];
	gint64 seconds;
	g_autofree char *text = g_strndup(size ? (const char *)data : "", size);
	if (!http_date_read(text, &seconds))
		return 0;
	http_date_write(seconds, again);
	if (strcmp(text, again) != 0 || seconds < -62135596800 || seconds > 253402300799)
		abort();
	return 0;
}
