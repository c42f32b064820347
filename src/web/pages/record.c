/* Pages of kinds that have no family of their own: everything a record says, by its declaration. /measurements, /progress, /reviews. */
#include <string.h>

#include "web/exchange.h"
#include "web/pages/families.h"
#include "web/pages/site.h"

static const kind *kind_of(const request *r)
{
	return kind_by_name(r->route->kind);
}

/* ---- the list ---- */

static void add_facet(const char *path, const field *f, gpointer data)
{
	GPtrArray *paths = data;
	if (f->flags & FIELD_FACET)
		g_ptr_array_add(paths, g_strdup(path));
}

static void row_of(mustache_list *rows, const request *r, const store_hit *hit)
{
	const list_row row = list_row_add(rows, r, hit, NULL);
	list_row_fact(row, LIST_NO_FACT);
	for (const field *f = hit->record->kind->fields; f->name; f++)
		if (f->flags & FIELD_FACET)
			list_row_tag(row, view_own(r, view_values(r, hit->record, f->name)));
}

void page_records(const request *r, response *out)
{
	static const char *const sorts[] = {"title", N_("By title"), "newest", N_("Newest first"), NULL};
	const kind *k = kind_of(r);
	g_autoptr(GPtrArray) facets = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *list = g_strdup_printf("/%s", k->plural);
	kind_each_field(k, add_facet, facets);
	g_ptr_array_add(facets, NULL);
	const list_shape shape = {.kind = k->name, .address = list, .title = k->label_plural, .sentence = k->help, .placeholder = N_("Words in any of them"),
		.one = N_("{n} record"), .many = N_("{n} records"), .empty = N_("There is none yet."), .facets = (const char *const *)facets->pdata, .sorts = sorts, .row = row_of};
	list_answer(r, out, &shape, NULL);
}

/* ---- one record ---- */

static gboolean is_fact(const field *f)
{
	return f->type != FIELD_TEXT && f->type != FIELD_GROUP && f->type != FIELD_GEOMETRY;
}

static gboolean is_used(const json_t *entries, const char *name)
{
	const json_t *entry;
	gsize i;
	json_array_foreach(entries, i, entry)
		if (json_object_get(entry, name))
			return TRUE;
	return FALSE;
}

/* A cell of a group's table; source numbers and addresses lead where they point. */
static void add_cell(GArray *cells, GPtrArray *texts, const request *r, const kind *k, const char *group, const field *f, const json_t *value)
{
	g_autofree char *path = g_strdup_printf("%s.%s", group, f->name);
	char *text = value ? view_value(r, f, value) : NULL, *href = value ? view_value_address(r, k, path, value) : NULL;
	if (value && f->type == FIELD_SOURCE) {
		g_free(href);
		href = g_strdup_printf("#source-%s", text);
	}
	const view_cell cell = {.text = text ? text : "–", .href = href, .head = cells->len == 0};
	g_ptr_array_add(texts, text);
	g_ptr_array_add(texts, href);
	g_array_append_val(cells, cell);
}

/* A repeated group as a table: a column for each simple field that any entry gives. */
static void add_group(json_t *view, const request *r, const record *rec, const field *group)
{
	const language *l = request_language(r);
	const json_t *entries = json_object_get(rec->body, group->name), *entry;
	gsize i;
	if (!json_array_size(entries) || strcmp(group->name, "sources") == 0)
		return;
	json_t *table = view_table(language_text(l, group->help));
	gboolean figures = FALSE;
	for (const field *f = group->fields; f->name; f++)
		if (is_used(entries, f->name)) {
			view_table_column(table, language_text(l, f->label), f->type == FIELD_NUMBER || f->type == FIELD_COUNT);
			figures |= f->type == FIELD_NUMBER;
		}
	if (figures)
		view_explains_add(table, strcmp(rec->kind->name, "measurement") == 0 ? site_explain(r, rec, NULL) : view_explain_stated(r, rec, rec->body, language_text(l, group->label)));
	json_array_foreach(entries, i, entry) {
		g_autoptr(GArray) cells = g_array_new(FALSE, TRUE, sizeof(view_cell));
		g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
		for (const field *f = group->fields; f->name; f++)
			if (is_used(entries, f->name))
				add_cell(cells, texts, r, rec->kind, group->name, f, json_object_get(entry, f->name));
		view_table_row(table, (view_cell *)(gpointer)cells->data, cells->len);
	}
	json_object_set_new(sheet_section(view, group->name, language_text(l, group->label)), "table", table);
}

void page_record(const request *r, response *out)
{
	const language *l = request_language(r);
	const kind *k = kind_of(r);
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, k->name);
	g_autoptr(GPtrArray) facts = g_ptr_array_new();
	if (!rec)
		return;
	for (const field *f = k->fields; f->name; f++)
		if (is_fact(f) && g_strcmp0(f->name, k->title) != 0)
			g_ptr_array_add(facts, (gpointer)f->name);
	g_ptr_array_add(facts, NULL);
	g_autofree char *list = g_strdup_printf("/%s", k->plural);
	json_t *view = sheet_new(r, rec, list, language_text(l, k->label_plural), (const char *const *)facts->pdata, &error);
	if (!view) {
		response_error(out, r, error);
		return;
	}
	view_put(view, "kicker", language_text(l, k->label));
	for (const field *f = k->fields; f->name; f++)
		if (f->type == FIELD_TEXT)
			sheet_prose(view, r, rec, f->name);
		else if (f->type == FIELD_GROUP)
			add_group(view, r, rec, f);
	response_page(out, r, 200, "sheet", view);
}
