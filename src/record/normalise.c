#include <math.h>
#include <string.h>

#include "record/bounds.h"
#include "record/validate.h"
#include "record/value.h"
#include "record/vocabulary.h"

static gboolean is_line_space(gunichar c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* One line: every run of white space is one space. */
static void append_line(GString *out, const char *text)
{
	gboolean gap = FALSE;
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (is_line_space(c)) {
			gap = TRUE;
			continue;
		}
		if (gap && out->len)
			g_string_append_c(out, ' ');
		gap = FALSE;
		g_string_append_unichar(out, c);
	}
}

/* Paragraphs: line ends become \n, white space at the ends goes. */
static void append_paragraphs(GString *out, const char *text)
{
	while (*text && is_line_space(g_utf8_get_char(text)))
		text = g_utf8_next_char(text);
	gsize kept = 0;
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (c == '\r') {
			if (at[1] != '\n')
				g_string_append_c(out, '\n');
			continue;
		}
		g_string_append_unichar(out, c);
		if (!is_line_space(c))
			kept = out->len;
	}
	g_string_truncate(out, kept);
}

/* NULL if the text holds a zero byte or is not UTF-8: left for validation to name. */
static char *text_cleaned(const json_t *value, gboolean paragraphs)
{
	const char *text = json_string_value(value);
	if (strlen(text) != json_string_length(value))
		return NULL;
	g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
	if (!normal)
		return NULL;
	GString *out = g_string_new(NULL);
	if (paragraphs)
		append_paragraphs(out, normal);
	else
		append_line(out, normal);
	return g_string_free(out, FALSE);
}

/* Is it a number as JSON writes it? "1,234" and "1.234.567" are not: nobody knows what they mean. */
static gboolean text_is_number(const char *text)
{
	const char *at = text + (*text == '-');
	gsize digits = strspn(at, "0123456789");
	if (digits == 0 || strlen(text) > 300)
		return FALSE;
	at += digits;
	if (*at == '.') {
		gsize decimals = strspn(at + 1, "0123456789");
		if (decimals == 0)
			return FALSE;
		at += 1 + decimals;
	}
	if (*at == 'e' || *at == 'E') {
		at += 1 + (at[1] == '+' || at[1] == '-');
		gsize exponent = strspn(at, "0123456789");
		if (exponent == 0)
			return FALSE;
		at += exponent;
	}
	return !*at;
}

static json_t *number_cleaned(double number)
{
	if (number == floor(number) && fabs(number) <= LIMIT_NUMBER)
		return json_integer((json_int_t)number);
	return json_real(number);
}

static json_t *text_normalise(const field *f, const json_t *value)
{
	g_autofree char *text = text_cleaned(value, f->type == FIELD_TEXT);
	if (!text)
		return json_incref((json_t *)value);
	if (!*text)
		return NULL;
	switch (f->type) {
	case FIELD_TERM: {
		const term *t = vocabulary_match(vocabulary_get(f->of), text);
		return json_string(t ? t->id : text);
	}
	case FIELD_NUMBER:
	case FIELD_COUNT:
	case FIELD_YEAR:
	case FIELD_SOURCE: {
		double number = text_is_number(text) ? g_ascii_strtod(text, NULL) : NAN;
		return isfinite(number) ? number_cleaned(number) : json_string(text);
	}
	case FIELD_YESNO:
		if (g_ascii_strcasecmp(text, "true") == 0 || g_ascii_strcasecmp(text, "yes") == 0)
			return json_true();
		if (g_ascii_strcasecmp(text, "false") == 0 || g_ascii_strcasecmp(text, "no") == 0)
			return json_false();
		return json_string(text);
	default:
		return json_string(text);
	}
}

static json_t *object_normalise(const field *fields, const json_t *object);

/* NULL: nothing is left of it. */
static json_t *entry_normalise(const field *f, const json_t *value)
{
	if (json_is_null(value))
		return NULL;
	if (json_is_string(value) && f->type != FIELD_GROUP && f->type != FIELD_GEOMETRY)
		return text_normalise(f, value);
	if (json_is_integer(value) && f->type == FIELD_DATE)
		return json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_real(value))
		return number_cleaned(json_real_value(value));
	if (json_is_object(value) && f->type == FIELD_GROUP) {
		json_t *object = object_normalise(f->fields, value);
		if (json_object_size(object))
			return object;
		json_decref(object);
		return NULL;
	}
	return json_incref((json_t *)value);
}

static json_t *value_normalise(const field *f, const json_t *value)
{
	if (!(f->flags & FIELD_REPEATED))
		return entry_normalise(f, value);
	json_t *list = json_array();
	if (json_is_array(value)) {
		gsize i;
		json_t *entry;
		json_array_foreach(value, i, entry) {
			json_t *clean = entry_normalise(f, entry);
			if (clean)
				json_array_append_new(list, clean);
		}
	} else {
		json_t *clean = entry_normalise(f, value); /* a single entry given without its list */
		if (clean)
			json_array_append_new(list, clean);
	}
	if (json_array_size(list))
		return list;
	json_decref(list);
	return NULL;
}

/* Members in the order of the declaration; strange ones after them, as they are. */
static json_t *object_normalise(const field *fields, const json_t *object)
{
	json_t *clean = json_object();
	for (const field *f = fields; f->name; f++) {
		const json_t *value = json_object_get(object, f->name);
		json_t *kept = value ? value_normalise(f, value) : NULL;
		if (kept)
			json_object_set_new(clean, f->name, kept);
	}
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)object, name, value) {
		gboolean declared = FALSE;
		for (const field *f = fields; f->name && !declared; f++)
			declared = strcmp(f->name, name) == 0;
		if (!declared)
			json_object_set(clean, name, value);
	}
	return clean;
}

json_t *body_normalise(const kind *k, const json_t *body)
{
	if (!json_is_object(body))
		return json_incref((json_t *)body);
	return object_normalise(k->fields, body);
}
