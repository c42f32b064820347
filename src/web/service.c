#include "web/service.h"

#include <string.h>

#include "record/validate.h"
#include "web/assets.h"
#include "web/data.h"
#include "web/exchange.h"
#include "web/metrics.h"
#include "web/query.h"

void service_health(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	guint cases = request_reader(r) ? store_count(request_reader(r), "case", &error) : 0;
	if (error)
		response_error(out, r, error);
	else
		response_json(out, json_pack("{s:s,s:s,s:i}", "status", "ok", "version", AFTERMINE_VERSION, "cases", (int)cases));
}

void service_metrics(const request *r, response *out)
{
	(void)r;
	response_text(out, "text/plain; version=0.0.4; charset=utf-8", metrics_text());
}

void service_robots(const request *r, response *out)
{
	response_text(out, "text/plain; charset=utf-8", g_strdup_printf("User-agent: *\nAllow: /\nDisallow: /api/\nDisallow: /ogc/\nDisallow: /stac/\nSitemap: %s/sitemap.xml\n", request_site_address(r)));
}

void service_schema(const request *r, response *out)
{
	const kind *k = kind_by_name(request_part(r, "kind"));
	if (k)
		response_json(out, kind_schema(k));
	else
		query_no_record(r, out);
}

/* Only names without fingerprint come here; the event thread has answered the others. */
void service_static(const request *r, response *out)
{
	const char *location = asset_address(request_part(r, "file"));
	if (location)
		response_redirect(out, 307, location);
	else
		response_problem(out, r, 404, request_text(r, N_("There is no such file")), request_text(r, N_("It may have had another version; load the page anew.")));
}

static const kind *kind_of(const request *r, response *out)
{
	const char *name = request_part(r, "kind");
	const kind *k = kind_by_name(name);
	if (!k)
		response_problem(out, r, 404, request_text(r, N_("There is no such kind of record")), request_text(r, N_("/api/records lists the kinds.")));
	return k;
}

static void list_kinds(const request *r, response *out)
{
	json_t *list = json_array();
	g_autoptr(GError) error = NULL;
	for (gsize i = 0; i < kinds_count && !error; i++) {
		const kind *k = kinds[i];
		guint n = data_count(r, k->name, &error);
		json_array_append_new(list, json_pack("{s:s,s:s,s:i,s:o,s:o}", "kind", k->name, "label", request_text(r, k->label_plural), "count", (int)n,
			"records", json_sprintf("%s/api/records/%s", request_site_address(r), k->name), "schema", json_sprintf("%s/schema/%s.json", request_site_address(r), k->name)));
	}
	if (!error) {
		response_json(out, list);
		return;
	}
	json_decref(list);
	response_error(out, r, error);
}

static const char *const known_of_lists[] = { "q", "bbox", "sort", "page", "per-page", "facets", "more", "fields", NULL }, *const known_of_records[] = { "fields", NULL },
	*const no_others[] = { NULL };

void service_kinds(const request *r, response *out)
{
	if (query_only(r, out, no_others, NULL))
		list_kinds(r, out);
}

void service_records(const request *r, response *out)
{
	request inner = *r;
	inner.format = FORMAT_JSON;
	const kind *k = kind_of(r, out);
	if (k && query_only(r, out, known_of_lists, k))
		data_list(&inner, out, k);
}

void service_record(const request *r, response *out)
{
	request inner = *r;
	inner.format = FORMAT_JSON;
	const kind *k = kind_of(r, out);
	if (k && query_only(r, out, known_of_records, NULL))
		data_one(&inner, out, k, request_part(r, "id"));
}

static gboolean is_public(const record *rec)
{
	return rec->state == RECORD_PUBLISHED || rec->state == RECORD_WITHDRAWN;
}

/* Was it there already on the request's day? */
static gboolean is_known(const request *r, const record *rec)
{
	return !request_as_of(r) || strncmp(rec->time, request_as_of(r), strlen("2026-12-31")) <= 0;
}

void service_revisions(const request *r, response *out)
{
	const kind *k = kind_of(r, out);
	if (!k || !query_only(r, out, no_others, NULL))
		return;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) revisions = store_revisions(request_reader(r), k->name, request_part(r, "id"), &error);
	if (error) {
		response_error(out, r, error);
		return;
	}
	json_t *list = json_array();
	for (guint i = 0; revisions && i < revisions->len; i++)
		if (is_public(revisions->pdata[i]) && is_known(r, revisions->pdata[i]))
			json_array_append_new(list, data_record(r, revisions->pdata[i]));
	if (json_array_size(list)) {
		response_json(out, list);
	} else {
		json_decref(list);
		query_no_record(r, out);
	}
}

void service_revision(const request *r, response *out)
{
	const kind *k = kind_of(r, out);
	guint64 number;
	if (!k || !query_only(r, out, no_others, NULL))
		return;
	if (!g_ascii_string_to_unsigned(request_part(r, "n"), 10, 1, G_MAXINT, &number, NULL)) {
		query_no_record(r, out);
		return;
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = store_revision(request_reader(r), k->name, request_part(r, "id"), (guint)number, &error);
	gsize length;
	g_autofree char *bytes = rec && is_public(rec) ? record_canonical(rec, &length, &error) : NULL;
	if (error)
		response_error(out, r, error);
	else if (bytes)
		response_bytes(out, "application/json", g_bytes_new(bytes, length));
	else
		query_no_record(r, out);
}

/* Files that a browser shows by themselves; others are saved. The ending is only for the name under which they are saved. */
static const struct {
	const char *type, *ending;
	gboolean shown;
} file_types[] = {
	{ "image/png", "png", TRUE }, { "image/jpeg", "jpg", TRUE }, { "image/webp", "webp", TRUE }, { "image/tiff", "tif", FALSE },
	{ "application/pdf", "pdf", FALSE }, { "application/json", "json", FALSE }, { "application/geo+json", "geojson", FALSE },
	{ "application/geopackage+sqlite3", "gpkg", FALSE }, { "application/zip", "zip", FALSE }, { "text/csv", "csv", FALSE }, { "text/plain", "txt", FALSE },
};

void service_file(const request *r, response *out)
{
	g_autoptr(GError) error = NULL;
	const char *sum = request_part(r, "sha256"), *type = NULL;
	GBytes *bytes = request_reader(r) ? store_file_get(request_reader(r), sum, &type, &error) : NULL;
	gsize i = 0;
	while (type && i < G_N_ELEMENTS(file_types) && strcmp(file_types[i].type, type) != 0)
		i++;
	if (error) {
		response_error(out, r, error);
	} else if (!bytes) {
		response_problem(out, r, 404, request_text(r, N_("There is no such file")), request_text(r, N_("Files have the SHA-256 of their bytes as their address. The record that "
			"names this one may be from another site.")));
	} else if (i < G_N_ELEMENTS(file_types)) {
		g_autofree char *name = g_strdup_printf("%.16s.%s", sum, file_types[i].ending);
		response_bytes(out, type, bytes);
		if (!file_types[i].shown)
			response_file_name(out, name);
	} else {
		response_bytes(out, "application/octet-stream", bytes);
		response_file_name(out, sum);
	}
}
