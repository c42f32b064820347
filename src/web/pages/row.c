#include "web/pages/row.h"

enum { ROW_ID, ROW_TITLE, ROW_HREF, ROW_KICKER, ROW_FACT, ROW_SNIPPET, ROW_TEXT, ROW_STATUS, ROW_TAGS, ROW_COMPARE };
static const char *const row_members[] = { [ROW_ID] = "id", [ROW_TITLE] = "title", [ROW_HREF] = "href", [ROW_KICKER] = "kicker", [ROW_FACT] = "fact",
	[ROW_SNIPPET] = "snippet", [ROW_TEXT] = "text", [ROW_STATUS] = "status", [ROW_TAGS] = "tags", [ROW_COMPARE] = "compare", NULL };
enum { FACT_VALUE, FACT_UNIT, FACT_LABEL, FACT_LONG };
static const char *const fact_members[] = { [FACT_VALUE] = "value", [FACT_UNIT] = "unit", [FACT_LABEL] = "label", [FACT_LONG] = "long", NULL };
static const char *const snippet_members[] = { "pieces", NULL }, *const tag_members[] = { "text", NULL };

gboolean list_fact_is_long(const list_fact *fact)
{
	return g_utf8_strlen(fact->value, -1) > 9 || (fact->unit && g_utf8_strlen(fact->unit, -1) > 12);
}

mustache_list *list_rows(const request *r)
{
	return mustache_list_new(request_pool(r), row_members);
}

/* A list of one entry, set as a member of the row; its cells. */
static mustache_cell *add_object(list_row row, int member, const char *const *members)
{
	mustache_list *object = mustache_list_new(request_pool(row.r), members);
	row.cells[member].list = object;
	return mustache_list_add(object);
}

list_row list_row_add(mustache_list *rows, const request *r, const store_hit *hit, const char *kicker)
{
	const list_row row = { r, mustache_list_add(rows) };
	gboolean marked = hit->snippet && *hit->snippet;
	row.cells[ROW_ID].text = view_copy(r, hit->id);
	row.cells[ROW_TITLE].text = view_copy(r, hit->title);
	row.cells[ROW_HREF].text = view_own(r, view_record_address(r, hit->kind, hit->id));
	row.cells[ROW_KICKER].text = kicker;
	if (marked)
		add_object(row, ROW_SNIPPET, snippet_members)->list = view_marked(r, hit->snippet);
	else
		row.cells[ROW_TEXT].text = view_copy(r, hit->summary);
	return row;
}

void list_row_tag(list_row row, const char *text)
{
	mustache_cell *tags = &row.cells[ROW_TAGS];
	if (!text)
		return;
	mustache_list *list = tags->list ? (mustache_list *)tags->list : mustache_list_new(request_pool(row.r), tag_members);
	tags->list = list;
	mustache_list_add(list)->text = text;
}

void list_row_fact(list_row row, list_fact fact)
{
	mustache_cell *cells = add_object(row, ROW_FACT, fact_members);
	cells[FACT_LONG].text = list_fact_is_long(&fact) ? mustache_true : NULL;
	cells[FACT_VALUE].text = fact.value;
	cells[FACT_UNIT].text = fact.unit;
	cells[FACT_LABEL].text = fact.label;
}

void list_row_text(list_row row, const char *text)
{
	row.cells[ROW_TEXT].text = view_copy(row.r, text);
}

void list_row_status(list_row row, mustache_list *status)
{
	row.cells[ROW_STATUS].list = status;
}

void list_row_compare(list_row row)
{
	row.cells[ROW_COMPARE].text = mustache_true;
}
