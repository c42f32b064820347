#include "base/mustache_tree.h"

#include <gio/gio.h>
#include <string.h>

#include "base/canonical.h"

/* What a name stands for: JSON, or a member of a list's entry; neither: there is nothing of that name. */
typedef struct value {
	const json_t *json;
	const mustache_cell *cell;
} value;

/* What is looked into for names: a value, or an entry of a list, whose first cell is the value then. */
typedef struct frame {
	value value;
	const mustache_list *list;
	const struct frame *up;
} frame;

/* Blocks given to a parent template: the outermost giver wins. */
typedef struct given {
	const mustache *m;
	guint begin, end; /* children of the parent node */
	const struct given *outer;
} given;

typedef struct rendering {
	mustache_partial partial;
	gpointer data;
	GString *out;
	gsize start;
	GString *indent;
	gboolean line_begins; /* the next text of a template begins a line: the indentation is still to be written */
	guint depth;
	GError **error;
} rendering;

void mustache_free(mustache *m)
{
	if (!m)
		return;
	g_string_chunk_free(m->strings);
	g_ptr_array_unref(m->names);
	g_array_unref(m->nodes);
	g_free(m);
}

static const mustache_list *list_of(value v)
{
	if (v.cell)
		return v.cell->list;
	return v.json && json_typeof(v.json) == MUSTACHE_LIST ? (const mustache_list *)(gconstpointer)v.json : NULL;
}

static value cell_named(const mustache_list *list, const mustache_cell *cells, const char *name)
{
	for (guint i = 0; i < list->n_members; i++)
		if (*list->members[i] == *name && strcmp(list->members[i], name) == 0)
			return (value){ .cell = &cells[i] };
	return (value){ 0 };
}

/* The cell of a node's first part. */
static value cell_of(const mustache_list *list, const mustache_cell *cells, const node *n)
{
	const char **last = &((node *)(gpointer)n)->member, *member = g_atomic_pointer_get(last);
	for (guint i = 0; i < list->n_members; i++)
		if (list->members[i] == member)
			return (value){ .cell = &cells[i] };
	value v = cell_named(list, cells, n->parts[0]);
	if (v.cell)
		g_atomic_pointer_set(last, list->members[v.cell - cells]);
	return v;
}

/* A member of an object, or of a list of one. */
static value member_of(value v, const char *name)
{
	const mustache_list *list = list_of(v);
	if (list)
		return list->size == 1 ? cell_named(list, list->first->cells, name) : (value){ 0 };
	return (value){ .json = v.json ? json_object_get(v.json, name) : NULL };
}

static value find(const frame *top, const node *n)
{
	if (n->n_parts == 0)
		return top->value;
	value v = { 0 };
	for (const frame *f = top; f && !v.json && !v.cell; f = f->up)
		v = f->list ? cell_of(f->list, f->value.cell, n) : (value){ .json = json_object_getn(f->value.json, n->parts[0], n->first) };
	for (guint i = 1; i < n->n_parts; i++)
		v = member_of(v, n->parts[i]);
	return v;
}

static gboolean is_false(value v)
{
	const mustache_list *list = list_of(v);
	if (list)
		return list->size == 0;
	if (v.cell)
		return !v.cell->text || !*v.cell->text;
	switch (v.json ? json_typeof(v.json) : JSON_NULL) {
	case JSON_NULL:
	case JSON_FALSE:
		return TRUE;
	case JSON_ARRAY:
		return json_array_size(v.json) == 0;
	case JSON_STRING:
		return json_string_length(v.json) == 0;
	default:
		return FALSE;
	}
}

/* A page is made of thousands of pieces: nearly all of them fit. The NUL after them is written when all are there. */
static inline void append(GString *out, const char *text, gsize length)
{
	if (length >= out->allocated_len - out->len) {
		g_string_append_len(out, text, (gssize)length);
		return;
	}
	memcpy(out->str + out->len, text, length);
	out->len += length;
}

static void append_indent(rendering *r)
{
	if (r->line_begins)
		append(r->out, r->indent->str, r->indent->len);
	r->line_begins = FALSE;
}

static void append_text(rendering *r, const char *text, gsize length)
{
	if (r->indent->len == 0) { /* what begins to indent begins a line */
		append(r->out, text, length);
		return;
	}
	const char *end = text + length;
	while (text < end) {
		const char *newline = memchr(text, '\n', (gsize)(end - text));
		const char *stop = newline ? newline + 1 : end;
		if (*text != '\n' && *text != '\r')
			append_indent(r);
		append(r->out, text, (gsize)(stop - text));
		r->line_begins = newline != NULL;
		text = stop;
	}
}

/* The text ends with a NUL; none within is written. */
static void append_escaped(GString *out, const char *text, gsize length)
{
	static const struct {
		const char *text;
		gsize length;
	} entities[256] = { ['&'] = { "&amp;", 5 }, ['<'] = { "&lt;", 4 }, ['>'] = { "&gt;", 4 }, ['"'] = { "&quot;", 6 }, ['\''] = { "&#39;", 5 } };
	const char *end = text + length;
	for (const char *from = text;; from = ++text) {
		text += strcspn(text, "&<>\"'");
		append(out, from, (gsize)(text - from));
		if (text == end)
			return;
		if (*text)
			append(out, entities[(guchar)*text].text, entities[(guchar)*text].length);
	}
}

/* How a value is written; a number into the buffer. NULL: not at all. */
static const char *text_of(value v, char number[static 32], gsize *length)
{
	if (v.cell) {
		*length = v.cell->text ? strlen(v.cell->text) : 0;
		return v.cell->text;
	}
	switch (v.json ? json_typeof(v.json) : JSON_NULL) {
	case JSON_STRING:
		*length = json_string_length(v.json);
		return json_string_value(v.json);
	case JSON_INTEGER:
		*length = (gsize)g_snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(v.json));
		return number;
	case JSON_REAL:
		*length = canonical_number(json_real_value(v.json), number);
		return number;
	case JSON_TRUE:
		*length = 4;
		return "true";
	case JSON_FALSE:
		*length = 5;
		return "false";
	default:
		*length = 0;
		return NULL;
	}
}

static void append_value(rendering *r, value v, gboolean escaped)
{
	char number[32];
	gsize length;
	const char *text = text_of(v, number, &length);
	if (length == 0)
		return;
	append_indent(r);
	if (escaped)
		append_escaped(r->out, text, length);
	else
		append(r->out, text, length);
}

static gboolean render_nodes(rendering *r, const mustache *m, guint begin, guint end, const frame *top, const given *blocks);

/* Renders with more indentation, one level deeper. */
static gboolean render_inside(rendering *r, const node *at, const mustache *m, guint begin, guint end, const frame *top, const given *blocks)
{
	if (r->depth >= MUSTACHE_DEPTH) {
		g_set_error(r->error, G_IO_ERROR, G_IO_ERROR_FAILED, "template: partials are nested over %d deep at “%s”; one of them includes itself",
			MUSTACHE_DEPTH, at->text);
		return FALSE;
	}
	gsize before = r->indent->len;
	if (at->standalone) {
		g_string_append(r->indent, at->indent);
		r->line_begins = TRUE;
	}
	r->depth++;
	gboolean done = render_nodes(r, m, begin, end, top, blocks);
	r->depth--;
	g_string_truncate(r->indent, before);
	return done;
}

static gboolean render_partial(rendering *r, const mustache *m, guint i, const node *n, const frame *top, const given *blocks)
{
	const char *name = n->text;
	if (n->dynamic) {
		value v = find(top, n);
		name = v.cell ? v.cell->text : json_string_value(v.json);
		if (!name)
			return TRUE;
	}
	const mustache *other = r->partial ? r->partial(r->data, name) : NULL;
	if (!other)
		return TRUE;
	const given here = { m, i + 1, n->end, blocks };
	return render_inside(r, n, other, 0, other->nodes->len, top, n->type == NODE_PARENT ? &here : blocks);
}

static gboolean render_block(rendering *r, const mustache *m, guint i, const node *n, const frame *top, const given *blocks)
{
	const mustache *giver = NULL;
	guint at = 0;
	for (const given *g = blocks; g; g = g->outer) {
		const node *nodes = (gconstpointer)g->m->nodes->data;
		for (guint j = g->begin; j < g->end; j = nodes[j].end)
			if (nodes[j].type == NODE_BLOCK && strcmp(nodes[j].text, n->text) == 0) {
				giver = g->m;
				at = j;
				break;
			}
	}
	if (!giver) /* the default's lines carry their own indentation, unless it was written on the line of the tags */
		return render_nodes(r, m, i + 1, n->end, top, blocks);
	return render_inside(r, n, giver, at + 1, g_array_index(giver->nodes, node, at).end, top, blocks);
}

static gboolean render_section(rendering *r, const mustache *m, guint i, const node *n, const frame *top, const given *blocks)
{
	value v = find(top, n);
	if (is_false(v))
		return TRUE;
	const mustache_list *list = list_of(v);
	if (list) {
		for (const entry *e = list->first; e; e = e->next) {
			const frame inner = { { .cell = e->cells }, list, top };
			if (!render_nodes(r, m, i + 1, n->end, &inner, blocks))
				return FALSE;
		}
		return TRUE;
	}
	if (v.cell || !json_is_array(v.json)) {
		const frame inner = { v, NULL, top };
		return render_nodes(r, m, i + 1, n->end, &inner, blocks);
	}
	gsize count = json_array_size(v.json);
	for (gsize k = 0; k < count; k++) {
		const frame inner = { { .json = json_array_get(v.json, k) }, NULL, top };
		if (!render_nodes(r, m, i + 1, n->end, &inner, blocks))
			return FALSE;
	}
	return TRUE;
}

static gboolean render_nodes(rendering *r, const mustache *m, guint begin, guint end, const frame *top, const given *blocks)
{
	const node *nodes = (gconstpointer)m->nodes->data;
	for (guint i = begin; i < end; i = nodes[i].end) {
		const node *n = &nodes[i];
		gboolean done = TRUE;
		switch (n->type) {
		case NODE_TEXT:
			append_text(r, n->text, n->length);
			break;
		case NODE_ESCAPED:
		case NODE_RAW:
			append_value(r, find(top, n), n->type == NODE_ESCAPED);
			break;
		case NODE_SECTION:
			done = render_section(r, m, i, n, top, blocks);
			break;
		case NODE_INVERTED:
			if (is_false(find(top, n)))
				done = render_nodes(r, m, i + 1, n->end, top, blocks);
			break;
		case NODE_PARTIAL:
		case NODE_PARENT:
			done = render_partial(r, m, i, n, top, blocks);
			break;
		case NODE_BLOCK:
			done = render_block(r, m, i, n, top, blocks);
			break;
		}
		if (!done)
			return FALSE;
	}
	if (r->out->len - r->start > MUSTACHE_OUTPUT) {
		g_set_error(r->error, G_IO_ERROR, G_IO_ERROR_FAILED, "template: the page grew over %u MiB; ask for less at once", MUSTACHE_OUTPUT >> 20);
		return FALSE;
	}
	return TRUE;
}

gboolean mustache_render(const mustache *m, const json_t *view, mustache_partial partial, gpointer data, GString *out, GError **error)
{
	rendering r = { partial, data, out, out->len, g_string_new(NULL), FALSE, 0, error };
	const frame top = { { .json = view }, NULL, NULL };
	gboolean done = render_nodes(&r, m, 0, m->nodes->len, &top, NULL);
	out->str[out->len] = '\0';
	g_string_free(r.indent, TRUE);
	return done;
}
