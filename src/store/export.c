#include "store/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/canonical.h"
#include "base/progress.h"
#include "base/whole.h"
#include "record/message.h"
#include "record/table.h"
#include "store/geopackage.h"

static const char *const names[EXPORT_FORMATS] = { "json", "csv", "geojson", "gpkg" };

int export_format_by_name(const char *name)
{
	for (int i = 0; i < EXPORT_FORMATS; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

const char *export_format_name(export_format format)
{
	return names[format];
}

static json_t *first_value(const json_t *body, const char *path)
{
	if (!path)
		return NULL;
	g_autoptr(GPtrArray) values = body_values(body, path);
	return values->len ? g_ptr_array_index(values, 0) : NULL;
}

/* A record's place and main members as a GeoJSON feature; NULL if it has no place. New reference. */
static json_t *record_feature(const record *r)
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

struct exporter {
	export_format format;
	FILE *out;
	guint count;
	table_columns *columns; /* of a table: all records must be seen before the first row, so they wait in a file without a name: */
	FILE *waiting;
	geopackage *package;
};

static gboolean refused(GError **error)
{
	g_set_error(error, STORE_ERROR, errno == ENOSPC ? STORE_ERROR_FULL : STORE_ERROR_IO, _("The export could not be written: %s. Free some space, or choose another place."),
	    g_strerror(errno));
	return FALSE;
}

static gboolean put_text(exporter *e, const char *text, GError **error)
{
	return fputs(text, e->out) >= 0 || refused(error);
}

/* An element of a JSON array; takes the value. */
static gboolean put_json(exporter *e, json_t *value, GError **error)
{
	g_autofree char *text = json_text(value);
	gboolean ok = put_text(e, e->count ? ",\n" : "", error) && put_text(e, text, error);
	json_decref(value);
	e->count++;
	return ok;
}

/* ---- formats ---- */

static gboolean put_envelope(exporter *e, const record *r, GError **error)
{
	json_t *envelope = record_to_json(r);
	json_object_set_new(envelope, "hash", json_string(r->hash));
	return put_json(e, envelope, error);
}

static gboolean put_feature(exporter *e, const record *r, GError **error)
{
	json_t *feature = record_feature(r);
	return !feature || put_json(e, feature, error);
}

/* A line for its id, a line for its body. */
static gboolean put_row(exporter *e, const record *r, GError **error)
{
	if (!e->columns)
		e->columns = table_columns_new(r->kind);
	if (!e->waiting && !(e->waiting = file_scratch(error)))
		return FALSE;
	table_columns_see(e->columns, r->body);
	e->count++;
	g_autofree char *body = json_text(r->body);
	return fprintf(e->waiting, "%s\n%s\n", r->id, body) > 0 || refused(error);
}

static gboolean put_package(exporter *e, const record *r, GError **error)
{
	e->count++;
	return geopackage_add(e->package, r, error);
}

static gboolean write_rows(exporter *e, GString *text)
{
	char *id = NULL, *line = NULL;
	gsize id_size = 0, size = 0;
	gboolean ok = TRUE;
	for (guint i = 0; ok && i < e->count; i++) {
		gssize id_length = getline(&id, &id_size, e->waiting), length = id_length > 0 ? getline(&line, &size, e->waiting) : -1;
		json_t *body = length > 0 ? json_loadb(line, (gsize)length, 0, NULL) : NULL;
		g_string_truncate(text, 0);
		if (body)
			table_row(e->columns, text, g_strchomp(id), body);
		ok = body && fwrite(text->str, 1, text->len, e->out) == text->len;
		json_decref(body);
	}
	free(id), free(line);
	return ok;
}

static gboolean end_table(exporter *e, const kind *k, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	if (!e->columns)
		e->columns = table_columns_new(k);
	table_header(e->columns, text);
	gboolean ok = fwrite(text->str, 1, text->len, e->out) == text->len;
	if (ok && e->waiting) {
		rewind(e->waiting);
		ok = !ferror(e->waiting) && write_rows(e, text);
	}
	return ok || refused(error);
}

static gboolean end_package(exporter *e, const kind *k, GError **error)
{
	(void)k;
	return geopackage_finish(e->package, e->out, error);
}

static const struct {
	const char *before, *after;
	gboolean (*put)(exporter *e, const record *r, GError **error);
	gboolean (*end)(exporter *e, const kind *k, GError **error); /* NULL: nothing more than `after` */
} forms[EXPORT_FORMATS] = {
	[EXPORT_JSON] = { "[\n", "\n]\n", put_envelope, NULL },
	[EXPORT_CSV] = { "", "", put_row, end_table },
	[EXPORT_GEOJSON] = { "{\"type\":\"FeatureCollection\",\"features\":[\n", "\n]}\n", put_feature, NULL },
	[EXPORT_GPKG] = { "", "", put_package, end_package },
};

exporter *exporter_new(export_format format, FILE *out, GError **error)
{
	g_autoptr(exporter) e = g_new0(exporter, 1);
	e->format = format;
	e->out = out;
	if ((format == EXPORT_GPKG && !(e->package = geopackage_new(error))) || !put_text(e, forms[format].before, error))
		return NULL;
	return g_steal_pointer(&e);
}

void exporter_free(exporter *e)
{
	if (!e)
		return;
	table_columns_free(e->columns);
	if (e->waiting)
		fclose(e->waiting);
	geopackage_free(e->package);
	g_free(e);
}

gboolean exporter_put(exporter *e, const record *r, GError **error)
{
	return forms[e->format].put(e, r, error);
}

gboolean exporter_finish(exporter *e, const kind *k, guint *count, GError **error)
{
	*count = e->count;
	if ((forms[e->format].end && !forms[e->format].end(e, k, error)) || !put_text(e, forms[e->format].after, error))
		return FALSE;
	return fflush(e->out) == 0 || refused(error);
}

/* ---- all that is published ---- */

typedef struct exporting {
	exporter *to;
	guint done, all; /* all: about how many there will be, to say how far it is */
	GError *failed;
} exporting;

static gboolean visit(const record *r, gpointer data)
{
	exporting *e = data;
	progress_say(N_("Writing records"), ++e->done, e->all);
	return exporter_put(e->to, r, &e->failed);
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
	const kind *k = kind_name ? kind_by_name(kind_name) : NULL;
	if ((kind_name && !k) || (!k && format == EXPORT_CSV)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, _("A table holds records of one kind. Name one that \"aftermine schema\" lists."));
		return FALSE;
	}
	g_autoptr(exporter) to = exporter_new(format, out, error);
	exporting e = { .to = to, .all = count_all(r, kind_name) };
	for (gsize i = 0; to && !e.failed && i < kinds_count; i++)
		if ((!k || k == kinds[i]) && !store_each(r, &(store_query) { .kind = kinds[i]->name, .as_of = as_of, .sort = "title" }, visit, &e, error))
			return FALSE;
	if (e.failed) {
		g_propagate_error(error, e.failed);
		return FALSE;
	}
	return to && exporter_finish(to, k, count, error);
}
