#include "web/api/openapi.h"

#include <string.h>

#include "record/content.h"
#include "web/exchange.h"
#include "web/pages/sheet.h"

static json_t *shipped_schemas(void)
{
	g_autoptr(GBytes) bytes = content_file("api/schemas.json");
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	return json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
}

json_t *openapi_new(const request *r, const openapi_shape *form)
{
	json_t *problem = json_pack("{s:s, s:{s:{s:{s:s}}}}", "description", request_text(r, N_("What is wrong, and what to do.")), "content", "application/problem+json", "schema", "$ref", "#/components/schemas/problem");
	return json_pack("{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:o}], s:[], s:{}, s:{s:o, s:{s:o}}}", "openapi", form->version, "info", "title", request_text(r, form->title), "version", AFTERMINE_VERSION,
		"description", request_text(r, form->description), "license", "name", "CC BY 4.0", "url", "https://creativecommons.org/licenses/by/4.0/", "servers", "url",
		json_sprintf("%s%s", request_site_address(r), *form->base ? form->base : ""), "security", "paths", "components", "schemas", shipped_schemas(), "responses", "Problem", problem);
}

/* ---- an operation ---- */

static json_t *query_parameter(const request *r, const route_parameter *p)
{
	json_t *schema = json_loads(p->schema, 0, NULL);
	gboolean list = g_strcmp0(json_string_value(json_object_get(schema, "type")), "array") == 0;
	json_t *out = json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", p->name, "in", "query", "description", request_text(r, p->says), "required", 0, "schema", schema);
	json_object_set_new(out, "style", json_string("form"));
	json_object_set_new(out, "explode", json_boolean(list && json_object_get(schema, "x-repeated")));
	json_object_del(schema, "x-repeated");
	return out;
}

static void add_rows(json_t *parameters, const request *r, const route_parameter *rows)
{
	for (const route_parameter *p = rows; p && p->name; p++)
		json_array_append_new(parameters, query_parameter(r, p));
}

/* {id} and {+name} of a path. */
static gboolean add_parts(json_t *parameters, const request *r, const char *path)
{
	gboolean any = FALSE;
	for (const char *at = path; (at = strchr(at, '{')); at++, any = TRUE) {
		json_t *name = json_stringn(at + 1, strcspn(at + 1, "}"));
		json_array_append_new(parameters, json_pack("{s:o, s:s, s:b, s:s, s:{s:s}}", "name", name, "in", "path", "required", 1, "description", request_text(r, N_("A part of the address.")), "schema", "type", "string"));
	}
	return any;
}

/* "getCollectionsCollectionIdItems" from a method and a path. */
static char *operation_id(const char *method, const char *path)
{
	GString *out = g_string_new(NULL);
	for (const char *m = method; *m; m++)
		g_string_append_c(out, g_ascii_tolower(*m));
	gboolean word = TRUE;
	for (; *path; path++) {
		if (g_ascii_isalnum(*path))
			g_string_append_c(out, word ? g_ascii_toupper(*path) : *path);
		word = !g_ascii_isalnum(*path);
	}
	return g_string_free(out, FALSE);
}

static json_t *answers_of(const request *r, const route *row, const char *type, const char *schema, gboolean parts)
{
	json_t *content = json_object(), *inner = json_object();
	if (schema)
		json_object_set_new(inner, "schema", json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s", schema)));
	else
		json_object_set_new(inner, "schema", strstr(type, "json") ? json_object() : json_pack("{s:s}", "type", "string"));
	json_object_set_new(content, type, inner);
	if (row->negotiated)
		json_object_set_new(content, "text/html", json_pack("{s:{s:s}}", "schema", "type", "string"));
	json_t *answers = json_pack("{s:{s:s, s:o}, s:{s:s}}", "200", "description", request_text(r, row->summary), "content", content, "400", "$ref", "#/components/responses/Problem");
	if (parts)
		json_object_set_new(answers, "404", json_pack("{s:s}", "$ref", "#/components/responses/Problem"));
	if (row->leads) {
		json_object_set_new(answers, "307", json_pack("{s:s}", "description", request_text(r, N_("It stands at the address in the header Location."))));
		json_object_set_new(answers, "503", json_pack("{s:s}", "$ref", "#/components/responses/Problem"));
	}
	return answers;
}

json_t *openapi_add(json_t *document, const request *r, const route *row, const char *path, const char *type, const char *schema, const route_parameter *more)
{
	static const route_parameter form[] = { { "f", N_("Data or a page, whatever the Accept header says."), "{\"type\":\"string\",\"enum\":[\"json\",\"html\"]}" }, API_PARAMETERS_END };
	static const route_parameter day[] = { { "as-of", N_("As it was at the end of this day (UTC)."), "{\"type\":\"string\",\"format\":\"date\"}" }, API_PARAMETERS_END };
	g_autoptr(GString) plain = g_string_new(path);
	g_string_replace(plain, "{+", "{", 0);
	json_t *paths = json_object_get(document, "paths"), *item = json_object_get(paths, plain->str), *parameters = json_array();
	if (!item) {
		item = json_object();
		json_object_set_new(paths, plain->str, item);
	}
	gboolean parts = add_parts(parameters, r, plain->str);
	add_rows(parameters, r, row->parameters);
	add_rows(parameters, r, more);
	if (row->negotiated && strcmp(row->method, "GET") == 0)
		add_rows(parameters, r, form);
	if (row->cache == CACHE_RECORDS)
		add_rows(parameters, r, day);
	g_autofree char *id = operation_id(row->method, plain->str), *method = g_ascii_strdown(row->method, -1);
	json_t *operation = json_pack("{s:s, s:s, s:o, s:o}", "operationId", id, "summary", request_text(r, row->summary), "parameters", parameters, "responses", answers_of(r, row, type, schema, parts));
	json_object_set_new(item, method, operation);
	return operation;
}

void openapi_enumerate(json_t *document, const char *part, json_t *values)
{
	const char *path, *method;
	json_t *item, *operation, *one;
	gsize i;
	json_object_foreach(json_object_get(document, "paths"), path, item)
		json_object_foreach(item, method, operation)
			json_array_foreach(json_object_get(operation, "parameters"), i, one)
				if (strcmp(json_string_value(json_object_get(one, "in")), "path") == 0 && strcmp(json_string_value(json_object_get(one, "name")), part) == 0)
					json_object_set(json_object_get(one, "schema"), "enum", values);
	json_decref(values);
}

/* Names of the schemas that a value refers to, and those they refer to. */
static void mark_used(const json_t *schemas, const json_t *value, json_t *used)
{
	static const char mark[] = "#/components/schemas/";
	const char *name, *reference = json_string_value(json_object_get(value, "$ref"));
	json_t *inner;
	gsize i;
	if (reference && g_str_has_prefix(reference, mark) && !json_object_get(used, reference + strlen(mark))) {
		json_object_set_new(used, reference + strlen(mark), json_true());
		mark_used(schemas, json_object_get(schemas, reference + strlen(mark)), used);
	}
	json_object_foreach((json_t *)value, name, inner)
		mark_used(schemas, inner, used);
	json_array_foreach(value, i, inner)
		mark_used(schemas, inner, used);
}

void openapi_prune(json_t *document)
{
	json_t *components = json_object_get(document, "components"), *schemas = json_object_get(components, "schemas"), *used = json_object(), *schema;
	const char *name;
	void *next;
	mark_used(schemas, json_object_get(document, "paths"), used);
	mark_used(schemas, json_object_get(components, "responses"), used);
	json_object_foreach_safe(schemas, next, name, schema)
		if (!json_object_get(used, name))
			json_object_del(schemas, name);
	json_decref(used);
}

/* ---- a description to read ---- */

/* What a schema allows, in a few words. */
static char *schema_text(const json_t *schema)
{
	const json_t *values = json_object_get(schema, "enum"), *one;
	const char *type = json_string_value(json_object_get(schema, "type"));
	gsize i;
	if (!json_array_size(values))
		return g_strdup(type ? type : "");
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	json_array_foreach(values, i, one)
		if (json_is_string(one))
			g_ptr_array_add(texts, (gpointer)json_string_value(one));
	g_ptr_array_add(texts, NULL);
	return g_strjoinv(", ", (char **)texts->pdata);
}

/* Parameters of all operations, each name once, in the order they are met. */
static void add_parameters(json_t *seen, json_t *table, const json_t *parameters)
{
	const json_t *p;
	gsize i;
	json_array_foreach(parameters, i, p) {
		const char *name = json_string_value(json_object_get(p, "name"));
		if (json_object_get(seen, name))
			continue;
		json_object_set_new(seen, name, json_true());
		g_autofree char *allowed = schema_text(json_object_get(p, "schema")), *shown = view_shorten(allowed, 120);
		view_cell cells[] = { { .text = name, .head = TRUE, .code = TRUE }, { .text = shown, .code = TRUE }, { .text = json_string_value(json_object_get(p, "description")) } };
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
}

static char *parameter_names(const json_t *parameters)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const json_t *p;
	gsize i;
	json_array_foreach(parameters, i, p)
		g_string_append_printf(out, "%s%s", i ? ", " : "", json_string_value(json_object_get(p, "name")));
	return view_shorten(out->str, 90);
}

static void add_operation(json_t *table, const char *behind, const char *path, const char *method, const json_t *operation)
{
	g_autofree char *verb = g_ascii_strup(method, -1), *title = g_strdup_printf("%s %s%s", verb, behind, strcmp(path, "/") == 0 && *behind ? "" : path);
	g_autofree char *names = parameter_names(json_object_get(operation, "parameters"));
	json_t *content = json_object_get(json_object_get(json_object_get(operation, "responses"), "200"), "content");
	view_cell cells[] = { { .text = title, .head = TRUE, .code = TRUE }, { .text = json_string_value(json_object_get(operation, "summary")) }, { .text = json_object_iter_key(json_object_iter(content)), .code = TRUE }, { .text = names, .code = TRUE } };
	view_table_row(table, cells, G_N_ELEMENTS(cells));
}

void openapi_page(const request *r, response *out, const json_t *document, const char *name, const char *page)
{
	const json_t *info = json_object_get(document, "info");
	json_t *view = api_view(r, json_string_value(json_object_get(info, "title")), json_string_value(json_object_get(info, "description")), request_text(r, N_("Data")), "/data",
		name ? request_text(r, name) : NULL, page, NULL);
	json_t *table = view_table(request_text(r, N_("What can be asked"))), *parameters = view_table(request_text(r, N_("What the parameters mean"))), *seen = json_object(), *item, *operation;
	const char *path, *method, *base = json_string_value(json_object_get(json_array_get(json_object_get(document, "servers"), 0), "url"));
	view_table_column(table, request_text(r, N_("Address")), FALSE);
	view_table_column(table, request_text(r, N_("What it is")), FALSE);
	view_table_column(table, request_text(r, N_("Media type")), FALSE);
	view_table_column(table, request_text(r, N_("Parameters")), FALSE);
	view_table_column(parameters, request_text(r, N_("Parameter")), FALSE);
	view_table_column(parameters, request_text(r, N_("May be")), FALSE);
	view_table_column(parameters, request_text(r, N_("Meaning")), FALSE);
	json_object_foreach(json_object_get(document, "paths"), path, item)
		json_object_foreach(item, method, operation) {
			add_operation(table, base + strlen(request_site_address(r)), path, method, operation);
			add_parameters(seen, parameters, json_object_get(operation, "parameters"));
		}
	json_decref(seen);
	json_object_set_new(sheet_section(view, "addresses", request_text(r, N_("Addresses"))), "table", table);
	json_object_set_new(sheet_section(view, "parameters", request_text(r, N_("Parameters"))), "table", parameters);
	response_page(out, r, 200, "interface", view);
}
