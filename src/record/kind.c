#include "record/kind.h"

#include <string.h>

const kind *kind_by_name(const char *name)
{
	for (gsize i = 0; i < kinds_count; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const kind *kind_by_plural(const char *plural)
{
	for (gsize i = 0; i < kinds_count; i++)
		if (strcmp(kinds[i]->plural, plural) == 0)
			return kinds[i];
	return NULL;
}

static const field *field_named(const field *fields, const char *name, gsize length)
{
	for (const field *f = fields; f && f->name; f++)
		if (strlen(f->name) == length && memcmp(f->name, name, length) == 0)
			return f;
	return NULL;
}

const field *kind_field(const kind *k, const char *path)
{
	const field *fields = k->fields, *found = NULL;
	for (;;) {
		gsize length = strcspn(path, ".");
		found = field_named(fields, path, length);
		if (!found || !path[length])
			return found;
		fields = found->fields;
		path += length + 1;
	}
}

static void each_field(const field *fields, const char *prefix, void (*visit)(const char *path, const field *f, gpointer data), gpointer data)
{
	for (const field *f = fields; f->name; f++) {
		g_autofree char *path = *prefix ? g_strconcat(prefix, ".", f->name, NULL) : g_strdup(f->name);
		visit(path, f, data);
		if (f->fields)
			each_field(f->fields, path, visit, data);
	}
}

void kind_each_field(const kind *k, void (*visit)(const char *path, const field *f, gpointer data), gpointer data)
{
	each_field(k->fields, "", visit, data);
}

const json_t *kind_lead(const kind *k, const json_t *body)
{
	const json_t *best = NULL, *entry;
	int highest = -1;
	gsize i;
	json_array_foreach(k->lead ? json_object_get(body, k->lead) : NULL, i, entry) {
		int rank = k->lead_rank(entry);
		if (rank > highest) {
			best = entry;
			highest = rank;
		}
	}
	return best;
}

void body_each_value(const json_t *body, const char *path, void (*visit)(const json_t *value, gpointer data), gpointer data)
{
	if (json_is_array(body)) {
		gsize i;
		json_t *entry;
		json_array_foreach(body, i, entry) body_each_value(entry, path, visit, data);
	} else if (!*path) {
		if (body && !json_is_null(body))
			visit(body, data);
	} else if (json_is_object(body)) {
		gsize length = strcspn(path, ".");
		body_each_value(json_object_getn(body, path, length), path[length] ? path + length + 1 : path + length, visit, data);
	}
}

static void collect_value(const json_t *value, gpointer found)
{
	g_ptr_array_add(found, (gpointer)value);
}

GPtrArray *body_values(const json_t *body, const char *path)
{
	GPtrArray *found = g_ptr_array_new();
	body_each_value(body, path, collect_value, found);
	return found;
}

static void fault_free(gpointer data)
{
	fault *f = data;
	g_free(f->pointer);
	g_free(f->message);
	g_free(f->remedy);
	g_free(f);
}

GPtrArray *faults_new(void)
{
	return g_ptr_array_new_with_free_func(fault_free);
}

void fault_add(GPtrArray *faults, const char *pointer, const char *message, const char *remedy)
{
	fault *f = g_new(fault, 1);
	*f = (fault) { .pointer = g_strdup(pointer), .message = g_strdup(message), .remedy = g_strdup(remedy) };
	g_ptr_array_add(faults, f);
}
