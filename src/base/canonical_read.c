#include "base/canonical.h"

#include <string.h>

#define DEPTH 100

typedef struct reading {
	const char *at, *end; /* *end is NUL */
	guint depth;
} reading;

static json_t *read_value(reading *r);

/* The bytes of a string between its quotes; what is escaped is put into *own, which then holds all of it. FALSE: not canonical. */
static gboolean read_string(reading *r, const char **text, gsize *length, GString **own)
{
	static const char escaped[] = "\"\\bfnrt", means[] = "\"\\\b\f\n\r\t";
	*own = NULL;
	*text = ++r->at;
	for (;;) {
		const char *from = r->at;
		while ((guchar)*r->at >= 0x20 && *r->at != '"' && *r->at != '\\')
			r->at++;
		if (*own)
			g_string_append_len(*own, from, r->at - from);
		if (*r->at == '"')
			break;
		const char *which = *r->at == '\\' && r->at[1] ? strchr(escaped, r->at[1]) : NULL;
		if (!which)
			return FALSE; /* a control character, which a general reader must look at */
		if (!*own)
			*own = g_string_new_len(*text, r->at - *text);
		g_string_append_c(*own, means[which - escaped]);
		r->at += 2;
	}
	*length = *own ? (*own)->len : (gsize)(r->at - *text);
	if (*own)
		*text = (*own)->str;
	r->at++;
	return TRUE;
}

static json_t *read_text(reading *r)
{
	const char *text;
	gsize length;
	GString *own;
	json_t *value = read_string(r, &text, &length, &own) ? json_stringn_nocheck(text, length) : NULL;
	if (own)
		g_string_free(own, TRUE);
	return value;
}

static json_t *read_number(reading *r)
{
	gsize n = strspn(r->at, "-+.0123456789e");
	char number[40], *end;
	if (n == 0 || n >= sizeof number)
		return NULL;
	memcpy(number, r->at, n);
	number[n] = '\0';
	gsize whole = strspn(number, "-0123456789");
	json_t *value = whole < n ? json_real(g_ascii_strtod(number, &end)) : n <= 17 ? json_integer(g_ascii_strtoll(number, &end, 10)) : NULL;
	if (!value)
		return NULL;
	if (*end || !g_ascii_isdigit(end[-1])) {
		json_decref(value);
		return NULL;
	}
	r->at += n;
	return value;
}

/* After an entry: is there another? Goes past the comma or the closing bracket; anything else is a fault. */
static gboolean goes_on(reading *r, char closing, gboolean *fault)
{
	char c = *r->at;
	*fault = c != ',' && c != closing;
	r->at += !*fault;
	return c == ',';
}

static json_t *read_array(reading *r)
{
	json_t *array = json_array();
	gboolean fault = FALSE, more = r->at[1] != ']';
	r->at += more ? 1 : 2;
	while (more && !fault) {
		json_t *value = read_value(r);
		fault = !value || json_array_append_new(array, value) != 0;
		more = !fault && goes_on(r, ']', &fault);
	}
	if (fault)
		json_decref(array);
	return fault ? NULL : array;
}

static gboolean read_member(reading *r, json_t *object)
{
	const char *name;
	gsize length;
	GString *own = NULL;
	gboolean ok = *r->at == '"' && read_string(r, &name, &length, &own) && *r->at == ':';
	if (ok) {
		r->at++;
		json_t *value = read_value(r);
		ok = value && !memchr(name, '\0', length) && json_object_setn_new_nocheck(object, name, length, value) == 0;
	}
	if (own)
		g_string_free(own, TRUE);
	return ok;
}

static json_t *read_object(reading *r)
{
	json_t *object = json_object();
	gboolean fault = FALSE, more = r->at[1] != '}';
	r->at += more ? 1 : 2;
	while (more && !fault) {
		fault = !read_member(r, object);
		more = !fault && goes_on(r, '}', &fault);
	}
	if (fault)
		json_decref(object);
	return fault ? NULL : object;
}

static json_t *read_word(reading *r)
{
	static const char *const words[] = { "true", "false", "null" };
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(r->at, words[i])) {
			r->at += strlen(words[i]);
			return i == 0 ? json_true() : i == 1 ? json_false() : json_null();
		}
	return read_number(r);
}

static json_t *read_value(reading *r)
{
	if (++r->depth > DEPTH)
		return NULL;
	json_t *value = *r->at == '"' ? read_text(r) : *r->at == '{' ? read_object(r) : *r->at == '[' ? read_array(r) : read_word(r);
	r->depth--;
	return value;
}

/* Where the first byte may stand that is not ASCII: at most seven before it. Most of a text is, and eight bytes are looked at at once. */
static gsize ascii_length(const char *bytes, gsize length)
{
	gsize n = 0;
	for (guint64 eight; length - n >= sizeof eight; n += sizeof eight) {
		memcpy(&eight, bytes + n, sizeof eight);
		if (eight & G_GUINT64_CONSTANT(0x8080808080808080))
			break;
	}
	return n;
}

json_t *canonical_read(const char *bytes, gsize length)
{
	gsize plain = ascii_length(bytes, length);
	reading r = { bytes, bytes + length, 0 };
	if (!g_utf8_validate(bytes + plain, (gssize)(length - plain), NULL) || (*bytes != '{' && *bytes != '['))
		return NULL;
	json_t *value = read_value(&r);
	if (value && r.at == r.end)
		return value;
	json_decref(value);
	return NULL;
}
