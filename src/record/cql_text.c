/* CQL2 text to CQL2 JSON: recursive descent over the grammar of OGC 21-065r2, Annex B, without arithmetic and functions of one's own. */
#include "record/cql.h"
#include "record/message.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#define WORD_BYTES 128

typedef struct parser {
	const char *text, *at;
	guint depth, nodes;
	GError **error;
} parser;

G_DEFINE_QUARK(aftermine-cql-error-quark, cql_error)

/* Always NULL, so that it can end a function. what: "a value"; frees what was made so far. */
static json_t *fail(parser *p, const char *what, json_t *made)
{
	json_decref(made);
	if (p->error && !*p->error)
		g_set_error(p->error, CQL_ERROR, CQL_ERROR_FORM, *p->at ? _("Expected %s at character %ld of the filter, before “%.40s”.") : _("Expected %s at character %ld, where the filter ends."),
			what, g_utf8_pointer_to_offset(p->text, p->at) + 1, p->at);
	return NULL;
}

static gboolean enter(parser *p)
{
	if (++p->depth <= CQL_DEPTH && ++p->nodes <= CQL_NODES)
		return TRUE;
	if (p->error && !*p->error)
		g_set_error(p->error, CQL_ERROR, CQL_ERROR_FORM, _("The filter is too long or too deeply nested: at most %d levels and %d parts."), CQL_DEPTH, CQL_NODES);
	return FALSE;
}

static void skip_space(parser *p)
{
	while (g_ascii_isspace(*p->at))
		p->at++;
}

static gboolean take(parser *p, const char *mark)
{
	skip_space(p);
	gsize length = strlen(mark);
	if (strncmp(p->at, mark, length) != 0)
		return FALSE;
	p->at += length;
	return TRUE;
}

static gboolean begins_name(const char *at)
{
	gunichar c = g_utf8_get_char(at);
	return c == ':' || c == '_' || g_unichar_isalpha(c);
}

static gsize name_length(const char *at)
{
	const char *end = at;
	while (*end) {
		gunichar c = g_utf8_get_char(end);
		if (!(c == ':' || c == '_' || c == '.' || g_unichar_isalnum(c)))
			break;
		end = g_utf8_next_char(end);
	}
	return (gsize)(end - at);
}

/* Is this keyword here, as a word of its own? */
static gboolean sees(parser *p, const char *keyword)
{
	skip_space(p);
	gsize length = strlen(keyword);
	return g_ascii_strncasecmp(p->at, keyword, length) == 0 && name_length(p->at) == length;
}

static gboolean take_keyword(parser *p, const char *keyword)
{
	if (!sees(p, keyword))
		return FALSE;
	p->at += strlen(keyword);
	return TRUE;
}

static json_t *operation(const char *name, json_t *arguments)
{
	return json_pack("{s:s, s:o}", "op", name, "args", arguments);
}

/* ---- values ---- */

/* 'It''s so', with a quotation mark doubled or after a backslash. */
static json_t *parse_characters(parser *p)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (p->at++; *p->at; p->at++) {
		if (p->at[0] == '\\' && p->at[1] == '\'')
			p->at++;
		else if (p->at[0] == '\'' && p->at[1] == '\'')
			p->at++;
		else if (*p->at == '\'') {
			p->at++;
			return json_stringn(text->str, text->len);
		}
		g_string_append_c(text, *p->at);
	}
	return fail(p, "the closing quotation mark '", NULL);
}

static json_t *parse_number(parser *p)
{
	const char *begin = p->at, *digits = begin + (*begin == '-' || *begin == '+');
	char *end;
	if (!g_ascii_isdigit(*digits) && !(*digits == '.' && g_ascii_isdigit(digits[1])))
		return fail(p, "a number", NULL);
	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
		return fail(p, "a decimal number", NULL);
	double value = g_ascii_strtod(begin, &end);
	if (!isfinite(value))
		return fail(p, "a smaller number", NULL);
	p->at = end;
	return value == floor(value) && fabs(value) < 1e15 && !memchr(begin, '.', (gsize)(end - begin)) ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *parse_name(parser *p)
{
	if (*p->at == '"') {
		const char *end = strchr(p->at + 1, '"');
		if (!end || end == p->at + 1)
			return fail(p, "a name between quotation marks", NULL);
		json_t *name = json_pack("{s:s%}", "property", p->at + 1, (size_t)(end - p->at - 1));
		p->at = end + 1;
		return name;
	}
	if (!begins_name(p->at))
		return fail(p, "a value or the name of a property", NULL);
	gsize length = name_length(p->at);
	json_t *name = json_pack("{s:s%}", "property", p->at, length);
	p->at += length;
	return name;
}

static json_t *parse_quoted(parser *p)
{
	skip_space(p);
	return *p->at == '\'' ? parse_characters(p) : fail(p, "a text between '", NULL);
}

/* DATE('...') and TIMESTAMP('...'): {"date": "..."} */
static json_t *parse_instant(parser *p, const char *member)
{
	json_t *text = take(p, "(") ? parse_quoted(p) : fail(p, "(", NULL);
	if (!text || !take(p, ")"))
		return fail(p, ")", text);
	return json_pack("{s:o}", member, text);
}

static json_t *parse_interval_end(parser *p)
{
	skip_space(p);
	if (*p->at == '\'')
		return parse_characters(p);
	if (take_keyword(p, "DATE"))
		return parse_instant(p, "date");
	if (take_keyword(p, "TIMESTAMP"))
		return parse_instant(p, "timestamp");
	return parse_name(p);
}

static json_t *parse_interval(parser *p)
{
	json_t *ends = json_array(), *end;
	if (!take(p, "("))
		return fail(p, "(", ends);
	for (int i = 0; i < 2; i++) {
		if ((i && !take(p, ",")) || !(end = parse_interval_end(p)))
			return fail(p, "two ends of an interval", ends);
		json_array_append_new(ends, end);
	}
	return take(p, ")") ? json_pack("{s:o}", "interval", ends) : fail(p, ")", ends);
}

/* ---- geometries (WKT) ---- */

static json_t *parse_position(parser *p)
{
	json_t *position = json_array();
	for (int i = 0; i < 3; i++) {
		skip_space(p);
		if (i == 2 && (*p->at == ',' || *p->at == ')'))
			break;
		json_t *number = parse_number(p);
		if (!number)
			return fail(p, "a number", position);
		json_array_append_new(position, number);
	}
	return position;
}

/* Lists within lists: 0 a position, 1 a line, 2 rings, 3 polygons. point_lists: a position within a list may stand in brackets of its own (MULTIPOINT). */
static json_t *parse_coordinates(parser *p, int level, gboolean bracketed_points)
{
	if (level == 0) {
		gboolean bracketed = bracketed_points && take(p, "(");
		json_t *position = parse_position(p);
		return !position || (bracketed && !take(p, ")")) ? fail(p, ")", position) : position;
	}
	json_t *list = json_array();
	if (!take(p, "("))
		return fail(p, "(", list);
	do {
		json_t *part = ++p->nodes > SHAPE_POSITIONS ? fail(p, "fewer positions", NULL) : parse_coordinates(p, level - 1, bracketed_points);
		if (!part)
			return fail(p, "coordinates", list);
		json_array_append_new(list, part);
	} while (take(p, ","));
	return take(p, ")") ? list : fail(p, ")", list);
}

static const struct {
	const char *keyword, *type;
	int level;
} geometries[] = {
	{ "POINT", "Point", 1 }, { "LINESTRING", "LineString", 1 }, { "POLYGON", "Polygon", 2 }, { "MULTIPOINT", "MultiPoint", 1 },
	{ "MULTILINESTRING", "MultiLineString", 2 }, { "MULTIPOLYGON", "MultiPolygon", 3 },
};

static json_t *parse_geometry(parser *p);

static json_t *parse_collection(parser *p)
{
	json_t *parts = json_array();
	if (!enter(p) || !take(p, "("))
		return fail(p, "(", parts);
	do {
		json_t *part = parse_geometry(p);
		if (!part)
			return fail(p, "a geometry", parts);
		json_array_append_new(parts, part);
	} while (take(p, ","));
	p->depth--;
	return take(p, ")") ? json_pack("{s:s, s:o}", "type", "GeometryCollection", "geometries", parts) : fail(p, ")", parts);
}

static json_t *parse_box(parser *p)
{
	json_t *box = json_array();
	if (!take(p, "("))
		return fail(p, "(", box);
	do {
		skip_space(p);
		json_t *number = parse_number(p);
		if (!number || json_array_size(box) == 6)
			return fail(p, "four or six numbers", (json_decref(number), box));
		json_array_append_new(box, number);
	} while (take(p, ","));
	return take(p, ")") ? json_pack("{s:o}", "bbox", box) : fail(p, ")", box);
}

/* NULL without an error: there is no geometry here. */
static json_t *parse_geometry(parser *p)
{
	if (take_keyword(p, "BBOX"))
		return parse_box(p);
	if (take_keyword(p, "GEOMETRYCOLLECTION"))
		return parse_collection(p);
	for (gsize i = 0; i < G_N_ELEMENTS(geometries); i++)
		if (take_keyword(p, geometries[i].keyword)) {
			take_keyword(p, "Z");
			json_t *coordinates = parse_coordinates(p, geometries[i].level, strcmp(geometries[i].type, "MultiPoint") == 0);
			if (!coordinates)
				return NULL;
			if (i == 0 && json_array_size(coordinates) != 1)
				return fail(p, "one position of the point", coordinates);
			json_t *value = i == 0 ? json_incref(json_array_get(coordinates, 0)) : coordinates;
			if (i == 0)
				json_decref(coordinates);
			return json_pack("{s:s, s:o}", "type", geometries[i].type, "coordinates", value);
		}
	return NULL;
}

/* ---- scalar expressions ---- */

static json_t *parse_value(parser *p);

static json_t *parse_folding(parser *p, const char *name)
{
	json_t *value = enter(p) && take(p, "(") ? parse_value(p) : NULL;
	p->depth--;
	return value && take(p, ")") ? operation(name, json_pack("[o]", value)) : fail(p, "a text in brackets", value);
}

static json_t *parse_array(parser *p)
{
	json_t *list = json_array();
	if (!enter(p) || !take(p, "("))
		return fail(p, "(", list);
	skip_space(p);
	do {
		gboolean empty = *p->at == ')' && json_array_size(list) == 0;
		json_t *value = empty ? NULL : ++p->nodes > CQL_NODES ? fail(p, "fewer values", NULL) : parse_value(p);
		if (!value && !empty)
			return fail(p, "a value", list);
		if (value)
			json_array_append_new(list, value);
	} while (take(p, ","));
	p->depth--;
	return take(p, ")") ? list : fail(p, ")", list);
}

static json_t *parse_value(parser *p)
{
	static const struct {
		const char *keyword;
		json_t *(*parse)(parser *p, const char *name);
		const char *name;
	} forms[] = {
		{ "CASEI", parse_folding, "casei" }, { "ACCENTI", parse_folding, "accenti" }, { "DATE", parse_instant, "date" }, { "TIMESTAMP", parse_instant, "timestamp" },
	};
	skip_space(p);
	if (*p->at == '\'')
		return parse_characters(p);
	if (g_ascii_isdigit(*p->at) || (*p->at && strchr("+-.", *p->at)))
		return parse_number(p);
	if (take_keyword(p, "TRUE"))
		return json_true();
	if (take_keyword(p, "FALSE"))
		return json_false();
	if (take_keyword(p, "INTERVAL"))
		return parse_interval(p);
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		const char *before = p->at;
		if (take_keyword(p, forms[i].keyword)) {
			skip_space(p);
			if (*p->at == '(')
				return forms[i].parse(p, forms[i].name);
			p->at = before; /* a property of that name */
		}
	}
	GError **error = p->error;
	json_t *geometry = parse_geometry(p);
	return geometry || (error && *error) ? geometry : parse_name(p);
}

/* ---- predicates ---- */

static json_t *negated(json_t *what, gboolean negate)
{
	return what && negate ? operation("not", json_pack("[o]", what)) : what;
}

static json_t *parse_like(parser *p, json_t *left)
{
	json_t *pattern = parse_value(p);
	return pattern ? operation("like", json_pack("[o, o]", left, pattern)) : fail(p, "a pattern", left);
}

static json_t *parse_between(parser *p, json_t *left)
{
	json_t *low = parse_value(p), *high = low && take_keyword(p, "AND") ? parse_value(p) : NULL;
	if (!high) {
		json_decref(low);
		return fail(p, "two values with AND between them", left);
	}
	return operation("between", json_pack("[o, o, o]", left, low, high));
}

static json_t *parse_in(parser *p, json_t *left)
{
	json_t *list = parse_array(p);
	return list ? operation("in", json_pack("[o, o]", left, list)) : fail(p, "a list in brackets", left);
}

/* Does a condition end here? A property alone is one if it is true or false. */
static gboolean ends_condition(parser *p)
{
	return sees(p, "AND") || sees(p, "OR") || *p->at == ')' || *p->at == '\0';
}

static json_t *parse_comparison(parser *p, json_t *left)
{
	static const char *const signs[] = { "<>", "<=", ">=", "=", "<", ">" };
	static const struct {
		const char *keyword;
		json_t *(*parse)(parser *p, json_t *left);
	} words[] = { { "LIKE", parse_like }, { "BETWEEN", parse_between }, { "IN", parse_in } };
	if (take_keyword(p, "IS")) {
		gboolean not = take_keyword(p, "NOT");
		return take_keyword(p, "NULL") ? negated(operation("isNull", json_pack("[o]", left)), not) : fail(p, "NULL", left);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
		if (take(p, signs[i])) {
			json_t *right = parse_value(p);
			return right ? operation(signs[i], json_pack("[o, o]", left, right)) : fail(p, "a value", left);
		}
	gboolean not = take_keyword(p, "NOT");
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (take_keyword(p, words[i].keyword))
			return negated(words[i].parse(p, left), not);
	if (!not && (json_is_boolean(left) || (json_object_get(left, "property") && ends_condition(p))))
		return left;
	return fail(p, "a comparison (=, <>, <, >, <=, >=, LIKE, BETWEEN, IN, IS NULL)", left);
}

/* S_INTERSECTS(a, b), T_AFTER(a, b), A_CONTAINS(a, (b, c)). NULL without an error: there is none here. */
static json_t *parse_relation(parser *p)
{
	skip_space(p);
	gsize length = name_length(p->at);
	if (length < 3 || length > WORD_BYTES || p->at[1] != '_' || !strchr("SsTtAa", p->at[0]))
		return NULL;
	g_autofree char *given = g_strndup(p->at, length), *name = g_ascii_strdown(given, -1);
	const char *before = p->at;
	p->at += length;
	if (!take(p, "(")) {
		p->at = before; /* a property of such a name */
		return NULL;
	}
	json_t *arguments = json_array();
	do {
		skip_space(p);
		json_t *value = json_array_size(arguments) == 2 ? NULL : name[0] == 'a' && *p->at == '(' ? parse_array(p) : parse_value(p);
		if (!value)
			return fail(p, "two arguments", arguments);
		json_array_append_new(arguments, value);
	} while (take(p, ","));
	/* t_finishedBy and its like have a capital in the JSON form */
	static const char *const capitals[] = { "t_finishedBy", "t_metBy", "t_overlappedBy", "t_startedBy", "a_containedBy" };
	const char *spelt = name;
	for (gsize i = 0; i < G_N_ELEMENTS(capitals); i++)
		if (g_ascii_strcasecmp(name, capitals[i]) == 0)
			spelt = capitals[i];
	return take(p, ")") ? operation(spelt, arguments) : fail(p, ")", arguments);
}

static json_t *parse_or(parser *p);

static json_t *parse_primary(parser *p)
{
	if (take(p, "(")) {
		json_t *inner = parse_or(p);
		return inner && take(p, ")") ? inner : fail(p, ")", inner);
	}
	GError **error = p->error;
	json_t *relation = parse_relation(p);
	if (relation || (error && *error))
		return relation;
	json_t *left = parse_value(p);
	return left ? parse_comparison(p, left) : NULL;
}

static json_t *parse_not(parser *p)
{
	if (!enter(p))
		return NULL;
	json_t *inner = take_keyword(p, "NOT") ? negated(parse_not(p), TRUE) : parse_primary(p);
	p->depth--;
	return inner;
}

static json_t *parse_joined(parser *p, const char *keyword, const char *name, json_t *(*parse)(parser *p))
{
	json_t *first = parse(p), *all = NULL;
	while (first && take_keyword(p, keyword)) {
		json_t *next = parse(p);
		if (!all)
			all = json_pack("[o]", first);
		if (!next)
			return fail(p, "a condition", all);
		json_array_append_new(all, next);
	}
	return all ? operation(name, all) : first;
}

static json_t *parse_and(parser *p)
{
	return parse_joined(p, "AND", "and", parse_not);
}

static json_t *parse_or(parser *p)
{
	return parse_joined(p, "OR", "or", parse_and);
}

json_t *cql_parse(const char *text, GError **error)
{
	g_autoptr(GError) own = NULL;
	parser p = { .text = text, .at = text, .error = &own };
	json_t *whole = parse_or(&p);
	skip_space(&p);
	if (whole && *p.at)
		whole = fail(&p, "AND, OR or the end", whole);
	if (own)
		g_propagate_error(error, g_steal_pointer(&own));
	return whole;
}
