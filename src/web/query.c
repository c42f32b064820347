#include "web/query.h"

#include <math.h>
#include <string.h>

#include "record/record.h"
#include "record/vocabulary.h"
#include "web/exchange.h"
#include "web/layout.h"
#include "web/view.h"

#define QUERY_PAGES 100000

static gboolean wrong(const request *r, response *out, const char *detail)
{
	response_problem(out, r, 400, request_text(r, N_("This question cannot be understood")), detail);
	return FALSE;
}

/* “name” cannot be “value”, and what it may be. */
static gboolean wrong_value(const request *r, response *out, const char *message, const char *name, const char *value, const char *allowed)
{
	g_autofree char *detail = view_message(message, "name", name, "value", value, allowed ? "allowed" : NULL, allowed, NULL);
	return wrong(r, out, detail);
}

void query_refuse(const request *r, response *out, const char *why)
{
	wrong(r, out, why);
}

static void add_facet(const char *path, const field *f, gpointer data)
{
	if (f->flags & FIELD_FACET)
		g_string_append_printf(data, "%s, ", path);
}

gboolean query_knows(const request *r, response *out, const char *const *known, const kind *k, const char *name)
{
	static const char *const everywhere[] = { "lang", "as-of", NULL };
	const field *f = k ? kind_field(k, name) : NULL;
	if (g_strv_contains(known, name) || g_strv_contains(everywhere, name) || (f && f->flags & FIELD_FACET))
		return TRUE;
	g_autoptr(GString) all = g_string_new(NULL);
	for (; *known; known++)
		g_string_append_printf(all, "%s, ", *known);
	if (k)
		kind_each_field(k, add_facet, all);
	g_string_append(all, "lang, as-of");
	g_autofree char *detail = view_message(request_text(r, N_("This address does not know “{name}”. It knows: {allowed}.")), "name", name, "allowed", all->str, NULL);
	return wrong(r, out, detail);
}

typedef struct allowing {
	const request *r;
	response *out;
	const char *const *known;
	const kind *k;
	gboolean all;
} allowing;

static void check_parameter(const char *name, const char *value, gpointer data)
{
	allowing *a = data;
	(void)value;
	a->all = a->all && query_knows(a->r, a->out, a->known, a->k, name);
}

gboolean query_only(const request *r, response *out, const char *const *known, const kind *k)
{
	allowing a = { r, out, known, k, TRUE };
	request_each_query(r, check_parameter, &a);
	return a.all;
}

#define MAY_BE N_("“{name}” cannot be “{value}”. It may be: {allowed}.")

gboolean query_choice(const request *r, response *out, const char *name, const char *const *allowed, const char **chosen)
{
	const char *value = request_query(r, name);
	*chosen = value && *value ? value : NULL;
	if (!*chosen || g_strv_contains(allowed, value))
		return TRUE;
	g_autofree char *list = g_strjoinv(", ", (char **)allowed);
	return wrong_value(r, out, request_text(r, MAY_BE), name, value, list);
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

gboolean query_check_picture(const request *r, response *out)
{
	static const char *const schemes[] = { "light", "dark", NULL }, *const widths[] = { "wide", "narrow", NULL };
	const char *chosen;
	return query_choice(r, out, "scheme", schemes, &chosen) && query_choice(r, out, "width", widths, &chosen);
}

#define MEMBERS_MOST 100

gboolean query_members(const request *r, response *out, const kind *k, const char *const **members)
{
	const char *asked = k ? request_query(r, "fields") : NULL;
	*members = NULL;
	if (!asked || !*asked)
		return TRUE;
	char *text = request_keep(r, g_strdup(asked)), *rest = text;
	const char **list = request_keep(r, g_new0(const char *, MEMBERS_MOST + 1));
	for (guint n = 0; rest; n++) {
		char *comma = strchr(rest, ',');
		if (comma)
			*comma++ = '\0';
		if (n == MEMBERS_MOST || !kind_field(k, rest))
			return wrong_value(r, out, request_text(r, N_("“{name}” cannot be “{value}”. It is a list of fields with commas between them; the schema of the kind names them all.")), "fields", rest, NULL);
		list[n] = rest;
		rest = comma;
	}
	*members = list;
	return TRUE;
}

#define TERMS_SHOWN 40

static gboolean wrong_term(const request *r, response *out, const char *path, const vocabulary *terms, const char *value)
{
	const term *meant = vocabulary_match(terms, value);
	const char *near = meant ? meant->id : strlen(value) > 3 ? vocabulary_nearest(terms, value) : NULL; /* codes of countries are all near each other */
	g_autoptr(GString) allowed = g_string_new(NULL);
	for (gsize i = 0; i < vocabulary_size(terms); i++)
		g_string_append_printf(allowed, "%s%s", i ? ", " : "", vocabulary_term(terms, i)->id);
	if (vocabulary_size(terms) <= TERMS_SHOWN)
		return wrong_value(r, out, request_text(r, MAY_BE), path, value, allowed->str);
	return near ? wrong_value(r, out, request_text(r, N_("“{name}” cannot be “{value}”. Did you mean “{allowed}”?")), path, value, near)
		: wrong_value(r, out, request_text(r, N_("“{name}” cannot be “{value}”. The filters of the list lead to all it may be.")), path, value, NULL);
}

/* A value of a filter: one that a record could have. Whether one has it is the answer's business. */
static gboolean check_filter(const request *r, response *out, const char *path, const field *f, const char *value)
{
	static const char *const answers[] = { "yes", "no", NULL };
	const vocabulary *terms = f->type == FIELD_TERM ? vocabulary_get(f->of) : NULL;
	if (terms)
		return vocabulary_find(terms, value) || wrong_term(r, out, path, terms, value);
	if (f->type == FIELD_YEAR)
		return g_ascii_string_to_unsigned(value, 10, 1000, 2200, NULL, NULL)
			|| wrong_value(r, out, request_text(r, MAY_BE), path, value, request_text(r, N_("a year of four digits")));
	if (f->type == FIELD_YESNO)
		return g_strv_contains(answers, value) || wrong_value(r, out, request_text(r, MAY_BE), path, value, "yes, no");
	return id_is_valid(value) || wrong_value(r, out, request_text(r, MAY_BE), path, value, request_text(r, N_("the id of a record, as its address ends")));
}

typedef struct collecting {
	const request *r;
	response *out;
	const kind *k;
	const char *taken; /* a parameter that says something else here; NULL: none */
	GArray *filters;
	gboolean refused;
} collecting;

static void add_filter(const char *name, const char *value, gpointer data)
{
	collecting *c = data;
	const field *f = c->k ? kind_field(c->k, name) : NULL;
	static const field country = { .name = "country", .type = FIELD_TERM, .of = "countries", .flags = FIELD_FACET };
	if (!c->k && strcmp(name, country.name) == 0)
		f = &country;
	if (c->refused || !f || !(f->flags & FIELD_FACET) || !*value || g_strcmp0(name, c->taken) == 0)
		return;
	c->refused = !check_filter(c->r, c->out, name, f, value);
	for (guint i = 0; i < c->filters->len; i++)
		if (strcmp(g_array_index(c->filters, store_filter, i).path, name) == 0)
			return;
	const store_filter filter = { name, request_query_all(c->r, name) };
	g_array_append_val(c->filters, filter);
}

/* The filters of a kind (NULL: of every kind, by country) that the address holds; any that a record can be filtered by, shown or not. */
static gboolean read_filters(const request *r, response *out, const kind *k, const char *taken, GArray *filters)
{
	collecting c = { r, out, k, taken, filters, FALSE };
	request_each_query(r, add_filter, &c);
	return !c.refused;
}

static void add_sort(const char *path, const field *f, gpointer data)
{
	if (f->flags & FIELD_SORT && strcmp(path, "title") != 0)
		g_string_append_printf(data, ", %s", path);
}

/* *sort: the order asked for, NULL where none is, or one by relevance that is left over from a search without its words. */
static gboolean read_sort(const request *r, response *out, const kind *k, gboolean has_text, const char **sort)
{
	const char *asked = request_query(r, "sort"), *path = asked ? asked + (*asked == '-') : NULL;
	*sort = NULL;
	if (!asked || !*asked || (strcmp(asked, "relevance") == 0 && !has_text))
		return TRUE;
	const field *f = k ? kind_field(k, path) : NULL;
	if (strcmp(asked, "relevance") == 0 || strcmp(path, "title") == 0 || strcmp(path, "newest") == 0 || (f && f->flags & FIELD_SORT)) {
		*sort = asked;
		return TRUE;
	}
	g_autoptr(GString) allowed = g_string_new("relevance, newest, title");
	if (k)
		kind_each_field(k, add_sort, allowed);
	return wrong_value(r, out, request_text(r, N_("“{name}” cannot be “{value}”. It may be: {allowed}; with a minus sign before it the other way round.")), "sort", asked,
		allowed->str);
}

gboolean query_parse(const request *r, response *out, const kind *k, guint per_page, guint most, query *q)
{
	*q = (query){ .filters = g_array_new(FALSE, FALSE, sizeof(store_filter)) };
	const char *asked = request_query(r, "kind"), *box = request_query(r, "bbox"), *text = request_query(r, "q"), *sort;
	const char *taken = k ? NULL : "kind"; /* of record; organisations have a field of that name */
	if (!k && asked && *asked) {
		k = kind_by_name(asked);
		if (!k)
			return wrong(r, out, request_text(r, N_("“kind” must be a kind of record, such as case or pledge.")));
	}
	if (!read_count(r, "page", 1, QUERY_PAGES, &q->page))
		return wrong(r, out, request_text(r, N_("“page” must be a number from 1.")));
	if (!read_count(r, "per-page", per_page, most, &q->per_page)) {
		g_autofree char *bound = g_strdup_printf("%u", most), *detail = view_message(request_text(r, N_("“per-page” must be a number from 1 to {most}.")), "most", bound, NULL);
		return wrong(r, out, detail);
	}
	if (box && *box && !read_box(box, q->box))
		return wrong(r, out, request_text(r, N_("“bbox” must be west,south,east,north in degrees.")));
	if (text && !text[strspn(text, " \t\r\n")])
		text = NULL;
	if (!read_sort(r, out, k, text != NULL, &sort) || !read_filters(r, out, k, taken, q->filters))
		return FALSE;
	q->store = (store_query){
		.kind = k ? k->name : NULL, .text = text, .filters = (gconstpointer)q->filters->data, .n_filters = q->filters->len,
		.bbox = box && *box ? q->box : NULL, .sort = sort, .as_of = request_as_of(r), .offset = (q->page - 1) * q->per_page, .limit = q->per_page,
	};
	return TRUE;
}

void query_clear(query *q)
{
	g_clear_pointer(&q->filters, g_array_unref);
}

store_result *query_records(const request *r, response *out, const kind *k, guint most, query *q)
{
	g_autoptr(GError) error = NULL;
	if (!query_parse(r, out, k, most, most, q))
		return NULL;
	q->store.bodies = TRUE;
	store_result *found = store_search(request_reader(r), &q->store, &error);
	if (!found)
		response_error(out, r, error);
	return found;
}

void query_no_record(const request *r, response *out)
{
	response_problem(out, r, 404, request_text(r, N_("There is no such record")), request_text(r, N_("The list of its kind and the search hold all there are.")));
}

record *query_record(const request *r, response *out, const kind *k, const char *id)
{
	g_autoptr(GError) error = NULL;
	record *rec = store_get(request_reader(r), k->name, id, request_as_of(r), &error);
	if (error)
		response_error(out, r, error);
	else if (!rec)
		query_no_record(r, out);
	return rec;
}

static void link_page(const request *r, response *out, const char *relation, guint page)
{
	g_autofree char *number = g_strdup_printf("%u", page);
	g_autofree char *link = request_link_same(r, "page", page > 1 ? number : NULL);
	response_link(out, relation, link);
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
