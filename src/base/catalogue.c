#include "base/catalogue.h"

#include <gio/gio.h>
#include <string.h>

#include "base/plural.h"

#define CATALOGUE_MESSAGES 100000

typedef struct entry {
	const char *text; /* forms separated by NUL */
	guint32 length;
} entry;

struct catalogue {
	GBytes *bytes;
	GHashTable *entries; /* msgid (context EOT msgid; the singular of a plural) -> entry */
	plural_rule *rule;
};

typedef struct reader {
	const guint8 *data;
	gsize size;
	gboolean swapped;
} reader;

static guint32 word_at(const reader *r, gsize offset)
{
	guint32 word;
	if (offset > r->size || r->size - offset < sizeof word)
		return 0;
	memcpy(&word, r->data + offset, sizeof word);
	return r->swapped ? GUINT32_SWAP_LE_BE(word) : word;
}

/* The string that the i-th descriptor of a table names; NULL if it does not lie within the file or is not ended. */
static const char *string_at(const reader *r, guint32 table, guint32 i, guint32 *length)
{
	gsize at = (gsize)table + (gsize)i * 8;
	if (at > r->size || r->size - at < 8)
		return NULL;
	guint32 offset = word_at(r, at + 4);
	*length = word_at(r, at);
	if (offset >= r->size || *length >= r->size - offset || r->data[offset + *length] != '\0')
		return NULL;
	const char *text = (const char *)r->data + offset;
	for (const char *part = text; part <= text + *length; part += strlen(part) + 1)
		if (!g_utf8_validate(part, -1, NULL))
			return NULL;
	return text;
}

static catalogue *damaged(catalogue *c, GError **error)
{
	catalogue_free(c);
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not a whole message catalogue (.mo); make it again with msgfmt");
	return NULL;
}

catalogue *catalogue_new(GBytes *bytes, GError **error)
{
	catalogue *c = g_new0(catalogue, 1);
	c->bytes = g_bytes_ref(bytes);
	c->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	reader r = { 0 };
	r.data = g_bytes_get_data(bytes, &r.size);
	guint32 magic = word_at(&r, 0);
	r.swapped = magic == 0xde120495;
	guint32 count = word_at(&r, 8), originals = word_at(&r, 12), translations = word_at(&r, 16);
	if (r.size < 28 || (magic != 0x950412de && !r.swapped) || word_at(&r, 4) >> 16 > 1 || count > CATALOGUE_MESSAGES)
		return damaged(c, error);
	for (guint32 i = 0; i < count; i++) {
		guint32 length;
		entry e;
		const char *message = string_at(&r, originals, i, &length);
		e.text = string_at(&r, translations, i, &e.length);
		if (!message || !e.text)
			return damaged(c, error);
		if (*e.text)
			g_hash_table_insert(c->entries, (gpointer)message, g_memdup2(&e, sizeof e));
	}
	const entry *header = g_hash_table_lookup(c->entries, "");
	const char *forms = header ? strstr(header->text, "Plural-Forms:") : NULL;
	c->rule = plural_rule_new(forms ? forms : "nplurals=2; plural=n!=1");
	return c->rule ? c : damaged(c, error);
}

void catalogue_free(catalogue *c)
{
	if (!c)
		return;
	plural_rule_free(c->rule);
	g_hash_table_unref(c->entries);
	g_bytes_unref(c->bytes);
	g_free(c);
}

const char *catalogue_text(const catalogue *c, const char *context, const char *message)
{
	const entry *e;
	if (!*message)
		return NULL;
	if (context) {
		g_autofree char *key = g_strconcat(context, "\004", message, NULL);
		e = g_hash_table_lookup(c->entries, key);
	} else {
		e = g_hash_table_lookup(c->entries, message);
	}
	return e ? e->text : NULL;
}

const char *catalogue_plural(const catalogue *c, const char *one, guint64 n)
{
	const entry *e = g_hash_table_lookup(c->entries, one);
	if (!e)
		return NULL;
	const char *text = e->text;
	for (guint form = plural_rule_form(c->rule, n); form; form--) {
		text += strlen(text) + 1;
		if (text > e->text + e->length)
			return NULL;
	}
	return text;
}
