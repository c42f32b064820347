#include "web/feed.h"

#include <string.h>

#include "base/xml.h"
#include "web/exchange.h"
#include "web/pages/sheet.h"

/* A feed before it is written as one or the other. */
typedef struct feed {
	const request *r;
	char *title, *page; /* page: address of what is read at this feed's subject */
	const char *updated;
	GPtrArray *changes; /* store_changed */
	char *self, *first, *previous, *next;
} feed;

static void feed_clear(feed *f)
{
	g_free(f->title), g_free(f->page), g_free(f->self), g_free(f->first), g_free(f->previous), g_free(f->next);
	g_clear_pointer(&f->changes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(feed, feed_clear)

/* ---- an entry ---- */

/* The revision's hash as an address, in the form without slashes: feed readers that tidy addresses break the other. */
static char *entry_id(const record *rec)
{
	return g_strconcat("nih:sha-256;", rec->hash, NULL);
}

static char *absolute(const request *r, const char *path)
{
	return g_strconcat(request_site_address(r), path, NULL);
}

static char *entry_page(const request *r, const record *rec)
{
	return g_strdup_printf("%s%s/%s/%s", request_site_address(r), request_root(r), rec->kind->plural, rec->id);
}

static char *entry_data(const request *r, const record *rec)
{
	return g_strdup_printf("%s/api/records/%s/%s/revisions/%u", request_site_address(r), rec->kind->name, rec->id, rec->revision);
}

static char *entry_title(const request *r, const store_changed *c)
{
	const char *words = c->record->state == RECORD_WITHDRAWN ? N_("{title}: withdrawn") : c->before ? N_("{title}: changed") : N_("{title}: first published");
	return view_message(request_text(r, words), "title", record_title(c->record), NULL);
}

#define ENTRY_POSITIONS 4000 /* of boundaries that an entry measures; of larger ones it leads to the page */

/* What happened in words: the reason, or what a new record is about, and then a line for each change. */
static GPtrArray *entry_lines(const request *r, const store_changed *c)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	gsize hidden = 0, i;
	json_t *changes = c->before ? history_changes(r, c->before, c->record, ENTRY_POSITIONS, &hidden) : json_array(), *one;
	const char *reason = c->record->reason, *summary = record_summary(c->record);
	if (reason || (!c->before && *summary))
		g_ptr_array_add(lines, g_strdup(reason ? reason : summary));
	json_array_foreach(changes, i, one) {
		const char *redrawn = json_string_value(json_object_get(json_object_get(one, "redrawn"), "text"));
		g_autofree char *line = view_message(request_text(r, N_("{label}: {before} → {after}")), "label", json_string_value(json_object_get(one, "label")), "before",
			json_string_value(json_object_get(one, "before")), "after", json_string_value(json_object_get(one, "after")), NULL);
		g_ptr_array_add(lines, redrawn ? g_strdup_printf("%s. %s", line, redrawn) : g_steal_pointer(&line));
	}
	if (hidden)
		g_ptr_array_add(lines, view_count(request_language(r), request_text(r, N_("and {n} more change")), request_text(r, N_("and {n} more changes")), hidden));
	if (!lines->len)
		g_ptr_array_add(lines, g_strdup(request_text(r, c->record->state == RECORD_WITHDRAWN ? N_("No reason was given.") : N_("Published anew without a change of its content."))));
	json_decref(changes);
	return lines;
}

/* ---- Atom ---- */

static void atom_link(xml *x, const char *relation, const char *type, const char *href)
{
	if (!href)
		return;
	xml_begin(x, "link");
	xml_attribute(x, "rel", relation);
	xml_attribute(x, "type", type);
	xml_attribute(x, "href", href);
	xml_end(x);
}

static void atom_content(xml *x, const request *r, const store_changed *c)
{
	g_autoptr(GPtrArray) lines = entry_lines(r, c);
	xml_begin(x, "content");
	xml_attribute(x, "type", "xhtml");
	xml_begin(x, "div");
	xml_attribute(x, "xmlns", "http://www.w3.org/1999/xhtml");
	for (guint i = 0; i < lines->len; i++)
		xml_element(x, "p", lines->pdata[i]);
	xml_end(x);
	xml_end(x);
}

static void atom_entry(xml *x, const request *r, const store_changed *c)
{
	const record *rec = c->record;
	g_autofree char *id = entry_id(rec), *title = entry_title(r, c), *page = entry_page(r, rec), *data = entry_data(r, rec);
	xml_begin(x, "entry");
	xml_element(x, "id", id);
	xml_element(x, "title", title);
	xml_element(x, "published", rec->time);
	xml_element(x, "updated", rec->time);
	xml_begin(x, "author");
	xml_element(x, "name", rec->author);
	xml_end(x);
	xml_begin(x, "category");
	xml_attribute(x, "term", rec->kind->name);
	xml_attribute(x, "label", request_text(r, rec->kind->label));
	xml_end(x);
	atom_link(x, "alternate", "text/html", page);
	atom_link(x, "related", "application/json", data);
	atom_content(x, r, c);
	xml_end(x);
}

static char *atom_of(const feed *f)
{
	const request *r = f->r;
	xml *x = xml_new();
	xml_begin(x, "feed");
	xml_attribute(x, "xmlns", "http://www.w3.org/2005/Atom");
	xml_attribute(x, "xml:lang", language_tag(request_language(r)));
	xml_element(x, "id", f->first);
	xml_element(x, "title", f->title);
	xml_element(x, "updated", f->updated);
	xml_element(x, "generator", "aftermine");
	xml_element(x, "rights", "CC BY 4.0");
	atom_link(x, "self", "application/atom+xml", f->self);
	atom_link(x, "alternate", "text/html", f->page);
	atom_link(x, "first", "application/atom+xml", f->first);
	atom_link(x, "previous", "application/atom+xml", f->previous);
	atom_link(x, "next", "application/atom+xml", f->next);
	for (guint i = 0; i < f->changes->len; i++)
		atom_entry(x, r, f->changes->pdata[i]);
	return xml_finish(x);
}

/* ---- JSON Feed ---- */

static json_t *json_item(const request *r, const store_changed *c)
{
	const record *rec = c->record;
	g_autoptr(GPtrArray) lines = entry_lines(r, c);
	g_ptr_array_add(lines, NULL);
	json_t *item = json_object();
	view_take(item, "id", entry_id(rec));
	view_take(item, "url", entry_page(r, rec));
	view_take(item, "external_url", entry_data(r, rec));
	view_take(item, "title", entry_title(r, c));
	view_take(item, "content_text", g_strjoinv("\n", (char **)lines->pdata));
	view_put(item, "date_published", rec->time);
	json_object_set_new(item, "authors", json_pack("[{s:s}]", "name", rec->author));
	json_object_set_new(item, "tags", json_pack("[s]", rec->kind->name));
	json_object_set_new(item, "_aftermine", json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:I}", "about", "/data", "kind", rec->kind->name, "id", rec->id, "revision", (int)rec->revision,
		"state", record_state_names[rec->state], "hash", rec->hash, "log_entry", (json_int_t)c->number));
	return item;
}

static json_t *json_feed_of(const feed *f)
{
	json_t *items = json_array();
	for (guint i = 0; i < f->changes->len; i++)
		json_array_append_new(items, json_item(f->r, f->changes->pdata[i]));
	json_t *out = json_pack("{s:s, s:s, s:s, s:s, s:s}", "version", "https://jsonfeed.org/version/1.1", "title", f->title, "home_page_url", f->page, "feed_url", f->self,
		"language", language_tag(request_language(f->r)));
	if (f->next)
		json_object_set_new(out, "next_url", json_string(f->next));
	json_object_set_new(out, "items", items);
	return out;
}

/* ---- which changes ---- */

static char *page_link(const request *r, guint page)
{
	g_autofree char *number = g_strdup_printf("%u", page), *path = request_link_same(r, "page", page > 1 ? number : NULL);
	return absolute(r, path);
}

static void add_links(feed *f, guint page, guint per_page, guint total)
{
	f->self = page_link(f->r, page);
	f->first = page_link(f->r, 1);
	f->previous = page > 1 ? page_link(f->r, page - 1) : NULL;
	f->next = (guint64)page * per_page < total ? page_link(f->r, page + 1) : NULL;
}

static void answer(const feed *f, response *out)
{
	if (request_format(f->r) == FORMAT_JSON)
		response_json_as(out, "application/feed+json", json_feed_of(f));
	else
		response_text(out, "application/atom+xml; charset=utf-8", atom_of(f));
	response_worded(out);
	if (f->changes->len)
		response_modified(out, f->updated);
}

/* The newest comes first, and a feed of nothing never changed. */
static const char *newest_time(const GPtrArray *changes)
{
	const char *newest = "1970-01-01T00:00:00Z";
	for (guint i = 0; i < changes->len; i++) {
		const store_changed *c = changes->pdata[i];
		newest = strcmp(c->record->time, newest) > 0 ? c->record->time : newest;
	}
	return newest;
}

static void answer_found(const request *r, response *out, const kind *k)
{
	g_auto(query) q = { 0 };
	g_auto(feed) f = { .r = r };
	g_autoptr(GError) error = NULL;
	guint total;
	if (!query_parse(r, out, k, FEED_PAGE, FEED_MOST, &q))
		return;
	f.changes = store_changes(request_reader(r), &q.store, &(store_range){ 0 }, &total, &error);
	if (!f.changes) {
		response_error(out, r, error);
		return;
	}
	const char *site = r->site->settings->name;
	g_autofree char *link = k ? request_link_with(r, "page", NULL) : view_address(r, "/log");
	f.title = q.store.kind ? view_message(request_text(r, N_("{kind}: changes ({site})")), "kind", request_text(r, kind_by_name(q.store.kind)->label_plural), "site", site, NULL)
		: view_message(request_text(r, N_("All changes ({site})")), "site", site, NULL);
	f.page = absolute(r, link);
	f.updated = newest_time(f.changes);
	add_links(&f, q.page, q.per_page, total);
	answer(&f, out);
}

void feed_answer(const request *r, response *out)
{
	answer_found(r, out, NULL);
}

void feed_list(const request *r, response *out, const kind *k)
{
	answer_found(r, out, k);
}

static void changed_free(gpointer data)
{
	g_free(data); /* its records belong to the list of revisions */
}

/* Public revisions up to the request's day, newest first. */
static GPtrArray *changes_of_one(const request *r, const GPtrArray *revisions, GError **error)
{
	GPtrArray *changes = g_ptr_array_new_with_free_func(changed_free);
	const char *day = request_as_of(r);
	record *before = NULL;
	for (guint i = 0; i < revisions->len; i++) {
		record *rec = revisions->pdata[i];
		if ((rec->state != RECORD_PUBLISHED && rec->state != RECORD_WITHDRAWN) || (day && strncmp(rec->time, day, strlen(day)) > 0))
			continue;
		store_changed *c = g_new0(store_changed, 1);
		*c = (store_changed){ .record = rec, .before = before };
		g_ptr_array_insert(changes, 0, c);
		if (!store_log_number(request_reader(r), rec->kind->name, rec->id, rec->revision, &c->number, error) && *error)
			break;
		before = rec;
	}
	return changes;
}

void feed_one(const request *r, response *out, const kind *k, const char *id)
{
	g_auto(feed) f = { .r = r };
	g_auto(query) q = { 0 };
	g_autoptr(GError) error = NULL;
	if (!query_parse(r, out, k, FEED_PAGE, FEED_MOST, &q))
		return;
	g_autoptr(GPtrArray) revisions = store_revisions(request_reader(r), k->name, id, &error);
	f.changes = revisions ? changes_of_one(r, revisions, &error) : NULL;
	if (error) {
		response_error(out, r, error);
	} else if (!f.changes || !f.changes->len) {
		query_no_record(r, out);
	} else {
		const record *newest = ((const store_changed *)f.changes->pdata[0])->record;
		guint total = f.changes->len, skipped = MIN(q.store.offset, total);
		f.title = view_message(request_text(r, N_("{title}: changes ({site})")), "title", record_title(newest), "site", r->site->settings->name, NULL);
		f.page = entry_page(r, newest);
		f.updated = newest->time;
		add_links(&f, q.page, q.per_page, total);
		g_ptr_array_remove_range(f.changes, 0, skipped);
		g_ptr_array_set_size(f.changes, (gint)MIN(f.changes->len, q.per_page));
		answer(&f, out);
	}
}
