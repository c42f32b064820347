#include "web/address.h"

#include <string.h>

#include "base/language.h"

static gboolean refuse(refusal *why, int status, const char *detail)
{
	why->status = status;
	why->detail = detail;
	return FALSE;
}

/* Decodes %XX (and + where asked) in place; FALSE for a broken escape. */
static gboolean decode(char *text, gboolean plus)
{
	char *to = text;
	for (const char *from = text; *from; from++) {
		if (*from == '%') {
			int high = g_ascii_xdigit_value(from[1]);
			int low = high < 0 ? -1 : g_ascii_xdigit_value(from[2]);
			if (low < 0)
				return FALSE;
			*to = (char)(high * 16 + low);
			if (*to++ == '\0')
				return FALSE;
			from += 2;
		} else {
			*to++ = plus && *from == '+' ? ' ' : *from;
		}
	}
	*to = '\0';
	return TRUE;
}

static gboolean has_control(const char *text, const char *allowed)
{
	for (; *text; text++)
		if (((guchar)*text < 0x20 && !strchr(allowed, *text)) || *text == 0x7f)
			return TRUE;
	return FALSE;
}

gboolean parameters_parse(char *text, gsize value_limit, GArray *parameters, refusal *why)
{
	for (char *pair = text, *next; pair; pair = next) {
		next = strchr(pair, '&');
		if (next)
			*next++ = '\0';
		if (!*pair)
			continue;
		char *value = strchr(pair, '=');
		if (value)
			*value++ = '\0';
		else
			value = pair + strlen(pair);
		if (parameters->len == ADDRESS_PARAMETERS)
			return refuse(why, 400, N_("There are too many parameters; ask for fewer at once."));
		if (!decode(pair, TRUE) || !decode(value, TRUE))
			return refuse(why, 400, N_("A percent sign must be followed by two hexadecimal digits, and may not stand for the zero byte."));
		if (!g_utf8_validate(pair, -1, NULL) || !g_utf8_validate(value, -1, NULL))
			return refuse(why, 400, N_("Parameters must be UTF-8 text."));
		if (has_control(pair, "") || has_control(value, "\t\r\n"))
			return refuse(why, 400, N_("Parameters may not hold control characters."));
		if (strlen(pair) > ADDRESS_NAME || strlen(value) > value_limit)
			return refuse(why, 400, N_("A parameter is too long; shorten it."));
		const parameter p = { pair, value };
		g_array_append_val(parameters, p);
	}
	return TRUE;
}

const char *parameters_get(const GArray *parameters, const char *name)
{
	for (guint i = 0; i < parameters->len; i++)
		if (strcmp(g_array_index(parameters, parameter, i).name, name) == 0)
			return g_array_index(parameters, parameter, i).value;
	return NULL;
}

static gboolean check_segments(const char *path, refusal *why)
{
	guint segments = 0;
	for (const char *segment = path + 1; segment; segments++) {
		const char *end = strchrnul(segment, '/');
		gsize length = (gsize)(end - segment);
		if (length == 0)
			return refuse(why, 400, N_("The address has an empty part (two slashes)."));
		if ((length == 1 && segment[0] == '.') || (length == 2 && strncmp(segment, "..", 2) == 0))
			return refuse(why, 400, N_("The address may not hold “.” or “..” parts."));
		segment = *end ? end + 1 : NULL;
	}
	return segments <= ADDRESS_SEGMENTS || refuse(why, 404, N_("The address has more parts than any page."));
}

static const char *tag_of(const char *text, gsize length)
{
	if (length < 2 || length > 8)
		return NULL;
	char tag[9] = { 0 };
	memcpy(tag, text, length);
	const language *l = language_get(tag);
	return l && strcmp(language_tag(l), tag) == 0 ? language_tag(l) : NULL;
}

const char *address_prefix(const char *target)
{
	return *target == '/' ? tag_of(target + 1, strcspn(target + 1, "/?")) : NULL;
}

gboolean address_parse(const char *target, address *out, refusal *why)
{
	*out = (address){ .parameters = g_array_new(FALSE, FALSE, sizeof(parameter)) };
	if (strlen(target) > ADDRESS_LENGTH)
		return refuse(why, 414, N_("The address is too long; ask for less at once."));
	if (*target != '/')
		return refuse(why, 400, N_("The address must begin with a slash."));
	out->buffer = g_strdup(target);
	out->path = out->buffer;
	if (strpbrk(out->buffer, "#\\ "))
		return refuse(why, 400, N_("The address may not hold “#”, a space or a backslash."));
	char *query = strchr(out->buffer, '?');
	if (query)
		*query++ = '\0';
	g_autofree char *lower = g_ascii_strdown(out->path, -1);
	if (strstr(lower, "%2f") || strstr(lower, "%5c"))
		return refuse(why, 400, N_("The path may not hold an escaped slash or backslash."));
	if (!decode(out->path, FALSE))
		return refuse(why, 400, N_("A percent sign must be followed by two hexadecimal digits, and may not stand for the zero byte."));
	if (!g_utf8_validate(out->path, -1, NULL))
		return refuse(why, 400, N_("The path must be UTF-8 text."));
	if (has_control(out->path, ""))
		return refuse(why, 400, N_("The path may not hold control characters."));
	if (query && !parameters_parse(query, ADDRESS_VALUE, out->parameters, why))
		return FALSE;
	out->prefix = tag_of(out->path + 1, strcspn(out->path + 1, "/"));
	if (out->prefix) {
		out->path += 1 + strlen(out->prefix);
		if (*out->path == '\0') {
			out->path--;
			*out->path = '/'; /* over the last letter of the tag */
		}
	}
	gsize length = strlen(out->path);
	if (length > 1 && out->path[length - 1] == '/') {
		out->path[length - 1] = '\0';
		out->trailing_slash = TRUE;
	}
	return strcmp(out->path, "/") == 0 || check_segments(out->path, why);
}

void address_clear(address *a)
{
	g_clear_pointer(&a->buffer, g_free);
	g_clear_pointer(&a->parameters, g_array_unref);
}

void address_escape(GString *out, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (const guchar *c = (const guchar *)text; *c; c++) {
		const guchar *from = c;
		while (g_ascii_isalnum(*c) || (*c && strchr("-._~,:", *c)))
			c++;
		g_string_append_len(out, (const char *)from, c - from);
		if (!*c)
			return;
		const char escaped[] = { '%', hex[*c >> 4], hex[*c & 15] };
		g_string_append_len(out, escaped, sizeof escaped);
	}
}
