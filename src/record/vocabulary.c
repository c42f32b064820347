#include "record/vocabulary.h"

#include <math.h>
#include <string.h>

#include "record/content.h"

struct vocabulary {
	const char *name, *label, *definition;
	json_t *file; /* owns every string */
	term *terms;
	gsize size;
	GHashTable *by_id;    /* id -> term */
	GHashTable *by_words; /* folded id, label and aliases -> term; owns its keys */
};

/* Case, width and accents' encoding folded, white space run together. */
static char *words_folded(const char *text)
{
	g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	if (!normal)
		return NULL;
	g_autofree char *folded = g_utf8_casefold(normal, -1);
	g_autoptr(GString) out = g_string_new(NULL);
	gboolean gap = FALSE;
	for (const char *c = folded; *c; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);
		if (g_unichar_isspace(u)) {
			gap = out->len > 0;
			continue;
		}
		if (gap)
			g_string_append_c(out, ' ');
		gap = FALSE;
		g_string_append_unichar(out, u);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void words_add(vocabulary *v, const char *text, term *t)
{
	char *key = words_folded(text);
	if (g_hash_table_contains(v->by_words, key))
		g_free(key);
	else
		g_hash_table_insert(v->by_words, key, t);
}

static const char *const *term_aliases(const json_t *list)
{
	gsize n = json_array_size(list);
	const char **aliases = g_new0(const char *, n + 1);
	for (gsize i = 0; i < n; i++)
		aliases[i] = json_string_value(json_array_get(list, i));
	return aliases;
}

static void term_read(term *t, const json_t *item)
{
	const json_t *factor = json_object_get(item, "factor");
	*t = (term) {
		.id = json_string_value(json_object_get(item, "id")),
		.label = json_string_value(json_object_get(item, "label")),
		.definition = json_string_value(json_object_get(item, "definition")),
		.broader = json_string_value(json_object_get(item, "broader")),
		.aliases = term_aliases(json_object_get(item, "aliases")),
		.dimension = json_string_value(json_object_get(item, "dimension")),
		.base = json_string_value(json_object_get(item, "base")),
		.factor = json_is_number(factor) ? json_number_value(factor) : NAN,
	};
}

static vocabulary *vocabulary_load(const char *name)
{
	g_autofree char *path = g_strdup_printf("vocabularies/%s.json", name);
	g_autoptr(GBytes) bytes = content_file(path);
	if (!bytes)
		g_error("There is no vocabulary \"%s\" in content/vocabularies; a kind names it.", name);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	json_error_t error;
	json_t *file = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!file)
		g_error("content/%s is not JSON: line %d: %s", path, error.line, error.text);

	const json_t *terms = json_object_get(file, "terms");
	vocabulary *v = g_new(vocabulary, 1);
	*v = (vocabulary) {
		.name = json_string_value(json_object_get(file, "name")),
		.label = json_string_value(json_object_get(file, "label")),
		.definition = json_string_value(json_object_get(file, "definition")),
		.file = file,
		.size = json_array_size(terms),
		.terms = g_new0(term, json_array_size(terms)),
		.by_id = g_hash_table_new(g_str_hash, g_str_equal),
		.by_words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	for (gsize i = 0; i < v->size; i++) {
		term *t = &v->terms[i];
		term_read(t, json_array_get(terms, i));
		if (!t->id || !t->label || !g_hash_table_insert(v->by_id, (gpointer)t->id, t))
			g_error("content/%s: term %zu has no id or label, or its id stands twice.", path, i + 1);
	}
	/* Ids before labels before aliases: the more exact word wins. */
	for (gsize i = 0; i < v->size; i++)
		words_add(v, v->terms[i].id, &v->terms[i]);
	for (gsize i = 0; i < v->size; i++)
		words_add(v, v->terms[i].label, &v->terms[i]);
	for (gsize i = 0; i < v->size; i++)
		for (const char *const *alias = v->terms[i].aliases; *alias; alias++)
			words_add(v, *alias, &v->terms[i]);
	return v;
}

const vocabulary *vocabulary_get(const char *name)
{
	static GRWLock lock;
	static GHashTable *loaded;
	static __thread const vocabulary *used[16]; /* lists ask for the same few again and again, by names that lie where they lay */

	const vocabulary **known = &used[GPOINTER_TO_SIZE(name) / 8 % G_N_ELEMENTS(used)];
	if (*known && strcmp((*known)->name, name) == 0)
		return *known;
	g_rw_lock_reader_lock(&lock);
	const vocabulary *v = loaded ? g_hash_table_lookup(loaded, name) : NULL;
	g_rw_lock_reader_unlock(&lock);
	if (v)
		return *known = v;

	g_rw_lock_writer_lock(&lock);
	if (!loaded)
		loaded = g_hash_table_new(g_str_hash, g_str_equal);
	v = g_hash_table_lookup(loaded, name);
	if (!v) {
		v = vocabulary_load(name);
		g_hash_table_insert(loaded, (gpointer)v->name, (gpointer)v);
	}
	g_rw_lock_writer_unlock(&lock);
	return v;
}

const char *vocabulary_name(const vocabulary *v)
{
	return v->name;
}

const char *vocabulary_label(const vocabulary *v)
{
	return v->label;
}

const char *vocabulary_definition(const vocabulary *v)
{
	return v->definition;
}

gsize vocabulary_size(const vocabulary *v)
{
	return v->size;
}

const term *vocabulary_term(const vocabulary *v, gsize index)
{
	return index < v->size ? &v->terms[index] : NULL;
}

const term *vocabulary_find(const vocabulary *v, const char *id)
{
	return g_hash_table_lookup(v->by_id, id);
}

const term *vocabulary_match(const vocabulary *v, const char *text)
{
	const term *t = vocabulary_find(v, text);
	if (t)
		return t;
	g_autofree char *key = words_folded(text);
	return key ? g_hash_table_lookup(v->by_words, key) : NULL;
}

/* Edits (insert, delete, replace a byte) between two short texts; anything beyond the bound counts as the bound. */
static guint edit_distance(const char *a, const char *b, guint bound)
{
	guint row[65];
	gsize n = strlen(a), m = strlen(b);
	if (m >= G_N_ELEMENTS(row) || n >= G_N_ELEMENTS(row) || (n > m ? n - m : m - n) >= bound)
		return bound;
	for (guint j = 0; j <= m; j++)
		row[j] = j;
	for (guint i = 1; i <= n; i++) {
		guint diagonal = row[0];
		row[0] = i;
		for (guint j = 1; j <= m; j++) {
			guint replaced = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
		}
	}
	return MIN(row[m], bound);
}

const char *vocabulary_nearest(const vocabulary *v, const char *text)
{
	g_autofree char *words = words_folded(text);
	if (!words)
		return NULL;
	const char *nearest = NULL;
	guint best = (guint)MIN(strlen(words), 63) / 3 + 2; /* nothing further off than a third of the text is near */
	GHashTableIter iter;
	gpointer key, value;
	g_hash_table_iter_init(&iter, v->by_words);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const term *t = value;
		guint distance = edit_distance(words, key, best + 1);
		if (distance < best || (nearest && distance == best && strcmp(t->id, nearest) < 0))
			nearest = t->id, best = distance;
	}
	return nearest;
}
