#include "fields.h"

#include <string.h>

int fields_cut(char *line, char **fields, int most)
{
	int count = 0;
	line[strcspn(line, "\r\n")] = '\0';
	for (char *at = line; at && count < most;) {
		fields[count++] = at;
		char *comma = strchr(at, ',');
		if (comma)
			*comma++ = '\0';
		at = comma;
	}
	return count;
}
