#include "record/collected_words.h"

#include <string.h>

#include "record/content.h"
#include "record/vocabulary.h"

static json_t *file_read(const char *name)
{
	g_autofree char *path = g_strdup_printf("collected/%s.json", name);
	g_autoptr(GBytes) bytes = content_file(path);
	gsize length = 0;
	json_error_t error;
	json_t *file = bytes ? json_loadb(g_bytes_get_data(bytes, &length), g_bytes_get_size(bytes), JSON_REJECT_DUPLICATES, &error) : NULL;
	if (!file)
		g_error("The embedded content/%s is missing or not JSON; the program was built from a damaged tree.", path);
	return file;
}

/* One of the files, read once and kept. */
static const json_t *words_file(const char *name)
{
	static GMutex lock;
	static json_t *files;
	g_mutex_lock(&lock);
	if (!files)
		files = json_object();
	const json_t *file = json_object_get(files, name);
	if (!file) {
		json_object_set_new(files, name, file_read(name));
		file = json_object_get(files, name);
	}
	g_mutex_unlock(&lock);
	return file;
}

const char *words_term(const char *list, const char *raw)
{
	const json_t *id = json_object_get(json_object_get(words_file("words"), list), raw);
	if (id)
		return json_string_value(id);
	const term *t = vocabulary_match(vocabulary_get(list), raw);
	return t ? t->id : NULL;
}

const json_t *words_organisations(const char *record_id, const char *raw)
{
	const json_t *names = json_object_get(words_file("words"), "organisations");
	g_autofree char *own = g_strconcat(record_id, "|", raw, NULL);
	const json_t *ids = json_object_get(names, own);
	return ids ? ids : json_object_get(names, raw);
}

const json_t *words_case_practices(const char *record_id)
{
	return json_object_get(words_file("case-practices"), record_id);
}

const json_t *words_pledge_details(const char *record_id)
{
	return json_object_get(words_file("pledge-details"), record_id);
}

/* Shipped records of a kind by id, and their ids by folded name. */
typedef struct shipped {
	const kind *kind;
	json_t *records;
	GHashTable *by_id, *by_name;
} shipped;

static char *name_folded(const char *name)
{
	g_autofree char *normal = g_utf8_normalize(name, -1, G_NORMALIZE_ALL_COMPOSE);
	return normal ? g_utf8_casefold(normal, -1) : g_strdup("");
}

static void shipped_name(shipped *s, const json_t *name, const char *id)
{
	char *key = json_is_string(name) ? name_folded(json_string_value(name)) : NULL;
	if (!key || g_hash_table_contains(s->by_name, key))
		g_free(key);
	else
		g_hash_table_insert(s->by_name, key, (gpointer)id);
}

static void shipped_read(shipped *s, const kind *k, const char *aliases)
{
	gsize i, j;
	json_t *item, *alias;
	s->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	s->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->records = content_records(k);
	json_array_foreach(s->records, i, item) {
		const char *id = json_string_value(json_object_get(item, "id"));
		g_hash_table_insert(s->by_id, (gpointer)id, json_object_get(item, "body"));
		shipped_name(s, json_object_get(json_object_get(item, "body"), k->title), id);
	}
	json_array_foreach(s->records, i, item) json_array_foreach(json_object_get(json_object_get(item, "body"), aliases), j, alias)
	    shipped_name(s, alias, json_string_value(json_object_get(item, "id")));
	s->kind = k;
}

static const shipped *shipped_get(const char *kind_name)
{
	static GMutex lock;
	static shipped organisations, practices;
	gboolean practice = strcmp(kind_name, "practice") == 0;
	shipped *s = practice ? &practices : &organisations;
	g_mutex_lock(&lock);
	if (!s->kind)
		shipped_read(s, kind_by_name(kind_name), practice ? "also_called" : "aliases");
	g_mutex_unlock(&lock);
	return s;
}

const json_t *words_shipped(const char *kind_name, const char *id)
{
	return g_hash_table_lookup(shipped_get(kind_name)->by_id, id);
}

const char *words_shipped_id(const char *kind_name, const char *name)
{
	g_autofree char *key = name_folded(name);
	return g_hash_table_lookup(shipped_get(kind_name)->by_name, key);
}
