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

struct table_columns {
	const kind *kind;
	guint seen;
	GHashTable *widths;  /* a repeated field's path: entries of the longest list */
	GPtrArray *columns;  /* column; NULL until all were seen */
	GString *cell;
};

static char *path_below(const char *prefix, const char *name)
{
	return *prefix ? g_strconcat(prefix, ".", name, NULL) : g_strdup(name);
}

static void widen(GHashTable *widths, const field *fields, const char *prefix, const json_t *value)
{
	for (const field *f = fields; f->name; f++) {
		const json_t *inner = json_object_get(value, f->name), *entry;
		gboolean repeated = (f->flags & FIELD_REPEATED) != 0;
		gsize i;
		if (!inner || is_joined(f) || (!repeated && f->type != FIELD_GROUP))
			continue;
		g_autofree char *path = path_below(prefix, f->name);
		if (!repeated) {
			widen(widths, f->fields, path, inner);
			continue;
		}
		json_array_foreach(inner, i, entry) {
			g_autofree char *numbered = f->type == FIELD_GROUP ? g_strdup_printf("%s.%" G_GSIZE_FORMAT, path, i + 1) : NULL;
			if (numbered)
				widen(widths, f->fields, numbered, entry);
		}
		gsize before = GPOINTER_TO_SIZE(g_hash_table_lookup(widths, path));
		if (json_array_size(inner) > before)
			g_hash_table_insert(widths, g_steal_pointer(&path), GSIZE_TO_POINTER(json_array_size(inner)));
	}
}

static void list_columns(table_columns *t, const field *fields, const char *prefix);

static void list_column(table_columns *t, const field *f, const char *name)
{
	if (f->type == FIELD_GROUP) {
		list_columns(t, f->fields, name);
		return;
	}
	column *c = g_new(column, 1);
	*c = (column) { g_strdup(name), f };
	g_ptr_array_add(t->columns, c);
}

/* In order of the declaration; a repeated field as often as the longest list needs. */
static void list_columns(table_columns *t, const field *fields, const char *prefix)
{
	for (const field *f = fields; f->name; f++) {
		g_autofree char *name = path_below(prefix, f->name);
		if (!(f->flags & FIELD_REPEATED) || is_joined(f)) {
			list_column(t, f, name);
			continue;
		}
		gsize entries = t->seen ? GPOINTER_TO_SIZE(g_hash_table_lookup(t->widths, name)) : 1;
		for (gsize i = 0; i < entries; i++) {
			g_autofree char *numbered = g_strdup_printf("%s.%" G_GSIZE_FORMAT, name, i + 1);
			list_column(t, f, numbered);
		}
	}
}

table_columns *table_columns_new(const kind *k)
{
	table_columns *t = g_new0(table_columns, 1);
	t->kind = k;
	t->widths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	t->cell = g_string_new(NULL);
	return t;
}

void table_columns_free(table_columns *t)
{
	if (!t)
		return;
	g_hash_table_unref(t->widths);
	g_clear_pointer(&t->columns, g_ptr_array_unref);
	g_string_free(t->cell, TRUE);
	g_free(t);
}

void table_columns_see(table_columns *t, const json_t *body)
{
	widen(t->widths, t->kind->fields, "", body);
	t->seen++;
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

void table_header(table_columns *t, GString *out)
{
	t->columns = g_ptr_array_new_with_free_func(column_free);
	list_columns(t, t->kind->fields, "");
	g_string_append(out, "id");
	for (guint i = 0; i < t->columns->len; i++) {
		g_string_append_c(out, ',');
		csv_cell(out, ((column *)t->columns->pdata[i])->name);
	}
	g_string_append(out, "\r\n");
}

void table_row(const table_columns *t, GString *out, const char *id, const json_t *body)
{
	csv_cell(out, id);
	for (guint i = 0; i < t->columns->len; i++) {
		const column *c = t->columns->pdata[i];
		g_string_truncate(t->cell, 0);
		value_write(t->cell, value_at(body, c->name), c->field->type == FIELD_GEOMETRY);
		g_string_append_c(out, ',');
		csv_cell(out, t->cell->str);
	}
	g_string_append(out, "\r\n");
}

GString *table_write(const kind *k, const char *const *ids, json_t *const *bodies, gsize n)
{
	g_autoptr(table_columns) t = table_columns_new(k);
	GString *out = g_string_new(NULL);
	for (gsize i = 0; i < n; i++)
		table_columns_see(t, bodies[i]);
	table_header(t, out);
	for (gsize i = 0; i < n; i++)
		table_row(t, out, ids[i], bodies[i]);
	return out;
}
