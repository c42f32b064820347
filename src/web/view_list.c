#include <string.h>

#include "web/view.h"

/* ---- tables ---- */

json_t *view_table(const char *caption)
{
	return json_pack("{s:s, s:[], s:[], s:b, s:[], s:b}", "caption", caption, "columns", "rows", "compact", 0, "explains", "explains_shown", 0);
}

json_t *view_figure_table(const request *r, const char *caption, unsigned figures)
{
	json_t *table = view_table(caption);
	view_explains(table, r, figures);
	return table;
}

void view_table_column(json_t *table, const char *label, gboolean numeric)
{
	json_array_append_new(json_object_get(table, "columns"), json_pack("{s:s, s:b}", "label", label, "numeric", numeric));
}

static json_t *mark_view(const trust *mark)
{
	return json_pack("{s:b, s:b, s:b}", "promised", *mark == TRUST_PROMISED, "reported", *mark == TRUST_REPORTED, "measured", *mark == TRUST_MEASURED);
}

/* Most cells are text and nothing else: what a cell has not is said once by its row, where the template finds it. */
static json_t *row_view(json_t *cells)
{
	return json_pack("{s:o, s:n, s:n, s:n, s:n, s:n, s:b, s:b}", "cells", cells, "href", "unit", "note", "mark", "explain", "head", 0, "code", 0);
}

static json_t *cell_view(const view_cell *c, const json_t *column)
{
	json_t *cell = json_object();
	const struct { const char *name, *text; } texts[] = { { "href", c->href }, { "unit", c->unit }, { "note", c->note } };
	const struct { const char *name; json_t *value; } others[] = { { "head", c->head ? json_true() : NULL }, { "code", c->code ? json_true() : NULL },
		{ "mark", c->mark ? mark_view(c->mark) : NULL }, { "explain", c->explain }, { "numeric", json_incref(json_object_get(column, "numeric")) },
		{ "label", json_incref(json_object_get(column, "label")) } };
	view_put(cell, "text", c->text);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i].text)
			view_put(cell, texts[i].name, texts[i].text);
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		if (others[i].value)
			json_object_set_new_nocheck(cell, others[i].name, others[i].value);
	return cell;
}

void view_table_row(json_t *table, const view_cell *cells, gsize n)
{
	const json_t *columns = json_object_get(table, "columns");
	json_t *row = json_array();
	for (gsize i = 0; i < n; i++)
		json_array_append_new(row, cell_view(&cells[i], json_array_get(columns, i)));
	json_array_append_new(json_object_get(table, "rows"), row_view(row));
}

json_t *view_figures(const request *r, const record *rec, const char *group, const char *what, const char *caption)
{
	const language *l = request_language(r);
	const json_t *entries = json_object_get(rec->body, group), *entry;
	const kind *k = rec->kind;
	gsize i;
	if (!json_array_size(entries))
		return NULL;
	g_autofree char *indicator_path = g_strdup_printf("%s.indicator", group);
	const field *indicator = kind_field(k, indicator_path);
	json_t *table = view_table(caption);
	view_table_column(table, language_text(l, "Figure"), FALSE);
	view_table_column(table, language_text(l, "Value"), TRUE);
	view_table_column(table, language_text(l, "Year"), TRUE);
	view_table_column(table, language_text(l, "Source"), TRUE);
	json_array_foreach(entries, i, entry) {
		const char *stated = json_string_value(json_object_get(entry, what));
		json_t *figure = view_figure(r, rec, entry, json_object_get(entry, "amount") ? "amount" : "value", stated);
		const char *term_id = json_string_value(json_object_get(entry, "indicator"));
		g_autofree char *standard = indicator && term_id ? view_value(r, indicator, json_object_get(entry, "indicator")) : NULL;
		json_int_t year = json_integer_value(json_object_get(entry, "year")), source = json_integer_value(json_object_get(entry, "source"));
		g_autofree char *year_text = year ? g_strdup_printf("%" JSON_INTEGER_FORMAT, year) : g_strdup(language_text(l, "not given"));
		g_autofree char *mark = source ? g_strdup_printf("[%" JSON_INTEGER_FORMAT "]", source) : NULL;
		g_autofree char *target = source ? g_strdup_printf("#source-%" JSON_INTEGER_FORMAT, source) : NULL;
		const char *value = json_string_value(json_object_get(figure, "value"));
		view_cell cells[] = {
			{ .text = stated, .note = standard && g_ascii_strcasecmp(standard, stated ? stated : "") ? standard : NULL, .head = TRUE },
			{ .text = value ? value : language_text(l, "no figure"), .unit = value ? json_string_value(json_object_get(figure, "unit")) : NULL,
				.explain = json_incref(json_object_get(figure, "explain")) },
			{ .text = year_text },
			{ .text = mark, .href = target },
		};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
		json_decref(figure);
	}
	return table;
}

/* ---- facets ---- */

#define FACET_SHOWN 7
#define FACET_WHOLE 500

void view_facets_ask(store_query *q, const request *r, const char *const *paths)
{
	gsize n = g_strv_length((char **)paths);
	const char **plain = pool_take(request_pool(r), (n + 1) * sizeof *plain);
	for (gsize i = 0; i < n; i++)
		plain[i] = paths[i] + (*paths[i] == '!');
	q->facet_paths = plain;
	q->facets = TRUE;
	q->facet_limit = FACET_SHOWN;
	q->facet_whole = request_query(r, "more");
}

/* What follows a facet's values: a way to all of them, or back to the first ones; NULL: nothing. The list is made anew, so that a page holds a few
 * values of each facet and not the hundreds that are hardly ever looked at. */
static mustache_list *facet_rest(const request *r, const store_facet *facet)
{
	enum { TEXT, HREF };
	static const char *const members[] = { [TEXT] = "text", [HREF] = "href", NULL };
	gboolean whole = g_strcmp0(request_query(r, "more"), facet->path) == 0;
	guint shown = 0; /* of those that occur: a chosen one may not */
	for (gsize i = 0; i < facet->n; i++)
		shown += facet->values[i].count > 0;
	if (facet->distinct <= (whole ? FACET_SHOWN : shown))
		return NULL;
	mustache_list *list = mustache_list_new(request_pool(r), members);
	mustache_cell *rest = mustache_list_add(list);
	rest[TEXT].text = whole ? request_text(r, "Fewer") : view_own(r, view_count(request_language(r), "{n} more", "{n} more", facet->distinct - shown));
	rest[HREF].text = view_own(r, request_link_with(r, "more", whole ? NULL : facet->path));
	return list;
}

enum { FACET_NAME, FACET_LABEL, FACET_OPEN, FACET_CHOSEN, FACET_VALUES, FACET_REST, FACET_ANSWERED };
static const char *const facet_members[] = { [FACET_NAME] = "name", [FACET_LABEL] = "label", [FACET_OPEN] = "open", [FACET_CHOSEN] = "chosen",
	[FACET_VALUES] = "values", [FACET_REST] = "rest", [FACET_ANSWERED] = "answered", NULL };
enum { VALUE_HREF, VALUE_ACTIVE, VALUE_LABEL, VALUE_COUNT };
static const char *const value_members[] = { [VALUE_HREF] = "href", [VALUE_ACTIVE] = "active", [VALUE_LABEL] = "label", [VALUE_COUNT] = "count", NULL };

mustache_list *view_facet_values(const request *r)
{
	return mustache_list_new(request_pool(r), value_members);
}

void view_facet_value(mustache_list *values, const request *r, const char *label, guint count, const char *href, gboolean active)
{
	mustache_cell *value = mustache_list_add(values);
	value[VALUE_HREF].text = href;
	value[VALUE_ACTIVE].text = active ? mustache_true : NULL;
	value[VALUE_LABEL].text = label;
	value[VALUE_COUNT].text = view_number(r, count);
}

static mustache_list *facet_values_view(const request *r, const field *f, const char *const *chosen, const store_facet *facet)
{
	mustache_list *values = view_facet_values(r);
	g_autofree char *after = NULL, *before = request_link_split(r, facet->path, &after);
	g_autoptr(GString) link = g_string_new(before);
	gsize begins = link->len;
	for (gsize i = 0; i < MIN(facet->n, FACET_WHOLE); i++) {
		const store_facet_value *v = &facet->values[i];
		const char *label = view_facet_label(r, f, v->value), *href;
		if (*chosen) {
			href = view_own(r, request_link_toggle(r, facet->path, v->value));
		} else {
			g_string_truncate(link, begins);
			request_link_value(link, v->value);
			g_string_append(link, after);
			href = pool_text(request_pool(r), link->str, link->len);
		}
		view_facet_value(values, r, label, v->count, href, g_strv_contains(chosen, v->value));
	}
	return values;
}

static void add_chips(json_t *chips, const request *r, const field *f, const char *path)
{
	for (const char *const *value = request_query_all(r, path); *value; value++) {
		json_t *chip = json_object();
		view_put(chip, "label", view_facet_label(r, f, *value));
		view_take(chip, "href", request_link_toggle(r, path, *value));
		json_array_append_new(chips, chip);
	}
}

static void add_facet(mustache_list *facets, const request *r, const view_facet *facet)
{
	mustache_cell *cells = mustache_list_add(facets);
	cells[FACET_NAME].text = facet->name;
	cells[FACET_LABEL].text = facet->label;
	cells[FACET_OPEN].text = facet->open || facet->chosen ? mustache_true : NULL;
	cells[FACET_CHOSEN].text = facet->chosen ? view_own(r, g_strdup_printf("%u", facet->chosen)) : NULL;
	cells[FACET_VALUES].list = facet->values;
	cells[FACET_REST].list = facet->rest;
	cells[FACET_ANSWERED].text = facet->answered;
}

static view_facet facet_of(const request *r, const field *f, const store_facet *facet, gboolean open, guint total)
{
	const language *l = request_language(r);
	const char *const *asked = request_query_all(r, facet->path);
	guint chosen = g_strv_length((char **)asked);
	gboolean whole = g_strcmp0(request_query(r, "more"), facet->path) == 0;
	const char *answered = view_number(r, facet->answered), *all = view_number(r, total);
	/* A facet's own filter does not narrow its own counts: the list's total says nothing about them. */
	char *said = chosen ? view_message(language_text(l, "{n} report it, without this filter"), "n", answered, NULL)
		: view_message(language_text(l, "{n} of {total} report it"), "n", answered, "total", all, NULL);
	return (view_facet){ .name = facet->path, .label = language_text(l, f->label), .open = open || whole, .chosen = chosen,
		.values = facet_values_view(r, f, asked, facet), .rest = facet_rest(r, facet), .answered = view_own(r, said) };
}

static const store_facet *find_facet(const store_result *result, const char *path)
{
	for (gsize i = 0; result && i < result->n_facets; i++)
		if (!strcmp(result->facets[i].path, path))
			return &result->facets[i];
	return NULL;
}

void view_facets(json_t *view, const request *r, const kind *k, const store_result *result, const char *const *paths, const view_facet *computed)
{
	mustache_list *facets = mustache_list_new(request_pool(r), facet_members);
	json_t *chips = json_array();
	if (computed)
		add_facet(facets, r, computed);
	for (const char *const *p = paths; *p; p++) {
		gboolean open = **p == '!';
		const char *path = *p + open;
		const field *f = kind_field(k, path);
		const store_facet *facet = find_facet(result, path);
		if (f)
			add_chips(chips, r, f, path);
		if (f && facet && facet->n) {
			const view_facet shown = facet_of(r, f, facet, open, result->total);
			add_facet(facets, r, &shown);
		}
	}
	gsize chosen = json_array_size(chips);
	json_object_set_new(view, "facets", mustache_list_json(facets));
	json_object_set_new(view, "chips", chips);
	json_object_set_new(view, "chips_shown", json_boolean(chosen));
	json_object_set_new(view, "facets_chosen", chosen ? json_integer((json_int_t)chosen) : json_null());
	view_take(view, "clear_href", chosen ? view_address(r, request_path(r)) : NULL);
}

void view_paging(json_t *view, const request *r, guint offset, guint limit, guint total)
{
	const language *l = request_language(r);
	if (total <= limit && !offset) {
		json_object_set_new(view, "paging", json_null());
		return;
	}
	json_t *paging = json_object();
	guint page = offset / limit + 1, last = total ? (total - 1) / limit + 1 : 1;
	gboolean past = page > last;
	g_autofree char *before = g_strdup_printf("%u", MIN(page - 1, last)), *after = g_strdup_printf("%u", page + 1);
	g_autofree char *from = language_number(l, offset + 1, 0), *to = language_number(l, MIN(offset + limit, total), 0);
	g_autofree char *all = language_number(l, total, 0), *pages = language_number(l, last, 0);
	view_take(paging, "previous", page > 1 ? request_link_with(r, "page", page > 2 && last > 1 ? before : NULL) : NULL);
	view_take(paging, "next", page < last ? request_link_with(r, "page", after) : NULL);
	view_take(paging, "where", past ? view_message(language_text(l, "Past the end: the last page is {pages}"), "pages", pages, NULL)
		: view_message(language_text(l, "{from} to {to} of {total}"), "from", from, "to", to, "total", all, NULL));
	json_object_set_new(view, "paging", paging);
}

typedef struct kept {
	json_t *list;
	const char *const *but;
} kept;

static void keep(const char *name, const char *value, gpointer data)
{
	kept *k = data;
	if (!g_strv_contains(k->but, name))
		json_array_append_new(k->list, json_pack("{s:s, s:s}", "name", name, "value", value));
}

json_t *view_kept(const request *r, const char *const *but)
{
	kept k = { .list = json_array(), .but = but };
	request_each_query(r, keep, &k);
	return k.list;
}

json_t *view_sort(const request *r, const char *value, ...)
{
	const char *chosen = request_query(r, "sort");
	json_t *options = json_array();
	va_list arguments;
	va_start(arguments, value);
	while (value) {
		const char *label = va_arg(arguments, const char *);
		json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "value", value, "label", label, "active", !g_strcmp0(chosen, value)));
		value = va_arg(arguments, const char *);
	}
	va_end(arguments);
	return json_pack("{s:o}", "options", options);
}

void view_picture(json_t *view, const char *address, const char *asked)
{
	static const struct {
		const char *name, *form;
	} forms[] = { { "still", NULL }, { "still_dark", "scheme=dark" }, { "still_narrow", "width=narrow" }, { "still_narrow_dark", "scheme=dark&width=narrow" } };
	gsize path = strcspn(address, "?");
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		const char *const parts[] = { address[path] ? address + path + 1 : NULL, asked, forms[i].form };
		GString *whole = g_string_new_len(address, (gssize)path);
		g_string_append(whole, ".svg");
		for (gsize k = 0, n = 0; k < G_N_ELEMENTS(parts); k++)
			if (parts[k] && *parts[k])
				g_string_append_printf(whole, "%c%s", n++ ? '&' : '?', parts[k]);
		view_take(view, forms[i].name, g_string_free(whole, FALSE));
	}
}

json_t *view_chart(const char *address, const char *asked, const char *alt, json_t *table)
{
	json_t *view = json_object();
	view_picture(view, address, asked);
	view_put(view, "alt", alt);
	json_object_set_new(view, "lazy", json_true());
	json_object_set_new(view, "table", table);
	return view;
}
