#include "base/canonical.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/language.h"

#define _(message) language_said(message)

/* exact: RFC 8785, with an error for what has no canonical form; else members stay in their order and any integer is written. */
static gboolean write_value(GString *out, const json_t *value, gboolean exact, GError **error);

gsize canonical_number(double value, char buffer[static 32])
{
	if (value == 0)
		return (gsize)g_snprintf(buffer, 32, "0"); /* -0 too */

	/* The shortest digits that read back as the same double. */
	char digits[32];
	for (int precision = 0; precision < 17; precision++) {
		char text[48];
		g_ascii_formatd(text, sizeof text, precision == 0 ? "%.0e" : ((char[]) { '%', '.', (char)('0' + precision / 10), (char)('0' + precision % 10), 'e', 0 }), fabs(value));
		g_strlcpy(digits, text, sizeof digits);
		if (g_ascii_strtod(text, NULL) == fabs(value))
			break;
	}
	char *exponent_text = strchr(digits, 'e');
	int exponent = (int)strtol(exponent_text + 1, NULL, 10);
	*exponent_text = '\0';
	char mantissa[20];
	int n = 0;
	for (const char *c = digits; *c; c++)
		if (*c != '.')
			mantissa[n++] = *c;
	while (n > 1 && mantissa[n - 1] == '0')
		n--;

	/* ECMA-262, Number::toString: k digits, point after the first e + 1 of them. */
	int point = exponent + 1;
	GString out = { .str = buffer, .len = 0, .allocated_len = 32 };
#define put(c) (out.str[out.len++] = (char)(c))
	if (value < 0)
		put('-');
	if (point > 0 && point <= 21) {
		for (int i = 0; i < MAX(n, point); i++) {
			if (i == point)
				put('.');
			put(i < n ? mantissa[i] : '0');
		}
	} else if (point > -6 && point <= 0) {
		put('0'), put('.');
		for (int i = point; i < 0; i++)
			put('0');
		for (int i = 0; i < n; i++)
			put(mantissa[i]);
	} else {
		put(mantissa[0]);
		if (n > 1)
			put('.');
		for (int i = 1; i < n; i++)
			put(mantissa[i]);
		out.len += (gsize)g_snprintf(buffer + out.len, 32 - out.len, "e%+d", point - 1);
	}
#undef put
	buffer[out.len] = '\0';
	return out.len;
}

/* The letter after the backslash of a character that is written so; 0: it is written as it is, 'u': by its number. */
static char escape_of(unsigned char c)
{
	static const char below[0x20] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";
	if (c < 0x20)
		return below[c];
	return c == '"' || c == '\\' ? (char)c : 0;
}

static void write_string(GString *out, const char *text, gsize length)
{
	const char *end = text + length, *plain = text;
	json_write_marks(out, "\"");
	for (const char *at = text;; at++) {
		char escape = 0;
		while (at < end && !(escape = escape_of((unsigned char)*at)))
			at++;
		json_write_bytes(out, plain, (gsize)(at - plain));
		if (at == end)
			break;
		plain = at + 1;
		g_string_append_c(out, '\\');
		g_string_append_c(out, escape);
		if (escape == 'u')
			g_string_append_printf(out, "%04x", (unsigned char)*at);
	}
	json_write_marks(out, "\"");
}

void json_write_string(GString *out, const char *text)
{
	write_string(out, text, strlen(text));
}

void json_write_integer(GString *out, gint64 n)
{
	char digits[20], *at = digits + sizeof digits;
	guint64 rest = n < 0 ? -(guint64)n : (guint64)n;
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10));
	if (n < 0)
		g_string_append_c(out, '-');
	json_write_bytes(out, at, (gsize)(digits + sizeof digits - at));
}

/* Order of UTF-16 code units: as code points, but that surrogates (U+10000 and up) come before U+E000..U+FFFF. */
static int compare_keys(const void *a, const void *b)
{
	const unsigned char *x = *(const unsigned char *const *)a, *y = *(const unsigned char *const *)b;
	while (*x && *x == *y)
		x++, y++;
	gboolean x_wide = *x >= 0xF0, y_wide = *y >= 0xF0;
	if (x_wide != y_wide && *x >= 0xEE && *y >= 0xEE)
		return x_wide ? -1 : 1;
	return (int)*x - (int)*y;
}

static gboolean write_object(GString *out, const json_t *object, gboolean exact, GError **error)
{
	gsize n = json_object_size(object), i = 0;
	g_autofree const char **keys = g_new(const char *, n + 1);
	const char *key;
	json_t *member;
	json_object_foreach((json_t *)object, key, member) keys[i++] = key;
	if (exact)
		qsort(keys, n, sizeof *keys, compare_keys);

	g_string_append_c(out, '{');
	for (i = 0; i < n; i++) {
		if (i)
			g_string_append_c(out, ',');
		write_string(out, keys[i], strlen(keys[i]));
		g_string_append_c(out, ':');
		if (!write_value(out, json_object_get(object, keys[i]), exact, error))
			return FALSE;
	}
	g_string_append_c(out, '}');
	return TRUE;
}

static gboolean write_value(GString *out, const json_t *value, gboolean exact, GError **error)
{
	char number[32];
	switch (json_typeof(value)) {
	case JSON_NULL:
		g_string_append(out, "null");
		return TRUE;
	case JSON_TRUE:
		g_string_append(out, "true");
		return TRUE;
	case JSON_FALSE:
		g_string_append(out, "false");
		return TRUE;
	case JSON_STRING:
		write_string(out, json_string_value(value), json_string_length(value));
		return TRUE;
	case JSON_INTEGER:
		if (exact && (json_integer_value(value) > 9007199254740992 || json_integer_value(value) < -9007199254740992)) {
			g_snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
			g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE, _("The integer %s is beyond 2^53 and has no exact JSON form; write it as text."), number);
			return FALSE;
		}
		json_write_integer(out, json_integer_value(value));
		return TRUE;
	case JSON_REAL:
		if (!isfinite(json_real_value(value))) {
			g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE, _("A number that is not finite has no JSON form; leave it out."));
			return FALSE;
		}
		canonical_number(json_real_value(value), number);
		g_string_append(out, number);
		return TRUE;
	case JSON_ARRAY:
		g_string_append_c(out, '[');
		for (gsize i = 0; i < json_array_size(value); i++) {
			if (i)
				g_string_append_c(out, ',');
			if (!write_value(out, json_array_get(value, i), exact, error))
				return FALSE;
		}
		g_string_append_c(out, ']');
		return TRUE;
	case JSON_OBJECT:
		return write_object(out, value, exact, error);
	}
	g_assert_not_reached();
}

char *canonical_text(const json_t *value, gsize *length, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	if (!write_value(out, value, TRUE, error))
		return NULL;
	if (length)
		*length = out->len;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

char *json_text(const json_t *value)
{
	GString *out = g_string_new(NULL);
	write_value(out, value, FALSE, NULL); /* jansson holds finite numbers only */
	return g_string_free(out, FALSE);
}

char *sha256_hex(const void *bytes, gsize length)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, bytes, length);
	char *hex = g_malloc(2 * sizeof hash + 1);
	sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
	return hex;
}

char *canonical_hash(const json_t *value, GError **error)
{
	gsize length;
	g_autofree char *text = canonical_text(value, &length, error);
	return text ? sha256_hex(text, length) : NULL;
}
