#include "base/pretty.h"

#include "base/canonical.h"

static void write_break(GString *out, int depth)
{
	g_string_append_c(out, '\n');
	for (int i = 0; i < depth; i++)
		g_string_append(out, "  ");
}

static gboolean write_scalar(GString *out, const json_t *value, GError **error)
{
	gsize length;
	g_autofree char *text = canonical_text(value, &length, error);
	if (text)
		g_string_append_len(out, text, (gssize)length);
	return text != NULL;
}

static gboolean write_value(GString *out, const json_t *value, int depth, GError **error)
{
	if (json_is_array(value) && json_array_size(value)) {
		for (gsize i = 0; i < json_array_size(value); i++) {
			g_string_append_c(out, i ? ',' : '[');
			write_break(out, depth + 1);
			if (!write_value(out, json_array_get(value, i), depth + 1, error))
				return FALSE;
		}
		write_break(out, depth);
		g_string_append_c(out, ']');
		return TRUE;
	}
	if (json_is_object(value) && json_object_size(value)) {
		const char *name;
		json_t *member;
		gboolean first = TRUE;
		json_object_foreach((json_t *)value, name, member) {
			json_auto_t *label = json_string(name);
			g_string_append_c(out, first ? '{' : ',');
			first = FALSE;
			write_break(out, depth + 1);
			if (!write_scalar(out, label, error))
				return FALSE;
			g_string_append(out, ": ");
			if (!write_value(out, member, depth + 1, error))
				return FALSE;
		}
		write_break(out, depth);
		g_string_append_c(out, '}');
		return TRUE;
	}
	return write_scalar(out, value, error);
}

char *pretty_text(const json_t *value, gsize *length, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	if (!write_value(out, value, 0, error))
		return NULL;
	g_string_append_c(out, '\n');
	if (length)
		*length = out->len;
	return g_string_free(g_steal_pointer(&out), FALSE);
}
