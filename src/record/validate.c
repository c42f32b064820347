#include "record/validate.h"

#include <string.h>

#include "base/canonical.h"
#include "base/slug.h"
#include "record/bounds.h"
#include "record/message.h"
#include "record/value.h"
#include "record/vocabulary.h"

#define FAULTS_MAX 1000 /* nobody reads more */

typedef struct validation {
	const record_lookup *lookup;
	GPtrArray *faults;
	GString *pointer;
	GHashTable *sources; /* numbers of the record's own sources */
} validation;

static void found(validation *v, const char *remedy, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void found(validation *v, const char *remedy, const char *format, ...)
{
	if (v->faults->len >= FAULTS_MAX)
		return;
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	fault_add(v->faults, v->pointer->str, message, remedy);
}

/* RFC 6901: "~" and "/" in a name are escaped. */
static gsize pointer_push(GString *pointer, const char *name)
{
	gsize before = pointer->len;
	g_string_append_c(pointer, '/');
	for (const char *c = name; *c && pointer->len < before + 200; c++)
		if (*c == '~')
			g_string_append(pointer, "~0");
		else if (*c == '/')
			g_string_append(pointer, "~1");
		else
			g_string_append_c(pointer, *c);
	return before;
}

/* The head of a text, whole characters, for a message. */
static char *excerpt(const char *text)
{
	g_autofree char *head = g_strndup(text, 200);
	g_autofree char *valid = g_utf8_make_valid(head, -1);
	if (g_utf8_strlen(valid, -1) <= 40)
		return g_steal_pointer(&valid);
	g_autofree char *short_text = g_utf8_substring(valid, 0, 40);
	return g_strconcat(short_text, "...", NULL);
}

static const char *json_type_name(const json_t *value)
{
	static const char *const names[] = { N_("an object"), N_("a list"), N_("text"), N_("a number"), N_("a number"), N_("true"), N_("false"), N_("null") };
	return _(names[json_typeof(value)]);
}

static void text_validate(validation *v, const json_t *value, gboolean paragraphs)
{
	gsize length = json_string_length(value), most = paragraphs ? LIMIT_TEXT : LIMIT_LINE;
	const char *text = json_string_value(value);
	if (!text_is_clean(text, length, paragraphs))
		found(v, paragraphs ? _("Leave out control characters and white space at the ends; leave out the field if there is nothing to say.")
		                    : _("Write it on one line without white space at the ends; leave out the field if there is nothing to say."),
		    "%s", length == 0 ? _("the text is empty") : _("the text has control characters or white space at its ends"));
	else if ((gsize)g_utf8_strlen(text, -1) > most)
		found(v, _("Shorten it."), _("the text has %ld characters, the most is %zu"), g_utf8_strlen(text, -1), most);
}

static void term_validate(validation *v, const field *f, const char *text)
{
	const vocabulary *list = vocabulary_get(f->of);
	if (vocabulary_find(list, text))
		return;
	g_autofree char *word = excerpt(text);
	const char *nearest = strlen(text) <= 200 ? vocabulary_nearest(list, text) : NULL;
	g_autofree char *remedy = nearest ? g_strdup_printf(_("Did you mean \"%s\"?"), nearest) : g_strdup_printf(_("Use an id of the vocabulary \"%s\"."), f->of);
	found(v, remedy, _("\"%s\" is not in the vocabulary \"%s\""), word, f->of);
}

static void reference_validate(validation *v, const field *f, const char *id)
{
	g_autofree char *word = excerpt(id);
	if (!slug_is_valid(id))
		found(v, _("Ids are lower-case letters, digits and single hyphens."), _("\"%s\" is not the id of a record"), word);
	else if (v->lookup && !v->lookup->exists(v->lookup->data, f->of, id)) {
		g_autofree char *remedy = g_strdup_printf(_("Add that %s first or in the same import, or correct the id."), f->of);
		found(v, remedy, _("there is no %s \"%s\""), f->of, word);
	}
}

static void number_validate(validation *v, const field *f, const json_t *value)
{
	double minimum, maximum, number = json_number_value(value);
	gint64 whole;
	field_bounds(f, &minimum, &maximum);
	if (f->type != FIELD_NUMBER && !value_is_whole(value, &whole))
		found(v, _("Write a whole number."), _("%g is not a whole number"), number);
	else if (!(number >= minimum && number <= maximum)) {
		char is[32], least[32], most[32];
		canonical_number(number, is);
		canonical_number(minimum, least);
		canonical_number(maximum, most);
		found(v, _("Correct the figure or its unit."), _("%s is outside %s to %s"), is, least, most);
	}
}

static void source_validate(validation *v, const json_t *value)
{
	gint64 n;
	if (!value_is_whole(value, &n) || n < 1 || n > LIMIT_SOURCES)
		found(v, _("Give the number n of one of the record's sources."), _("%g is not the number of a source"), json_number_value(value));
	else if (!g_hash_table_contains(v->sources, GSIZE_TO_POINTER((gsize)n)))
		found(v, _("Add the source, or give the number of another one: a figure without a source is not published."),
		    _("the record has no source %ld"), (long)n);
}

static gboolean expect(validation *v, const json_t *value, gboolean right, const char *what)
{
	if (!right)
		found(v, _("Give a value of that type, or leave the field out: what is absent counts as not reported."), _("expected %s, found %s"), what, json_type_name(value));
	return right;
}

static void object_validate(validation *v, const field *fields, const json_t *object);

/* One entry: not the list around it. */
static void entry_validate(validation *v, const field *f, const json_t *value)
{
	const char *text = json_string_value(value);
	if (text && strlen(text) != json_string_length(value)) {
		found(v, _("Take it out."), _("the text has a zero byte"));
		return;
	}
	switch (f->type) {
	case FIELD_LINE:
	case FIELD_TEXT:
		if (expect(v, value, json_is_string(value), _("text")))
			text_validate(v, value, f->type == FIELD_TEXT);
		break;
	case FIELD_TERM:
		if (expect(v, value, json_is_string(value), _("a term")))
			term_validate(v, f, text);
		break;
	case FIELD_REF:
		if (expect(v, value, json_is_string(value), _("an id")))
			reference_validate(v, f, text);
		break;
	case FIELD_DATE:
		if (expect(v, value, json_is_string(value), _("a date")) && !date_is_valid(text)) {
			g_autofree char *word = excerpt(text);
			found(v, _("Write YYYY, YYYY-MM or YYYY-MM-DD, as exactly as the source says."), _("\"%s\" is not a date"), word);
		}
		break;
	case FIELD_TIME:
		if (expect(v, value, json_is_string(value), _("a time of day")) && !time_is_valid(text))
			found(v, _("Write it as HH:MM, such as 10:30."), "%s", _("this is not a time of day"));
		break;
	case FIELD_SHA256:
		if (expect(v, value, json_is_string(value), _("a checksum")) && !sha256_is_valid(text))
			found(v, _("Give 64 digits, 0 to 9 and a to f."), "%s", _("the checksum is not a SHA-256"));
		break;
	case FIELD_URL:
		if (expect(v, value, json_is_string(value), _("an address")) && (!url_is_valid(text) || g_utf8_strlen(text, -1) > LIMIT_URL)) {
			g_autofree char *word = excerpt(text);
			found(v, _("Write it out from http:// or https://, at most 2000 characters, other characters percent-encoded."), _("\"%s\" is not a web address"), word);
		}
		break;
	case FIELD_YEAR:
	case FIELD_COUNT:
	case FIELD_NUMBER:
		if (expect(v, value, json_is_number(value), _("a number")))
			number_validate(v, f, value);
		break;
	case FIELD_SOURCE:
		if (expect(v, value, json_is_number(value), _("the number of a source")))
			source_validate(v, value);
		break;
	case FIELD_YESNO:
		expect(v, value, json_is_boolean(value), _("true or false"));
		break;
	case FIELD_GEOMETRY:
		if (expect(v, value, json_is_object(value), _("a GeoJSON geometry")))
			geometry_validate(value, v->pointer->str, v->faults);
		break;
	case FIELD_GROUP:
		if (expect(v, value, json_is_object(value), _("an object")))
			object_validate(v, f->fields, value);
		break;
	}
}

static void list_validate(validation *v, const field *f, const json_t *list)
{
	gsize n = json_array_size(list), i;
	const json_t *entry;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	if (n == 0)
		found(v, _("Leave the field out: what is absent counts as not reported."), _("the list is empty"));
	if (n > LIMIT_LIST) {
		found(v, _("Split the record."), _("the list has %zu entries, the most is %d"), n, LIMIT_LIST);
		return;
	}
	json_array_foreach(list, i, entry) {
		gsize before = v->pointer->len;
		g_string_append_printf(v->pointer, "/%" G_GSIZE_FORMAT, i);
		entry_validate(v, f, entry);
		if ((f->flags & FIELD_UNIQUE) && json_is_string(entry) && !g_hash_table_add(seen, (gpointer)json_string_value(entry)))
			found(v, _("Keep one of them."), _("the entry stands twice"));
		g_string_truncate(v->pointer, before);
	}
}

static const field *field_named(const field *fields, const char *name)
{
	for (const field *f = fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static void object_validate(validation *v, const field *fields, const json_t *object)
{
	const char *name;
	json_t *value;
	if (json_object_size(object) == 0)
		found(v, _("Fill it, or leave it out."), _("the object is empty"));
	json_object_foreach((json_t *)object, name, value) {
		gsize before = pointer_push(v->pointer, name);
		const field *f = field_named(fields, name);
		if (!f)
			found(v, _("Leave it out, or correct its name; \"aftermine schema KIND\" lists the fields."), _("there is no such field"));
		else if (!(f->flags & FIELD_REPEATED))
			entry_validate(v, f, value);
		else if (expect(v, value, json_is_array(value), _("a list")))
			list_validate(v, f, value);
		g_string_truncate(v->pointer, before);
	}
	for (const field *f = fields; f->name; f++)
		if ((f->flags & FIELD_REQUIRED) && !json_object_get(object, f->name)) {
			gsize before = pointer_push(v->pointer, f->name);
			found(v, _(f->help), _("%s is missing"), _(f->label));
			g_string_truncate(v->pointer, before);
		}
}

/* Numbers of the record's sources; one that stands twice is a fault. */
static void sources_collect(validation *v, const json_t *body)
{
	const json_t *sources = json_object_get(body, "sources"), *source;
	gsize i;
	json_array_foreach(sources, i, source) {
		gint64 n;
		if (!value_is_whole(json_object_get(source, "n"), &n) || n < 1)
			continue;
		if (!g_hash_table_add(v->sources, GSIZE_TO_POINTER((gsize)n))) {
			gsize before = v->pointer->len;
			g_string_append_printf(v->pointer, "/sources/%" G_GSIZE_FORMAT "/n", i);
			found(v, _("Number the sources differently."), _("two sources have the number %ld"), (long)n);
			g_string_truncate(v->pointer, before);
		}
	}
}

static gboolean size_is_bounded(validation *v, const json_t *body)
{
	gsize length = 0;
	g_autoptr(GError) error = NULL;
	g_autofree char *bytes = canonical_text(body, &length, &error);
	if (!bytes)
		found(v, _("Write such a number as text, or correct it."), "%s", error->message);
	else if (length > LIMIT_RECORD)
		found(v, _("Split the record, or simplify its geometry."), _("the record has %zu bytes, the most is %d"), length, LIMIT_RECORD);
	return bytes && length <= LIMIT_RECORD;
}

GPtrArray *body_validate(const kind *k, const json_t *body, const record_lookup *lookup)
{
	g_autoptr(GString) pointer = g_string_new(NULL);
	g_autoptr(GHashTable) sources = g_hash_table_new(NULL, NULL);
	validation v = { .lookup = lookup, .faults = faults_new(), .pointer = pointer, .sources = sources };
	if (expect(&v, body, json_is_object(body), _("an object")) && size_is_bounded(&v, body)) {
		sources_collect(&v, body);
		object_validate(&v, k->fields, body);
		for (const check *c = k->checks; c && c->run; c++)
			c->run(body, v.faults);
	}
	return v.faults;
}
