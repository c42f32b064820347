#include "web/rows.h"

#include "base/canonical.h"
#include "base/csv.h"

static void append_cell(GString *out, const json_t *value)
{
	char number[32];
	if (json_is_string(value))
		csv_cell(out, json_string_value(value));
	else if (json_is_boolean(value))
		g_string_append(out, json_is_true(value) ? "true" : "false");
	else if (json_is_number(value)) {
		canonical_number(json_number_value(value), number);
		g_string_append(out, number);
	}
}

char *rows_csv(const json_t *rows, const char *const *columns)
{
	GString *out = g_string_new(NULL);
	const json_t *row;
	gsize i;
	for (gsize k = 0; columns[k]; k++)
		g_string_append_printf(out, "%s%s", k ? "," : "", columns[k]);
	g_string_append(out, "\r\n");
	json_array_foreach(rows, i, row) {
		for (gsize k = 0; columns[k]; k++) {
			if (k)
				g_string_append_c(out, ',');
			append_cell(out, json_object_get(row, columns[k]));
		}
		g_string_append(out, "\r\n");
	}
	return g_string_free(out, FALSE);
}
