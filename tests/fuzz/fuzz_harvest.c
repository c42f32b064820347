/* What a harvester sends: a token is one this site could have given, and written again it is the same; a date is one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/harvest_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harvest_token token;
	char time[21];
	gboolean day;
	g_autofree char *text = g_strndup(size ? (const char *)data : "", size);
	if (harvest_token_parse(text, &token)) {
		g_autofree char *again = harvest_token_text(&token);
		if (strcmp(again, text) != 0 || token.cursor == 0 || token.first > G_MAXINT64)
			abort();
	}
	for (int end = 0; end < 2; end++)
		if (harvest_date(text, end, time, &day) && (strlen(time) != 20 || strncmp(time, text, 10) != 0))
			abort();
	return 0;
}
