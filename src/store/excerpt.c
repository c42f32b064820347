#include "store/excerpt.h"

#include <string.h>

/* Canonical JSON has no white space and every member at its place, so that it can be cut without being parsed. Each function gives the byte
 * after what it skips, or NULL at the text's end. */
static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && *++at == '\0')
			return NULL;
	return *at ? at + 1 : NULL;
}

static const char *skip_value(const char *at)
{
	guint depth = 0;
	do {
		if (*at == '"') {
			at = skip_string(at);
			if (!at)
				return NULL;
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if (*at == '}' || *at == ']')
			depth--;
		at++;
	} while (*at && (depth > 0 || (*at != ',' && *at != '}' && *at != ']')));
	return *at ? at : NULL;
}

/* The value after a member's name: "name":value. */
static const char *value_of(const char *name)
{
	const char *at = *name == '"' ? skip_string(name) : NULL;
	return at && *at == ':' ? at + 1 : NULL;
}

static gboolean is_wanted(const char *name, const char *value, const char *const *members)
{
	gsize length = (gsize)(value - name) - 3; /* without two quotes and a colon */
	for (; *members; members++)
		if (strlen(*members) == length && memcmp(*members, name + 1, length) == 0)
			return TRUE;
	return FALSE;
}

/* Appends the object that begins here with only some members. Gives the byte after it. */
static const char *copy_body(GString *out, const char *at, const char *const *members)
{
	gboolean first = TRUE;
	if (*at++ != '{')
		return NULL;
	g_string_append_c(out, '{');
	while (*at != '}') {
		const char *value = value_of(at), *end = value ? skip_value(value) : NULL;
		if (!end)
			return NULL;
		if (is_wanted(at, value, members)) {
			if (!first)
				g_string_append_c(out, ',');
			g_string_append_len(out, at, end - at);
			first = FALSE;
		}
		at = *end == ',' ? end + 1 : end;
	}
	g_string_append_c(out, '}');
	return at + 1;
}

char *excerpt_make(const char *envelope, const char *const *members)
{
	const char *at = envelope;
	while (*at == '{' || *at == ',') {
		const char *value = value_of(++at);
		if (!value)
			return NULL;
		if (is_wanted(at, value, (const char *const[]) { "body", NULL })) {
			g_autoptr(GString) out = g_string_new_len(envelope, value - envelope);
			const char *rest = copy_body(out, value, members);
			if (!rest)
				return NULL;
			g_string_append(out, rest);
			return g_string_free(g_steal_pointer(&out), FALSE);
		}
		at = skip_value(value);
		if (!at)
			return NULL;
	}
	return NULL;
}
