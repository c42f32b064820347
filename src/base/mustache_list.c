#include "base/mustache_tree.h"

#include <string.h>

const char mustache_true[] = "true";

mustache_list *mustache_list_new(pool *p, const char *const *members)
{
	mustache_list *list = pool_take(p, sizeof *list);
	list->json = (json_t){ MUSTACHE_LIST, (size_t)-1 };
	list->pool = p;
	list->members = members;
	list->n_members = g_strv_length((char **)members);
	list->end = &list->first;
	return list;
}

mustache_cell *mustache_list_add(mustache_list *list)
{
	entry *e = pool_take(list->pool, sizeof *e + list->n_members * sizeof *e->cells);
	*list->end = e;
	list->end = &e->next;
	list->size++;
	return e->cells;
}

guint mustache_list_size(const mustache_list *list)
{
	return list->size;
}

json_t *mustache_list_json(mustache_list *list)
{
	return &list->json;
}
