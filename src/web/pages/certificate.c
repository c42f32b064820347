/* /log/certificate: a revision on one sheet of paper, with its place in the log and a code that leads to the check. */
#include <string.h>

#include "record/message.h"
#include "record/value.h"
#include "web/about.h"
#include "web/notary.h"
#include "web/pages/pages.h"
#include "web/view.h"

#define FACTS_SHOWN 8
#define SUMMARY_LENGTH 1400

/* What a record says in a few words: its simple fields, in the order of the declaration. */
static json_t *facts_of(const request *r, const record *rec)
{
	const char *paths[FACTS_SHOWN + 1] = { NULL };
	gsize n = 0;
	for (const field *f = rec->kind->fields; f->name && n < FACTS_SHOWN; f++) {
		gboolean told = g_strcmp0(f->name, rec->kind->title) == 0 || g_strcmp0(f->name, rec->kind->summary) == 0;
		if (!told && f->type != FIELD_TEXT && f->type != FIELD_GROUP && f->type != FIELD_GEOMETRY && json_object_get(rec->body, f->name))
			paths[n++] = f->name;
	}
	return view_facts(r, rec, paths);
}

/* The notice that another revision took its place, or that the record was withdrawn; null: it stands. */
static void add_standing(const request *r, json_t *view, const record *rec, const record *newest)
{
	const language *l = request_language(r);
	g_autofree char *day = g_strndup(newest->time, 10), *date = language_date(l, day), *number = g_strdup_printf("%u", newest->revision);
	gboolean withdrawn = newest->state == RECORD_WITHDRAWN, later = newest->revision > rec->revision;
	const char *says = withdrawn ? language_text(l, "The record was withdrawn on {date}.") : language_text(l, "It was changed since: revision {n} of {date} is in force.");
	view_take(view, "standing", withdrawn || later ? view_message(says, "date", date, "n", number, NULL) : NULL);
}

static gboolean add_log(const request *r, json_t *view, guint64 number, GError **error)
{
	const language *l = request_language(r);
	guint64 size = 0;
	if (!about_key(r) || !store_log_size(request_reader(r), &size, error))
		return !error || !*error;
	g_autofree char *signed_text = notary_checkpoint(about_records(r), request_reader(r), about_key(r), &size, error), *key = note_key_public(about_key(r));
	g_autofree char *entry = language_number(l, (double)number, 0), *entries = language_number(l, (double)size, 0);
	if (!signed_text)
		return FALSE;
	view_take(view, "entry", view_message(language_text(l, "{n} of {m}, counted from 0"), "n", entry, "m", entries, NULL));
	view_put(view, "origin", note_key_name(about_key(r)));
	view_put(view, "checkpoint", signed_text);
	view_put(view, "key", key);
	return TRUE;
}

static void add_record(const request *r, json_t *view, const record *rec)
{
	const language *l = request_language(r);
	g_autofree char *of = g_strdup_printf("%s/%s/%u", rec->kind->name, rec->id, rec->revision), *day = g_strndup(rec->time, 10), *date = language_date(l, day);
	g_autofree char *summary = view_shorten(record_summary(rec), SUMMARY_LENGTH), *page = view_record_address(r, rec->kind, rec->id);
	view_put(view, "kind", language_text(l, rec->kind->label));
	view_put(view, "heading", record_title(rec));
	json_object_set_new(view, "prose", *summary ? view_prose(summary) : json_null());
	json_object_set_new(view, "facts", facts_of(r, rec));
	view_take(view, "author", view_record_title(r, "organisation", rec->author));
	view_take(view, "revision", language_number(l, rec->revision, 0));
	view_take(view, "published", view_message(language_text(l, "{date}, {time} UTC"), "date", date, "time", (char[]){ rec->time[11], rec->time[12], ':', rec->time[14], rec->time[15], '\0' }, NULL));
	view_put(view, "reason", rec->reason);
	view_put(view, "hash", rec->hash);
	view_put(view, "href", page);
	view_put(view, "sources_at", page); /* the sheet does not list them */
	view_take(view, "code", g_strdup_printf("/log/code/%s.svg", of));
	view_take(view, "code_address", g_strdup_printf("%s/log/verify?of=%s", request_site_address(r), of));
	view_take(view, "check", g_strdup_printf("%s/log/verify?of=%s", request_root(r), of));
	view_take(view, "proof", g_strdup_printf("/log/proof/%s", of));
}

static void answer(const request *r, response *out, const record *rec, const record *newest, guint64 number)
{
	g_autoptr(GError) error = NULL;
	json_t *view = json_object();
	if (!add_log(r, view, number, &error)) {
		json_decref(view);
		response_error(out, r, error);
		return;
	}
	add_record(r, view, rec);
	add_standing(r, view, rec, newest);
	view_put(view, "title", request_text(r, N_("Certificate of publication")));
	view_put(view, "body", "certificate");
	view_put(view, "active", "/data");
	response_page(out, r, 200, "certificate", view);
}

void page_certificate(const request *r, response *out)
{
	const char *kind_name = request_part(r, "kind"), *id = request_part(r, "id");
	guint64 revision, number;
	g_autoptr(GError) error = NULL;
	g_autoptr(record) rec = NULL, newest = NULL;
	if (g_ascii_string_to_unsigned(request_part(r, "n"), 10, 1, G_MAXINT, &revision, NULL) && store_log_number(request_reader(r), kind_name, id, (guint)revision, &number, &error)) {
		rec = store_revision(request_reader(r), kind_name, id, (guint)revision, &error);
		newest = rec ? store_get(request_reader(r), kind_name, id, NULL, &error) : NULL;
	}
	if (error)
		response_error(out, r, error);
	else if (newest)
		answer(r, out, rec, newest, number);
	else
		response_problem(out, r, 404, request_text(r, N_("The log has no such part")), request_text(r, N_("Drafts are not in the log; a published revision is named like case/giant-mine/1.")));
}
