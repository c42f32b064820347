#include "web/data.h"

#include <stdlib.h>
#include <string.h>

#include "base/canonical.h"
#include "record/table.h"
#include "web/calendar.h"
#include "web/exchange.h"
#include "web/feed.h"
#include "web/iati.h"
#include "web/layout.h"
#include "web/query.h"
#include "web/rows.h"

static json_t *address_of(const request *r, const kind *k, const char *id)
{
	return json_sprintf("%s/%s/%s", request_site_address(r), k->plural, id);
}

json_t *data_record(const request *r, record *rec)
{
	json_t *out = record_to_json(rec);
	json_object_set_new(out, "hash", json_string(rec->hash));
	json_object_set_new(out, "address", address_of(r, rec->kind, rec->id));
	return out;
}

static json_t *first_value(const json_t *body, const char *path)
{
	if (!path)
		return NULL;
	g_autoptr(GPtrArray) values = body_values(body, path);
	return values->len ? values->pdata[0] : NULL;
}

/* A GeoJSON feature (RFC 7946), or NULL if the record has no place; new reference. */
static json_t *data_feature(const request *r, const record *rec)
{
	const kind *k = rec->kind;
	json_t *geometry = json_incref(first_value(rec->body, k->geometry));
	const json_t *longitude = first_value(rec->body, k->longitude), *latitude = first_value(rec->body, k->latitude);
	if (!geometry && json_is_number(longitude) && json_is_number(latitude))
		geometry = json_pack("{s:s,s:[f,f]}", "type", "Point", "coordinates", json_number_value(longitude), json_number_value(latitude));
	if (!geometry)
		return NULL;
	json_t *properties = json_pack("{s:s,s:s,s:s,s:o,s:i,s:s}", "kind", k->name, "title", record_title(rec), "summary", record_summary(rec),
		"address", address_of(r, k, rec->id), "revision", (int)rec->revision, "time", rec->time);
	return json_pack("{s:s,s:s,s:o,s:o}", "type", "Feature", "id", rec->id, "geometry", geometry, "properties", properties);
}

static void answer_geojson(response *out, json_t *value)
{
	response_text(out, "application/geo+json", json_text(value));
	json_decref(value);
}

static void answer_table(const request *r, response *out, const kind *k, record *const *records, gsize n, const char *name)
{
	g_autofree const char **ids = g_new0(const char *, n + 1);
	g_autofree json_t **bodies = g_new0(json_t *, n + 1);
	for (gsize i = 0; i < n; i++) {
		ids[i] = records[i]->id;
		bodies[i] = records[i]->body;
	}
	(void)r;
	response_text(out, "text/csv; charset=utf-8", g_string_free(table_write(k, ids, bodies, n), FALSE));
	g_autofree char *file = g_strconcat(name, ".csv", NULL);
	response_file_name(out, file);
}

/* A body with some of its members; within: the path of the object we are in, "" or "results.". */
static json_t *picked(json_t *value, const char *const *members, const char *within)
{
	const char *name;
	json_t *inner, *out = json_is_array(value) ? json_array() : json_object();
	gsize i;
	json_array_foreach(value, i, inner)
		json_array_append_new(out, json_is_object(inner) ? picked(inner, members, within) : json_incref(inner));
	json_object_foreach(value, name, inner) {
		g_autofree char *path = g_strconcat(within, name, NULL), *deeper = g_strconcat(path, ".", NULL);
		gboolean partly = FALSE;
		for (const char *const *m = members; *m; m++)
			partly = partly || g_str_has_prefix(*m, deeper);
		if (g_strv_contains(members, path))
			json_object_set(out, name, inner);
		else if (partly)
			json_object_set_new(out, name, picked(inner, members, deeper));
	}
	return out;
}

static void answer_record(const request *r, response *out, record *rec, const char *const *members)
{
	json_t *whole = data_record(r, rec);
	if (members)
		json_object_set_new(whole, "body", picked(rec->body, members, ""));
	response_json(out, whole);
}

void data_one(const request *r, response *out, const kind *k, const char *id)
{
	const char *const *members;
	if (!query_members(r, out, k, &members))
		return;
	g_autoptr(record) rec = query_record(r, out, k, id);
	if (!rec)
		return;
	json_t *feature = NULL;
	switch (request_format(r)) {
	case FORMAT_CSV:
		answer_table(r, out, k, &rec, 1, id);
		break;
	case FORMAT_GEOJSON:
		feature = data_feature(r, rec);
		if (feature)
			answer_geojson(out, feature);
		else
			response_problem(out, r, 404, request_text(r, N_("This record has no place on the map")), request_text(r, N_("Ask for it as .json or .csv.")));
		break;
	default:
		answer_record(r, out, rec, members);
	}
}

guint data_count(const request *r, const char *kind_name, GError **error)
{
	if (!request_as_of(r))
		return store_count(request_reader(r), kind_name, error);
	g_autoptr(store_result) found = store_search(request_reader(r), &(store_query){ .kind = kind_name, .as_of = request_as_of(r), .limit = 1 }, error);
	return found ? found->total : 0;
}

static void append_facet(GString *out, const store_facet *f)
{
	json_write_string(out, f->path);
	json_write_marks(out, ":{\"answered\":");
	json_write_integer(out, f->answered);
	json_write_marks(out, ",\"distinct\":");
	json_write_integer(out, f->distinct);
	json_write_marks(out, ",\"values\":[");
	for (gsize i = 0; i < f->n; i++) {
		if (i)
			json_write_marks(out, ",");
		json_write_marks(out, "{\"value\":");
		json_write_string(out, f->values[i].value);
		json_write_marks(out, ",\"count\":");
		json_write_integer(out, f->values[i].count);
		json_write_marks(out, "}");
	}
	json_write_marks(out, "]}");
}

/* Hundreds of values: written as they come. */
static void append_facets(GString *out, const store_result *result)
{
	g_string_append(out, ",\"facets\":{");
	for (gsize i = 0; i < result->n_facets; i++) {
		g_string_append(out, i ? "," : "");
		append_facet(out, &result->facets[i]);
	}
	g_string_append_c(out, '}');
}

/* The text of a value, which is let go; free with g_free. */
static char *text_of(json_t *value)
{
	char *text = json_text(value);
	json_decref(value);
	return text;
}

#define LIST_BYTES (64u * 1024) /* a list to begin with, but for what is kept of its records */

static json_t *hit_data(const request *r, const store_hit *hit)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:o}", "kind", hit->kind->name, "id", hit->id, "title", hit->title, "summary", hit->summary ? hit->summary : "",
		"address", address_of(r, hit->kind, hit->id));
}

/* A record goes out as it is kept, what is ours before it. */
static void append_kept(GString *out, const request *r, const store_hit *hit)
{
	g_autofree char *at = g_strconcat(request_site_address(r), "/", hit->kind->plural, "/", hit->id, NULL);
	json_write_marks(out, "{\"hash\":");
	json_write_string(out, hit->hash);
	json_write_marks(out, ",\"address\":");
	json_write_string(out, at);
	json_write_marks(out, ",");
	g_string_append(out, hit->canonical + 1); /* without its opening brace */
}

static void append_item(GString *out, const request *r, const store_hit *hit)
{
	if (hit->canonical) {
		append_kept(out, r, hit);
	} else {
		g_autofree char *text = text_of(hit->record ? data_record(r, hit->record) : hit_data(r, hit));
		g_string_append(out, text);
	}
}

static gsize kept_bytes(const store_result *result)
{
	gsize bytes = 0;
	for (gsize i = 0; i < result->n; i++)
		bytes += result->hits[i].canonical ? strlen(result->hits[i].canonical) : 0;
	return bytes;
}

static char *list_of(const request *r, const query *q, const store_result *result)
{
	g_autofree char *about = text_of(json_pack("{s:s?,s:i,s:i,s:i}", "kind", q->store.kind, "total", (int)result->total, "page", (int)q->page, "per_page", (int)q->per_page));
	GString *out = g_string_sized_new(LIST_BYTES + kept_bytes(result));
	g_string_append_len(out, about, (gssize)strlen(about) - 1); /* without its closing brace */
	if (q->store.facets)
		append_facets(out, result);
	g_string_append(out, ",\"items\":[");
	for (gsize i = 0; i < result->n; i++) {
		g_string_append(out, i ? "," : "");
		append_item(out, r, &result->hits[i]);
	}
	g_string_append(out, "]}");
	return g_string_free(out, FALSE);
}

static json_t *features_of(const request *r, const store_result *result)
{
	json_t *features = json_array();
	for (gsize i = 0; i < result->n; i++) {
		json_t *feature = data_feature(r, result->hits[i].record);
		if (feature)
			json_array_append_new(features, feature);
	}
	return json_pack("{s:s,s:o}", "type", "FeatureCollection", "features", features);
}

/* Hits of any kind as a table: kinds share no more than this. */
static void answer_hits(const request *r, response *out, const store_result *result)
{
	static const char *const columns[] = { "kind", "id", "title", "summary", "address", NULL };
	json_t *rows = json_array();
	for (gsize i = 0; i < result->n; i++)
		json_array_append_new(rows, hit_data(r, &result->hits[i]));
	response_text(out, "text/csv; charset=utf-8", rows_csv(rows, columns));
	response_file_name(out, "search.csv");
	json_decref(rows);
}

void data_list(const request *r, response *out, const kind *k)
{
	g_auto(query) q = { 0 };
	static const char *const answers[] = { "0", "1", NULL };
	const char *facets, *const *members;
	if (!query_choice(r, out, "facets", answers, &facets) || !query_members(r, out, k, &members) || !query_parse(r, out, k, data_per_page(r), DATA_PAGE, &q))
		return;
	q.store.facet_limit = DATA_VALUES;
	q.store.facet_whole = request_query(r, "more");
	gboolean json = request_format(r) == FORMAT_JSON;
	q.store.canonical = k && json && !members;
	q.store.bodies = k ? !q.store.canonical : request_format(r) == FORMAT_GEOJSON;
	q.store.members = json ? members : NULL;
	q.store.facets = request_format(r) == FORMAT_JSON && k && g_strcmp0(facets, "1") == 0;
	g_autoptr(GError) error = NULL;
	g_autoptr(store_result) result = store_search(request_reader(r), &q.store, &error);
	if (result)
		data_found(r, out, k, &q, result);
	else
		response_error(out, r, error);
}

guint data_per_page(const request *r)
{
	return request_format(r) == FORMAT_JSON ? 100 : DATA_PAGE;
}

void data_found(const request *r, response *out, const kind *k, const query *q, const store_result *result)
{
	if (request_format(r) == FORMAT_JSON) {
		response_text(out, "application/json", list_of(r, q, result));
	} else if (request_format(r) == FORMAT_GEOJSON) {
		answer_geojson(out, features_of(r, result));
	} else if (!k) {
		answer_hits(r, out, result);
	} else {
		g_autoptr(GPtrArray) records = g_ptr_array_new();
		for (gsize i = 0; i < result->n; i++)
			g_ptr_array_add(records, result->hits[i].record);
		answer_table(r, out, k, (record *const *)records->pdata, records->len, k->plural);
	}
	query_link_pages(r, out, q, result->total);
}

void data_answer(const request *r, response *out)
{
	static const struct {
		format format;
		void (*one)(const request *r, response *out, const kind *k, const char *id);
		void (*list)(const request *r, response *out, const kind *k);
	} forms[] = { { FORMAT_ATOM, feed_one, feed_list }, { FORMAT_ICS, calendar_one, calendar_list }, { FORMAT_IATI, iati_one, iati_list }, { 0, data_one, data_list } };
	const kind *k = kind_by_name(r->route->kind);
	const char *id = request_part(r, "id");
	gsize i = 0;
	while (forms[i].format && forms[i].format != request_format(r))
		i++;
	if (id)
		forms[i].one(r, out, k, id);
	else
		forms[i].list(r, out, k);
}

void data_search(const request *r, response *out)
{
	data_list(r, out, NULL);
}
