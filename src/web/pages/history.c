/* What happened to a record: its public revisions, what each changed in words, and the proof that it is in the log. */
#include "record/diff.h"
#include "web/pages/redrawn.h"
#include "web/pages/sheet.h"

#define CHANGES_SHOWN 12
#define VALUE_LENGTH 160

/* Groups and boundaries have no text of their own. */
static char *value_of(const request *r, const change *c, const json_t *value)
{
	g_autofree char *text = value ? view_value(r, c->field, value) : NULL;
	if (text)
		return view_shorten(text, VALUE_LENGTH);
	return g_strdup(value ? request_text(r, c->field->type == FIELD_GEOMETRY ? N_("a boundary") : N_("an entry")) : request_text(r, N_("nothing")));
}

/* positions: of boundaries that can still be measured; NULL: they are only named. */
static json_t *changes_of(const request *r, const record *before, const record *after, guint *positions, gsize *hidden)
{
	g_autoptr(GPtrArray) changes = body_diff(after->kind, before->body, after->body);
	json_t *list = json_array();
	for (guint i = 0; i < changes->len; i++) {
		const change *c = g_ptr_array_index(changes, i);
		if (i >= CHANGES_SHOWN && c->field->type != FIELD_GEOMETRY)
			continue;
		json_t *one = json_object();
		view_put(one, "label", c->label);
		view_take(one, "before", value_of(r, c, c->before));
		view_take(one, "after", value_of(r, c, c->after));
		view_put(one, "redrawn", NULL);
		if (positions)
			redrawn_put(one, r, c->field, before, after, positions);
		json_array_append_new(list, one);
	}
	*hidden = changes->len - json_array_size(list);
	return list;
}

json_t *history_changes(const request *r, const record *before, const record *after, guint positions, gsize *hidden)
{
	return changes_of(r, before, after, positions ? &positions : NULL, hidden);
}

static void add_changes(json_t *item, const request *r, const record *before, const record *after, guint *positions)
{
	gsize hidden;
	json_object_set_new(item, "changes", changes_of(r, before, after, positions, &hidden));
	if (hidden)
		view_take(item, "more", view_count(request_language(r), request_text(r, N_("and {n} more change")), request_text(r, N_("and {n} more changes")), hidden));
}

static json_t *revision_view(const request *r, const record *revision, const record *before, guint *positions)
{
	const language *l = request_language(r);
	g_autofree char *day = g_strndup(revision->time, 10), *date = language_date(l, day), *number = g_strdup_printf("%u", revision->revision);
	json_t *item = json_object();
	view_take(item, "label", view_message(language_text(l, "Revision {n}, {date}"), "n", number, "date", date, NULL));
	view_put(item, "text", revision->reason ? revision->reason : revision->state == RECORD_WITHDRAWN ? language_text(l, "withdrawn")
		: before ? language_text(l, "changed") : language_text(l, "first published"));
	view_put(item, "hash", revision->hash);
	view_put(item, "more", NULL);
	view_put(item, "code", NULL);
	view_take(item, "proof", g_strdup_printf("/log/proof/%s/%s/%s", revision->kind->name, revision->id, number));
	view_take(item, "check", g_strdup_printf("%s/log/verify?of=%s/%s/%s", request_root(r), revision->kind->name, revision->id, number));
	view_take(item, "certificate", g_strdup_printf("%s/log/certificate/%s/%s/%s", request_root(r), revision->kind->name, revision->id, number));
	view_take(item, "data", g_strdup_printf("/api/records/%s/%s/revisions/%s", revision->kind->name, revision->id, number));
	if (before)
		add_changes(item, r, before, revision, positions);
	return item;
}

GPtrArray *history_revisions(const request *r, const record *rec, GError **error)
{
	GPtrArray *revisions = store_revisions(request_reader(r), rec->kind->name, rec->id, error);
	for (guint i = revisions ? revisions->len : 0; i-- > 0;) {
		const record *revision = g_ptr_array_index(revisions, i);
		if ((revision->state != RECORD_PUBLISHED && revision->state != RECORD_WITHDRAWN) || revision->revision > rec->revision)
			g_ptr_array_remove_index(revisions, i);
	}
	return revisions;
}

json_t *history_view(const request *r, const record *rec, GError **error)
{
	g_autoptr(GPtrArray) revisions = history_revisions(r, rec, error);
	if (!revisions)
		return NULL;
	json_t *list = json_array();
	guint positions = REDRAWN_POSITIONS;
	for (guint i = revisions->len; i-- > 0;)
		json_array_append_new(list, revision_view(r, g_ptr_array_index(revisions, i), i ? g_ptr_array_index(revisions, i - 1) : NULL, &positions));
	if (revisions->len) { /* the newest: on paper it stands with its code */
		const record *last = g_ptr_array_index(revisions, revisions->len - 1);
		json_t *newest = json_array_get(list, 0);
		view_take(newest, "code", g_strdup_printf("/log/code/%s/%s/%u.svg", last->kind->name, last->id, last->revision));
		view_take(newest, "code_address", g_strdup_printf("%s/log/verify?of=%s/%s/%u", request_site_address(r), last->kind->name, last->id, last->revision));
	}
	return list;
}
