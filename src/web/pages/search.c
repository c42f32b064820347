/* /search: everything at once. */
#include <string.h>

#include "record/vocabulary.h"
#include "web/data.h"
#include "web/pages/pages.h"
#include "web/query.h"
#include "web/view.h"

#define PAGE_FINDS 20

/* Every kind, those that readers look for most first. */
static const char *const searched[] = { "case", "pledge", "site", "organisation", "policy", "finance", "practice", "target", "project", "offer", "progress", "measurement", "review", "meeting",
	"forum", "edition", NULL };

static json_t *kind_link(const request *r, const char *name, const char *label, guint count, gboolean active)
{
	json_t *link = json_object();
	view_put(link, "label", label);
	view_take(link, "count", language_number(request_language(r), count, 0));
	view_take(link, "href", request_link_with(r, "kind", name));
	json_object_set_new(link, "active", json_boolean(active));
	return link;
}

static json_t *kind_links(const request *r, const char *text, const char *chosen, GError **error)
{
	json_t *links = json_array();
	guint total = 0;
	for (const char *const *name = searched; *name; name++) {
		const kind *k = kind_by_name(*name);
		store_query q = { .kind = *name, .text = text, .as_of = request_as_of(r), .limit = 1 };
		if (!data_count(r, *name, error) && !*error)
			continue;
		g_autoptr(store_result) found = *error ? NULL : store_search(request_reader(r), &q, error);
		if (!found) {
			json_decref(links);
			return NULL;
		}
		total += found->total;
		if (found->total)
			json_array_append_new(links, kind_link(r, *name, language_text(request_language(r), k->label_plural), found->total, !g_strcmp0(chosen, *name)));
	}
	json_array_insert_new(links, 0, kind_link(r, NULL, language_text(request_language(r), "Everything"), total, !chosen));
	return links;
}

static json_t *find_view(const request *r, const store_hit *hit)
{
	json_t *find = json_object();
	g_autofree char *short_summary = view_shorten(hit->summary ? hit->summary : "", 220);
	view_put(find, "kicker", language_text(request_language(r), hit->kind->label));
	view_put(find, "title", hit->title);
	view_take(find, "href", view_record_address(r, hit->kind, hit->id));
	json_object_set_new(find, "pieces", mustache_list_json(view_marked(r, hit->snippet && *hit->snippet ? hit->snippet : short_summary)));
	return find;
}

/* The country that the words name, in English or in the page's language: not a record, but perhaps what the reader came for. NULL: none. */
static json_t *country_view(const request *r, const char *text)
{
	const language *l = request_language(r);
	const vocabulary *countries = vocabulary_get("countries");
	const term *country = vocabulary_match(countries, text);
	g_autofree char *wanted = g_utf8_casefold(text, -1);
	for (gsize i = 0; !country && i < vocabulary_size(countries); i++) {
		g_autofree char *name = language_country(l, vocabulary_term(countries, i)->id), *folded = g_utf8_casefold(name, -1);
		if (strcmp(folded, wanted) == 0)
			country = vocabulary_term(countries, i);
	}
	if (!country)
		return NULL;
	json_t *find = json_object();
	g_autofree char *path = g_strdup_printf("/countries/%s", country->id);
	view_put(find, "kicker", language_text(l, "Country"));
	view_take(find, "title", language_country(l, country->id));
	view_take(find, "href", view_address(r, path));
	json_object_set_new(find, "pieces", mustache_list_json(view_marked(r, language_text(l, "Its land degradation neutrality targets, what companies promised there, policies, case studies and finance."))));
	return find;
}

/* With words: what is found of the kind chosen, or the best of each kind in turn. */
static gboolean add_finds(json_t *view, const request *r, const query *asked, const char *chosen, GError **error)
{
	const language *l = request_language(r);
	json_t *links = kind_links(r, asked->store.text, chosen, error), *finds = json_array();
	if (!links)
		return FALSE;
	store_query q = asked->store;
	q.kind = chosen;
	g_autoptr(store_result) found = store_search(request_reader(r), &q, error);
	if (!found)
		return FALSE;
	json_t *country = chosen || q.offset ? NULL : country_view(r, q.text);
	if (country)
		json_array_append_new(finds, country);
	for (gsize i = 0; i < found->n; i++)
		json_array_append_new(finds, find_view(r, &found->hits[i]));
	json_object_set_new(view, "kinds", links);
	json_object_set_new(view, "finds", finds);
	json_object_set_new(view, "empty", json_boolean(!json_array_size(finds)));
	view_take(view, "count", view_count(l, "{n} record found", "{n} records found", found->total));
	view_paging(view, r, q.offset, q.limit, found->total);
	return TRUE;
}

static gboolean add_kinds(json_t *view, const request *r, GError **error)
{
	json_t *links = json_array();
	for (const char *const *name = searched; *name; name++) {
		const kind *k = kind_by_name(*name);
		guint n = data_count(r, *name, error);
		if (*error)
			break;
		if (!n)
			continue;
		json_t *link = kind_link(r, NULL, language_text(request_language(r), k->label_plural), n, FALSE);
		g_autofree char *path = g_strdup_printf("/%s", k->plural);
		view_take(link, "href", view_address(r, path));
		json_array_append_new(links, link);
	}
	json_object_set_new(view, "kinds", links);
	return !*error;
}

void page_search(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	g_auto(query) asked = { 0 };
	const char *text = request_query(r, "q"), *chosen;
	if (request_format(r) != FORMAT_HTML) {
		data_search(r, out);
		return;
	}
	if (!query_choice(r, out, "kind", searched, &chosen) || !query_parse(r, out, NULL, PAGE_FINDS, 100, &asked))
		return;
	json_t *view = json_object();
	gboolean words = asked.store.text != NULL;
	if (!(words ? add_finds(view, r, &asked, chosen, &error) : add_kinds(view, r, &error))) {
		json_decref(view);
		response_error(out, r, error);
		return;
	}
	view_put(view, "title", language_text(l, "Search"));
	view_put(view, "q", text ? text : "");
	view_take(view, "action", view_address(r, "/search"));
	json_object_set_new(view, "asked", json_boolean(words));
	json_object_set_new(view, "hide_search", json_true());
	response_page(out, r, 200, "search", view);
}
