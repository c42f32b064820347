/* A compiled filter tried on a record, in the three-valued logic of CQL2: true, false, and unknown where the record says nothing. */
#include "record/cql_node.h"

#include <string.h>

typedef enum truth { NO, YES, UNKNOWN } truth;

/* A record that is looked at; its place is made when first asked for. */
typedef struct subject {
	const record *r;
	shape *(*make_place)(const record *r, gpointer data);
	gpointer data;
	shape *place;
	gboolean placed;
} subject;

static truth truth_of(gboolean holds)
{
	return holds ? YES : NO;
}

char *cql_fold(const char *text, unsigned folds)
{
	g_autofree char *normal = folds & FOLD_ACCENTS ? g_utf8_normalize(text, -1, G_NORMALIZE_NFD) : g_strdup(text);
	GString *out = g_string_new(NULL);
	for (const char *at = normal ? normal : ""; *at; at = g_utf8_next_char(at))
		if (!(folds & FOLD_ACCENTS) || !g_unichar_ismark(g_utf8_get_char(at)))
			g_string_append_unichar(out, g_utf8_get_char(at));
	char *kept = g_string_free(out, FALSE);
	if (!(folds & FOLD_CASE))
		return kept;
	char *folded = g_utf8_casefold(kept, -1);
	g_free(kept);
	return folded;
}

/* ---- values ---- */

static void value_clear(gpointer data)
{
	g_free(((value *)data)->text);
}

static void add_time(GArray *out, const json_t *json)
{
	char year[32];
	value v = { .sort = SORT_TIME };
	g_snprintf(year, sizeof year, "%04" JSON_INTEGER_FORMAT, json_is_integer(json) ? json_integer_value(json) : 0);
	if (span_read(json_is_string(json) ? json_string_value(json) : year, &v.time))
		g_array_append_val(out, v);
}

static void add_json(GArray *out, const operand *o, const json_t *json)
{
	value v = { .sort = o->sort };
	if (o->sort == SORT_TIME) {
		add_time(out, json);
		return;
	}
	if (o->sort == SORT_TEXT && json_is_string(json))
		v.text = o->folds ? cql_fold(json_string_value(json), o->folds) : g_strdup(json_string_value(json));
	else if (o->sort == SORT_NUMBER && json_is_number(json))
		v.number = json_number_value(json);
	else if (o->sort == SORT_BOOLEAN && json_is_boolean(json))
		v.number = json_is_true(json);
	else if (o->sort != SORT_NONE)
		return;
	g_array_append_val(out, v);
}

static void add_common(GArray *out, const operand *o, const record *r)
{
	const char *name = o->property;
	json_t *json = strcmp(name, "id") == 0 ? json_string(r->id) : strcmp(name, "title") == 0 ? json_string(record_title(r)) : strcmp(name, "summary") == 0 ? json_string(record_summary(r))
		: strcmp(name, "revision") == 0 ? json_integer(r->revision) : json_string(r->time);
	if (!json_is_string(json) || *json_string_value(json))
		add_json(out, o, json);
	json_decref(json);
}

/* What a record has of an operand; free the array. */
static GArray *values_of(const operand *o, const subject *s)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(value));
	g_array_set_clear_func(out, value_clear);
	if (!o->property) {
		value literal = o->literal;
		literal.text = g_strdup(literal.text);
		g_array_append_val(out, literal);
	} else if (!o->f) {
		add_common(out, o, s->r);
	} else {
		g_autoptr(GPtrArray) found = body_values(s->r->body, o->property);
		for (guint i = 0; i < found->len; i++)
			add_json(out, o, found->pdata[i]);
	}
	return out;
}

static const value *value_at(const GArray *values, guint i)
{
	return &g_array_index(values, value, i);
}

/* -1, 0, 1; times that overlap without being the same are neither: 2. */
static int order(const value *a, const value *b)
{
	if (a->sort == SORT_TEXT) {
		int difference = strcmp(a->text, b->text);
		return difference < 0 ? -1 : difference > 0;
	}
	if (a->sort != SORT_TIME)
		return a->number < b->number ? -1 : a->number > b->number;
	return a->time.until < b->time.from ? -1 : a->time.from > b->time.until ? 1 : span_relate(SPAN_EQUALS, &a->time, &b->time) ? 0 : 2;
}

static gboolean compares(comparison c, const value *a, const value *b)
{
	int o = order(a, b);
	switch (c) {
	case COMPARE_EQUAL:
		return o == 0;
	case COMPARE_UNEQUAL:
		return o != 0;
	case COMPARE_LESS:
		return o == -1;
	case COMPARE_GREATER:
		return o == 1;
	case COMPARE_LESS_EQUAL:
		return o != 1;
	case COMPARE_GREATER_EQUAL:
		return o != -1;
	}
	g_assert_not_reached();
}

/* ---- patterns ---- */

/* % stands for any characters, _ for one, a backslash before either for itself. */
static gboolean is_like(const char *text, const char *pattern)
{
	const char *retry_text = NULL, *retry_pattern = NULL;
	while (*text) {
		gboolean escaped = *pattern == '\\' && pattern[1];
		const char *wanted = escaped ? pattern + 1 : pattern;
		if (*pattern == '%') {
			retry_pattern = ++pattern;
			retry_text = text;
		} else if (*wanted && ((*pattern == '_' && !escaped) || g_utf8_get_char(wanted) == g_utf8_get_char(text))) {
			pattern = g_utf8_next_char(wanted);
			text = g_utf8_next_char(text);
		} else if (retry_pattern) {
			pattern = retry_pattern;
			text = retry_text = g_utf8_next_char(retry_text);
		} else {
			return FALSE;
		}
	}
	while (*pattern == '%')
		pattern++;
	return *pattern == '\0';
}

/* ---- nodes ---- */

static truth match(const node *n, subject *s);

static truth match_compare(const node *n, subject *s)
{
	g_autoptr(GArray) left = values_of(n->operands->pdata[0], s), right = values_of(n->operands->pdata[1], s);
	if (left->len == 0 || right->len == 0)
		return UNKNOWN;
	for (guint i = 0; i < left->len; i++)
		for (guint j = 0; j < right->len; j++)
			if (compares((comparison)n->relation, value_at(left, i), value_at(right, j)))
				return YES;
	return NO;
}

static truth match_between(const node *n, subject *s)
{
	g_autoptr(GArray) what = values_of(n->operands->pdata[0], s), low = values_of(n->operands->pdata[1], s), high = values_of(n->operands->pdata[2], s);
	if (what->len == 0 || low->len == 0 || high->len == 0)
		return UNKNOWN;
	for (guint i = 0; i < what->len; i++)
		if (compares(COMPARE_GREATER_EQUAL, value_at(what, i), value_at(low, 0)) && compares(COMPARE_LESS_EQUAL, value_at(what, i), value_at(high, 0)))
			return YES;
	return NO;
}

/* Do operands from first to before end have this value? */
static gboolean has_value(const node *n, guint first, guint end, const subject *s, const value *v)
{
	gboolean found = FALSE;
	for (guint i = first; i < end && !found; i++) {
		g_autoptr(GArray) values = values_of(n->operands->pdata[i], s);
		for (guint j = 0; j < values->len && !found; j++)
			found = order(value_at(values, j), v) == 0;
	}
	return found;
}

static truth match_in(const node *n, subject *s)
{
	g_autoptr(GArray) what = values_of(n->operands->pdata[0], s);
	for (guint i = 0; i < what->len; i++)
		if (has_value(n, 1, n->operands->len, s, value_at(what, i)))
			return YES;
	return what->len ? NO : UNKNOWN;
}

static truth match_like(const node *n, subject *s)
{
	g_autoptr(GArray) what = values_of(n->operands->pdata[0], s);
	const operand *pattern = n->operands->pdata[1];
	for (guint i = 0; i < what->len; i++)
		if (is_like(value_at(what, i)->text, pattern->literal.text))
			return YES;
	return what->len ? NO : UNKNOWN;
}

static truth match_null(const node *n, subject *s)
{
	g_autoptr(GArray) what = values_of(n->operands->pdata[0], s);
	return truth_of(what->len == 0);
}

static truth match_holds(const node *n, subject *s)
{
	g_autoptr(GArray) what = values_of(n->operands->pdata[0], s);
	return what->len ? truth_of(value_at(what, 0)->number != 0) : UNKNOWN;
}

/* How many operands' values from one side are on the other. */
static gboolean all_in(const node *n, guint first, guint end, guint other_first, guint other_end, const subject *s, gboolean *any)
{
	gboolean all = TRUE;
	for (guint i = first; i < end; i++) {
		g_autoptr(GArray) values = values_of(n->operands->pdata[i], s);
		for (guint j = 0; j < values->len; j++) {
			gboolean found = has_value(n, other_first, other_end, s, value_at(values, j));
			all = all && found;
			*any = *any || found;
		}
	}
	return all;
}

static truth match_array(const node *n, subject *s)
{
	for (guint i = 0; i < n->operands->len; i++) {
		g_autoptr(GArray) values = values_of(n->operands->pdata[i], s);
		if (values->len == 0)
			return UNKNOWN;
	}
	gboolean any = FALSE;
	gboolean left_in_right = all_in(n, 0, n->first, n->first, n->operands->len, s, &any), right_in_left = all_in(n, n->first, n->operands->len, 0, n->first, s, &any);
	switch ((array_relation)n->relation) {
	case ARRAY_CONTAINS:
		return truth_of(right_in_left);
	case ARRAY_CONTAINED_BY:
		return truth_of(left_in_right);
	case ARRAY_EQUALS:
		return truth_of(left_in_right && right_in_left);
	case ARRAY_OVERLAPS:
		return truth_of(any);
	}
	g_assert_not_reached();
}

static const shape *place_of(subject *s)
{
	if (!s->placed) {
		s->placed = TRUE;
		s->place = s->make_place ? s->make_place(s->r, s->data) : NULL;
	}
	return s->place;
}

static truth match_spatial(const node *n, subject *s)
{
	const shape *a = n->shapes[0] ? n->shapes[0] : place_of(s), *b = n->shapes[1] ? n->shapes[1] : place_of(s);
	return a && b ? truth_of(shape_relate((shape_relation)n->relation, a, b)) : UNKNOWN;
}

/* From two operands, its ends. FALSE: one of them is not known. */
static gboolean span_of(const node *n, guint first, const subject *s, span *out)
{
	g_autoptr(GArray) begin = values_of(n->operands->pdata[first], s), end = values_of(n->operands->pdata[first + 1], s);
	if (begin->len == 0 || end->len == 0)
		return FALSE;
	*out = (span) { value_at(begin, 0)->time.from, value_at(end, end->len - 1)->time.until };
	return out->from <= out->until;
}

static truth match_temporal(const node *n, subject *s)
{
	span a, b;
	return span_of(n, 0, s, &a) && span_of(n, 2, s, &b) ? truth_of(span_relate((span_relation)n->relation, &a, &b)) : UNKNOWN;
}

/* AND is false as soon as one is, OR true as soon as one is. */
static truth match_parts(const node *n, subject *s, truth decides)
{
	truth all = decides == NO ? YES : NO;
	for (guint i = 0; i < n->parts->len; i++) {
		truth one = match(n->parts->pdata[i], s);
		if (one == decides)
			return one;
		if (one == UNKNOWN)
			all = UNKNOWN;
	}
	return all;
}

static truth match(const node *n, subject *s)
{
	truth inner;
	switch (n->type) {
	case NODE_CONSTANT:
		return truth_of(n->relation);
	case NODE_HOLDS:
		return match_holds(n, s);
	case NODE_AND:
		return match_parts(n, s, NO);
	case NODE_OR:
		return match_parts(n, s, YES);
	case NODE_NOT:
		inner = match(n->parts->pdata[0], s);
		return inner == UNKNOWN ? UNKNOWN : truth_of(inner == NO);
	case NODE_COMPARE:
		return match_compare(n, s);
	case NODE_BETWEEN:
		return match_between(n, s);
	case NODE_IN:
		return match_in(n, s);
	case NODE_LIKE:
		return match_like(n, s);
	case NODE_NULL:
		return match_null(n, s);
	case NODE_SPATIAL:
		return match_spatial(n, s);
	case NODE_TEMPORAL:
		return match_temporal(n, s);
	case NODE_ARRAY:
		return match_array(n, s);
	}
	g_assert_not_reached();
}

gboolean cql_matches(const cql *c, const record *r, shape *(*place)(const record *r, gpointer data), gpointer data)
{
	subject s = { .r = r, .make_place = place, .data = data };
	truth answer = match(c->root, &s);
	shape_free(s.place);
	return answer == YES;
}
