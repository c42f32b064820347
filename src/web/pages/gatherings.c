/* /forum, /coalition, /meetings, /editions: where people met, who keeps working together, and what was issued. */
#include <string.h>

#include "web/pages/families.h"
#include "web/pages/pledge.h"

static const char *const by_date[] = {"-date", N_("Newest first"), "date", N_("Oldest first"), NULL};
static const char *const forum_facets[] = {"country", NULL};

static void dated_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const list_row row = list_row_add(rows, r, hit, view_own(r, view_values(r, hit->record, "date")));
	list_row_fact(row, LIST_NO_FACT);
	if (!hit->summary || !*hit->summary)
		list_row_text(row, json_string_value(json_object_get(hit->record->body, "host_event")));
	list_row_tag(row, view_copy(r, json_string_value(json_object_get(hit->record->body, "city"))));
}

static const list_shape forum_shape = {
	.kind = "forum", .address = "/forum", .title = N_("Forum"), .sentence = N_("Events at which pledges are announced and the compilation is presented."),
	.placeholder = N_("Words in any event"), .one = N_("{n} event"), .many = N_("{n} events"), .empty = N_("There is no event yet."),
	.facets = forum_facets, .sorts = by_date, .row = dated_row,
};

void page_forums(const request *r, response *out)
{
	list_answer(r, out, &forum_shape, NULL);
}

static void add_conveners(json_t *view, const request *r, const record *rec)
{
	const language *l = request_language(r);
	const json_t *list = json_object_get(rec->body, "conveners"), *one;
	gsize i;
	if (!json_array_size(list))
		return;
	json_t *table = view_table(language_text(l, "Who convenes it"));
	view_table_column(table, language_text(l, "Convener"), FALSE);
	json_array_foreach(list, i, one) {
		const char *id = json_string_value(json_object_get(one, "organisation"));
		g_autofree char *href = id ? view_record_address(r, kind_by_name("organisation"), id) : NULL;
		view_table_row(table, &(view_cell){.text = json_string_value(json_object_get(one, "as_stated")), .href = href, .head = TRUE}, 1);
	}
	json_object_set_new(sheet_section(view, "conveners", language_text(l, "Conveners")), "table", table);
}

static void add_agenda(json_t *view, const request *r, const record *rec)
{
	const language *l = request_language(r);
	const json_t *list = json_object_get(rec->body, "agenda"), *one;
	gsize i;
	if (!json_array_size(list))
		return;
	json_t *items = json_array();
	json_array_foreach(list, i, one) {
		const char *starts = json_string_value(json_object_get(one, "starts"));
		json_array_append_new(items, json_pack("{s:s, s:s?, s:s?, s:n, s:b}", "date", starts ? starts : "", "sentence",
			json_string_value(json_object_get(one, "title")), "more", json_string_value(json_object_get(one, "text")), "to", "ahead", 0));
	}
	json_object_set_new(sheet_section(view, "agenda", language_text(l, "Agenda")), "events", json_pack("{s:o}", "items", items));
}

static void add_announcements(json_t *view, const request *r, const record *rec)
{
	const language *l = request_language(r);
	const json_t *list = json_object_get(rec->body, "announcements"), *one;
	gsize i;
	json_t *section = sheet_section(view, "announcements", language_text(l, "Announcements")), *items = json_array();
	json_array_foreach(list, i, one) {
		const char *date = json_string_value(json_object_get(one, "date")), *pledge = json_string_value(json_object_get(one, "pledge"));
		json_t *item = json_pack("{s:s?, s:n, s:b}", "sentence", json_string_value(json_object_get(one, "text")), "more", "ahead", 0);
		view_take(item, "date", date ? language_date(l, date) : g_strdup(""));
		view_take(item, "to", pledge ? view_record_address(r, kind_by_name("pledge"), pledge) : NULL);
		json_array_append_new(items, item);
	}
	if (json_array_size(items))
		json_object_set_new(section, "events", json_pack("{s:o}", "items", items));
	else {
		json_decref(items);
		view_put(section, "note", language_text(l, "Nothing announced there has been entered yet."));
	}
}

void page_forum(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"host_event", "date", "starts", "ends", "time_zone", "venue", "city", "country", "dialogue_minutes", NULL};
	static const char *const lists[] = {"objectives", "programme_elements", "expected_outcomes", "participants"};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "forum");
	if (!rec)
		return;
	json_t *view = sheet_new(r, rec, "/forum", language_text(l, "Forum"), facts, &error);
	if (!view) {
		response_error(out, r, error);
		return;
	}
	const char *const values[] = {rec->id, NULL};
	store_filter announced = {.path = "forum", .values = values};
	const store_query pledges = {.kind = "pledge", .filters = &announced, .n_filters = 1, .sort = "title", .limit = 50};
	view_take(view, "kicker", view_values(r, rec, "date"));
	view_put(view, "standfirst", json_string_value(json_object_get(rec->body, "host_event")));
	sheet_prose(view, r, rec, "summary");
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
		sheet_prose(view, r, rec, lists[i]);
	add_agenda(view, r, rec);
	add_conveners(view, r, rec);
	add_announcements(view, r, rec);
	if (sheet_briefs(view, r, "pledges", language_text(l, "Pledges announced there"), &pledges, "organisations", NULL, &error))
		response_page(out, r, 200, "sheet", view);
	else {
		json_decref(view);
		response_error(out, r, error);
	}
}

/* ---- the coalition ---- */

typedef struct member_list {
	const request *r;
	json_t *items;
} member_list;

static gboolean add_member(const record *rec, gpointer data)
{
	member_list *m = data;
	const char *until = json_string_value(json_object_get(json_object_get(rec->body, "membership"), "until"));
	if (json_object_get(rec->body, "membership") && !until)
		json_array_append_new(m->items, brief_new(m->r, rec->kind, rec->id, record_title(rec), view_values(m->r, rec, "membership.role")));
	return TRUE;
}

static gboolean add_members(json_t *view, const request *r, GError **error)
{
	const language *l = request_language(r);
	member_list m = {.r = r, .items = json_array()};
	store_query q = {.kind = "organisation", .sort = "title", .as_of = request_as_of(r), .bodies = TRUE};
	gboolean done = store_each(request_reader(r), &q, add_member, &m, error);
	json_t *section = sheet_section(view, "members", language_text(l, "Members"));
	if (json_array_size(m.items))
		json_object_set_new(section, "briefs", json_pack("{s:o}", "items", m.items));
	else {
		json_decref(m.items);
		view_put(section, "note", language_text(l, "No membership has been entered yet."));
	}
	return done;
}

/* Who is late: pledges overdue, those silent counted. */
static gboolean add_late(json_t *view, const request *r, GError **error)
{
	const language *l = request_language(r);
	g_autoptr(board) b = pledge_board(r, error);
	if (!b)
		return FALSE;
	gsize n;
	const board_pledge *pledges = board_pledges(b, &n);
	json_t *items = json_array(), *section = sheet_section(view, "late", language_text(l, "Who is late"));
	guint silent = board_world(b)->states[PLEDGE_SILENT];
	for (gsize i = 0; i < n; i++)
		if (pledges[i].judgement.rule->state == PLEDGE_OVERDUE || pledges[i].judgement.rule->state == PLEDGE_CONTRADICTED)
			json_array_append_new(items, brief_new(r, kind_by_name("pledge"), pledges[i].id, pledges[i].title, pledge_verdict(r, &pledges[i].judgement)));
	g_autofree char *count = language_number(l, silent, 0);
	view_take(section, "note", view_message(language_text(l, "Pledges of any company, member or not, whose deadline has passed. {n} more are silent: nothing was reported for 15 months."),
		"n", count, NULL));
	json_object_set_new(section, "briefs", json_pack("{s:o}", "items", items));
	view_explains(section, r, json_array_size(items) ? EXPLAINS(FIGURE_STATUS) : 0);
	json_t *more = json_object();
	view_take(more, "href", view_address(r, "/pledges?status=silent"));
	view_put(more, "label", language_text(l, "The silent ones"));
	json_object_set_new(section, "more", more);
	return TRUE;
}

void page_coalition(const request *r, response *out)
{
	const language *l = request_language(r);
	g_autoptr(GError) error = NULL;
	json_t *view = json_object();
	g_autofree char *home = view_address(r, "/");
	view_put(view, "title", language_text(l, "Coalition"));
	view_put(view, "description", language_text(l, "Companies that keep working together on land restoration after the forum, and are held to account."));
	view_put(view, "active", "/coalition");
	view_put(view, "body", "coalition");
	view_put(view, "kicker", NULL);
	view_put(view, "standfirst", language_text(l, "A working group led by chief executives, within the Business4Land Champions Council, that tracks its pledges and is held to account after the forum."));
	json_object_set_new(view, "breadcrumbs", view_breadcrumbs(language_text(l, "Home"), home, language_text(l, "Coalition"), NULL));
	json_object_set_new(view, "sections", json_array());
	json_object_set_new(view, "facts_shown", json_false());
	json_object_set_new(view, "sources_shown", json_false());
	json_object_set_new(view, "history_shown", json_false());
	json_object_set_new(view, "status", json_null());
	json_object_set_new(view, "notice", json_null());
	json_object_set_new(view, "side_map", json_null());
	const store_query meetings = {.kind = "meeting", .sort = "-date", .limit = 20}, forums = {.kind = "forum", .sort = "-date", .limit = 5};
	if (add_members(view, r, &error) && add_late(view, r, &error)
	    && sheet_briefs(view, r, "meetings", language_text(l, "Meetings"), &meetings, "date", NULL, &error)
	    && sheet_briefs(view, r, "forums", language_text(l, "Forum"), &forums, "date", NULL, &error)) {
		response_page(out, r, 200, "sheet", view);
		return;
	}
	json_decref(view);
	response_error(out, r, error);
}

static json_t *actions_table(const request *r, const record *rec)
{
	const language *l = request_language(r);
	const json_t *action;
	gsize i;
	json_t *table = view_table(language_text(l, "Who does what by when"));
	static const char *const columns[] = {N_("Action"), N_("Owner"), N_("Due"), N_("State")};
	for (gsize c = 0; c < G_N_ELEMENTS(columns); c++)
		view_table_column(table, language_text(l, columns[c]), FALSE);
	json_array_foreach(json_object_get(rec->body, "actions"), i, action) {
		g_autofree char *owner = view_value(r, kind_field(rec->kind, "actions.owner"), json_object_get(action, "owner"));
		g_autofree char *due = view_value(r, kind_field(rec->kind, "actions.due"), json_object_get(action, "due"));
		g_autofree char *state = view_value(r, kind_field(rec->kind, "actions.state"), json_object_get(action, "state"));
		const view_cell cells[] = {{.text = json_string_value(json_object_get(action, "what")), .head = TRUE}, {.text = owner}, {.text = due}, {.text = state}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	return table;
}

void page_meeting(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"kind", "date", "place", "forum", "organisations", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "meeting");
	json_t *view = rec ? sheet_new(r, rec, "/coalition", language_text(l, "Coalition"), facts, &error) : NULL;
	if (!view) {
		if (rec)
			response_error(out, r, error);
		return;
	}
	sheet_prose(view, r, rec, "summary");
	add_agenda(view, r, rec);
	g_autoptr(GPtrArray) decisions = body_values(rec->body, "decisions.text");
	if (decisions->len) {
		json_t *items = json_array();
		for (guint i = 0; i < decisions->len; i++)
			json_array_append_new(items, json_pack("{s:o}", "pieces", view_pieces(json_string_value(g_ptr_array_index(decisions, i)))));
		json_object_set_new(sheet_section(view, "decisions", language_text(l, "Decisions")), "bullets", json_pack("{s:o}", "items", items));
	}
	if (json_array_size(json_object_get(rec->body, "actions")))
		json_object_set_new(sheet_section(view, "actions", language_text(l, "Actions")), "table", actions_table(r, rec));
	response_page(out, r, 200, "sheet", view);
}

/* ---- editions ---- */

static const char *const by_issue[] = {"-issued", N_("Newest first"), NULL};

static void edition_row(mustache_list *rows, const request *r, const store_hit *hit)
{
	const list_row row = list_row_add(rows, r, hit, view_own(r, view_values(r, hit->record, "issued")));
	list_row_fact(row, LIST_NO_FACT);
}

static const list_shape edition_shape = {
	.kind = "edition", .address = "/editions", .title = N_("Editions"), .sentence = N_("Frozen issues of the compilation, each with its files and checksums."),
	.placeholder = N_("Words in any edition"), .one = N_("{n} edition"), .many = N_("{n} editions"),
	.empty = N_("No edition has been issued yet. The compilation can be read and downloaded as it stands."), .sorts = by_issue, .row = edition_row,
};

void page_editions(const request *r, response *out)
{
	list_answer(r, out, &edition_shape, NULL);
}

void page_edition(const request *r, response *out)
{
	const language *l = request_language(r);
	static const char *const facts[] = {"number", "issued", "editors", "doi", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = sheet_find(r, out, "edition");
	json_t *view = rec ? sheet_new(r, rec, "/editions", language_text(l, "Editions"), facts, &error) : NULL;
	if (!view) {
		if (rec)
			response_error(out, r, error);
		return;
	}
	const json_t *file;
	gsize i;
	sheet_prose(view, r, rec, "summary");
	json_t *table = view_table(language_text(l, "Files of the edition and their SHA-256"));
	view_table_column(table, language_text(l, "File"), FALSE);
	view_table_column(table, language_text(l, "Checksum"), FALSE);
	json_array_foreach(json_object_get(rec->body, "files"), i, file) {
		const view_cell cells[] = {{.text = json_string_value(json_object_get(file, "name")), .head = TRUE}, {.text = json_string_value(json_object_get(file, "sha256"))}};
		view_table_row(table, cells, G_N_ELEMENTS(cells));
	}
	json_object_set_new(sheet_section(view, "files", language_text(l, "Files")), "table", table);
	response_page(out, r, 200, "sheet", view);
}
