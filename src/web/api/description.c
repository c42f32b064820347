#include "web/api/description.h"

#include <stdlib.h>
#include <string.h>

#include "record/validate.h"
#include "web/api/openapi.h"
#include "web/exchange.h"
#include "web/layout.h"
#include "web/pages/sheet.h"

static const openapi_shape json_api = { "3.1.0", N_("Land restoration after mining: records"),
	N_("Every record with all its revisions, lists with filters, the log and its proofs. Nothing needs a key; content is licensed CC BY 4.0. Features for a GIS are at /ogc, measurements as a STAC catalogue at /stac: each is described there."), "" };

/* ---- schemas: of each kind, of its record, its list and its revisions ---- */

/* A kind's schema refers to definitions of its own; here they stand beside it. */
static void lift_references(json_t *value)
{
	static const char mark[] = "#/$defs/";
	const char *name, *reference = json_string_value(json_object_get(value, "$ref"));
	json_t *inner;
	gsize i;
	if (reference && g_str_has_prefix(reference, mark))
		json_object_set_new(value, "$ref", json_sprintf("#/components/schemas/%s", reference + strlen(mark)));
	json_object_foreach(value, name, inner)
		lift_references(inner);
	json_array_foreach(value, i, inner)
		lift_references(inner);
}

static void add_kind(json_t *schemas, const kind *k)
{
	json_t *schema = kind_schema(k), *definitions = json_incref(json_object_get(schema, "$defs")), *definition;
	const char *name;
	json_object_del(schema, "$schema");
	json_object_del(schema, "$id");
	json_object_del(schema, "$defs");
	lift_references(schema);
	lift_references(definitions);
	json_object_foreach(definitions, name, definition)
		json_object_set(schemas, name, definition);
	json_decref(definitions);
	json_object_set_new(schemas, k->name, schema);
	g_autofree char *record_name = g_strdup_printf("record-%s", k->name), *list_name = g_strdup_printf("list-%s", k->name), *revisions_name = g_strdup_printf("revisions-%s", k->name);
	json_t *one = json_pack("{s:[{s:s}, {s:s, s:{s:{s:s}, s:{s:o}}}]}", "allOf", "$ref", "#/components/schemas/envelope", "type", "object", "properties", "kind", "const", k->name, "body", "$ref",
		json_sprintf("#/components/schemas/%s", k->name));
	json_t *items = json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s", record_name));
	json_object_set_new(schemas, record_name, one);
	json_object_set_new(schemas, list_name, json_pack("{s:s, s:[s,s,s,s], s:{s:{s:s}, s:{s:s, s:i}, s:{s:s, s:i}, s:{s:s, s:i}, s:{s:s, s:O}, s:{s:s}}}", "type", "object", "required", "total", "page", "per_page", "items",
		"properties", "kind", "type", "string", "total", "type", "integer", "minimum", 0, "page", "type", "integer", "minimum", 1, "per_page", "type", "integer", "minimum", 1, "items", "type", "array", "items", items,
		"facets", "$ref", "#/components/schemas/facets"));
	json_object_set_new(schemas, revisions_name, json_pack("{s:s, s:i, s:o}", "type", "array", "minItems", 1, "items", items));
}

/* ---- parameters of lists, from the kind ---- */

typedef struct listing {
	const request *r;
	GArray *rows;       /* route_parameter */
	json_t *sorts;
} listing;

static void add_row(listing *l, const char *name, const char *says, json_t *schema)
{
	char *text = json_dumps(schema, JSON_COMPACT);
	const route_parameter row = { request_keep(l->r, g_strdup(name)), says, request_keep(l->r, g_strdup(text)) };
	g_array_append_val(l->rows, row);
	json_decref(schema);
	free(text);
}

static json_t *facet_schema(const field *f)
{
	if (f->type == FIELD_TERM)
		return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/vocabulary-%s", f->of));
	return f->type == FIELD_YEAR ? json_pack("{s:s}", "type", "integer") : f->type == FIELD_YESNO ? json_pack("{s:s, s:[s,s]}", "type", "string", "enum", "yes", "no") : json_pack("{s:s}", "type", "string");
}

static void add_field(const char *path, const field *f, gpointer data)
{
	listing *l = data;
	if (f->flags & FIELD_FACET)
		add_row(l, path, f->help, json_pack("{s:s, s:o, s:b}", "type", "array", "items", facet_schema(f), "x-repeated", 1));
	if (f->flags & FIELD_SORT && strcmp(path, "title") != 0)
		for (int descending = 0; descending < 2; descending++)
			json_array_append_new(l->sorts, json_sprintf("%s%s", descending ? "-" : "", path));
}

static const route_parameter fields_parameter = { "fields", N_("Only these members of each body, with commas between them, a dot into groups: title,results.value. Bodies are then not whole."), API_SCHEMA_TEXT };

/* Rows ended by one without a name; kept with the request. */
static const route_parameter *list_parameters(const request *r, const kind *k, gboolean json)
{
	static const char *const sorts[] = { "relevance", "newest", "-newest", "title", "-title" };
	listing l = { r, g_array_new(TRUE, FALSE, sizeof(route_parameter)), json_array() };
	for (gsize i = 0; i < G_N_ELEMENTS(sorts); i++)
		json_array_append_new(l.sorts, json_string(sorts[i]));
	add_row(&l, "q", N_("Words that must all occur, “a phrase”, or the beginning of a word*."), json_pack("{s:s}", "type", "string"));
	add_row(&l, "bbox", N_("Only what lies in this box: west,south,east,north in degrees; west greater than east crosses the antimeridian."),
		json_pack("{s:s, s:i, s:i, s:{s:s}}", "type", "array", "minItems", 4, "maxItems", 4, "items", "type", "number"));
	add_row(&l, "page", N_("Which page, from 1; links in the Link header lead to the others."), json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 1, "default", 1));
	add_row(&l, "per-page", N_("How many on a page."), json_pack("{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", 1000, "default", json ? 100 : 1000));
	if (json) {
		add_row(&l, "facets", N_("1: counts of the values of every facet, too: of the 300 most frequent of each."), json_pack("{s:s, s:[s,s]}", "type", "string", "enum", "0", "1"));
		add_row(&l, "more", N_("Path of a facet of which all values are counted."), json_pack("{s:s}", "type", "string"));
		g_array_append_val(l.rows, fields_parameter);
	}
	kind_each_field(k, add_field, &l);
	add_row(&l, "sort", N_("The order; with a minus sign the other way round."), json_pack("{s:s, s:o}", "type", "string", "enum", l.sorts));
	return request_keep(r, g_array_free(l.rows, FALSE));
}

/* ---- operations ---- */

/* "list-case" of "list" and a kind; what is of no kind stays. */
static char *schema_of(const char *name, const kind *k)
{
	static const char *const of_kind[] = { "list", "record", "revisions", NULL };
	if (name && k && g_strv_contains(of_kind, name))
		return g_strdup_printf("%s-%s", name, k->name);
	return g_strdup(name && strcmp(name, "revision") == 0 ? "envelope" : name);
}

/* An address that has records of a kind: a list or one of them, in every form its ending names. */
static void add_forms(json_t *document, const request *r, const route *row)
{
	const kind *k = row->kind ? kind_by_name(row->kind) : NULL;
	static const route_parameter only_fields[] = { { "fields", N_("Only these members of the body, with commas between them, a dot into groups: title,results.value. The body is then not whole."), API_SCHEMA_TEXT }, API_PARAMETERS_END };
	gboolean one = strchr(row->pattern, '{') != NULL;
	for (unsigned f = FORMAT_JSON; f <= row->formats; f <<= 1) {
		if (!(row->formats & f))
			continue;
		gboolean json = f == FORMAT_JSON;
		g_autofree char *path = g_strdup_printf("%s.%s", row->pattern, format_ending((format)f)), *schema = json ? row->schema ? g_strdup(row->schema) : schema_of(k ? one ? "record" : "list" : NULL, k)
			: f == FORMAT_GEOJSON ? g_strdup(one ? "featureGeoJSON" : "featureCollectionGeoJSON") : NULL;
		const char *media = json && row->answers ? row->answers : format_media((format)f);
		openapi_add(document, r, row, path, media, schema, !k ? NULL : one ? (json ? only_fields : NULL) : list_parameters(r, k, json));
	}
}

/* /api/records/{kind}: an address for each kind, with its own parameters and schemas. */
static void add_kinds(json_t *document, const request *r, const route *row)
{
	static const char part[] = "{kind}";
	const char *at = strstr(row->pattern, part);
	for (gsize i = 0; i < kinds_count; i++) {
		g_autofree char *path = g_strdup_printf("%.*s%s%s", (int)(at - row->pattern), row->pattern, kinds[i]->name, at + strlen(part)), *schema = schema_of(row->schema, kinds[i]);
		const route_parameter one[] = { fields_parameter, API_PARAMETERS_END };
		const char *form = row->schema ? row->schema : "";
		openapi_add(document, r, row, path, row->answers, schema, strcmp(form, "list") == 0 ? list_parameters(r, kinds[i], TRUE) : strcmp(form, "record") == 0 ? one : NULL);
	}
}

static json_t *describe(const request *r)
{
	json_t *document = openapi_new(r, &json_api), *schemas = json_object_get(json_object_get(document, "components"), "schemas");
	for (gsize i = 0; i < kinds_count; i++)
		add_kind(schemas, kinds[i]);
	for (gsize i = 0; i < r->site->n_routes; i++) {
		const route *row = &r->site->routes[i];
		if (row->permission != PERMISSION_ANYONE || row->negotiated || strcmp(row->method, "GET") != 0)
			continue;
		if (g_str_has_prefix(row->pattern, "/api/records/{kind}"))
			add_kinds(document, r, row);
		else if (row->formats & ~(unsigned)FORMAT_HTML)
			add_forms(document, r, row);
		else if (row->answers)
			openapi_add(document, r, row, row->pattern, row->answers, row->schema, NULL);
	}
	json_t *names = json_array();
	for (gsize i = 0; i < kinds_count; i++)
		json_array_append_new(names, json_string(kinds[i]->name));
	openapi_enumerate(document, "kind", names);
	openapi_prune(document);
	return document;
}

void description_answer(const request *r, response *out)
{
	api_document(out, "application/json", describe(r));
}

/* ---- to read: shorter than the description, which names every address in every form and of every kind ---- */

static void add_address(json_t *table, const request *r, const route *row)
{
	g_autoptr(GString) forms = g_string_new(row->answers ? row->answers : NULL);
	for (unsigned f = FORMAT_JSON; f <= row->formats; f <<= 1)
		if (row->formats & f)
			g_string_append_printf(forms, "%s.%s", forms->len && !row->answers ? " " : "", format_ending((format)f));
	if (row->answers && row->formats & ~(unsigned)FORMAT_HTML)
		g_string_erase(forms, 0, (gssize)strlen(row->answers));
	view_cell cells[] = { { .text = row->pattern, .head = TRUE, .code = TRUE }, { .text = request_text(r, row->summary) }, { .text = forms->str, .code = TRUE } };
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

static json_t *addresses(const request *r)
{
	json_t *table = view_table(request_text(r, N_("What can be asked, in which forms")));
	view_table_column(table, request_text(r, N_("Address")), FALSE);
	view_table_column(table, request_text(r, N_("What it is")), FALSE);
	view_table_column(table, request_text(r, N_("Forms")), FALSE);
	for (gsize i = 0; i < r->site->n_routes; i++) {
		const route *row = &r->site->routes[i];
		if (row->permission == PERMISSION_ANYONE && !row->negotiated && strcmp(row->method, "GET") == 0 && (row->answers || row->formats & ~(unsigned)FORMAT_HTML))
			add_address(table, r, row);
	}
	return table;
}

static json_t *parameters(const request *r)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{ "q", N_("Words that must all occur, “a phrase”, or the beginning of a word*.") }, { "country, themes, ...", N_("Any facet of the kind by its path, given again for a second value: any of them. The description lists those of each kind.") },
		{ "bbox", N_("Only what lies in this box: west,south,east,north in degrees; west greater than east crosses the antimeridian.") }, { "sort", N_("The order; with a minus sign the other way round.") },
		{ "page, per-page", N_("Which page, from 1, and how many on it; links in the Link header lead to the others.") },
		{ "fields", N_("Only these members of each body, with commas between them, a dot into groups: title,results.value. Bodies are then not whole.") },
		{ "facets", N_("1: counts of the values of every facet, too: of the 300 most frequent of each.") }, { "more", N_("Path of a facet of which all values are counted.") }, { "as-of", N_("As it was at the end of this day (UTC).") },
	};
	json_t *table = view_table(request_text(r, N_("What the parameters of lists mean")));
	view_table_column(table, request_text(r, N_("Parameter")), FALSE);
	view_table_column(table, request_text(r, N_("Meaning")), FALSE);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		view_cell cells[] = { { .text = rows[i].name, .head = TRUE, .code = TRUE }, { .text = request_text(r, rows[i].says) } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

static json_t *examples(const request *r)
{
	static const struct {
		const char *says, *path;
	} rows[] = {
		{ N_("All sites, by name and country"), "/api/records/site?fields=name,country" }, { N_("Case studies of gold mines in Peru"), "/cases.json?country=PER&commodities=gold" },
		{ N_("Pledges as a table"), "/pledges.csv" }, { N_("This interface, described for programs (OpenAPI 3.1)"), "/api/openapi.json" }, { N_("Features for a GIS (OGC API Features)"), "/ogc" },
		{ N_("Measurements as a STAC catalogue"), "/stac" }, { N_("What a case study may hold (JSON Schema)"), "/schema/case.json" }, { N_("The log, signed"), "/log/checkpoint" },
	};
	json_t *table = view_table(request_text(r, N_("Addresses to try")));
	view_table_column(table, request_text(r, N_("What")), FALSE);
	view_table_column(table, request_text(r, N_("Address")), FALSE);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *href = view_address(r, rows[i].path), *whole = api_address(r, "%s", rows[i].path);
		view_cell cells[] = { { .text = request_text(r, rows[i].says), .href = href, .head = TRUE }, { .text = whole, .code = TRUE } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

void description_page(const request *r, response *out)
{
	json_t *view = api_view(r, request_text(r, N_("For programs")), request_text(r, N_("Every record with all its revisions, lists with filters, the log and its proofs. Nothing needs a key. A list is the same address as its page, with an ending; errors say what is wrong and what to do (RFC 9457).")),
		request_text(r, N_("Data")), "/data", NULL);
	view_put(view, "data_href", "/api/openapi.json");
	json_object_set_new(sheet_section(view, "begin", request_text(r, N_("Begin here"))), "table", examples(r));
	json_object_set_new(sheet_section(view, "parameters", request_text(r, N_("Parameters"))), "table", parameters(r));
	json_object_set_new(sheet_section(view, "addresses", request_text(r, N_("Addresses"))), "table", addresses(r));
	response_page(out, r, 200, "interface", view);
}
