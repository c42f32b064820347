/* CQL2 JSON checked against a kind. */
#include "record/cql_node.h"

#include <math.h>
#include <string.h>

#include "record/value.h"

const char *const cql_common[] = { "id", "title", "summary", "revision", "published", NULL };

static void operand_free(gpointer data)
{
	operand *o = data;
	g_free(o->property);
	g_free(o->literal.text);
	g_free(o);
}

static void node_free(gpointer data)
{
	node *n = data;
	if (!n)
		return;
	g_clear_pointer(&n->parts, g_ptr_array_unref);
	g_clear_pointer(&n->operands, g_ptr_array_unref);
	shape_free(n->shapes[0]), shape_free(n->shapes[1]);
	g_free(n);
}

typedef struct compiler {
	const kind *k;
	const crs *places;
	cql *c;
	guint depth, nodes;
	GError **error;
} compiler;

static gboolean refuse(compiler *p, cql_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Always FALSE; the first fault stays. */
static gboolean refuse(compiler *p, cql_error code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (p->error && !*p->error)
		g_set_error_literal(p->error, CQL_ERROR, (int)code, message);
	return FALSE;
}

static node *node_new(node_type type, int relation)
{
	node *n = g_new0(node, 1);
	n->type = type;
	n->relation = relation;
	n->parts = g_ptr_array_new_with_free_func(node_free);
	n->operands = g_ptr_array_new_with_free_func(operand_free);
	return n;
}

static void add_member(cql *c, const char *path)
{
	for (guint i = 0; i < c->members->len; i++)
		if (strcmp(c->members->pdata[i], path) == 0)
			return;
	g_ptr_array_add(c->members, g_strdup(path));
}

/* ---- operands ---- */

static sort sort_of(field_type type)
{
	switch (type) {
	case FIELD_LINE:
	case FIELD_TEXT:
	case FIELD_TERM:
	case FIELD_REF:
	case FIELD_URL:
	case FIELD_TIME:
	case FIELD_SHA256:
		return SORT_TEXT;
	case FIELD_DATE:
		return SORT_TIME;
	case FIELD_YEAR:
	case FIELD_NUMBER:
	case FIELD_COUNT:
	case FIELD_SOURCE:
		return SORT_NUMBER;
	case FIELD_YESNO:
		return SORT_BOOLEAN;
	default:
		return SORT_NONE;
	}
}

/* A property that a filter on the kind may name: FALSE where there is none. *f: its field, NULL for those every kind has, of which *type says what they
 * hold. */
static gboolean cql_property(const kind *k, const char *name, const field **f, field_type *type)
{
	static const field_type types[] = { FIELD_LINE, FIELD_LINE, FIELD_TEXT, FIELD_COUNT, FIELD_DATE };
	*f = NULL;
	for (gsize i = 0; cql_common[i]; i++)
		if (strcmp(cql_common[i], name) == 0) {
			*type = types[i];
			return TRUE;
		}
	*f = kind_field(k, name);
	if (*f)
		*type = (*f)->type;
	return *f && (*f)->type != FIELD_GEOMETRY;
}

static gboolean read_property(compiler *p, const json_t *json, operand *o)
{
	const char *name = json_string_value(json_object_get(json, "property"));
	field_type type;
	if (!name)
		return refuse(p, CQL_ERROR_FORM, "A value of the filter is neither text, number, truth, date, geometry nor property.");
	if (!cql_property(p->k, name, &o->f, &type))
		return refuse(p, CQL_ERROR_PROPERTY, "There is no property “%.80s” to filter by. The queryables of the collection name them all.", name);
	o->property = g_strdup(name);
	o->sort = sort_of(type);
	if (o->f)
		add_member(p->c, name);
	else if (strcmp(name, "title") == 0)
		add_member(p->c, p->k->title);
	else if (strcmp(name, "summary") == 0 && p->k->summary)
		add_member(p->c, p->k->summary);
	return TRUE;
}

static gboolean read_time(compiler *p, const char *text, operand *o)
{
	o->sort = o->literal.sort = SORT_TIME;
	return (text && span_read(text, &o->literal.time)) || refuse(p, CQL_ERROR_FORM, "“%.80s” is not a date or a time. Write 2026-08-01 or 2026-08-01T12:00:00Z.", text ? text : "");
}

static gboolean enter(compiler *p)
{
	if (++p->depth <= CQL_DEPTH && ++p->nodes <= CQL_NODES)
		return TRUE;
	return refuse(p, CQL_ERROR_FORM, "The filter is too long or too deeply nested: at most %d levels and %d parts.", CQL_DEPTH, CQL_NODES);
}

/* casei and accenti around a text. */
static gboolean read_folded(compiler *p, const json_t *json, operand *o);

static gboolean fill_operand(compiler *p, const json_t *json, operand *o)
{
	if (json_is_string(json)) {
		o->sort = o->literal.sort = SORT_TEXT;
		o->literal.text = g_strdup(json_string_value(json));
		return TRUE;
	}
	if (json_is_number(json) || json_is_boolean(json)) {
		o->sort = o->literal.sort = json_is_number(json) ? SORT_NUMBER : SORT_BOOLEAN;
		o->literal.number = json_is_number(json) ? json_number_value(json) : json_is_true(json);
		return TRUE;
	}
	if (json_object_get(json, "date"))
		return read_time(p, json_string_value(json_object_get(json, "date")), o);
	if (json_object_get(json, "timestamp"))
		return read_time(p, json_string_value(json_object_get(json, "timestamp")), o);
	return json_object_get(json, "op") ? read_folded(p, json, o) : read_property(p, json, o);
}

static gboolean read_folded(compiler *p, const json_t *json, operand *o)
{
	const char *op = json_string_value(json_object_get(json, "op"));
	const json_t *arguments = json_object_get(json, "args");
	unsigned how = g_strcmp0(op, "casei") == 0 ? FOLD_CASE : g_strcmp0(op, "accenti") == 0 ? FOLD_ACCENTS : 0;
	if (!how || json_array_size(arguments) != 1)
		return refuse(p, CQL_ERROR_FORM, "“%.40s” cannot stand where a value is expected.", op ? op : "?");
	o->folds |= how;
	if (!enter(p) || !fill_operand(p, json_array_get(arguments, 0), o))
		return FALSE;
	p->depth--;
	if (o->sort != SORT_TEXT)
		return refuse(p, CQL_ERROR_PROPERTY, "%s takes a text.", how == FOLD_CASE ? "CASEI" : "ACCENTI");
	if (!o->property) {
		char *folded = cql_fold(o->literal.text, how);
		g_free(o->literal.text);
		o->literal.text = folded;
	}
	return TRUE;
}

/* Adds one to the node; NULL: it is wrong. */
static operand *add_operand(compiler *p, node *n, const json_t *json)
{
	operand *o = g_new0(operand, 1);
	g_ptr_array_add(n->operands, o);
	return ++p->nodes <= CQL_NODES ? (fill_operand(p, json, o) ? o : NULL) : (refuse(p, CQL_ERROR_FORM, "The filter has more than %d parts.", CQL_NODES), NULL);
}

static const char *name_of(const operand *o)
{
	static const char *const names[] = { "a text", "a number", "true or false", "a time", "a group of values" };
	return o->property ? o->property : names[o->sort];
}

/* Years and dates can be stretches of time. */
static gboolean can_be_time(const operand *o)
{
	return o->sort == SORT_TIME || (o->f && o->f->type == FIELD_YEAR);
}

/* Makes the operands comparable: times where one of them is a time, else of one sort. */
static gboolean agree(compiler *p, node *n)
{
	gboolean time = FALSE;
	for (guint i = 0; i < n->operands->len; i++)
		time = time || ((operand *)n->operands->pdata[i])->sort == SORT_TIME;
	const operand *first = n->operands->pdata[0];
	for (guint i = 0; i < n->operands->len; i++) {
		operand *o = n->operands->pdata[i];
		if (time && !o->property && o->sort == SORT_TEXT && !read_time(p, o->literal.text, o))
			return FALSE;
		if (time && can_be_time(o))
			o->sort = SORT_TIME;
		if (o->sort == SORT_NONE || o->sort != (time ? SORT_TIME : first->sort))
			return refuse(p, CQL_ERROR_PROPERTY, "%s cannot be compared with %s. The queryables of the collection say what each property holds.", name_of(first), name_of(i ? o : n->operands->pdata[n->operands->len - 1]));
	}
	return TRUE;
}

/* ---- operators ---- */

typedef struct operator {
	const char *name;
	gboolean (*compile)(compiler *p, node *n, const json_t *arguments);
	node_type type;
	int relation;
	guint arguments; /* 0: two or more */
} operator;

static node *compile(compiler *p, const json_t *json);

static gboolean compile_parts(compiler *p, node *n, const json_t *arguments)
{
	const json_t *part;
	gsize i;
	json_array_foreach(arguments, i, part) {
		node *one = compile(p, part);
		if (!one)
			return FALSE;
		g_ptr_array_add(n->parts, one);
	}
	return TRUE;
}

static gboolean compile_operands(compiler *p, node *n, const json_t *arguments)
{
	const json_t *argument;
	gsize i;
	json_array_foreach(arguments, i, argument)
		if (!add_operand(p, n, argument))
			return FALSE;
	return agree(p, n);
}

static gboolean compile_in(compiler *p, node *n, const json_t *arguments)
{
	const json_t *list = json_array_get(arguments, 1), *entry;
	gsize i;
	if (!json_is_array(list) || json_array_size(list) == 0)
		return refuse(p, CQL_ERROR_FORM, "IN takes a list of values in brackets.");
	if (!add_operand(p, n, json_array_get(arguments, 0)))
		return FALSE;
	json_array_foreach(list, i, entry)
		if (!add_operand(p, n, entry))
			return FALSE;
	return agree(p, n);
}

static gboolean compile_like(compiler *p, node *n, const json_t *arguments)
{
	const operand *text = add_operand(p, n, json_array_get(arguments, 0)), *pattern = text ? add_operand(p, n, json_array_get(arguments, 1)) : NULL;
	if (!pattern)
		return FALSE;
	return (text->sort == SORT_TEXT && pattern->sort == SORT_TEXT && !pattern->property) ||
	       refuse(p, CQL_ERROR_PROPERTY, "LIKE takes a property that holds text, and a pattern; %s is neither.", name_of(text->sort == SORT_TEXT ? pattern : text));
}

static gboolean compile_null(compiler *p, node *n, const json_t *arguments)
{
	const operand *o = add_operand(p, n, json_array_get(arguments, 0));
	return o && (o->property || refuse(p, CQL_ERROR_FORM, "IS NULL takes a property."));
}

static gboolean read_box_literal(compiler *p, const json_t *box, shape **out)
{
	gsize n = json_array_size(box);
	double given[4] = { 0 }, lonlat[4];
	for (gsize i = 0; i < 4; i++) {
		const json_t *number = json_array_get(box, n == 6 && i >= 2 ? i + 1 : i);
		if ((n != 4 && n != 6) || !json_is_number(number))
			return refuse(p, CQL_ERROR_FORM, "BBOX takes four or six numbers.");
		given[i] = json_number_value(number);
	}
	gboolean fits = crs_unproject_box(p->places, given, lonlat) && fabs(lonlat[0]) <= 180 && fabs(lonlat[2]) <= 180 && lonlat[1] >= -90 && lonlat[3] <= 90 && lonlat[1] <= lonlat[3];
	*out = fits ? shape_box(lonlat) : NULL;
	return *out || refuse(p, CQL_ERROR_FORM, "The BBOX is not one: least values first, and within the coordinate system of the filter.");
}

static gboolean read_shape(compiler *p, const json_t *json, shape **out)
{
	const char *property = json_string_value(json_object_get(json, "property"));
	const json_t *box = json_object_get(json, "bbox");
	if (property && strcmp(property, "geometry") != 0)
		return refuse(p, CQL_ERROR_PROPERTY, "“%.80s” is not a geometry. The one property that is one is called geometry.", property);
	if (property)
		p->c->needs_place = TRUE;
	if (property || (box && !json_object_get(json, "type")))
		return property || read_box_literal(p, box, out);
	json_t *lonlat = crs_unproject_geometry(p->places, json);
	g_autoptr(GError) cause = NULL;
	*out = lonlat ? shape_read(lonlat, &cause) : NULL;
	json_decref(lonlat);
	return *out || refuse(p, CQL_ERROR_FORM, "%s", cause ? cause->message : "A geometry lies outside of the coordinate system of the filter, or is none.");
}

static gboolean compile_spatial(compiler *p, node *n, const json_t *arguments)
{
	for (int i = 0; i < 2; i++)
		if (!read_shape(p, json_array_get(arguments, (gsize)i), &n->shapes[i]))
			return FALSE;
	return TRUE;
}

/* An end of an interval: "..", a date, a property. */
static gboolean add_end(compiler *p, node *n, const json_t *json, gboolean last)
{
	const char *text = json_string_value(json);
	operand *o = g_new0(operand, 1);
	g_ptr_array_add(n->operands, o);
	if (text && (strcmp(text, "..") == 0 || *text == '\0')) {
		o->sort = SORT_TIME;
		o->literal.time = last ? (span) { 0, G_MAXINT64 } : (span) { G_MININT64, 0 };
		return TRUE;
	}
	if (text)
		return read_time(p, text, o);
	if (!fill_operand(p, json, o))
		return FALSE;
	if (!can_be_time(o))
		return refuse(p, CQL_ERROR_PROPERTY, "%s is not a time.", name_of(o));
	o->sort = SORT_TIME;
	return TRUE;
}

static gboolean compile_temporal(compiler *p, node *n, const json_t *arguments)
{
	const json_t *argument;
	gsize i;
	json_array_foreach(arguments, i, argument) {
		const json_t *ends = json_object_get(argument, "interval");
		if (ends && json_array_size(ends) != 2)
			return refuse(p, CQL_ERROR_FORM, "An interval has two ends.");
		for (gsize end = 0; end < 2; end++)
			if (!add_end(p, n, ends ? json_array_get(ends, end) : argument, end == 1))
				return FALSE;
	}
	return TRUE;
}

static gboolean compile_array(compiler *p, node *n, const json_t *arguments)
{
	const json_t *argument, *entry;
	gsize i, j;
	json_array_foreach(arguments, i, argument) {
		if (!json_is_array(argument) && !json_object_get(argument, "property"))
			return refuse(p, CQL_ERROR_FORM, "Relations of arrays take a property with several values, or a list in brackets.");
		if (json_is_array(argument) && json_array_size(argument) == 0)
			return refuse(p, CQL_ERROR_FORM, "A list of an array relation is empty.");
		if (json_is_array(argument))
			json_array_foreach(argument, j, entry) {
				if (!add_operand(p, n, entry))
					return FALSE;
			}
		else if (!add_operand(p, n, argument))
			return FALSE;
		if (i == 0)
			n->first = n->operands->len;
	}
	return agree(p, n);
}

static const operator operators[] = {
	{ "and", compile_parts, NODE_AND, 0, 0 }, { "or", compile_parts, NODE_OR, 0, 0 }, { "not", compile_parts, NODE_NOT, 0, 1 },
	{ "=", compile_operands, NODE_COMPARE, COMPARE_EQUAL, 2 }, { "<>", compile_operands, NODE_COMPARE, COMPARE_UNEQUAL, 2 },
	{ "<", compile_operands, NODE_COMPARE, COMPARE_LESS, 2 }, { "<=", compile_operands, NODE_COMPARE, COMPARE_LESS_EQUAL, 2 },
	{ ">", compile_operands, NODE_COMPARE, COMPARE_GREATER, 2 }, { ">=", compile_operands, NODE_COMPARE, COMPARE_GREATER_EQUAL, 2 },
	{ "between", compile_operands, NODE_BETWEEN, 0, 3 }, { "in", compile_in, NODE_IN, 0, 2 }, { "like", compile_like, NODE_LIKE, 0, 2 }, { "isNull", compile_null, NODE_NULL, 0, 1 },
	{ "s_intersects", compile_spatial, NODE_SPATIAL, SHAPE_INTERSECTS, 2 }, { "s_disjoint", compile_spatial, NODE_SPATIAL, SHAPE_DISJOINT, 2 },
	{ "s_contains", compile_spatial, NODE_SPATIAL, SHAPE_CONTAINS, 2 }, { "s_within", compile_spatial, NODE_SPATIAL, SHAPE_WITHIN, 2 },
	{ "s_equals", compile_spatial, NODE_SPATIAL, SHAPE_EQUALS, 2 }, { "s_touches", compile_spatial, NODE_SPATIAL, SHAPE_TOUCHES, 2 },
	{ "s_crosses", compile_spatial, NODE_SPATIAL, SHAPE_CROSSES, 2 }, { "s_overlaps", compile_spatial, NODE_SPATIAL, SHAPE_OVERLAPS, 2 },
	{ "t_after", compile_temporal, NODE_TEMPORAL, SPAN_AFTER, 2 }, { "t_before", compile_temporal, NODE_TEMPORAL, SPAN_BEFORE, 2 },
	{ "t_contains", compile_temporal, NODE_TEMPORAL, SPAN_CONTAINS, 2 }, { "t_disjoint", compile_temporal, NODE_TEMPORAL, SPAN_DISJOINT, 2 },
	{ "t_during", compile_temporal, NODE_TEMPORAL, SPAN_DURING, 2 }, { "t_equals", compile_temporal, NODE_TEMPORAL, SPAN_EQUALS, 2 },
	{ "t_finishedBy", compile_temporal, NODE_TEMPORAL, SPAN_FINISHED_BY, 2 }, { "t_finishes", compile_temporal, NODE_TEMPORAL, SPAN_FINISHES, 2 },
	{ "t_intersects", compile_temporal, NODE_TEMPORAL, SPAN_INTERSECTS, 2 }, { "t_meets", compile_temporal, NODE_TEMPORAL, SPAN_MEETS, 2 },
	{ "t_metBy", compile_temporal, NODE_TEMPORAL, SPAN_MET_BY, 2 }, { "t_overlappedBy", compile_temporal, NODE_TEMPORAL, SPAN_OVERLAPPED_BY, 2 },
	{ "t_overlaps", compile_temporal, NODE_TEMPORAL, SPAN_OVERLAPS, 2 }, { "t_startedBy", compile_temporal, NODE_TEMPORAL, SPAN_STARTED_BY, 2 },
	{ "t_starts", compile_temporal, NODE_TEMPORAL, SPAN_STARTS, 2 },
	{ "a_contains", compile_array, NODE_ARRAY, ARRAY_CONTAINS, 2 }, { "a_containedBy", compile_array, NODE_ARRAY, ARRAY_CONTAINED_BY, 2 },
	{ "a_equals", compile_array, NODE_ARRAY, ARRAY_EQUALS, 2 }, { "a_overlaps", compile_array, NODE_ARRAY, ARRAY_OVERLAPS, 2 },
};

static const operator *operator_of(const char *name)
{
	for (gsize i = 0; name && i < G_N_ELEMENTS(operators); i++)
		if (strcmp(operators[i].name, name) == 0)
			return &operators[i];
	return NULL;
}

/* A property that is true or false, alone. */
static node *compile_property(compiler *p, const json_t *json)
{
	node *n = node_new(NODE_HOLDS, 0);
	const operand *o = add_operand(p, n, json);
	if (o && o->property && o->sort == SORT_BOOLEAN)
		return n;
	if (o)
		refuse(p, CQL_ERROR_PROPERTY, "%s alone is not a condition: it is not true or false.", name_of(o));
	node_free(n);
	return NULL;
}

static node *compile(compiler *p, const json_t *json)
{
	if (json_is_boolean(json))
		return node_new(NODE_CONSTANT, json_is_true(json));
	if (json_object_get(json, "property"))
		return compile_property(p, json);
	const char *name = json_string_value(json_object_get(json, "op"));
	const json_t *arguments = json_object_get(json, "args");
	const operator *o = operator_of(name);
	gsize size = json_array_size(arguments);
	if (!o || !json_is_array(arguments) || (o->arguments ? size != o->arguments : size < 2)) {
		if (o)
			refuse(p, CQL_ERROR_FORM, "“%.40s” takes %u arguments.", name, o->arguments ? o->arguments : 2);
		else
			refuse(p, CQL_ERROR_FORM, "“%.40s” is not an operator of filters.", name ? name : "?");
		return NULL;
	}
	if (!enter(p))
		return NULL;
	node *n = node_new(o->type, o->relation);
	if (!o->compile(p, n, arguments))
		g_clear_pointer(&n, node_free);
	p->depth--;
	return n;
}

/* ---- what an index can know beforehand ---- */

/* A literal as facets name it; NULL: it is none. */
static char *facet_name(const operand *o)
{
	if (o->property || o->folds)
		return NULL;
	if (o->sort == SORT_TEXT)
		return g_strdup(o->literal.text);
	if (o->sort == SORT_BOOLEAN)
		return g_strdup(o->literal.number != 0 ? "yes" : "no");
	return o->sort == SORT_NUMBER && o->literal.number == floor(o->literal.number) && fabs(o->literal.number) < 1e9 ? g_strdup_printf("%.0f", o->literal.number) : NULL;
}

static void add_facet(cql *c, const operand *o, GPtrArray *operands, guint first)
{
	if (!o->property || !o->f || o->folds || !(o->f->flags & FIELD_FACET))
		return;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = first; i < operands->len; i++) {
		if (operands->pdata[i] == o)
			continue;
		char *name = facet_name(operands->pdata[i]);
		if (!name)
			return;
		g_ptr_array_add(names, name);
	}
	g_ptr_array_add(names, NULL);
	const cql_facet facet = { o->property, (const char **)g_ptr_array_free(g_steal_pointer(&names), FALSE) };
	g_array_append_val(c->facets, facet);
}

static void foresee(cql *c, const node *n)
{
	for (guint i = 0; n->type == NODE_AND && i < n->parts->len; i++)
		foresee(c, n->parts->pdata[i]);
	if (n->type == NODE_IN)
		add_facet(c, n->operands->pdata[0], n->operands, 1);
	if (n->type == NODE_COMPARE && n->relation == COMPARE_EQUAL)
		for (guint i = 0; i < 2; i++)
			add_facet(c, n->operands->pdata[i], n->operands, 0);
	const shape *literal = n->shapes[0] ? n->shapes[0] : n->shapes[1];
	if (n->type == NODE_SPATIAL && n->relation != SHAPE_DISJOINT && literal && !c->boxed && !(n->shapes[0] && n->shapes[1]))
		c->boxed = shape_bounds(literal, c->box);
}

/* ---- the whole ---- */

static void facet_clear(gpointer data)
{
	cql_facet *f = data;
	g_strfreev((char **)f->values);
}

cql *cql_compile(const json_t *expression, const kind *k, const crs *places, GError **error)
{
	g_autoptr(GError) own = NULL;
	cql *c = g_new0(cql, 1);
	c->members = g_ptr_array_new_with_free_func(g_free);
	c->facets = g_array_new(FALSE, FALSE, sizeof(cql_facet));
	g_array_set_clear_func(c->facets, facet_clear);
	compiler p = { .k = k, .places = places, .c = c, .error = &own };
	c->root = compile(&p, expression);
	g_ptr_array_add(c->members, NULL);
	if (c->root)
		foresee(c, c->root);
	else
		g_clear_pointer(&c, cql_free);
	if (own)
		g_propagate_error(error, g_steal_pointer(&own));
	return c;
}

void cql_free(cql *c)
{
	if (!c)
		return;
	node_free(c->root);
	g_ptr_array_unref(c->members);
	g_array_unref(c->facets);
	g_free(c);
}

const char *const *cql_members(const cql *c)
{
	return (const char *const *)c->members->pdata;
}

gboolean cql_needs_place(const cql *c)
{
	return c->needs_place;
}

const cql_facet *cql_facets(const cql *c, gsize *n)
{
	*n = c->facets->len;
	return (const cql_facet *)(gconstpointer)c->facets->data;
}

gboolean cql_box(const cql *c, double box[4])
{
	if (c->boxed)
		memcpy(box, c->box, sizeof c->box);
	return c->boxed;
}
