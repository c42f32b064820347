/* The data dictionary of a kind, for people: Markdown, one table row a field. */
#include <string.h>

#include "record/table.h"

static const char *const type_names[] = {
	[FIELD_LINE] = "line", [FIELD_TEXT] = "text", [FIELD_TERM] = "term", [FIELD_REF] = "reference", [FIELD_YEAR] = "year", [FIELD_DATE] = "date", [FIELD_TIME] = "time of day", [FIELD_NUMBER] = "number",
	[FIELD_COUNT] = "count", [FIELD_YESNO] = "yes or no", [FIELD_URL] = "address", [FIELD_SHA256] = "SHA-256", [FIELD_SOURCE] = "source number", [FIELD_GEOMETRY] = "geometry", [FIELD_GROUP] = "group",
};

static void append_escaped(GString *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '|')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *c);
	}
}

static void field_row(const char *path, const field *f, gpointer data)
{
	GString *out = data;
	g_string_append_printf(out, "| `%s` | %s | %s%s", path, f->label, f->flags & FIELD_REPEATED ? "list of " : "", type_names[f->type]);
	if (f->of)
		g_string_append_printf(out, " (%s)", f->of);
	g_string_append_printf(out, " | %s | %s | ", f->unit ? f->unit : "", f->flags & FIELD_REQUIRED ? "yes" : "");
	append_escaped(out, f->help);
	if (f->maximum > f->minimum)
		g_string_append_printf(out, " From %.15g to %.15g.", f->minimum, f->maximum);
	g_string_append(out, " |\n");
}

GString *kind_dictionary(const kind *k)
{
	GString *out = g_string_new(NULL);
	g_string_append_printf(out, "## %s (`%s`)\n\n%s\n\n", k->label, k->name, k->help);
	g_string_append(out, "| Field | Label | Type (of) | Unit | Required | Meaning |\n|---|---|---|---|---|---|\n");
	kind_each_field(k, field_row, out);
	if (k->checks)
		g_string_append(out, "\nRules:\n\n");
	for (const check *c = k->checks; c && c->run; c++)
		g_string_append_printf(out, "- %s\n", c->says);
	g_string_append_c(out, '\n');
	return out;
}
