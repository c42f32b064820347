#include "store/excerpt.h"

#include <string.h>

/* Canonical JSON has no white space and every member at its place, so that it can be cut without being parsed. Each function gives the byte
 * after what it skips, or NULL at the text's end. */
static const char *skip_string(const char *at)
{
	const char *first = at + 1;
	for (at = first; (at = strchr(at, '"')) != NULL; at++) {
		const char *escape = at;
		while (escape > first && escape[-1] == '\\')
			escape--;
		if ((at - escape) % 2 == 0) /* backslashes in pairs escape each other */
			return at + 1;
	}
	return NULL;
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

typedef enum wanted { UNWANTED, WHOLE, PARTLY } wanted;

/* The members that are wanted, and the path of the object we are in, which all that count begin with. */
typedef struct wishes {
	const char *const *members;
	const char *within;
	gsize length; /* of within, at its end a dot: "" or "results." */
} wishes;

static wanted is_wanted(const wishes *w, const char *name, gsize length)
{
	wanted found = UNWANTED;
	for (const char *const *member = w->members; *member && found != WHOLE; member++) {
		if (strncmp(*member, w->within, w->length) != 0 || (*member)[w->length] != *name || strncmp(*member + w->length, name, length) != 0)
			continue;
		char after = (*member)[w->length + length];
		if (after == '\0' || (after == '.' && found == UNWANTED))
			found = after ? PARTLY : WHOLE;
	}
	return found;
}

static const char *copy_object(GString *out, const char *at, const wishes *w);

/* Appends an object or a list of objects with only some members; anything else as it is. Gives the byte after it. */
static const char *copy_partly(GString *out, const char *at, const wishes *w)
{
	if (*at == '{')
		return copy_object(out, at, w);
	if (*at != '[') {
		const char *end = skip_value(at);
		g_string_append_len(out, at, end ? end - at : 0);
		return end;
	}
	g_string_append_c(out, *at++);
	while (at && *at && *at != ']') {
		at = copy_partly(out, at, w);
		if (at && *at == ',')
			g_string_append_c(out, *at++);
	}
	if (!at || !*at)
		return NULL;
	g_string_append_c(out, ']');
	return at + 1;
}

/* Appends the object that begins here with only some members. Gives the byte after it. */
static const char *copy_object(GString *out, const char *at, const wishes *w)
{
	gboolean first = TRUE;
	if (*at++ != '{')
		return NULL;
	g_string_append_c(out, '{');
	while (*at != '}') {
		const char *value = value_of(at);
		if (!value)
			return NULL;
		wanted how = is_wanted(w, at + 1, (gsize)(value - at) - 3); /* without two quotes and a colon */
		const char *end;
		if (how != UNWANTED) {
			if (!first)
				g_string_append_c(out, ',');
			g_string_append_len(out, at, value - at);
			first = FALSE;
		}
		if (how == PARTLY) {
			g_autofree char *within = g_strdup_printf("%s%.*s.", w->within, (int)(value - at) - 3, at + 1);
			end = copy_partly(out, value, &(wishes) { w->members, within, strlen(within) });
		} else {
			end = skip_value(value);
			if (end && how == WHOLE)
				g_string_append_len(out, value, end - value);
		}
		if (!end)
			return NULL;
		at = *end == ',' ? end + 1 : end;
	}
	g_string_append_c(out, '}');
	return at + 1;
}

char *excerpt_make(const char *envelope, const char *const *members)
{
	static const char body[] = "\"body\":";
	const char *at = envelope;
	while (*at == '{' || *at == ',') {
		const char *value = value_of(++at);
		if (!value)
			return NULL;
		if (g_str_has_prefix(at, body)) {
			g_autoptr(GString) out = g_string_new_len(envelope, value - envelope);
			const char *rest = copy_object(out, value, &(wishes) { members, "", 0 });
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
