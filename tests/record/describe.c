/* Prints what follows from a kind's declaration: the header of its table, its dictionary, its schema. */
#include <stdio.h>

#include "record/table.h"
#include "record/validate.h"

int main(int argc, char **argv)
{
	const kind *k = argc == 2 ? kind_by_name(argv[1]) : NULL;
	if (!k) {
		fprintf(stderr, "usage: describe KIND\n");
		return 2;
	}
	g_autoptr(GString) header = table_write(k, NULL, NULL, 0), dictionary = kind_dictionary(k);
	json_auto_t *schema = kind_schema(k);
	printf("%s\n%s\n", header->str, dictionary->str);
	json_dumpf(schema, stdout, JSON_COMPACT);
	putchar('\n');
	return 0;
}
