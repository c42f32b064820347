#include "store/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "record/message.h"
#include "record/table.h"

static const char *const names[] = { "json", "csv", "geojson" };

int export_format_by_name(const char *name)
{
	for (int i = 0; i < (int)G_N_ELEMENTS(names); i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

const char *export_format_name(export_format format)
{
	return names[format];
}

typedef struct exporting {
	FILE *out;
	guint count, all; /* all: about how many there will be, to say how far it is */
	gboolean failed;
	GPtrArray *records; /* for tables, which need all to know their columns */
} exporting;

static void put_json(exporting *e, json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	if (!text || fputs(e->count ? ",\n" : "", e->out) < 0 || fputs(text, e->out) < 0)
		e->failed = TRUE;
	free(text);
	e->count++;
	progress_say(N_("Writing records"), e->count, e->all);
}

static gboolean visit_json(const record *r, gpointer data)
{
	json_t *envelope = record_to_json(r);
	json_object_set_new(envelope, "hash", json_string(r->hash));
	put_json(data, envelope);
	json_decref(envelope);
	return !((exporting *)data)->failed;
}

static json_t *first_value(const json_t *body, const char *path)
{
	if (!path)
		return NULL;
	g_autoptr(GPtrArray) values = body_values(body, path);
	return values->len ? g_ptr_array_index(values, 0) : NULL;
}

json_t *record_feature(const record *r)
{
	const kind *k = r->kind;
	json_t *geometry = json_incref(first_value(r->body, k->geometry));
	json_t *longitude = first_value(r->body, k->longitude), *latitude = first_value(r->body, k->latitude);
	if (!geometry && json_is_number(longitude) && json_is_number(latitude))
		geometry = json_pack("{s:s,s:[O,O]}", "type", "Point", "coordinates", longitude, latitude);
	if (!geometry)
		return NULL;
	return json_pack("{s:s,s:s,s:o,s:{s:s,s:s,s:s,s:s,s:i,s:s,s:s}}", "type", "Feature", "id", r->id, "geometry", geometry, "properties", "kind", k->name,
	    "id", r->id, "title", record_title(r), "summary", record_summary(r), "revision", (int)r->revision, "time", r->time, "hash", r->hash);
}

static gboolean visit_feature(const record *r, gpointer data)
{
	json_t *feature = record_feature(r);
	if (feature)
		put_json(data, feature);
	json_decref(feature);
	return !((exporting *)data)->failed;
}

static gboolean visit_row(const record *r, gpointer data)
{
	g_ptr_array_add(((exporting *)data)->records, record_copy(r));
	return TRUE;
}

static void write_rows(exporting *e, const kind *k)
{
	guint n = e->records->len;
	g_autofree const char **ids = g_new(const char *, (gsize)n + 1);
	g_autofree json_t **bodies = g_new(json_t *, (gsize)n + 1);
	for (guint i = 0; i < n; i++) {
		const record *r = g_ptr_array_index(e->records, i);
		ids[i] = r->id;
		bodies[i] = r->body;
	}
	GString *table = table_write(k, ids, bodies, n);
	e->failed = fwrite(table->str, 1, table->len, e->out) != table->len;
	e->count = n;
	g_string_free(table, TRUE);
}

static void free_record(gpointer r)
{
	record_free(r);
}

static guint count_all(store_reader *r, const char *kind_name)
{
	guint all = 0;
	for (gsize i = 0; i < kinds_count; i++)
		if (!kind_name || strcmp(kinds[i]->name, kind_name) == 0)
			all += store_count(r, kinds[i]->name, NULL);
	return all;
}

gboolean export_write(store_reader *r, const char *kind_name, export_format format, const char *as_of, FILE *out, guint *count, GError **error)
{
	static const char *const before[] = { "[\n", "", "{\"type\":\"FeatureCollection\",\"features\":[\n" };
	static const char *const after[] = { "\n]\n", "", "\n]}\n" };
	static gboolean (*const visit[])(const record *, gpointer) = { visit_json, visit_row, visit_feature };
	const kind *k = kind_name ? kind_by_name(kind_name) : NULL;
	if ((kind_name && !k) || (!k && format == EXPORT_CSV)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("A table holds records of one kind. Name one that \"aftermine schema\" lists."));
		return FALSE;
	}
	exporting e = { .out = out, .all = count_all(r, kind_name), .records = g_ptr_array_new_with_free_func(free_record) };
	e.failed = fputs(before[format], out) < 0;
	gboolean ok = !e.failed && store_each(r, &(store_query) { .kind = kind_name, .as_of = as_of, .sort = "title" }, visit[format], &e, error);
	if (ok && format == EXPORT_CSV)
		write_rows(&e, k);
	if (ok && !e.failed)
		e.failed = fputs(after[format], out) < 0 || fflush(out) != 0;
	g_ptr_array_unref(e.records);
	if (e.failed)
		g_set_error(error, STORE_ERROR, errno == ENOSPC ? STORE_ERROR_FULL : STORE_ERROR_IO, _("The export could not be written: %s. Free some space, or choose another place."),
		    g_strerror(errno));
	*count = e.count;
	return ok && !e.failed;
}
