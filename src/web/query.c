#include "web/query.h"

#include <math.h>
#include <string.h>

#include "web/layout.h"

#define QUERY_PAGES 100000

static gboolean wrong(const request *r, response *out, const char *message)
{
	response_problem(out, r, 400, request_text(r, N_("This question cannot be understood")), request_text(r, message));
	return FALSE;
}

static gboolean read_count(const request *r, const char *name, guint initial, guint most, guint *value)
{
	const char *text = request_query(r, name);
	guint64 number = initial;
	if (text && *text && !g_ascii_string_to_unsigned(text, 10, 1, most, &number, NULL))
		return FALSE;
	*value = (guint)number;
	return TRUE;
}

static gboolean read_box(const char *text, double box[4])
{
	for (guint i = 0; i < 4; i++) {
		char *end;
		box[i] = g_ascii_strtod(text, &end);
		double most = i % 2 ? 90 : 180;
		if (end == text || !isfinite(box[i]) || fabs(box[i]) > most || *end != (i < 3 ? ',' : '\0'))
			return FALSE;
		text = end + 1;
	}
	return box[1] <= box[3];
}

typedef struct collecting {
	const request *r;
	const kind *k;
	query *q;
} collecting;

static void add_filter(const char *name, const char *value, gpointer data)
{
	collecting *c = data;
	const field *f = kind_field(c->k, name);
	if (!f || !(f->flags & FIELD_FACET) || !*value)
		return;
	for (guint i = 0; i < c->q->filters->len; i++)
		if (strcmp(g_array_index(c->q->filters, store_filter, i).path, name) == 0)
			return;
	const store_filter filter = { name, request_query_all(c->r, name) };
	g_array_append_val(c->q->filters, filter);
}

static gboolean can_sort(const kind *k, const char *sort, gboolean has_text)
{
	const char *path = sort + (*sort == '-');
	if (strcmp(sort, "relevance") == 0)
		return has_text;
	if (strcmp(path, "title") == 0 || strcmp(path, "newest") == 0)
		return TRUE;
	const field *f = k ? kind_field(k, path) : NULL;
	return f && f->flags & FIELD_SORT;
}

gboolean query_parse(const request *r, response *out, const kind *k, guint per_page, guint most, query *q)
{
	*q = (query){ .filters = g_array_new(FALSE, FALSE, sizeof(store_filter)) };
	const char *asked = request_query(r, "kind"), *box = request_query(r, "bbox"), *text = request_query(r, "q"), *sort = request_query(r, "sort");
	if (!k && asked && *asked) {
		k = kind_by_name(asked);
		if (!k)
			return wrong(r, out, N_("“kind” must be a kind of record, such as case or pledge."));
	}
	if (!read_count(r, "page", 1, QUERY_PAGES, &q->page))
		return wrong(r, out, N_("“page” must be a number from 1."));
	if (!read_count(r, "per-page", per_page, most, &q->per_page))
		return wrong(r, out, N_("“per-page” must be a number from 1, and not above what this list gives at once."));
	if (box && *box && !read_box(box, q->box))
		return wrong(r, out, N_("“bbox” must be west,south,east,north in degrees."));
	if (text && !text[strspn(text, " \t\r\n")])
		text = NULL;
	if (sort && *sort && !can_sort(k, sort, text != NULL))
		sort = NULL; /* left over from a search without its words */
	if (k)
		request_each_query(r, add_filter, &(collecting){ r, k, q });
	q->store = (store_query){
		.kind = k ? k->name : NULL, .text = text, .filters = (gconstpointer)q->filters->data, .n_filters = q->filters->len,
		.bbox = box && *box ? q->box : NULL, .sort = sort && *sort ? sort : NULL, .as_of = request_as_of(r),
		.offset = (q->page - 1) * q->per_page, .limit = q->per_page,
	};
	return TRUE;
}

void query_clear(query *q)
{
	g_clear_pointer(&q->filters, g_array_unref);
}

static void link_page(const request *r, response *out, const char *relation, guint page)
{
	g_autofree char *number = g_strdup_printf("%u", page);
	g_autofree char *address = request_link_with(r, "page", page > 1 ? number : NULL);
	const char *path = address + strlen(request_root(r)), *rest = strchrnul(path, '?'), *ending = format_ending(request_format(r));
	g_autofree char *plain = g_strndup(path, (gsize)(rest - path));
	g_autofree char *whole = g_strconcat(request_root(r), plain, ending ? "." : "", ending ? ending : "", rest, NULL);
	response_link(out, relation, whole);
}

void query_link_pages(const request *r, response *out, const query *q, guint total)
{
	guint pages = (total + q->per_page - 1) / q->per_page;
	link_page(r, out, "first", 1);
	if (q->page > 1)
		link_page(r, out, "prev", MIN(q->page - 1, MAX(pages, 1)));
	if (q->page < pages)
		link_page(r, out, "next", q->page + 1);
	if (pages)
		link_page(r, out, "last", pages);
}
