#include "record/diff.h"

#include "record/message.h"

typedef struct comparison {
	GPtrArray *changes;
	GString *path, *label;
} comparison;

static void change_free(gpointer data)
{
	change *c = data;
	g_free(c->path);
	g_free(c->label);
	g_free(c);
}

static void change_add(comparison *d, const field *f, json_t *before, json_t *after)
{
	change *c = g_new(change, 1);
	*c = (change) { .path = g_strdup(d->path->str), .label = g_strdup(d->label->str), .field = f, .before = before, .after = after };
	g_ptr_array_add(d->changes, c);
}

static void fields_compare(comparison *d, const field *fields, const json_t *before, const json_t *after);

/* A group is compared member by member where both sides have it; anything else as a whole. */
static void entry_compare(comparison *d, const field *f, json_t *before, json_t *after)
{
	if (!before && !after)
		return;
	if (f->type == FIELD_GROUP && json_is_object(before) && json_is_object(after)) {
		g_string_append(d->label, ": ");
		fields_compare(d, f->fields, before, after);
	} else if (!before || !after || !json_equal(before, after))
		change_add(d, f, before, after);
}

static void field_compare(comparison *d, const field *f, json_t *before, json_t *after)
{
	gsize path = d->path->len, label = d->label->len;
	g_string_append_printf(d->path, "/%s", f->name);
	g_string_append(d->label, _(f->label));
	if (!(f->flags & FIELD_REPEATED) || (before && !json_is_array(before)) || (after && !json_is_array(after)))
		entry_compare(d, f, before, after);
	else {
		gsize entry_path = d->path->len, entry_label = d->label->len;
		gsize n = MAX(json_array_size(before), json_array_size(after));
		for (gsize i = 0; i < n; i++) {
			g_string_append_printf(d->path, "/%" G_GSIZE_FORMAT, i);
			g_string_append_printf(d->label, ", %" G_GSIZE_FORMAT, i + 1);
			entry_compare(d, f, json_array_get(before, i), json_array_get(after, i));
			g_string_truncate(d->path, entry_path);
			g_string_truncate(d->label, entry_label);
		}
	}
	g_string_truncate(d->path, path);
	g_string_truncate(d->label, label);
}

static void fields_compare(comparison *d, const field *fields, const json_t *before, const json_t *after)
{
	for (const field *f = fields; f->name; f++)
		field_compare(d, f, json_object_get(before, f->name), json_object_get(after, f->name));
}

GPtrArray *body_diff(const kind *k, const json_t *before, const json_t *after)
{
	g_autoptr(GString) path = g_string_new(NULL), label = g_string_new(NULL);
	comparison d = { .changes = g_ptr_array_new_with_free_func(change_free), .path = path, .label = label };
	fields_compare(&d, k->fields, before, after);
	return d.changes;
}
