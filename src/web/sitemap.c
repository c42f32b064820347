#include "web/sitemap.h"

#include <string.h>

#include "base/xml.h"
#include "web/exchange.h"

#define NAMESPACE "http://www.sitemaps.org/schemas/sitemap/0.9"
#define STEP 1000 /* records asked for at once */

/* A window over all addresses in order: pages, then the records of one kind after the other. */
typedef struct window {
	const request *r;
	xml *x;
	guint64 at, first, before; /* number of the next address; those that are written */
} window;

static void add_place(window *w, const char *path, const char *day)
{
	gboolean inside = w->at >= w->first && w->at < w->before;
	w->at++;
	if (!inside)
		return;
	g_autofree char *place = g_strconcat(request_site_address(w->r), path, NULL);
	xml_begin(w->x, "url");
	xml_element(w->x, "loc", place);
	xml_element(w->x, "lastmod", day);
	xml_end(w->x);
}

static gboolean is_page(const route *row)
{
	return row->formats & FORMAT_HTML && strcmp(row->method, "GET") == 0 && row->permission == PERMISSION_ANYONE && row->cache == CACHE_RECORDS
		&& !row->negotiated && !g_str_has_prefix(row->pattern, "/api/") && !strrchr(row->pattern, '.');
}

/* The records of a kind: only those of the window are read. */
static gboolean add_records(window *w, const kind *k, GError **error)
{
	guint count = request_reader(w->r) ? store_count(request_reader(w->r), k->name, error) : 0, offset = 0;
	if (*error)
		return FALSE;
	guint64 end = w->at + count;
	if (w->first > w->at)
		offset = (guint)MIN(w->first - w->at, count);
	w->at += offset;
	while (w->at < MIN(end, w->before)) {
		store_query q = { .kind = k->name, .sort = "title", .offset = offset, .limit = STEP };
		g_autoptr(store_result) found = store_search(request_reader(w->r), &q, error);
		if (!found)
			return FALSE;
		for (gsize i = 0; i < found->n; i++) {
			g_autofree char *path = g_strdup_printf("/%s/%s", k->plural, found->hits[i].id), *day = g_strndup(found->hits[i].time, 10);
			add_place(w, path, day);
		}
		offset += STEP;
		if (!found->n)
			break;
	}
	w->at = end;
	return TRUE;
}

/* Goes over all addresses; w->at is then how many there are. */
static gboolean add_all(window *w, GError **error)
{
	const http_site *site = w->r->site;
	for (gsize i = 0; i < site->n_routes; i++)
		if (is_page(&site->routes[i]) && !strchr(site->routes[i].pattern, '{'))
			add_place(w, site->routes[i].pattern, NULL);
	for (gsize i = 0; i < site->n_routes; i++)
		if (is_page(&site->routes[i]) && site->routes[i].kind && g_str_has_suffix(site->routes[i].pattern, "/{id}") && !add_records(w, kind_by_name(site->routes[i].kind), error))
			return FALSE;
	return TRUE;
}

static char *write_part(window *w, GError **error)
{
	w->x = xml_new();
	xml_begin(w->x, "urlset");
	xml_attribute(w->x, "xmlns", NAMESPACE);
	if (add_all(w, error))
		return xml_finish(w->x);
	xml_free(w->x);
	return NULL;
}

static char *write_list(const request *r, guint parts)
{
	xml *x = xml_new();
	xml_begin(x, "sitemapindex");
	xml_attribute(x, "xmlns", NAMESPACE);
	for (guint i = 1; i <= parts; i++) {
		g_autofree char *place = g_strdup_printf("%s/sitemap/%u.xml", request_site_address(r), i);
		xml_begin(x, "sitemap");
		xml_element(x, "loc", place);
		xml_end(x);
	}
	return xml_finish(x);
}

void sitemap_write(const request *r, response *out, guint most)
{
	g_autoptr(GError) error = NULL;
	const char *part = request_part(r, "part");
	guint64 n = 1;
	window all = { .r = r };
	gboolean counted = add_all(&all, &error), numbered = !part || g_ascii_string_to_unsigned(part, 10, 1, G_MAXUINT32, &n, NULL);
	guint64 parts = (all.at + most - 1) / most;
	if (counted && (!numbered || n > parts)) {
		response_problem(out, r, 404, request_text(r, N_("There is no such part")), request_text(r, N_("/sitemap.xml lists all there are.")));
		return;
	}
	window here = { .r = r, .first = (n - 1) * most, .before = n * most };
	char *text = !counted ? NULL : !part && parts > 1 ? write_list(r, (guint)parts) : write_part(&here, &error);
	if (text)
		response_text(out, "application/xml", text);
	else
		response_error(out, r, error);
}

void sitemap_answer(const request *r, response *out)
{
	sitemap_write(r, out, SITEMAP_MOST);
}
