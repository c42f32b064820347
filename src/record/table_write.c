#include <string.h>

#include "base/canonical.h"
#include "base/csv.h"
#include "record/table.h"

static gboolean is_joined(const field *f)
{
	return f->type == FIELD_TERM || f->type == FIELD_REF || f->type == FIELD_YEAR || f->type == FIELD_SOURCE || f->type == FIELD_COUNT || f->type == FIELD_YESNO;
}

/* A column: the field at its end, and the way to its value. */
typedef struct column {
	char *name;
	const field *field;
} column;

static void column_free(gpointer data)
{
	column *c = data;
	g_free(c->name);
	g_free(c);
}

/* The value at a column's name ("results.1.value") of a body; NULL if there is none. */
static const json_t *value_at(const json_t *value, const char *name)
{
	while (value && *name) {
		gsize length = strcspn(name, ".");
		if (json_is_array(value)) {
			guint64 index = g_ascii_strtoull(name, NULL, 10);
			value = json_array_get(value, (gsize)index - 1);
		} else
			value = json_object_getn(value, name, length);
		name += length + (name[length] == '.');
	}
	return value;
}

static void columns_add(GPtrArray *columns, const field *fields, const char *prefix, json_t *const *bodies, gsize n);

static void column_add(GPtrArray *columns, const field *f, const char *name, json_t *const *bodies, gsize n)
{
	if (f->type == FIELD_GROUP) {
		columns_add(columns, f->fields, name, bodies, n);
		return;
	}
	column *c = g_new(column, 1);
	*c = (column) { g_strdup(name), f };
	g_ptr_array_add(columns, c);
}

/* In order of the declaration; a repeated field as often as the longest list needs. */
static void columns_add(GPtrArray *columns, const field *fields, const char *prefix, json_t *const *bodies, gsize n)
{
	for (const field *f = fields; f->name; f++) {
		g_autofree char *name = *prefix ? g_strconcat(prefix, ".", f->name, NULL) : g_strdup(f->name);
		if (!(f->flags & FIELD_REPEATED) || is_joined(f)) {
			column_add(columns, f, name, bodies, n);
			continue;
		}
		gsize entries = n ? 0 : 1;
		for (gsize i = 0; i < n; i++)
			entries = MAX(entries, json_array_size(value_at(bodies[i], name)));
		for (gsize i = 0; i < entries; i++) {
			g_autofree char *numbered = g_strdup_printf("%s.%" G_GSIZE_FORMAT, name, i + 1);
			column_add(columns, f, numbered, bodies, n);
		}
	}
}

/* Spreadsheets run what begins so. */
static gboolean looks_like_formula(const char *text)
{
	return *text && strchr("=+-@'", *text) != NULL;
}

static void value_write(GString *cell, const json_t *value, gboolean geometry)
{
	gsize i;
	const json_t *entry;
	char number[32];
	if (json_is_string(value)) {
		if (looks_like_formula(json_string_value(value)))
			g_string_append_c(cell, '\'');
		g_string_append(cell, json_string_value(value));
	} else if (json_is_boolean(value))
		g_string_append(cell, json_is_true(value) ? "true" : "false");
	else if (json_is_number(value)) {
		canonical_number(json_number_value(value), number);
		g_string_append(cell, number);
	} else if (json_is_array(value) && !geometry) {
		json_array_foreach(value, i, entry) {
			if (i)
				g_string_append_c(cell, ';');
			value_write(cell, entry, FALSE);
		}
	} else if (value) {
		g_autofree char *text = canonical_text(value, NULL, NULL);
		g_string_append(cell, text ? text : "");
	}
}

GString *table_write(const kind *k, const char *const *ids, json_t *const *bodies, gsize n)
{
	g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(column_free);
	g_autoptr(GString) cell = g_string_new(NULL);
	GString *out = g_string_new("id");
	columns_add(columns, k->fields, "", bodies, n);
	for (guint i = 0; i < columns->len; i++) {
		g_string_append_c(out, ',');
		csv_cell(out, ((column *)columns->pdata[i])->name);
	}
	g_string_append(out, "\r\n");
	for (gsize row = 0; row < n; row++) {
		csv_cell(out, ids[row]);
		for (guint i = 0; i < columns->len; i++) {
			const column *c = columns->pdata[i];
			g_string_truncate(cell, 0);
			value_write(cell, value_at(bodies[row], c->name), c->field->type == FIELD_GEOMETRY);
			g_string_append_c(out, ',');
			csv_cell(out, cell->str);
		}
		g_string_append(out, "\r\n");
	}
	return out;
}
