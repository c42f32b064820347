#include "web/layout.h"

#include <string.h>

#include "web/exchange.h"
#include "web/linked.h"
#include "web/pages/pages.h"
#include "web/view.h"

/* In the order of the page's head, then what only its foot lists; shown where the address has a page. */
static const struct {
	const char *path, *label;
	gboolean foot;
} navigation[] = {
	{ "/cases", N_("Compilation") }, { "/practices", N_("Practices") }, { "/pledges", N_("Pledges") }, { "/sites", N_("Sites") }, { "/countries", N_("Countries") },
	{ "/organisations", N_("Organisations") }, { "/policies", N_("Policies") }, { "/finance", N_("Finance") }, { "/data", N_("Data") },
	{ "/method", N_("Method") },
	{ "/measurements", N_("Measurements"), TRUE }, { "/progress", N_("Progress reports"), TRUE }, { "/reviews", N_("Findings"), TRUE },
	{ "/targets", N_("LDN targets"), TRUE }, { "/coalition", N_("Coalition"), TRUE }, { "/forum", N_("Forum"), TRUE },
};

static const struct {
	format format;
	const char *ending, *media;
	const char *name; /* for readers; NULL: the ending in capitals */
} formats[] = {
	{ FORMAT_JSON, "json", "application/json", NULL }, { FORMAT_CSV, "csv", "text/csv", NULL }, { FORMAT_GEOJSON, "geojson", "application/geo+json", NULL },
	{ FORMAT_BIB, "bib", "application/x-bibtex", NULL }, { FORMAT_RIS, "ris", "application/x-research-info-systems", NULL },
	{ FORMAT_CSL, "csl.json", "application/vnd.citationstyles.csl+json", "CSL" }, { FORMAT_SVG, "svg", "image/svg+xml", NULL },
	{ FORMAT_ICS, "ics", "text/calendar", N_("Calendar") }, { FORMAT_IATI, "iati.xml", "application/xml", "IATI" }, { FORMAT_ATOM, "atom", "application/atom+xml", N_("Feed") },
	{ FORMAT_XML, "xml", "application/xml", NULL }, { FORMAT_PNG, "png", "image/png", NULL },
};

const char *format_media(format f)
{
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (formats[i].format == f)
			return formats[i].media;
	return NULL;
}

const char *format_ending(format f)
{
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (formats[i].format == f)
			return formats[i].ending;
	return NULL;
}

format format_of(const char *path, gsize *plain)
{
	gsize length = strlen(path), longest = 0;
	format found = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		gsize n = strlen(formats[i].ending);
		if (n > longest && length > n + 1 && path[length - n - 1] == '.' && strcmp(path + length - n, formats[i].ending) == 0) {
			longest = n;
			found = formats[i].format;
		}
	}
	*plain = found ? length - longest - 1 : length;
	return found;
}

static gboolean has_page(const http_site *site, const char *path)
{
	for (gsize i = 0; i < site->n_routes; i++)
		if (site->routes[i].formats & FORMAT_HTML && strcmp(site->routes[i].pattern, path) == 0 && strcmp(site->routes[i].method, "GET") == 0)
			return TRUE;
	return FALSE;
}

/* The sections of the page's head, and all of its foot. */
static void add_navigation(json_t *view, const request *r, const char *active)
{
	enum { HREF, LABEL, CURRENT, MEMBERS };
	static const char *const members[] = { [HREF] = "href", [LABEL] = "label", [CURRENT] = "current", NULL };
	mustache_list *head = mustache_list_new(request_pool(r), members), *foot = mustache_list_new(request_pool(r), members);
	for (gsize i = 0; i < G_N_ELEMENTS(navigation); i++) {
		if (!has_page(r->site, navigation[i].path))
			continue;
		mustache_cell *section = mustache_list_add(foot);
		section[HREF].text = view_own(r, view_address(r, navigation[i].path));
		section[LABEL].text = request_text(r, navigation[i].label);
		section[CURRENT].text = active && strcmp(active, navigation[i].path) == 0 ? mustache_true : NULL;
		if (!navigation[i].foot)
			memcpy(mustache_list_add(head), section, MEMBERS * sizeof *section);
	}
	json_object_set_new(view, "navigation", mustache_list_json(head));
	json_object_set_new(view, "all_sections", mustache_list_json(foot));
}

static mustache_list *list_languages(const request *r, const char *rest)
{
	enum { TAG, NAME, HREF, CURRENT };
	static const char *const members[] = { [TAG] = "tag", [NAME] = "name", [HREF] = "href", [CURRENT] = "current", NULL };
	mustache_list *list = mustache_list_new(request_pool(r), members);
	for (const char *const *tag = language_tags(); *tag; tag++) {
		const language *l = language_get(*tag);
		mustache_cell *cells = mustache_list_add(list);
		cells[TAG].text = *tag;
		cells[NAME].text = language_name(l);
		cells[HREF].text = view_own(r, g_strconcat("/", *tag, strcmp(rest, "/") == 0 ? "" : rest, NULL));
		cells[CURRENT].text = l == r->language ? mustache_true : NULL;
	}
	return list;
}

/* The page's own address without the language, for links to its other languages and formats. */
static char *rest_of(const request *r)
{
	g_autofree char *link = request_link_with(r, "lang", NULL);
	return g_strdup(link + strlen(r->root));
}

/* What only the page computes cannot be told of the past, nor of changes. */
static gboolean has_feed(const request *r)
{
	return r->route && r->route->formats & FORMAT_ATOM && !(r->route->computed && request_query(r, r->route->computed));
}

/* The feeds that follow what this page shows, else everything. */
static mustache_list *list_feeds(const request *r)
{
	enum { TYPE, TITLE, HREF };
	static const char *const members[] = { [TYPE] = "type", [TITLE] = "title", [HREF] = "href", NULL };
	const kind *k = has_feed(r) && r->route->kind ? kind_by_name(r->route->kind) : NULL;
	request as = *r;
	as.format = FORMAT_ATOM;
	const char *page = view_own(r, k && r->address.parameters ? request_link_same(&as, "page", NULL) : g_strconcat(r->root, "/feed.atom", NULL));
	mustache_list *feeds = mustache_list_new(request_pool(r), members);
	mustache_cell *feed = mustache_list_add(feeds);
	feed[TYPE].text = "application/atom+xml";
	feed[TITLE].text = request_text(r, N_("Changes"));
	feed[HREF].text = page;
	if (!request_part(r, "id") && !(k && request_query(r, "kind"))) { /* there, that is the kind of record */
		const char *query = k ? strchrnul(page, '?') : "";
		feed = mustache_list_add(feeds);
		feed[TYPE].text = "application/feed+json";
		feed[TITLE].text = request_text(r, N_("Changes"));
		feed[HREF].text = view_own(r, g_strconcat(r->root, "/feed.json", k ? "?kind=" : "", k ? k->name : "", *query ? "&" : "", *query ? query + 1 : "", NULL));
	}
	return feeds;
}

/* without: what this page's record has nothing to give as. */
static mustache_list *list_formats(const request *r, unsigned without)
{
	enum { NAME, HREF };
	static const char *const members[] = { [NAME] = "name", [HREF] = "href", NULL };
	mustache_list *list = mustache_list_new(request_pool(r), members);
	if (!r->route || !r->address.parameters)
		return list;
	g_autofree char *whole = request_link_with(r, "page", NULL); /* a page of data is longer than a page of a list */
	const char *path = whole + strlen(r->root), *query = strchrnul(path, '?');
	const kind *k = r->route->kind ? kind_by_name(r->route->kind) : NULL;
	/* What has no place has nothing to give as GeoJSON. */
	unsigned offered = k && !k->longitude && !k->geometry ? r->route->formats & ~FORMAT_GEOJSON : r->route->formats;
	if (r->route->computed && request_query(r, r->route->computed))
		offered &= ~(unsigned)FORMATS_UNCOMPUTED;
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (offered & ~without & formats[i].format) {
			mustache_cell *cells = mustache_list_add(list);
			cells[NAME].text = formats[i].name ? request_text(r, formats[i].name) : view_own(r, g_ascii_strup(formats[i].ending, -1));
			cells[HREF].text = view_own(r, g_strdup_printf("%s%.*s.%s%s", r->root, (int)(query - path), path, formats[i].ending, query));
		}
	return list;
}

void layout_add(const request *r, json_t *view)
{
	const language *l = r->language;
	g_autofree char *rest = r->address.parameters ? rest_of(r) : g_strdup("/");
	const char *title = json_string_value(json_object_get(view, "title")), *active = json_string_value(json_object_get(view, "active"));
	const char *query = strchrnul(rest, '?');
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	if (!title)
		g_warning("%s: the view has no title", r->target);
	json_object_set_new(view, "root", json_string(r->root));
	json_object_set_new(view, "site", json_string(r->site->settings->name));
	json_object_set_new(view, "path", json_string(request_path(r)));
	json_object_set_new(view, "home", json_boolean(strcmp(request_path(r), "/") == 0));
	json_object_set_new(view, "address", json_sprintf("%s%s%.*s", r->site_address ? r->site_address : "", r->root, (int)(query - rest), rest));
	json_object_set_new(view, "year", json_integer(g_date_time_get_year(now)));
	json_object_set_new(view, "language", json_pack("{s:s,s:s,s:s}", "tag", language_tag(l), "name", language_name(l), "dir", language_is_rtl(l) ? "rtl" : "ltr"));
	json_object_set_new(view, "languages", mustache_list_json(list_languages(r, rest)));
	add_navigation(view, r, active);
	mustache_list *offered = list_formats(r, (unsigned)json_integer_value(json_object_get(view, "without")));
	json_object_set_new(view, "formats", mustache_list_json(offered));
	json_object_set_new(view, "formats_shown", json_boolean(mustache_list_size(offered)));
	json_object_set_new(view, "feeds", mustache_list_json(list_feeds(r)));
	g_autofree char *embed = r->route && !json_object_get(view, "problem") ? embed_address(r) : NULL;
	if (embed) {
		view_take(view, "embed", view_address(r, embed));
		json_object_set_new(view, "picture_of_link", json_sprintf("%s%s%s/card.png", r->site_address, r->root, embed));
	} else {
		json_object_set_new(view, "embed", json_null());
	}
	if (r->route && !json_object_get(view, "problem"))
		view_take(view, "linked", linked_page(r, view));
	if (r->as_of) {
		g_autofree char *label = language_date(l, r->as_of), *href = request_link_with(r, "as-of", NULL);
		json_object_set_new(view, "as_of", json_pack("{s:s,s:s,s:s}", "date", r->as_of, "label", label, "href", href));
	}
}
