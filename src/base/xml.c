#include "base/xml.h"

#include <string.h>

struct xml {
	GString *out;
	GPtrArray *names; /* of open elements */
	gboolean in_tag, has_elements; /* has_elements: the end tag stands on a line of its own */
};

xml *xml_new_fragment(void)
{
	xml *x = g_new0(xml, 1);
	x->out = g_string_new(NULL);
	x->names = g_ptr_array_new_with_free_func(g_free);
	return x;
}

xml *xml_new(void)
{
	xml *x = xml_new_fragment();
	g_string_append(x->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	return x;
}

/* Source of what XML can hold: XML 1.0, production 2 (Char). */
static void escape(GString *out, const char *text, gboolean attribute)
{
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		gboolean space = c == '\t' || c == '\n' || c == '\r';
		if (c == '&')
			g_string_append(out, "&amp;");
		else if (c == '<')
			g_string_append(out, "&lt;");
		else if (c == '>')
			g_string_append(out, "&gt;");
		else if (c == '"' && attribute)
			g_string_append(out, "&quot;");
		else if (c == '\r' || (space && attribute))
			g_string_append_printf(out, "&#%u;", c); /* a parser would make another of it */
		else if ((c >= 0x20 || space) && c != 0xfffe && c != 0xffff)
			g_string_append_unichar(out, c);
	}
}

static void end_tag(xml *x)
{
	if (x->in_tag)
		g_string_append_c(x->out, '>');
	x->in_tag = FALSE;
}

void xml_begin(xml *x, const char *name)
{
	end_tag(x);
	if (x->names->len && x->out->str[x->out->len - 1] == '>')
		g_string_append_c(x->out, '\n');
	g_string_append_printf(x->out, "<%s", name);
	g_ptr_array_add(x->names, g_strdup(name));
	x->in_tag = TRUE;
	x->has_elements = FALSE;
}

void xml_attribute(xml *x, const char *name, const char *value)
{
	g_return_if_fail(x->in_tag);
	if (!value)
		return;
	g_string_append_printf(x->out, " %s=\"", name);
	escape(x->out, value, TRUE);
	g_string_append_c(x->out, '"');
}

void xml_text(xml *x, const char *text)
{
	end_tag(x);
	escape(x->out, text, FALSE);
}

void xml_end(xml *x)
{
	g_return_if_fail(x->names->len);
	const char *name = x->names->pdata[x->names->len - 1];
	if (x->in_tag)
		g_string_append(x->out, "/>");
	else
		g_string_append_printf(x->out, "%s</%s>", x->has_elements && x->out->str[x->out->len - 1] == '>' ? "\n" : "", name);
	x->in_tag = FALSE;
	x->has_elements = TRUE;
	g_ptr_array_set_size(x->names, (gint)x->names->len - 1);
}

void xml_element(xml *x, const char *name, const char *text)
{
	if (!text)
		return;
	xml_begin(x, name);
	xml_text(x, text);
	xml_end(x);
}

/* XML 1.0, 2.5: no two hyphens, none at the end. */
void xml_comment(xml *x, const char *text)
{
	end_tag(x);
	g_string_append(x->out, "\n<!-- ");
	for (const char *at = text; *at; at++)
		if (*at != '-' || at[1] != '-')
			g_string_append_c(x->out, *at);
	g_string_append(x->out, " -->");
	x->has_elements = TRUE;
}

void xml_fragment(xml *x, const char *fragment)
{
	end_tag(x);
	g_string_append_printf(x->out, "\n%s", fragment);
	g_string_truncate(x->out, x->out->len - g_str_has_suffix(fragment, "\n"));
	x->has_elements = TRUE;
}

char *xml_finish(xml *x)
{
	while (x->names->len)
		xml_end(x);
	g_string_append_c(x->out, '\n');
	char *text = g_string_free(g_steal_pointer(&x->out), FALSE);
	xml_free(x);
	return text;
}

void xml_free(xml *x)
{
	if (!x)
		return;
	if (x->out)
		g_string_free(x->out, TRUE);
	g_ptr_array_unref(x->names);
	g_free(x);
}
