#include <string.h>

#include "web/pages/case.h"

typedef struct candidate {
	char *id, *title;
	guint score;
	GPtrArray *shared; /* labels, owned */
} candidate;

static void candidate_free(gpointer data)
{
	candidate *c = data;
	g_free(c->id);
	g_free(c->title);
	g_ptr_array_unref(c->shared);
	g_free(c);
}

static gboolean add_sharing(GHashTable *candidates, const request *r, const record *rec, const char *path, const json_t *value, guint weight, GError **error)
{
	const char *text = json_string_value(value);
	const char *const values[] = { text, NULL };
	store_filter filter = { .path = path, .values = values };
	store_query q = { .kind = rec->kind->name, .filters = &filter, .n_filters = 1, .as_of = request_as_of(r), .limit = 200 };
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return FALSE;
	g_autofree char *label = view_value(r, kind_field(rec->kind, path), value);
	for (gsize i = 0; i < found->n; i++) {
		const store_hit *hit = &found->hits[i];
		if (!strcmp(hit->id, rec->id))
			continue;
		candidate *c = g_hash_table_lookup(candidates, hit->id);
		if (!c) {
			c = g_new0(candidate, 1);
			c->id = g_strdup(hit->id);
			c->title = g_strdup(hit->title);
			c->shared = g_ptr_array_new_with_free_func(g_free);
			g_hash_table_insert(candidates, c->id, c);
		}
		c->score += weight;
		g_ptr_array_add(c->shared, g_strdup(label));
	}
	return TRUE;
}

static int nearest_first(gconstpointer a, gconstpointer b)
{
	const candidate *one = *(candidate *const *)a, *two = *(candidate *const *)b;
	return one->score != two->score ? (one->score < two->score ? 1 : -1) : strcmp(one->title, two->title);
}

json_t *case_related(const request *r, const record *rec, guint limit, GError **error)
{
	static const struct {
		const char *path;
		guint weight;
	} things[] = { { "practices.practice", 3 }, { "commodities", 2 }, { "country", 2 }, { "mine_types", 1 } };
	g_autoptr(GHashTable) candidates = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, candidate_free);
	for (gsize i = 0; i < G_N_ELEMENTS(things); i++) {
		g_autoptr(GPtrArray) values = body_values(rec->body, things[i].path);
		g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
		for (guint j = 0; j < values->len; j++) {
			const json_t *value = g_ptr_array_index(values, j);
			if (g_hash_table_add(seen, (gpointer)json_string_value(value))
				&& !add_sharing(candidates, r, rec, things[i].path, value, things[i].weight, error))
				return NULL;
		}
	}
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	GHashTableIter iter;
	gpointer found;
	g_hash_table_iter_init(&iter, candidates);
	while (g_hash_table_iter_next(&iter, NULL, &found))
		g_ptr_array_add(sorted, found);
	g_ptr_array_sort(sorted, nearest_first);
	json_t *related = json_array();
	for (guint i = 0; i < MIN(sorted->len, limit); i++) {
		candidate *c = g_ptr_array_index(sorted, i);
		json_t *item = json_object();
		view_put(item, "title", c->title);
		view_take(item, "href", view_record_address(r, rec->kind, c->id));
		g_ptr_array_add(c->shared, NULL);
		g_autofree char *shared = language_list(request_language(r), (const char *const *)c->shared->pdata);
		view_take(item, "shared", view_message(language_text(request_language(r), "shares {things}"), "things", shared, NULL));
		json_array_append_new(related, item);
	}
	return related;
}
