/* JSON Schema 2020-12 (json-schema.org/draft/2020-12) of a kind, from its declaration. */
#include <string.h>

#include "base/slug.h"
#include "record/bounds.h"
#include "record/validate.h"
#include "record/value.h"
#include "record/vocabulary.h"

static json_t *object_schema(const field *fields, json_t *definitions);

/* A vocabulary becomes a definition of the schema, once. */
static json_t *term_schema(const field *f, json_t *definitions)
{
	g_autofree char *name = g_strdup_printf("vocabulary-%s", f->of);
	if (!json_object_get(definitions, name)) {
		const vocabulary *v = vocabulary_get(f->of);
		json_t *ids = json_array();
		for (gsize i = 0; i < vocabulary_size(v); i++)
			json_array_append_new(ids, json_string(vocabulary_term(v, i)->id));
		json_object_set_new(definitions, name, json_pack("{s:s, s:s*, s:o}", "title", vocabulary_label(v), "description", vocabulary_definition(v), "enum", ids));
	}
	return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", name));
}

static json_t *number_schema(const field *f)
{
	double minimum, maximum;
	field_bounds(f, &minimum, &maximum);
	return json_pack("{s:s, s:f, s:f}", "type", f->type == FIELD_NUMBER ? "number" : "integer", "minimum", minimum, "maximum", maximum);
}

static json_t *text_schema(const char *pattern, int longest)
{
	return json_pack("{s:s, s:s, s:i}", "type", "string", "pattern", pattern, "maxLength", longest);
}

static json_t *date_schema(void)
{
	static const char years[] = "(1[0-9]{3}|2[01][0-9]{2}|2200)";
	return json_pack("{s:s, s:o, s:[{s:s}, {s:s}, {s:s}]}", "type", "string", "pattern", json_sprintf("^%s(-[0-9]{2}){0,2}$", years), "anyOf",
	    "pattern", "^[0-9]{4}$", "pattern", "^[0-9]{4}-(0[1-9]|1[0-2])$", "format", "date");
}

static json_t *geometry_schema(json_t *definitions)
{
	if (!json_object_get(definitions, "geometry")) {
		json_t *position = json_pack("{s:s, s:[{s:s,s:i,s:i}, {s:s,s:i,s:i}], s:{s:s,s:f,s:f}, s:i, s:i}", "type", "array", "prefixItems",
		    "type", "number", "minimum", -180, "maximum", 180, "type", "number", "minimum", -90, "maximum", 90,
		    "items", "type", "number", "minimum", -LIMIT_NUMBER, "maximum", LIMIT_NUMBER, "minItems", 2, "maxItems", 3);
		json_t *rings = json_pack("{s:s, s:i, s:{s:s, s:i, s:o}}", "type", "array", "minItems", 1, "items", "type", "array", "minItems", 4, "items", position);
		json_t *polygon = json_pack("{s:{s:{s:s}, s:O}}", "properties", "type", "const", "Polygon", "coordinates", rings);
		json_t *polygons = json_pack("{s:{s:{s:s}, s:{s:s, s:i, s:o}}}", "properties", "type", "const", "MultiPolygon", "coordinates", "type", "array", "minItems", 1, "items", rings);
		json_object_set_new(definitions, "geometry", json_pack("{s:s, s:s, s:[s,s], s:{s:b, s:b}, s:b, s:[o,o]}", "description",
		    "A GeoJSON Polygon or MultiPolygon (RFC 7946) in degrees of WGS 84. Rings end where they begin.", "type", "object", "required", "type", "coordinates",
		    "properties", "type", 1, "coordinates", 1, "additionalProperties", 0, "oneOf", polygon, polygons));
	}
	return json_pack("{s:s}", "$ref", "#/$defs/geometry");
}

static json_t *entry_schema(const field *f, json_t *definitions)
{
	switch (f->type) {
	case FIELD_LINE:
		return text_schema(TEXT_LINE_PATTERN, LIMIT_LINE);
	case FIELD_TEXT:
		return text_schema(TEXT_PATTERN, LIMIT_TEXT);
	case FIELD_TERM:
		return term_schema(f, definitions);
	case FIELD_REF:
		return json_pack("{s:s, s:s, s:i, s:s}", "type", "string", "pattern", "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength", SLUG_MAX, "x-kind", f->of);
	case FIELD_DATE:
		return date_schema();
	case FIELD_TIME:
		return json_pack("{s:s, s:s}", "type", "string", "pattern", TIME_PATTERN);
	case FIELD_SHA256:
		return json_pack("{s:s, s:s}", "type", "string", "pattern", SHA256_PATTERN);
	case FIELD_URL:
		return text_schema(URL_PATTERN, LIMIT_URL);
	case FIELD_YEAR:
	case FIELD_COUNT:
	case FIELD_NUMBER:
		return number_schema(f);
	case FIELD_SOURCE:
		return json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", LIMIT_SOURCES);
	case FIELD_YESNO:
		return json_pack("{s:s}", "type", "boolean");
	case FIELD_GEOMETRY:
		return geometry_schema(definitions);
	case FIELD_GROUP:
		return object_schema(f->fields, definitions);
	}
	g_assert_not_reached();
}

static json_t *field_schema(const field *f, json_t *definitions)
{
	json_t *schema = entry_schema(f, definitions);
	if (f->flags & FIELD_REPEATED) {
		schema = json_pack("{s:s, s:i, s:i, s:o}", "type", "array", "minItems", 1, "maxItems", LIMIT_LIST, "items", schema);
		if (f->flags & FIELD_UNIQUE)
			json_object_set_new(schema, "uniqueItems", json_true());
	}
	json_object_set_new(schema, "title", json_string(f->label));
	json_object_set_new(schema, "description", json_string(f->help));
	if (f->unit)
		json_object_set_new(schema, "x-unit", json_string(f->unit));
	return schema;
}

static json_t *object_schema(const field *fields, json_t *definitions)
{
	json_t *properties = json_object(), *required = json_array();
	for (const field *f = fields; f->name; f++) {
		json_object_set_new(properties, f->name, field_schema(f, definitions));
		if (f->flags & FIELD_REQUIRED)
			json_array_append_new(required, json_string(f->name));
	}
	return json_pack("{s:s, s:o, s:o, s:i, s:b}", "type", "object", "properties", properties, "required", required, "minProperties", 1, "additionalProperties", 0);
}

static json_t *rules_schema(const kind *k)
{
	json_t *rules = json_array();
	if (kind_field(k, "sources"))
		json_array_append_new(rules, json_string("Sources are numbered differently, and every figure's source is one of them."));
	if (k->geometry)
		json_array_append_new(rules, json_string("A ring of a geometry ends where it begins, and a geometry has at most 100000 positions."));
	for (const check *c = k->checks; c && c->run; c++)
		json_array_append_new(rules, json_string(c->says));
	return rules;
}

json_t *kind_schema(const kind *k)
{
	json_t *definitions = json_object();
	json_t *body = object_schema(k->fields, definitions);
	json_t *schema = json_pack("{s:s, s:o, s:s, s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "$id", json_sprintf("/schema/%s.json", k->name),
	    "title", k->label, "description", k->help);
	json_object_update(schema, body);
	json_decref(body);
	json_object_set_new(schema, "x-rules", rules_schema(k));
	json_object_set_new(schema, "$defs", definitions);
	return schema;
}
